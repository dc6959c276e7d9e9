"""The auditor: a look every five minutes at what must never be (RELIABILITY 9)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, String, cast, exists, func, literal, select

from handlers.said import said
from handlers.turn import Company
from rules.decisions import Audience
from rules.orders import AFTER_VISIT, CLOSED, PAUSED, Stage
from storage import deadlines, people
from storage.outbox import MUST, WINDOW
from storage.tables import deadlines as deadline_table
from storage.tables import inbox, orders, outbox
from storage.unit import Unit

LATE = timedelta(minutes=2)
_UNWATCHED = {Stage.FINISHED, Stage.SIGNED} | AFTER_VISIT | CLOSED | PAUSED


def findings(connection: Connection, now: datetime) -> dict[str, int]:
    """What is wrong, by text id, with how many there are. Empty when all is well."""
    ran = exists().where(deadline_table.c.subject == literal("order:") + cast(orders.c.id, String))
    before_work = [str(stage) for stage in Stage if stage not in _UNWATCHED]
    unclocked = select(func.count()).select_from(orders).where(orders.c.stage.in_(before_work), ~ran)
    stuck_out = (outbox.c.state == "waiting") & outbox.c.is_must & (outbox.c.not_before < now - timedelta(minutes=10))
    stuck_out &= outbox.c.reason != WINDOW  # the supervisor knows of those
    stuck_in = (inbox.c.state == "waiting") & (inbox.c.received_at < now - timedelta(minutes=5))
    oldest = deadlines.oldest_due(connection, now)
    found = {
        "trouble.no-clock": connection.execute(unclocked).scalar_one(),
        "trouble.unfired": int(oldest is not None and oldest < now - LATE),
        "trouble.stuck-outbox": connection.execute(select(func.count()).select_from(outbox).where(stuck_out)).scalar_one(),
        "trouble.stuck-inbox": connection.execute(select(func.count()).select_from(inbox).where(stuck_in)).scalar_one(),
    }
    return {text: n for text, n in found.items() if n}


def tell(connection: Connection, company: Company, found: dict[str, int], now: datetime) -> None:
    """The administrator hears of a finding, once an hour."""
    unit = Unit(connection, now, company.terms)
    lines = [{"text": text, "facts": {"n": n}} for text, n in found.items()]
    for one in people.audience(connection, Audience.ADMINISTRATOR, company.branch):
        unit.say(one, said("trouble.audit", {"findings": lines}), priority=MUST, dedup=f"audit:{now:%Y%m%d%H}:{one}")
