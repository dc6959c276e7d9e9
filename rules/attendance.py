"""Absence without leave: it is only counted, and HR informed; the desk decides nothing of it (STF-7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from rules.duty_policy import HoursPolicy


@dataclass(frozen=True)
class Day:
    """A day on which somebody should have been there, and whether he was."""

    on: date
    was_there: bool


@dataclass(frozen=True)
class Missed:
    """Days missed in a row up to the last one, and all of the year."""

    in_a_row: int
    in_the_year: int
    last: date


def missed(days: Sequence[Day], policy: HoursPolicy) -> Missed | None:
    """What HR has to know, None for nothing: missed three days in a row by now, or more than six this year (STF-7).

    `days` are those on which somebody should have been there, in order; it is told when the last of them was missed.
    """
    if not days or days[-1].was_there:
        return None
    in_a_row = next((n for n, one in enumerate(reversed(days)) if one.was_there), len(days))
    last = days[-1].on
    found = Missed(in_a_row, sum(not one.was_there for one in days if one.on.year == last.year), last)
    is_much = found.in_a_row >= policy.absent_in_a_row or found.in_the_year > policy.absent_a_year
    return found if is_much else None
