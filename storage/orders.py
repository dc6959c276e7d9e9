"""Work orders: one row each, the searchable facts in columns, the whole in JSON; changed only by compare and set."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, String, Text, and_, bindparam, cast, delete, func, insert, or_, select, update

from rules.intake import CONTRACTOR
from rules.orders import UNDISPATCHED, FaultReport, Stage, WorkOrder
from rules.people import EVERY_BRANCH, MAY, OF_THE_BRANCH, Deed, Person, Role
from storage.codec import dump, load, read
from storage.errors import StaleOrder
from storage.numbers import digits_of
from storage.prepared import Prepared, named
from storage.tables import crew, findings, orders, seals

_DUE_FIRST = (orders.c.next_due_at.is_(None), orders.c.next_due_at, orders.c.id)
"""The engines disagree where an empty moment belongs."""
_AT_ONCE = 200


_COLUMNS = named(
    *("number", "stage", "version", "branch", "customer_id", "lead_id", "asset_id", "customer_name", "phone", "phone_end"),
    *("serial", "is_open", "reported_at", "order", "model", "finished_at"),
)
_ADD = Prepared(insert(orders).values(_COLUMNS).returning(orders.c.id))
_KEEP_WHOLE = Prepared(update(orders).where(orders.c.id == bindparam("of_id")).values(**named("order")))
_CHANGE = Prepared(
    update(orders).where(orders.c.id == bindparam("of_id"), orders.c.version == bindparam("seen")).values(_COLUMNS)
)
_NEXT_DUE = Prepared(update(orders).where(orders.c.id == bindparam("of_id")).values(next_due_at=bindparam("due_at")))
_WHOLE = cast(orders.c.order, Text)
_BY_ID = Prepared(select(_WHOLE).where(orders.c.id == bindparam("id")))
_LAST_REPORT = Prepared(
    select(orders.c.order["report"].label("report"))
    .where(orders.c.customer_id == bindparam("customer"))
    .order_by(orders.c.id.desc())
    .limit(1)
)
_BY_NUMBER = Prepared(select(_WHOLE).where(orders.c.number == bindparam("number")))


def add(connection: Connection, order: WorkOrder) -> WorkOrder:
    """Store a new order; returns it with its id."""
    order_id = _ADD.scalar(connection, **_columns(order))
    stored = replace(order, id=order_id)
    _KEEP_WHOLE.run(connection, of_id=order_id, order=dump(stored))
    _keep_ties(connection, None, stored)
    _keep_versions(connection, None, stored)
    return stored


def change(connection: Connection, before: WorkOrder, after: WorkOrder) -> WorkOrder:
    """Replace an order if nobody changed it in between. Raises StaleOrder otherwise."""
    stored = replace(after, version=before.version + 1)
    values = _columns(stored)
    _CHANGE.run_surely(connection, StaleOrder(before.number), of_id=before.id, seen=before.version, **values)
    _keep_ties(connection, before, stored)
    _keep_versions(connection, before, stored)
    return stored


def set_next_due(connection: Connection, order_id: int, due_at: datetime | None) -> None:
    """By what the supervisor's queue is sorted (DSP-1)."""
    _NEXT_DUE.run(connection, of_id=order_id, due_at=due_at)


def by_id(connection: Connection, order_id: int) -> WorkOrder | None:
    whole = _BY_ID.scalar(connection, id=order_id)
    return read(WorkOrder, whole) if whole is not None else None


def by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, WorkOrder]:
    """Many orders in one statement, by id."""
    found = _many(connection, select(_WHOLE).where(orders.c.id.in_(list(ids))))
    return {one.id: one for one in found}


def by_number(connection: Connection, number: str) -> WorkOrder | None:
    """An order by the number that people type, with or without its hyphen."""
    whole = _BY_NUMBER.scalar(connection, number=_as_number(digits_of(number)))
    return read(WorkOrder, whole) if whole is not None else None


def open_for(connection: Connection, person: Person, *, limit: int = 50) -> list[WorkOrder]:
    """A person's own open orders: the customer's calls, the technician's jobs and offers; what is due first comes first."""
    return _many(connection, _open_for(person), {"limit": limit})


