"""What becomes of a leaving that was registered, of a named successor, and of the list when all have signed (STF-9..13)."""

from datetime import timedelta

from handlers.dealing_outcomes import hand_parts
from handlers.flows.handover import ALL, Leaving
from handlers.flows.papers import Words
from handlers.said import said
from handlers.turn import Turn
from rules import handovers
from rules.absences import Absence, LeaveState
from rules.cases import Case
from rules.decisions import Audience, Entry, Ruling
from rules.handovers import Handover, Point, PointKind
from rules.hours import day_bounds
from rules.licences import require_licensed
from rules.orders import WorkOrder
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.successions import hand_over_case, hand_over_order, in_charge
from storage import cases, journal, openings, people, roster, staffing, subjects
from storage.numbers import yearly_number
from storage.outbox import MUST

_EVER = timedelta(days=36600)


def registered(turn: Turn, _subject: object, outcome: Leaving) -> None:
    """Somebody's last day is known from now on: no job is planned after it, and his hand-over begins (STF-9, STF-10)."""
    require(turn.person, Deed.SET_LEAVING)
    leaver = people.person(turn.connection, outcome.person)
    if any(one.person == leaver.id for one in cases.every_open(turn.connection, Handover)):
        raise Refused("handover-on", rule="STF-9", person_id=leaver.id)
    drafted = Handover(
        number=yearly_number(turn.connection, "H", turn.terms, turn.now), branch=leaver.branch, opened_at=turn.now,
        policy_version=turn.terms.policy.version, person=leaver.id, last_day=outcome.last_day,
        due_at=handovers.due_of(outcome.last_day, now=turn.now, terms=turn.terms),
        successor=outcome.successor or _temporary(turn, leaver),
    )  # fmt: skip
    kept = turn.unit.record(None, handovers.open_handover(drafted, **turn.deed), by=turn.person.id)
    gone = day_bounds(outcome.last_day, turn.company.zone)[1]
    away = Absence(leaver.id, gone, gone + _EVER, "", LeaveState.GRANTED, "leaving", turn.person.id)
    roster.ask_leave(turn.connection, away, now=turn.now)
    turn.show(kept.subject, "done.leaving", person_id=leaver.id)


def _temporary(turn: Turn, leaver: Person) -> int | None:
    """Nobody was named: who stands in for him, else the supervisor (STF-11)."""
    deputies = [one.deputy for one in roster.stand_ins(turn.connection, since=turn.now, person=leaver.id)]
    above = people.audience(turn.connection, Audience.SUPERVISOR, leaver.branch, but_not=(leaver.id,))
    return next(iter([*(one for one in deputies if one != leaver.id), *above]), None)


def named(turn: Turn, handover: Handover, outcome: Words) -> None:
    """A successor is named, for one thing or for all that he can take (STF-11)."""
    to = people.person(turn.connection, outcome.picked)
    points = openings.to_hand_over(turn.connection, handover)
    chosen = tuple(one for one in points if outcome.text in (ALL, one.subject))
    if roster.leaves_on(turn.connection, to.id) is not None:
        raise Refused("successor-unfit", rule="STF-11")
    for one in chosen:
        if one.kind is PointKind.ORDER:
            _require_licensed(turn, one, to)
    ruling = handovers.name_successor(handover, chosen, to, **turn.deed)
    turn.show(turn.unit.record(handover, ruling, by=turn.person.id).subject, "done.successor")


def _require_licensed(turn: Turn, point: Point, to: Person) -> None:
    """Work that wants a licence goes to somebody who has it (DSP-14)."""
    order = subjects.by_name(turn.connection, point.subject)
    if isinstance(order, WorkOrder):
        held = staffing.licences_of(turn.connection, [to.id])
        today = turn.terms.calendar.local_day(turn.now)
        require_licensed(order.report, [to.id], held, turn.terms.of(order.policy_version).policy, today=today)


def finished(turn: Turn, handover: Handover) -> Handover:
    """All have signed: everything changes hands, and the copies go out (STF-11, STF-13)."""
    for point in handover.points:
        if point.to is not None:
            _pass_on(turn, handover, point, point.to)
    told = Ruling(handover, (), (handovers.copies(handover, turn.terms.policy.handover.copies),))
    return turn.unit.record(handover, told, by=turn.person.id)


def _pass_on(turn: Turn, handover: Handover, point: Point, to: int) -> None:
    """One thing, if it is still the giver's."""
    kind, _, number = point.subject.partition(":")
    if kind == "holding":
        _pass_holding(turn, handover.person, int(number), to)
        return
    if kind == "stock":
        hand_parts(turn, handover.person, number, to)
        return
    if kind == "approval":
        facts = {"number": point.label, "giver_id": handover.person}
        turn.unit.say(to, said("notice.approval-handed", facts), priority=MUST)
        return
    found = subjects.by_name(turn.connection, point.subject)
    if isinstance(found, WorkOrder):
        if found.is_open and handover.person in found.crew:
            turn.unit.record(found, hand_over_order(found, handover.person, to), by=turn.person.id)
    elif isinstance(found, Case) and found.is_open and in_charge(found) == handover.person:
        turn.unit.record(found, hand_over_case(found, handover.person, to), by=turn.person.id)


def _pass_holding(turn: Turn, giver: int, number: int, to: int) -> None:
    held = staffing.holding(turn.connection, number)
    if held is None or held.person != giver:
        return
    passed = staffing.pass_on(turn.connection, held, to, by=turn.person.id, now=turn.now)
    for person, holding in ((giver, held.id), (to, passed.id)):
        entry = Entry("holding.passed_on", {"holding": holding, "to": to}, "STF-12")
        journal.append(turn.connection, f"person:{person}", (entry,), by=turn.person.id, at=turn.now)
