"""Who hears of a promise and when: the ladder, acknowledging, catching up, quiet hours (ESC-1..3, ESC-17)."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from rules.clocks import Clock, Promise, promise, promised_at
from rules.escalation import Watch, acknowledge, climb, ladder, next_moment, quiet_until, rest_of
from rules.policies import Base, Limit
from tests.cast import NINE_TO_FIVE, TAIPEI, WANG, at, policy_of

POLICY = policy_of("appliance")


def arrival() -> Promise:
    """Story 1: due on Monday at 14:00."""
    return promise(Clock.ARRIVAL, Limit(timedelta(hours=6), Base.WORKING, "SLA-4"), at("週五 16:00"), NINE_TO_FIVE)


def steps(clock: Clock, due: str, since: str) -> list[tuple[str, tuple[str, ...]]]:
    """The ladder as Taipei weekday and time, with who hears of it."""
    rungs = ladder(Watch(promised_at(clock, at(due), at(since), "SLA-34")), POLICY)
    return [(words(rung.at), rung.audience) for rung in rungs]


def words(moment: datetime) -> str:
    local = moment.astimezone(ZoneInfo(TAIPEI))
    return f"{'一二三四五六日'[local.weekday()]} {local:%H:%M}"


def test_an_arrival_climbs_from_the_technician_to_headquarters():
    rungs = ladder(Watch(arrival()), POLICY)

    assert [(rung.at, rung.audience, rung.is_breach) for rung in rungs] == [
        (at("下週一 11:00"), ("technician",), False),
        (at("下週一 12:48"), ("technician", "supervisor"), False),
        (at("下週一 14:00"), ("technician", "supervisor", "manager"), True),
        (at("下週一 14:30"), ("supervisor", "manager"), True),
        (at("下週一 15:00"), ("manager", "service_dept"), True),
        (at("下週一 15:30"), ("service_dept", "administrator"), True),
        (at("下週一 17:00"), ("service_dept",), True),
    ]


def test_an_order_that_nobody_accepts_reminds_the_technician_and_then_the_supervisor():
    assert steps(Clock.ACCEPTANCE, "週五 16:15", "週五 16:00")[:3] == [
        ("五 16:15", ("technician",)),
        ("五 16:30", ("technician", "supervisor")),
        ("五 16:45", ("supervisor", "manager")),
    ]


def test_a_decision_that_does_not_come_goes_to_the_manager_after_half_an_hour():
    assert steps(Clock.DECISION, "週三 10:30", "週三 10:00") == [
        ("三 10:30", ("supervisor", "manager")),
        ("三 11:00", ("manager", "service_dept")),
        ("三 11:30", ("service_dept", "administrator")),
    ]


def test_what_was_carried_over_is_put_before_the_supervisor_in_the_morning():
    assert steps(Clock.DISPATCH, "週四 09:00", "週三 17:00") == [
        ("四 09:00", ("supervisor",)),
        ("四 09:30", ("supervisor", "manager")),
    ]


@pytest.mark.parametrize("clock", [Clock.REPLY, Clock.WRITTEN_CONTACT, Clock.TELL_RESULT, Clock.ANSWER])
def test_an_answer_that_is_owed_is_the_clerk_s_to_give(clock: Clock):
    assert [who for _, who in steps(clock, "週三 08:10", "週二 20:10")][:3] == [
        ("clerk",),
        ("clerk", "supervisor"),
        ("clerk", "supervisor", "manager"),
    ]


def test_nothing_is_told_before_it_is_due():
    watch = Watch(arrival())

    assert next_moment(watch, POLICY) == at("下週一 11:00")
    assert climb(watch, POLICY, now=at("下週一 10:59:59")) is None


def test_each_rung_is_told_once():
    first = climb(Watch(arrival()), POLICY, now=at("下週一 11:00"))

    assert first is not None
    assert (first.number, first.skipped, first.rung.percent) == (0, (), 50)
    assert climb(first.watch, POLICY, now=at("下週一 11:00")) is None
    assert next_moment(first.watch, POLICY) == at("下週一 12:48")


def test_after_a_gap_only_the_highest_rung_is_told_and_the_others_are_named_as_skipped():
    found = climb(Watch(arrival()), POLICY, now=at("下週一 14:31"))

    assert found is not None
    assert (found.number, found.skipped) == (3, (0, 1, 2))
    assert found.rung.audience == ("supervisor", "manager")
    assert (found.watch.rung, found.watch.breach_at, found.watch.last_at) == (4, at("下週一 14:31"), at("下週一 14:31"))


def test_the_breach_is_dated_once():
    breached = climb(Watch(arrival()), POLICY, now=at("下週一 14:00"))
    assert breached is not None

    again = climb(breached.watch, POLICY, now=at("下週一 14:30"))

    assert again is not None
    assert again.watch.breach_at == at("下週一 14:00")


def test_acknowledging_quietens_everybody_for_an_hour_and_then_it_asks_again():
    breached = climb(Watch(arrival()), POLICY, now=at("下週一 14:00"))
    assert breached is not None

    taken = acknowledge(breached.watch, by=WANG.id, now=at("下週一 14:10"), policy=POLICY)

    assert climb(taken, POLICY, now=at("下週一 15:09")) is None
    assert next_moment(taken, POLICY) == at("下週一 15:10")
    again = climb(taken, POLICY, now=at("下週一 15:10"))
    assert again is not None
    assert (again.number, again.skipped) == (4, (3,))
    assert (again.watch.acknowledged_by, again.watch.snoozed_until) == (None, None)


def test_the_ladder_has_an_end():
    done = climb(Watch(arrival()), POLICY, now=at("下下週一 09:00"))

    assert done is not None
    assert next_moment(done.watch, POLICY) is None
    assert climb(done.watch, POLICY, now=at("下下週一 17:00")) is None


def test_rungs_are_in_order_whatever_the_policy_says():
    slow = replace(POLICY, escalation=replace(POLICY.escalation, ack_minutes=600, repeats=5))

    moments = [rung.at for rung in ladder(Watch(arrival()), slow)]

    assert moments == sorted(moments)
    assert len(moments) == 3 + 5 + 1


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("週一 20:59", "週一 20:59"),
        ("週一 21:00", "週二 07:30"),
        ("週一 23:40", "週二 07:30"),
        ("週二 00:00", "週二 07:30"),
        ("週二 07:29", "週二 07:30"),
        ("週二 07:30", "週二 07:30"),
    ],
)
def test_what_can_wait_wakes_nobody(moment: str, goes: str):
    assert quiet_until(at(moment), POLICY, TAIPEI, is_urgent=False) == at(goes)


def test_what_is_urgent_goes_at_once_in_the_middle_of_the_night():
    assert quiet_until(at("週一 23:40"), POLICY, TAIPEI, is_urgent=True) == at("週一 23:40")


def test_quiet_hours_within_a_day_end_on_that_day():
    nap = replace(POLICY, escalation=replace(POLICY.escalation, quiet="12:00-13:30"))

    assert quiet_until(at("週一 12:10"), nap, TAIPEI, is_urgent=False) == at("週一 13:30")
    assert quiet_until(at("週一 14:00"), nap, TAIPEI, is_urgent=False) == at("週一 14:00")


def test_promises_are_found_by_clock():
    assert rest_of({"arrival": Watch(arrival())}) == {"arrival": arrival()}
