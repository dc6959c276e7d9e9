"""The accountants' list of overdue balances, taken whole from a CSV file (FEE-11)."""

import csv
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from sqlalchemy import Connection

from handlers.questions import Misread, clean, read_phone
from rules.balances import Balance, number_of, reminder
from rules.money import Money, Unreadable
from rules.people import Role
from rules.tasks import Task, drop, open_task
from rules.terms import Terms
from storage import balances, cases, people
from storage.unit import Unit

COLUMNS = ("phone", "overdue", "since")


class BalanceProblem(Exception):
    """A line that can't be read; nothing of the file was taken."""


def is_list(path: Path) -> bool:
    """Whether a file's first line names the columns of a list of balances."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return set(COLUMNS) <= {cell.strip() for cell in next(csv.reader(file), [])}


def import_balances(connection: Connection, path: Path, terms: Terms, *, region: str, branch: str, now: datetime) -> int:
    """Take the columns phone,overdue,since and perhaps name; who is not on the list any more owes nothing.

    Several lines of one telephone are one balance. Each who is new on it, or owes since another day, becomes a reminder for
    after-sales. Returns how many owe. Raises BalanceProblem that names the line.
    """
    unit, owing = Unit(connection, now, terms), dict[int, Balance]()
    before = balances.every(connection)
    for phone, (name, balance) in _read(path, terms, region, terms.calendar.local_day(now)).items():
        known = people.customer_by_phone(connection, phone)
        person = known or people.add_person(connection, name=name, roles=[Role.CUSTOMER], phone=phone, now=now)
        owing[person.id] = balance
        balances.keep(connection, person.id, balance)
        if cases.by_number(connection, Task, number_of(person.id, balance)) is None:
            task = reminder(person.id, person.name or name or phone, branch, balance, now=now, terms=terms)
            unit.record(None, open_task(task, now=now), by=None)
    for customer, balance in before.items():
        if customer not in owing:
            balances.keep(connection, customer, None)
        if customer not in owing or owing[customer].since != balance.since:
            _drop(unit, customer, balance)
    return len(owing)


def _read(path: Path, terms: Terms, region: str, today: date) -> dict[str, tuple[str, Balance]]:
    """(name, balance) by telephone: the sum of its lines, since the first day. Raises BalanceProblem."""
    found: dict[str, tuple[str, Balance]] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        rows.fieldnames = [one.strip() for one in rows.fieldnames or ()]
        for number, row in enumerate(rows, 2):
            phone, name, more = _line(number, row, terms, region, today)
            known, so_far = found.get(phone, (name, replace(more, minor=0)))
            since = min(so_far.since, more.since)
            found[phone] = known or name, Balance(so_far.minor + more.minor, more.currency, since)
    return found


def _drop(unit: Unit, customer: int, balance: Balance) -> None:
    """It was paid: nobody has to be reminded any more."""
    task = cases.by_number(unit.connection, Task, number_of(customer, balance))
    if task is not None and task.is_open:
        unit.record(task, drop(task, now=unit.now), by=None)


def _line(number: int, row: dict[str, str], terms: Terms, region: str, today: date) -> tuple[str, str, Balance]:
    try:
        phone = read_phone(row["phone"] or "", region)
        money = Money.of(Decimal((row["overdue"] or "").replace(",", "").strip()), terms.policy.currency)
        since = date.fromisoformat((row["since"] or "").strip())
    except (Misread, InvalidOperation, OverflowError, Unreadable, ValueError):
        raise BalanceProblem(
            f"line {number}: needs a telephone, an amount and a day such as 2026-10-31; nothing was imported"
        ) from None
    if money.minor <= 0:
        raise BalanceProblem(f"line {number}: the amount has to be above zero; nothing was imported")
    if since > today:
        raise BalanceProblem(f"line {number}: nothing is overdue since a day to come; nothing was imported")
    return phone, clean(row.get("name") or "")[:60], Balance(money.minor, money.currency, since)
