"""Allowance certificates and return slips, as records with their checks (CMP-21..23)."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from rules.case_papers import slip_of
from rules.complaint_decisions import require_authority
from rules.complaint_records import Handling, Paper
from rules.complaints import Complaint
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

COPIES = {
    Handling.ALLOWANCE: ("sales", "accounting"),
    Handling.RETURN: ("sales", "finished_goods", "accounting", "sales"),
    Handling.REWORK: ("sales", "finished_goods", "accounting", "sales"),
}
"""Who keeps which copy (CMP-21)."""


def write_paper(
    case: Complaint, handling: Handling, approved: Decimal, reason: str, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """An allowance certificate (銷貨折讓證明單) or a return slip (成品退貨單): never before the case is decided (CMP-21)."""
    require(by, Deed.WRITE_PAPER, case.ties)
    if not case.is_decided:
        raise Refused("not-decided-yet", rule="CMP-21", number=case.number)
    if handling not in COPIES:
        raise Refused("no-paper-for-this", rule="CMP-21")
    if handling is not Handling.ALLOWANCE and not case.form.is_determined:
        raise Refused("quantity-undetermined", rule="CMP-4", offer="quantity")
    if approved <= 0 or not reason.strip():
        raise Refused("paper-incomplete", rule="CMP-21")
    if handling is Handling.ALLOWANCE and case.opinion is not None and approved > case.opinion.amount:
        raise Refused("above-decision", rule="CMP-21", amount=case.opinion.amount)
    number = f"{case.number}-P{len(case.papers) + 1}"
    paper = Paper(number, handling, approved, reason, COPIES[handling], now, by.id)
    to: tuple[Audience | int, ...] = (by.id, Audience.ACCOUNTANT)
    to += () if handling is Handling.ALLOWANCE else (Audience.WAREHOUSE,)
    facts = {"number": case.number, "paper": number, "handling": {"text": f"handling.{handling}"}, "approved": approved}
    entry = Entry("paper.written", {"paper": number, "handling": handling}, "CMP-21")
    told = Notice("notice.paper", to, facts, papers=(slip_of(case.id, number),))
    return Ruling(replace(case, papers=(*case.papers, paper)), (entry,), (told,))


def compare(approved: Decimal, received: Decimal, policy: Policy) -> str:
    """ok: at most what was approved; tolerance: more, within what the customer granted at the order; ask: beyond it (CMP-22).

    What is ok and within tolerance is booked by what actually came.
    """
    if received <= approved:
        return "ok"
    most = approved * (1 + policy.complaint.return_tolerance_percent / 100)
    return "tolerance" if received <= most else "ask"


def receive(case: Complaint, number: str, received: Decimal, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The store counts what came back, and signs only what matches; beyond the tolerance it asks first (CMP-22)."""
    require(by, Deed.RECEIVE_GOODS, case.ties)
    paper = _paper(case, number)
    if paper.handling is Handling.ALLOWANCE:
        raise Refused("no-goods-here", rule="CMP-22")
    if paper.match in ("ok", "tolerance", "decided"):
        raise Refused("goods-received", rule="CMP-22", paper=number)
    match = compare(paper.approved, received, terms.policy)
    facts = {"number": case.number, "paper": number, "approved": paper.approved, "received": received}
    decider = case.verdict.by if case.verdict else Audience.MANAGER
    told = (Notice("notice.return-differs", (Audience.SALES, decider), facts),) if match == "ask" else ()
    entry = Entry("paper.received", {"paper": number, "match": match}, "CMP-22")
    return Ruling(_with(case, replace(paper, received=received, match=match)), (entry,), told)


def let_stand(case: Complaint, number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The instruction that a quantity beyond the tolerance is taken as it came (CMP-22)."""
    require_authority(case, by, terms.policy)
    paper = _paper(case, number)
    if paper.match != "ask":
        raise Refused("nothing-to-decide", rule="CMP-22", paper=number)
    told = (
        Notice("notice.return-stands", (Audience.WAREHOUSE, Audience.ACCOUNTANT), {"number": case.number, "paper": number}),
    )
    entry = Entry("paper.let_stand", {"paper": number}, "CMP-22")
    return Ruling(_with(case, replace(paper, match="decided")), (entry,), told)


def prove(
    case: Complaint, number: str, proof: str, photo: str, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """The customer's proof for the books: one of the listed kinds, with its picture (CMP-23, X-15)."""
    require(by, Deed.WRITE_PAPER, case.ties)
    paper = _paper(case, number)
    kinds = proofs_for(paper, terms.policy)
    if proof not in kinds:
        raise Refused("no-such-proof", rule="CMP-23", kinds=list(kinds))
    if not photo:
        raise Refused("proof-needs-picture", rule="CMP-23")
    entry = Entry("paper.proved", {"paper": number, "proof": proof}, "CMP-23")
    return Ruling(_with(case, replace(paper, proof=proof, proof_photo=photo)), (entry,))


def proofs_for(paper: Paper, policy: Policy) -> tuple[str, ...]:
    """Which proofs the books take for a paper (CMP-23)."""
    own = policy.complaint
    return own.allowance_proofs if paper.handling is Handling.ALLOWANCE else own.return_proofs


def _paper(case: Complaint, number: str) -> Paper:
    found = next((one for one in case.papers if one.number == number), None)
    if found is None:
        raise Refused("no-such-paper", rule="CMP-21", paper=number)
    return found


def _with(case: Complaint, paper: Paper) -> Complaint:
    return replace(case, papers=tuple(paper if one.number == paper.number else one for one in case.papers))
