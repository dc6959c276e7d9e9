"""Work orders: one row each, the searchable facts in columns, the whole in JSON; changed only by compare and set."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, insert, or_, select, update

from rules.orders import UNDISPATCHED, Stage, WorkOrder
from rules.people import EVERY_BRANCH, MAY, OF_THE_BRANCH, Deed, Person, Role
from storage.codec import dump, load
from storage.engine import insert as insert_or
from storage.errors import StaleOrder
from storage.tables import crew, findings, orders, seals

_DUE_FIRST = (orders.c.next_due_at.is_(None), orders.c.next_due_at, orders.c.id)
"""The engines disagree where an empty moment belongs."""


def add(connection: Connection, order: WorkOrder) -> WorkOrder:
    """Store a new order; returns it with its id."""
    order_id = connection.execute(insert(orders).values(**_columns(order)).returning(orders.c.id)).scalar_one()
    stored = replace(order, id=order_id)
    connection.execute(update(orders).where(orders.c.id == order_id).values(order=dump(stored)))
    _keep_ties(connection, None, stored)
    _keep_versions(connection, None, stored)
    return stored


_CHANGE = update(orders).where(orders.c.id == bindparam("order_id"), orders.c.version == bindparam("before"))


def change(connection: Connection, before: WorkOrder, after: WorkOrder) -> WorkOrder:
    """Replace an order if nobody changed it in between. Raises StaleOrder otherwise."""
    stored = replace(after, version=before.version + 1)
    done = connection.execute(_CHANGE, {"order_id": before.id, "before": before.version, **_columns(stored)})
    if done.rowcount != 1:
        raise StaleOrder(before.number)
    _keep_ties(connection, before, stored)
    _keep_versions(connection, before, stored)
    return stored


def set_next_due(connection: Connection, order_id: int, due_at: datetime | None) -> None:
    """By what the supervisor's queue is sorted (DSP-1)."""
    connection.execute(update(orders).where(orders.c.id == order_id).values(next_due_at=due_at))


_BY_ID = select(orders.c.order).where(orders.c.id == bindparam("id"))


def by_id(connection: Connection, order_id: int) -> WorkOrder | None:
    plain = connection.execute(_BY_ID, {"id": order_id}).scalar_one_or_none()
    return load(WorkOrder, plain) if plain is not None else None


def by_number(connection: Connection, number: str) -> WorkOrder | None:
    """An order by the number that people type, with or without its hyphen."""
    digits = _digits(number)
    return _one(connection, select(orders.c.order).where(orders.c.number == f"{digits[:4]}-{digits[4:]}"))


def open_for(connection: Connection, person: Person, *, limit: int = 50) -> list[WorkOrder]:
    """A person's own open orders: the customer's calls, the technician's jobs and offers; what is due first comes first."""
    return _many(connection, _open_for(person), {"limit": limit})


@lru_cache(maxsize=1024)
def _open_for(person: Person) -> Select[Any]:
    mine = or_(
        orders.c.customer_id == person.id,
        orders.c.id.in_(select(crew.c.order_id).where(crew.c.person_id == person.id)),
    )
    found = select(orders.c.order).where(mine, _visible(person), orders.c.is_open)
    return found.order_by(*_DUE_FIRST).limit(bindparam("limit"))


def queue(
    connection: Connection, *, visible_to: Person, stages: Iterable[Stage] = UNDISPATCHED, limit: int = 50
) -> list[WorkOrder]:
    """Open orders at some stages, carried-over ones first, then by what is due first (DSP-1, DSP-2)."""
    carried = (orders.c.stage != Stage.CARRIED_OVER).label("carried")
    return _many(
        connection,
        select(orders.c.order)
        .where(_visible(visible_to), orders.c.stage.in_([str(stage) for stage in stages]))
        .order_by(carried, *_DUE_FIRST)
        .limit(limit),
    )


