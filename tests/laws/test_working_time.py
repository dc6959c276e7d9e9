"""Working time against an oracle that looks at every minute (RELIABILITY, fault plan S).

`WORKING_TIME_EXAMPLES` sets the number of examples of each of the eight laws; `make soak` looks at 100,000 in all.
"""

import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from holidays import country_holidays, list_supported_countries
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.company import public_days
from rules.calendars import Span, WorkingCalendar
from rules.clocks import Clock, Hold, Promise, explain, promise
from rules.policies import PROFILES, Base, Limit, read_policy, to_calendar
from tests.stage import ROOT

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
# Around each of these the clocks change, the year turns or a leap day comes; Lord Howe changes by half an hour.
WHERE_AND_WHEN = (
    ("Asia/Taipei", date(2026, 11, 23)),
    ("Asia/Taipei", date(2026, 12, 28)),
    ("Asia/Taipei", date(2028, 2, 26)),
    ("Europe/Berlin", date(2026, 3, 27)),
    ("Europe/Berlin", date(2026, 10, 23)),
    ("America/New_York", date(2026, 3, 6)),
    ("America/New_York", date(2026, 10, 30)),
    ("Australia/Lord_Howe", date(2026, 4, 3)),
    ("Australia/Lord_Howe", date(2026, 10, 2)),
)
EXAMPLES = int(os.environ.get("WORKING_TIME_EXAMPLES", "150"))
many = settings(max_examples=EXAMPLES, deadline=None)
pytestmark = pytest.mark.sampled


@pytest.fixture(autouse=True)
def figures(record_property: Callable[[str, object], None]) -> None:
    record_property("figures", {"row": "S     working time against the oracle", "numbers": {"examples": EXAMPLES}})


@st.composite
def hours_of_a_day(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to three stretches on the five minutes; the last may end at midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 288), max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Span(_time(start), _time(end)) for start, end in pairs)


