"""Policy profiles: every figure of the business that may differ from company to company (RULEBOOK 22, 23)."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, get_args, get_origin, get_type_hints

from rules.calendars import Span, WorkingCalendar, parse_spans, parse_week
from rules.check_ins import WorkshopPolicy
from rules.complaint_policy import ComplaintPolicy, CustomerPolicy, SurveyPolicy, check_fields
from rules.duty_policy import (
    ContractPolicy,
    DailyPolicy,
    EmergencyPolicy,
    HandoverPolicy,
    HazardPolicy,
    HoursPolicy,
    LicencePolicy,
    OvertimePolicy,
    RecordPolicy,
    RoundPolicy,
    SafetyPolicy,
    SheetPolicy,
    check_rounds,
    check_safety,
    parse_notice,
)
from rules.money_policy import ExpensePolicy, FeesPolicy, WarrantyPolicy
from rules.visit_policy import DeparturePolicy, SignaturePolicy, VisitPolicy


class PolicyError(Exception):
    """A policy file that can't be used; the message names file, line and key."""


class Base(StrEnum):
    """In what a limit is counted: clock time, working time, days."""

    CLOCK = "clock"
    WORKING = "working"
    DAYS = "days"


@dataclass(frozen=True)
class Limit:
    """A length of time and how it is counted; `rule` is the id it follows from."""

    length: timedelta
    base: Base
    rule: str = ""
    warn_after: timedelta | None = None

    def named(self, rule: str) -> "Limit":
        return replace(self, rule=rule)


@dataclass(frozen=True)
class CalendarPolicy:
    week: str = "Mon-Sat 08:30-12:00 13:00-17:30"
    holidays: Literal["TW", "CN", "HK", ""] = "TW"
    extra_holidays: tuple[date, ...] = ()
    makeup_days: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SlaPolicy:
    by_distance: bool = False
    near_km: Decimal = Decimal(100)
    arrival: Limit | None = None
    arrival_far: Limit | None = None
    reply_far: Limit = Limit(timedelta(hours=12), Base.CLOCK)
    written_contact: Limit = Limit(timedelta(hours=12), Base.CLOCK)
    arrival_urban: Limit | None = None
    arrival_suburban: Limit | None = None
    arrival_near: Limit | None = None
    arrival_slip_far: Limit | None = None
    arrival_urgent: Limit | None = None
    near_m: int = 500
    reply: Limit | None = None
    repair_done: Limit | None = None
    midway: Limit | None = None  # how often whoever is on site is asked how it stands (VIS-10)


@dataclass(frozen=True)
class PartsPolicy:
    requisition: Literal["approved_before_issue"] = "approved_before_issue"
    old_part: Literal["required", "reason", "off"] = "reason"
    allocator: bool = False
    claim_needs: tuple[Literal["photo", "mileage", "cause", "old_part_tag"], ...] = ("photo", "cause", "old_part_tag")  # WAR-4


HOUSE = {"return_days": 7, "fault_days": 15, "exchange_days": 30, "free_months": 3}
"""RET-1 to RET-4: what the house's rules give; a law may give more and never less (RET-16)."""


@dataclass(frozen=True)
class StatutoryPolicy:
    """The law above the house's rules (RET-16): its name, its terms, and which of their bars it lifts."""

    law: str = ""
    return_days: int = HOUSE["return_days"]
    fault_days: int = HOUSE["fault_days"]
    exchange_days: int = HOUSE["exchange_days"]
    free_months: int = HOUSE["free_months"]
    lifts: tuple[Literal["RET-6", "RET-7", "RET-8", "RET-10"], ...] = ()


@dataclass(frozen=True)
class RetailPolicy:
    boundary: Literal["customer_favour", "strict"] = "customer_favour"
    packaging_blocks_quality_claim: bool = False
    statutory: StatutoryPolicy | None = None


@dataclass(frozen=True)
class ApproverPolicy:
    default: str = "supervisor"
    above_limit: str = "manager"


