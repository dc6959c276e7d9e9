"""Getting somebody on the way: dispatch, acceptance, preparation, departure (DSP, PRE)."""

from dataclasses import replace
from datetime import datetime, timedelta

from rules import analyses
from rules.appointments import require_agreed
from rules.clocks import Clock, limits_on_dispatch, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.intake import require_complete
from rules.orders import BEFORE_ARRIVAL, ON_SITE, PAUSED, UNDISPATCHED, ServiceClass, Stage, WorkOrder, require_stage, step_to
from rules.people import Deed, Person, on_behalf, require
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
    despite: tuple[str, ...] = (),
    reason: str = "",
    by: Person,
    now: datetime,
    terms: Terms,
) -> Decision:
    """Send somebody (DSP-1), or somebody else. `passed_over` are carried-over orders that ought to go first (DSP-2).

    `despite` names what else speaks against it: leave, a long day. All of it takes a `reason` (DSP-3, STF-3).
    """
    require(by, Deed.DISPATCH, order.ties)
    require_stage(order, *DISPATCHABLE)
    crew = tuple(dict.fromkeys(crew))
    lead = crew[0] if len(crew) == 1 else lead
    _require_sendable(order, crew, lead, terms.policy)
    if passed_over and not reason.strip():
        raise Refused("carried-over-first", rule="DSP-2", numbers=list(passed_over))
    if terms.policy.dispatch.consult_production and not order.is_emergency and not reason.strip():
        raise Refused("production-first", rule="DSP-3", offer="dispatch")
    if despite and not reason.strip():
        raise Refused("reason-missing", rule="STF-3", offer="dispatch")
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
        finished_at=None,
        checklist=(),
        questions="",
        brief="",
        left_at=None,
        next_word="",
        overrides=_of_the_call(order, terms.policy) | ({"despite": reason} if despite else {}),
        safety={},
        analysis="",
    )
    facts = {"crew": crew, "lead": lead, "passed_over": len(passed_over)} | ({"despite": despite} if despite else {})
    entries = [Entry("order.dispatched", facts | on_behalf(by, Deed.DISPATCH, order.ties), "DSP-1")]
    if order.stage in (Stage.REGISTERED, Stage.NEEDS_CLARIFICATION):
        entries.insert(0, Entry("order.queued"))
    clocks = _slip_clocks(order, now, terms) | {Clock.DISPATCH: None, Clock.DECISION: None} | analyses.over(terms)
    return Decision(sent, tuple(entries), _told_of_dispatch(order, sent), clocks)


def _require_sendable(order: WorkOrder, crew: tuple[int, ...], lead: int | None, policy: Policy) -> None:
    """The guards of RULEBOOK 24 for "assigned": INT-1 unless there is danger, DSP-5 and ROL-3, DSP-10."""
    if not order.is_emergency:
        require_complete(order, policy)
    if not crew:
        raise Refused("crew-missing", rule="DSP-1")
    if lead not in crew:
        raise Refused("leader-missing", rule="DSP-5")
    is_prepaid = policy.fees.timing == "prepaid" and not order.is_emergency
    if is_prepaid and order.service_class is ServiceClass.A and not order.dues.is_paid:
        raise Refused("not-paid", rule="DSP-10", offer="quote")


def _told_of_dispatch(before: WorkOrder, sent: WorkOrder) -> tuple[Notice, ...]:
    number, report = {"number": sent.number}, sent.report
    slip = Notice("notice.assigned", sent.crew, number, photos=report.photos, voices=report.voices, is_urgent=report.is_urgent)
    named = Notice("notice.technician-named", (Audience.CUSTOMER,), number | {"technician_id": sent.lead}, group="group.taken")
    off = tuple(sorted({*before.crew, *before.offered_to} - set(sent.crew)))
    return (slip, named, Notice("notice.taken-off", off, number, with_card=False)) if off else (slip, named)


def _slip_clocks(order: WorkOrder, now: datetime, terms: Terms) -> dict[str, Deadline | None]:
    """Clocks that start when the slip is received (SLA-6..8, DSP-6)."""
    limits = limits_on_dispatch(order.report.facts(), terms.policy)
    return {clock: Deadline(promise(clock, limit, now, terms.calendar)) for clock, limit in limits.items()}


def _of_the_call(order: WorkOrder, policy: Policy) -> dict[str, str]:
    """Reasons that belong to the call; those for the last technician's checklist don't bind the next."""
    own = {*required_items(policy), "calls", "objection", "unsafe", "despite"}
    return {gate: reason for gate, reason in order.overrides.items() if gate not in own}


def offer(order: WorkOrder, people: tuple[int, ...], *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Put an order up for whoever takes it first (pool)."""
    require(by, Deed.OFFER, order.ties)
    require_stage(order, *UNDISPATCHED)
    require_complete(order, terms.policy)
    if not people:
        raise Refused("crew-missing", rule="DSP-1")
    stage = Stage.QUEUED if order.stage in (Stage.REGISTERED, Stage.NEEDS_CLARIFICATION) else order.stage
    return Decision(
        replace(order, offered_to=people, stage=stage, dispatched_by=by.id),
        (Entry("order.offered", {"to": people}, "DSP-11"),),
        (Notice("notice.offered", people, {"number": order.number}, is_urgent=order.report.is_urgent, group="group.offered"),),
    )


def take(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The first acceptance of an offer wins; exactly one, since the order's version is compared when it is stored."""
    require(by, Deed.TAKE_OFFER, order.ties if by.branch != order.branch or by.id in order.offered_to else None)
    if by.id not in order.offered_to:
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
        checklist=(),
        overrides=_of_the_call(order, terms.policy),
        safety={},
    )
    told = [
        Notice("notice.offer-taken-by", (Audience.SUPERVISOR,), {"number": order.number, "technician_id": by.id}),
        Notice(
            "notice.technician-named",
            (Audience.CUSTOMER,),
            {"number": order.number, "technician_id": by.id},
            group="group.taken",
        ),
    ]
    if others:
        told.append(Notice("notice.offer-gone", others, {"number": order.number, "technician_id": by.id}))
    clocks = _slip_clocks(order, now, terms) | {Clock.DISPATCH: None, Clock.ACCEPTANCE: None, Clock.RESCUE: None}
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
        {Clock.ACCEPTANCE: None, Clock.RESCUE: None},
    )


