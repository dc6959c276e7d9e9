"""Handing over on leaving: all that somebody has in hand gets a successor, and three sign the list (STF-9..13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling, Stamp
from rules.hours import day_bounds
from rules.people import Deed, Person, Role, may, require
from rules.refusals import Refused
from rules.terms import Terms

PAPER = "handover-list:"
"""The signed list as a paper; the hand-over's id stands behind it."""


class PointKind(StrEnum):
    """What is handed over."""

    ORDER = "order"  # a job to do
    CLOSING = "closing"  # done and not closed (STF-11)
    CASE = "case"  # a complaint, task, contract or route that names him
    APPROVAL = "approval"  # what waits for the word of a branch's only supervisor
    HOLDING = "holding"  # tools, parts, files, advances, cash


FOR_TECHNICIANS = frozenset({PointKind.ORDER, PointKind.CLOSING})
"""What only another technician can take over."""


class HandoverStage(StrEnum):
    """Where a hand-over stands."""

    LISTED = "listed"  # each thing gets a successor, the giver confirms
    GIVEN = "given"  # the successors confirm
    RECEIVED = "received"  # the witness signs
    DONE = "done"
    CALLED_OFF = "called_off"


@dataclass(frozen=True)
class Point:
    """One thing on the list. `state` says more of it: an order's stage, a case's or holding's kind. `to` is who gets it."""

    subject: str
    kind: PointKind
    label: str
    state: str
    quantity: str = ""
    barred: tuple[int, ...] = ()
    to: int | None = None


@dataclass(frozen=True, kw_only=True)
class Handover(Case):
    """One person's leaving. `points` is the list as the giver has confirmed it."""

    kind: ClassVar[str] = "handover"
    stage: str = HandoverStage.LISTED
    person: int
    last_day: date
    due_at: datetime
    successor: int | None = None  # who gets what nobody else was named for: a temporary person, else the supervisor
    named: Mapping[str, int] = field(default_factory=dict)  # subject -> successor
    points: tuple[Point, ...] = ()
    witnesses: tuple[int, ...] = ()  # of whom one signs; empty: there is nobody above
    given_at: datetime | None = None
    received: tuple[Stamp, ...] = ()
    witnessed: Stamp | None = None

    @property
    def receivers(self) -> tuple[int, ...]:
        """Everybody who gets something, each once."""
        return tuple(dict.fromkeys(one.to for one in self.points if one.to is not None))

    @property
    def waiting(self) -> tuple[int, ...]:
        """Receivers who have not confirmed yet."""
        done = {one.by for one in self.received}
        return tuple(one for one in self.receivers if one not in done)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.stage == HandoverStage.GIVEN:
            return self.waiting
        return self.witnesses if self.stage == HandoverStage.RECEIVED else (self.person,)

    def seen_by(self, person: Person) -> bool:
        """The giver, who gets something, who witnesses, and whoever names successors in the branch."""
        if not person.holds_any_post:
            return False
        named = {self.person, self.successor, *self.receivers, *self.witnesses}
        return person.id in named or may(person, Deed.NAME_SUCCESSOR, self.ties)


def due_of(last_day: date, *, now: datetime, terms: Terms) -> datetime:
    """By when all is handed over: within five days, and for whoever works on till his last day (STF-10, STF-12, SLA-27)."""
    ends = day_bounds(last_day, terms.calendar.zone)[1]
    return max(now + timedelta(days=terms.policy.handover.days), ends)