def search(connection: Connection, words: str, *, visible_to: Person, limit: int = 20) -> list[WorkOrder]:
    """Orders by number, customer's name, serial number or end of the telephone (REC-1), newest first."""
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    digits = _digits(words)
    phone = digits.lstrip("0") if len(digits) >= 9 else digits  # kept as +886912345678, told as 0912 345 678
    found: list[Any] = [orders.c.customer_name.ilike(like, escape="\\"), orders.c.serial.ilike(like, escape="\\")]
    if len(phone) >= 4:
        found += [orders.c.phone.like(f"%{phone}"), orders.c.number == f"{digits[:4]}-{digits[4:]}"]
    return _many(
        connection,
        select(orders.c.order).where(_visible(visible_to), or_(*found)).order_by(orders.c.id.desc()).limit(limit),
    )


def reported_between(
    connection: Connection, start: datetime, end: datetime, *, visible_to: Person, limit: int = 20
) -> list[WorkOrder]:
    """Orders reported in [start, end), newest first."""
    inside = and_(orders.c.reported_at >= start, orders.c.reported_at < end)
    return _many(
        connection,
        select(orders.c.order).where(_visible(visible_to), inside).order_by(orders.c.id.desc()).limit(limit),
    )


def of_branch(connection: Connection, branch: str, start: datetime, end: datetime) -> list[WorkOrder]:
    """A branch's orders reported in [start, end), the oldest first."""
    inside = and_(orders.c.branch == branch, orders.c.reported_at >= start, orders.c.reported_at < end)
    return _many(connection, select(orders.c.order).where(inside).order_by(orders.c.id))


def undispatched(connection: Connection, branch: str | None = None) -> list[WorkOrder]:
    """What the day leaves without a technician (DSP-2), oldest first."""
    statement = select(orders.c.order).where(orders.c.stage.in_([str(stage) for stage in UNDISPATCHED]))
    if branch is not None:
        statement = statement.where(orders.c.branch == branch)
    return _many(connection, statement.order_by(orders.c.id))


_SAME_CUSTOMER = orders.c.customer_id == bindparam("customer")
_NEWEST_FIRST = select(orders.c.order).order_by(orders.c.id.desc()).limit(bindparam("limit"))
_OF_CUSTOMER = _NEWEST_FIRST.where(_SAME_CUSTOMER)
_OF_MACHINE = _NEWEST_FIRST.where(or_(_SAME_CUSTOMER, orders.c.serial == bindparam("serial")))


def history(connection: Connection, *, customer: int, serial: str = "", limit: int = 5) -> list[WorkOrder]:
    """Earlier orders of a customer, or of the same machine, newest first."""
    statement = _OF_MACHINE if serial else _OF_CUSTOMER
    return _many(connection, statement, {"customer": customer, "serial": serial, "limit": limit})


def of_customer(connection: Connection, customer: int) -> list[WorkOrder]:
    """Every order of a customer, open or not, the oldest first."""
    return _many(connection, select(orders.c.order).where(orders.c.customer_id == customer).order_by(orders.c.id))


_LOAD = (
    select(func.count())
    .select_from(orders.join(crew, crew.c.order_id == orders.c.id))
    .where(crew.c.person_id == bindparam("technician"), crew.c.tie == "crew", orders.c.is_open)
)


def load_of(connection: Connection, technician: int) -> int:
    """How many open orders a technician has."""
    return int(connection.execute(_LOAD, {"technician": technician}).scalar_one())


def same_signature(connection: Connection, sha256: str, *, but_not: int) -> tuple[str, ...]:
    """Numbers of other orders that carry this very picture as signature (SIG-4)."""
    rows = connection.execute(
        select(orders.c.number)
        .join(seals, seals.c.order_id == orders.c.id)
        .where(seals.c.signature == sha256, orders.c.id != but_not)
        .distinct()
    )
    return tuple(row.number for row in rows)


def near_signatures(connection: Connection, *, but_not: int, limit: int = 5000) -> list[tuple[str, str]]:
    """(near hash, order number) of the latest signatures on other orders."""
    rows = connection.execute(
        select(seals.c.near_hash, orders.c.number)
        .join(orders, seals.c.order_id == orders.c.id)
        .where(orders.c.id != but_not, seals.c.near_hash != "")
        .order_by(seals.c.id.desc())
        .limit(limit)
    )
    return [(row.near_hash, row.number) for row in rows]


