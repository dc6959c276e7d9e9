"""Under which terms a case is decided: its policy and its calendar."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.calendars import WorkingCalendar
from rules.policies import Policy


@dataclass(frozen=True)
class Terms:
    """A company's policy with the working calendar that belongs to it, and the earlier ones under which cases still run."""

    policy: Policy
    calendar: WorkingCalendar
    earlier: Mapping[str, "Terms"] = field(default_factory=dict)

    def of(self, version: str) -> "Terms":
        """The terms that a case began under; a later policy never changes a running case (RULEBOOK 23)."""
        return self.earlier.get(version, self)
