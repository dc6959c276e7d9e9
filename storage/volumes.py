"""The services of a month with fault and remedy, as they are bound and filed, and what a record still lacks (REC-2, REC-5)."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from rules.closing import open_points
from rules.hours import day_bounds
from rules.orders import Step, WorkOrder
from rules.terms import Terms
from storage import orders

LONGEST = timedelta(days=400)
"""An order that was registered longer ago than this before the month is not looked for."""


@dataclass(frozen=True)
class Bound:
    """One service in the volume. `lacking` are the points that keep its record from being complete (CLS-10)."""

    order: int
    number: str
    branch: str
    model: str
    fault: str
    cause: str
    action: str
    lacking: tuple[str, ...]


def bound_in(connection: Connection, first: date, last: date, terms: Terms) -> list[Bound]:
    """Every service whose visit ended from `first` to `last`, by number."""
    start, end = day_bounds(first, terms.calendar.zone)[0], day_bounds(last, terms.calendar.zone)[1]
    found = orders.all_between(connection, start - LONGEST, end)
    return [_bound(one, terms) for one in found if one.left_at is not None and start <= one.left_at < end]


def _bound(order: WorkOrder, terms: Terms) -> Bound:
    check, act = order.found(Step.CHECK), order.found(Step.ACT)
    lacking = open_points(order, terms.of(order.policy_version).policy)
    return Bound(
        order.id, order.number, order.branch, order.report.model, order.report.fault, str(check.get("root_cause") or ""),
        str(act.get("action_taken") or ""), lacking,
    )  # fmt: skip