def by_seal(connection: Connection, digest: str) -> WorkOrder | None:
    """The order of which a version was sealed with this digest (SIG-3)."""
    order = connection.execute(select(seals.c.order_id).where(seals.c.digest == digest).limit(1)).scalar_one_or_none()
    return by_id(connection, order) if order is not None else None


def note_near_hash(connection: Connection, order_id: int, version: int, near_hash: str) -> None:
    connection.execute(
        update(seals).where(seals.c.order_id == order_id, seals.c.version == version).values(near_hash=near_hash)
    )


def versions(connection: Connection, order_id: int, step: str) -> list[dict[str, Any]]:
    """Every version of what a step recorded, oldest first; corrections keep the old value (VIS)."""
    rows = connection.execute(
        select(findings).where(findings.c.order_id == order_id, findings.c.step == step).order_by(findings.c.version)
    )
    return [dict(row._mapping) for row in rows]


def _visible(person: Person) -> Any:
    """The rows that a person may see (CND-2); mirrors rules.people.may for SEE_ORDER."""
    held = {role for role in person.every_role if person.holds(role) and Deed.SEE_ORDER in MAY[role]}
    if held & EVERY_BRANCH:
        return orders.c.id.is_not(None)
    seen: list[Any] = []
    if held & OF_THE_BRANCH:
        seen.append(orders.c.branch == person.branch)
    if Role.TECHNICIAN in held:
        seen.append(orders.c.id.in_(select(crew.c.order_id).where(crew.c.person_id == person.id)))
    if Role.CUSTOMER in held:
        seen.append(orders.c.customer_id == person.id)
    return or_(*seen) if seen else orders.c.id.is_(None)


def _digits(typed: str) -> str:
    """The digits of a number, full-width ones too."""
    return "".join(str(int(one)) for one in typed if one.isdecimal())


def _columns(order: WorkOrder) -> dict[str, Any]:
    return {
        "number": order.number,
        "stage": str(order.stage),
        "version": order.version,
        "branch": order.branch,
        "customer_id": order.customer,
        "lead_id": order.lead,
        "asset_id": order.asset,
        "customer_name": order.report.customer_name,
        "phone": _digits(order.report.phone),
        "serial": order.report.serial,
        "is_open": order.is_open,
        "reported_at": order.reported_at,
        "order": dump(order),
    }


def _keep_ties(connection: Connection, before: WorkOrder | None, after: WorkOrder) -> None:
    if before and (before.crew, before.offered_to) == (after.crew, after.offered_to):
        return
    connection.execute(delete(crew).where(crew.c.order_id == after.id))
    ties = dict.fromkeys(after.offered_to, "offered") | dict.fromkeys(after.crew, "crew")
    if ties:
        rows = [{"order_id": after.id, "person_id": person, "tie": tie} for person, tie in ties.items()]
        connection.execute(insert(crew), rows)


def _keep_versions(connection: Connection, before: WorkOrder | None, after: WorkOrder) -> None:
    for step, found in after.findings.items():
        if before is None or before.findings.get(step) != found:
            values = {"order_id": after.id, "step": step, "version": found.version, "answers": dict(found.answers)}
            statement = insert_or(connection, findings).values(**values, by=found.by, at=found.at)
            connection.execute(statement.on_conflict_do_nothing())
    for seal in after.seals[len(before.seals) if before else 0 :]:
        values = {"order_id": after.id, "version": seal.version, "digest": seal.digest, "summary": seal.summary}
        values |= {"signature": seal.signature, "signer": seal.signer, "at": seal.at}
        connection.execute(insert_or(connection, seals).values(values).on_conflict_do_nothing())


def _one(connection: Connection, statement: Select[Any]) -> WorkOrder | None:
    plain = connection.execute(statement).scalar_one_or_none()
    return load(WorkOrder, plain) if plain is not None else None


def _many(connection: Connection, statement: Select[Any], values: dict[str, Any] | None = None) -> list[WorkOrder]:
    return [load(WorkOrder, plain) for plain in connection.execute(statement, values).scalars()]
