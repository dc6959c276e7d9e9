"""What the accountants take over: every movement of money and every purchase of parts, as CSV and JSON lines (FEE-10).

There is no ledger of our own: what was received, paid and owed is written out for the company's books.
"""

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from bot.spreadsheets import as_text
from rules.charges import Receipt
from rules.compensations import Compensation
from rules.expenses import Advance, Expense
from rules.invoices import Invoice
from rules.money import Money
from rules.receipts import GoodsReceipt
from storage import cases, journal, people
from storage.money_tables import payments


@dataclass(frozen=True)
class Movement:
    """One line of the books: `amount` is exact, below zero for what goes out; a receivable has come when a receipt says so."""

    at: str
    kind: str
    number: str
    order: str
    person: str
    amount: str
    currency: str
    method: str = ""


def export_money(connection: Connection, folder: Path) -> int:
    """money.csv and money.jsonl, purchases.csv and purchases.jsonl; returns how many movements of money."""
    movements = sorted(_movements(connection), key=lambda one: (one.at, one.number))
    _write(folder, "money", [asdict(one) for one in movements])
    _write(folder, "purchases", list(_purchases(connection)))
    return len(movements)


def _write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with (
        (folder / f"{name}.csv").open("w", encoding="utf-8-sig", newline="") as table,
        (folder / f"{name}.jsonl").open("w", encoding="utf-8") as lines,
    ):
        writer = csv.writer(table)
        writer.writerow(_COLUMNS[name])
        for row in rows:
            cells = [row[column] for column in _COLUMNS[name]]
            told = zip(_COLUMNS[name], cells, strict=True)
            writer.writerow([one if column in _NUMBERS else as_text(one) for column, one in told])
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


_COLUMNS = {
    "money": ("at", "kind", "number", "order", "person", "amount", "currency", "method"),
    "purchases": ("at", "number", "source", "supplier", "part", "taken", "refused"),
}
_NUMBERS = frozenset({"amount", "taken", "refused"})
"""Cells that a spreadsheet reckons with."""


def _movements(connection: Connection) -> Iterator[Movement]:
    yield from _received(connection)
    for invoice in cases.every(connection, Invoice):
        for at in _when(connection, invoice.subject, "invoice.issued"):
            yield _line(at, "receivable", invoice.issued_as or invoice.number, invoice.order_number, "", invoice.money)
    for advance in cases.every(connection, Advance):
        who = people.name_of(connection, advance.by)
        for at in _when(connection, advance.subject, "advance.paid"):
            yield _line(at, "advance_paid", advance.number, advance.trip, who, _out(advance.money))
        for line in journal.lines(connection, advance.subject):
            if line.kind == "advance.settled" and not line.facts.get("claim"):
                yield _line(line.at, "advance_back", advance.number, advance.trip, who, advance.money)
    for expense in cases.every(connection, Expense):
        for at in _when(connection, expense.subject, "expense.settled"):
            kind = "expense_paid" if expense.balance.minor >= 0 else "advance_back"
            yield _line(at, kind, expense.number, expense.trip, people.name_of(connection, expense.by), _out(expense.balance))
    for one in cases.every(connection, Compensation):
        for at in _when(connection, one.subject, "compensation.approved"):
            yield _line(at, "compensation", one.number, one.about_number, "", _out(one.money))


def _received(connection: Connection) -> Iterator[Movement]:
    """Receipts, their cancellation, and cash that was counted in."""
    known = {one.number: one.order_number for one in cases.every(connection, Receipt)}
    for row in connection.execute(select(payments).order_by(payments.c.id)):
        money, who = Money(int(row.minor), row.currency), people.name_of(connection, row.person_id)
        order = known.get(row.number, "")
        yield _line(row.at, "receipt", row.number, order, who, money, row.method)
        if row.voided_at is not None:
            yield _line(row.voided_at, "receipt_void", row.number, order, who, _out(money), row.method)
        elif row.counted_by is not None and row.handed_in_at is not None:
            yield _line(row.handed_in_at, "cash_counted", row.number, order, who, Money(0, row.currency), row.method)


def _purchases(connection: Connection) -> Iterator[dict[str, str]]:
    """Parts that came in, each receipt line by line."""
    for receipt in cases.every(connection, GoodsReceipt):
        for line in receipt.lines:
            yield {
                "at": receipt.opened_at.isoformat(), "number": receipt.number, "source": receipt.source,
                "supplier": receipt.supplier, "part": line.label, "taken": str(line.taken), "refused": str(line.refused),
            }  # fmt: skip


def _when(connection: Connection, subject: str, kind: str) -> list[datetime]:
    return [one.at for one in journal.lines(connection, subject) if one.kind == kind]


def _out(money: Money) -> Money:
    return Money(-money.minor, money.currency)


def _line(at: datetime, kind: str, number: str, order: str, person: str, money: Money, method: str = "") -> Movement:
    return Movement(at.isoformat(), kind, number, order, person or "", f"{money.amount:f}", money.currency, method)
