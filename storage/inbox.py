"""The inbox: what came in, committed before the messenger hears that it arrived (RELIABILITY 1 to 6).

Each update has a holder: the process that stored it and handles it, or, when that one has died, the one that adopted it. What
guards "once, and in the order of the chat" is not the holder but `finish`, in the transaction of the turn itself.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, text, update

from storage.prepared import Prepared, named
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
    is_begun: bool = True  # whether the next try is counted already


_earlier = inbox.alias("earlier")
_IS_FIRST = ~exists().where(
    _earlier.c.channel == inbox.c.channel,
    _earlier.c.chat == inbox.c.chat,
    text("earlier.state = 'waiting'"),
    _earlier.c.id < inbox.c.id,
)
_PUT = Prepared(
    lambda insert: (
        insert(inbox)
        .values(**named("channel", "chat", "event_key", "raw", "received_at", "holder"), state="waiting", attempts=1)
        .on_conflict_do_nothing()
        .returning(inbox.c.id)
    )
)
_ONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("arrival"), ARRIVES)
    .values(**named("done_at", "error"), state=bindparam("ends"))
)
_FINISH = {"sqlite": Prepared(_ONE), "postgresql": Prepared(_ONE.where(_IS_FIRST))}
"""On SQLite there is one process, whose own lines keep the order."""


def put(
    connection: Connection, channel: str, chat: str, key: str, raw: dict[str, Any], *, now: datetime, holder: str = ""
) -> Arrival | None:
    """Store an update once, to be handled by `holder`; None when it is already here. Its first try is counted at once."""
    words = json.dumps(raw, separators=(",", ":"))  # ASCII: half a surrogate pair fits into no database
    values = {"channel": channel, "chat": chat, "event_key": key, "raw": words, "received_at": now, "holder": holder}
    row = _PUT.first(connection, **values)
    return Arrival(row.id, channel, chat, key, raw, now, 1) if row is not None else None


def waiting(connection: Connection, *, not_of: Collection[str] = (), channels: Collection[str] | None = None) -> dict[int, str]:
    """Id and holder of what waits, oldest first, without what these processes hold, in all channels or some."""
    found = select(inbox.c.id, inbox.c.holder).where(ARRIVES, inbox.c.holder.not_in(not_of))
    if channels is not None:
        found = found.where(inbox.c.channel.in_(channels))
    rows = connection.execute(found)  # asked to sort, SQLite would read through all that ever came
    return dict(sorted((row.id, row.holder) for row in rows))


def adopt(connection: Connection, arrivals: Collection[int], *, holder: str, living: Collection[str]) -> list[Arrival]:
    """Take over what nobody handles, oldest first. What another living process took in between stays there."""
    others = set(living) - {holder}
    free = update(inbox).where(inbox.c.id.in_(arrivals), ARRIVES, inbox.c.holder.not_in(others))
    rows = connection.execute(free.values(holder=holder).returning(inbox)).all()
    return sorted(map(_arrival, rows), key=lambda one: one.id)


def count_try(connection: Connection, arrival: int) -> int:
    """Count one more try, committed before it is made, so that a message that kills the process is set aside too."""
    return connection.execute(
        update(inbox).where(inbox.c.id == arrival).values(attempts=inbox.c.attempts + 1).returning(inbox.c.attempts)
    ).scalar_one()


def finish(connection: Connection, arrival: int, *, now: datetime, state: str = "done", error: str = "") -> bool:
    """Mark an update handled or set aside. False when it already was (its effect stands, do nothing again), and when an earlier
    one of its chat still waits at another process; `is_over` tells which.
    """
    done = _FINISH[connection.dialect.name]
    return done.run(connection, arrival=arrival, ends=state, done_at=now, error=error) == 1


def is_over(connection: Connection, arrival: int) -> bool:
    """Whether an update was handled or set aside."""
    return connection.execute(select(inbox.c.state).where(inbox.c.id == arrival)).scalar_one() != "waiting"


def n_waiting(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(inbox).where(ARRIVES)).scalar_one()


def _arrival(row: Any) -> Arrival:
    raw = json.loads(row.raw)
    return Arrival(row.id, row.channel, row.chat, row.event_key, raw, row.received_at, row.attempts, is_begun=False)
