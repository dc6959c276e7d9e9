"""The figures of a period: what is counted, what for and what against, and the targets (KPI-1..9, KPI-14).

Everything is counted in whole numbers and compared as exact fractions: 89.96 per cent misses 90.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar
from zoneinfo import ZoneInfo

from rules.months import Period, month_of

K = TypeVar("K")


class Figure(StrEnum):
    """One figure; the values are its names in buttons and texts."""

    TIMELINESS = "timeliness"
    SATISFACTION = "satisfaction"
    COMPLAINTS = "complaints"
    MAJOR = "major"
    CLOSING = "closing"
    STAGES = "stages"
    OPINIONS = "opinions"
    FIRST_FIX = "first_fix"
    OLD_PARTS = "old_parts"
    REPAIR_WEEK = "repair_week"


@dataclass(frozen=True)
class Target:
    """What a figure has to reach, or has to stay at or under; `is_strict` excludes the limit itself."""

    limit: Fraction
    is_most: bool = False
    is_strict: bool = False

    def is_met(self, value: Fraction) -> bool:
        if self.is_most:
            return value < self.limit if self.is_strict else value <= self.limit
        return value >= self.limit


RULE: Mapping[Figure, str] = {
    Figure.TIMELINESS: "KPI-1",
    Figure.SATISFACTION: "KPI-2",
    Figure.COMPLAINTS: "KPI-3",
    Figure.MAJOR: "KPI-4",
    Figure.CLOSING: "KPI-5",
    Figure.STAGES: "KPI-5",
    Figure.OPINIONS: "KPI-6",
    Figure.FIRST_FIX: "KPI-7",
    Figure.OLD_PARTS: "KPI-12",
    Figure.REPAIR_WEEK: "KPI-13",
}
TARGETS: Mapping[Figure, Target] = {
    Figure.TIMELINESS: Target(Fraction(90, 100)),
    Figure.SATISFACTION: Target(Fraction(85, 100)),
    Figure.COMPLAINTS: Target(Fraction(3, 100), is_most=True, is_strict=True),
    Figure.MAJOR: Target(Fraction(1, 100), is_most=True),
    Figure.CLOSING: Target(Fraction(1)),  # the limits are the target: no case later than 13 or 17 days
    Figure.STAGES: Target(Fraction(1)),  # nor a stage later than its own limit
    Figure.REPAIR_WEEK: Target(Fraction(1)),  # every repair of a shop within its week
}
"""KPI-6, KPI-7 and KPI-12 have none: as many old parts as possible."""
OF_SOME = frozenset({Figure.OLD_PARTS, Figure.REPAIR_WEEK})
"""Not every line of business has these; where nothing was counted they are left out."""
RATES = frozenset({Figure.COMPLAINTS, Figure.MAJOR})
"""Of these the less the better: what is counted above the line speaks against."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where something that counts comes from: the order or case that opens, and by what it is grouped."""

    subject: str  # order:12 | complaint:3
    number: str
    branch: str = ""
    model: str = ""
    technicians: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """What one source adds to a figure: `hits` above the line, `out_of` below it; of `n` things `n_against` speak against it.

    `at` says into which period it falls, `late` by how much a promise was missed, `what` (a text id) which promise it was.
    """

    figure: Figure
    source: Source
    at: datetime
    hits: int
    out_of: int
    n: int = 1
    n_against: int = 0
    late: timedelta | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """An opinion card that came in: grades by aspect, 4 (best) to 1 (KPI-8)."""

    source: Source
    at: datetime
    grades: Mapping[str, int]


