"""Words, photos and voice notes that belong to an order, or wait to be told to which."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from storage.tables import remarks


@dataclass(frozen=True)
class Remark:
    """One thing that somebody added."""

    id: int
    order: int | None
    person: int
    kind: str
    text: str
    sha256: str
    sent_at: datetime
    is_relayed: bool


def add(
    connection: Connection,
    *,
    person: int,
    order: int | None,
    kind: str,
    text: str = "",
    sha256: str = "",
    sent_at: datetime,
    now: datetime,
) -> Remark:
    values = {"person_id": person, "order_id": order, "kind": kind, "text": text, "sha256": sha256}
    row = connection.execute(insert(remarks).values(**values, sent_at=sent_at, at=now).returning(remarks)).one()
    return _remark(row)


def by_id(connection: Connection, remark: int) -> Remark | None:
    row = connection.execute(select(remarks).where(remarks.c.id == remark)).one_or_none()
    return _remark(row) if row else None


def unplaced(connection: Connection, person: int) -> list[Remark]:
    """What somebody sent without saying for which order."""
    rows = connection.execute(
        select(remarks).where(remarks.c.person_id == person, remarks.c.order_id.is_(None)).order_by(remarks.c.id)
    )
    return [_remark(row) for row in rows]


def place(connection: Connection, remark: int, order: int) -> None:
    connection.execute(update(remarks).where(remarks.c.id == remark).values(order_id=order))


def relay(connection: Connection, remark: int, now: datetime) -> None:
    connection.execute(update(remarks).where(remarks.c.id == remark).values(relayed_at=now))


_OF_ORDER = (
    select(remarks).where(remarks.c.order_id == bindparam("order")).order_by(remarks.c.id.desc()).limit(bindparam("limit"))
)


def of_order(connection: Connection, order: int, *, limit: int = 50) -> list[Remark]:
    rows = connection.execute(_OF_ORDER, {"order": order, "limit": limit})
    return [_remark(row) for row in rows][::-1]


def _remark(row: Row[tuple[object, ...]]) -> Remark:
    m = row._mapping
    return Remark(
        m["id"], m["order_id"], m["person_id"], m["kind"], m["text"], m["sha256"], m["sent_at"], m["relayed_at"] is not None
    )
