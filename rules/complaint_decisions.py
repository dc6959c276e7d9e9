"""What is proposed, who may decide it, and what the customer is told (CMP-8..10, CMP-15, CMP-18, CMP-19, CMP-31, ROL-2)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from rules.case_papers import letter_of
from rules.clocks import Clock
from rules.complaint_clocks import none_of_them
from rules.complaint_closing import close_form
from rules.complaint_intake import enter
from rules.complaint_records import Answer, CaseStage, Objection, Opinion, Outcome, Verdict
from rules.complaint_stages import hand_on
from rules.complaints import Complaint, require_stage
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, Role, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

POSTS = (Role.SUPERVISOR, Role.MANAGER, Role.DEPUTY_GM, Role.GM)
"""Who decides, from the least authority to the greatest (CMP-9)."""
_CUSTOMERS = (Audience.CUSTOMER,)


def approver_for(amount: Decimal, policy: Policy, route: str = "product") -> Role:
    """The least post that may decide an amount (ROL-2). What costs nothing the manager decides, of service the usual approver.

    Limits are the company's own table; where it says nothing, nobody but the GM is guessed to have the authority.
    """
    if amount <= 0:
        return Role(policy.approver.default) if route == "service" else Role.MANAGER
    limits = policy.complaint.limits
    limited = (post for post in (Role.MANAGER, Role.DEPUTY_GM) if post.value in limits)
    return next((post for post in limited if amount <= limits[post.value]), Role.GM)  # type: ignore[index]


def synthesise(case: Complaint, opinion: Opinion, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The GM office weighs both sides' opinions and sends them up by authority, within a day (CMP-9, SLA-22)."""
    require(by, Deed.SYNTHESISE, case.ties)
    require_stage(case, CaseStage.SYNTHESIS)
    return _propose(case, opinion, by=by, now=now, terms=terms)


