"""Leaving and handing over in chat: lists, buttons, and what changes hands when all have confirmed (STF-9..14)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handlers.flowbook import ENGINE
from handlers.handover_cards import point_line
from handlers.handover_outcomes import finished
from handlers.said import button, literal_button
from handlers.turn import Turn
from rules import handovers
from rules.absences import LeaveState
from rules.cases import require_open
from rules.decisions import Audience, Ruling
from rules.handovers import Handover, HandoverStage
from rules.people import Deed, may, require
from rules.refusals import Refused
from storage import cases, openings, people, roster

MOST = 9


def show(turn: Turn, _arg: str = "") -> None:
    """One's own hand-over; what waits for one's word, or of the branch; else what one would have to hand over (STF-11)."""
    known = [one for one in cases.every_open(turn.connection, Handover) if one.seen_by(turn.person)]
    own = next((one for one in known if one.person == turn.person.id), None)
    if own is not None:
        turn.show(own.subject)
        return
    found = known[:MOST]
    is_office = may(turn.person, Deed.NAME_SUCCESSOR)
    if not found and not is_office:
        _in_hand(turn)
        return
    lines = [_line(one) for one in found]
    rows = [[literal_button(one.number, f"z.{one.id}.card")] for one in found]
    if may(turn.person, Deed.SET_LEAVING):
        rows.insert(0, [button("handover.add", "w.leaving", tone="primary")])
    turn.reply("handover.list" if found else "handover.list-none", lines=lines, rows=rows)


def _line(handover: Handover) -> dict[str, Any]:
    stage = {"text": f"handover.stage.{handover.stage}"}
    facts = {"number": handover.number, "person_id": handover.person, "stage": stage, "due": handover.due_at}
    return {"text": "handover.line", "facts": facts}


def _in_hand(turn: Turn) -> None:
    """Nobody leaves: what is in one's own hands."""
    points = openings.of(turn.connection, turn.person)
    lines = [point_line(replace(one, to=turn.person.id)) for one in points[:MOST]]
    turn.reply("handover.in-hand" if points else "handover.in-hand-none", {"n": len(points)}, lines=lines)


def pressed(turn: Turn, handover: Handover, action: str) -> None:
    """A button of a hand-over; every right is checked again (story 11)."""
    found = _ACTIONS.get(action)
    if found is None:
        turn.reply("talk.passed")
        return
    found(turn, handover)


def _name(turn: Turn, handover: Handover) -> None:
    require(turn.person, Deed.NAME_SUCCESSOR, handover.ties)
    require_open(handover)
    ENGINE.start(turn, "successor", about=handover.subject)


def _give(turn: Turn, handover: Handover) -> None:
    points = openings.to_hand_over(turn.connection, handover)
    witnesses = witnesses_of(turn, handover, [one.to for one in points if one.to is not None])
    _confirmed(turn, handover, handovers.give(handover, points, witnesses, **turn.deed))


def _receive(turn: Turn, handover: Handover) -> None:
    points = openings.to_hand_over(turn.connection, handover)
    _confirmed(turn, handover, handovers.receive(handover, points, **turn.deed))


def _witness(turn: Turn, handover: Handover) -> None:
    points = openings.to_hand_over(turn.connection, handover)
    _confirmed(turn, handover, handovers.witness(handover, points, **turn.deed))


def witnesses_of(turn: Turn, handover: Handover, receivers: list[int]) -> tuple[int, ...]:
    """Who may witness: the head of the giver's section, and so on upward; neither who gives nor who gets (STF-13)."""
    giver = people.person(turn.connection, handover.person)
    post = Audience(people.head_of(giver))
    return tuple(people.audience(turn.connection, post, handover.branch, but_not=(giver.id, *receivers)))


def _confirmed(turn: Turn, handover: Handover, ruling: Ruling[Handover]) -> None:
    after = turn.unit.record(handover, ruling, by=turn.person.id)
    if after.stage == HandoverStage.DONE:
        after = finished(turn, after)
    changed = after.stage == HandoverStage.LISTED
    turn.show(after.subject, "done.handover-changed" if changed else "done.handover-confirmed", number=after.number)


def _off(turn: Turn, handover: Handover) -> None:
    """He stays; his last day is forgotten."""
    after = turn.unit.record(handover, handovers.call_off(handover, **turn.deed), by=turn.person.id)
    for one in roster.leave_of(turn.connection, handover.person, since=turn.now):
        if one.kind == "leaving" and one.state is LeaveState.GRANTED:
            roster.change_leave(turn.connection, one, replace(one, state=LeaveState.WITHDRAWN), now=turn.now)
    turn.show(after.subject, "done.handover-off")


def _end(turn: Turn, handover: Handover) -> None:
    """His rights end at once, if nothing is open any more (STF-11)."""
    require(turn.person, Deed.SET_LEAVING, handover.ties)
    leaver = people.person(turn.connection, handover.person)
    if leaver.id == turn.person.id:
        raise Refused("not-your-own", rule="STF-9")
    if not leaver.holds_any_post:
        turn.reply("talk.passed")
        return
    openings.end_service(turn.connection, leaver, by=turn.person.id, now=turn.now)
    turn.show(handover.subject, "done.handover-end", person_id=leaver.id)


_ACTIONS: dict[str, Callable[[Turn, Handover], None]] = {
    "name": _name,
    "give": _give,
    "receive": _receive,
    "witness": _witness,
    "off": _off,
    "end": _end,
}
