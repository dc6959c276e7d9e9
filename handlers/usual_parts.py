"""Parts that may be needed for an order, on its card and its list before leaving, and asked for with one tap (DSP-8)."""

from typing import Any

from sqlalchemy import Connection

from handlers.picking import Shelf, key_of
from handlers.said import Row, button
from handlers.turn import Turn
from rules.orders import UNDISPATCHED, Stage, WorkOrder
from rules.people import Deed, Person, may
from rules.requisitions import Requisition
from rules.stock import Part
from rules.usual_parts import UsualPart, usual
from storage import cases, stock
from storage.usual_parts import past_jobs

WHILE = UNDISPATCHED | {Stage.ASSIGNED, Stage.ACCEPTED, Stage.PREPARING}
"""As long as nobody has left yet."""
Found = list[tuple[Part, UsualPart]]


def of_order(connection: Connection, order: WorkOrder) -> Found:
    """What to think of before leaving, the likeliest first."""
    return of_model(connection, order) if order.stage in WHILE else []


def of_model(connection: Connection, order: WorkOrder) -> Found:
    """What was used on the order's model before, the likeliest for its fault first."""
    if not order.report.model or not stock.has_catalogue(connection):
        return []
    fault = f"{order.report.fault} {order.report.state_when_failed}"
    found = usual(fault, past_jobs(connection, order.report.model, but_not=order.id))
    known = stock.parts_of(connection, [one.part for one in found])
    return [(known[one.part], one) for one in found if one.part in known]


def card_lines(connection: Connection, order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """One line for whoever sends somebody and for who is sent."""
    if person.id not in order.crew and not may(person, Deed.DISPATCH, order.ties):
        return []
    parts = [f"{part.label} ×{one.pieces}" for part, one in of_order(connection, order)]
    return [{"text": "card.usual-parts", "facts": {"parts": parts}}] if parts else []


def list_lines(turn: Turn, found: Found) -> list[dict[str, Any]]:
    """For the list before leaving: how often each was used, and how many are in the own van already."""
    held = _in_hand(turn)
    lines = []
    for part, one in found:
        facts = {"part": part.label, "n": one.n_jobs, "alike": one.n_alike, "pieces": one.pieces, "van": held.get(part.id, 0)}
        lines.append({"text": "pick.usual", "facts": facts})
    return lines


def list_rows(turn: Turn, order: WorkOrder, found: Found) -> list[Row]:
    """The tap that begins a requisition with what is missing of them."""
    if not may(turn.person, Deed.ASK_PARTS) or not _missing(turn, order, found):
        return []
    return [[button("button.usual_parts", f"o.{order.id}.ask_parts.usual")]]


def answers(turn: Turn, order: WorkOrder) -> dict[str, Any]:
    """The lines of the requisition as if they had been answered one by one; what they are for is still asked (PRT-1)."""
    missing = _missing(turn, order, of_order(turn.connection, order))
    given: dict[str, Any] = {}
    for n, (part, pieces) in enumerate(missing, 1):
        given |= {f"name{n}": key_of(part), f"quantity{n}": str(pieces), f"more{n}": n < len(missing)}
    return given


def _missing(turn: Turn, order: WorkOrder, found: Found) -> list[tuple[Part, int]]:
    """What is neither in the own van nor asked for already."""
    held = _in_hand(turn)
    asked = {line.part for one in cases.about(turn.connection, Requisition, order.subject) for line in one.lines if one.is_open}
    wanted = [(part, one.pieces - held.get(part.id, 0)) for part, one in found if part.id not in asked]
    return [(part, n) for part, n in wanted if n > 0]


def _in_hand(turn: Turn) -> dict[int, int]:
    return {part.id: n for part, n in Shelf(turn).in_hand()}