def decline(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Say no with a reason; the order goes back to the queue, and two refusals are the supervisor's affair (DSP-1, DSP-12)."""
    is_offer = by.id in order.offered_to
    require(by, Deed.TAKE_OFFER if is_offer else Deed.DECLINE, order.ties)
    require_stage(order, *(UNDISPATCHED if is_offer else (Stage.ASSIGNED, Stage.ACCEPTED, Stage.PREPARING)))
    if not reason.strip():
        raise Refused("reason-missing", rule="DSP-12", offer="decline")
    declined = tuple(dict.fromkeys((*order.declined_by, by.id)))
    without = replace(order, declined_by=declined, offered_to=_but(order.offered_to, by.id), crew=_but(order.crew, by.id))
    often = len(declined) >= terms.policy.dispatch.declines_alert
    facts = {"number": order.number, "technician_id": by.id, "reason": reason}
    told = [Notice("notice.declined-often" if often else "notice.declined", (Audience.SUPERVISOR,), facts, is_urgent=often)]
    entry = Entry("order.declined", {"n": len(declined)}, "DSP-12")
    if is_offer or (without.crew and by.id != order.lead):
        return Decision(without, (entry,), tuple(told))
    if without.crew:
        told.append(Notice("notice.taken-off", without.crew, {"number": order.number}, with_card=False))
    back = replace(without, stage=step_to(order, Stage.QUEUED), crew=(), lead=None, accepted_at=None, checklist=())
    return Decision(back, (entry, Entry("order.queued")), tuple(told), dict.fromkeys(_slip_clocks(order, now, terms)))


def _but(people: tuple[int, ...], one: int) -> tuple[int, ...]:
    return tuple(person for person in people if person != one)


def object_to(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Voice disagreement; the assignment stays in force until the supervisor decides (ROL-7)."""
    require(by, Deed.OBJECT, order.ties)
    require_stage(order, *BEFORE_ARRIVAL, *ON_SITE)
    if not reason.strip():
        raise Refused("reason-missing", rule="ROL-7", offer="object")
    facts = {"number": order.number, "technician_id": by.id, "reason": reason}
    return Decision(
        replace(order, overrides={**order.overrides, "objection": reason}),
        (Entry("order.objected", {"length": len(reason)}, "ROL-7"),),
        (Notice("notice.objected", (Audience.SUPERVISOR,), facts),),
    )


OF_A_CHECK = {"gas": "gas_meter"}
"""What a safety checklist is gone through with, and is therefore switched on before the shift (PRE-5)."""
FIRM = {"fit": "CND-5", "gas_meter": "PRE-5"}
"""Without these nobody goes, whatever his reason: not after drinking, not without what warns him."""


def required_items(policy: Policy) -> tuple[str, ...]:
    """What has to be ticked before departure: the profile's list, badge and fitness on it (PRE-1, CND-5, CND-8), and what its
    safety checklists are gone through with (PRE-5)."""
    safety = policy.safety
    lists = (*safety.before_work, *safety.before_test, *safety.before_leaving)
    return tuple(dict.fromkeys((*policy.departure.required, *(OF_A_CHECK[one] for one in lists if one in OF_A_CHECK))))


def skippable(order: WorkOrder, policy: Policy) -> tuple[str, ...]:
    """What is not ticked and may be gone without, for a reason (DESIGN 10.3)."""
    return tuple(one for one in unticked(order, policy) if one not in FIRM)


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
    if not reason.strip():
        raise Refused("reason-missing", rule="PRE-1", offer="override")
    left = skippable(order, terms.policy)
    if not left and (firm := unticked(order, terms.policy)):
        missing = [{"text": f"checklist.{one}"} for one in firm]
        raise Refused("checklist-firm", rule=FIRM[firm[0]], offer="prepare", missing=missing)
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


def require_ready(order: WorkOrder, policy: Policy) -> None:
    """Raise Refused unless somebody has accepted and every required item is ticked or overridden (PRE-1).

    Who goes to rescue somebody goes at once (SAF-4).
    """
    require_stage(order, Stage.ACCEPTED, Stage.PREPARING)
    left = () if order.is_emergency else unticked(order, policy)
    if left:
        raise Refused("checklist-open", rule="PRE-1", offer="prepare", missing=[{"text": f"checklist.{one}"} for one in left])


def depart(order: WorkOrder, eta: timedelta | None = None, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """On the way (PRE-1, PRE-3): refused while required items are open, and the customer hears who is coming."""
    require(by, Deed.DEPART, order.ties)
    require_ready(order, terms.policy)
    require_agreed(order, terms.policy)
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
