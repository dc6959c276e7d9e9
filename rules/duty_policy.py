"""The figures of a profile for duty, hours, safety, contracts and reports (RULEBOOK 22, 23)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

_POINT = re.compile(r"^(?P<name>[a-z][a-z0-9_]*)(?:(?P<sign><=|>=)(?P<limit>\d+(?:\.\d+)?))?(?P<photo>\+photo)?$")
_NOTICE = re.compile(r"^(\d{1,3}) (month|months|day|days)$")
ROUND_EVERY = ("shift", "day", "half_day", "week", "half_month", "month")
"""How often a round is due; half_day is twice a day, half_month twice a month."""


@dataclass(frozen=True)
class DailyPolicy:
    """`countersign` is the role that signs a branch's report before headquarters has it; empty: it goes there directly."""

    technician: bool = True
    supervisor: bool = True
    countersign: Literal["manager", ""] = "manager"
    remind_again_minutes: int = 30
    weekly: bool = True
    shop: bool = False  # a summary of the day after closing time
    meeting: bool = True  # the agenda for the weekly meeting (STF-17)


@dataclass(frozen=True)
class ContractPolicy:
    """`notice_before` is a number of months or days; planned visits become orders `plan_days_ahead` days before."""

    notice_before: str = "1 month"
    plan_days_ahead: int = 7


@dataclass(frozen=True)
class HoursPolicy:
    """Hours, but for `job_minutes`: how long a job is taken to last before anybody has gone (X-9, STF-3).

    Days of absence without leave of which HR hears: that many in a row, or more than that many a year (STF-7).
    """

    week_max: int = 56
    day: int = 8
    day_max: int = 10
    emergency_max: int = 12
    job_minutes: int = 120
    absent_in_a_row: int = 3
    absent_a_year: int = 6


@dataclass(frozen=True)
class OvertimePolicy:
    """Hours."""

    month_max: int = 46


@dataclass(frozen=True)
class HandoverPolicy:
    """Who gets a copy of the signed list, within how many days all is handed over, when it is asked after."""

    copies: tuple[Literal["giver", "receiver", "hr", "unit", "witness"], ...] = ("giver", "receiver", "hr")
    days: int = 5
    remind_day: int = 3


@dataclass(frozen=True)
class EmergencyPolicy:
    """Which emergencies there are, in how many minutes somebody has to take one, and whether a voice note alone raises one."""

    kinds: tuple[Literal["trapped", "fire", "rescue", "other"], ...] = ("other",)
    accept_minutes: int = 5
    by_voice: bool = False


@dataclass(frozen=True)
class HazardPolicy:
    """What staff may report besides faults: dangers in a workshop, disputes in a mall (SAF-6, ESC-14, ESC-16)."""

    sorts: tuple[Literal["danger", "wiring", "vandalism", "dispute", "event"], ...] = ("danger", "wiring", "vandalism")


@dataclass(frozen=True)
class SafetyPolicy:
    """Named checklists and the moments at which they are gone through (RULEBOOK 21).

    A point of a checklist is written `voltage_tested`, `methane<=1.0`, `insulation>=0.5` or `sign_hung+photo`.
    """

    before_work: tuple[str, ...] = ()
    before_test: tuple[str, ...] = ()
    before_leaving: tuple[str, ...] = ()
    vip: tuple[str, ...] = ()  # before leaving an important guest, machine or room as well (VIS-19)
    checklists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class LicencePolicy:
    """Which licence is needed for work whose fault or machine has one of these words; `*` is all work (DSP-14)."""

    needed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    warn_days: int = 30


@dataclass(frozen=True)
class RoundPolicy:
    """Checklists of rounds by name; the first word of each says how often: one of ROUND_EVERY."""

    checklists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class SheetPolicy:
    """Which sheets a line of business has (rules.sheet_shapes), and of which work plans its heads are reminded (DLY-11)."""

    kinds: tuple[
        Literal[
            "backorder",
            "above",
            "visit",
            "plan",
            "warning",
            "shift",
            "accident",
            "rectify",
            "overhaul",
            "contact",
            "trip",
            "contractor",
            "recovery",
            "improve",
            "vip",
            "training",
        ],
        ...,
    ] = ("visit", "plan", "contact", "trip", "improve", "training")
    plans: tuple[Literal["month", "quarter", "year"], ...] = ()


@dataclass(frozen=True)
class RecordPolicy:
    """How long particulars of people are kept after closing, and where somebody was (REC-6); days of a loan, of SLA-10."""

    years: int = 5
    places_days: int = 90
    loan_days: int = 14
    pickup_days: int = 3
    pickup_notices: int = 3


@dataclass(frozen=True)
class Point:
    """One point of a checklist: a tick, or a number within its limits; some want a photo."""

    name: str
    at_most: Decimal | None = None
    at_least: Decimal | None = None
    needs_photo: bool = False

    @property
    def is_number(self) -> bool:
        return self.at_most is not None or self.at_least is not None


def parse_point(text: str) -> Point:
    """A point as a profile writes it. Raises ValueError."""
    match = _POINT.match(text)
    if not match:
        raise ValueError(f"{text!r} is not like voltage_tested, methane<=1.0 or sign_hung+photo")
    limit = Decimal(match["limit"]) if match["limit"] else None
    most, least = (limit, None) if match["sign"] == "<=" else (None, limit)
    return Point(match["name"], most, least, bool(match["photo"]))


def parse_notice(text: str) -> tuple[int, int]:
    """(months, days) of "1 month" or "45 days". Raises ValueError."""
    match = _NOTICE.match(text)
    if not match or not int(match[1]):
        raise ValueError(f"{text!r} is not like '1 month' or '45 days'")
    n = int(match[1])
    return (n, 0) if match[2].startswith("month") else (0, n)


def check_safety(policy: SafetyPolicy) -> None:
    """Raise ValueError for a checklist that is named and missing, or that has a point nobody can read."""
    for points in policy.checklists.values():
        for point in points:
            parse_point(point)
    for name in (*policy.before_work, *policy.before_test, *policy.before_leaving, *policy.vip):
        if name not in policy.checklists:
            raise ValueError(f"the checklist {name!r} is not among safety.checklists")


def check_rounds(policy: RoundPolicy) -> None:
    """Raise ValueError for a round without a frequency or without points."""
    for name, (every, *points) in ((name, line or ("",)) for name, line in policy.checklists.items()):
        if every not in ROUND_EVERY:
            raise ValueError(f"{name!r} has to begin with one of {', '.join(ROUND_EVERY)}")
        if not points:
            raise ValueError(f"{name!r} has no points")
        for point in points:
            parse_point(point)
