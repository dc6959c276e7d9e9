"""The work order: its facts, stages and what leads where (RULEBOOK 24)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.clocks import CallFacts, Hold
from rules.money import Dues
from rules.people import Ties
from rules.refusals import Refused
from rules.safety_records import Emergency, Interim, SafetyCheck


class Stage(StrEnum):
    """Where a job stands, in RULEBOOK 24's order."""

    NEW = "new"
    NEEDS_CLARIFICATION = "needs_clarification"
    REGISTERED = "registered"
    QUEUED = "queued"
    CARRIED_OVER = "carried_over"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    EN_ROUTE = "en_route"
    ARRIVED = "arrived"
    LISTENING = "listening"
    LOOKING = "looking"
    CHECKING = "checking"
    ACTING = "acting"
    FINISHED = "finished"
    AWAITING_DECISION = "awaiting_decision"
    TAKEN_BACK = "taken_back"
    WAITING_PARTS = "waiting_parts"
    WAITING_PAYMENT = "waiting_payment"
    SIGNED = "signed"
    DEPARTED = "departed"
    CANCELLED_IN_REGISTER = "cancelled_in_register"
    REPORTED = "reported"
    APPROVED = "approved"
    ARCHIVED = "archived"
    SOLVED_REMOTELY = "solved_remotely"
    CANCELLED = "cancelled"
    UNSIGNED_CLOSED = "unsigned_closed"


UNDISPATCHED = frozenset({Stage.NEEDS_CLARIFICATION, Stage.REGISTERED, Stage.QUEUED, Stage.CARRIED_OVER})
BEFORE_ARRIVAL = frozenset({Stage.ASSIGNED, Stage.ACCEPTED, Stage.PREPARING, Stage.EN_ROUTE})
ON_SITE = frozenset({Stage.ARRIVED, Stage.LISTENING, Stage.LOOKING, Stage.CHECKING, Stage.ACTING})
PAUSED = frozenset({Stage.AWAITING_DECISION, Stage.TAKEN_BACK, Stage.WAITING_PARTS, Stage.WAITING_PAYMENT})
AFTER_VISIT = frozenset({Stage.DEPARTED, Stage.CANCELLED_IN_REGISTER, Stage.REPORTED, Stage.UNSIGNED_CLOSED})
CLOSED = frozenset({Stage.APPROVED, Stage.ARCHIVED, Stage.SOLVED_REMOTELY, Stage.CANCELLED})

_S = Stage
_LEAVE_SITE = {_S.AWAITING_DECISION, _S.TAKEN_BACK, _S.WAITING_PARTS, _S.WAITING_PAYMENT}
_EXITS = {_S.CANCELLED, _S.SOLVED_REMOTELY}
_BACK_TO_QUEUE = {_S.QUEUED, _S.ASSIGNED, _S.CANCELLED}
_COME_BACK = {_S.LISTENING, _S.LOOKING, _S.CHECKING, _S.ACTING} | _BACK_TO_QUEUE

