"""In which order calls are seen to: as they came and fall due; who goes first does so for a reason that is kept (INT-16)."""

from dataclasses import replace
from datetime import datetime

from rules.decisions import Audience, Decision, Entry, Notice
from rules.orders import UNDISPATCHED, WorkOrder, require_stage
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.terms import Terms

WHY = "urgent"
"""Among an order's overrides: why it goes first, or no longer does."""


def turn(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Make a call urgent that is not, or one that is no more so; nobody is preferred without a reason (INT-16).

    Until somebody is sent: the limits of the slip begin with it (SLA-8).
    """
    require(by, Deed.ASK_BACK, order.ties)
    require_stage(order, *UNDISPATCHED)
    if not reason.strip():
        raise Refused("reason-missing", rule="INT-16", offer="urgent")
    is_urgent = not order.report.is_urgent
    facts = {"number": order.number, "by_id": by.id, "reason": reason}
    text = "notice.made-urgent" if is_urgent else "notice.made-ordinary"
    told = Notice(text, (Audience.SUPERVISOR, Audience.CLERK), facts, is_urgent=is_urgent, can_wait=not is_urgent)
    entry = Entry("order.made_urgent" if is_urgent else "order.made_ordinary", {"length": len(reason)}, "INT-16")
    turned = replace(order, report=replace(order.report, is_urgent=is_urgent), overrides={**order.overrides, WHY: reason})
    return Decision(turned, (entry,), (told,))
