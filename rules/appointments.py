"""Appointments: times are proposed, the customer picks one in chat, and the visit is held against it (INT-13, SLA-34)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import BEFORE_ARRIVAL, PAUSED, UNDISPATCHED, WorkOrder, require_stage
from rules.people import Deed, Person, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

MOST = 3
LASTS = timedelta(hours=1)
"""How long after the agreed time an arrival still keeps the appointment."""
EVENING = time(18)
SHORTLY = timedelta(hours=1)
"""When both sides are reminded: the evening before, and shortly before."""
OPEN_TO_IT = (*UNDISPATCHED, *BEFORE_ARRIVAL, *PAUSED)


def propose(order: WorkOrder, slots: Iterable[datetime], *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Put one to three times before the customer (INT-13)."""
    require(by, Deed.ASK_BACK, order.ties)
    require_stage(order, *OPEN_TO_IT)
    wanted = tuple(sorted(set(slots)))[:MOST]
    if not wanted:
        raise Refused("slots-missing", rule="INT-13")
    for one in wanted:
        _require_ahead(one, now)
    told = Notice("notice.slots", (Audience.CUSTOMER,), {"number": order.number, "n": len(wanted)})
    return Decision(replace(order, slots=wanted), (Entry("appointment.proposed", {"n": len(wanted)}, "INT-13"),), (told,))


def confirm(order: WorkOrder, slot: datetime | None, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The customer picks one, or the clerk for him on the telephone: from then on it is promised (INT-13, SLA-34)."""
    require(by, Deed.CLARIFY, order.ties)
    require_stage(order, *OPEN_TO_IT)
    if slot is None or slot not in order.slots:
        raise Refused("slots-passed", rule="INT-13", number=order.number)
    _require_ahead(slot, now)
    agreed = replace(order, slots=(), planned_for=slot, planned_until=slot + LASTS)
    facts = {"number": order.number, "at": slot}
    to = (Audience.CUSTOMER, Audience.TECHNICIAN, Audience.SUPERVISOR)
    clock = Deadline(promised_at(Clock.APPOINTMENT, slot + LASTS, now, "INT-13"))
    entry = Entry("appointment.agreed", {"at": slot.isoformat(), "by_customer": by.id == order.customer}, "INT-13")
    return Decision(agreed, (entry,), (Notice("notice.appointment", to, facts),), {Clock.APPOINTMENT: clock})


def none_fits(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """None of them suits: the office proposes others (INT-13)."""
    require(by, Deed.CLARIFY, order.ties)
    if not order.slots:
        raise Refused("slots-passed", rule="INT-13", number=order.number)
    told = Notice("notice.slots-none", (Audience.CLERK, Audience.SUPERVISOR), {"number": order.number})
    return Decision(replace(order, slots=()), (Entry("appointment.none_fits", {}, "INT-13"),), (told,))


def require_agreed(order: WorkOrder, policy: Policy) -> None:
    """Raise Refused where nobody goes without an appointment and none was made (INT-13)."""
    if policy.dispatch.appointment and order.planned_for is None and not order.is_emergency:
        raise Refused("appointment-missing", rule="INT-13", number=order.number)


def reminders(order: WorkOrder, agreed_at: datetime, zone: str, *, now: datetime) -> tuple[str, ...]:
    """Which reminders are due: "eve" and "hour", each until the time itself, none for what was agreed on after it."""
    start = order.planned_for
    if start is None or not order.is_open or order.stage not in (*UNDISPATCHED, *BEFORE_ARRIVAL) or now >= start:
        return ()
    eve = datetime.combine(start.astimezone(ZoneInfo(zone)).date() - timedelta(days=1), EVENING, ZoneInfo(zone))
    moments = {"eve": eve, "hour": start - SHORTLY}
    due = [name for name, at in moments.items() if agreed_at < at <= now]
    return tuple(due[-1:])


def is_pickable(order: WorkOrder) -> bool:
    """Whether times wait for an answer."""
    return bool(order.slots) and order.stage in OPEN_TO_IT


def _require_ahead(slot: datetime, now: datetime) -> None:
    if slot <= now:
        raise Refused("date-passed", rule="INT-13", date=slot)