LEADS_TO: Mapping[Stage, frozenset[Stage]] = {
    _S.NEW: frozenset({_S.NEEDS_CLARIFICATION, _S.REGISTERED, _S.QUEUED}),
    _S.NEEDS_CLARIFICATION: frozenset({_S.REGISTERED, _S.QUEUED, _S.CARRIED_OVER} | _EXITS),
    _S.REGISTERED: frozenset({_S.NEEDS_CLARIFICATION, _S.QUEUED, _S.CARRIED_OVER} | _EXITS),
    _S.QUEUED: frozenset({_S.NEEDS_CLARIFICATION, _S.CARRIED_OVER, _S.ASSIGNED, _S.ACCEPTED} | _EXITS),
    _S.CARRIED_OVER: frozenset({_S.NEEDS_CLARIFICATION, _S.QUEUED, _S.ASSIGNED, _S.ACCEPTED} | _EXITS),
    _S.ASSIGNED: frozenset({_S.ACCEPTED, _S.SOLVED_REMOTELY} | _BACK_TO_QUEUE),
    _S.ACCEPTED: frozenset({_S.PREPARING, _S.EN_ROUTE, _S.SOLVED_REMOTELY} | _BACK_TO_QUEUE),
    _S.PREPARING: frozenset({_S.EN_ROUTE, _S.SOLVED_REMOTELY} | _BACK_TO_QUEUE),
    _S.EN_ROUTE: frozenset({_S.ARRIVED, _S.SOLVED_REMOTELY} | _BACK_TO_QUEUE),
    _S.ARRIVED: frozenset(  # second visits go on where the first ended; what is unsafe waits for a word (ROL-8)
        {_S.LISTENING, _S.LOOKING, _S.CHECKING, _S.ACTING, _S.ASSIGNED, _S.CANCELLED, _S.AWAITING_DECISION}
    ),
    _S.LISTENING: frozenset({_S.LOOKING, _S.CANCELLED} | _LEAVE_SITE),
    _S.LOOKING: frozenset({_S.CHECKING, _S.CANCELLED} | _LEAVE_SITE),
    _S.CHECKING: frozenset({_S.ACTING, _S.CANCELLED} | _LEAVE_SITE),
    _S.ACTING: frozenset({_S.CHECKING, _S.FINISHED, _S.CANCELLED} | _LEAVE_SITE),
    _S.FINISHED: frozenset({_S.CHECKING, _S.SIGNED, _S.UNSIGNED_CLOSED} | _LEAVE_SITE),
    _S.AWAITING_DECISION: frozenset({*ON_SITE, _S.FINISHED, _S.QUEUED, _S.ASSIGNED, _S.CANCELLED}),
    _S.TAKEN_BACK: frozenset(_COME_BACK),
    _S.WAITING_PARTS: frozenset(_COME_BACK),
    _S.WAITING_PAYMENT: frozenset(_COME_BACK),
    _S.SIGNED: frozenset({_S.FINISHED, _S.DEPARTED}),
    _S.UNSIGNED_CLOSED: frozenset({_S.FINISHED, _S.SIGNED, _S.DEPARTED}),
    _S.DEPARTED: frozenset({_S.FINISHED, _S.CANCELLED_IN_REGISTER}),
    _S.CANCELLED_IN_REGISTER: frozenset({_S.FINISHED, _S.REPORTED}),
    _S.REPORTED: frozenset({_S.FINISHED, _S.APPROVED, _S.DEPARTED}),
    _S.APPROVED: frozenset({_S.ARCHIVED}),
    _S.ARCHIVED: frozenset(),
    _S.SOLVED_REMOTELY: frozenset(),
    _S.CANCELLED: frozenset(),
}


class Step(StrEnum):
    """What is recorded on site, each its own short flow (VIS-1, VIS-3..7, VIS-11)."""

    ARRIVE = "arrive"
    LISTEN = "listen"
    LOOK = "look"
    CHECK = "check"
    ACT = "act"
    PARTS = "parts"
    TEST = "test"


SIGNED_STEPS = (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS, Step.TEST)
"""What the customer's signature covers (SIG-1)."""