@dataclass(frozen=True)
class ClosePolicy:
    approval: Literal["both", "supervisor", "clerk"] = "both"
    monthly_export: bool = True
    free_after_minutes: int = 10


@dataclass(frozen=True)
class ChannelPolicy:
    chat_counts_as_letter: bool = True


@dataclass(frozen=True)
class SatisfactionPolicy:
    formula: Literal["top_two", "score"] = "top_two"


@dataclass(frozen=True)
class IntakePolicy:
    required: tuple[Literal["customer_name", "address", "phone", "model", "serial", "contact", "fault"], ...] = (
        "customer_name",
        "address",
        "phone",
        "model",
    )
    kinds: tuple[Literal["repair", "install", "deliver", "assemble", "train"], ...] = ("repair",)  # what is reported (DSP-9)
    zones: Mapping[Literal["urban", "suburban", "near", "far"], tuple[str, ...]] = field(default_factory=dict)
    """Names in an address that say which zone it is (INT-8); where none fits, whoever reports is asked."""


@dataclass(frozen=True)
class DispatchPolicy:
    mode: Literal["supervisor", "pool"] = "supervisor"
    accept_minutes: int = 15
    consult_production: bool = False
    declines_alert: int = 2
    appointment: bool = False  # nobody goes without one (INT-13)


@dataclass(frozen=True)
class EscalationPolicy:
    ack_minutes: int = 30
    pause_minutes: int = 60
    repeats: int = 3
    decision_minutes: int = 30
    quiet: str = "21:00-07:30"
    visits_alert: int = 3  # with this visit the supervisor is asked for a word (ESC-3)
    part_cost_limit: Decimal = Decimal(0)  # above it as well; 0: costs are not asked (ESC-3)


@dataclass(frozen=True)
class Policy:
    """A validated profile. `version` is the start of the SHA-256 of its text, so that a case can say what it ran under."""

    profile: str
    name: str = ""
    currency: str = "TWD"
    calendar: CalendarPolicy = CalendarPolicy()
    sla: SlaPolicy = SlaPolicy()
    fees: FeesPolicy = field(default_factory=FeesPolicy)
    warranty: WarrantyPolicy = field(default_factory=WarrantyPolicy)
    expenses: ExpensePolicy = field(default_factory=ExpensePolicy)
    parts: PartsPolicy = PartsPolicy()
    signature: SignaturePolicy = field(default_factory=SignaturePolicy)
    visit: VisitPolicy = field(default_factory=VisitPolicy)
    survey: SurveyPolicy = field(default_factory=SurveyPolicy)
    daily: DailyPolicy = field(default_factory=DailyPolicy)
    contract: ContractPolicy = field(default_factory=ContractPolicy)
    hours: HoursPolicy = field(default_factory=HoursPolicy)
    overtime: OvertimePolicy = field(default_factory=OvertimePolicy)
    complaint: ComplaintPolicy = field(default_factory=ComplaintPolicy)
    customers: CustomerPolicy = field(default_factory=CustomerPolicy)
    retail: RetailPolicy = RetailPolicy()
    handover: HandoverPolicy = field(default_factory=HandoverPolicy)
    approver: ApproverPolicy = ApproverPolicy()
    close: ClosePolicy = ClosePolicy()
    channel: ChannelPolicy = ChannelPolicy()
    satisfaction: SatisfactionPolicy = SatisfactionPolicy()
    intake: IntakePolicy = IntakePolicy()
    dispatch: DispatchPolicy = DispatchPolicy()
    departure: DeparturePolicy = field(default_factory=DeparturePolicy)
    escalation: EscalationPolicy = EscalationPolicy()
    emergency: EmergencyPolicy = field(default_factory=EmergencyPolicy)
    hazards: HazardPolicy = field(default_factory=HazardPolicy)
    safety: SafetyPolicy = field(default_factory=SafetyPolicy)
    licences: LicencePolicy = field(default_factory=LicencePolicy)
    rounds: RoundPolicy = field(default_factory=RoundPolicy)
    sheets: SheetPolicy = field(default_factory=SheetPolicy)
    records: RecordPolicy = field(default_factory=RecordPolicy)
    workshop: WorkshopPolicy = field(default_factory=WorkshopPolicy)
    version: str = ""


