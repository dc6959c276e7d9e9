"""Working time: what was worked, what of it is overtime, and whether a day has room for another job (STF-1..3, X-9)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from rules.calendars import WorkingCalendar
from rules.policies import Policy
from rules.refusals import Refused

Stretch = tuple[datetime, datetime]
DAY = timedelta(days=1)
NOTHING = timedelta()


@dataclass(frozen=True)
class Punch:
    """Signed in or out, in person (STF-1)."""

    at: datetime
    is_in: bool


@dataclass(frozen=True)
class Workload:
    """What somebody has worked up to now: today, this week, and overtime this month. Today counts in all three."""

    person: int
    today: timedelta = NOTHING
    week: timedelta = NOTHING
    overtime: timedelta = NOTHING
    is_day_off: bool = False


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order, those that touch or overlap made one: time is counted once."""
    found: list[Stretch] = []
    for start, end in sorted(stretches):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def without(stretches: Iterable[Stretch], holes: Iterable[Stretch]) -> list[Stretch]:
    """What is left of stretches when others are cut out."""
    left = joined(stretches)
    for begin, until in joined(holes):
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, begin)), (max(start, until), end))
            if piece[1] > piece[0]
        ]
    return left


def presence(punches: Sequence[Punch], *, now: datetime, most: timedelta) -> list[Stretch]:
    """From each signing-in to the next signing-out; who forgot to sign out was there for `most` at the longest."""
    found: list[Stretch] = []
    since: datetime | None = None
    for punch in sorted(punches, key=lambda one: one.at):
        if punch.is_in and since is None:
            since = punch.at
        elif punch.is_in and since is not None and punch.at - since > most:  # the way out was forgotten
            found.append((since, since + most))
            since = punch.at
        elif not punch.is_in and since is not None:
            found.append((since, min(punch.at, since + most)))
            since = None
    if since is not None:
        found.append((since, min(now, since + most)))
    return joined(found)


def worked(present: Iterable[Stretch], jobs: Iterable[Stretch], calendar: WorkingCalendar) -> list[Stretch]:
    """Presence without the calendar's breaks, and all the time on jobs, breaks included; each minute once."""
    there = joined(present)
    return joined([*without(there, _breaks(there, calendar)), *jobs])


def _breaks(there: Sequence[Stretch], calendar: WorkingCalendar) -> list[Stretch]:
    """The pauses between two working spans of the days that somebody was there."""
    days = {day for start, end in there for day in _days(start, end, calendar.zone)}
    spans = [calendar.spans(day) for day in sorted(days)]
    return [(one[1], other[0]) for day in spans for one, other in pairwise(day)]


def on_day(stretches: Iterable[Stretch], day: date, zone: str) -> timedelta:
    """How much of some stretches falls on a local day."""
    begins, ends = day_bounds(day, zone)
    return sum((min(end, ends) - max(start, begins) for start, end in stretches if start < ends and end > begins), NOTHING)


def day_bounds(day: date, zone: str) -> Stretch:
    """Midnight to midnight, in UTC."""
    here = ZoneInfo(zone)
    return datetime.combine(day, time(), here).astimezone(UTC), datetime.combine(day + DAY, time(), here).astimezone(UTC)


def overtime_on(length: timedelta, day: date, calendar: WorkingCalendar, policy: Policy) -> timedelta:
    """What of a day's work is overtime: beyond the eight hours, all of it on a day off (STF-2, STF-3)."""
    usual = timedelta(hours=policy.hours.day) if calendar.is_workday(day) else NOTHING
    return max(length - usual, NOTHING)


def workload(
    person: int, stretches: Sequence[Stretch], calendar: WorkingCalendar, policy: Policy, *, now: datetime
) -> Workload:
    """Where somebody stands now; the week begins on Monday, the month on its first."""
    today = calendar.local_day(now)
    days = {
        day: on_day(stretches, day, calendar.zone) for day in span_of_days(min(month_start(today), week_start(today)), today)
    }
    return Workload(
        person,
        days[today],
        sum((length for day, length in days.items() if day >= week_start(today)), NOTHING),
        sum((overtime_on(n, day, calendar, policy) for day, n in days.items() if day >= month_start(today)), NOTHING),
        not calendar.is_workday(today),
    )


def require_time(load: Workload, policy: Policy, *, is_emergency: bool = False, word: str = "") -> bool:
    """Whether another job makes this person's day a long one, beyond ten hours. Raises Refused where there is no room (STF-3).

    An ordinary job of the length that the policy assumes must not lead beyond 12 hours a day, 56 a week or 46 of overtime a
    month. A declared emergency may, with the supervisor's `word`, as long as the 12 hours of the day are not over.
    """
    hours, job = policy.hours, timedelta(minutes=policy.hours.job_minutes)
    planned = load.today + job
    more = planned - max(load.today, NOTHING if load.is_day_off else timedelta(hours=hours.day))
    is_long = planned > timedelta(hours=hours.day_max)
    over_month = load.overtime + max(more, NOTHING) > timedelta(hours=policy.overtime.month_max)
    over_week = load.week + job > timedelta(hours=hours.week_max)
    facts: dict[str, Any] = {"technician_id": load.person, "worked": load.today, "overtime": load.overtime, "week": load.week}
    if is_emergency:
        if load.today >= timedelta(hours=hours.emergency_max):
            raise Refused("hours-day", rule="STF-3", most=hours.emergency_max, **facts)
        if (is_long or over_month or over_week) and not word.strip():
            raise Refused("hours-emergency", rule="STF-3", **facts)
        return is_long
    if planned > timedelta(hours=hours.emergency_max):
        raise Refused("hours-day", rule="STF-3", most=hours.emergency_max, **facts)
    if over_month:
        raise Refused("hours-month", rule="STF-3", most=policy.overtime.month_max, **facts)
    if over_week:
        raise Refused("hours-week", rule="X-9", most=hours.week_max, **facts)
    return is_long


def week_start(day: date) -> date:
    return day - DAY * day.weekday()


def month_start(day: date) -> date:
    return day.replace(day=1)


def span_of_days(first: date, last: date) -> list[date]:
    """Both days and all between them."""
    return [first + DAY * n for n in range((last - first).days + 1)]


def _days(start: datetime, end: datetime, zone: str) -> list[date]:
    here = ZoneInfo(zone)
    return span_of_days(start.astimezone(here).date(), end.astimezone(here).date())
