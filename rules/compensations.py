"""What a customer is paid for harm (賠償): amount, reason, who approved it; promised to nobody before that (FEE-13)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.clocks import Clock, first_thing, promised_at
from rules.complaint_decisions import POSTS, approver_for
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.money import Money
from rules.numerals import names
from rules.orders import WorkOrder
from rules.people import Deed, Person, Role, Ties, may, on_behalf, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

_PROMISE = re.compile("賠|赔|補償|补偿|退款|退費|退费|compensat|refund|reimburs", re.IGNORECASE)
"""Words that tell a customer of money."""


class CompensationStage(StrEnum):
    """Where a compensation stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Compensation(Case):
    """How much, why, and whose authority it needs. `minor` counts smallest units; `answer` are the approver's words."""

    kind: ClassVar[str] = "compensation"
    stage: str = CompensationStage.PROPOSED
    about_number: str
    crew: tuple[int, ...] = ()
    minor: int
    currency: str
    words: str  # the reason
    by: int
    approver: str = ""
    decided_by: int | None = None
    answer: str = ""

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, self.customer, self.crew, kind=self.kind)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience(self.approver),) if self.is_open and self.approver else ()

    def seen_by(self, person: Person) -> bool:
        """Whoever sees the order; the customer not before it is approved (ROL-2)."""
        if person.id == self.customer and not person.is_staff:
            return self.stage == CompensationStage.APPROVED
        return any(may(person, one, self.ties) for one in (Deed.SEE_ORDER, Deed.DECIDE_COMPLAINT, Deed.SEE_MONEY))


def require_proposer(order: WorkOrder, by: Person) -> None:
    """Raise Refused unless somebody may propose a compensation: who works on the order, or the office."""
    require(by, Deed.RAISE_PROBLEM if by.id in order.crew else Deed.FILE_COMPLAINT, order.ties)


def propose(drafted: Compensation, order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Ruling[Compensation]:
    """Put an amount and its reason before whoever has the authority for it; the customer hears nothing yet (FEE-13)."""
    require_proposer(order, by)
    if drafted.minor <= 0 or not drafted.words.strip():
        raise Refused("compensation-incomplete", rule="FEE-13")
    approver = approver_for(drafted.money.amount, terms.policy, "service")
    proposed = replace(drafted, approver=str(approver))
    facts = {
        "number": drafted.number,
        "order": order.number,
        "amount": str(drafted.money),
        "words": drafted.words,
        "by_id": by.id,
    }
    due = first_thing(terms.calendar.local_day(now) + timedelta(days=1), terms.calendar)
    return Ruling(
        proposed, (Entry("compensation.proposed", {"amount": str(drafted.money), "approver": approver}, "FEE-13"),),
        (Notice("notice.compensation-asked", proposed.owners, facts),),
        {Clock.TASK: Deadline(promised_at(Clock.TASK, due, now, "FEE-13"))},
    )  # fmt: skip


def require_authority(case: Compensation, by: Person, policy: Policy) -> None:
    """Raise Refused for one whose authority doesn't reach so far, and for who proposed it (FEE-13, ROL-2)."""
    require_for(case, by, Deed.DECIDE_COMPLAINT)
    require_open(case)
    if by.id == case.by:
        raise Refused("not-your-own", rule="FEE-13")
    needed = POSTS.index(Role(case.approver))
    if any(by.holds(role) for role in POSTS[needed:]):
        return
    if not policy.complaint.limits and (by.holds(Role.MANAGER) or by.holds(Role.DEPUTY_GM)):
        raise Refused("limits-not-configured", rule="FEE-13")
    raise Refused("above-authority", rule="FEE-13", amount=case.money.amount, roles=[str(one) for one in POSTS[needed:]])


def approve(case: Compensation, *, by: Person, now: datetime, terms: Terms) -> Ruling[Compensation]:
    """Approved: now, and not before, the customer hears of it; the accountant pays (FEE-13)."""
    require_authority(case, by, terms.policy)
    after = replace(case, stage=CompensationStage.APPROVED, decided_by=by.id, closed_at=now)
    facts = {"number": case.number, "order": case.about_number, "amount": str(case.money), "words": case.words, "by_id": by.id}
    told = (
        Notice("notice.compensation-approved", (case.by, *case.crew), facts),
        Notice("notice.compensation-pay", (Audience.ACCOUNTANT,), facts),
        Notice("notice.compensation-customer", (Audience.CUSTOMER,), facts, with_card=False),
    )
    entry = Entry("compensation.approved", on_behalf(by, Deed.DECIDE_COMPLAINT, case.ties), "FEE-13")
    return Ruling(after, (entry,), told, {Clock.TASK: None})


def refuse(case: Compensation, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Compensation]:
    """Not approved, with a reason; the customer never hears that there was a proposal (FEE-13)."""
    require_authority(case, by, terms.policy)
    if not words.strip():
        raise Refused("reason-missing", rule="FEE-13")
    after = replace(case, stage=CompensationStage.REFUSED, decided_by=by.id, answer=words, closed_at=now)
    facts = {"number": case.number, "order": case.about_number, "words": words, "by_id": by.id}
    told = (Notice("notice.compensation-refused", (case.by,), facts),)
    return Ruling(after, (Entry("compensation.refused", {}, "FEE-13"),), told, {Clock.TASK: None})


def require_no_promise(words: str, known: Iterable[Compensation]) -> None:
    """Raise Refused when words for a customer speak of money that nobody has approved yet (FEE-13, ROL-2)."""
    words = unicodedata.normalize("NFKC", words)
    for one in known:
        if one.is_open and (_PROMISE.search(words) or names(words, one.money.amount)):
            raise Refused("promise-too-early", rule="FEE-13", number=one.number, roles=[one.approver])
