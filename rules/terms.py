"""Under which terms a case is decided: its policy and its calendar."""

from dataclasses import dataclass

from rules.calendars import WorkingCalendar
from rules.policies import Policy


@dataclass(frozen=True)
class Terms:
    """A company's policy with the working calendar that belongs to it. A running case keeps the terms it began under."""

    policy: Policy
    calendar: WorkingCalendar
