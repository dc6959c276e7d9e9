"""Working time: what was worked, overtime, and whether a day has room (STF-1..3, X-9)."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendars import WorkingCalendar, parse_week
from rules.hours import Punch, Workload, joined, on_day, overtime_on, presence, require_time, without, worked, workload
from tests.cast import TAIPEI, WANG, at, policy_of
from tests.rules.job import refused

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
APPLIANCE = policy_of("appliance")
SIX_DAYS = WorkingCalendar(TAIPEI, parse_week("Mon-Sat 08:30-12:00 13:00-17:30"))
MOST = 12 * HOUR


def punches(*times: str) -> list[Punch]:
    return [Punch(at(one), n % 2 == 0) for n, one in enumerate(times)]


def day_of(*times: str, jobs: tuple[tuple[str, str], ...] = (), now: str = "週日 12:00") -> timedelta:
    there = presence(punches(*times), now=at(now), most=MOST)
    return on_day(worked(there, [(at(a), at(b)) for a, b in jobs], SIX_DAYS), date(2026, 11, 27), TAIPEI)


def test_the_break_at_noon_is_not_worked():
    assert day_of("週五 08:30", "週五 17:30") == 8 * HOUR


def test_a_job_in_the_break_is_work_and_counts_once():
    assert day_of("週五 08:30", "週五 17:30", jobs=(("週五 11:30", "週五 12:30"),)) == 8.5 * HOUR


def test_a_job_counts_where_nobody_signed_in():
    assert day_of(jobs=(("週五 21:00", "週五 23:30"),)) == 2.5 * HOUR


def test_a_night_is_divided_at_midnight():
    there = presence(punches("週五 22:00", "週六 06:00"), now=at("週日 12:00"), most=MOST)

    done = worked(there, (), SIX_DAYS)

    assert [on_day(done, date(2026, 11, day), TAIPEI) for day in (27, 28)] == [2 * HOUR, 6 * HOUR]


def test_who_forgot_to_sign_out_was_not_there_for_ever():
    assert presence(punches("週三 09:00"), now=at("週五 12:00"), most=MOST) == [(at("週三 09:00"), at("週三 21:00"))]
    again = [Punch(at("週三 09:00"), True), Punch(at("週五 09:00"), True)]
    assert presence(again, now=at("週五 10:00"), most=MOST) == [
        (at("週三 09:00"), at("週三 21:00")),
        (at("週五 09:00"), at("週五 10:00")),
    ]


def test_signing_in_twice_counts_from_the_first_and_out_alone_counts_nothing():
    twice = [Punch(at("週五 09:00"), True), Punch(at("週五 09:05"), True), Punch(at("週五 10:00"), False)]

    assert presence(twice, now=at("週五 12:00"), most=MOST) == [(at("週五 09:00"), at("週五 10:00"))]
    assert presence([Punch(at("週五 09:00"), False)], now=at("週五 12:00"), most=MOST) == []


def test_overtime_is_what_goes_beyond_eight_hours_and_everything_on_a_day_off():
    friday, sunday = date(2026, 11, 27), date(2026, 11, 29)

    assert overtime_on(8 * HOUR, friday, SIX_DAYS, APPLIANCE) == timedelta()
    assert overtime_on(9.5 * HOUR, friday, SIX_DAYS, APPLIANCE) == 1.5 * HOUR
    assert overtime_on(3 * HOUR, sunday, SIX_DAYS, APPLIANCE) == 3 * HOUR


def test_where_somebody_stands_is_added_up_from_monday_and_from_the_first():
    days = [(at(f"週{day} 08:00"), at(f"週{day} 18:00")) for day in "一二三四"]
    earlier = (datetime(2026, 11, 2, 9, tzinfo=ZoneInfo(TAIPEI)), datetime(2026, 11, 2, 19, tzinfo=ZoneInfo(TAIPEI)))
    october = (datetime(2026, 10, 30, 9, tzinfo=ZoneInfo(TAIPEI)), datetime(2026, 10, 30, 23, tzinfo=ZoneInfo(TAIPEI)))

    load = workload(WANG.id, joined([*days, earlier, october]), SIX_DAYS, APPLIANCE, now=at("週四 20:00"))

    assert (load.today, load.week, load.overtime) == (10 * HOUR, 40 * HOUR, 10 * HOUR)


def load(today: float = 0, week: float = 0, overtime: float = 0, *, is_day_off: bool = False) -> Workload:
    return Workload(WANG.id, today * HOUR, max(week, today) * HOUR, overtime * HOUR, is_day_off)


@pytest.mark.parametrize(("today", "is_long"), [(0, False), (8, False), (8.5, True), (10, True)])
def test_the_planner_is_warned_beyond_ten_hours(today: float, is_long: bool):
    assert require_time(load(today), APPLIANCE) is is_long


@pytest.mark.parametrize("today", [10.25, 11, 13])
def test_in_the_eleventh_hour_an_ordinary_job_is_not_assigned(today: float):
    with refused("hours-day", "STF-3"):
        require_time(load(today), APPLIANCE)


def test_a_month_has_forty_six_hours_of_overtime_and_no_more():
    assert require_time(load(8, overtime=44), APPLIANCE) is False
    with refused("hours-month", "STF-3"):
        require_time(load(8, overtime=44.25), APPLIANCE)
    with refused("hours-month", "STF-3"):
        require_time(load(0, overtime=44.25, is_day_off=True), APPLIANCE)
    assert require_time(load(5, overtime=46), APPLIANCE) is False


def test_a_week_has_fifty_six_hours():
    assert require_time(load(2, week=54), APPLIANCE) is False
    with refused("hours-week", "X-9"):
        require_time(load(2, week=54.5), APPLIANCE)


@pytest.mark.parametrize("standing", [load(10.5), load(8, overtime=46), load(2, week=56)])
def test_a_declared_emergency_goes_further_with_the_supervisor_s_word(standing: Workload):
    with refused("hours-emergency", "STF-3"):
        require_time(standing, APPLIANCE, is_emergency=True)

    require_time(standing, APPLIANCE, is_emergency=True, word="沒有別人了")


def test_nobody_goes_after_twelve_hours_whatever_the_supervisor_says():
    with refused("hours-day", "STF-3"):
        require_time(load(12), APPLIANCE, is_emergency=True, word="拜託")
    assert require_time(load(11.9), APPLIANCE, is_emergency=True, word="拜託") is True


def test_the_figures_are_the_profile_s():
    strict = replace(APPLIANCE, hours=replace(APPLIANCE.hours, job_minutes=30, emergency_max=9))

    assert require_time(load(8.5), strict) is False
    with refused("hours-day", "STF-3"):
        require_time(load(8.75), strict)


MARKS = st.integers(0, 2 * 1440)
STRETCHES = st.lists(st.tuples(MARKS, MARKS), max_size=6)
START = datetime(2026, 10, 24, tzinfo=ZoneInfo("Europe/Berlin"))  # the clocks go back in the night that follows


def moments(pairs: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    zero = START.astimezone(ZoneInfo("UTC"))
    return [(zero + MINUTE * a, zero + MINUTE * b) for a, b in pairs]


def minutes_in(stretches: list[tuple[datetime, datetime]]) -> set[datetime]:
    found: set[datetime] = set()
    for start, end in stretches:
        found |= {start + MINUTE * n for n in range(max(0, (end - start) // MINUTE))}
    return found


@settings(max_examples=30, deadline=None)
@given(STRETCHES, STRETCHES)
def test_joining_and_cutting_agree_with_counting_every_minute(one: list, other: list):
    these, those = moments(one), moments(other)

    assert minutes_in(joined(these)) == minutes_in(these)
    assert minutes_in(without(these, those)) == minutes_in(these) - minutes_in(those)


@settings(max_examples=30, deadline=None)
@given(STRETCHES, STRETCHES, st.sampled_from(["always", "Mon-Sun 08:30-12:00 13:00-17:30", "Sat 01:30-02:30 02:45-04:00"]))
def test_work_is_counted_minute_by_minute_across_the_change_of_clocks(present: list, jobs: list, week: str):
    calendar = WorkingCalendar("Europe/Berlin", parse_week(week))
    there, busy = moments(present), moments(jobs)

    done = worked(there, busy, calendar)

    slow = {one for one in minutes_in(there) if not is_break(one, calendar)} | minutes_in(busy)
    assert minutes_in(done) == slow
    days = [START.date() + timedelta(days=n) for n in range(5)]
    assert sum((on_day(done, day, calendar.zone) for day in days), timedelta()) == len(slow) * MINUTE


def is_break(minute: datetime, calendar: WorkingCalendar) -> bool:
    """Between the first and the last hour of its day, and in none of them."""
    day = minute.astimezone(ZoneInfo(calendar.zone)).date()
    spans = calendar.spans(day)
    return bool(spans) and spans[0][0] <= minute < spans[-1][1] and not any(a <= minute < b for a, b in spans)


def test_a_day_is_as_long_as_its_clocks_make_it():
    berlin = START.tzinfo
    night = [(datetime.combine(date(2026, 10, 25), time(), berlin), datetime.combine(date(2026, 10, 26), time(), berlin))]

    assert (
        on_day(
            [(a.astimezone(ZoneInfo("UTC")), b.astimezone(ZoneInfo("UTC"))) for a, b in night],
            date(2026, 10, 25),
            "Europe/Berlin",
        )
        == 25 * HOUR
    )