def handle(case: Complaint, opinion: Opinion, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The service department's proposal on a complaint about service, after the visit (SUR-4, X-21)."""
    require(by, Deed.HANDLE_COMPLAINT, case.ties)
    require_stage(case, CaseStage.HANDLING)
    return _propose(case, opinion, by=by, now=now, terms=terms)


def _propose(case: Complaint, opinion: Opinion, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    _check(case, opinion)
    approver = approver_for(opinion.amount, terms.policy, case.route)
    proposed = replace(case, opinion=replace(opinion, by=by.id), approver=str(approver))
    ruling = hand_on(proposed, {"outcome": opinion.outcome, "handling": opinion.handling}, by=by, now=now, terms=terms)
    entry = Entry("complaint.proposed", {"outcome": opinion.outcome, "approver": approver}, "CMP-9")
    return replace(ruling, journal=(*ruling.journal, entry))


def _check(case: Complaint, opinion: Opinion) -> None:
    """What a proposal needs before it goes up (CMP-4, CMP-10, CMP-31)."""
    if not opinion.analysis.strip() or not opinion.answer.strip():
        raise Refused("opinion-incomplete", rule="CMP-9")
    if opinion.outcome is not Outcome.UPHELD and not opinion.reason.strip():
        raise Refused("refusal-needs-reason", rule="CMP-31")
    if opinion.outcome is not Outcome.UPHELD and opinion.amount > 0:
        raise Refused("nothing-is-owed", rule="CMP-19")
    if opinion.shares and sum(share.percent for share in opinion.shares) != 100:
        raise Refused("shares-not-whole", rule="CMP-10", total=sum(share.percent for share in opinion.shares))
    if opinion.remedy and not opinion.remedy_due_on:
        raise Refused("remedy-needs-date", rule="CMP-10")


def require_authority(case: Complaint, by: Person, policy: Policy) -> Role:
    """The post in which somebody decides. Raises Refused for one whose authority doesn't reach so far (ROL-2)."""
    require(by, Deed.DECIDE_COMPLAINT, case.ties)
    needed = POSTS.index(Role(case.approver or Role.GM))
    held = [role for role in POSTS if by.holds(role)]
    able = [role for role in held if POSTS.index(role) >= needed]
    if able:
        return able[0]
    if not policy.complaint.limits and set(held) & {Role.MANAGER, Role.DEPUTY_GM}:
        raise Refused("limits-not-configured", rule="ROL-2")
    amount = case.opinion.amount if case.opinion else Decimal(0)
    raise Refused("above-authority", rule="ROL-2", amount=amount, roles=[str(role) for role in POSTS[needed:]])


def decide(case: Complaint, remark: str = "", *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Decided by authority: the form is closed, its copies go out, late stages are to be asked why (CMP-7, CMP-13, CMP-14)."""
    post = require_authority(case, by, terms.policy)
    require_stage(case, CaseStage.DECISION)
    assert case.opinion is not None  # nothing comes up for decision without one
    left = replace(case, verdict=Verdict(by.id, str(post), now, remark))
    ruling = hand_on(left, {"remark": bool(remark)}, by=by, now=now, terms=terms)
    closed, told = close_form(ruling.after, now, terms.policy)
    facts = {"outcome": case.opinion.outcome, "post": post, "n_late": len(closed.slips) - len(case.slips)}
    entry = Entry("complaint.decided", facts, "CMP-7")
    return Ruling(closed, (*ruling.journal, entry), (*ruling.notices, *told), ruling.deadlines | {Clock.CASE: None})  # type: ignore[operator]


def send_back(case: Complaint, reason: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """Not decided like this: back to whoever proposed it, with a reason; the case's own date does not move (CMP-12)."""
    require_authority(case, by, terms.policy)
    require_stage(case, CaseStage.DECISION)
    if not reason.strip():
        raise Refused("reason-missing", rule="CMP-7")
    stage = CaseStage.SYNTHESIS if case.route == "product" else CaseStage.HANDLING
    here = replace(case.passages[-1], left_at=now, by=by.id, output={"sent_back": reason})
    after, clocks = enter(replace(case, passages=(*case.passages[:-1], here), approver=""), stage, now, terms)
    told = (Notice("notice.complaint-sent-back", after.owners, {"number": case.number, "reason": reason, "by_id": by.id}),)
    return Ruling(after, (Entry("complaint.sent_back", {}, "CMP-7"),), told, {Clock.APPROVAL: None} | clocks)


def answer(case: Complaint, words: str, medium: str = "chat", *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The customer is answered, after the decision and never before, and never with the form itself (ROL-2, CMP-17).

    A serious complaint's answer is a letter as well (SUR-7, X-28).
    """
    require(by, Deed.ANSWER_COMPLAINT, case.ties)
    if not case.is_decided:
        raise Refused("not-decided", rule="ROL-2", number=case.number)
    require_stage(case, CaseStage.EXECUTION)
    if not words.strip():
        raise Refused("answer-missing", rule="ROL-2")
    letter = (letter_of(case.id),) if case.is_serious else ()
    told = [Notice("notice.complaint-answer", _CUSTOMERS, {"number": case.number, "answer": words}, papers=letter)]
    if medium != "chat":  # who wrote it prints the letter and sends it
        told = [Notice("notice.complaint-letter", (by.id,), {"number": case.number}, papers=letter)] if letter else []
    answered = replace(case, answer=Answer(words, medium, by.id, now))
    entry = Entry("complaint.answered", {"medium": medium, "length": len(words)}, "CMP-8")
    return Ruling(answered, (entry,), tuple(told))


def settle(
    case: Complaint, is_accepted: bool, words: str = "", *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """The customer takes the result, or doesn't: then this case stays closed as it is and a new one follows (CMP-15)."""
    require(by, Deed.ACCEPT_RESULT if by.id == case.customer else Deed.ANSWER_COMPLAINT, case.ties)
    require_stage(case, CaseStage.EXECUTION)
    if case.answer is None:
        raise Refused("not-answered", rule="CMP-15", number=case.number)
    if not is_accepted and not words.strip():
        raise Refused("reason-missing", rule="CMP-15")
    here = replace(case.passages[-1], left_at=now, by=by.id, output={"is_accepted": is_accepted})
    closed = replace(
        case,
        stage=CaseStage.CLOSED,
        closed_at=now,
        result="accepted" if is_accepted else "not_accepted",
        objection_words=words,
        passages=(*case.passages[:-1], here),
    )
    facts = {"number": case.number, "words": words}
    told = (Notice(f"notice.complaint-{closed.result}", (case.executor, Audience.MANAGER), facts),)
    entry = Entry("complaint.closed", {"is_accepted": is_accepted}, "CMP-15")
    return Ruling(closed, (entry,), told, none_of_them())


def object_to(case: Complaint, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """A department's memo against the decision: to the approver; execution goes on unless it is upheld (CMP-18)."""
    require(by, Deed.OBJECT_TO_DECISION, case.ties)
    if case.verdict is None:
        raise Refused("not-decided-yet", rule="CMP-18", number=case.number)
    if not words.strip():
        raise Refused("reason-missing", rule="CMP-18")
    memo = Objection(by.id, words, now)
    told = (Notice("notice.complaint-objection", (case.verdict.by,), {"number": case.number, "by_id": by.id, "words": words}),)
    entry = Entry("complaint.objected", {"n": len(case.objections) + 1}, "CMP-18")
    return Ruling(replace(case, objections=(*case.objections, memo)), (entry,), told)


def rule_on_objection(case: Complaint, is_upheld: bool, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The approver's word on a memo; upheld, an open case goes back to be proposed anew (CMP-18)."""
    post = require_authority(case, by, terms.policy)
    waiting = [n for n, one in enumerate(case.objections) if one.is_upheld is None]
    if not waiting:
        raise Refused("no-objection", rule="CMP-18", number=case.number)
    n = waiting[0]
    memo = replace(case.objections[n], is_upheld=is_upheld, decided_by=by.id)
    ruled = replace(case, objections=(*case.objections[:n], memo, *case.objections[n + 1 :]))
    facts = {"number": case.number, "verdict": {"text": "word.yes" if is_upheld else "word.no"}, "by_id": by.id}
    told: tuple[Notice, ...] = (Notice("notice.complaint-objection-ruled", (memo.by,), facts),)
    entry = Entry("complaint.objection_ruled", {"is_upheld": is_upheld, "post": post}, "CMP-18")
    if not is_upheld or ruled.stage is not CaseStage.EXECUTION or ruled.answer is not None:
        return Ruling(ruled, (entry,), told)
    stage = CaseStage.SYNTHESIS if case.route == "product" else CaseStage.HANDLING
    here = replace(ruled.passages[-1], left_at=now, by=by.id, output={"objection": True})
    again = replace(ruled, passages=(*ruled.passages[:-1], here), verdict=None, approver="", copies=())
    after, clocks = enter(again, stage, now, terms)
    turn = {"number": case.number, "stage": {"text": f"stage.case.{stage}"}}
    told += (Notice("notice.complaint-stage", after.owners, turn),)
    return Ruling(after, (entry,), told, {Clock.EXECUTION: None} | clocks)


def collect_on(case: Complaint) -> bool:
    """Not upheld or refused: receivables are collected on the usual terms, which is somebody's task with a date (CMP-19)."""
    return case.is_decided and case.opinion is not None and case.opinion.outcome is not Outcome.UPHELD


def remedy_due(case: Complaint) -> date | None:
    """By when the improvement of a decided case has to be made; None where none is tracked (CMP-10)."""
    found = case.opinion.remedy_due_on if case.opinion and case.is_decided else ""
    return date.fromisoformat(found) if found else None
