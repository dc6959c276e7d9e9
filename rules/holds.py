"""Time that does not count, and promises that can't be kept (SLA-32, SLA-33)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from rules.clocks import HOLD_REASONS, PAUSED_BY, Clock, Hold, Promise, promise, promised_at
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import BEFORE_ARRIVAL, CLOSED, ON_SITE, PAUSED, Stage, WorkOrder, require_stage
from rules.people import Deed, Person, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms


def hold(order: WorkOrder, reason: str, evidence: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Stop the clocks that a reason pauses; author and evidence are kept (SLA-32)."""
    require(by, Deed.HOLD, order.ties)
    require_stage(order, *(stage for stage in Stage if stage not in CLOSED))
    if reason not in reasons(terms.policy):
        raise Refused("hold-reason", rule="SLA-32", reasons=[{"text": f"hold.{one}"} for one in reasons(terms.policy)])
    if not evidence.strip():
        raise Refused("hold-evidence", rule="SLA-32")
    if current(order) is not None:
        raise Refused("already-held", rule="SLA-32", offer="release")
    held = replace(order, holds=(*order.holds, Hold(reason, now, None, by.id, evidence)))
    facts = {"number": order.number, "reason": {"text": f"hold.{reason}"}}
    return Decision(
        held,
        (Entry("order.held", {"reason": reason}, "SLA-32"),),
        (Notice("notice.held", (Audience.CUSTOMER, Audience.TECHNICIAN), facts),),
    )


def reasons(policy: Policy) -> tuple[str, ...]:
    """What may stop a clock: waiting for payment only where money has to come first (SLA-32, DSP-10)."""
    return tuple(one for one in HOLD_REASONS if one != "waiting_payment" or policy.fees.timing == "prepaid")


def release(order: WorkOrder, running: Mapping[str, Promise], *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Let the clocks go on; running promises move by the time that was held (SLA-32)."""
    require(by, Deed.HOLD, order.ties)
    held = current(order)
    if held is None:
        raise Refused("not-held", rule="SLA-32")
    holds = (*order.holds[:-1], replace(held, end=now))
    moved: dict[str, Deadline | None] = {}
    for clock, old in running.items():
        if Clock(clock) in PAUSED_BY[held.reason]:
            moved[clock] = Deadline(promise(Clock(clock), old.limit, old.started_at, terms.calendar, holds, now))
    return Decision(
        replace(order, holds=holds),
        (Entry("order.released", {"reason": held.reason, "clocks": list(moved)}, "SLA-32"),),
        (Notice("notice.released", (Audience.CUSTOMER, Audience.TECHNICIAN), {"number": order.number}),),
        moved,
    )


def current(order: WorkOrder) -> Hold | None:
    """The hold that is open now."""
    return order.holds[-1] if order.holds and order.holds[-1].end is None else None


def is_paused(order: WorkOrder, clock: str) -> bool:
    """Whether a clock stands still now."""
    held = current(order)
    return held is not None and Clock(clock) in PAUSED_BY[held.reason]


def cannot_finish_in_time(
    order: WorkOrder, reason: str, new_date: datetime, *, by: Person, now: datetime, terms: Terms
) -> Decision:
    """A date can't be met: supervisor at once, the customer before the date, never silently (SLA-33, ESC-4)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    require_stage(order, *BEFORE_ARRIVAL, *ON_SITE, *PAUSED)
    if not reason.strip():
        raise Refused("reason-missing", rule="SLA-33")
    if new_date <= now:
        raise Refused("date-passed", rule="SLA-33", date=new_date)
    facts = {"number": order.number, "reason": reason, "date": new_date, "technician_id": by.id}
    return Decision(
        order,
        (Entry("order.will_be_late", {"date": new_date}, "SLA-33"),),
        (
            Notice("notice.will-be-late", (Audience.SUPERVISOR,), facts),
            Notice("notice.new-date", (Audience.CUSTOMER,), facts),
        ),
        {Clock.COMPLETION: Deadline(promised_at(Clock.COMPLETION, new_date, now, "SLA-33"))},
    )
