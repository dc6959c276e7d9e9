"""What was taken in from the company's books, a month at a time, and what it is compared with (KPI-10, KPI-11, DLY-9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import Connection, delete, insert, select

from rules.books import Account, Book, Ratio, ratios
from rules.compensations import Compensation, CompensationStage
from rules.complaints import Complaint
from rules.expenses import Expense, OutStage
from rules.money import Money, total
from rules.months import Period
from rules.shipments import Shipment
from rules.terms import Terms
from storage import cases, ledger
from storage.money_tables import books

C = TypeVar("C", Expense, Compensation, Shipment)
_LONGEST = timedelta(days=400)
"""A complaint that came in longer ago than this is not looked for."""


def keep(connection: Connection, book: Book, month: str, lines: Mapping[str, Money]) -> None:
    """A month's list as it is now; what stood in an earlier one for that month is gone."""
    connection.execute(delete(books).where(books.c.book == str(book), books.c.month == month))
    rows = [
        {"book": str(book), "month": month, "name": name, "minor": one.minor, "currency": one.currency}
        for name, one in lines.items()
    ]
    if rows:
        connection.execute(insert(books), rows)


def of_month(connection: Connection, book: Book, month: str) -> dict[str, Money]:
    """The lines of a month's list by name, by name in order."""
    found = select(books).where(books.c.book == str(book), books.c.month == month).order_by(books.c.name)
    return {row.name: Money(int(row.minor), row.currency) for row in connection.execute(found)}


def months_of(connection: Connection, book: Book) -> list[str]:
    """The months of which there is a list, in order."""
    found = select(books.c.month).where(books.c.book == str(book)).distinct().order_by(books.c.month)
    return list(connection.execute(found).scalars())


def forget(connection: Connection, customer: str, nobody: str) -> None:
    """What was sold to a customer keeps its amount and loses his name (REC-6)."""
    mine = select(books.c.month).where(books.c.book == str(Book.SALES), books.c.name == customer)
    for month in connection.execute(mine).scalars().all():
        lines = of_month(connection, Book.SALES, month)
        amount = lines.pop(customer)
        lines[nobody] = lines[nobody] + amount if nobody in lines else amount
        keep(connection, Book.SALES, month, lines)


def ratios_of(connection: Connection, period: Period, terms: Terms) -> tuple[Ratio, ...]:
    """What was credited against what was sold in a month, by customer (KPI-10, DLY-9)."""
    start, end = period.bounds(terms.calendar.zone)
    known = cases.opened_between(connection, Complaint, start - _LONGEST, end)
    decided = [one for one in known if one.verdict is not None and start <= one.verdict.at < end]
    sold = _amounts(of_month(connection, Book.SALES, period.key), terms.policy.currency)
    return ratios(decided, sold)


def _amounts(lines: Mapping[str, Money], currency: str) -> dict[str, Decimal]:
    return {name: one.amount for name, one in lines.items() if one.currency == currency}


def account_of(connection: Connection, period: Period, branch: str | None, terms: Terms) -> Account:
    """What a branch, or the whole company, charged and spent in a month, in the company's own currency (KPI-11)."""
    start, end = period.bounds(terms.calendar.zone)
    currency = terms.policy.currency
    charged = ledger.by_day(connection, period.first, period.last, branch=branch or "")
    spent = _closed(connection, Expense, start, end, branch)
    paid = _closed(connection, Compensation, start, end, branch)
    mailed = _closed(connection, Shipment, start, end, branch)
    allowed = of_month(connection, Book.BUDGET, period.key)
    budget = [one for name, one in allowed.items() if branch is None or name == branch]

    def summed(amounts: Iterable[Money]) -> Money:
        return total((one for one in amounts if one.currency == currency), currency)

    return Account(
        summed(one.money for one in charged),
        summed(one.money for one in spent if one.stage == OutStage.SETTLED),
        summed(Money.of(one.cost, currency) for one in mailed),
        summed(one.money for one in paid if one.stage == CompensationStage.APPROVED),
        summed(budget) if budget else None,
    )


def _closed(connection: Connection, kind: type[C], start: datetime, end: datetime, branch: str | None) -> list[C]:
    return [one for one in cases.closed_between(connection, kind, start, end) if branch is None or one.branch == branch]
