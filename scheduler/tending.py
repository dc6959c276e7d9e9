"""Once a day, when people are up: contracts are looked after, licences that end are pointed out (MNT-1, MNT-3, DSP-14)."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rules.decisions import Audience
from rules.licences import expiring
from rules.policies import quiet_hours
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import people, staffing
from storage.tending import tend_contracts, tend_quotes

_USUAL = time(9)


def opening(day: date, terms: Terms) -> datetime:
    """When a day begins for customers and staff: with the working hours, on a day off at nine, never in the quiet hours."""
    here = ZoneInfo(terms.calendar.zone)
    begins = terms.calendar.day_start(day) or datetime.combine(day, _USUAL, here)
    return max(begins, datetime.combine(day, quiet_hours(terms.policy)[1], here))


def daily(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Whatever the calendar asks for today, caught up with whenever somebody looks; returns how much was done."""
    day = terms.calendar.local_day(now)
    if now < opening(day, terms) or not first_time(connection, "tending", day.isoformat(), 0, now):
        return 0
    looked_after = tend_contracts(connection, terms, now=now) + tend_quotes(connection, terms, now=now)
    return looked_after + _licences(connection, terms, day, now)


def _licences(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """Each licence that ends soon is told once, to its holder and his supervisor (DSP-14)."""
    n_told = 0
    for one in expiring(staffing.every_licence(connection), terms.policy, today=day):
        holder = people.person(connection, one.person)
        facts = {"person_id": one.person, "kind": {"text": f"licence.{one.kind}"}, "until": one.expires_on}
        body = {"text": "licence.expires", "facts": facts, "lines": [], "rows": []}
        readers = [holder.id, *people.audience(connection, Audience.SUPERVISOR, holder.branch, now=now)]
        for reader in dict.fromkeys(readers):
            if first_time(connection, "licence", f"{one.id}:{one.expires_on:%y%m%d}", reader, now):
                post(connection, reader, body, now=now, dedup=f"licence:{one.id}:{one.expires_on}:{reader}")
                n_told += 1
    return n_told
