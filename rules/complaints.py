"""A customer's complaint: its way through the departments, and whose turn it is (CMP)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from rules.cases import Case
from rules.complaint_records import (
    Answer,
    CaseStage,
    Copy,
    External,
    Form,
    Inspection,
    Note,
    Objection,
    Opinion,
    Paper,
    Passage,
    Sanction,
    Slip,
    Verdict,
)
from rules.decisions import Audience
from rules.refusals import Refused

_C = CaseStage
ROUTES: Mapping[str, tuple[CaseStage, ...]] = {
    # goods: CMP-7's route; a form that is whole begins at the office
    "product": (_C.FORM, _C.OFFICE, _C.QUALITY, _C.MANUFACTURING, _C.RND, _C.SALES, _C.SYNTHESIS, _C.DECISION, _C.EXECUTION),
    # service: the supervisor visits, the service department sees to the answer (SUR-5, X-21)
    "service": (_C.VISIT, _C.HANDLING, _C.DECISION, _C.EXECUTION),
    # no loss: a sheet to the unit concerned is enough (CMP-1)
    "anomaly": (_C.UNIT,),
}
OWNER: Mapping[CaseStage, Audience] = {
    _C.FORM: Audience.SALES,
    _C.OFFICE: Audience.CASE_OFFICE,
    _C.QUALITY: Audience.QUALITY,
    _C.MANUFACTURING: Audience.MANUFACTURING,
    _C.RND: Audience.RND,
    _C.SALES: Audience.SALES,
    _C.SYNTHESIS: Audience.CASE_OFFICE,
    _C.VISIT: Audience.SUPERVISOR,
    _C.HANDLING: Audience.SERVICE_DEPT,
    _C.UNIT: Audience.QUALITY,
}
BEFORE_DECISION = frozenset(_C) - {_C.DECISION, _C.EXECUTION, _C.CLOSED, _C.UNIT}


@dataclass(frozen=True, kw_only=True)
class Complaint(Case):
    """One complaint from the first word to the closed form. Immutable: rulings return a changed copy."""

    kind: ClassVar[str] = "complaint"
    stage: CaseStage = CaseStage.FORM
    route: str = "service"
    customer_name: str = ""
    account: str = ""
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    origin: str = "staff"  # customer | survey | staff
    opened_by: int = 0
    form: Form = field(default_factory=Form)
    category: str = ""  # non_quality | quality (CMP-2)
    is_foreign: bool = False
    is_serious: bool = False
    is_money_demanded: bool = False
    read_by: int | None = None
    read_at: datetime | None = None
    visitor: int | None = None
    unit: str = ""  # whom an anomaly sheet goes to
    accepted_at: datetime | None = None
    due_at: datetime | None = None
    passages: tuple[Passage, ...] = ()
    inspection: Inspection | None = None
    opinion: Opinion | None = None
    approver: str = ""  # the least post that may decide what is proposed
    verdict: Verdict | None = None
    answer: Answer | None = None
    result: str = ""  # accepted | not_accepted
    objection_words: str = ""  # why the customer doesn't accept it
    previous: int | None = None
    previous_number: str = ""
    next_number: str = ""
    slips: tuple[Slip, ...] = ()
    copies: tuple[Copy, ...] = ()
    externals: tuple[External, ...] = ()
    objections: tuple[Objection, ...] = ()
    papers: tuple[Paper, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def is_urgent(self) -> bool:
        return self.is_serious

    @property
    def passage(self) -> Passage | None:
        """The stage that it is in now, as it is recorded."""
        return self.passages[-1] if self.passages and self.passages[-1].left_at is None else None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        """Whose turn it is: the department of the stage, the person sent to visit, or the post that has to decide."""
        if self.stage is CaseStage.VISIT and self.visitor is not None:
            return (self.visitor,)
        if self.stage is CaseStage.UNIT and self.unit:
            return (Audience(self.unit),)
        if self.stage is CaseStage.DECISION:
            return (Audience(self.approver or "gm"),)
        if self.stage is CaseStage.EXECUTION:
            return (self.executor,)
        return (OWNER[self.stage],) if self.stage in OWNER else ()

    @property
    def executor(self) -> Audience:
        """Who carries out the decision and answers the customer."""
        return Audience.SALES if self.route == "product" else Audience.SERVICE_DEPT

    @property
    def is_decided(self) -> bool:
        """ROL-2: from here on, and never before, the customer may be answered."""
        return self.verdict is not None

    def output(self, stage: CaseStage) -> Mapping[str, Any]:
        """What a stage left, empty when it was skipped or not reached."""
        return next((one.output for one in reversed(self.passages) if one.stage is stage and one.left_at is not None), {})


def require_stage(case: Complaint, *stages: CaseStage) -> None:
    """Raise Refused unless the case stands at one of `stages` (CMP-7)."""
    if case.stage not in stages:
        raise Refused("case-stage", rule="CMP-7", stage=f"case.{case.stage}", number=case.number)


def last_entry(case: Complaint) -> datetime:
    """When the present stage began."""
    return case.passages[-1].entered_at if case.passages else case.opened_at
