"""What whoever sends and whoever goes ought to know: likely causes with their remedies, and the last job here (DSP-4)."""

from typing import Any

from sqlalchemy import Connection

from handlers import pouch
from handlers.usual_parts import WHILE
from rules.likely_causes import LikelyCause, likely
from rules.orders import BEFORE_ARRIVAL, ON_SITE, WorkOrder
from rules.people import Deed, Person, may
from storage.likely_causes import past_findings

_WHILE_AT_IT = WHILE | BEFORE_ARRIVAL | ON_SITE


def card_lines(connection: Connection, order: WorkOrder, person: Person) -> list[dict[str, Any]]:
    """The likeliest causes a line each: for the crew as long as it is at it, for who dispatches until somebody has left."""
    is_crew = person.id in order.crew
    if order.stage not in (_WHILE_AT_IT if is_crew else WHILE):
        return []
    if not is_crew and not may(person, Deed.DISPATCH, order.ties):
        return []
    before = pouch.last_job(connection, order) if is_crew and order.stage in BEFORE_ARRIVAL else []
    return before + [_line(one) for one in of_order(connection, order)]


def of_order(connection: Connection, order: WorkOrder) -> tuple[LikelyCause, ...]:
    """What the fault may come from, by earlier jobs of its model."""
    fault = f"{order.report.fault} {order.report.state_when_failed}".strip()
    if not order.report.model or not fault:
        return ()
    return likely(fault, past_findings(connection, order.report.model, but_not=order.id))


def _line(one: LikelyCause) -> dict[str, Any]:
    where = [one.component] if one.component and one.component not in one.cause else []
    facts = {"cause": " ".join([*where, one.cause]), "n": one.n_jobs, "alike": one.n_alike, "remedy": one.remedy}
    return {"text": "card.likely-cause" if one.remedy else "card.likely-cause-only", "facts": facts}