@lru_cache(maxsize=1024)
def _open_for(person: Person) -> Select[Any]:
    mine = or_(
        orders.c.customer_id == person.id,
        orders.c.id.in_(select(crew.c.order_id).where(crew.c.person_id == person.id, crew.c.is_open)),
    )
    found = select(_WHOLE).where(mine, _visible(person), orders.c.is_open)
    return found.order_by(*_DUE_FIRST).limit(bindparam("limit"))


def with_crew(connection: Connection, person: int) -> list[WorkOrder]:
    """Open orders on which somebody is sent, the oldest first."""
    return [load(WorkOrder, row.order) for row in _WITH_CREW.all(connection, person=person)]


_WITH_CREW = Prepared(
    select(orders.c.order)
    .join(crew, crew.c.order_id == orders.c.id)
    .where(crew.c.person_id == bindparam("person"), crew.c.is_open, crew.c.tie == "crew")
    .order_by(orders.c.id)
)


def queue(
    connection: Connection, *, visible_to: Person, stages: Iterable[Stage] = UNDISPATCHED, limit: int = 50
) -> list[WorkOrder]:
    """Open orders at some stages: important ones, carried-over ones, then what is due first (VIS-19, DSP-1, DSP-2)."""
    plain = (func.coalesce(orders.c.order["vip"].as_string(), "") == "").label("plain")
    carried = (orders.c.stage != Stage.CARRIED_OVER).label("carried")
    return _many(
        connection,
        select(_WHOLE)
        .where(_visible(visible_to), orders.c.stage.in_([str(stage) for stage in stages]))
        .order_by(plain, carried, *_DUE_FIRST)
        .limit(limit),
    )


def n_at(connection: Connection, stages: Iterable[Stage], *, visible_to: Person) -> int:
    """How many orders are at some stages."""
    at = orders.c.stage.in_([str(stage) for stage in stages])
    return connection.execute(select(func.count()).select_from(orders).where(_visible(visible_to), at)).scalar_one()


def search(connection: Connection, words: str, *, visible_to: Person, limit: int = 20) -> list[WorkOrder]:
    """Orders by number, customer's name, model, serial number or end of the telephone (REC-1), newest first.

    Whoever types a whole telephone means a telephone: the register is read through for parts of names only when there is none.
    """
    digits = digits_of(words)
    phone = digits.lstrip("0") if len(digits) >= 9 else digits  # kept as +886912345678, told as 0912 345 678
    known = {"start": phone[::-1], "end": phone[::-1] + "9" * (32 - len(phone)), "number": _as_number(digits)}
    if len(phone) >= _WHOLE_PHONE and (rows := _known(visible_to).all(connection, **known, limit=limit)):
        return [read(WorkOrder, whole) for (whole,) in rows]
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    parts = [one.ilike(like, escape="\\") for one in (orders.c.customer_name, orders.c.serial, orders.c.model)]
    return _newest(connection, or_(*parts, *(_IS_KNOWN if len(phone) >= 4 else ())), visible_to, limit, known)


def of_machine(connection: Connection, words: str, *, visible_to: Person, limit: int = 20) -> list[WorkOrder]:
    """Orders of machines whose model or serial number has these words, newest first (MNT-16)."""
    like = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    named = or_(orders.c.serial.ilike(like, escape="\\"), orders.c.model.ilike(like, escape="\\"))
    return _newest(connection, named, visible_to, limit)


_WHOLE_PHONE = 7  # digits
_IS_KNOWN = (
    orders.c.phone_end.between(bindparam("start", type_=String), bindparam("end", type_=String)),
    orders.c.number == bindparam("number", type_=String),
)
"""By the number, or by the end of the telephone, a range of the index of reversed telephones."""


@lru_cache(maxsize=256)
def _known(person: Person) -> Prepared:
    found = select(_WHOLE).where(_visible(person, branch=_BRANCH_AFTERWARDS), or_(*_IS_KNOWN))
    return Prepared(found.order_by(orders.c.id.desc()).limit(bindparam("limit")))


def _newest(
    connection: Connection, wanted: Any, visible_to: Person, limit: int, values: dict[str, Any] | None = None
) -> list[WorkOrder]:
    found = select(_WHOLE).where(_visible(visible_to, branch=_BRANCH_AFTERWARDS), wanted)
    return _many(connection, found.order_by(orders.c.id.desc()).limit(limit), values)


