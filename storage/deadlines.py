"""Promises under watch: one row a subject and clock, claimed by compare and set (DESIGN 4).

A subject is named as in the journal: `order:12`, `complaint:3`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import Connection, Text, bindparam, cast, func, select, type_coerce, update

from rules.escalation import Watch
from storage.codec import dump, read
from storage.engine import AsKept, as_moment
from storage.errors import Raced
from storage.prepared import Prepared, named
from storage.tables import deadlines


class _Found(NamedTuple):
    id: int
    subject: str
    clock: str
    whole: str  # as JSON
    next_kept: Any  # as the engine keeps a moment


class Running(_Found):
    """A promise that is running, as stored: who only looks what is due, among many, has no use for the rest of it."""

    @cached_property
    def next_at(self) -> datetime | None:
        """When somebody has to look at it."""
        return as_moment(self.next_kept)

    @cached_property
    def watch(self) -> Watch:
        """The promise and how far it has climbed."""
        return read(Watch, self.whole)


_VALUES = ("state", "due_at", "next_at", "rung", "watch", "met_at")
_START = Prepared(
    lambda insert: (put := insert(deadlines).values(**named("subject", "clock", *_VALUES))).on_conflict_do_update(
        index_elements=["subject", "clock"], set_={name: put.excluded[name] for name in _VALUES}
    )
)
_STOP = Prepared(
    update(deadlines)
    .where(
        deadlines.c.subject == bindparam("subject"), deadlines.c.clock == bindparam("of_clock"), deadlines.c.state == "running"
    )
    .values(state=bindparam("ends"), met_at=bindparam("now"), next_at=None)
)
_KEEP = Prepared(
    update(deadlines)
    .where(
        deadlines.c.id == bindparam("of_id"),
        deadlines.c.state == "running",
        deadlines.c.rung == bindparam("was_rung"),
        deadlines.c.due_at == bindparam("was_due"),
        deadlines.c.next_at.is_not_distinct_from(bindparam("was_next", type_=AsKept())),
    )
    .values(**named("watch", "rung", "next_at"))
)
_RUNNING = (
    *(deadlines.c[name] for name in ("id", "subject", "clock")),
    cast(deadlines.c.watch, Text).label("whole"),
    type_coerce(deadlines.c.next_at, AsKept()).label("next_kept"),
)
_DUE = Prepared(
    select(*_RUNNING)
    .where(deadlines.c.next_at <= bindparam("now"), deadlines.c.state == "running")
    .order_by(deadlines.c.next_at)
    .limit(bindparam("most")),
    row=Running,
)
_DUE_BETWEEN = Prepared(
    select(*_RUNNING)
    .where(
        deadlines.c.state == "running",
        deadlines.c.clock == bindparam("of_clock"),
        deadlines.c.due_at >= bindparam("start"),
        deadlines.c.due_at < bindparam("end"),
    )
    .order_by(deadlines.c.due_at, deadlines.c.id),
    row=Running,
)
_OF = Prepared(
    select(*_RUNNING).where(deadlines.c.subject == bindparam("subject"), deadlines.c.state == "running"), row=Running
)
_FIRST = Prepared(
    select(func.min(deadlines.c.due_at)).where(deadlines.c.subject == bindparam("subject"), deadlines.c.state == "running")
)


def start(connection: Connection, subject: str, clock: str, watch: Watch, *, next_at: datetime | None) -> None:
    """Begin to watch a promise, or put a new one in the place of the old."""
    values = {"state": "running", "due_at": watch.promise.due_at, "next_at": next_at, "rung": watch.rung}
    _START.run(connection, subject=subject, clock=clock, **values, watch=dump(watch), met_at=None)


def stop(connection: Connection, subject: str, clock: str, *, now: datetime, is_met: bool = True) -> None:
    """A promise was kept, late or not, or is no longer owed."""
    _STOP.run(connection, subject=subject, of_clock=clock, ends="met" if is_met else "dropped", now=now)


def keep(connection: Connection, running: Running, watch: Watch, *, next_at: datetime | None) -> bool:
    """Store a watch that has moved on; False when it was climbed, acknowledged, kept or promised anew in between."""
    return _KEEP.run(connection, **_moved(running, watch, next_at)) == 1


def keep_all(connection: Connection, moved: Sequence[tuple[Running, Watch, datetime | None]]) -> None:
    """The same for many at once, each with its next moment. Raises Raced when one of them was changed in between."""
    if _KEEP.run_all(connection, [_moved(*one) for one in moved]) != len(moved):
        raise Raced(f"{len(moved)} promises")


def _moved(running: Running, watch: Watch, next_at: datetime | None) -> dict[str, Any]:
    was = {"of_id": running.id, "was_rung": running.watch.rung, "was_due": running.watch.promise.due_at}
    return was | {"was_next": running.next_kept, "watch": dump(watch), "rung": watch.rung, "next_at": next_at}


def due(connection: Connection, now: datetime, *, limit: int = 500) -> list[Running]:
    """Promises that somebody has to look at, the oldest first."""
    return _DUE.all(connection, now=now, most=limit)


def due_between(connection: Connection, clock: str, start: datetime, end: datetime) -> list[Running]:
    """Running promises of a clock that fall due in [start, end), the first due first."""
    return _DUE_BETWEEN.all(connection, of_clock=clock, start=start, end=end)


def of(connection: Connection, subject: str) -> dict[str, Running]:
    """The running promises of a subject by clock."""
    return {one.clock: one for one in _OF.all(connection, subject=subject)}


@dataclass(frozen=True)
class Kept:
    """What came of a promise."""

    due_at: datetime
    met_at: datetime | None  # None while it runs

    @property
    def is_in_time(self) -> bool:
        return self.met_at is not None and self.met_at <= self.due_at


def kept(connection: Connection, subject: str) -> dict[str, Kept]:
    """Every promise of a subject that was kept or still runs, by clock; what was dropped is left out."""
    statement = select(deadlines.c.clock, deadlines.c.due_at, deadlines.c.met_at).where(
        deadlines.c.subject == subject, deadlines.c.state != "dropped"
    )
    return {row.clock: Kept(row.due_at, row.met_at) for row in connection.execute(statement.order_by(deadlines.c.id))}


def next_moment(connection: Connection) -> datetime | None:
    return connection.execute(select(func.min(deadlines.c.next_at)).where(deadlines.c.state == "running")).scalar_one()


def oldest_due(connection: Connection, now: datetime) -> datetime | None:
    """When the promise that waits longest for the sweep ought to have been seen (health)."""
    return connection.execute(
        select(func.min(deadlines.c.next_at)).where(deadlines.c.state == "running", deadlines.c.next_at <= now)
    ).scalar_one()


def note_reason(connection: Connection, subject: str, clock: str, reason: str) -> None:
    """Why a promise was broken, in the assignee's words (SLA-31)."""
    connection.execute(
        update(deadlines).where(deadlines.c.subject == subject, deadlines.c.clock == clock).values(breach_reason=reason)
    )


def first_due(connection: Connection, subject: str) -> datetime | None:
    """The first of a subject's promises: its place in a queue (DSP-1)."""
    found: datetime | None = _FIRST.scalar(connection, subject=subject)
    return found
