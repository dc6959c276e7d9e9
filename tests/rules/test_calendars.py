"""Which minutes count (SLA-28)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from rules.calendars import Span, WorkingCalendar, parse_spans, parse_week
from tests.cast import NINE_TO_FIVE, TAIPEI, at, policy_of

HOURS = timedelta(hours=1)
WITH_LUNCH = WorkingCalendar(TAIPEI, parse_week("Mon-Sat 08:30-12:00 13:00-17:30"))


def test_six_working_hours_from_friday_four_o_clock_end_on_monday_at_two():
    assert NINE_TO_FIVE.add(at("週五 16:00"), 6 * HOURS) == at("下週一 14:00")


def test_a_call_at_closing_time_does_not_burn_the_night():
    assert NINE_TO_FIVE.add(at("週一 17:00"), HOURS) == at("週二 10:00")
    assert NINE_TO_FIVE.add(at("週一 23:30"), HOURS) == at("週二 10:00")


def test_a_call_on_sunday_counts_from_monday_morning():
    assert NINE_TO_FIVE.add(at("週日 12:00"), 2 * HOURS) == at("下週一 11:00")


def test_a_limit_that_fits_the_day_falls_on_its_last_minute_not_on_the_next_morning():
    assert NINE_TO_FIVE.add(at("週一 09:00"), 8 * HOURS) == at("週一 17:00")


def test_the_lunch_break_does_not_count():
    assert WITH_LUNCH.add(at("週三 11:30"), HOURS) == at("週三 13:30")
    assert WITH_LUNCH.between(at("週三 11:00"), at("週三 14:00")) == 2 * HOURS


def test_saturday_is_worked_where_the_week_says_so():
    assert WITH_LUNCH.add(at("週五 17:00"), HOURS) == at("週六 09:00")


def test_a_holiday_is_skipped():
    closed = replace(NINE_TO_FIVE, holidays=frozenset({date(2026, 11, 30)}))

    assert closed.add(at("週五 16:00"), 6 * HOURS) == at("下週二 14:00")
    assert not closed.is_workday(date(2026, 11, 30))
    assert closed.next_workday(date(2026, 11, 27)) == date(2026, 12, 1)


def test_a_make_up_saturday_is_worked_with_its_own_hours():
    worked = replace(NINE_TO_FIVE, makeup_days={date(2026, 11, 28): (Span(time(9), time(12)),)})

    assert worked.add(at("週五 16:00"), 4 * HOURS) == at("週六 12:00")
    assert worked.add(at("週五 16:00"), 6 * HOURS) == at("下週一 11:00")


def test_a_make_up_day_beats_the_holiday_it_falls_on():
    day = date(2026, 11, 30)
    worked = replace(NINE_TO_FIVE, holidays=frozenset({day}), makeup_days={day: (Span(time(9), time(17)),)})

    assert worked.is_workday(day)


def test_nothing_to_add_leaves_the_moment_even_outside_hours():
    assert NINE_TO_FIVE.add(at("週日 03:00"), timedelta()) == at("週日 03:00")


def test_working_time_between_the_wrong_way_round_is_nothing():
    assert NINE_TO_FIVE.between(at("週二 10:00"), at("週一 10:00")) == timedelta()


def test_working_time_is_added_across_the_new_year():
    always = WorkingCalendar(TAIPEI, parse_week("always"))
    eve = datetime(2026, 12, 31, 15, 30, tzinfo=UTC)  # 23:30 in Taipei

    assert always.add(eve, 2 * HOURS) == eve + 2 * HOURS
    assert always.between(eve, eve + timedelta(days=800)) == timedelta(days=800)


def test_a_leap_day_is_a_day_like_any_other():
    always = WorkingCalendar(TAIPEI, parse_week("always"))

    assert always.add(datetime(2028, 2, 28, tzinfo=UTC), timedelta(days=2)) == datetime(2028, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)])
def test_a_whole_day_is_as_long_as_the_time_change_makes_it(day: date, hours: int):
    always = WorkingCalendar("Europe/Berlin", parse_week("always"))
    start = datetime.combine(day, time(), UTC) - timedelta(hours=3)

    assert sum(((end - begin) for begin, end in always.spans(day)), timedelta()) == hours * HOURS
    assert always.add(start, timedelta(days=3)) == start + timedelta(days=3)


def test_hours_that_the_time_change_runs_together_are_counted_once():
    night = WorkingCalendar("Europe/Berlin", parse_week("Sun 02:10-02:50 03:00-04:00"))
    start = datetime(2026, 3, 29, tzinfo=UTC)  # the clocks go from 02:00 to 03:00 at 01:00 UTC

    assert night.between(start, start + timedelta(hours=12)) == HOURS


def test_opening_and_closing_are_told():
    assert NINE_TO_FIVE.is_open(at("週一 09:00"))
    assert not NINE_TO_FIVE.is_open(at("週一 17:00"))
    assert NINE_TO_FIVE.next_opening(at("週五 18:00")) == at("下週一 09:00")
    assert NINE_TO_FIVE.next_opening(at("週五 11:00")) == at("週五 11:00")
    assert NINE_TO_FIVE.day_start(date(2026, 11, 27)) == at("週五 09:00")
    assert NINE_TO_FIVE.day_end(date(2026, 11, 27)) == at("週五 17:00")
    assert NINE_TO_FIVE.day_start(date(2026, 11, 28)) is None
    assert NINE_TO_FIVE.day_end(date(2026, 11, 28)) is None
    assert NINE_TO_FIVE.local_day(at("週一 00:30")) == date(2026, 11, 23)


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever():
    never = WorkingCalendar(TAIPEI, {0: ()})

    for asked in (lambda: never.add(at("週一 09:00"), HOURS), lambda: never.next_opening(at("週一 09:00"))):
        with pytest.raises(ValueError, match="five years"):
            asked()
    with pytest.raises(ValueError, match="five years"):
        never.next_workday(date(2026, 11, 23))


def test_the_week_of_the_shipped_profile_is_forty_eight_hours():
    shipped = WorkingCalendar(TAIPEI, parse_week(policy_of("appliance").calendar.week))

    assert shipped.between(at("週一 00:00"), at("下週一 00:00")) == 48 * HOURS


def test_always_is_every_minute_of_the_week():
    always = WorkingCalendar(TAIPEI, parse_week("always"))

    assert always.between(at("週一 00:00"), at("下週一 00:00")) == timedelta(days=7)


def test_a_day_may_end_at_midnight():
    assert parse_spans("18:00-24:00") == (Span(time(18), time()),)


@pytest.mark.parametrize(
    ("week", "wrong"),
    [
        ("", "no working day"),
        ("weekdays", "'weekdays' is not like"),
        ("Mon-Fry 09:00-17:00", "'Fry' is no weekday"),
        ("Fri-Mon 09:00-17:00", "the last day comes before the first"),
        ("Mon-Fri 09:00-17:00; Wed 10:00-12:00", "Wed is given twice"),
        ("Mon 9-17", "'9-17' is not like 08:30-12:00"),
        ("Mon 09:00-25:00", "is no time of day"),
        ("Mon 17:00-09:00", "ends before it begins"),
        ("Mon 09:00-12:00 11:00-17:00", "overlaps the hours before it"),
        ("Mon 09:00-24:00 10:00-11:00", "overlaps the hours before it"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused_with_its_wrong_part(week: str, wrong: str):
    with pytest.raises(ValueError) as error:
        parse_week(week)

    assert wrong in str(error.value)