def _time(mark: int) -> time:
    return time(mark * 5 // 60 % 24, mark * 5 % 60)


@st.composite
def calendars(draw: st.DrawFn) -> tuple[WorkingCalendar, datetime]:
    """A calendar with a workday at least, and a moment in a fortnight that has something remarkable in it."""
    zone, first = draw(st.sampled_from(WHERE_AND_WHEN))
    days = [first + timedelta(days=n) for n in range(7)]
    week = {day: draw(hours_of_a_day()) for day in draw(st.sets(st.integers(0, 6), max_size=6))}
    week[6] = (Span(time(1, 30), time(4)), Span(time(9), time(17)))
    holidays = draw(st.sets(st.sampled_from(days), max_size=3))
    makeup = draw(st.dictionaries(st.sampled_from(days), hours_of_a_day(), max_size=2))
    start = datetime.combine(first, time(), ZoneInfo(zone)) + draw(st.integers(0, 5 * 1440)) * MINUTE
    return WorkingCalendar(zone, week, frozenset(holidays), makeup), start.astimezone(UTC)


@cache
def profile_calendar(profile: str, zone: str) -> WorkingCalendar:
    """A line of business as it ships, with the public holidays and make-up days of ten years."""
    file = ROOT / "policies" / f"{profile}.toml"
    policy = read_policy(file.read_text(encoding="utf-8"), file.name)
    found = [public_days(policy, year=year) for year in range(YEARS[0], YEARS[1])]
    days_off, days_on = (frozenset[date]().union(*(one[n] for one in found)) for n in (0, 1))
    return to_calendar(policy, zone, days_off, days_on)


YEARS = (2021, 2031)
ZONES = ("Asia/Taipei", *{zone for zone, _ in WHERE_AND_WHEN if zone != "Asia/Taipei"})
TIME_CHANGES = tuple(
    (zone, day.replace(year=year))
    for zone, day in WHERE_AND_WHEN
    for year in range(*YEARS)
    if (day.month, day.day) != (2, 26) or year % 4 == 0
)


@st.composite
def moments_of_ten_years(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and a moment: anywhere in ten years, or in the week of a time change, a year's turn or a leap day."""
    if draw(st.booleans()):
        zone, day = draw(st.sampled_from(TIME_CHANGES))
        return zone, (datetime.combine(day, time(), ZoneInfo(zone)) + draw(st.integers(0, 7 * 1440)) * MINUTE).astimezone(UTC)
    zone = draw(st.sampled_from(sorted(ZONES)))
    whole = (date(YEARS[1], 1, 1) - date(YEARS[0], 1, 1)) // DAY * 1440
    return zone, datetime(YEARS[0], 1, 1, tzinfo=UTC) + draw(st.integers(0, whole - 1)) * MINUTE


class Oracle:
    """Whether a minute lies in the hours of the day it belongs to; a day off has none, a make-up day its own."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self._calendar, self._zone = calendar, ZoneInfo(calendar.zone)
        self._known: dict[date, list[tuple[float, float]]] = {}

    def counts(self, minute: datetime) -> bool:
        local, moment = minute.astimezone(self._zone).date(), minute.timestamp()
        return any(begin <= moment < end for day in (local - DAY, local) for begin, end in self._hours(day))

    def _hours(self, day: date) -> list[tuple[float, float]]:
        if day not in self._known:
            closed = day in self._calendar.holidays
            hours = () if closed else self._calendar.week.get(day.weekday(), ())
            self._known[day] = [self._ends(day, span) for span in self._calendar.makeup_days.get(day, hours)]
        return self._known[day]

    def _ends(self, day: date, span: Span) -> tuple[float, float]:
        last = day + DAY if span.end == time() else day
        start, end = datetime.combine(day, span.start, self._zone), datetime.combine(last, span.end, self._zone)
        return start.timestamp(), end.timestamp()


def step_by_step(calendar: WorkingCalendar, start: datetime, working: timedelta, held: tuple[Hold, ...] = ()) -> datetime:
    """When so much working time has passed, by walking there; a minute that is held does not count."""
    oracle, left, minute = Oracle(calendar), working // MINUTE, start
    while left:
        is_held = any(hold.start <= minute and (hold.end is None or minute < hold.end) for hold in held)
        left -= oracle.counts(minute) and not is_held
        minute += MINUTE
    return minute


@many
@given(calendars(), st.integers(1, 20 * 60))
def test_working_time_added_is_working_time_walked(place: tuple[WorkingCalendar, datetime], minutes: int):
    calendar, start = place

    assert calendar.add(start, minutes * MINUTE) == step_by_step(calendar, start, minutes * MINUTE)


@many
@given(calendars(), st.integers(0, 3 * 1440))
def test_working_time_measured_is_working_time_counted(place: tuple[WorkingCalendar, datetime], length: int):
    calendar, start = place
    oracle = Oracle(calendar)

    counted = sum(oracle.counts(start + n * MINUTE) for n in range(length))

    assert calendar.between(start, start + length * MINUTE) == counted * MINUTE


@many
@given(calendars(), st.integers(1, 40 * 60))
def test_what_was_added_is_what_is_measured(place: tuple[WorkingCalendar, datetime], minutes: int):
    calendar, start = place

    assert calendar.between(start, calendar.add(start, minutes * MINUTE)) == minutes * MINUTE


@many
@given(calendars(), st.integers(1, 20 * 60), st.integers(1, 20 * 60))
def test_adding_twice_is_adding_the_sum(place: tuple[WorkingCalendar, datetime], first: int, second: int):
    calendar, start = place

    assert calendar.add(calendar.add(start, first * MINUTE), second * MINUTE) == calendar.add(start, (first + second) * MINUTE)


@many
@given(calendars(), st.integers(0, 2 * 1440))
def test_open_is_when_minutes_count(place: tuple[WorkingCalendar, datetime], after: int):
    calendar, start = place
    moment = start + after * MINUTE

    assert calendar.is_open(moment) == Oracle(calendar).counts(moment)


stretches = st.lists(st.tuples(st.integers(-120, 2 * 1440), st.integers(0, 600)), max_size=4)


def holds_of(start: datetime, pieces: list[tuple[int, int]]) -> tuple[Hold, ...]:
    begins = [(start + begin * MINUTE, start + (begin + length) * MINUTE) for begin, length in pieces]
    return tuple(Hold("force_majeure", begin, end, 2, "颱風") for begin, end in begins)


def arrival(calendar: WorkingCalendar, start: datetime, minutes: int, base: Base, holds: tuple[Hold, ...]) -> Promise:
    return promise(Clock.ARRIVAL, Limit(minutes * MINUTE, base), start, calendar, holds)


@many
@given(calendars(), st.integers(1, 10 * 60), stretches)
def test_a_promise_leaves_out_exactly_what_was_held(
    place: tuple[WorkingCalendar, datetime], minutes: int, pieces: list[tuple[int, int]]
):
    calendar, start = place
    holds = holds_of(start, pieces)

    assert arrival(calendar, start, minutes, Base.WORKING, holds).due_at == step_by_step(
        calendar, start, minutes * MINUTE, holds
    )


@many
@given(calendars(), st.integers(1, 10 * 60), stretches, st.sampled_from([Base.WORKING, Base.CLOCK]), st.randoms())
def test_pauses_split_joined_and_shuffled_give_the_same_promise(
    place: tuple[WorkingCalendar, datetime], minutes: int, pieces: list[tuple[int, int]], base: Base, chance
):
    calendar, start = place
    split = [half for begin, length in pieces for half in ((begin, length // 3), (begin + length // 3, length - length // 3))]
    chance.shuffle(split)

    whole = arrival(calendar, start, minutes, base, holds_of(start, pieces))

    assert arrival(calendar, start, minutes, base, holds_of(start, split)) == whole
    assert arrival(calendar, start, minutes, base, holds_of(start, [*split, *pieces])) == whole


@many
@given(calendars(), st.integers(1, 10 * 60), stretches, st.sampled_from([Base.WORKING, Base.CLOCK]))
def test_what_is_shown_as_counted_adds_up_to_the_limit(
    place: tuple[WorkingCalendar, datetime], minutes: int, pieces: list[tuple[int, int]], base: Base
):
    calendar, start = place
    holds = holds_of(start, pieces)

    found = arrival(calendar, start, minutes, base, holds)
    shown = explain(found, calendar, holds)

    assert sum((one.end - one.start for one in shown if not one.is_held), timedelta()) == minutes * MINUTE
    assert [moment for _, moment in found.points] == sorted(moment for _, moment in found.points)


@pytest.mark.parametrize("profile", PROFILES)
@settings(max_examples=max(EXAMPLES // 12, 10), deadline=None)
@given(moments_of_ten_years(), st.integers(1, 10 * 60))
def test_in_every_line_of_business_working_time_is_what_a_walk_through_ten_years_says(
    profile: str, place: tuple[str, datetime], minutes: int
):
    """Issue 5: each profile's own week and holidays, time changes among them."""
    zone, start = place
    calendar = profile_calendar(profile, zone)

    due = calendar.add(start, minutes * MINUTE)

    assert due == step_by_step(calendar, start, minutes * MINUTE)
    assert calendar.between(start, due) == minutes * MINUTE


def test_the_days_of_every_country_are_known_though_only_one_is_read_in() -> None:
    assert profile_calendar("appliance", "Asia/Taipei")

    days = {country: country_holidays(country, years=2026) for country in list_supported_countries()}

    assert len(days) > 200
    assert date(2026, 10, 10) in days["TW"]
    assert date(2026, 7, 4) in days["US"]
