"""Leases: who is alive, and what only one process does at a time (DESIGN 6).

A lease has a name and parts, so that a duty can be shared out. Its end is told by the clock of the database, which all
processes share. Who lives renews well before; who dies lets it lapse, and another takes over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from storage.calls import call
from storage.engine import insert
from storage.tables import leases

LEASE = timedelta(seconds=10)
PROCESSES = "processes"
"""The subject of calls that somebody came or went."""
_LIFE = "process:"


@dataclass(frozen=True)
class Held:
    """What a process may do alone until its lease ends, and who lives besides."""

    parts: Mapping[str, frozenset[int]]
    living: frozenset[str]


def renew(connection: Connection, holder: str, duties: Mapping[str, int], *, now: datetime) -> Held:
    """Live on, keep what is held, take what is free and give up what is more than a fair share.

    `duties` tells how many parts each duty has that this process could do. Whoever can do a duty counts for its fair share.
    """
    _take(connection, f"{_LIFE}{holder}", 0, holder, now=now, duties=duties)
    mine = (leases.c.holder == holder) & leases.c.name.in_(list(duties)) & (leases.c.until > now)
    connection.execute(update(leases).where(mine).values(until=now + LEASE))
    valid = connection.execute(select(leases).where(leases.c.until > now)).all()
    lives = {row.holder: row.duties.split() for row in valid if row.name.startswith(_LIFE)}
    parts = {}
    for duty, n_parts in duties.items():
        holders = {row.part: row.holder for row in valid if row.name == duty}
        fair = -(-n_parts // sum(duty in others for others in lives.values()))
        parts[duty] = _share(connection, duty, holders, range(n_parts), fair=fair, holder=holder, now=now)
    return Held(parts, frozenset(lives))


def _share(
    connection: Connection, duty: str, holders: Mapping[int, str], parts: range, *, fair: int, holder: str, now: datetime
) -> frozenset[int]:
    mine = [part for part in parts if holders.get(part) == holder]
    if surplus := mine[fair:]:
        connection.execute(delete(leases).where(leases.c.name == duty, leases.c.holder == holder, leases.c.part.in_(surplus)))
    kept = set(mine[:fair])
    for part in parts:
        if len(kept) < fair and part not in holders and _take(connection, duty, part, holder, now=now):
            kept.add(part)
    return frozenset(kept)


def claim(connection: Connection, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
    """Take or prolong a lease that has a rhythm of its own; False while another process has it.

    On SQLite, where there is but one process, what a killed one held is free at once.
    """
    if connection.dialect.name == "sqlite":
        connection.execute(delete(leases).where(leases.c.name == name))
    return _take(connection, name, 0, holder, now=now, until=until)


def release(connection: Connection, name: str, holder: str) -> None:
    """Give such a lease back, so that another process need not wait for its end."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))


def holder_of(connection: Connection, name: str, *, now: datetime) -> str:
    """Who has a lease, empty when nobody does."""
    found = select(leases.c.holder).where(leases.c.name == name, leases.c.until > now)
    return connection.execute(found).scalar_one_or_none() or ""


def leave(connection: Connection, holders: Collection[str]) -> None:
    """Whoever ends, or is known to be dead, leaves everything to others at once, who are called."""
    connection.execute(delete(leases).where(leases.c.holder.in_(holders)))
    call(connection, PROCESSES)


def living(connection: Connection, now: datetime) -> frozenset[str]:
    """Who is alive."""
    alive = leases.c.name.startswith(_LIFE) & (leases.c.until > now)
    return frozenset(connection.execute(select(leases.c.holder).where(alive)).scalars())


def _take(
    connection: Connection,
    name: str,
    part: int,
    holder: str,
    *,
    now: datetime,
    until: datetime | None = None,
    duties: Collection[str] = (),
) -> bool:
    """Take a lease that is free, or one's own; False when another process was faster."""
    values = {"holder": holder, "until": until or now + LEASE, "duties": " ".join(duties)}
    statement = insert(connection, leases).values(name=name, part=part, **values)
    free = (leases.c.until <= now) | (leases.c.holder == holder)
    taken = statement.on_conflict_do_update(index_elements=["name", "part"], set_=values, where=free)
    return connection.execute(taken.returning(leases.c.part)).one_or_none() is not None