def reported_between(
    connection: Connection, start: datetime, end: datetime, *, visible_to: Person, limit: int = 20
) -> list[WorkOrder]:
    """Orders reported in [start, end), newest first."""
    inside = and_(orders.c.reported_at >= start, orders.c.reported_at < end)
    return _newest(connection, inside, visible_to, limit)


def all_between(connection: Connection, start: datetime, end: datetime) -> list[WorkOrder]:
    """Every branch's orders reported in [start, end), the oldest first."""
    inside = (orders.c.reported_at >= start) & (orders.c.reported_at < end)
    return _many(connection, select(_WHOLE).where(inside).order_by(orders.c.id))


def finished_between(connection: Connection, start: datetime, end: datetime) -> list[WorkOrder]:
    """Every branch's orders whose job was completed in [start, end), the oldest first."""
    inside = (orders.c.finished_at >= start) & (orders.c.finished_at < end)
    return _many(connection, select(_WHOLE).where(inside).order_by(orders.c.id))


def each_finished(connection: Connection, start: datetime, end: datetime, *, at_once: int = _AT_ONCE) -> Iterator[WorkOrder]:
    """The same one by one in the order of their completion, for whoever keeps few of many; so many are in memory at once.

    Each batch is a statement of its own: whoever only looks has no transaction in which a cursor could stay open.
    """
    at, finished, last, last_id = orders.c.id, orders.c.finished_at, start, 0
    while True:
        beyond = or_(finished > last, and_(finished == last, at > last_id))
        wanted = select(at, finished, _WHOLE).where(finished >= last, finished < end, beyond)
        batch = connection.execute(wanted.order_by(finished, at).limit(at_once)).all()
        yield from (read(WorkOrder, whole) for _id, _finished, whole in batch)
        if len(batch) < at_once:
            return
        last_id, last = batch[-1][:2]


def of_branch(connection: Connection, branch: str, start: datetime, end: datetime) -> list[WorkOrder]:
    """A branch's orders reported in [start, end), the oldest first."""
    inside = and_(orders.c.branch == branch, orders.c.reported_at >= start, orders.c.reported_at < end)
    return _many(connection, select(_WHOLE).where(inside).order_by(orders.c.id))


def open_since(connection: Connection, branch: str, before: datetime, *, limit: int = 200) -> list[WorkOrder]:
    """A branch's open orders that were reported before a moment, the oldest first."""
    old = and_(orders.c.branch == branch, orders.c.is_open, orders.c.reported_at < before)
    return _many(connection, select(_WHOLE).where(old).order_by(orders.c.id).limit(limit))


def undispatched(connection: Connection, branch: str | None = None) -> list[WorkOrder]:
    """What the day leaves without a technician (DSP-2), oldest first; not what the builder's contractor repairs (INT-14)."""
    statement = select(_WHOLE).where(orders.c.stage.in_([str(stage) for stage in UNDISPATCHED]))
    if branch is not None:
        statement = statement.where(orders.c.branch == branch)
    return [one for one in _many(connection, statement.order_by(orders.c.id)) if one.report.kind != CONTRACTOR]


_SAME_CUSTOMER = orders.c.customer_id == bindparam("customer")
_NEWEST_FIRST = select(_WHOLE).order_by(orders.c.id.desc()).limit(bindparam("limit"))
_OF_CUSTOMER = Prepared(_NEWEST_FIRST.where(_SAME_CUSTOMER))
_OF_MACHINE = Prepared(_NEWEST_FIRST.where(or_(_SAME_CUSTOMER, orders.c.serial == bindparam("serial"))))


def history(connection: Connection, *, customer: int, serial: str = "", limit: int = 5) -> list[WorkOrder]:
    """Earlier orders of a customer, or of the same machine, newest first."""
    if serial:
        found = _OF_MACHINE.all(connection, customer=customer, serial=serial, limit=limit)
    else:
        found = _OF_CUSTOMER.all(connection, customer=customer, limit=limit)
    return [read(WorkOrder, whole) for (whole,) in found]


def last_report(connection: Connection, customer: int) -> FaultReport | None:
    """What a customer told at his latest call."""
    plain = _LAST_REPORT.scalar(connection, customer=customer)
    return load(FaultReport, plain) if plain is not None else None


def of_customer(connection: Connection, customer: int) -> list[WorkOrder]:
    """Every order of a customer, open or not, the oldest first."""
    return _many(connection, select(_WHOLE).where(orders.c.customer_id == customer).order_by(orders.c.id))


