"""One measured figure beside its reference, and how it is told."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


class Size(StrEnum):
    """How much is measured."""

    QUICK = "quick"  # for whoever changes something: seconds a row, rough figures
    USUAL = "usual"  # the whole table within ten minutes
    FULL = "full"  # the sizes of the table, whatever it takes


@dataclass(frozen=True)
class Figure:
    """A figure and its reference from the same run. `unit` is "/s" where more is better, else a time or a size.

    `target` is the ratio to reach: at least for rates, at most for the others. `memory` is resident MB of what was measured.
    """

    name: str
    value: float
    reference: float
    unit: str
    target: float
    memory: float = 0.0
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.value / self.reference if self.reference else math.inf

    @property
    def is_reached(self) -> bool:
        return self.ratio >= self.target if self.unit == "/s" else self.ratio <= self.target

    def line(self) -> str:
        bound = f"{'≥' if self.unit == '/s' else '≤'} {self.target:g}"
        memory = f"{self.memory:4.0f} MB" if self.memory else "       "
        told = f"{self.name:<30} {_short(self.value):>8}{self.unit:<3} {_short(self.reference):>8}{self.unit:<3}"
        verdict = "reached" if self.is_reached else "MISSED "
        return f"{told} ratio {self.ratio:6.2f}  to reach {bound:<7} {verdict} {memory}  {self.note}".rstrip()


# Measures one row of the table; yields a figure for each of its targets.
Measure = Callable[[Size], Iterator[Figure]]


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def quantile(values: Sequence[float], part: float) -> float:
    """The value below which `part` of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def resident(pid: int | str = "self") -> float:
    """Resident memory of a process in MB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024
