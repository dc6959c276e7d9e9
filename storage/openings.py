"""What somebody has open: everything that needs a successor before he can leave (STF-11, STF-12).

A part that puts something of its own into people's hands adds a line to SOURCES.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from rules.absences import LeaveState
from rules.cases import shown_number
from rules.decisions import Audience, Entry
from rules.handovers import Handover, HandoverStage, Point, PointKind, with_successors
from rules.orders import AFTER_VISIT, Stage
from rules.people import Person, Role, Standing
from rules.refusals import Refused
from rules.stock import Quality
from rules.successions import NAMED_IN
from storage import cases, journal, orders, people, roster, staffing, stock

Source = Callable[[Connection, Person], Iterator[Point]]
_AWAITS_A_WORD = (Stage.DEPARTED, Stage.REPORTED, Stage.AWAITING_DECISION, Stage.UNSIGNED_CLOSED)
_MOST_APPROVALS = 200


def of(connection: Connection, person: Person) -> tuple[Point, ...]:
    """Everything that a person has open, the oldest first within each sort."""
    return tuple(point for source in SOURCES for point in source(connection, person))


def to_hand_over(connection: Connection, handover: Handover) -> tuple[Point, ...]:
    """What a leaver has open by now, with who gets it (STF-11)."""
    found = of(connection, people.person(connection, handover.person))
    return with_successors(handover, found, people.staff(connection, branch=handover.branch))


def _orders(connection: Connection, person: Person) -> Iterator[Point]:
    """Orders on which he is sent: those to do, and those done and not closed, with how far they are (CLS-11)."""
    for one in orders.with_crew(connection, person.id):
        kind = PointKind.CLOSING if one.stage in AFTER_VISIT else PointKind.ORDER
        yield Point(one.subject, kind, one.number, str(one.stage))


def _cases(connection: Connection, person: Person) -> Iterator[Point]:
    """Cases that name him."""
    for kind, field in NAMED_IN.items():
        for one in cases.every_open(connection, kind):
            if getattr(one, field) == person.id:
                yield Point(one.subject, PointKind.CASE, shown_number(one), kind.kind, barred=tuple(one.barred))


def _approvals(connection: Connection, person: Person) -> Iterator[Point]:
    """What waits for the word of a branch's only supervisor."""
    if Role.SUPERVISOR not in person.roles or people.audience(connection, Audience.SUPERVISOR, person.branch) != [person.id]:
        return
    for one in orders.queue(connection, visible_to=person, stages=_AWAITS_A_WORD, limit=_MOST_APPROVALS):
        yield Point(f"approval:{one.id}", PointKind.APPROVAL, one.number, str(one.stage), barred=tuple(one.workers))


def _holdings(connection: Connection, person: Person) -> Iterator[Point]:
    """Tools, parts, files, advances and cash in his hands."""
    for one in staffing.held_by(connection, person.id):
        yield Point(f"holding:{one.id}", PointKind.HOLDING, one.label, one.kind, one.quantity)


def _parts(connection: Connection, person: Person) -> Iterator[Point]:
    """Parts that were issued to him, and tools on loan (PRT-19)."""
    for van in stock.vans(connection, [person.id]):
        for quality, state in ((Quality.GOOD, "part"), (Quality.LOANED, "tool")):
            for part, n in stock.kept(connection, van.id, quality):
                yield Point(f"stock:{van.id}-{part.id}-{quality}", PointKind.HOLDING, part.label, state, str(n))


SOURCES: tuple[Source, ...] = (_orders, _cases, _approvals, _holdings, _parts)


def end_service(connection: Connection, person: Person, *, by: int | None, now: datetime) -> Person:
    """End somebody's rights at once. Raises Refused for the last administrator, and while anything is open (STF-11, ROL-5)."""
    if [one.id for one in people.staff(connection, role=Role.ADMINISTRATOR)] == [person.id]:
        raise Refused("last-administrator", rule="ROL-1")
    handovers = [one for one in cases.every(connection, Handover) if one.person == person.id]
    handed = {point.subject for one in handovers if one.stage == HandoverStage.DONE for point in one.points}
    found = [one for one in of(connection, person) if one.kind is not PointKind.APPROVAL or one.subject not in handed]
    if found:
        raise Refused("still-has-orders", rule="STF-11", numbers=[one.label for one in found])
    unsigned = [one.number for one in handovers if one.is_open]
    if unsigned:
        raise Refused("handover-unsigned", rule="STF-13", number=unsigned[0])
    for one in roster.leave_of(connection, person.id, since=now):
        if one.kind == "leaving" and one.state is LeaveState.GRANTED:
            roster.change_leave(connection, one, replace(one, state=LeaveState.WITHDRAWN), now=now)  # who comes back may stay
    journal.append(connection, f"person:{person.id}", (Entry("person.left", {}, "ROL-5"),), by=by, at=now)
    return people.change_person(connection, person.id, standing=Standing.LEFT)
