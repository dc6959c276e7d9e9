"""Getting somebody on the way: dispatch, acceptance, preparation, departure (DSP, PRE)."""

from dataclasses import replace
from datetime import datetime, timedelta

from rules.clocks import Clock, limits_on_dispatch, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.intake import missing
from rules.orders import BEFORE_ARRIVAL, ON_SITE, PAUSED, UNDISPATCHED, Stage, WorkOrder, require_stage, step_to
from rules.people import Deed, Person, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

DISPATCHABLE = UNDISPATCHED | BEFORE_ARRIVAL | PAUSED


def dispatch(
    order: WorkOrder,
    crew: tuple[int, ...],
    *,
    lead: int | None = None,
    briefing: str = "",
    passed_over: tuple[str, ...] = (),
    reason: str = "",
    by: Person,
    now: datetime,
    terms: Terms,
) -> Decision:
    """Send somebody (DSP-1), or somebody else. `passed_over` are carried-over orders that ought to go first (DSP-2)."""
    require(by, Deed.DISPATCH, order.ties)
    if order.stage not in DISPATCHABLE:
        raise Refused("stage-passed", rule="24", stage=str(order.stage))
    lacking = missing(order.report, terms.policy)
    if lacking:
        raise Refused("call-incomplete", rule="INT-1", offer="ask_back", missing=[{"text": f"field.{one}"} for one in lacking])
    if not crew:
        raise Refused("crew-missing", rule="DSP-1")
    lead = crew[0] if len(crew) == 1 else lead
    if lead not in crew:
        raise Refused("leader-missing", rule="DSP-5")
    if passed_over and not reason:
        raise Refused("carried-over-first", rule="DSP-2", numbers=list(passed_over))
    limits = limits_on_dispatch(order.report.facts(), terms.policy)
    sent = replace(
        order,
        stage=Stage.ASSIGNED,
        crew=crew,
        lead=lead,
        offered_to=(),
        briefing=briefing,
        dispatched_at=now,
        dispatched_by=by.id,
        accepted_at=None,
        departed_at=None,
        arrived_at=None,
        checklist=(),
        questions="",
    )
    told = [
        Notice("notice.assigned", crew, {"number": order.number}, photos=order.report.photos, voices=order.report.voices,
               is_urgent=order.report.is_urgent),
        Notice("notice.technician-named", (Audience.CUSTOMER,), {"number": order.number, "technician_id": lead}),
    ]  # fmt: skip
    off = tuple({*order.crew, *order.offered_to} - set(crew))
    if off:
        told.append(Notice("notice.taken-off", off, {"number": order.number}, with_card=False))
    clocks: dict[str, Deadline | None] = {Clock.DISPATCH: None}
    clocks |= {clock: Deadline(promise(clock, limit, now, terms.calendar)) for clock, limit in limits.items()}
    entry = Entry("order.dispatched", {"crew": crew, "lead": lead, "passed_over": len(passed_over)}, "DSP-1")
    return Decision(sent, (entry,), tuple(told), clocks)


