"""What is asked of every customer each half year, and the bound volume of a month (SUR-11, REC-2, REC-5)."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.decisions import Audience
from rules.hours import day_bounds, month_start
from rules.orders import WorkOrder
from rules.paper_cards import campaign_card, half_year
from rules.surveys import Survey
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import cases, orders, people, volumes
from storage.unit import Unit

_MOST_LINES = 30


def daily(connection: Connection, terms: Terms, day: date, *, now: datetime) -> int:
    """Both, on the first working day on which somebody looks; returns how many cards and messages."""
    if not terms.calendar.is_workday(day):
        return 0
    return _half_year(connection, terms, day, now) + _volume(connection, terms, day, now)


def _half_year(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """One card for each customer who can be reached and had a call in the half year, about the latest one (SUR-11)."""
    found = half_year(day) if terms.policy.survey.half_yearly else None
    if found is None or not first_time(connection, "half-year", found[0], 0, now):
        return 0
    period, first, after = found
    zone, latest = terms.calendar.zone, dict[int, WorkOrder]()
    for order in orders.all_between(connection, day_bounds(first, zone)[0], day_bounds(after, zone)[0]):
        latest[order.customer] = order
    n_cards = 0
    for customer, order in latest.items():
        if people.account_for(connection, customer) is None or people.person(connection, customer).is_staff:
            continue
        if cases.by_number(connection, Survey, f"{period}-{customer}") is None:
            Unit(connection, now, terms).record(None, campaign_card(order, period, now, terms), by=None)
            n_cards += 1
    return n_cards


def _volume(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """On the first working day of a month the technical department has the index of its services, and what each lacks."""
    last = month_start(day) - timedelta(days=1)
    if not terms.policy.close.monthly_export or not first_time(connection, "volume", f"{last:%Y-%m}", 0, now):
        return 0
    bound = volumes.bound_in(connection, month_start(last), last, terms)
    readers = people.audience(connection, Audience.RND, bound[0].branch, now=now) if bound else []
    for reader in readers:
        facts = {"month": f"{last:%Y-%m}", "n": len(bound), "n_lacking": sum(bool(one.lacking) for one in bound)}
        body = {"text": "volume.head", "facts": facts, "lines": [_line(one) for one in bound[:_MOST_LINES]], "rows": []}
        post(connection, reader, body, now=now, dedup=f"volume:{last:%Y-%m}:{reader}")
    return len(readers)


def _line(one: volumes.Bound) -> dict[str, Any]:
    facts: dict[str, Any] = {"number": one.number, "what": one.model, "cause": one.cause or "—", "action": one.action or "—"}
    if not one.lacking:
        return {"text": "volume.line", "facts": facts}
    return {
        "text": "volume.line-lacking",
        "facts": facts | {"lacking": [{"text": f"open_point.{name}"} for name in one.lacking]},
    }
