"""Which class of service an order is, A to D: as it follows by itself, confirmed, or overridden with consent (TYP-1, WAR-1)."""

from dataclasses import replace
from datetime import date, datetime

from rules.decisions import Audience, Decision, Entry, Notice
from rules.money import Dues
from rules.orders import ClassRequest, ServiceClass, Stage, Step, WorkOrder
from rules.people import Deed, Person, may, on_behalf, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms
from rules.warranty import Proposal, Verdict, propose

_OVER = frozenset({Stage.ARCHIVED, Stage.CANCELLED, Stage.SOLVED_REMOTELY})


def after_step(order: WorkOrder, step: Step, *, now: datetime, terms: Terms) -> tuple[WorkOrder, list[Entry], list[Notice]]:
    """What follows from a step that was saved: the class, and who has to hear of it (TYP-1, WAR-1, WAR-2).

    What somebody has said stands; a doubt that comes up later is put to the supervisor.
    """
    if step not in (Step.LOOK, Step.CHECK) or order.contract is not None or order.class_by is not None:
        return order, [], []
    found = propose(order, terms.policy, on=terms.calendar.local_day(now))
    was_told = step is Step.CHECK and order.service_class is None
    if Step.LOOK not in order.findings or (found.service_class is order.service_class and (found.service_class or was_told)):
        return order, [], []
    if found.service_class is None or order.dues != Dues():
        told = [] if order.found(Step.LOOK).get("tampered") else [_to_decide(order, found)]
        return order, [Entry("class.open", {"verdict": found.verdict}, "WAR-1")], told
    entry = Entry("order.classed", {"class": found.service_class, "verdict": found.verdict}, "TYP-1")
    return replace(order, service_class=found.service_class), [entry], _outside(order, found.service_class)


def _to_decide(order: WorkOrder, found: Proposal) -> Notice:
    facts = {"number": order.number, "grounds": list(found.grounds)}
    return Notice("notice.class-to-decide", (Audience.SUPERVISOR,), facts)


def _outside(order: WorkOrder, now_is: ServiceClass) -> list[Notice]:
    """Outside the guarantee the customer hears so at once (WAR-2); what it costs follows as a quote (FEE-5)."""
    if now_is is not ServiceClass.A or order.service_class is ServiceClass.A:
        return []
    return [Notice("notice.outside-guarantee", (Audience.CUSTOMER,), {"number": order.number})]


def chosen_from(order: WorkOrder, policy: Policy) -> tuple[ServiceClass, ...]:
    """Classes that an order may be: B under a contract, D where it is our own work, A only in lines that charge (X-25)."""
    wanted = [ServiceClass.A, ServiceClass.C]
    wanted += [ServiceClass.B] if order.contract is not None else []
    wanted += [ServiceClass.D] if order.follows else []
    return tuple(one for one in wanted if str(one) in policy.fees.types)


def note_purchase(order: WorkOrder, day: date, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """When it was bought, from the guarantee card or the receipt; the class follows if it was looked at already (WAR-1)."""
    require(by, Deed.CLASSIFY, order.ties)
    _require_changeable(order, by)
    if day > terms.calendar.local_day(now):
        raise Refused("purchase-to-come", rule="WAR-1")
    noted = replace(order, purchased_on=day)
    after, entries, notices = after_step(noted, Step.LOOK, now=now, terms=terms)
    return Decision(after, (Entry("purchase.noted", {"on": day}, "WAR-1"), *entries), tuple(notices))


def classify(order: WorkOrder, wanted: ServiceClass, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Say which class it is (TYP-1). What differs from the proposal needs the supervisor's word, and a reason."""
    require(by, Deed.CLASSIFY, order.ties)
    _require_changeable(order, by)
    if wanted not in chosen_from(order, terms.policy):
        raise Refused("class-off", rule="X-25", wanted=str(wanted))
    found = propose(order, terms.policy, on=terms.calendar.local_day(now))
    differs = wanted is not found.service_class or (order.class_by is not None and wanted is not order.service_class)
    if differs and not reason.strip():
        raise Refused("reason-missing", rule="TYP-1")
    if wanted is not ServiceClass.A:
        _require_no_money(order)
    if differs and not may(by, Deed.DECIDE_CLASS, order.ties):
        facts = {"number": order.number, "by_id": by.id, "wanted": {"text": f"class.{wanted}"}, "reason": reason}
        facts |= {"grounds": list(found.grounds)}
        return Decision(
            replace(order, class_request=ClassRequest(wanted, reason, by.id)),
            (Entry("class.asked", {"wanted": wanted}, "TYP-1"),),
            (Notice("notice.class-asked", (Audience.SUPERVISOR,), facts),),
        )
    return _set(order, wanted, found.verdict, reason, by)


def decide_class(order: WorkOrder, is_granted: bool, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The supervisor's word on a class that differs from the proposal; never on one's own request (TYP-1, WAR-3)."""
    require(by, Deed.DECIDE_CLASS, order.ties)
    asked = order.class_request
    if asked is None:
        raise Refused("class-not-asked", rule="TYP-1")
    if by.id == asked.by:
        raise Refused("not-your-own", rule="CLS-5")
    if is_granted:
        return _set(order, asked.wanted, Verdict.UNCLEAR, asked.reason, by)
    facts = {"number": order.number, "wanted": {"text": f"class.{asked.wanted}"}}
    return Decision(
        replace(order, class_request=None),
        (Entry("class.refused", {"wanted": asked.wanted}, "TYP-1"),),
        (Notice("notice.class-refused", (asked.by,), facts),),
    )


def _set(order: WorkOrder, wanted: ServiceClass, verdict: Verdict, reason: str, by: Person) -> Decision:
    entry = Entry(
        "order.classed", {"class": wanted, "was": order.service_class, "verdict": verdict, "reason": reason}
        | on_behalf(by, Deed.CLASSIFY, order.ties), "TYP-1",
    )  # fmt: skip
    facts = {"number": order.number, "class": {"text": f"class.{wanted}"}}
    told = [Notice("notice.classed", tuple(one for one in order.crew if one != by.id), facts, is_must=False)]
    set_ = replace(order, service_class=wanted, class_by=by.id, class_request=None)
    return Decision(set_, (entry,), (*told, *_outside(order, wanted)))


def _require_changeable(order: WorkOrder, by: Person) -> None:
    """After approval only the supervisor changes it; what is archived stays (TYP-1, REC-1)."""
    if order.stage in _OVER:
        raise Refused("stage-passed", rule="REC-1", stage=str(order.stage))
    if order.stage is Stage.APPROVED:
        require(by, Deed.DECIDE_CLASS, order.ties)


def _require_no_money(order: WorkOrder) -> None:
    """What was agreed on or paid for can't become free by a word: the quote is taken back first (FEE-8)."""
    if order.dues.paid:
        raise Refused("receipt-issued", rule="FEE-8")
    if order.dues.agreed or order.dues.waiting:
        raise Refused("quote-stands", rule="FEE-4")
