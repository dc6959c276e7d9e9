"""The inbox: what came in, committed before the messenger hears that it arrived (RELIABILITY 1 to 6)."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from storage.engine import insert
from storage.tables import ARRIVES, inbox

TRIES = 3


@dataclass(frozen=True)
class Arrival:
    """One stored update that waits to be handled."""

    id: int
    channel: str
    chat: str
    key: str
    raw: dict[str, Any]
    received_at: datetime
    attempts: int


def put(connection: Connection, channel: str, chat: str, key: str, raw: dict[str, Any], *, now: datetime) -> Arrival | None:
    """Store an update once; None when it is already here. Its first try is counted at once."""
    text = json.dumps(raw, separators=(",", ":"))  # ASCII: half a surrogate pair fits into no database
    values = {"channel": channel, "chat": chat, "event_key": key, "raw": text, "received_at": now}
    statement = insert(connection, inbox).values(**values, state="waiting", attempts=1)
    row = connection.execute(statement.on_conflict_do_nothing().returning(inbox.c.id)).one_or_none()
    return Arrival(row.id, channel, chat, key, raw, now, 1) if row else None


def waiting(connection: Connection) -> list[Arrival]:
    """What was stored and not handled when the program ended, oldest first."""
    rows = connection.execute(select(inbox).where(ARRIVES).order_by(inbox.c.id))
    return [Arrival(r.id, r.channel, r.chat, r.event_key, json.loads(r.raw), r.received_at, r.attempts) for r in rows]


def count_try(connection: Connection, arrival: int) -> int:
    """Count one more try, committed before it is made, so that a message that kills the process is set aside too."""
    return connection.execute(
        update(inbox).where(inbox.c.id == arrival).values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
    ).scalar_one()


def finish(connection: Connection, arrival: int, *, now: datetime, state: str = "done", error: str = "") -> bool:
    """Mark an update handled or set aside; False when it already was (its effect stands, do nothing again)."""
    done = connection.execute(update(inbox).where(inbox.c.id == arrival, ARRIVES).values(state=state, done_at=now, error=error))
    return done.rowcount == 1


def n_waiting(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(inbox).where(ARRIVES)).scalar_one()
