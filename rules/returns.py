"""Goods that a customer brings back to the shop: return, exchange, repair or a plain no (RET-1..12, RET-16, RET-18)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar

from rules.cases import Case, require_open
from rules.contract_dates import months_after
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.orders import FaultReport, ServiceClass
from rules.people import Deed, Person, may, on_behalf, require
from rules.policies import RetailPolicy, StatutoryPolicy
from rules.refusals import Refused
from rules.terms import Terms

_HOUSE = StatutoryPolicy()
"""The house's own rules, as a law that gives nothing more."""


class Outcome(StrEnum):
    """What a customer gets, the most first (RET-11)."""

    RETURN = "return"
    EXCHANGE = "exchange"
    REPAIR_FREE = "repair_free"
    REPAIR_PAID = "repair_paid"
    REFUSE = "refuse"
    ASK = "ask"


class Fault(StrEnum):
    """Whether it is a fault of quality, as the shop sees it."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Goods:
    """What was brought back, as it was looked at in the shop."""

    article: str
    bought_on: date
    fault: Fault
    words: str
    proof: str = ""  # photo of the receipt or invoice
    no_proof: str = ""  # why it goes without, in the superior's words
    photos: tuple[str, ...] = ()
    is_used: bool = False
    is_custom: bool = False
    is_complete: bool = True  # packaging, accessories and guarantee card
    by_customer: bool = False
    is_special: bool = False  # special offers and gifts


@dataclass(frozen=True)
class Answer:
    """The outcome with the rules that it follows from; `instead` is what remains where it is a no."""

    outcome: Outcome
    rules: tuple[str, ...]
    instead: Outcome | None = None
    law: str = ""  # the law that gave more than the house's rules (RET-16)


def decide(goods: Goods, policy: RetailPolicy, *, on: date) -> Answer:
    """What the regulations give, or the law above them where that gives the customer more (RET-16)."""
    house = _given(goods, policy, _HOUSE, on)
    if policy.statutory is None or house.outcome is Outcome.ASK:
        return house
    legal = _given(goods, policy, policy.statutory, on)
    best = list(Outcome)
    if best.index(legal.outcome) >= best.index(house.outcome):
        return house
    return replace(legal, rules=(*legal.rules, "RET-16"), law=policy.statutory.law)


def _given(goods: Goods, policy: RetailPolicy, layer: StatutoryPolicy, on: date) -> Answer:
    """What one layer gives. Boundary days fall to the customer unless the policy is strict (RET-18, X-8)."""
    tier = _tier(goods.bought_on, policy, layer, on)
    repair = Outcome.REPAIR_PAID if tier.outcome is Outcome.REPAIR_PAID else Outcome.REPAIR_FREE
    if goods.is_special and "RET-10" not in layer.lifts:
        return Answer(Outcome.REFUSE, ("RET-10",), repair if goods.fault is Fault.YES else None)
    if goods.by_customer:
        return Answer(Outcome.REFUSE, ("RET-9",), Outcome.REPAIR_PAID)
    if goods.fault is Fault.UNSURE:
        return Answer(Outcome.ASK, ("RET-11",))
    if goods.fault is Fault.NO:
        return _without_fault(goods, layer, on)
    blocks = policy.packaging_blocks_quality_claim and not goods.is_complete and "RET-8" not in layer.lifts
    if blocks and tier.outcome in (Outcome.RETURN, Outcome.EXCHANGE):
        return Answer(Outcome.REFUSE, ("RET-8",), repair)
    return tier


def _tier(bought_on: date, policy: RetailPolicy, layer: StatutoryPolicy, on: date) -> Answer:
    """A fault of quality: return to day 15, exchange before day 30, free repair before three months, then charged."""
    days, favours = (on - bought_on).days, policy.boundary == "customer_favour"
    three_months = months_after(bought_on, layer.free_months)
    if days <= layer.fault_days:
        return Answer(Outcome.RETURN, ("RET-2",))
    if days < layer.exchange_days:
        return Answer(Outcome.EXCHANGE, ("RET-3",))
    if days == layer.exchange_days and favours:
        return Answer(Outcome.EXCHANGE, ("RET-3", "RET-18"))
    if on < three_months:
        return Answer(Outcome.REPAIR_FREE, ("RET-4",))
    if on == three_months and favours:
        return Answer(Outcome.REPAIR_FREE, ("RET-4", "RET-18"))
    return Answer(Outcome.REPAIR_PAID, ("RET-5",))


def _without_fault(goods: Goods, layer: StatutoryPolicy, on: date) -> Answer:
    """Within seven days it may come back without a reason, if it can be sold again (RET-1)."""
    if goods.is_custom and "RET-7" not in layer.lifts:
        return Answer(Outcome.REFUSE, ("RET-7",))
    if goods.is_used and "RET-6" not in layer.lifts:
        return Answer(Outcome.REFUSE, ("RET-6",))
    if not goods.is_complete and "RET-8" not in layer.lifts:
        return Answer(Outcome.REFUSE, ("RET-8",))
    if (on - goods.bought_on).days <= layer.return_days:
        return Answer(Outcome.RETURN, ("RET-1",))
    return Answer(Outcome.REFUSE, ("RET-1",))


class ReturnStage(StrEnum):
    """Where it stands with the customer."""

    DECIDED = "decided"
    ASKED = "asked"  # no agreement: a superior is asked at once (RET-11)
    AGREED = "agreed"


@dataclass(frozen=True, kw_only=True)
class Return(Case):
    """One article that came back, what was decided and whether the customer agreed."""

    kind: ClassVar[str] = "return"
    stage: str = ReturnStage.DECIDED
    customer_name: str
    phone: str = ""
    goods: Goods
    answer: Answer
    by: int
    insists: str = ""  # what the customer wants instead
    overruled_by: int | None = None
    order_number: str = ""  # of the repair that it became

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.MANAGER, Audience.SUPERVISOR) if self.stage == ReturnStage.ASKED else ()

    @property
    def is_repair(self) -> bool:
        return self.answer.outcome in (Outcome.REPAIR_FREE, Outcome.REPAIR_PAID)

    @property
    def service_class(self) -> ServiceClass:
        """Inside the guarantee free, beyond it charged (TYP-2)."""
        return ServiceClass.A if self.answer.outcome is Outcome.REPAIR_PAID else ServiceClass.C

    def seen_by(self, person: Person) -> bool:
        return person.id == self.customer or may(person, Deed.TAKE_BACK_GOODS, self.ties)


def take_back(brought: Return, *, by: Person, now: datetime, terms: Terms) -> Ruling[Return]:
    """Judge what was brought (RET-11); without proof of purchase a superior does, who is asked with a reason (INT-11)."""
    require(by, Deed.TAKE_BACK_GOODS)
    goods, today = brought.goods, terms.calendar.local_day(now)
    if goods.bought_on > today:
        raise Refused("purchase-to-come", rule="RET-11")
    if not goods.proof and not goods.no_proof.strip():
        raise Refused("reason-missing", rule="INT-11")
    is_to_judge = bool(goods.proof) or may(by, Deed.DECIDE_RETURN)
    answer = decide(goods, terms.policy.retail, on=today) if is_to_judge else Answer(Outcome.ASK, ("INT-11",))
    decided = replace(brought, answer=answer)
    entry = Entry("return.decided", {"outcome": decided.answer.outcome, "rules": decided.answer.rules}, decided.answer.rules[0])
    told = _verdict(decided)
    if decided.answer.outcome is not Outcome.ASK:
        return Ruling(decided, (entry,), (told,))
    asked = replace(decided, stage=ReturnStage.ASKED)
    question = Notice("notice.return-asked", asked.owners, _facts(asked) | {"words": goods.words})
    return Ruling(asked, (entry,), (question, told))


def _verdict(case: Return) -> Notice:
    """What the customer reads of it: a no names its rule, what remains and whom to ask (RET-12)."""
    text, facts = "notice.return-decided", _facts(case)
    if case.answer.outcome is Outcome.REFUSE:
        text = "notice.return-refused"
        facts |= {"instead": {"text": f"returns.instead.{case.answer.instead or 'none'}"}}
    elif case.answer.outcome is Outcome.ASK:
        text = "notice.return-unproven" if case.answer.rules == ("INT-11",) else "notice.return-asking"
    return Notice(text, (Audience.CUSTOMER,), facts, is_must=False)


def insist(case: Return, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Return]:
    """The customer does not agree: the superior is asked at once (RET-11, ESC-9)."""
    require(by, Deed.TAKE_BACK_GOODS, case.ties)
    _require_at(case, ReturnStage.DECIDED)
    if not words.strip():
        raise Refused("words-missing", rule="RET-11")
    asked = replace(case, stage=ReturnStage.ASKED, insists=words)
    told = Notice("notice.return-insists", asked.owners, _facts(case) | {"words": words}, is_urgent=True)
    return Ruling(asked, (Entry("return.insisted", {}, "ESC-9"),), (told,))


def overrule(case: Return, outcome: Outcome, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Return]:
    """The superior's word, with a reason; a no is never vague (RET-11, RET-12). Never on one's own case."""
    require(by, Deed.DECIDE_RETURN, case.ties)
    _require_at(case, ReturnStage.ASKED)
    if by.id == case.by:
        raise Refused("not-your-own", rule="CLS-5")
    if not words.strip():
        raise Refused("refusal-needs-reason", rule="RET-12")
    answer = Answer(outcome, case.answer.rules)
    decided = replace(case, stage=ReturnStage.DECIDED, answer=answer, overruled_by=by.id, insists=case.insists)
    entry = Entry("return.overruled", {"outcome": outcome} | on_behalf(by, Deed.DECIDE_RETURN, case.ties), "RET-11")
    facts = _facts(decided) | {"words": words}
    told = (Notice("notice.return-word", (case.by,), facts), Notice("notice.return-answer", (Audience.CUSTOMER,), facts))
    return Ruling(decided, (entry,), told)


def agree(case: Return, order_number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Return]:
    """The customer agrees; a repair goes on as a work order (RET-11)."""
    require(by, Deed.TAKE_BACK_GOODS, case.ties)
    _require_at(case, ReturnStage.DECIDED)
    done = replace(case, stage=ReturnStage.AGREED, order_number=order_number, closed_at=now)
    return Ruling(done, (Entry("return.agreed", {"order": order_number}, "RET-11"),))


def repair_of(case: Return, shop: str) -> FaultReport:
    """The call that a repair begins with; the article is in the shop."""
    return FaultReport(
        customer_name=case.customer_name, phone=case.phone, address=shop, model=case.goods.article,
        contact=case.customer_name, fault=case.goods.words, photos=case.goods.photos,
    )  # fmt: skip


def _require_at(case: Return, stage: ReturnStage) -> None:
    require_open(case)
    if case.stage != stage:
        raise Refused("return-decided", rule="RET-11", number=case.number)


def _facts(case: Return) -> dict[str, Any]:
    return {
        "number": case.number, "article": case.goods.article, "outcome": {"text": f"returns.outcome.{case.answer.outcome}"},
        "grounds": [{"text": f"returns.ground.{rule.lower()}"} for rule in case.answer.rules],
    }  # fmt: skip
