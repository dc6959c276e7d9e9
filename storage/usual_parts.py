"""What was used on earlier jobs of a model, for those who leave for the next one (DSP-8)."""

from sqlalchemy import Connection, String, cast, select

from rules.orders import Step
from rules.part_uses import PartUse
from rules.usual_parts import PastJob
from storage.codec import load
from storage.tables import cases, orders

MOST_JOBS = 60
_REPORT = orders.c.order["report"]
_CHECKED = orders.c.order["findings"][str(Step.CHECK)]["answers"]
_WORDS = tuple(
    path.as_string().label(f"words{n}")
    for n, path in enumerate((_REPORT["fault"], _REPORT["state_when_failed"], _CHECKED["component"], _CHECKED["root_cause"]))
)


def past_jobs(connection: Connection, model: str, *, but_not: int, limit: int = MOST_JOBS) -> list[PastJob]:
    """The latest completed jobs of a model on which parts were used, with all that was said of the fault."""
    if not model:
        return []
    is_account = (cases.c.about == "order:" + cast(orders.c.id, String)) & (cases.c.kind == PartUse.kind)
    mine = (orders.c.model == model, orders.c.finished_at.is_not(None), orders.c.id != but_not)
    found = select(cases.c.body, *_WORDS).select_from(orders.join(cases, is_account)).where(*mine)
    rows = connection.execute(found.order_by(orders.c.id.desc()).limit(limit))
    return [PastJob(" ".join(word for word in words if word), load(PartUse, body).wanted) for body, *words in rows]
