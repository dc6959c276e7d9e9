"""After closing time the heads of each shop have its day (DLY-12)."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.decisions import Audience
from rules.figure_words import branch_words
from rules.hours import day_bounds
from rules.people import Role
from rules.shop_days import ShopDay
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import people
from storage.shop_days import shop_day, shops

_FURTHEST = 10
"""How many days back the last closing time may lie that is still told of."""


def look(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """The last day that was closed, once, caught up with whenever somebody looks; returns how many messages."""
    day = _closed(terms, now)
    if day is None or not first_time(connection, "shop", day.isoformat(), 0, now):
        return 0
    ended_at = day_bounds(day, terms.calendar.zone)[1]
    n_told = 0
    for branch in shops(connection):
        heads = [one for one in _heads(connection, branch) if people.known_since(connection, one) < ended_at]
        body = said(shop_day(connection, branch, day, terms)) if heads else {}
        for head in heads:
            post(connection, head, body, now=now, dedup=f"shop:{day}:{branch}:{head}")
            n_told += 1
    return n_told


def _closed(terms: Terms, now: datetime) -> date | None:
    """The latest day whose closing time has passed."""
    today = terms.calendar.local_day(now)
    for day in (today - timedelta(days=n) for n in range(_FURTHEST)):
        ends = terms.calendar.day_end(day)
        if ends is not None and ends <= now:
            return day
    return None


def _heads(connection: Connection, branch: str) -> list[int]:
    """The supervisor and the shop's manager; where there is neither, whoever is above them."""
    managers = [one.id for one in people.staff(connection, role=Role.MANAGER, branch=branch) if one.branch == branch]
    return list(dict.fromkeys([*people.audience(connection, Audience.SUPERVISOR, branch), *managers]))


def said(found: ShopDay) -> dict[str, Any]:
    """The summary: what came in, what was given back or mended, what was charged, what is on order."""
    kinds = ("accepted", "counter", "repairs")
    lines = [{"text": f"shop.{kind}", "facts": dict(found.numbers)} for kind in kinds]
    for name, sums in (("collected", found.collected), ("invoiced", found.invoiced)):
        for one in sums:
            facts = {"n": one.n, "amount": str(one.money), "in_hand": str(one.in_hand)}
            lines.append({"text": f"shop.{name}", "facts": facts})
    if not found.collected and not found.invoiced:
        lines.append({"text": "shop.nothing-charged", "facts": {}})
    lines.append({"text": "shop.backorders", "facts": dict(found.numbers)})
    return {"text": "shop.day", "facts": {"branch": branch_words(found.branch), "day": found.day}, "lines": lines, "rows": []}