@dataclass(frozen=True)
class Measure:
    """A figure of a period, exact. `value` is None where nothing was counted: no data, never 0 or 100 per cent (KPI-14)."""

    figure: Figure
    hits: int
    out_of: int
    n: int
    n_against: int

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.hits, self.out_of) if self.out_of else None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None without a target or without data."""
        target = TARGETS.get(self.figure)
        return None if target is None or self.value is None else target.is_met(self.value)

    @property
    def n_for(self) -> int:
        return self.n - self.n_against


@dataclass(frozen=True)
class Ledger:
    """All that counts in a stretch of time, as it stood at a moment."""

    counts: tuple[Count, ...] = ()
    cards: tuple[Card, ...] = ()
    n_calls: int = 0  # reported in the time
    n_done: int = 0  # completed in the time

    @property
    def is_empty(self) -> bool:
        """Nothing was reported, nothing fell due: a month without orders (KPI-14)."""
        return not self.counts and not self.n_calls


def measure(figure: Figure, counts: Iterable[Count]) -> Measure:
    """One figure out of what was counted."""
    own = [one for one in counts if one.figure is figure]
    return Measure(
        figure,
        sum(one.hits for one in own),
        sum(one.out_of for one in own),
        sum(one.n for one in own),
        sum(one.n_against for one in own),
    )


def measures(counts: Iterable[Count]) -> tuple[Measure, ...]:
    """Every figure, in the rulebook's order."""
    by_figure: dict[Figure, list[Count]] = {figure: [] for figure in Figure}
    for one in counts:
        by_figure[one.figure].append(one)
    return tuple(measure(figure, own) for figure, own in by_figure.items())


def by_technician(counts: Iterable[Count]) -> dict[int, list[Count]]:
    """What counts for each technician; an order of two counts for both."""
    found: dict[int, list[Count]] = {}
    for one in counts:
        for technician in one.source.technicians:
            found.setdefault(technician, []).append(one)
    return found


def by_branch(counts: Iterable[Count]) -> dict[str, list[Count]]:
    return _grouped(counts, lambda one: one.source.branch)


def by_model(counts: Iterable[Count]) -> dict[str, list[Count]]:
    """Grouped by model; what is about no machine has the empty name."""
    return _grouped(counts, lambda one: one.source.model)


def by_month(counts: Iterable[Count], zone: str) -> dict[Period, list[Count]]:
    """Grouped by the month in which each fell, here."""
    here, months = ZoneInfo(zone), dict[date, Period]()

    def month(one: Count) -> Period:
        first = one.at.astimezone(here).date().replace(day=1)
        if first not in months:
            months[first] = month_of(first)
        return months[first]

    return _grouped(counts, month)


def percent(found: Measure) -> str:
    """A value as people read it, with one decimal, or as many more as it takes to look met or missed as it is (KPI-14)."""
    assert found.value is not None  # what has no data has no per cent
    return _per_cent(found.value, TARGETS.get(found.figure))


def plain_percent(value: Fraction) -> str:
    """A share as people read it, with one decimal, where there is no target."""
    return _per_cent(value, None)


def shares(minutes: Mapping[str, int]) -> dict[str, tuple[int, str]]:
    """Minutes and per cent of each kind of work, nothing where no time was reported (KPI-9, KPI-14)."""
    total = sum(minutes.values())
    return {kind: (n, _per_cent(Fraction(n, total), None)) for kind, n in minutes.items()} if total else {}


def _per_cent(value: Fraction, target: Target | None) -> str:
    for decimals in range(1, 7):
        scaled = round(value * 100 * 10**decimals)
        shown = Fraction(scaled, 100 * 10**decimals)
        if target is None or target.is_met(shown) is target.is_met(value):
            break
    return f"{scaled // 10**decimals}.{scaled % 10**decimals:0{decimals}d}"


def _grouped(counts: Iterable[Count], key: Callable[[Count], K]) -> dict[K, list[Count]]:
    found: dict[K, list[Count]] = {}
    for one in counts:
        found.setdefault(key(one), []).append(one)
    return found


@dataclass(frozen=True)
class Mean:
    """The mean of an aspect's grades, 1 to 4, and of how many (KPI-8)."""

    aspect: str
    total: int
    n: int

    @property
    def value(self) -> Fraction:
        return Fraction(self.total, self.n)


def means(cards: Iterable[Card], *, least: int = 1) -> tuple[Mean, ...]:
    """Means per aspect; one with fewer than `least` grades is left out: so few would say who gave them (SUR-3, KPI-8)."""
    given: dict[str, list[int]] = {}
    for card in cards:
        for aspect, level in card.grades.items():
            given.setdefault(aspect, []).append(level)
    return tuple(Mean(aspect, sum(levels), len(levels)) for aspect, levels in given.items() if len(levels) >= max(least, 1))


def listed(figure: Figure, counts: Iterable[Count], *, is_against: bool) -> list[Count]:
    """What counts for or against a figure, the latest first: the orders behind it."""
    own = (one for one in counts if one.figure is figure and bool(one.n_against) == is_against)
    return sorted(own, key=lambda one: (one.at, one.source.number), reverse=True)
