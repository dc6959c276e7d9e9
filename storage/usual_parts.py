"""What was used on earlier jobs of a model, for those who leave for the next one (DSP-8)."""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from rules.orders import Step
from rules.part_uses import PartUse
from rules.usual_parts import PastJob
from storage import cases
from storage.tables import orders

MOST_JOBS = 60
_REPORT, _CHECKED = orders.c.order["report"], orders.c.order["findings"][str(Step.CHECK)]["answers"]
_WORDS = [
    path.as_string() for path in (_REPORT["fault"], _REPORT["state_when_failed"], _CHECKED["component"], _CHECKED["root_cause"])
]


def past_jobs(connection: Connection, model: str, *, but_not: int, limit: int = MOST_JOBS) -> list[PastJob]:
    """The latest completed jobs of a model on which parts were used, with all that was said of the fault."""
    mine = (orders.c.model == model, orders.c.finished_at.is_not(None), orders.c.id != but_not)
    latest = select(orders.c.id).where(*mine).order_by(orders.c.id.desc()).limit(limit)
    ids = connection.execute(latest).scalars().all() if model else ()
    used = {one.about_order: one.wanted for one in cases.about_any(connection, PartUse, [f"order:{one}" for one in ids])}
    words = _words(connection, [order for order in used if order is not None and used[order]])
    return [PastJob(said, used[order]) for order, said in words.items()]


def _words(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    found = select(orders.c.id, *_WORDS).where(orders.c.id.in_(list(ids)))
    return {order: " ".join(word for word in words if word) for order, *words in connection.execute(found)}
