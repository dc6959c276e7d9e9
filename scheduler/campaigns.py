"""What is asked of every customer each half year, beside what is filed at the end of a month (SUR-11)."""

from datetime import date, datetime

from sqlalchemy import Connection

from rules.hours import day_bounds
from rules.orders import WorkOrder
from rules.paper_cards import campaign_card, half_year
from rules.surveys import Survey
from rules.terms import Terms
from scheduler import month_end
from scheduler.digests import first_time
from storage import cases, orders, people
from storage.unit import Unit


def daily(connection: Connection, terms: Terms, day: date, *, now: datetime) -> int:
    """Both, on the first working day on which somebody looks; returns how many cards and messages."""
    if not terms.calendar.is_workday(day):
        return 0
    return _half_year(connection, terms, day, now) + month_end.daily(connection, terms, day, now=now)


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