class ServiceClass(StrEnum):
    """A: paid, B: under a contract, C: inside the guarantee, D: our own work (RULEBOOK 8.1)."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


@dataclass(frozen=True)
class Findings:
    """What one step recorded. `answers` are the raw answers by key, so that the step can be reopened (VIS)."""

    version: int
    answers: Mapping[str, Any]
    by: int
    at: datetime


WORK = ("install", "deliver", "assemble", "train")
"""Jobs at which nothing is broken (DSP-9)."""


@dataclass(frozen=True)
class FaultReport:
    """What has to be known before a visit (INT-1, INT-6..8). Empty text means not told."""

    customer_name: str = ""
    address: str = ""
    phone: str = ""
    model: str = ""
    serial: str = ""
    contact: str = ""
    fault: str = ""
    state_when_failed: str = ""
    latitude: float | None = None
    longitude: float | None = None
    zone: str = ""
    distance_km: Decimal | None = None
    fault_kind: str = ""
    supplier_needed: bool = False
    reported_to_marketing: bool = False
    is_urgent: bool = False
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    kind: str = "repair"  # repair | install | deliver | assemble | train (DSP-9), inquiry, maintenance, finding …

    def facts(self) -> CallFacts:
        """What of the report picks the clocks (SLA-1..8)."""
        return CallFacts(
            zone=self.zone,
            distance_km=self.distance_km,
            fault_kind=self.fault_kind,
            supplier_needed=self.supplier_needed,
            reported_to_marketing=self.reported_to_marketing,
            urgent=self.is_urgent,
            is_work=self.kind in WORK,
        )


@dataclass(frozen=True)
class Seal:
    """A signed version of the report (SIG-1, SIG-3). `summary` is the exact text that the customer saw."""

    version: int
    digest: str
    summary: str
    signature: str  # SHA-256 of the picture, empty when it was closed unsigned
    signer: str
    signer_role: str
    comment: str
    at: datetime
    by: int
    is_void: bool = False
    void_reason: str = ""
    flags: tuple[str, ...] = ()  # SIG-4: what has to be looked into before approval


@dataclass(frozen=True)
class Problem:
    """A larger problem put before the supervisor, with both sides' wishes (VIS-8, ESC-3)."""

    proposal: str
    demand: str
    at: datetime
    by: int
    came_from: Stage
    decision: str = ""
    cause: str = ""  # what raised it by itself, without a word of the technician's: rules.triggers (ESC-3, ESC-10)


@dataclass(frozen=True)
class Advice:
    """What was asked from the site, and what somebody who knows has answered (VIS-10, VIS-14)."""

    words: str
    answer: str
    by: int
    at: datetime


@dataclass(frozen=True)
class ClassRequest:
    """A class that differs from what was proposed, until the supervisor has decided (TYP-1)."""

    wanted: ServiceClass
    reason: str
    by: int


