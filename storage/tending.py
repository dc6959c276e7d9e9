"""Contracts and quotes by the calendar: ends announced, visits made into orders, what is over closed (MNT-1, MNT-3)."""

from datetime import datetime

from sqlalchemy import Connection

from rules.contracts import Contract, announce, is_ending, next_visit, open_visit, visit_opened
from rules.contracts import expire as expire_contract
from rules.quotes import Quote, expire, is_over
from rules.terms import Terms
from storage import cases, orders
from storage.numbers import order_number
from storage.unit import Unit


def tend_contracts(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Do what is due today for every contract; returns for how many something was done. Doing it again does nothing."""
    return sum(tend(Unit(connection, now, terms), one) for one in cases.every_open(connection, Contract))


def tend_quotes(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Quotes whose last day is over without an answer run out, so that another one may be drawn up (FEE-3)."""
    today = terms.calendar.local_day(now)
    found = [one for one in cases.every_open(connection, Quote) if is_over(one, today)]
    for quote in found:
        order = orders.by_id(connection, quote.about_order or 0)
        if order is not None:
            over, freed = expire(quote, order, now=now)
            unit = Unit(connection, now, terms)
            unit.record(quote, over, by=None)
            unit.record(order, freed, by=None)
    return len(found)


def tend(unit: Unit, contract: Contract) -> bool:
    """The same for one contract; whether something was done."""
    terms, today, before = unit.terms, unit.terms.calendar.local_day(unit.now), contract
    if contract.ends_on < today:
        unit.record(contract, expire_contract(contract, now=unit.now), by=None)
        return True
    if is_ending(contract, today, terms):
        contract = unit.record(contract, announce(contract, now=unit.now, terms=terms), by=None)
    while (n := next_visit(contract, today, terms)) is not None:
        number = order_number(unit.connection, terms, unit.now)
        order = unit.record(None, open_visit(contract, n, number, now=unit.now, terms=terms), by=None)
        contract = unit.record(contract, visit_opened(contract, n, order), by=None)
    return contract != before
