"""The clock's sweep: what is due climbs its ladder, everybody who has to hear of it does (ESC-1..3, 5, 7, 17; DESIGN 4)."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection

from rules import pickups
from rules.cases import Case
from rules.clocks import Clock
from rules.complaint_intake import number_of
from rules.complaint_stages import remind
from rules.complaints import Complaint
from rules.decisions import Entry
from rules.escalation import Climb, climb, ladder, next_moment
from rules.orders import WorkOrder
from rules.pickups import Pickup
from rules.rounds import Route, miss
from rules.surveys import Survey
from rules.terms import Terms
from scheduler.casework import survey_is_due
from scheduler.telling import Due, concerned, tell
from storage import deadlines, journal, subjects
from storage.deadlines import Running
from storage.engine import next_number, savepoint
from storage.errors import Raced
from storage.unit import Unit

log = structlog.get_logger()


_ALL = 1_000_000


def sweep(connection: Connection, terms: Terms, *, now: datetime, catching_up: bool = False, limit: int = 500) -> int:
    """Climb what is due; returns how many promises were looked at.

    While catching up each promise is told once, at its highest rung, to everybody whom a skipped rung would have told as well;
    each person gets one digest, and the skipped rungs are journalled (ESC-17). All is caught up with at once, so that nothing
    is left to come one by one.
    """
    told: defaultdict[int, list[Due]] = defaultdict(list)
    found = deadlines.due(connection, now, limit=_ALL if catching_up else limit)
    for running in found:
        try:
            with savepoint(connection):
                dues = _climb(connection, terms, running, now, catching_up=catching_up)
        except Raced:
            continue  # somebody changed it in this very moment; the next look sees how it stands
        for due in dues:
            told[due.person].append(due)
    for person, dues in told.items():
        tell(connection, terms, person, dues, now, catching_up=catching_up)
    return len(found)


def _climb(connection: Connection, terms: Terms, running: Running, now: datetime, *, catching_up: bool) -> list[Due]:
    subject = subjects.by_name(connection, running.subject)
    if subject is None or not subject.is_open:
        deadlines.stop(connection, running.subject, running.clock, now=now, is_met=False)
        return []
    terms = terms.of(subject.policy_version)
    step = climb(running.watch, terms.policy, now=now)
    if step is None:
        deadlines.keep(connection, running, running.watch, next_at=next_moment(running.watch, terms.policy))
        return []
    if not deadlines.keep(connection, running, step.watch, next_at=next_moment(step.watch, terms.policy)):
        return []  # another process was first
    if isinstance(subject, Survey):
        survey_is_due(connection, terms, subject, now=now)
        return []
    if isinstance(subject, Pickup):
        Unit(connection, now, terms).record(subject, pickups.is_due(subject, now=now, terms=terms), by=None)
        return []
    if isinstance(subject, Route) and step.rung.is_breach:
        subject = Unit(connection, now, terms).record(subject, miss(subject, now=now, terms=terms), by=None)
    late = max(now - running.watch.promise.due_at, timedelta())
    _write_down(connection, subject, running, step, late, now)
    slip = _slip(connection, terms, subject, running.clock, step, now)
    heard = step.rung.audience
    if catching_up:
        rungs = ladder(running.watch, terms.policy)
        heard = tuple(role for number in (*step.skipped, step.number) for role in rungs[number].audience)
    dues = [Due(person, subject, step, running.clock, late) for person in concerned(connection, subject, heard, now)]
    return [replace(due, slip=slip) for due in dues]


def _write_down(
    connection: Connection, subject: WorkOrder | Case, running: Running, step: Climb, late: timedelta, now: datetime
) -> None:
    kind = "escalation.breached" if step.rung.is_breach else "escalation.warned"
    facts: dict[str, Any] = {
        "clock": running.clock,
        "rung": step.number,
        "skipped": step.skipped,
        "late_minutes": int(late.total_seconds() // 60),
    }
    entry = Entry(kind, facts, running.watch.promise.limit.rule)
    journal.append(connection, subject.subject, (entry,), by=None, at=now)
    log.info(kind, subject=subject.number, clock=running.clock, rung=step.number, late_minutes=facts["late_minutes"])


def _slip(connection: Connection, terms: Terms, subject: WorkOrder | Case, clock: str, step: Climb, now: datetime) -> str:
    """The number of the 催辦單 that a complaint's late stage gets each day, empty for anything else (CMP-13)."""
    if not isinstance(subject, Complaint) or not step.rung.is_breach or clock in (Clock.READING, Clock.INSPECTION):
        return ""
    month = f"{terms.calendar.local_day(now):%y%m}"
    number = f"R{number_of(month, next_number(connection, f'reminder:{month}'))}"
    Unit(connection, now, terms).record(subject, remind(subject, number, now=now), by=None)
    return number
