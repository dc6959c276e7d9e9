"""What is written down of emergencies, safety checks and temporary fixes on an order (RULEBOOK 21, VIS-18)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

STEPS: Mapping[str, tuple[str, ...]] = {
    "trapped": ("calm", "tell_supervisor", "fire_centre", "rescue"),
    "fire": ("switch_off", "tell_supervisor", "fire_centre", "rescue"),
    "rescue": ("tell_supervisor", "rescue"),
    "other": ("tell_supervisor", "rescue"),
}
"""What has to be done in each kind of emergency, in order (SAF-4). The desk tells the supervisor by itself."""


@dataclass(frozen=True)
class StepDone:
    """When a step was done and by whom; nobody: by the desk itself."""

    at: datetime
    by: int | None


@dataclass(frozen=True)
class Emergency:
    """People or property are in danger: who said so, when, and which steps were taken (SAF-4, DSP-11)."""

    kind: str
    at: datetime
    by: int
    steps: Mapping[str, StepDone] = field(default_factory=dict)
    over_at: datetime | None = None
    over_reason: str = ""  # why it was called off; empty when the people are safe

    @property
    def is_on(self) -> bool:
        return self.over_at is None

    @property
    def left(self) -> tuple[str, ...]:
        """Steps that nobody has reported yet."""
        return tuple(one for one in STEPS[self.kind] if one not in self.steps)


@dataclass(frozen=True)
class SafetyCheck:
    """One passage through a safety checklist: the raw answers by point, and which of them bar the work."""

    answers: Mapping[str, Any]
    failed: tuple[str, ...]
    by: int
    at: datetime


@dataclass(frozen=True)
class Interim:
    """A temporary fix and under which safe measure it may be used until when, as soon as somebody approved it (VIS-18)."""

    measure: str
    until: date
    at: datetime
    by: int
    approved_by: int | None = None
    approved_at: datetime | None = None
    refused: str = ""  # why it was not
    n: int = 1  # which one of its order it is
