"""Complaints, surveys, tasks and statements: one row each, changed only by compare and set, like orders."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Text, bindparam, cast, func, select, update

from rules.backorders import Backorder
from rules.branch_reports import BranchReport
from rules.cases import Case
from rules.charges import Receipt
from rules.claims import Claim
from rules.compensations import Compensation
from rules.complaints import Complaint
from rules.contracts import Contract
from rules.counts import Count
from rules.dailies import DailyReport
from rules.documents import Document
from rules.expenses import Advance, Expense
from rules.goods import Goods
from rules.handovers import Handover
from rules.hazards import Hazard
from rules.invoices import Invoice
from rules.part_uses import PartUse
from rules.people import EVERY_BRANCH, Person
from rules.pickups import Pickup
from rules.quotes import Quote
from rules.ratings import Graded
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from rules.returns import Return
from rules.rounds import Route
from rules.sheets import Sheet
from rules.shipments import Shipment
from rules.statements import Statement
from rules.surveys import Survey
from rules.tasks import Task
from rules.transfers import Transfer
from storage.codec import dump, load, read
from storage.engine import insert
from storage.errors import Raced, StaleOrder
from storage.prepared import Prepared
from storage.tables import cases

MONEY: tuple[type[Case], ...] = (Quote, Receipt, Invoice, Advance, Expense, Return, Compensation)
C = TypeVar("C", bound=Case)
_STOCK: tuple[type[Case], ...] = (Requisition, PartUse, GoodsReceipt, Count, Transfer, Shipment, Claim, Backorder)
_EVERY: tuple[type[Case], ...] = (
    Complaint, Survey, Task, Statement, Contract, Route, DailyReport, BranchReport, Handover, Hazard, *_STOCK,
)  # fmt: skip
STOCK_KINDS = tuple(one.kind for one in _STOCK)
"""What is done with parts; their buttons have one letter."""
_ON_PAPER: tuple[type[Case], ...] = (Sheet, Pickup, Document)
_ON_HAND: tuple[type[Case], ...] = (Goods,)
KINDS: dict[str, type[Case]] = {one.kind: one for one in (*_EVERY, *_ON_PAPER, *_ON_HAND, *MONEY)}


def add(connection: Connection, case: C) -> C:
    """Store a new case; returns it with its id. One of a kind has a number: raises Raced when there is one already."""
    statement = insert(connection, cases).values(**_columns(case)).on_conflict_do_nothing().returning(cases.c.id)
    case_id = connection.execute(statement).scalar_one_or_none()
    if case_id is None:
        raise Raced(f"{case.kind} {case.number}")
    stored = replace(case, id=case_id)
    connection.execute(update(cases).where(cases.c.id == case_id).values(body=dump(stored)))
    return stored


def change(connection: Connection, before: C, after: C) -> C:
    """Replace a case if nobody changed it in between. Raises StaleOrder otherwise."""
    stored = replace(after, version=before.version + 1)
    unchanged = (cases.c.id == before.id) & (cases.c.version == before.version)
    if connection.execute(update(cases).where(unchanged).values(**_columns(stored))).rowcount != 1:
        raise StaleOrder(before.number)
    return stored


def set_next_due(connection: Connection, case_id: int, due_at: datetime | None) -> None:
    """By what lists are sorted."""
    connection.execute(update(cases).where(cases.c.id == case_id).values(next_due_at=due_at))


def by_id(connection: Connection, kind: type[C], case_id: int) -> C | None:
    return _one(connection, kind, cases.c.id == case_id)


def kind_of(connection: Connection, case_id: int) -> str:
    """The kind of a case, empty when there is none of that id."""
    return connection.execute(select(cases.c.kind).where(cases.c.id == case_id)).scalar_one_or_none() or ""


def by_number(connection: Connection, kind: type[C], number: str) -> C | None:
    return _one(connection, kind, cases.c.number == number)


def named(connection: Connection, number: str) -> list[Case]:
    """Cases of any kind with this number; two kinds may have the same."""
    found = select(cases.c.kind, cases.c.body).where(cases.c.kind.in_(list(KINDS)), cases.c.number == number)
    return [load(KINDS[row.kind], row.body) for row in connection.execute(found.order_by(cases.c.id))]


def about(connection: Connection, kind: type[C], subject: str) -> list[C]:
    """Cases that follow from a subject, the oldest first."""
    return _many(connection, kind, cases.c.about == subject, order_by=(cases.c.id,))


def about_any(connection: Connection, kind: type[C], names: Iterable[str]) -> list[C]:
    """Cases that follow from any of some subjects, the oldest first."""
    return _many(connection, kind, cases.c.about.in_(list(names)), order_by=(cases.c.id,))


def of_customer(connection: Connection, kind: type[C], customer: int, *, limit: int = 20) -> list[C]:
    """A customer's cases, newest first."""
    rows = _OF_CUSTOMER.all(connection, kind=kind.kind, customer=customer, most=limit)
    return [read(kind, row.body) for row in rows]


