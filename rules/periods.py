"""Within which stretch of time a round is due: a shift, a day or half of it, a week, a month or half of it (MNT-4)."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from rules.calendars import WorkingCalendar
from rules.hours import DAY, Stretch, day_bounds, month_start, week_start

_SHIFTS_OF_A_WHOLE_DAY = 3


def period_at(every: str, at: datetime, calendar: WorkingCalendar) -> Stretch:
    """The period that a moment belongs to, or the next one to come when the place is closed then."""
    day = calendar.local_day(at)
    for _ in range(370):
        for start, end in _periods_of(every, day, calendar):
            if at < end:
                return start, end
        day += DAY
    raise ValueError("no period within a year")


def _periods_of(every: str, day: date, calendar: WorkingCalendar) -> tuple[Stretch, ...]:
    """The periods that end on a day or contain it, in order."""
    if every in ("shift", "day", "half_day"):
        return _within_a_day(every, calendar.spans(day))
    if every == "week":
        return (_days(week_start(day), week_start(day) + DAY * 6, calendar),)
    first, last = month_start(day), day.replace(day=monthrange(day.year, day.month)[1])
    if every == "month":
        return (_days(first, last, calendar),)
    middle = first.replace(day=15)
    return _days(first, middle, calendar), _days(middle + DAY, last, calendar)


def _within_a_day(every: str, spans: tuple[Stretch, ...]) -> tuple[Stretch, ...]:
    if not spans:
        return ()
    start, end = spans[0][0], spans[-1][1]
    if every == "day":
        return ((start, end),)
    if every == "shift":
        return spans if len(spans) > 1 else _parts(start, end, _SHIFTS_OF_A_WHOLE_DAY if end - start >= DAY else 1)
    return (spans[0], (spans[1][0], end)) if len(spans) > 1 else _parts(start, end, 2)


def _parts(start: datetime, end: datetime, n: int) -> tuple[Stretch, ...]:
    length: timedelta = (end - start) / n
    return tuple((start + length * k, start + length * (k + 1)) for k in range(n))


def _days(first: date, last: date, calendar: WorkingCalendar) -> Stretch:
    """From the first midnight to the end of the last working day among these."""
    start, end = day_bounds(first, calendar.zone)[0], day_bounds(last, calendar.zone)[1]
    for n in range((last - first).days + 1):
        closes = calendar.day_end(last - DAY * n)
        if closes is not None:
            return start, closes
    return start.astimezone(UTC), end