PROFILES = (
    "vehicle appliance machinery campus property hotel plant lift mine dealer4s retail mall factory".split()  # noqa: SIM905
)
_LENGTH = re.compile(r"^(\d+(?:\.\d+)?)\s*(wh|h|min|d)$")
_QUIET = re.compile(r"^(\d{2}:\d{2})-(\d{2}:\d{2})$")
_LENGTHS = {"wh": ("hours", Base.WORKING), "h": ("hours", Base.CLOCK), "min": ("minutes", Base.CLOCK)}


def parse_limit(text: str) -> Limit:
    """ "6wh" working hours, "24h", "20min", "7d"; "15min!10min" warns after 10. Raises ValueError."""
    limit, _, early = text.partition("!")
    match = _LENGTH.match(limit.strip())
    if not match:
        raise ValueError(f"{text!r} is not like 6wh, 24h, 20min or 7d")
    amount, unit = Decimal(match[1]), match[2]
    if amount <= 0:
        raise ValueError(f"{text!r} has to be more than nothing")
    name, base = _LENGTHS.get(unit, ("days", Base.DAYS))
    warn = parse_limit(early).length if early else None
    return Limit(timedelta(**{name: float(amount)}), base, warn_after=warn)


def read_policy(text: str, file: str) -> Policy:
    """A profile from its TOML text. Raises PolicyError that names file, line and key."""
    try:
        plain = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"{file}: {error}") from error
    source = _Source(file, text)
    policy: Policy = _read(Policy, plain, source, ())
    if policy.profile not in PROFILES:
        raise source.error(("profile",), f"must be one of {', '.join(PROFILES)}")
    _check(source, ("retail", "statutory"), lambda: _check_law(policy.retail.statutory))
    _check(source, ("calendar", "week"), lambda: parse_week(policy.calendar.week))
    _check(source, ("calendar", "makeup_days"), lambda: _own_days(policy))
    _check(source, ("escalation", "quiet"), lambda: quiet_hours(policy))
    _check(source, ("fees", "signed_by"), lambda: _check_signers(policy))
    _check(source, ("customers", "fields"), lambda: check_fields(policy.customers))
    _check(source, ("contract", "notice_before"), lambda: parse_notice(policy.contract.notice_before))
    _check(source, ("safety", "checklists"), lambda: check_safety(policy.safety))
    _check(source, ("rounds", "checklists"), lambda: check_rounds(policy.rounds))
    return replace(policy, version=hashlib.sha256(text.encode()).hexdigest()[:12])


def _check(source: "_Source", path: tuple[str, ...], read: Callable[[], object]) -> None:
    try:
        read()
    except ValueError as error:
        raise source.error(path, str(error)) from error


def _check_signers(policy: Policy) -> None:
    """Raise ValueError where nobody may sign, or somebody's signature is waited for who may not (SIG-9)."""
    if not policy.signature.signer_roles:
        raise ValueError("signature.signer_roles: somebody has to sign")
    for role in policy.fees.signed_by:
        if role not in policy.signature.signer_roles:
            raise ValueError(f"{role!r} is not among signature.signer_roles")


def _check_law(law: StatutoryPolicy | None) -> None:
    """Raise ValueError for a law without a name, and where it would take from the customer what the house gives (RET-16)."""
    if law is not None and not law.law.strip():
        raise ValueError("law: the law has to be named")
    for name, least in HOUSE.items() if law else ():
        if getattr(law, name) < least:
            raise ValueError(f"{name}: {getattr(law, name)} is less than the house's {least}; a law only gives customers more")


