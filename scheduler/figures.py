"""The month's figures go out by themselves on the first working morning of the next one (KPI-15)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from rules import figure_words
from rules.figure_scopes import Scope, widest
from rules.figure_words import picture_of
from rules.figures import Ledger
from rules.months import Period, month_of
from rules.people import Deed, Person, may
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import books, figures, people
from storage.tables import digests
from storage.tables import people as people_table

_KIND = "figures"


def monthly(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Last month's figures to whoever leads, his own sheet to each technician, once; later in the month if nobody looked.

    A desk without any order before this month has none. Returns how many were told.
    """
    day = terms.calendar.local_day(now)
    begins, ends = terms.calendar.day_start(day), terms.calendar.day_end(day)
    if begins is None or ends is None or not begins <= now < ends:
        return 0
    period = month_of(day).before
    ended_at = period.bounds(terms.calendar.zone)[1]
    waiting = _waiting(connection, period, ended_at)
    if not waiting or not figures.is_in_use(connection, ended_at):
        return 0
    ledgers: dict[str | None, Ledger] = {}
    n_told = 0
    for person in waiting:
        if not first_time(connection, _KIND, period.key, person.id, now):
            continue
        scope = widest(person)
        if scope.branch not in ledgers:
            ledgers[scope.branch] = figures.of_period(connection, period, terms, branch=scope.branch, now=now)
        n_told += _tell(connection, terms, person, period, scope, ledgers[scope.branch], now)
    return n_told


def _waiting(connection: Connection, period: Period, ended_at: datetime) -> list[Person]:
    """Who has a right to the figures, was there in that month and has not had them."""
    had = select(digests.c.person_id).where(digests.c.kind == _KIND, digests.c.period == period.key)
    later = select(people_table.c.id).where(people_table.c.is_staff, people_table.c.created_at >= ended_at)
    told = {*connection.execute(had).scalars(), *connection.execute(later).scalars()}
    entitled = (one for one in people.staff(connection) if may(one, Deed.SEE_FIGURES) or may(one, Deed.SEE_OWN_SHEET))
    return [one for one in entitled if one.id not in told]


def _account(connection: Connection, terms: Terms, period: Period, scope: Scope) -> list[dict[str, Any]]:
    """Charges and costs against the budget, for whoever leads (KPI-11)."""
    if scope.technician:
        return []
    return figure_words.account_lines(books.account_of(connection, period, scope.branch, terms))


def _tell(
    connection: Connection, terms: Terms, person: Person, period: Period, scope: Scope, ledger: Ledger, now: datetime
) -> int:
    minutes = figures.minutes(connection, period, scope)
    found = picture_of(period, scope, ledger, least=terms.policy.survey.least_ratings, minutes=minutes)
    if scope.is_own and not found.ledger.counts:
        return 0  # a technician who had nothing to do
    head = figure_words.heading(found, {})
    files = [] if found.ledger.is_empty else [figure_words.paper(kind, period, scope) for kind in ("picture", "pdf")]
    body: dict[str, Any] = {
        "text": head["text"],
        "facts": head["facts"],
        "lines": [*figure_words.lines_of(found), *_account(connection, terms, period, scope)],
        "rows": figure_words.figure_rows(found),
        "papers": files,
    }
    post(connection, person.id, body, now=now, dedup=f"{_KIND}:{period.key}:{person.id}")
    return 1
