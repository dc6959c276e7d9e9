"""The closed form: its copies, and the late departments that are asked why (CMP-13, CMP-14, X-23)."""

from dataclasses import replace
from datetime import datetime

from rules.case_papers import form_of
from rules.complaint_records import CaseStage, Copy, Slip, SlipKind
from rules.complaints import Complaint
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, Role, may, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

HOLDER = {
    "quality": Audience.QUALITY,
    "manufacturing": Audience.MANUFACTURING,
    "sales": Audience.SALES,
    "accounting": Audience.ACCOUNTANT,
    "gm_office": Audience.CASE_OFFICE,
}
"""Who holds which copy (CMP-14)."""
ASKED = {
    CaseStage.FORM: Role.SALES,
    CaseStage.OFFICE: Role.CASE_OFFICE,
    CaseStage.QUALITY: Role.QUALITY,
    CaseStage.MANUFACTURING: Role.MANUFACTURING,
    CaseStage.RND: Role.RND,
    CaseStage.SALES: Role.SALES,
    CaseStage.SYNTHESIS: Role.CASE_OFFICE,
    CaseStage.VISIT: Role.SUPERVISOR,
    CaseStage.HANDLING: Role.SERVICE_DEPT,
    CaseStage.DECISION: Role.MANAGER,
}
"""Which department answers for a stage that was late (CMP-13)."""


def late_stages(case: Complaint) -> tuple[CaseStage, ...]:
    """Stages that were left after they were due, each once, in their order."""
    return tuple(dict.fromkeys(passage.stage for passage in case.passages if passage.is_late))


def close_form(case: Complaint, now: datetime, policy: Policy) -> tuple[Complaint, tuple[Notice, ...]]:
    """Copies to the departments, and for each late stage a drafted 洽辦單 that the office may send (CMP-13, CMP-14).

    A complaint about service has neither: there is no form, and no GM office that keeps it.
    """
    if case.route != "product":
        return case, ()
    asked = [slip.stage for slip in case.slips if slip.kind is SlipKind.QUERY]
    late = [stage for stage in late_stages(case) if stage not in asked]
    drafted = tuple(Slip(f"{case.number}-Q{n}", SlipKind.QUERY, stage, now) for n, stage in enumerate(late, len(asked) + 1))
    facts = {"number": case.number}
    copies = tuple(Copy(n, unit) for n, unit in enumerate(policy.complaint.copies, 1))
    told = [
        Notice("notice.complaint-copy", (HOLDER[one.unit],), facts | {"n": one.number}, papers=(form_of(case.id, one.number),))
        for one in copies
    ]
    if drafted:
        stages = [{"text": f"stage.case.{slip.stage}"} for slip in drafted]
        told.append(Notice("notice.queries-drafted", (Audience.CASE_OFFICE,), facts | {"stages": stages}))
    return replace(case, copies=copies, slips=(*case.slips, *drafted)), tuple(told)


def holds_up_receivables(case: Complaint) -> bool:
    """Whether the customer's payment waits for it: told in the export, for whoever reckons the collection rate (CMP-24)."""
    return case.is_open and case.route == "product"


def copy_for(case: Complaint, person: Person) -> Copy | None:
    """The copy of the closed form that somebody of the departments keeps; who keeps none of his own reads the last (CMP-14)."""
    if not may(person, Deed.SEE_CASES, case.ties):
        return None
    own = [one for one in case.copies if person.holds(Role(HOLDER[one.unit]))]
    return next(iter([*own, *reversed(case.copies)]), None)


def acknowledge_copy(case: Complaint, number: int, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """A department has its copy of the closed form (CMP-14); the first acknowledgement counts."""
    require(by, Deed.ACKNOWLEDGE_COPY, case.ties)
    copy = next((one for one in case.copies if one.number == number), None)
    if copy is None:
        raise Refused("no-such-copy", rule="CMP-14", number=case.number)
    holder = Role(HOLDER[copy.unit])
    if not by.holds(holder) and not by.holds(Role.MANAGER):
        raise Refused("not-yours", rule="CMP-14", roles=[str(holder)])
    if copy.acknowledged_at is not None:
        raise Refused("copy-acknowledged", rule="CMP-14", n=number, at=copy.acknowledged_at)
    done = replace(copy, acknowledged_by=by.id, acknowledged_at=now)
    copies = tuple(done if one.number == number else one for one in case.copies)
    return Ruling(replace(case, copies=copies), (Entry("complaint.copy_acknowledged", {"n": number}, "CMP-14"),))


def send_query(case: Complaint, number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The office sends a drafted 洽辦單; the department owes it an answer in words (CMP-13)."""
    require(by, Deed.SEND_SLIP, case.ties)
    slip = _query(case, number)
    if slip.sent_at is not None:
        raise Refused("slip-sent", rule="CMP-13", slip=slip.number)
    facts = {"number": case.number, "slip": slip.number, "stage": {"text": f"stage.case.{slip.stage}"}}
    to = (Audience(ASKED[slip.stage]),) if slip.stage in ASKED else (case.executor,)
    told = (Notice("notice.query-slip", to, facts),)
    entry = Entry("complaint.query_sent", {"slip": slip.number, "stage": slip.stage}, "CMP-13")
    return Ruling(_with(case, replace(slip, sent_at=now)), (entry,), told)


def answer_query(case: Complaint, number: str, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Why it was late, in the department's own words; without words it is no answer (CMP-13)."""
    require(by, Deed.ANSWER_SLIP, case.ties)
    slip = _query(case, number)
    if slip.sent_at is None:
        raise Refused("slip-not-sent", rule="CMP-13", slip=slip.number)
    if slip.answer:
        raise Refused("slip-answered", rule="CMP-13", slip=slip.number)
    if not words.strip():
        raise Refused("answer-missing", rule="CMP-13")
    facts = {"number": case.number, "slip": slip.number, "by_id": by.id, "words": words}
    told = (Notice("notice.query-answered", (Audience.CASE_OFFICE,), facts),)
    entry = Entry("complaint.query_answered", {"slip": slip.number, "length": len(words)}, "CMP-13")
    return Ruling(_with(case, replace(slip, answer=words, answered_by=by.id)), (entry,), told)


def queries(case: Complaint, *, is_sent: bool) -> tuple[Slip, ...]:
    """洽辦單 that wait: to be sent by the office, or for an answer."""
    drafted = (one for one in case.slips if one.kind is SlipKind.QUERY and not one.answer)
    return tuple(one for one in drafted if (one.sent_at is not None) == is_sent)


def _query(case: Complaint, number: str) -> Slip:
    found = next((one for one in case.slips if one.number == number and one.kind is SlipKind.QUERY), None)
    if found is None:
        raise Refused("no-such-slip", rule="CMP-13", slip=number)
    return found


def _with(case: Complaint, slip: Slip) -> Complaint:
    return replace(case, slips=tuple(slip if one.number == slip.number else one for one in case.slips))