def to_calendar(
    policy: Policy, zone: str, public_holidays: Collection[date] = (), makeup: Collection[date] = ()
) -> WorkingCalendar:
    """The working calendar of a policy: public holidays and make-up days, the company's own on top. Raises ValueError."""
    week = parse_week(policy.calendar.week)
    usual = next(iter(week.values()))
    closed = policy.calendar.extra_holidays
    worked = {day: week.get(0, usual) for day in makeup if day not in closed} | _own_days(policy)
    return WorkingCalendar(zone, week, frozenset(public_holidays) | set(closed), worked)


def _own_days(policy: Policy) -> dict[date, tuple[Span, ...]]:
    """The company's make-up days. Raises ValueError."""
    return {date.fromisoformat(day): parse_spans(str(spans)) for day, spans in policy.calendar.makeup_days.items()}


def quiet_hours(policy: Policy) -> tuple[time, time]:
    """From when to when nobody is woken for what can wait. Raises ValueError."""
    match = _QUIET.match(policy.escalation.quiet)
    if not match:
        raise ValueError(f"{policy.escalation.quiet!r} is not like 21:00-07:30")
    return time.fromisoformat(match[1]), time.fromisoformat(match[2])


@dataclass(frozen=True)
class _Source:
    file: str
    text: str

    def error(self, path: tuple[str, ...], problem: str) -> PolicyError:
        return PolicyError(f"{self.file}:{self._line(path)}: {'.'.join(path)}: {problem}")

    def _line(self, path: tuple[str, ...]) -> int:
        """Line of a key, found by its table header and name."""
        table, wanted, best = "", path[-1], 1
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if stripped.startswith("["):
                table = stripped.strip("[] ")
                best = number if table == path[0] else best
            elif re.match(rf"\"?{re.escape(wanted)}\"?\s*=", stripped) and table == ".".join(path[:-1]):
                return number
        return best


def _read(kind: Any, plain: Any, source: _Source, path: tuple[str, ...]) -> Any:
    """A value of the annotated type, or PolicyError."""
    if is_dataclass(kind) and kind is not Limit:
        return _read_table(kind, plain, source, path)
    options = get_args(kind)
    if type(None) in options:
        return None if plain in ("none", "") else _read(next(o for o in options if o is not type(None)), plain, source, path)
    if get_origin(kind) is Literal:
        if plain not in options:
            raise source.error(path, f"{plain!r} must be one of {', '.join(repr(one) for one in options)}")
        return plain
    if get_origin(kind) is tuple:
        if not isinstance(plain, list):
            raise source.error(path, "must be a list")
        return tuple(_read(options[0], one, source, path) for one in plain)
    if get_origin(kind) is Mapping and isinstance(plain, dict):
        name, value = options
        return {_read(name, key, source, path): _read(value, one, source, path) for key, one in plain.items()}
    return _read_plain(kind, plain, source, path)


def _read_table(kind: Any, plain: Any, source: _Source, path: tuple[str, ...]) -> Any:
    if not isinstance(plain, dict):
        raise source.error(path, "must be a table")
    hints = get_type_hints(kind)
    known = {one.name for one in fields(kind)} - {"version"}
    for key in plain:
        if key not in known:
            raise source.error((*path, key), "unknown key")
    if kind is Policy and "profile" not in plain:
        raise source.error(("profile",), "is missing")
    return kind(**{key: _read(hints[key], value, source, (*path, key)) for key, value in plain.items()})


def _read_plain(kind: Any, plain: Any, source: _Source, path: tuple[str, ...]) -> Any:
    if kind is Limit:
        try:
            return parse_limit(str(plain))
        except ValueError as error:
            raise source.error(path, str(error)) from error
    if kind is Decimal and isinstance(plain, int | float) and not isinstance(plain, bool):
        plain = Decimal(str(plain))
    if get_origin(kind) is not None:
        kind = dict
    if not isinstance(plain, kind) or (kind is int and isinstance(plain, bool)):
        raise source.error(path, f"{plain!r} must be a {kind.__name__}")
    if isinstance(plain, int | Decimal) and not isinstance(plain, bool) and plain < 0:
        raise source.error(path, f"{plain} must not be negative")
    return plain
