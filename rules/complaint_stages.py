"""A complaint on its way through the departments: each stage leaves its output and hands on (CMP-7, CMP-8, CMP-13, CMP-20)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from rules.cases import require_open
from rules.complaint_clocks import CLOCK_OF
from rules.complaint_intake import CATEGORIES, enter, lacking
from rules.complaint_records import UNDETERMINED, CaseStage, Form, Passage, Slip, SlipKind
from rules.complaints import ROUTES, Complaint, require_stage
from rules.decisions import Entry, Notice, Ruling
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.terms import Terms

Output = Mapping[str, Any]
WANTED: Mapping[CaseStage, tuple[str, ...]] = {
    CaseStage.QUALITY: ("cause", "responsible"),
    CaseStage.MANUFACTURING: ("analysis", "remedy", "unit", "machine", "workers", "produced_on"),
    CaseStage.RND: ("opinion",),
    CaseStage.SALES: ("negotiated", "opinion"),
    CaseStage.VISIT: ("findings",),
    CaseStage.UNIT: ("remedy",),
}
"""What each department has to leave behind (CMP-7, CMP-20)."""


def complete_form(
    case: Complaint, form: Form, is_foreign: bool, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """Sales fills in the form and signs its opinion; whole, it lies with the GM office and the case's clock starts (CMP-4).

    Home or abroad is settled then, and with it the day by which the case is to be closed (CMP-11).
    """
    require(by, Deed.COMPLETE_FORM, case.ties)
    require_stage(case, CaseStage.FORM)
    missing = lacking(form)
    if missing:
        raise Refused("form-incomplete", rule="CMP-4", missing=[{"text": f"file_goods.{one}.label"} for one in missing])
    whole = replace(case, form=replace(form, signed_by=by.id), is_foreign=is_foreign)
    return hand_on(whole, {}, by=by, now=now, terms=terms)


def check_form(case: Complaint, category: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The GM office classes the case and passes it to quality (CMP-2, CMP-7)."""
    require(by, Deed.CHECK_FORM, case.ties)
    require_stage(case, CaseStage.OFFICE)
    if category not in CATEGORIES:
        raise Refused("category-missing", rule="CMP-2")
    return hand_on(replace(case, category=category), {"category": category}, by=by, now=now, terms=terms)


