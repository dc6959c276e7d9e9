"""What a shop's day is counted from (DLY-12)."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from sqlalchemy import Connection, func, select

from rules.backorders import Backorder
from rules.cases import Case
from rules.goods import Goods
from rules.hours import day_bounds
from rules.invoices import Invoice
from rules.orders import Stage
from rules.people import EVERY_BRANCH, Role
from rules.returns import Return
from rules.shop_days import Happened, ShopDay, sum_up
from rules.terms import Terms
from storage import cases, ledger, orders, people
from storage.tables import orders as order_table

C = TypeVar("C", bound=Case)
_NOT_IN_A_SHOP = EVERY_BRANCH | {Role.CUSTOMER}


def shops(connection: Connection) -> list[str]:
    """Branches in which somebody works who is not of headquarters."""
    return sorted({one.branch for one in people.staff(connection) if one.branch and one.roles - _NOT_IN_A_SHOP})


def shop_day(connection: Connection, branch: str, day: date, terms: Terms) -> ShopDay:
    """A shop's day with what is open by now (DLY-12)."""
    start, end = day_bounds(day, terms.calendar.zone)
    waiting = (order_table.c.branch == branch) & (order_table.c.stage == str(Stage.WAITING_PARTS))
    happened = Happened(
        start, end,
        calls=orders.of_branch(connection, branch, start, end),
        finished=[one for one in orders.finished_between(connection, start, end) if one.branch == branch],
        brought=_of(branch, cases.opened_between(connection, Return, start, end)),
        agreed=_of(branch, cases.closed_between(connection, Return, start, end)),
        disputed=_of(branch, cases.every_open(connection, Return)),
        goods=_of(branch, [*cases.every_open(connection, Goods), *cases.closed_between(connection, Goods, start, end)]),
        backorders=_backorders(connection, branch, day, terms),
        receipts=ledger.by_day(connection, day, day, branch=branch),
        invoices=_of(branch, cases.opened_between(connection, Invoice, start, end)),
        n_waiting=connection.execute(select(func.count()).select_from(order_table).where(waiting)).scalar_one(),
    )  # fmt: skip
    return sum_up(branch, day, happened)


def _backorders(connection: Connection, branch: str, day: date, terms: Terms) -> list[Backorder]:
    """Open ones, and those of the day that are closed already."""
    start, end = day_bounds(day, terms.calendar.zone)
    opened = [one for one in cases.opened_between(connection, Backorder, start, end) if not one.is_open]
    return _of(branch, [*cases.every_open(connection, Backorder), *opened])


def _of(branch: str, found: Iterable[C]) -> list[C]:
    return [one for one in found if one.branch == branch]
