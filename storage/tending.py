"""Contracts looked after by the calendar: ends announced, visits made into orders, what is over closed (MNT-1, MNT-3)."""

from datetime import datetime

from sqlalchemy import Connection

from rules.contracts import Contract, announce, expire, is_ending, next_visit, open_visit, visit_opened
from rules.terms import Terms
from storage import cases
from storage.numbers import order_number
from storage.unit import Unit


def tend_contracts(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Do what is due today for every contract; returns for how many something was done. Doing it again does nothing."""
    return sum(tend(Unit(connection, now, terms), one) for one in cases.every_open(connection, Contract))


def tend(unit: Unit, contract: Contract) -> bool:
    """The same for one contract; whether something was done."""
    terms, today, before = unit.terms, unit.terms.calendar.local_day(unit.now), contract
    if contract.ends_on < today:
        unit.record(contract, expire(contract, now=unit.now), by=None)
        return True
    if is_ending(contract, today, terms):
        contract = unit.record(contract, announce(contract, now=unit.now, terms=terms), by=None)
    while (n := next_visit(contract, today, terms)) is not None:
        number = order_number(unit.connection, terms, unit.now)
        order = unit.record(None, open_visit(contract, n, number, now=unit.now, terms=terms), by=None)
        contract = unit.record(contract, visit_opened(contract, n, order), by=None)
    return contract != before
