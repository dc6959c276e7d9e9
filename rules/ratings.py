"""What surveys say of a technician in a month: means and how many, never who said what (SUR-3, KPI-8, KPI-14)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rules.surveys import Survey


@dataclass(frozen=True)
class Rating:
    """The mean of an aspect's grades, 1 to 4, and how many there were."""

    aspect: str
    mean: Decimal
    n: int


@dataclass(frozen=True)
class Graded:
    """Cards that say the same: whom they are about, what grades they give, and how many they are."""

    technicians: tuple[int, ...]
    grades: Mapping[str, int]
    is_early: bool = False
    n: int = 1


def graded(survey: Survey) -> Graded:
    """One card, as it counts."""
    return Graded(survey.technicians, survey.grades, survey.is_early)


def ratings_of(technician: int, cards: Iterable[Graded], *, least: int = 1) -> tuple[Rating, ...]:
    """An aspect with fewer than `least` grades is left out: so few would say who gave them.

    Cards that were answered while the job was under way again don't count; an aspect without grades is no data, not zero.
    """
    sums, counts = Counter[str](), Counter[str]()
    for card in cards:
        if technician in card.technicians and not card.is_early:
            for aspect, level in card.grades.items():
                sums[aspect] += level * card.n
                counts[aspect] += card.n
    return tuple(Rating(one, Decimal(sums[one]) / n, n) for one, n in counts.items() if n >= max(least, 1))