_OF_CUSTOMER = Prepared(
    select(cast(cases.c.body, Text).label("body"))
    .where(cases.c.kind == bindparam("kind"), cases.c.customer_id == bindparam("customer"))
    .order_by(cases.c.id.desc())
    .limit(bindparam("most"))
)


def open_ones(connection: Connection, kind: type[C], *, visible_to: Person, limit: int = 50) -> list[C]:
    """Open cases of the branches that a person belongs to: urgent ones first (SUR-7), then by what is due first."""
    due_first = (cases.c.is_urgent.desc(), cases.c.next_due_at.is_(None), cases.c.next_due_at, cases.c.id)
    found = _many(connection, kind, cases.c.is_open, _in_reach(visible_to), order_by=due_first, limit=limit)
    return [one for one in found if visible_to.id not in one.barred]


def every_open(connection: Connection, kind: type[C]) -> list[C]:
    """All open cases of a kind, the oldest first."""
    return _many(connection, kind, cases.c.is_open, order_by=(cases.c.id,))


def numbered_between(connection: Connection, kind: type[C], first: str, last: str) -> list[C]:
    """Cases whose number is in [first, last), by number."""
    return _many(connection, kind, (cases.c.number >= first) & (cases.c.number < last), order_by=(cases.c.number,))


def closed_between(connection: Connection, kind: type[C], start: datetime, end: datetime) -> list[C]:
    """Cases closed in [start, end), by number."""
    inside = (cases.c.closed_at >= start) & (cases.c.closed_at < end)
    return _many(connection, kind, inside, order_by=(cases.c.number,))


def opened_between(
    connection: Connection, kind: type[C], start: datetime, end: datetime, *, limit: int | None = None
) -> list[C]:
    """Cases opened in [start, end), by number."""
    inside = (cases.c.opened_at >= start) & (cases.c.opened_at < end)
    return _many(connection, kind, inside, order_by=(cases.c.number,), limit=limit)


_SAID = tuple(cast(cases.c.body[name], Text) for name in ("technicians", "grades", "is_early"))


def grades_given(connection: Connection, start: datetime, end: datetime) -> list[Graded]:
    """What the opinion cards opened in [start, end) say, alike ones together, so that a month's thousands are few rows."""
    inside = (cases.c.opened_at >= start) & (cases.c.opened_at < end)
    found = select(*_SAID, func.count()).where(cases.c.kind == Survey.kind, inside)
    rows: Iterable[Any] = connection.execute(found.group_by(*_SAID).order_by(func.min(cases.c.id)))
    return [Graded(tuple(json.loads(who)), json.loads(grades), bool(json.loads(early)), n) for who, grades, early, n in rows]


def every(connection: Connection, kind: type[C]) -> list[C]:
    """All cases of a kind, by number."""
    return _many(connection, kind, order_by=(cases.c.number,))


def has_open(connection: Connection, kinds: Iterable[type[Case]]) -> bool:
    """Whether any case of these kinds is open."""
    found = select(cases.c.id).where(cases.c.kind.in_([one.kind for one in kinds]), cases.c.is_open).limit(1)
    return connection.execute(found).one_or_none() is not None


def _in_reach(person: Person) -> ColumnElement[bool]:
    """Whoever belongs to headquarters reaches every branch, others their own (ROL-4)."""
    if any(person.holds(role) for role in EVERY_BRANCH):
        return cases.c.id.is_not(None)
    return cases.c.branch == person.branch


def _columns(case: Case) -> dict[str, Any]:
    return {
        "kind": case.kind,
        "number": case.number,
        "stage": str(case.stage),
        "version": case.version,
        "branch": case.branch,
        "customer_id": case.customer or None,
        "about": case.about,
        "is_open": case.is_open,
        "is_urgent": case.is_urgent,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "body": dump(case),
    }


def _one(connection: Connection, kind: type[C], *where: ColumnElement[bool]) -> C | None:
    plain = connection.execute(select(cases.c.body).where(cases.c.kind == kind.kind, *where)).scalar_one_or_none()
    return load(kind, plain) if plain is not None else None


def _many(
    connection: Connection, kind: type[C], *where: ColumnElement[bool], order_by: Iterable[Any], limit: int | None = None
) -> list[C]:
    found = select(cases.c.body).where(cases.c.kind == kind.kind, *where).order_by(*order_by).limit(limit)
    return [load(kind, plain) for plain in connection.execute(found).scalars()]
