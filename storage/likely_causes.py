"""What was found and done on earlier jobs of a model, for those who send and who go (DSP-4)."""

from typing import Any

from sqlalchemy import Connection, select

from rules.likely_causes import PastFinding
from rules.orders import Step
from storage.tables import findings, orders

MOST_JOBS = 40
_FAULT, _STATE = (orders.c.order["report"][name].as_string() for name in ("fault", "state_when_failed"))
_UNKNOWN = "unknown"


def past_findings(connection: Connection, model: str, *, but_not: int, limit: int = MOST_JOBS) -> list[PastFinding]:
    """The latest completed jobs of a model whose cause was found, the latest first."""
    mine = (orders.c.model == model, orders.c.finished_at.is_not(None), orders.c.id != but_not)
    latest = select(orders.c.id, _FAULT, _STATE).where(*mine).order_by(orders.c.id.desc()).limit(limit)
    jobs = connection.execute(latest).all() if model else ()
    wanted = findings.c.order_id.in_([job[0] for job in jobs]), findings.c.step.in_([str(Step.CHECK), str(Step.ACT)])
    kept = select(findings.c.order_id, findings.c.step, findings.c.answers).where(*wanted).order_by(findings.c.version)
    newest = {(row.order_id, row.step): row.answers for row in connection.execute(kept)} if jobs else {}
    return [
        _finding(" ".join(filter(None, (fault, state))), newest[order, Step.CHECK], newest.get((order, Step.ACT), {}))
        for order, fault, state in jobs
        if newest.get((order, Step.CHECK), {}).get("cause_class", _UNKNOWN) != _UNKNOWN
    ]


def _finding(fault: str, checked: dict[str, Any], acted: dict[str, Any]) -> PastFinding:
    remedy = _words(acted.get("action_taken")) if acted.get("result") == "fixed" else ""
    return PastFinding(fault, _words(checked.get("component")), _words(checked.get("root_cause")), remedy)


def _words(answer: Any) -> str:
    """What was written; a voice note says nothing here."""
    return answer if isinstance(answer, str) else ""
