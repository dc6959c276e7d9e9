"""The customer's file pouch: a product's voucher with earlier jobs, warranty, contract; what he owes (INT-5, FEE-11)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from rules.contracts import Contract
from rules.orders import UNDISPATCHED, Step, WorkOrder
from rules.people import Deed, Person, may
from rules.terms import Terms
from rules.warranty import ends_on, term_of
from storage import balances, cases, orders
from texts import catalog

_FURTHEST = 20


def voucher(connection: Connection, order: WorkOrder, person: Person, terms: Terms, *, now: datetime) -> list[dict[str, Any]]:
    """What lies with this customer's product, found by serial number or else by model; nothing for a first call (INT-5)."""
    if order.stage not in UNDISPATCHED or not order.report.model or not may(person, Deed.SEE_BRANCH, order.ties):
        return []
    earlier = _earlier(connection, order)
    lines = [_line("card.voucher", n=len(earlier) + 1)]
    lines += _last(earlier)
    bought = next((one.purchased_on for one in (order, *earlier) if one.purchased_on), None)
    if bought is not None:
        lines.append(_line("card.voucher-warranty", until=ends_on(bought, term_of(order.report.model, terms.policy.warranty))))
    today = terms.calendar.local_day(now)
    for one in cases.of_customer(connection, Contract, order.customer):
        if one.is_open and one.covers(order.report.model, order.report.serial, today):
            lines.append(_line("card.voucher-contract", number=one.number, until=one.ends_on))
    return lines if len(lines) > 1 else []


def last_job(connection: Connection, order: WorkOrder) -> list[dict[str, Any]]:
    """The last job on this customer's product, for whoever is sent to it (DSP-4); nothing for a first call."""
    return _last(_earlier(connection, order)) if order.report.model else []


def _last(earlier: Sequence[WorkOrder]) -> list[dict[str, Any]]:
    if not earlier:
        return []
    last = earlier[0]
    what = last.found(Step.ACT).get("action_taken") or last.found(Step.CHECK).get("root_cause") or last.report.fault or "—"
    return [_line("card.voucher-last", number=last.number, at=last.reported_at, what=what)]


def overdue(connection: Connection, order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """What the customer owes by the company's books, for the office that helps to collect it (FEE-11)."""
    if not order.is_open or not (may(person, Deed.SEE_BRANCH, order.ties) or may(person, Deed.SEE_MONEY, order.ties)):
        return []
    found = balances.of(connection, order.customer)
    return [_line("card.overdue", amount=str(found.money), since=found.since)] if found else []


def _earlier(connection: Connection, order: WorkOrder) -> list[WorkOrder]:
    """Earlier jobs on the same product of the same customer, the latest first."""
    known = orders.history(connection, customer=order.customer, limit=_FURTHEST)
    return [one for one in known if one.id != order.id and _is_same(one, order)]


def _is_same(one: WorkOrder, other: WorkOrder) -> bool:
    if one.report.serial and other.report.serial:
        return one.report.serial == other.report.serial
    return catalog.fold(one.report.model) == catalog.fold(other.report.model)


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}