_LOADS = Prepared(select(crew.c.person_id, func.count()).where(crew.c.is_open, crew.c.tie == "crew").group_by(crew.c.person_id))


def loads(connection: Connection) -> dict[int, int]:
    """How many open orders each technician has who has any."""
    return dict(_LOADS.all(connection))


def versions(connection: Connection, order_id: int, step: str) -> list[dict[str, Any]]:
    """Every version of what a step recorded, oldest first; corrections keep the old value (VIS)."""
    rows = connection.execute(
        select(findings).where(findings.c.order_id == order_id, findings.c.step == step).order_by(findings.c.version)
    )
    return [dict(row._mapping) for row in rows]


_BRANCH_AFTERWARDS = orders.c.branch.concat("")
"""The branch where no index knows it: SQLite would sooner go through all that a branch ever did than look for a telephone."""


def _visible(person: Person, *, branch: Any = orders.c.branch) -> Any:
    """The rows that a person may see (CND-2); mirrors rules.people.may for SEE_ORDER."""
    held = {role for role in person.every_role if person.holds(role) and Deed.SEE_ORDER in MAY[role]}
    if held & EVERY_BRANCH:
        return orders.c.id.is_not(None)
    seen: list[Any] = []
    if held & OF_THE_BRANCH:
        seen.append(branch == person.branch)
    if Role.TECHNICIAN in held:
        seen.append(orders.c.id.in_(select(crew.c.order_id).where(crew.c.person_id == person.id)))
    if Role.CUSTOMER in held:
        seen.append(orders.c.customer_id == person.id)
    return or_(*seen) if seen else orders.c.id.is_(None)


def _as_number(digits: str) -> str:
    """An order's number from its digits."""
    return f"{digits[:4]}-{digits[4:]}"


def _columns(order: WorkOrder) -> dict[str, Any]:
    phone = digits_of(order.report.phone)
    return {
        "number": order.number,
        "stage": str(order.stage),
        "version": order.version,
        "branch": order.branch,
        "customer_id": order.customer,
        "lead_id": order.lead,
        "asset_id": order.asset,
        "customer_name": order.report.customer_name,
        "phone": phone,
        "phone_end": phone[::-1],
        "serial": order.report.serial,
        "is_open": order.is_open,
        "reported_at": order.reported_at,
        "order": dump(order),
        "model": order.report.model,
        "finished_at": order.finished_at,
    }


def _keep_ties(connection: Connection, before: WorkOrder | None, after: WorkOrder) -> None:
    if before and (before.crew, before.offered_to, before.is_open) == (after.crew, after.offered_to, after.is_open):
        return
    if before:
        connection.execute(delete(crew).where(crew.c.order_id == after.id))
    ties = dict.fromkeys(after.offered_to, "offered") | dict.fromkeys(after.crew, "crew")
    if ties:
        rows = [{"order_id": after.id, "person_id": one, "tie": tie, "is_open": after.is_open} for one, tie in ties.items()]
        connection.execute(insert(crew), rows)


def _keep_versions(connection: Connection, before: WorkOrder | None, after: WorkOrder) -> None:
    for step, found in after.findings.items():
        if before is None or before.findings.get(step) != found:
            values = {"order_id": after.id, "step": step, "version": found.version, "answers": dict(found.answers)}
            _KEEP_FINDINGS.run(connection, **values, by=found.by, at=found.at)
    for seal in after.seals[len(before.seals) if before else 0 :]:
        values = {"order_id": after.id, "version": seal.version, "digest": seal.digest, "summary": seal.summary}
        values |= {"signature": seal.signature, "signer": seal.signer, "at": seal.at}
        _KEEP_SEAL.run(connection, **values)


_KEEP_FINDINGS = Prepared(
    lambda insert: (
        insert(findings).values(**named("order_id", "step", "version", "answers", "by", "at")).on_conflict_do_nothing()
    )
)
_KEEP_SEAL = Prepared(
    lambda insert: (
        insert(seals)
        .values(**named("order_id", "version", "digest", "summary", "signature", "signer", "at"))
        .on_conflict_do_nothing()
    )
)


def _many(connection: Connection, statement: Select[Any], values: dict[str, Any] | None = None) -> list[WorkOrder]:
    return [read(WorkOrder, whole) for whole in connection.execute(statement, values).scalars()]
