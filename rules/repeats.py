"""A product that is called about again soon after it was mended: flagged as long as it may be the same component (WKS-17)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rules.counting import REPEAT_WITHIN, Call, is_same_component, is_same_product
from rules.decisions import Decision, Entry
from rules.jobs import is_repair
from rules.orders import Stage, Step, WorkOrder


def flagged(decision: Decision, past: Iterable[WorkOrder]) -> Decision:
    """The call with the number of the job that it may repeat; without one where nothing of the kind was mended in 30 days."""
    order = decision.order
    before = _before(order, past)
    if before is None:
        return decision if not order.repeat_of else replace(decision, after=replace(order, repeat_of="", repeat_component=""))
    if before.number == order.repeat_of:
        return decision
    marked = replace(order, repeat_of=before.number, repeat_component=component_of(before))
    entry = Entry("order.repeat", {"of": before.number}, "WKS-17")
    return replace(decision, after=marked, journal=(*decision.journal, entry))


def is_repeat(order: WorkOrder) -> bool:
    """Whether it is flagged; not any more once the cause was found in another component."""
    return bool(order.repeat_of) and is_same_component(order.repeat_component, component_of(order))


def component_of(order: WorkOrder) -> str:
    """Where the cause was found, empty as long as nobody has said so."""
    return str(order.found(Step.CHECK).get("component") or "")


def _before(order: WorkOrder, past: Iterable[WorkOrder]) -> WorkOrder | None:
    """The latest repair of the same product that was completed in the 30 days before the call; what is put up is none."""
    if not is_repair(order):
        return None
    mine = _call(order, order.reported_at)
    found = [
        (one.finished_at, one)
        for one in past
        if one.id != order.id and is_repair(one) and one.finished_at is not None and one.stage is not Stage.CANCELLED
        and _is_soon(one.finished_at, order.reported_at) and is_same_product(_call(one, one.finished_at), mine)
    ]  # fmt: skip
    return max(found, key=lambda pair: pair[0])[1] if found else None


def _is_soon(finished_at: datetime, reported_at: datetime) -> bool:
    return finished_at < reported_at <= finished_at + REPEAT_WITHIN


def _call(order: WorkOrder, at: datetime) -> Call:
    return Call(order.id, at, order.customer, order.report.model, order.report.serial)
