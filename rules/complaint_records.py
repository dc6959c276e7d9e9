"""What is written down of a complaint: the form, the stages it passed, opinions, slips, copies, papers (CMP)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

UNDETERMINED = "undetermined"
"""CMP-4: the goods are in process at the customer's, the quantity to return is not known yet."""


class CaseStage(StrEnum):
    """Where a complaint stands, in the order of the form's footer (CMP-7, CMP-12, X-7)."""

    FORM = "form"
    OFFICE = "office"
    QUALITY = "quality"
    MANUFACTURING = "manufacturing"
    RND = "rnd"
    SALES = "sales"
    SYNTHESIS = "synthesis"
    VISIT = "visit"
    HANDLING = "handling"
    UNIT = "unit"
    DECISION = "decision"
    EXECUTION = "execution"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a complaint comes to (CMP-10, CMP-19, CMP-31)."""

    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"
    REFUSED = "refused"


class Handling(StrEnum):
    """How it is put right (CMP-21)."""

    ALLOWANCE = "allowance"
    RETURN = "return"
    REWORK = "rework"
    EXCHANGE = "exchange"
    SERVICE = "service"  # the work is done over, free of charge
    EXPLAIN = "explain"


@dataclass(frozen=True)
class Form:
    """The complaint form (客戶抱怨處理表): what sales writes down at once (CMP-4)."""

    order_no: str = ""
    part_no: str = ""
    delivered_on: str = ""
    quantity: Decimal | None = None
    defective: Decimal | None = None
    demand: str = ""
    demand_quantity: str = UNDETERMINED  # a number as text, or UNDETERMINED
    reason: str = ""
    opinion: str = ""
    samples: tuple[str, ...] = ()
    signed_by: int | None = None

    @property
    def is_determined(self) -> bool:
        return self.demand_quantity != UNDETERMINED


@dataclass(frozen=True)
class Passage:
    """One stage of a case: when it came in, by when it was due, when and with what it left."""

    stage: CaseStage
    entered_at: datetime
    due_at: datetime | None = None
    left_at: datetime | None = None
    by: int | None = None
    output: Mapping[str, Any] = field(default_factory=dict)
    skipped: str = ""  # why it was left out

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.left_at is not None and self.left_at > self.due_at


@dataclass(frozen=True)
class Share:
    """How far a department answers for it, in per cent of the loss."""

    unit: str
    percent: Decimal


@dataclass(frozen=True)
class Opinion:
    """The synthesis that goes up for decision: what is proposed, what it costs, who answers for it (CMP-9, CMP-10)."""

    outcome: Outcome
    handling: Handling
    analysis: str
    answer: str  # the draft of what the customer is told
    amount: Decimal = Decimal(0)  # what it costs the company: allowance, goods taken back, compensation
    reason: str = ""  # why it is not upheld or refused
    loss: Decimal | None = None  # None: the base for it is not configured
    shares: tuple[Share, ...] = ()
    remedy: str = ""  # the improvement to be tracked, empty for none
    remedy_unit: str = ""
    remedy_due_on: str = ""
    by: int = 0


@dataclass(frozen=True)
class Verdict:
    """The decision by authority (CMP-7, ROL-2)."""

    by: int
    post: str
    at: datetime
    remark: str = ""


@dataclass(frozen=True)
class Answer:
    """What the customer was told, how and by whom (CMP-8, ROL-2)."""

    words: str
    medium: str  # chat | letter | phone
    by: int
    at: datetime


@dataclass(frozen=True)
class Inspection:
    """A joint inspection (會勘): who goes, and what was reported to the GM (CMP-5, CMP-6)."""

    place: str
    arranged_by: int
    arranged_at: datetime
    participants: tuple[int, ...] = ()
    is_quality_absent: bool = False
    named_by: int | None = None
    inspected_at: datetime | None = None
    report: str = ""
    photos: tuple[str, ...] = ()
    reported_at: datetime | None = None


class SlipKind(StrEnum):
    """催辦單 while a case is open and late; 洽辦單 when it is closed and was late (CMP-13)."""

    REMINDER = "reminder"
    QUERY = "query"


@dataclass(frozen=True)
class Slip:
    """A numbered slip. A query is drafted, sent by the office and answered in words."""

    number: str
    kind: SlipKind
    stage: CaseStage
    at: datetime
    sent_at: datetime | None = None
    answer: str = ""
    answered_by: int | None = None


@dataclass(frozen=True)
class Copy:
    """One of the five copies of the closed form (CMP-14, X-23)."""

    number: int
    unit: str
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None


@dataclass(frozen=True)
class External:
    """Another firm or supplier whom a case touches, and what is asked of it (CLM-3)."""

    sort: str  # supplier | firm | carrier
    name: str
    contact: str
    words: str
    by: int
    at: datetime


@dataclass(frozen=True)
class Objection:
    """A department's memo against a decision; it doesn't stop the execution unless it is upheld (CMP-18)."""

    by: int
    words: str
    at: datetime
    is_upheld: bool | None = None
    decided_by: int | None = None


@dataclass(frozen=True)
class Paper:
    """An allowance certificate or a return slip, as a record with its checks (CMP-21..23)."""

    number: str
    handling: Handling
    approved: Decimal  # quantity for goods, amount for an allowance
    reason: str
    copies: tuple[str, ...]
    at: datetime
    by: int
    received: Decimal | None = None
    match: str = ""  # ok | tolerance | ask | decided
    proof: str = ""
    proof_photo: str = ""


@dataclass(frozen=True)
class Sanction:
    """A sanction, which is never more than a proposal to people (CMP-25..29, CMP-32)."""

    ground: str
    unit: str
    person: str
    amount: Decimal
    regime: str
    by: int
    at: datetime
    is_approved: bool | None = None
    decided_by: int | None = None


@dataclass(frozen=True)
class Note:
    """What somebody added: words, a picture, a recording."""

    by: int
    at: datetime
    words: str = ""
    photo: str = ""
    voice: str = ""
