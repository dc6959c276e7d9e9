"""Overdue balances by customer, as the company's books say (FEE-11)."""

from datetime import date
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from rules.balances import Balance
from storage.prepared import Prepared
from storage.tables import people

_KEY = "overdue"


def keep(connection: Connection, customer: int, balance: Balance | None) -> None:
    """Note what a customer owes; None clears it."""
    facts = dict(connection.execute(select(people.c.facts).where(people.c.id == customer)).scalar_one())
    facts.pop(_KEY, None)
    if balance is not None:
        facts[_KEY] = {"minor": balance.minor, "currency": balance.currency, "since": balance.since.isoformat()}
    connection.execute(update(people).where(people.c.id == customer).values(facts=facts))


def of(connection: Connection, customer: int) -> Balance | None:
    """What a customer owes, None for nothing."""
    return _read(_FACTS.scalar(connection, customer=customer) or {})


_FACTS = Prepared(select(people.c.facts).where(people.c.id == bindparam("customer")))


def every(connection: Connection) -> dict[int, Balance]:
    """Everybody who owes something."""
    rows = connection.execute(select(people.c.id, people.c.facts).where(~people.c.is_staff)).all()
    return {row.id: found for row in rows if (found := _read(row.facts)) is not None}


def _read(facts: dict[str, Any]) -> Balance | None:
    plain = facts.get(_KEY)
    return Balance(plain["minor"], plain["currency"], date.fromisoformat(plain["since"])) if plain else None
