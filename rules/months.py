"""Periods that are totalled: a month, or a week from Monday to Sunday, by the company's own days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both counted."""

    first: date
    last: date

    @property
    def is_month(self) -> bool:
        """Whether it is a calendar month rather than a week."""
        return self.first.day == 1 and (self.last + _DAY).day == 1

    @property
    def key(self) -> str:
        """Its name in buttons, papers and digests: `2026-11`, or `2026-11-23` for the week of that Monday."""
        return f"{self.first:%Y-%m}" if self.is_month else f"{self.first:%Y-%m-%d}"

    @property
    def before(self) -> "Period":
        """The one that ends the day before this one begins."""
        return month_of(self.first - _DAY) if self.is_month else week_of(self.first - _DAY)

    @property
    def after(self) -> "Period":
        """The one that begins the day after this one ends."""
        return month_of(self.last + _DAY) if self.is_month else week_of(self.last + _DAY)

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """The moments [start, end) at which it begins and is over in a time zone."""
        return _midnight(self.first, zone), _midnight(self.last + _DAY, zone)


def month_of(day: date) -> Period:
    """The month in which a day lies."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=32)).replace(day=1) - _DAY)


def week_of(day: date) -> Period:
    """The week from Monday to Sunday in which a day lies."""
    first = day - timedelta(days=day.weekday())
    return Period(first, first + timedelta(days=6))


def read_period(key: str) -> Period:
    """The period of a key. Raises ValueError for what is none."""
    if len(key) == len("2026-11"):
        return month_of(date.fromisoformat(f"{key}-01"))
    found = week_of(date.fromisoformat(key))
    if found.key != key:
        raise ValueError(f"{key} is no Monday")
    return found


def months_to(last: Period, n: int) -> tuple[Period, ...]:
    """The month of a period and those before it, `n` in all, the oldest first."""
    found = [month_of(last.last)]
    while len(found) < n:
        found.append(found[-1].before)
    return tuple(reversed(found))


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
