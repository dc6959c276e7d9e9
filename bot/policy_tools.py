"""`fieldhand policy`: what is in force, whether a file is good, and why a promise falls when it does."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.company import years_without_makeup_days
from handlers.render import Reader
from handlers.turn import Company
from handlers.why import why_lines
from rules.policies import Base, Limit, Policy, read_policy
from storage import deadlines, orders

_UNITS = ((Base.WORKING, timedelta(hours=1), "wh"), (Base.DAYS, timedelta(days=1), "d"))


def figures(policy: Policy) -> Iterator[tuple[str, str, bool]]:
    """(key, value as a policy file writes it, whether it differs from the default) of every figure."""
    shipped = Policy(policy.profile)
    for table in fields(Policy):
        value = getattr(policy, table.name)
        if not is_dataclass(value):
            yield table.name, _written(value), False
            continue
        usual = getattr(shipped, table.name)
        for one in fields(value):
            own = getattr(value, one.name)
            yield f"{table.name}.{one.name}", _written(own), own != getattr(usual, one.name)


def check(file: Path, *, this_year: int) -> list[str]:
    """Warnings about a policy file that can be used. Raises PolicyError, OSError and UnicodeDecodeError for one that can't."""
    policy = read_policy(file.read_text(encoding="utf-8"), str(file))
    years = years_without_makeup_days(policy, this_year=this_year)
    return [f"calendar.makeup_days: the make-up days of {year} are not known; name them here when they are" for year in years]


def explain(connection: Connection, company: Company, number: str) -> list[str]:
    """Why each promise of an order falls when it does, in the company's language; empty when there is no such order."""
    order = orders.by_number(connection, number)
    if order is None:
        return []
    reader = Reader(company.language, company.zone, lambda _one: "")
    terms = company.terms.of(order.policy_version)
    lines = why_lines(order, deadlines.of(connection, order.subject), terms)
    told = [f"{order.number}: {order.profile} {order.policy_version}"]
    return told + ([reader.words(line) for line in lines] or [reader.say("why.none", {"number": order.number})])


def _written(value: Any) -> str:
    if isinstance(value, Limit):
        return _limit(value)
    if isinstance(value, tuple):
        return ", ".join(_written(one) for one in value) or "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_written(one)}" for key, one in value.items()) or "–"
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "none"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value) or "–"


def _limit(limit: Limit) -> str:
    unit, letters = next(((unit, letters) for base, unit, letters in _UNITS if base is limit.base), (timedelta(hours=1), "h"))
    if limit.base is Base.CLOCK and limit.length % unit:
        unit, letters = timedelta(minutes=1), "min"
    early = f"!{int(limit.warn_after / timedelta(minutes=1))}min" if limit.warn_after else ""
    return f"{limit.length / unit:g}{letters}{early}"
