"""The roster: who is on duty, who hears of something, which plans can't stand (STF-2, STF-4, STF-5, ESC-17)."""

from datetime import date, time, timedelta

import pytest

from rules.people import Role
from rules.roster import Duty, by_turns, hearers, on_duty, require_sound, turn_of, without_rest
from tests.cast import BRANCH, LI, TAIPEI, WANG, ZHAO, at
from tests.rules.job import refused

FRIDAY = date(2026, 11, 27)


def duty(person: int, start: str, end: str) -> Duty:
    return Duty(person, Role.TECHNICIAN, BRANCH, at(start), at(end))


NIGHTS = (duty(WANG.id, "週五 18:00", "週六 08:00"), duty(ZHAO.id, "週六 18:00", "週日 08:00"))


def test_whoever_is_on_duty_hears_of_it():
    assert on_duty(NIGHTS, at("週五 18:00")) == (WANG.id,)
    assert on_duty(NIGHTS, at("週六 08:00")) == ()
    assert hearers((WANG.id, ZHAO.id), NIGHTS, (), at("週六 23:40")) == (ZHAO.id,)


def test_where_the_roster_says_nothing_everybody_hears_but_those_who_are_away():
    assert hearers((WANG.id, ZHAO.id), NIGHTS, (), at("週五 12:00")) == (WANG.id, ZHAO.id)
    assert hearers((WANG.id, ZHAO.id), NIGHTS, {ZHAO.id}, at("週五 12:00")) == (WANG.id,)


def test_somebody_hears_even_when_all_are_away_or_the_one_on_duty_is():
    assert hearers((WANG.id, ZHAO.id), NIGHTS, {WANG.id}, at("週五 20:00")) == (ZHAO.id,)
    assert hearers((WANG.id,), NIGHTS, {WANG.id}, at("週五 20:00")) == (WANG.id,)


def test_a_turn_of_another_post_makes_nobody_a_holder_of_this_one():
    assert hearers((LI.id,), NIGHTS, (), at("週五 20:00")) == (LI.id,)


@pytest.mark.parametrize(
    ("start", "end", "code", "rule"),
    [
        ("週五 18:00", "週五 18:00", "duty-backwards", "STF-5"),
        ("週五 18:00", "週六 18:01", "duty-too-long", "STF-5"),
        ("週四 18:00", "週四 23:00", "duty-over", "STF-4"),
        ("週六 07:59", "週六 12:00", "duty-overlaps", "STF-5"),
    ],
)
def test_a_turn_that_can_not_be_is_refused(start: str, end: str, code: str, rule: str):
    with refused(code, rule):
        require_sound([duty(WANG.id, start, end)], NIGHTS, now=at("週五 09:00"))


def test_two_people_may_have_duty_at_once_and_turns_may_touch():
    require_sound([duty(ZHAO.id, "週五 18:00", "週六 08:00")], NIGHTS, now=at("週五 09:00"))
    require_sound([duty(WANG.id, "週六 08:00", "週六 18:00")], NIGHTS, now=at("週五 09:00"))


def test_a_turn_may_end_on_the_next_day():
    night = turn_of(WANG.id, Role.TECHNICIAN, BRANCH, FRIDAY, time(18), time(8), TAIPEI)

    assert (night.start, night.end) == (at("週五 18:00"), at("週六 08:00"))


def test_turns_change_weekly():
    plan = by_turns(
        (WANG.id, ZHAO.id), Role.TECHNICIAN, BRANCH, first=FRIDAY, weeks=3, start=time(18), end=time(8), zone=TAIPEI
    )

    assert [one.person for one in plan] == [WANG.id] * 7 + [ZHAO.id] * 7 + [WANG.id] * 7
    assert plan[7].start == at("下週五 18:00")


def test_seven_days_in_a_row_are_one_too_many():
    days = [turn_of(WANG.id, Role.TECHNICIAN, BRANCH, FRIDAY + timedelta(days=n), time(9), time(17), TAIPEI) for n in range(7)]

    assert without_rest(days[:6], TAIPEI) == {}
    assert without_rest(days, TAIPEI) == {WANG.id: FRIDAY + timedelta(days=6)}
