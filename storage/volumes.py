"""The services of a month with fault and remedy, as they are bound and filed, and what a record still lacks (REC-2, REC-5)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from rules.closing import open_points
from rules.hours import day_bounds
from rules.orders import Step, WorkOrder
from rules.terms import Terms
from storage import orders

BEFORE, AFTER = timedelta(days=92), timedelta(days=31)
"""How long before a month a job may have been completed whose visit ended in it, and how much later it may be put right."""


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
    seal: str  # of what the customer signed, empty where nobody did


def bound_in(connection: Connection, first: date, last: date, terms: Terms, *, branch: str | None = None) -> list[Bound]:
    """Every service whose visit ended from `first` to `last`, of a branch or of all, by number."""
    return [_bound(one, terms) for one in orders_in(connection, first, last, terms, branch=branch)]


def orders_in(connection: Connection, first: date, last: date, terms: Terms, *, branch: str | None = None) -> list[WorkOrder]:
    """Their orders, by number."""
    start, end = day_bounds(first, terms.calendar.zone)[0], day_bounds(last, terms.calendar.zone)[1]
    found = orders.each_finished(connection, start - BEFORE, end + AFTER)
    ended = [one for one in found if one.left_at and start <= one.left_at < end and branch in (None, one.branch)]
    return sorted(ended, key=lambda one: one.id)


def digest(seals: Iterable[tuple[str, str]]) -> str:
    """The seal of a volume: SHA-256 over a line `number seal` for each of its services, in their order (CLS-7)."""
    return hashlib.sha256("".join(f"{number} {seal or '-'}\n" for number, seal in seals).encode()).hexdigest()


def seal_of(order: WorkOrder) -> str:
    """The seal of what counts as signed now, empty where nobody signed."""
    return order.seal.digest if order.seal else ""


def _bound(order: WorkOrder, terms: Terms) -> Bound:
    check, act = order.found(Step.CHECK), order.found(Step.ACT)
    lacking = open_points(order, terms.of(order.policy_version).policy)
    return Bound(
        order.id, order.number, order.branch, order.report.model, order.report.fault, str(check.get("root_cause") or ""),
        str(act.get("action_taken") or ""), lacking, seal_of(order),
    )  # fmt: skip


def subject(month: str) -> str:
    """The name of a month's volume in the journal."""
    return f"volume:{month}"