def open_handover(handover: Handover, *, by: Person, now: datetime, terms: Terms) -> Ruling[Handover]:
    """Somebody is leaving: his last day is set, and the hand-over begins (STF-9, STF-10). The desk decides nothing of it."""
    require(by, Deed.SET_LEAVING, handover.ties)
    if by.id == handover.person:
        raise Refused("not-your-own", rule="STF-9")
    if handover.last_day < terms.calendar.local_day(now):
        raise Refused("last-day-over", rule="STF-10", date=handover.last_day)
    if handover.successor == handover.person:
        raise Refused("successor-unfit", rule="STF-11")
    begins = handover.due_at - timedelta(days=terms.policy.handover.days)
    clock = Deadline(promised_at(Clock.HANDOVER, handover.due_at, begins, "STF-12"))
    facts = {"person_id": handover.person, "date": handover.last_day, "due": handover.due_at}
    told = (
        Notice("notice.leaving", (handover.person,), facts),
        Notice("notice.leaving-office", (Audience.SUPERVISOR, Audience.HR), facts),
    )
    entry = Entry("handover.opened", {"person": handover.person, "last_day": handover.last_day}, "STF-9")
    return Ruling(handover, (entry,), told, {Clock.HANDOVER: clock})


def with_successors(handover: Handover, points: Iterable[Point], staff: Iterable[Person]) -> tuple[Point, ...]:
    """The list with who gets what; None where that one can't take it: he has left, or a job wants a technician."""
    there = {one.id: one for one in staff if one.holds_any_post and one.id != handover.person}
    return tuple(replace(one, to=_gets(handover, one, there)) for one in points)


def _gets(handover: Handover, point: Point, there: Mapping[int, Person]) -> int | None:
    to = there.get(handover.named.get(point.subject, handover.successor or 0))
    if to is None or to.id in point.barred or (point.kind in FOR_TECHNICIANS and not to.holds(Role.TECHNICIAN)):
        return None
    return to.id


def name_successor(
    handover: Handover, points: Iterable[Point], to: Person, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Handover]:
    """Who gets these things (STF-11). What was confirmed already is confirmed anew."""
    require(by, Deed.NAME_SUCCESSOR, handover.ties)
    require_open(handover)
    chosen = tuple(points)
    if to.id == handover.person or not to.holds_any_post or to.branch != handover.branch:
        raise Refused("successor-unfit", rule="STF-11")
    for one in chosen:
        if one.kind in FOR_TECHNICIANS and not to.holds(Role.TECHNICIAN):
            raise Refused("successor-no-technician", rule="STF-11", what=one.label)
        if to.id in one.barred:
            raise Refused("not-whom-it-is-about", rule="SUR-5", number=one.label, person_id=to.id)
    named = {**handover.named, **{one.subject: to.id for one in chosen}}
    entry = Entry("handover.named", {"to": to.id, "n": len(chosen)}, "STF-11")
    return Ruling(_anew(replace(handover, named=named)), (entry,))


def _anew(handover: Handover) -> Handover:
    return replace(handover, stage=HandoverStage.LISTED, points=(), witnesses=(), given_at=None, received=(), witnessed=None)


def give(
    handover: Handover, points: tuple[Point, ...], witnesses: tuple[int, ...], *, by: Person, now: datetime, terms: Terms
) -> Ruling[Handover]:
    """The giver confirms the list, in person (STF-13, STF-14): each thing has a successor by then (STF-11)."""
    if by.id != handover.person:
        raise Refused("giver-only", rule="STF-14", person_id=handover.person)
    _require_stage(handover, HandoverStage.LISTED)
    lacking = [one.label for one in points if one.to is None]
    if lacking:
        raise Refused("successor-missing", rule="STF-11", numbers=lacking)
    given = replace(handover, points=points, witnesses=witnesses, given_at=now, stage=HandoverStage.GIVEN)
    entry = Entry("handover.given", {"points": [one.subject for one in points]}, "STF-13")
    return _next(given, (entry,), now)


def receive(handover: Handover, points: tuple[Point, ...], *, by: Person, now: datetime, terms: Terms) -> Ruling[Handover]:
    """A successor confirms what he gets (STF-11, STF-13)."""
    if by.id not in handover.receivers:
        raise Refused("receiver-only", rule="STF-13")
    _require_stage(handover, HandoverStage.GIVEN)
    if by.id not in handover.waiting:
        raise Refused("confirmed-already", rule="STF-13")
    if grown(handover, points):
        return _changed(handover)
    received = (*handover.received, Stamp(by.id, now))
    entry = Entry("handover.received", {"by": by.id}, "STF-13")
    return _next(replace(handover, received=received), (entry,), now)


