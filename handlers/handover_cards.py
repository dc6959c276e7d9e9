"""The hand-over's living card: what there is, who gets it, who has confirmed (STF-11, STF-13)."""

from typing import Any

from sqlalchemy import Connection

from handlers.said import Body, Row, button, said
from rules.handovers import Handover, HandoverStage, Point, PointKind
from rules.people import Deed, Person, may
from storage import openings

_MOST_LINES = 20


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def handover_card(connection: Connection, handover: Handover, person: Person) -> Body:
    """The list as it stands, with a button for whose turn it is."""
    if not handover.seen_by(person):
        return said("card.out-of-sight", {"number": handover.number})
    points = handover.points or openings.to_hand_over(connection, handover)
    lines = [
        _line("card.stage", stage={"text": f"handover.stage.{handover.stage}"}),
        _line("card.handover-days", date=handover.last_day, due=handover.due_at),
        *(point_line(one) for one in points[:_MOST_LINES]),
    ]
    if len(points) > _MOST_LINES:
        lines.append(_line("card.handover-more", n=len(points) - _MOST_LINES))
    if not points:
        lines.append(_line("card.handover-nothing"))
    if handover.given_at:
        lines.append(_line("card.handover-given", person_id=handover.person, at=handover.given_at))
    lines += [_line("card.handover-received", person_id=one.by, at=one.at) for one in handover.received]
    if handover.witnessed:
        lines.append(_line("card.handover-witnessed", person_id=handover.witnessed.by, at=handover.witnessed.at))
    title = _line("card.handover-title", number=handover.number, person_id=handover.person)
    return said("", {}, lines=lines, rows=_rows(handover, person)) | {"title": title}


def point_line(point: Point) -> dict[str, Any]:
    """One thing, and who gets it."""
    facts: dict[str, Any] = {"label": point.label, "state": {"text": state_of(point)}, "quantity": point.quantity}
    if point.to is None:
        return _line(f"handover.{point.kind}", **facts, to={"text": "handover.nobody"})
    return _line(f"handover.{point.kind}", **facts, to_id=point.to)


def state_of(point: Point) -> str:
    """What more is to be said of a thing (text id)."""
    if point.kind is PointKind.CASE:
        return f"handover.case.{point.state}"
    return f"lend.kind.{point.state}" if point.kind is PointKind.HOLDING else f"stage.{point.state}"


def _rows(handover: Handover, person: Person) -> list[Row]:
    stem, rows = f"z.{handover.id}", list[Row]()
    if handover.stage == HandoverStage.DONE and may(person, Deed.SET_LEAVING, handover.ties):
        return [[button("button.handover-end", f"{stem}.end", tone="danger")]]
    if not handover.is_open:
        return []
    if handover.stage == HandoverStage.LISTED and person.id == handover.person:
        rows.append([button("button.handover-give", f"{stem}.give", tone="primary")])
    if handover.stage == HandoverStage.GIVEN and person.id in handover.waiting:
        rows.append([button("button.handover-receive", f"{stem}.receive", tone="primary")])
    if handover.stage == HandoverStage.RECEIVED and person.id in handover.witnesses:
        rows.append([button("button.handover-witness", f"{stem}.witness", tone="primary")])
    if may(person, Deed.NAME_SUCCESSOR, handover.ties):
        rows.append([button("button.handover-name", f"{stem}.name")])
    if may(person, Deed.SET_LEAVING, handover.ties):
        rows.append([button("button.handover-off", f"{stem}.off", tone="danger")])
    return rows