def investigate(case: Complaint, output: Output, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Quality: the cause and who is responsible (CMP-7, CMP-20)."""
    require(by, Deed.INVESTIGATE, case.ties)
    require_stage(case, CaseStage.QUALITY)
    return hand_on(case, output, by=by, now=now, terms=terms)


def analyse(
    case: Complaint, output: Output, without_rnd: str = "", *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """Manufacturing: what happened, the remedy, who made it where and when; `without_rnd` is why R&D isn't needed (CMP-7)."""
    require(by, Deed.ANALYSE, case.ties)
    require_stage(case, CaseStage.MANUFACTURING)
    return hand_on(case, output, by=by, now=now, terms=terms, leaving_out=without_rnd)


def engineer(case: Complaint, output: Output, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """R&D's opinion (CMP-7)."""
    require(by, Deed.ENGINEER, case.ties)
    require_stage(case, CaseStage.RND)
    return hand_on(case, output, by=by, now=now, terms=terms)


def skip_rnd(case: Complaint, reason: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """R&D is left out, with a reason (CMP-7)."""
    require(by, Deed.SKIP_STAGE, case.ties)
    require_stage(case, CaseStage.RND)
    if not reason.strip():
        raise Refused("reason-missing", rule="CMP-7")
    return hand_on(case, {}, by=by, now=now, terms=terms, skipped=reason)


def negotiate(case: Complaint, output: Output, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Sales explains and negotiates at once; what came of it goes back to the GM office (CMP-8)."""
    require(by, Deed.NEGOTIATE, case.ties)
    require_stage(case, CaseStage.SALES)
    quantity = str(output.get("demand_quantity") or UNDETERMINED)
    form = replace(case.form, demand_quantity=quantity) if quantity != UNDETERMINED else case.form
    return hand_on(replace(case, form=form), output, by=by, now=now, terms=terms)


def determine(case: Complaint, quantity: Decimal, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """How much the customer wants to return is known at last; before that nothing is taken back (CMP-4)."""
    require(by, Deed.COMPLETE_FORM, case.ties)
    require_open(case)
    if quantity <= 0:
        raise Refused("paper-incomplete", rule="CMP-4")
    form = replace(case.form, demand_quantity=format(quantity.normalize(), "f"))
    return Ruling(replace(case, form=form), (Entry("complaint.quantity_determined", {}, "CMP-4"),))


def report_visit(case: Complaint, output: Output, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The supervisor, or whom he sent, has been there himself (SUR-5)."""
    if by.id != case.visitor or by.id in case.barred:
        require(by, Deed.VISIT_COMPLAINER, case.ties)
    require_stage(case, CaseStage.VISIT)
    return hand_on(case, output, by=by, now=now, terms=terms)


def send_visitor(case: Complaint, visitor: int, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Somebody specially sent may visit instead, but never the one who is complained about (SUR-5)."""
    require(by, Deed.VISIT_COMPLAINER, case.ties)
    require_stage(case, CaseStage.VISIT)
    if visitor in case.barred:
        raise Refused("not-whom-it-is-about", rule="SUR-5", number=case.number, person_id=visitor)
    sent = replace(case, visitor=visitor)
    told = (Notice("notice.complaint-visit", (visitor,), {"number": case.number}, photos=case.photos),)
    return Ruling(sent, (Entry("complaint.visitor_sent", {"visitor": visitor}, "SUR-5"),), told)


def note_anomaly(case: Complaint, output: Output, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """No loss: the unit concerned says what it does about it, and the sheet is closed (CMP-1)."""
    require(by, Deed.INVESTIGATE, case.ties)
    require_stage(case, CaseStage.UNIT)
    left = _leave(case, output, by.id, now)
    closed = replace(left, stage=CaseStage.CLOSED, closed_at=now)
    told = (Notice("notice.anomaly-closed", (case.opened_by,), {"number": case.number}, is_must=False),)
    return Ruling(closed, (Entry("complaint.anomaly_closed", {}, "CMP-1"),), told, {CLOCK_OF[CaseStage.UNIT]: None})


def hand_on(
    case: Complaint,
    output: Output,
    *,
    by: Person,
    now: datetime,
    terms: Terms,
    skipped: str = "",
    leaving_out: str = "",
) -> Ruling[Complaint]:
    """Leave a stage and enter the next one of the route; `leaving_out` is why R&D, which would be next, is not needed."""
    here = case.stage
    if not skipped:
        _require_output(here, output)
    left = _leave(case, output, by.id, now, skipped)
    entries = [Entry("complaint.stage_left", {"stage": here, "is_skipped": bool(skipped)}, "CMP-7")]
    coming = next_stage(case)
    if leaving_out and coming is CaseStage.RND:
        out = Passage(CaseStage.RND, now, None, now, by.id, {}, leaving_out)
        left = replace(left, passages=(*left.passages, out), stage=CaseStage.RND)
        entries.append(Entry("complaint.stage_left", {"stage": CaseStage.RND, "is_skipped": True}, "CMP-7"))
        coming = next_stage(left)
    after, clocks = enter(left, coming, now, terms)
    facts = {"number": case.number, "stage": {"text": f"stage.case.{coming}"}}
    told = (Notice("notice.complaint-stage", after.owners, facts, is_urgent=case.is_serious),)
    return Ruling(after, tuple(entries), told, {CLOCK_OF[here]: None} | clocks)


def next_stage(case: Complaint) -> CaseStage:
    """The stage after this one on the case's route (CMP-7)."""
    route = ROUTES[case.route]
    return route[route.index(case.stage) + 1]


def _leave(case: Complaint, output: Output, by: int, now: datetime, skipped: str = "") -> Complaint:
    here = replace(case.passages[-1], left_at=now, by=by, output=dict(output), skipped=skipped)
    return replace(case, passages=(*case.passages[:-1], here))


def _require_output(stage: CaseStage, output: Output) -> None:
    missing = [one for one in WANTED.get(stage, ()) if not str(output.get(one) or "").strip()]
    if missing:
        raise Refused("output-missing", rule="CMP-20", missing=[{"text": f"case_{stage}.{one}.label"} for one in missing])


def remind(case: Complaint, number: str, *, now: datetime) -> Ruling[Complaint]:
    """Open and late: a numbered 催辦單 for the present stage (CMP-13, ESC-7). Written by the clock, in nobody's name."""
    slip = Slip(number, SlipKind.REMINDER, case.stage, now, now)
    entry = Entry("complaint.reminded", {"slip": number, "stage": case.stage}, "CMP-13")
    return Ruling(replace(case, slips=(*case.slips, slip)), (entry,))


def reminders_to(case: Complaint, stage: CaseStage) -> int:
    """How many 催辦單 a stage has had."""
    return sum(slip.kind is SlipKind.REMINDER and slip.stage is stage for slip in case.slips)
