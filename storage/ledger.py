"""The ledger of receipts: written with each receipt in the same transaction, summed by person and day (FEE-7, FEE-8)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, case, func, insert, select, update

from rules.charges import DayLine, Method, Payment, Receipt, ReceiptStage
from rules.decisions import Subject
from rules.expenses import Advance, OutStage
from rules.money import Money
from rules.terms import Terms
from storage.staffing import lend
from storage.tables import holdings, orders, payments, vouchers

CASH, ADVANCE = "cash", "advance"
"""What they are called among the things that somebody answers for (STF-12)."""


def follow(connection: Connection, before: Subject | None, after: Subject, terms: Terms, now: datetime) -> None:
    """Keep the ledger with what became of a receipt; of any other subject it knows nothing."""
    if isinstance(after, Advance):
        _hold(connection, before, after, now)
    if not isinstance(after, Receipt):
        return
    if before is None:
        _enter(connection, after, terms, now)
    elif isinstance(before, Receipt) and before.stage != after.stage:
        _move_on(connection, after, now)


def _enter(connection: Connection, receipt: Receipt, terms: Terms, now: datetime) -> None:
    in_hand = receipt.stage == ReceiptStage.IN_HAND
    values = {
        "number": receipt.number, "order_id": receipt.about_order, "branch": receipt.branch, "person_id": receipt.by,
        "currency": receipt.currency, "minor": receipt.minor, "method": receipt.method, "at": now,
        "day": terms.calendar.local_day(now).isoformat(), "handed_in_at": None if in_hand else now,
    }  # fmt: skip
    connection.execute(insert(payments).values(values))
    if in_hand:
        lend(connection, receipt.by, CASH, receipt.number, str(receipt.money), by=None, now=now)


def _move_on(connection: Connection, receipt: Receipt, now: datetime) -> None:
    changes: dict[str, object] = {"voided_at": now}
    if receipt.stage == ReceiptStage.HANDED_IN:
        changes = {"handed_in_at": now, "counted_by": receipt.counted_by}
    connection.execute(update(payments).where(payments.c.number == receipt.number).values(**changes))
    _let_go(connection, CASH, receipt.number, now)


def _hold(connection: Connection, before: Subject | None, advance: Advance, now: datetime) -> None:
    """An advance that was paid out is the company's money in somebody's hands until it is settled (DSP-7, STF-12)."""
    was_out = isinstance(before, Advance) and before.stage == OutStage.PAID
    if advance.stage == OutStage.PAID and not was_out:
        lend(connection, advance.by, ADVANCE, advance.number, str(advance.money), by=advance.paid_by, now=now)
    elif was_out and advance.stage != OutStage.PAID:
        _let_go(connection, ADVANCE, advance.number, now)


def _let_go(connection: Connection, kind: str, number: str, now: datetime) -> None:
    """It is the company's again, whoever held it last."""
    held = (holdings.c.kind == kind) & (holdings.c.label == number) & holdings.c.ended_at.is_(None)
    connection.execute(update(holdings).where(held).values(ended_at=now))


def by_day(connection: Connection, start: date, end: date, *, branch: str = "") -> list[DayLine]:
    """What each person collected on each day of [start, end], the newest day first; void receipts count for nothing (FEE-7)."""
    inside = [payments.c.day >= start.isoformat(), payments.c.day <= end.isoformat(), payments.c.voided_at.is_(None)]
    inside += [payments.c.branch == branch] if branch else []
    key = (payments.c.person_id, payments.c.day, payments.c.currency)
    handed = func.sum(case((payments.c.handed_in_at.is_not(None), payments.c.minor), else_=0))
    found = (
        select(*key, func.count(), func.sum(payments.c.minor), handed)
        .where(*inside)
        .group_by(*key)
        .order_by(payments.c.day.desc(), payments.c.person_id)
    )
    return [
        DayLine(row[0], date.fromisoformat(row[1]), row[2], int(row[3]), int(row[4]), int(row[5]))
        for row in connection.execute(found)
    ]


def entries(connection: Connection, start: date, end: date, *, branch: str = "") -> list[Payment]:
    """Every receipt of the days [start, end], void ones as well, by person and time."""
    inside = [payments.c.day >= start.isoformat(), payments.c.day <= end.isoformat()]
    inside += [payments.c.branch == branch] if branch else []
    order = payments.c.order_id == orders.c.id
    found = select(payments, orders.c.number.label("order_number")).join(orders, order).where(*inside)
    return [
        Payment(
            row.number, row.order_number, row.person_id, Money(int(row.minor), row.currency), Method(row.method),
            row.at, row.handed_in_at, row.counted_by, row.voided_at is not None,
        )
        for row in connection.execute(found.order_by(payments.c.person_id, payments.c.at, payments.c.id))
    ]  # fmt: skip


def branches(connection: Connection, start: date, end: date) -> dict[str, int]:
    """Branches in which money was taken on the days [start, end], with how many receipts."""
    inside = (payments.c.day >= start.isoformat()) & (payments.c.day <= end.isoformat())
    found = select(payments.c.branch, func.count()).where(inside).group_by(payments.c.branch).order_by(payments.c.branch)
    return {row[0]: int(row[1]) for row in connection.execute(found)}


def paid_for(connection: Connection, order: int) -> dict[str, int]:
    """What the ledger says was paid for an order, by currency, in smallest units."""
    return _sums(connection, (payments.c.order_id == order,))


def _sums(connection: Connection, where: Iterable[ColumnElement[bool]]) -> dict[str, int]:
    found = select(payments.c.currency, func.sum(payments.c.minor)).where(payments.c.voided_at.is_(None), *where)
    return {row[0]: int(row[1]) for row in connection.execute(found.group_by(payments.c.currency))}


def keep_vouchers(connection: Connection, claim: str, lines: Iterable[tuple[str, str, str, int]], *, now: datetime) -> None:
    """The vouchers of a claim: (line, hash of the picture, currency, smallest units)."""
    rows = [
        {"claim": claim, "line": line, "sha256": sha256, "currency": currency, "minor": minor, "at": now}
        for line, sha256, currency, minor in lines
    ]
    if rows:
        connection.execute(insert(vouchers), rows)


def claimed_on(connection: Connection, sha256: Iterable[str], *, but_not: str = "") -> dict[str, str]:
    """On which earlier claim each of these pictures was handed in already (CLS-6)."""
    known = select(vouchers.c.sha256, vouchers.c.claim).where(vouchers.c.sha256.in_(list(sha256)), vouchers.c.claim != but_not)
    return {row.sha256: row.claim for row in connection.execute(known.order_by(vouchers.c.id))}
