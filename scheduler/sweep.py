"""The clock's sweep: what is due climbs its ladder, everybody who has to hear of it does (ESC-1..3, 5, 7, 17; DESIGN 4)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from rules import pickups
from rules.cases import Case
from rules.clocks import Clock
from rules.complaint_intake import number_of
from rules.complaint_stages import remind
from rules.complaints import Complaint
from rules.decisions import Entry
from rules.escalation import Climb, Watch, climb, ladder, next_moment
from rules.orders import WorkOrder
from rules.pickups import Pickup
from rules.rounds import Route, miss
from rules.surveys import Survey
from rules.terms import Terms
from scheduler.casework import survey_is_due
from scheduler.telling import Due, Office, tell
from storage import deadlines, journal, subjects
from storage.deadlines import Running
from storage.engine import next_number, savepoint
from storage.errors import Raced
from storage.unit import Unit

log = structlog.get_logger()


_ALL = 1_000_000
_TOGETHER = 500
"""Promises of orders in one go: their rows are read and written in a statement each, not in one a promise."""


@dataclass(frozen=True)
class _Look:
    """One look at the clock."""

    connection: Connection
    terms: Terms
    now: datetime
    catching_up: bool
    office: Office


@dataclass(frozen=True)
class _Step:
    """A promise that climbs."""

    running: Running
    subject: WorkOrder | Case
    climb: Climb
    late: timedelta


def sweep(connection: Connection, terms: Terms, *, now: datetime, catching_up: bool = False, limit: int = 500) -> int:
    """Climb what is due; returns how many promises were looked at.

    While catching up each promise is told once, at its highest rung, to everybody whom a skipped rung would have told as well;
    each person gets one digest, and the skipped rungs are journalled (ESC-17). All is caught up with at once, so that nothing
    is left to come one by one.
    """
    look = _Look(connection, terms, now, catching_up, Office(connection, now))
    told: defaultdict[int, list[Due]] = defaultdict(list)
    found = deadlines.due(connection, now, limit=_ALL if catching_up else limit)
    for n in range(0, len(found), _TOGETHER):
        for due in _dues(look, found[n : n + _TOGETHER]):
            told[due.person].append(due)
    for person, dues in told.items():
        tell(connection, terms, person, dues, now, catching_up=catching_up)
    return len(found)


def _dues(look: _Look, found: list[Running]) -> Iterator[Due]:
    """What comes of some promises, in their order. Orders, which a sweep only writes about, climb together; cases change."""
    together = _tried(look, [one for one in found if one.subject.startswith("order:")]) or {}
    for one in found:
        dues = together[one.id] if one.id in together else (_tried(look, [one]) or {}).get(one.id, [])
        yield from dues


def _tried(look: _Look, found: list[Running]) -> dict[int, list[Due]] | None:
    """By promise what there is to tell. None when somebody changed one in this moment: the next look sees how it stands."""
    try:
        with savepoint(look.connection):
            return _climb(look, found)
    except Raced:
        return None


def _climb(look: _Look, found: list[Running]) -> dict[int, list[Due]]:
    known = subjects.by_names(look.connection, [one.subject for one in found])
    steps, moved, dues = list[_Step](), list[tuple[Running, Watch, datetime | None]](), dict[int, list[Due]]()
    for running in found:
        subject, dues[running.id] = known.get(running.subject), []
        if subject is None or not subject.is_open:
            deadlines.stop(look.connection, running.subject, running.clock, now=look.now, is_met=False)
            continue
        policy = look.terms.of(subject.policy_version).policy
        step = climb(running.watch, policy, now=look.now)
        if step is None:
            moved.append((running, running.watch, next_moment(running.watch, policy)))
            continue
        moved.append((running, step.watch, step.next_at))
        steps.append(_Step(running, subject, step, max(look.now - running.watch.promise.due_at, timedelta())))
    deadlines.keep_all(look.connection, moved)
    steps = [_missed(look, one) for one in steps]
    told = [one for one in steps if not isinstance(one.subject, Survey | Pickup)]
    journal.append_all(look.connection, [_written(one) for one in told], at=look.now)
    for one in steps:
        dues[one.running.id] = _heard(look, one)
    return dues


def _missed(look: _Look, step: _Step) -> _Step:
    """A round that nobody made is written down as such."""
    if not isinstance(step.subject, Route) or not step.climb.rung.is_breach:
        return step
    terms = look.terms.of(step.subject.policy_version)
    missed = miss(step.subject, now=look.now, terms=terms)
    return replace(step, subject=Unit(look.connection, look.now, terms).record(step.subject, missed, by=None))


def _heard(look: _Look, step: _Step) -> list[Due]:
    """What there is to tell of a step, and to whom."""
    subject, clock = step.subject, step.running.clock
    terms = look.terms.of(subject.policy_version)
    if isinstance(subject, Survey):
        survey_is_due(look.connection, terms, subject, now=look.now)
        return []
    if isinstance(subject, Pickup):
        Unit(look.connection, look.now, terms).record(subject, pickups.is_due(subject, now=look.now, terms=terms), by=None)
        return []
    slip = _slip(look.connection, terms, subject, clock, step.climb, look.now)
    heard = step.climb.rung.audience
    if look.catching_up:
        rungs = ladder(step.running.watch, terms.policy)
        heard = tuple(role for number in (*step.climb.skipped, step.climb.number) for role in rungs[number].audience)
    return [Due(one, subject, step.climb, clock, step.late, slip) for one in look.office.concerned(subject, heard)]


def _written(step: _Step) -> tuple[str, Entry]:
    """Its line in the journal of its subject."""
    running, climbed = step.running, step.climb
    kind = "escalation.breached" if climbed.rung.is_breach else "escalation.warned"
    minutes = int(step.late.total_seconds() // 60)
    facts = {"clock": running.clock, "rung": climbed.number, "skipped": climbed.skipped, "late_minutes": minutes}
    log.info(kind, subject=step.subject.number, clock=running.clock, rung=climbed.number, late_minutes=minutes)
    return step.subject.subject, Entry(kind, facts, running.watch.promise.limit.rule)


def _slip(connection: Connection, terms: Terms, subject: WorkOrder | Case, clock: str, step: Climb, now: datetime) -> str:
    """The number of the 催辦單 that a complaint's late stage gets each day, empty for anything else (CMP-13)."""
    if not isinstance(subject, Complaint) or not step.rung.is_breach or clock in (Clock.READING, Clock.INSPECTION):
        return ""
    month = f"{terms.calendar.local_day(now):%y%m}"
    number = f"R{number_of(month, next_number(connection, f'reminder:{month}'))}"
    Unit(connection, now, terms).record(subject, remind(subject, number, now=now), by=None)
    return number
