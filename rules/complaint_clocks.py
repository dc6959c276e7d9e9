"""By when a complaint and each of its stages are due (CMP-11, CMP-12, SLA-18..22, X-7, X-19)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from rules.clocks import OF_A_COMPLAINT, Clock, Promise, promise, promised_at
from rules.complaint_records import CaseStage
from rules.complaints import Complaint
from rules.decisions import Deadline
from rules.policies import Base, Limit, Policy
from rules.terms import Terms

_C = CaseStage
CLOCK_OF: Mapping[CaseStage, Clock] = {
    _C.FORM: Clock.FORM,
    _C.OFFICE: Clock.OFFICE,
    _C.QUALITY: Clock.QUALITY,
    _C.MANUFACTURING: Clock.MANUFACTURING,
    _C.RND: Clock.RND,
    _C.SALES: Clock.SALES,
    _C.SYNTHESIS: Clock.SYNTHESIS,
    _C.VISIT: Clock.VISIT,
    _C.HANDLING: Clock.HANDLING,
    _C.UNIT: Clock.QUALITY,
    _C.DECISION: Clock.APPROVAL,
    _C.EXECUTION: Clock.EXECUTION,
}
STAGE_OF: Mapping[Clock, CaseStage] = {clock: stage for stage, clock in CLOCK_OF.items() if stage is not _C.UNIT}


def in_days(days: Decimal, policy: Policy, rule: str, *, warn: Decimal | None = None) -> Limit:
    """A limit in calendar days, or in the working hours that they have; half a day is 12 hours, or half of those (X-19)."""
    early = None if warn is None else in_days(warn, policy, rule).length
    if policy.complaint.day_kind == "working":
        return Limit(timedelta(hours=float(days * policy.hours.day)), Base.WORKING, rule, early)
    return Limit(timedelta(days=float(days)), Base.DAYS, rule, early)


def case_promise(is_foreign: bool, now: datetime, terms: Terms) -> Promise:
    """13 days at home, 17 abroad, from acceptance; late stages never extend it (CMP-11, CMP-12)."""
    own = terms.policy.complaint
    days, rule = (own.foreign_days, "SLA-19") if is_foreign else (own.domestic_days, "SLA-18")
    return promise(Clock.CASE, in_days(Decimal(days), terms.policy, rule), now, terms.calendar)


def stage_promise(case: Complaint, stage: CaseStage, now: datetime, terms: Terms) -> Promise | None:
    """When a stage that is entered now is due, None where nothing is promised."""
    if stage is _C.DECISION and case.due_at is not None:  # the total decides; what is left of it is for the decision
        return promised_at(Clock.APPROVAL, case.due_at, now, "CMP-11") if case.due_at > now else None
    limit = _limit(case, stage, terms.policy)
    return promise(CLOCK_OF[stage], limit, now, terms.calendar) if limit else None


def _limit(case: Complaint, stage: CaseStage, policy: Policy) -> Limit | None:
    own = policy.complaint
    if stage is _C.SYNTHESIS:  # within a day, better within half of one (SLA-22, X-7)
        return in_days(own.synthesis_days, policy, "SLA-22", warn=min(own.synthesis_target_days, own.synthesis_days))
    days = {
        _C.FORM: own.form_days,
        _C.OFFICE: own.office_days,
        _C.QUALITY: own.quality_days,
        _C.MANUFACTURING: own.manufacturing_days,
        _C.RND: own.rnd_days,
        _C.SALES: own.sales_foreign_days if case.is_foreign else own.sales_days,
        _C.VISIT: own.visit_days,
        _C.HANDLING: own.synthesis_days,
        _C.UNIT: own.quality_days,
        _C.DECISION: own.decision_days,
        _C.EXECUTION: own.execution_days,
    }
    rule = {_C.VISIT: "SUR-5", _C.HANDLING: "SUR-4"}.get(stage, "SLA-20")
    return in_days(days[stage], policy, rule) if stage in days else None


def inspection_promise(now: datetime, terms: Terms) -> Promise:
    """The report of a joint inspection lies with the GM three days after it (CMP-6, SLA-21)."""
    limit = in_days(terms.policy.complaint.inspection_days, terms.policy, "SLA-21")
    return promise(Clock.INSPECTION, limit, now, terms.calendar)


def reading_promise(now: datetime, terms: Terms) -> Promise:
    """What is serious is read or passed on at once; after that it goes up (SUR-7, ESC-5, ESC-17)."""
    limit = Limit(timedelta(minutes=terms.policy.escalation.ack_minutes), Base.CLOCK, "ESC-5")
    return promise(Clock.READING, limit, now, terms.calendar)


def none_of_them() -> dict[str, Deadline | None]:
    """Every clock of a complaint stopped."""
    return dict.fromkeys(OF_A_COMPLAINT)
