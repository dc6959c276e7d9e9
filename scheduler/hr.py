"""What goes to personnel and to a shop's heads when a month is over; the desk decides nothing of it (STF-8, RET-17)."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Connection

from rules import audits, figure_words
from rules.figure_scopes import Scope
from rules.hours import day_bounds, month_start
from rules.months import Period, month_of
from rules.people import Person, Role
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from scheduler.tending import opening
from storage import people, timebook
from storage.audits import audited
from storage.shop_days import shops

_MOST_SHEETS = 20
_AUDITORS = (Role.MANAGER, Role.AREA_SUPERVISOR, Role.OPS_MANAGER, Role.HR)


def monthly(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Both, on the first working morning of a month on which somebody looks; returns how many messages."""
    today = terms.calendar.local_day(now)
    if not terms.calendar.is_workday(today) or now < opening(today, terms):
        return 0
    if not first_time(connection, "hr", month_start(today).isoformat(), 0, now):
        return 0
    period = month_of(today).before
    n_told = _sheets(connection, terms, period, now)
    return n_told + (_audit(connection, terms, period, now) if terms.policy.daily.shop else 0)


def _sheets(connection: Connection, terms: Terms, period: Period, now: datetime) -> int:
    """Personnel has each technician's month, with his figures as a paper; for a promotion and whatever it decides (STF-8)."""
    n_told = 0
    for branch in timebook.branches(connection):
        readers = _holders(connection, (Role.HR,), branch)
        staff = _there(connection, timebook.technicians(connection, branch), period.last, terms) if readers else []
        sheets = [timebook.month_sheet(connection, one, period.first, period.last, terms, now=now) for one in staff]
        if not sheets:
            continue
        worked = [one.person for one in sheets if one.n_orders][:_MOST_SHEETS]
        papers = [figure_words.paper("pdf", period, Scope(branch, technician=one)) for one in worked]
        facts = {"branch": figure_words.branch_words(branch), "month": period.key, "n": len(sheets)}
        body = {"text": "hr.sheets", "facts": facts, "lines": timebook.month_lines(sheets), "rows": [], "papers": papers}
        for reader in readers:
            post(connection, reader, body, now=now, dedup=f"hr:{period.key}:{branch}:{reader}")
            n_told += 1
    return n_told


def _there(connection: Connection, staff: Iterable[Person], last: date, terms: Terms) -> list[int]:
    """Who was there by the end of the month already."""
    end = day_bounds(last, terms.calendar.zone)[1]
    return [one.id for one in staff if people.known_since(connection, one.id) < end]


def _audit(connection: Connection, terms: Terms, period: Period, now: datetime) -> int:
    """What was against the rules of the shop, to its heads, those above them and personnel (RET-17)."""
    start, end = period.bounds(terms.calendar.zone)
    n_told = 0
    for branch in shops(connection):
        found = audited(connection, branch, start, end)
        readers = _holders(connection, _AUDITORS, branch)
        facts = {"branch": figure_words.branch_words(branch), "month": period.key, "n": len(found)}
        text = "audit.head" if found else "audit.clean"
        body = {"text": text, "facts": facts, "lines": audits.lines_of(found), "rows": []}
        known = [one for one in readers if people.known_since(connection, one) < end]
        for reader in known:
            post(connection, reader, body, now=now, dedup=f"audit:{period.key}:{branch}:{reader}")
        n_told += len(known)
    return n_told


def _holders(connection: Connection, roles: Iterable[Role], branch: str) -> list[int]:
    """Whoever holds one of these posts for a branch himself; an empty post falls to nobody."""
    found = [one.id for role in roles for one in people.staff(connection, role=role, branch=branch) if role in one.roles]
    return list(dict.fromkeys(found))