def offer(order: WorkOrder, people: tuple[int, ...], *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Put an order up for whoever takes it first (pool)."""
    require(by, Deed.OFFER, order.ties)
    require_stage(order, *UNDISPATCHED)
    lacking = missing(order.report, terms.policy)
    if lacking:
        raise Refused("call-incomplete", rule="INT-1", offer="ask_back", missing=[{"text": f"field.{one}"} for one in lacking])
    if not people:
        raise Refused("crew-missing", rule="DSP-1")
    stage = Stage.QUEUED if order.stage in (Stage.REGISTERED, Stage.NEEDS_CLARIFICATION) else order.stage
    return Decision(
        replace(order, offered_to=people, stage=stage, dispatched_by=by.id),
        (Entry("order.offered", {"to": people}, "DSP-11"),),
        (Notice("notice.offered", people, {"number": order.number}, is_urgent=order.report.is_urgent),),
    )


def take(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The first acceptance of an offer wins; exactly one, since the order's version is compared when it is stored."""
    if by.id not in order.offered_to and order.crew:
        raise Refused("offer-gone", rule="DSP-11")
    require(by, Deed.TAKE_OFFER, order.ties)
    if not order.offered_to:
        raise Refused("offer-gone", rule="DSP-11")
    others = tuple(person for person in order.offered_to if person != by.id)
    taken = replace(
        order,
        stage=step_to(order, Stage.ACCEPTED),
        crew=(by.id,),
        lead=by.id,
        offered_to=(),
        dispatched_at=now,
        accepted_at=now,
    )
    told = [
        Notice("notice.offer-taken-by", (Audience.SUPERVISOR,), {"number": order.number, "technician_id": by.id}),
        Notice("notice.technician-named", (Audience.CUSTOMER,), {"number": order.number, "technician_id": by.id}),
    ]
    if others:
        told.append(Notice("notice.offer-gone", others, {"number": order.number, "technician_id": by.id}))
    clocks: dict[str, Deadline | None] = {Clock.DISPATCH: None}
    limits = limits_on_dispatch(order.report.facts(), terms.policy)
    limits.pop(Clock.ACCEPTANCE)
    clocks |= {clock: Deadline(promise(clock, limit, now, terms.calendar)) for clock, limit in limits.items()}
    return Decision(taken, (Entry("order.taken", {"by": by.id}, "DSP-11"),), tuple(told), clocks)


def accept(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Take the outside-work order formally (DSP-6)."""
    if by.id in order.offered_to or (not order.crew and order.declined_by == ()):
        return take(order, by=by, now=now, terms=terms)
    require(by, Deed.ACCEPT, order.ties)
    require_stage(order, Stage.ASSIGNED)
    return Decision(
        replace(order, stage=Stage.ACCEPTED, accepted_at=now),
        (Entry("order.accepted", {}, "DSP-6"),),
        (Notice("notice.accepted", (Audience.SUPERVISOR,), {"number": order.number, "technician_id": by.id}, is_must=False),),
        {Clock.ACCEPTANCE: None},
    )


def decline(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Say no with a reason; the order goes back to the queue, and two refusals are the supervisor's affair (DSP-1, DSP-12)."""
    require(by, Deed.DECLINE, order.ties)
    require_stage(order, Stage.ASSIGNED, Stage.ACCEPTED, Stage.PREPARING)
    if not reason:
        raise Refused("reason-missing", rule="DSP-12")
    declined = tuple(dict.fromkeys((*order.declined_by, by.id)))
    back = replace(order, stage=Stage.QUEUED, crew=(), lead=None, accepted_at=None, declined_by=declined)
    text = "notice.declined-often" if len(declined) >= terms.policy.dispatch.declines_alert else "notice.declined"
    facts = {"number": order.number, "technician_id": by.id, "reason": reason}
    return Decision(
        back,
        (Entry("order.declined", {"n": len(declined)}, "DSP-12"),),
        (Notice(text, (Audience.SUPERVISOR,), facts),),
        {Clock.ACCEPTANCE: None},
    )


def object_to(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Voice disagreement; the assignment stays in force until the supervisor decides (ROL-7)."""
    require(by, Deed.OBJECT, order.ties)
    if not reason:
        raise Refused("reason-missing", rule="ROL-7")
    facts = {"number": order.number, "technician_id": by.id, "reason": reason}
    return Decision(
        order,
        (Entry("order.objected", {}, "ROL-7"),),
        (Notice("notice.objected", (Audience.SUPERVISOR,), facts),),
    )


def required_items(policy: Policy) -> tuple[str, ...]:
    """What has to be ticked before departure (PRE-1)."""
    return policy.departure.required


def tick(order: WorkOrder, item: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Tick an item of the pre-departure list, or take the tick back (PRE-1). The first tick means: preparing."""
    require(by, Deed.PREPARE, order.ties)
    require_stage(order, Stage.ACCEPTED, Stage.PREPARING)
    if item not in required_items(terms.policy):
        raise Refused("no-such-item", rule="PRE-1")
    ticked = item not in order.checklist
    items = (*order.checklist, item) if ticked else tuple(one for one in order.checklist if one != item)
    return Decision(
        replace(order, checklist=items, stage=Stage.PREPARING),
        (Entry("checklist.ticked" if ticked else "checklist.unticked", {"entry": item}, "PRE-1"),),
    )


def called_user(order: WorkOrder, reached: bool, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The technician's own call before leaving (PRE-2). Not reached twice: the clerk hears of it."""
    require(by, Deed.PREPARE, order.ties)
    require_stage(order, Stage.ACCEPTED, Stage.PREPARING)
    items = tuple(dict.fromkeys((*order.checklist, "called_user")))
    if reached:
        return Decision(
            replace(order, checklist=items, stage=Stage.PREPARING), (Entry("user.called", {"reached": True}, "PRE-2"),)
        )
    tries = int(order.overrides.get("calls", "0")) + 1
    tried = replace(order, overrides={**order.overrides, "calls": str(tries)}, stage=Stage.PREPARING)
    facts = {"number": order.number, "technician_id": by.id, "tries": tries}
    told = (Notice("notice.user-not-reached", (Audience.CLERK,), facts),) if tries >= 2 else ()
    if tries >= 2:
        tried = replace(tried, checklist=items)
    return Decision(tried, (Entry("user.called", {"reached": False, "tries": tries}, "PRE-2"),), told)


def override(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Go without what is missing, for a reason that the supervisor sees (DESIGN 10.3)."""
    require(by, Deed.PREPARE, order.ties)
    require_stage(order, Stage.ACCEPTED, Stage.PREPARING)
    if not reason:
        raise Refused("reason-missing", rule="PRE-1")
    left = unticked(order, terms.policy)
    skipped = {**order.overrides, **dict.fromkeys(left, reason)}
    facts = {"number": order.number, "reason": reason, "missing": [{"text": f"checklist.{one}"} for one in left]}
    return Decision(
        replace(order, overrides=skipped, stage=Stage.PREPARING),
        (Entry("checklist.overridden", {"items": left}, "PRE-1"),),
        (Notice("notice.checklist-skipped", (Audience.SUPERVISOR,), facts | {"technician_id": by.id}, is_must=False),),
    )


def unticked(order: WorkOrder, policy: Policy) -> tuple[str, ...]:
    """Required items that are neither ticked nor overridden."""
    return tuple(one for one in required_items(policy) if one not in order.checklist and one not in order.overrides)


def depart(order: WorkOrder, eta: timedelta | None = None, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """On the way (PRE-1, PRE-3): refused while required items are open, and the customer hears who is coming."""
    require(by, Deed.DEPART, order.ties)
    require_stage(order, Stage.ACCEPTED, Stage.PREPARING)
    left = unticked(order, terms.policy)
    if left:
        raise Refused("checklist-open", rule="PRE-1", offer="prepare", missing=[{"text": f"checklist.{one}"} for one in left])
    text, facts = "notice.on-the-way", {"number": order.number, "technician_id": by.id}
    if eta is not None:
        text, facts = "notice.on-the-way-eta", facts | {"eta": now + eta}
    return Decision(
        replace(order, stage=Stage.EN_ROUTE, departed_at=now),
        (Entry("order.departed_for_customer", {}, "PRE-3"),),
        (Notice(text, (Audience.CUSTOMER,), facts),),
    )


def is_under_way(order: WorkOrder) -> bool:
    """Whether a technician has it in hand now; what is said without naming an order is about such a one."""
    return order.stage in ON_SITE or order.stage in (Stage.EN_ROUTE, Stage.FINISHED, Stage.SIGNED)
