"""Reports by the clock: reminded at the end of the shift, drafted for the branch the morning after (DLY-1, DLY-2, DLY-6)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rules.branch_reports import BranchReport, Period, draft, number_of
from rules.decisions import Audience
from rules.hours import day_bounds, month_start, week_start
from rules.people import Person
from rules.terms import Terms
from scheduler.digests import first_time, told
from scheduler.telling import post
from scheduler.tending import opening
from storage import cases, people, roster, timebook
from storage.unit import Unit

DAY = timedelta(days=1)
_REMINDED_WITHIN = timedelta(hours=6)
_USUAL_END = time(17, 30)
_FURTHEST = 10
"""How many days back a branch's report is still drafted by itself, after a long holiday or downtime."""


def look(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Whatever is due of reports, caught up with whenever somebody looks; returns how many messages and drafts."""
    if not terms.policy.daily.technician:
        return 0
    n_done = remind(connection, terms, now=now)
    today = terms.calendar.local_day(now)
    if terms.calendar.is_workday(today) and now >= opening(today, terms):
        if first_time(connection, "dailies", today.isoformat(), 0, now):
            n_done += _draft_days(connection, terms, today, now)
        if terms.policy.daily.weekly and first_time(connection, "weekly", week_start(today).isoformat(), 0, now):
            n_done += _draft_week(connection, terms, today, now)
        if first_time(connection, "months", month_start(today).isoformat(), 0, now):
            n_done += _send_months(connection, terms, today, now)
    return n_done


def remind(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """At the end of his shift each is reminded of his report, and once more later (ESC-11); returns how many were."""
    today, n_told = terms.calendar.local_day(now), 0
    again = timedelta(minutes=terms.policy.daily.remind_again_minutes)
    for branch in timebook.branches(connection):
        staff = timebook.technicians(connection, branch)
        duties = roster.of(connection, [one.id for one in staff], since=now - 2 * DAY)
        ends = {(one.person, terms.calendar.local_day(one.start)): one.end for one in duties}
        for day in (today - DAY, today):
            for wait, kind in ((timedelta(), "daily"), (again, "daily-again")):
                due = [one for one in staff if _is_due(ends.get((one.id, day)) or shift_end(day, terms), wait, now)]
                n_told += sum(_remind(connection, terms, one, day, kind, now) for one in due)
    return n_told


def shift_end(day: date, terms: Terms) -> datetime:
    """When a day's work is over for who has no planned duty: with the working hours, else at half past five."""
    here = ZoneInfo(terms.calendar.zone)
    ends = terms.calendar.day_end(day)
    if ends is None or ends >= day_bounds(day, terms.calendar.zone)[1]:
        return datetime.combine(day, _USUAL_END, here)
    return ends


def _is_due(end: datetime, wait: timedelta, now: datetime) -> bool:
    return end + wait <= now < end + _REMINDED_WITHIN


def _remind(connection: Connection, terms: Terms, person: Person, day: date, kind: str, now: datetime) -> int:
    period = day.isoformat()
    if told(connection, kind, period, person.id) or timebook.report_of(connection, person.id, day) is not None:
        return 0
    if not timebook.owes(connection, person.id, day, terms) or not first_time(connection, kind, period, person.id, now):
        return 0
    write = {"label": {"text": "daily.write"}, "token": f"w.daily.{day:%y%m%d}", "tone": "primary"}
    body = {"text": f"remind.{kind}", "facts": {"day": day}, "lines": [], "rows": [[write]]}
    post(connection, person.id, body, now=now, dedup=f"{kind}:{day}:{person.id}")
    return 1


def _draft_days(connection: Connection, terms: Terms, today: date, now: datetime) -> int:
    """The days since the last working day, each once (DLY-2); with them the supervisor learns who is missing (ESC-11)."""
    if not terms.policy.daily.supervisor:
        return 0
    first = next((today - DAY * n for n in range(1, _FURTHEST) if terms.calendar.is_workday(today - DAY * n)), today - DAY)
    return sum(
        _draft(connection, terms, branch, "day", day, day, now)
        for branch in timebook.branches(connection)
        for day in timebook.days(first, today - DAY)
    )


def _draft_week(connection: Connection, terms: Terms, today: date, now: datetime) -> int:
    """On the first working day of a week the one before it (DLY-6)."""
    first = week_start(today) - DAY * 7
    return sum(
        _draft(connection, terms, branch, "week", first, first + DAY * 6, now) for branch in timebook.branches(connection)
    )


def _draft(connection: Connection, terms: Terms, branch: str, period: Period, first: date, last: date, now: datetime) -> int:
    number = number_of(branch, period, first)
    if cases.by_number(connection, BranchReport, number) is not None:
        return 0
    report = timebook.drafted(connection, branch, period, first, last, terms, number, now=now)
    if not report.shares:
        return 0
    Unit(connection, now, terms).record(None, draft(report), by=None)
    return 1


def _send_months(connection: Connection, terms: Terms, today: date, now: datetime) -> int:
    """On the first working day of a month each has the sheet of the one before, the heads the branch's (DLY-7)."""
    last = month_start(today) - DAY
    first, n_told = month_start(last), 0
    for branch in timebook.branches(connection):
        sheets = {
            one.id: timebook.month_sheet(connection, one.id, first, last, terms, now=now)
            for one in timebook.technicians(connection, branch)
            if people.known_since(connection, one.id) < day_bounds(last, terms.calendar.zone)[1]
        }
        heads = people.audience(connection, Audience.SUPERVISOR, branch) if sheets else []
        readers: dict[int, list[timebook.MonthSheet]] = {person: [sheet] for person, sheet in sheets.items()}
        readers |= {head: list(sheets.values()) for head in heads}
        for reader, shown in readers.items():
            body = {
                "text": "month.head",
                "facts": {"first": first, "last": last},
                "lines": timebook.month_lines(shown),
                "rows": [],
            }
            post(connection, reader, body, now=now, dedup=f"month:{first}:{reader}")
            n_told += 1
    return n_told
