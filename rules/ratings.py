"""What surveys say of a technician in a month: means and how many, never who said what (SUR-3, KPI-8, KPI-14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from rules.surveys import Survey


@dataclass(frozen=True)
class Rating:
    """The mean of an aspect's grades, 1 to 4, and how many there were."""

    aspect: str
    mean: Decimal
    n: int


def ratings_of(technician: int, surveys: Iterable[Survey], *, least: int = 1) -> tuple[Rating, ...]:
    """An aspect with fewer than `least` grades is left out: so few would say who gave them.

    Cards that were answered while the job was under way again don't count; an aspect without grades is no data, not zero.
    """
    given: dict[str, list[int]] = {}
    for survey in surveys:
        if technician in survey.technicians and not survey.is_early:
            for aspect, level in survey.grades.items():
                given.setdefault(aspect, []).append(level)
    return tuple(
        Rating(aspect, Decimal(sum(levels)) / len(levels), len(levels))
        for aspect, levels in given.items()
        if len(levels) >= max(least, 1)
    )