def witness(handover: Handover, points: tuple[Point, ...], *, by: Person, now: datetime, terms: Terms) -> Ruling[Handover]:
    """The witness signs, the head of the giver's section or whoever stands above, and all changes hands (STF-13)."""
    if by.id not in handover.witnesses:
        raise Refused("witness-only", rule="STF-13")
    _require_stage(handover, HandoverStage.RECEIVED)
    if grown(handover, points):
        return _changed(handover)
    entry = Entry("handover.witnessed", {"by": by.id}, "STF-13")
    return _next(replace(handover, witnessed=Stamp(by.id, now)), (entry,), now)


def grown(handover: Handover, points: Iterable[Point]) -> bool:
    """Whether there is more to hand over by now than the giver has confirmed."""
    listed = {(one.subject, one.quantity) for one in handover.points}
    return any((one.subject, one.quantity) not in listed for one in points)


def _changed(handover: Handover) -> Ruling[Handover]:
    """The list is no longer what the giver confirmed: he does so anew."""
    told = (Notice("notice.handover-changed", (handover.person,), {"number": handover.number}),)
    return Ruling(_anew(handover), (Entry("handover.changed", {}, "STF-11"),), told)


def _next(handover: Handover, entries: tuple[Entry, ...], now: datetime) -> Ruling[Handover]:
    """Whose turn it is after a confirmation; done when nobody is left."""
    facts = {"person_id": handover.person, "number": handover.number}
    if handover.waiting:
        fresh = handover.waiting if not handover.received else ()
        told = (Notice("notice.handover-receive", fresh, facts),) if fresh else ()
        return Ruling(handover, entries, told)
    if handover.witnesses and handover.witnessed is None:
        asked = replace(handover, stage=HandoverStage.RECEIVED)
        return Ruling(asked, entries, (Notice("notice.handover-witness", handover.witnesses, facts),))
    done = replace(handover, stage=HandoverStage.DONE, closed_at=now)
    return Ruling(done, (*entries, Entry("handover.done", {"n": len(done.points)}, "STF-11")), (), {Clock.HANDOVER: None})


def copies(handover: Handover, wanted: Iterable[str]) -> Notice:
    """The signed list goes to whoever gets a copy, by default the giver, who received and HR (STF-13, X-10)."""
    readers: dict[str, tuple[Audience | int, ...]] = {
        "giver": (handover.person,),
        "receiver": handover.receivers,
        "hr": (Audience.HR,),
        "unit": (Audience.SUPERVISOR,),
        "witness": (handover.witnessed.by,) if handover.witnessed else (),
    }
    to = tuple(dict.fromkeys(one for copy in wanted for one in readers[copy]))
    facts = {"number": handover.number, "person_id": handover.person}
    return Notice("notice.handover-done", to, facts, papers=(f"{PAPER}{handover.id}",))


def call_off(handover: Handover, *, by: Person, now: datetime, terms: Terms) -> Ruling[Handover]:
    """He stays after all."""
    require(by, Deed.SET_LEAVING, handover.ties)
    require_open(handover)
    stays = replace(_anew(handover), stage=HandoverStage.CALLED_OFF, closed_at=now)
    told = (Notice("notice.staying", (handover.person, Audience.SUPERVISOR), {"person_id": handover.person}),)
    return Ruling(stays, (Entry("handover.called_off", {}, "STF-9"),), told, {Clock.HANDOVER: None})


def _require_stage(handover: Handover, stage: HandoverStage) -> None:
    require_open(handover)
    if handover.stage != stage:
        raise Refused("handover-stage", rule="STF-13", number=handover.number)
