"""Lists of the company's books: sales by customer and budgets by branch are taken in, ratios written out (KPI-10, KPI-11)."""

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from sqlalchemy import Connection

from bot.sheets import SheetProblem, read_sheet
from bot.spreadsheets import as_text
from handlers.questions import clean
from rules.books import Book
from rules.money import Money, Unreadable
from rules.months import read_period
from rules.stock import folded
from rules.terms import Terms
from storage import books

COLUMNS: dict[str, tuple[str, ...]] = {
    "month": ("month", "月份", "年月", "期間", "期间"),
    "customer": ("customer", "客戶", "客户", "客戶名稱", "客户名称"),
    "sales": ("sales", "銷售額", "销售额", "銷貨金額", "销货金额"),
    "branch": ("branch", "分公司", "部門", "部门", "門市", "门店"),
    "budget": ("budget", "預算", "预算"),
}
_KNOWN = {folded(word): column for column, words in COLUMNS.items() for word in words}
_WANTED = {Book.SALES: ("month", "customer", "sales"), Book.BUDGET: ("month", "branch", "budget")}
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})(?:\s*月)?(?:[-/.]\d{1,2}.*)?")
_MOST_NAME, _MOST_TOLD = 100, 50
Months = dict[str, dict[str, Money]]


class BookProblem(Exception):
    """What is wrong with a list, line by line; nothing of it was taken."""


@dataclass(frozen=True)
class Taken:
    """Which list it was, and what stood in it: amounts by month and name."""

    book: Book
    months: Mapping[str, Mapping[str, Money]]


def read_book(path: Path, terms: Terms, *, branch: str) -> Taken:
    """A CSV or XLSX list of month, customer, sales, or of month, branch, budget. Raises BookProblem.

    Several lines of one name in one month are added up. A budget without a branch is that of `branch`.
    """
    try:
        sheet = read_sheet(path, knows=lambda row: _book_of(row) is not None)
    except SheetProblem as problem:
        raise BookProblem(f"{problem}; nothing was imported") from None
    book = _book_of(sheet.rows[0]) if sheet.rows else None
    if book is None:
        raise BookProblem(
            f"{path.name}: line 1 has to name the columns: month,customer,sales (月份,客戶,銷售額) or month,branch,budget "
            "(月份,分公司,預算); nothing was imported"
        )
    columns, months, wrong = _columns(sheet.rows[0]), Months(), list[str]()
    for n, row in enumerate(sheet.rows[1:], 2):
        if not any(row):
            continue
        told = [clean(row[columns[one]]) if columns[one] < len(row) else "" for one in _WANTED[book]]
        try:
            month, name, money = _line(*told, currency=terms.policy.currency, branch=branch if book is Book.BUDGET else "")
        except ValueError as error:
            wrong.append(f"line {n}: {error}")
            continue
        lines = months.setdefault(month, {})
        lines[name] = lines[name] + money if name in lines else money
    if wrong:
        more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
        raise BookProblem("; ".join([f"{path.name}: nothing was imported", *wrong[:_MOST_TOLD], *more]))
    return Taken(book, months)


def keep(connection: Connection, taken: Taken) -> int:
    """Put a list in the place of what was known of its months; returns how many lines."""
    for month, lines in taken.months.items():
        books.keep(connection, taken.book, month, lines)
    return sum(map(len, taken.months.values()))


def export_ratios(connection: Connection, folder: Path, terms: Terms) -> None:
    """ratios.csv: what each customer was credited against what was sold to him, by month; nothing where none is on record."""
    with (folder / "ratios.csv").open("w", encoding="utf-8-sig", newline="") as table:
        writer = csv.writer(table)
        writer.writerow(["month", "customer", "cases", "credited", "sales", "percent"])
        for month in books.months_of(connection, Book.SALES):
            for one in books.ratios_of(connection, read_period(month), terms):
                percent = f"{float(one.value * 100):.2f}" if one.value is not None else ""
                sales = one.sales if one.sales is not None else ""
                writer.writerow([month, as_text(one.customer), one.n, one.credited, sales, percent])


def _book_of(row: tuple[str, ...]) -> Book | None:
    named = set(_columns(row))
    return next((book for book, wanted in _WANTED.items() if set(wanted) <= named), None)


def _columns(row: tuple[str, ...]) -> dict[str, int]:
    """column -> where it stands."""
    return {_KNOWN[folded(cell)]: n for n, cell in enumerate(row) if folded(cell) in _KNOWN}


def _line(month: str, name: str, amount: str, *, currency: str, branch: str) -> tuple[str, str, Money]:
    """One line. Raises ValueError that says what is wrong."""
    found = _MONTH.fullmatch(month)
    if found is None or not 1 <= int(found[2]) <= 12:
        raise ValueError("the month has to be like 2026-11")
    name = name or branch
    if not name or len(name) > _MOST_NAME:
        raise ValueError(f"the name is empty or longer than {_MOST_NAME} characters")
    try:
        money = Money.of(Decimal(amount.replace(",", "")), currency)
    except (InvalidOperation, Unreadable, OverflowError):
        raise ValueError(f"the amount has to be a number of {currency}") from None
    if not 0 <= money.minor < 2**53:
        raise ValueError("the amount is below zero or too large")
    return f"{found[1]}-{int(found[2]):02d}", name, money
