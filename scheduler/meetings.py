"""On the first working morning of a week whoever heads a branch has the agenda for its meeting (STF-17)."""

from datetime import datetime

from sqlalchemy import Connection

from rules.agendas import body_of
from rules.decisions import Audience
from rules.hours import week_start
from rules.months import week_of
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from scheduler.tending import opening
from storage import people
from storage.agendas import agenda
from storage.shop_days import shops


def look(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Last week's breaches, what is old, complaints: once a week to each branch that has any; returns how many messages."""
    today = terms.calendar.local_day(now)
    if not terms.policy.daily.meeting or not terms.calendar.is_workday(today) or now < opening(today, terms):
        return 0
    if not first_time(connection, "agenda", week_start(today).isoformat(), 0, now):
        return 0
    n_told = 0
    for branch in shops(connection):
        found = agenda(connection, branch, week_of(today).before, terms, now=now)
        heads = [] if found.is_empty else people.audience(connection, Audience.SUPERVISOR, branch)
        for head in heads:
            post(connection, head, body_of(found), now=now, dedup=f"agenda:{week_start(today)}:{branch}:{head}")
            n_told += 1
    return n_told
