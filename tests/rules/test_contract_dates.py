"""Days of a contract and of rounds: announcements, visits, periods (MNT-1, MNT-3, MNT-4, story 9)."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.calendars import WorkingCalendar, parse_week
from rules.contract_dates import months_after, months_of, notice_on, visit_days
from rules.duty_policy import ROUND_EVERY, ContractPolicy, parse_notice
from rules.periods import period_at
from tests.cast import NINE_TO_FIVE, TAIPEI, at

DAY = timedelta(days=1)
ALWAYS = WorkingCalendar(TAIPEI, parse_week("always"))
TWO_SPANS = WorkingCalendar(TAIPEI, parse_week("Mon-Sat 08:30-12:00 13:00-17:30"))
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("ends_on", "expected"),
    [
        (date(2026, 12, 31), date(2026, 11, 30)),
        (date(2027, 3, 31), date(2027, 2, 28)),
        (date(2028, 3, 30), date(2028, 2, 29)),
        (date(2027, 1, 15), date(2026, 12, 15)),
    ],
)
def test_story_9_the_notice_goes_a_month_before_on_the_last_day_of_a_shorter_month(ends_on: date, expected: date):
    assert notice_on(ends_on, ContractPolicy()) == expected


def test_the_time_of_the_notice_is_the_profile_s():
    assert notice_on(date(2026, 12, 31), ContractPolicy(notice_before="45 days")) == date(2026, 11, 16)
    assert parse_notice("2 months") == (2, 0)
    for wrong in ("soon", "0 months", "1 week"):
        with pytest.raises(ValueError, match="is not like"):
            parse_notice(wrong)


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(-36, 36))
def test_a_month_later_is_in_the_next_month_and_never_beyond_it(day: date, months: int):
    found = months_after(day, months)

    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)


def test_visits_are_spread_over_the_year_and_the_last_is_within_it():
    days = visit_days(date(2026, 1, 1), date(2026, 12, 31), 4, NINE_TO_FIVE)

    assert days == (date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31))
    assert months_of(date(2026, 1, 1), date(2026, 12, 31)) == 12


@settings(max_examples=60, deadline=None)
@given(DAYS, st.integers(20, 800), st.integers(1, 24))
def test_visits_fall_on_working_days_within_the_contract_in_order(starts_on: date, length: int, n_visits: int):
    ends_on = starts_on + DAY * length

    days = visit_days(starts_on, ends_on, n_visits, NINE_TO_FIVE)

    assert len(days) == n_visits and list(days) == sorted(days)
    assert all(NINE_TO_FIVE.is_workday(day) for day in days)
    assert days[-1] <= ends_on and days[0] >= starts_on


@pytest.mark.parametrize(
    ("every", "calendar", "start", "end"),
    [
        ("day", TWO_SPANS, "週五 08:30", "週五 17:30"),
        ("shift", TWO_SPANS, "週五 13:00", "週五 17:30"),
        ("half_day", TWO_SPANS, "週五 13:00", "週五 17:30"),
        ("shift", ALWAYS, "週五 08:00", "週五 16:00"),
        ("half_day", ALWAYS, "週五 12:00", "週六 00:00"),
        ("day", NINE_TO_FIVE, "週五 09:00", "週五 17:00"),
        ("week", TWO_SPANS, "週一 00:00", "週六 17:30"),
    ],
)
def test_a_round_is_due_within_its_period(every: str, calendar: WorkingCalendar, start: str, end: str):
    assert period_at(every, at("週五 14:00"), calendar) == (at(start), at(end))


def test_half_months_and_months_end_with_their_last_working_day():
    assert period_at("half_month", at("週五 14:00"), NINE_TO_FIVE) == (at("週一 00:00") - DAY * 7, at("下週一 17:00"))
    assert period_at("month", at("週五 14:00"), NINE_TO_FIVE)[1] == at("下週一 17:00")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 60 * 24 * 60), st.sampled_from(ROUND_EVERY), st.sampled_from([ALWAYS, TWO_SPANS, NINE_TO_FIVE]))
def test_periods_follow_one_another_without_overlapping(minutes: int, every: str, calendar: WorkingCalendar):
    moment = at("週一 00:00") + timedelta(minutes=minutes)
    start, end = period_at(every, moment, calendar)

    later, ends_later = period_at(every, end, calendar)

    assert moment < end and start < end <= later < ends_later
