"""What was found and done on earlier jobs of a model, for those who send and who go (DSP-4)."""

from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from rules.likely_causes import PastFinding
from rules.orders import Step
from storage.tables import findings, orders

MOST_JOBS = 20
_FAULT, _STATE = (orders.c.order["report", name].as_string() for name in ("fault", "state_when_failed"))
_UNKNOWN = "unknown"
_LATEST = (
    select(orders.c.id, _FAULT.label("fault"), _STATE.label("state"))
    .where(orders.c.model == bindparam("model"), orders.c.finished_at.is_not(None), orders.c.id != bindparam("but_not"))
    .order_by(orders.c.id.desc())
    .limit(bindparam("limit"))
    .subquery()
)
_IS_WANTED = or_(findings.c.step == str(Step.CHECK), findings.c.step == str(Step.ACT))
_FOUND = (
    select(_LATEST.c.id, _LATEST.c.fault, _LATEST.c.state, findings.c.step, findings.c.answers)
    .select_from(_LATEST.join(findings, (findings.c.order_id == _LATEST.c.id) & _IS_WANTED))
    .order_by(_LATEST.c.id.desc(), findings.c.version)
)


def past_findings(connection: Connection, model: str, *, but_not: int, limit: int = MOST_JOBS) -> list[PastFinding]:
    """The latest completed jobs of a model whose cause was found, the latest first."""
    jobs: dict[int, tuple[str, dict[str, Any]]] = {}
    values = {"model": model, "but_not": but_not, "limit": limit}
    for row in connection.execute(_FOUND, values) if model else ():
        _told, steps = jobs.setdefault(row.id, (" ".join(filter(None, (row.fault, row.state))), {}))
        steps[row.step] = row.answers  # the newest version comes last
    return [
        _finding(told, steps[Step.CHECK], steps.get(Step.ACT, {}))
        for told, steps in jobs.values()
        if steps.get(Step.CHECK, {}).get("cause_class", _UNKNOWN) != _UNKNOWN
    ]


def _finding(fault: str, checked: dict[str, Any], acted: dict[str, Any]) -> PastFinding:
    remedy = _words(acted.get("action_taken")) if acted.get("result") == "fixed" else ""
    return PastFinding(fault, _words(checked.get("component")), _words(checked.get("root_cause")), remedy)


def _words(answer: Any) -> str:
    """What was written; a voice note says nothing here."""
    return answer if isinstance(answer, str) else ""
