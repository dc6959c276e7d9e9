"""Working time: which minutes count (SLA-28)."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"^(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<spans>.+)$", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$")
_YEARS_AHEAD = 5


@dataclass(frozen=True)
class Span:
    """A stretch of a working day in local time; an `end` of midnight is the end of the day."""

    start: time
    end: time


def parse_week(text: str) -> dict[int, tuple[Span, ...]]:
    """Hours by weekday (0 is Monday) of e.g. "Mon-Sat 08:30-12:00 13:00-17:30; Sun 10:00-12:00", or "always".

    Raises ValueError that says which part is wrong.
    """
    if text.strip().casefold() == "always":
        return {day: (Span(time(), time()),) for day in range(7)}
    week: dict[int, tuple[Span, ...]] = {}
    for part in filter(None, (one.strip() for one in text.split(";"))):
        match = _PART.match(part)
        if not match:
            raise ValueError(f"{part!r} is not like 'Mon-Sat 08:30-12:00 13:00-17:30'")
        first = _weekday(match["first"])
        last = _weekday(match["last"]) if match["last"] else first
        if last < first:
            raise ValueError(f"{part!r}: the last day comes before the first")
        for day in range(first, last + 1):
            if day in week:
                raise ValueError(f"{part!r}: {_DAYS[day].title()} is given twice")
            week[day] = parse_spans(match["spans"])
    if not week:
        raise ValueError("no working day at all")
    return week


def parse_spans(text: str) -> tuple[Span, ...]:
    """Spans of one day such as "08:30-12:00 13:00-17:30". Raises ValueError for overlap or end before start."""
    spans: list[Span] = []
    for part in text.split():
        match = _SPAN.match(part)
        if not match:
            raise ValueError(f"{part!r} is not like 08:30-12:00")
        h1, m1, h2, m2 = (int(one) for one in match.groups())
        try:
            span = Span(time(h1, m1), time(h2 % 24 if h2 == 24 else h2, m2))
        except ValueError:
            raise ValueError(f"{part!r} is no time of day") from None
        if span.end != time() and span.end <= span.start:
            raise ValueError(f"{part!r} ends before it begins")
        if spans and (spans[-1].end == time() or span.start < spans[-1].end):
            raise ValueError(f"{part!r} overlaps the hours before it")
        spans.append(span)
    return tuple(spans)


@dataclass(frozen=True)
class WorkingCalendar:
    """Opening hours of a branch. Make-up days are worked although they are weekend or holiday."""

    zone: str
    week: Mapping[int, tuple[Span, ...]]
    holidays: frozenset[date] = frozenset()
    makeup_days: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    _tables: dict[int, "_Table"] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )  # never shared by replace()

    def local_spans(self, day: date) -> tuple[Span, ...]:
        """Working spans of a day in local time; none on a day off."""
        if day in self.makeup_days:
            return self.makeup_days[day]
        return () if day in self.holidays else self.week.get(day.weekday(), ())

    def spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Working spans of a day in UTC, correct across time changes."""
        zone = _zone(self.zone)
        found: list[tuple[datetime, datetime]] = []
        for span in self.local_spans(day):
            last = day + timedelta(days=1) if span.end == time() else day
            start = datetime.combine(day, span.start, zone).astimezone(UTC)
            found.append((start, datetime.combine(last, span.end, zone).astimezone(UTC)))
        return _apart(found)

    def add(self, start: datetime, working: timedelta) -> datetime:
        """When `working` time has passed since `start`: the end of a span rather than the start of the next one."""
        if working <= timedelta():
            return start.astimezone(UTC)
        target = self._position(start) + working
        for year in range(self._local(start).year, self._local(start).year + _YEARS_AHEAD):
            table = self._table(year)
            if table.after >= target - self._offset(start, year):
                return table.moment(target - self._offset(start, year))
        raise ValueError("no working time within five years")

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end`; zero when they are the other way round."""
        if end <= start:
            return timedelta()
        first, last = self._local(start).year, self._local(end).year
        total = self._table(last).passed(end) - self._table(first).passed(start)
        return total + sum((self._table(year).after for year in range(first, last)), timedelta())

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.spans(self._local(at).date()))

    def next_opening(self, at: datetime) -> datetime:
        """`at` itself while open, else the next moment that counts. Raises ValueError when there is none in five years."""
        day = self._local(at).date()
        for _ in range(366 * _YEARS_AHEAD):
            for start, end in self.spans(day):
                if end > at:
                    return max(start, at.astimezone(UTC))
            day += timedelta(days=1)
        raise ValueError("no working time within five years")

    def is_workday(self, day: date) -> bool:
        return bool(self.local_spans(day))

    def next_workday(self, day: date) -> date:
        """First working day after `day`."""
        for _ in range(366 * _YEARS_AHEAD):
            day += timedelta(days=1)
            if self.is_workday(day):
                return day
        raise ValueError("no working day within five years")

    def day_start(self, day: date) -> datetime | None:
        spans = self.spans(day)
        return spans[0][0] if spans else None

    def day_end(self, day: date) -> datetime | None:
        spans = self.spans(day)
        return spans[-1][1] if spans else None

    def local_day(self, at: datetime) -> date:
        """The calendar day of a moment, here."""
        return self._local(at).date()

    def _local(self, at: datetime) -> datetime:
        return at.astimezone(_zone(self.zone))

    def _position(self, at: datetime) -> timedelta:
        return self._table(self._local(at).year).passed(at)

    def _offset(self, start: datetime, year: int) -> timedelta:
        return sum((self._table(one).after for one in range(self._local(start).year, year)), timedelta())

    def _table(self, year: int) -> "_Table":
        if year not in self._tables:
            days = (date(year, 1, 1) + timedelta(days=n) for n in range(366))
            self._tables[year] = _Table.of([span for day in days if day.year == year for span in self.spans(day)])
        return self._tables[year]


@dataclass(frozen=True)
class _Table:
    """A year's spans with the working time passed before each: looked up by bisection instead of minute by minute."""

    starts: list[datetime]
    ends: list[datetime]
    before: list[timedelta]
    after: timedelta

    @staticmethod
    def of(spans: list[tuple[datetime, datetime]]) -> "_Table":
        before, passed = [], timedelta()
        for start, end in spans:
            before.append(passed)
            passed += end - start
        return _Table([one for one, _ in spans], [one for _, one in spans], before, passed)

    def passed(self, at: datetime) -> timedelta:
        """Working time of the year that lies before `at`."""
        n = bisect_right(self.starts, at) - 1
        if n < 0:
            return timedelta()
        return self.before[n] + min(at, self.ends[n]) - self.starts[n]

    def moment(self, passed: timedelta) -> datetime:
        """When `passed` working time of the year has gone by, for 0 < passed <= after."""
        n = bisect_right(self.before, passed - timedelta.resolution) - 1
        return self.starts[n] + (passed - self.before[n])


def _apart(spans: list[tuple[datetime, datetime]]) -> tuple[tuple[datetime, datetime], ...]:
    """Spans in order and each minute in one of them only: a time change can turn them round or run them together."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        start = max(start, found[-1][1]) if found else start
        if end > start:
            found.append((start, end))
    return tuple(found)


@lru_cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _weekday(name: str) -> int:
    if name.casefold() not in _DAYS:
        raise ValueError(f"{name!r} is no weekday (Mon, Tue, Wed, Thu, Fri, Sat, Sun)")
    return _DAYS.index(name.casefold())
