"""Who should have been there and was not, by roster, leave, signing in and jobs (STF-7)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from rules.absences import Absence, LeaveState
from rules.attendance import Day
from rules.hours import day_bounds, week_start
from rules.terms import Terms
from storage import roster, timebook, worktime
from storage.tables import punches

DAY = timedelta(days=1)
USES = timedelta(days=30)
"""Who has not signed in for longer than this does not use signing in, and nothing can be said of him."""


def who_signs_in(connection: Connection, *, since: datetime) -> list[int]:
    """Everybody who signed in since a moment."""
    return list(connection.execute(select(punches.c.person_id).where(punches.c.at >= since).distinct()).scalars())


def days_of(connection: Connection, person: int, first: date, last: date, terms: Terms) -> tuple[Day, ...]:
    """The days from `first` to `last` on which somebody should have been there, in order."""
    return tuple(_days(connection, person, first, last, terms))


def _days(connection: Connection, person: int, first: date, last: date, terms: Terms) -> Iterator[Day]:
    zone, day_of = terms.calendar.zone, terms.calendar.local_day
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    signed = {day_of(one.at) for one in worktime.punches_of(connection, person, since=since - USES, until=until)}
    jobs = worktime.stints_of(connection, [person], since=since, until=until)
    there = signed | {day for one in jobs for day in timebook.days(day_of(one.start), day_of(one.until(until)))}
    planned = {day_of(one.start) for one in roster.of(connection, [person], since=since - DAY * 7)}
    weeks = {week_start(day) for day in planned}
    leave = [one for one in roster.leave_of(connection, person, since=since) if one.state is LeaveState.GRANTED]
    seen = max((day for day in signed if day < first), default=None)
    for on in timebook.days(first, last):
        is_usual = on in planned if week_start(on) in weeks else terms.calendar.is_workday(on)
        uses = seen is not None and on - seen <= USES
        seen = on if on in signed else seen
        if is_usual and uses and not _is_on_leave(leave, on, zone):
            yield Day(on, on in there or timebook.report_of(connection, person, on) is not None)


def _is_on_leave(leave: list[Absence], on: date, zone: str) -> bool:
    start, end = day_bounds(on, zone)
    return any(one.start <= start + (end - start) / 2 < one.end for one in leave)