@dataclass(frozen=True)
class WorkOrder:
    """One service call from the first word to the archive. Immutable: decisions return a changed copy."""

    id: int
    number: str
    stage: Stage
    branch: str
    profile: str
    policy_version: str
    customer: int
    report: FaultReport
    reported_at: datetime
    version: int = 0
    asset: int | None = None
    lead: int | None = None
    crew: tuple[int, ...] = ()
    offered_to: tuple[int, ...] = ()
    declined_by: tuple[int, ...] = ()
    service_class: ServiceClass | None = None
    questions: str = ""  # what the customer is being asked (INT-3)
    briefing: str = ""
    carried_over_on: str = ""
    dispatched_at: datetime | None = None
    dispatched_by: int | None = None
    accepted_at: datetime | None = None
    checklist: tuple[str, ...] = ()  # items ticked before departure (PRE-1)
    overrides: Mapping[str, str] = field(default_factory=dict)  # item or gate -> reason
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    findings: Mapping[str, Findings] = field(default_factory=dict)
    finished_at: datetime | None = None
    customer_comment: str = ""
    comment_asked_at: datetime | None = None
    preview: str = ""
    seals: tuple[Seal, ...] = ()
    problem: Problem | None = None
    holds: tuple[Hold, ...] = ()
    brief: str = ""
    left_at: datetime | None = None
    next_word: str = ""
    register_cancelled_by: int | None = None
    approved_by: int | None = None
    return_remarks: str = ""
    closing_reason: str = ""
    disputes: tuple[str, ...] = ()
    contract: int | None = None  # the maintenance contract that this is work of (MNT-2)
    planned_for: datetime | None = None  # when a visit was agreed on or planned
    planned_until: datetime | None = None  # the end of that time; none: the moment itself (SLA-34)
    timed_by: tuple[int, ...] = ()  # who has entered his time on it in a daily report (CLS-10, DLY-1)
    zone_reason: str = ""  # why the office put the zone right (INT-8)
    slots: tuple[datetime, ...] = ()  # times that the customer may choose from (INT-13)
    n_arrivals: int = 0
    plan: str = ""  # the checklist of a planned visit (MNT-3)
    follows: str = ""  # the subject that it came of, such as route:3
    emergency: Emergency | None = None
    safety: Mapping[str, SafetyCheck] = field(default_factory=dict)  # checklist -> how it was gone through last
    purchased_on: date | None = None
    class_by: int | None = None  # who said which class it is; nobody where it followed by itself
    class_request: ClassRequest | None = None
    dues: Dues = field(default_factory=Dues)
    repeat_of: str = ""  # the job on the same product in the 30 days before (WKS-17)
    repeat_component: str = ""  # where its cause was found
    interim: Interim | None = None
    analysis: str = ""  # whether that with which somebody was sent "fits" or is "wrong" (PRE-4)
    advice: tuple[Advice, ...] = ()
    vip: str = ""  # the sheet of the important guest, machine or room that it is about (VIS-19)

    @property
    def subject(self) -> str:
        """Its name in journal, deadlines, cards and conversations."""
        return f"order:{self.id}"

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, self.customer, self.crew, self.offered_to)

    @property
    def owners(self) -> tuple[int, ...]:
        return self.crew

    @property
    def is_urgent(self) -> bool:
        return self.report.is_urgent

    @property
    def workers(self) -> frozenset[int]:
        """Everybody whose work the report holds: nobody approves his own (CLS-5)."""
        return frozenset({*self.crew, *(found.by for found in self.findings.values())})

    @property
    def is_open(self) -> bool:
        return self.stage not in CLOSED

    @property
    def is_in_question(self) -> bool:
        """Whether something grave happened by itself and awaits the supervisor's word, while the work goes on (ESC-3)."""
        return self.is_open and self.problem is not None and bool(self.problem.cause) and not self.problem.decision

    @property
    def is_emergency(self) -> bool:
        """Whether a declared emergency is on (DSP-11, STF-3)."""
        return self.emergency is not None and self.emergency.is_on

    @property
    def seal(self) -> Seal | None:
        """The seal that counts now, None when the report is unsigned or was changed since."""
        return self.seals[-1] if self.seals and not self.seals[-1].is_void else None

    def found_parts(self) -> list[Mapping[str, Any]]:
        """Part lines: name, quantity, cause, old_part (VIS-7)."""
        return list(self.found(Step.PARTS).get("lines", ()))

    def found(self, step: Step) -> Mapping[str, Any]:
        """The answers recorded in a step, empty when it was not recorded."""
        findings = self.findings.get(step)
        return findings.answers if findings else {}


def without(order: WorkOrder, gate: str) -> dict[str, str]:
    """The order's overrides but for one, which has to be given anew."""
    return {one: reason for one, reason in order.overrides.items() if one != gate}


def step_to(order: WorkOrder, stage: Stage) -> Stage:
    """`stage`, if the order may go there from where it stands; Refused otherwise (RULEBOOK 24)."""
    if stage is not order.stage and stage not in LEADS_TO[order.stage]:
        raise Refused("stage-order", rule="24", stage=str(order.stage), wanted=str(stage))
    return stage


def require_stage(order: WorkOrder, *stages: Stage) -> None:
    """Raise Refused("stage-passed") unless the order stands at one of `stages` (RULEBOOK 24)."""
    if order.stage not in stages:
        raise Refused("stage-passed", rule="24", stage=str(order.stage))


def require_open(order: WorkOrder) -> None:
    """Raise Refused("stage-passed") when an order is closed: from then on it is only read (REC-1)."""
    if not order.is_open:
        raise Refused("stage-passed", rule="REC-1", stage=str(order.stage))
