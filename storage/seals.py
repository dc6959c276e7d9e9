"""Signatures and seals: which order one is of, and whether a picture was used before (SIG-3, SIG-4)."""

from sqlalchemy import Connection, select, update

from rules.orders import WorkOrder
from storage import orders
from storage.tables import orders as order_rows
from storage.tables import seals


def same_picture(connection: Connection, sha256: str, *, but_not: int) -> tuple[str, ...]:
    """Numbers of other orders that carry this very picture as signature (SIG-4)."""
    rows = connection.execute(
        select(order_rows.c.number)
        .join(seals, seals.c.order_id == order_rows.c.id)
        .where(seals.c.signature == sha256, order_rows.c.id != but_not)
        .distinct()
    )
    return tuple(row.number for row in rows)


def near_pictures(connection: Connection, *, but_not: int, limit: int = 5000) -> list[tuple[str, str]]:
    """(near hash, order number) of the latest signatures on other orders."""
    rows = connection.execute(
        select(seals.c.near_hash, order_rows.c.number)
        .join(order_rows, seals.c.order_id == order_rows.c.id)
        .where(order_rows.c.id != but_not, seals.c.near_hash != "")
        .order_by(seals.c.id.desc())
        .limit(limit)
    )
    return [(row.near_hash, row.number) for row in rows]


def order_beginning(connection: Connection, start: str) -> WorkOrder | None:
    """The order whose latest seal begins so; one that was voided since is none (SUR-8)."""
    which = seals.c.digest.between(start, start + "g")
    order = connection.execute(select(seals.c.order_id).where(which).order_by(seals.c.id.desc()).limit(1)).scalar_one_or_none()
    found = orders.by_id(connection, order) if order is not None else None
    return found if found is not None and found.seal is not None and found.seal.digest.startswith(start) else None


def order_of(connection: Connection, digest: str) -> WorkOrder | None:
    """The order of which a version was sealed with this digest (SIG-3)."""
    order = connection.execute(select(seals.c.order_id).where(seals.c.digest == digest).limit(1)).scalar_one_or_none()
    return orders.by_id(connection, order) if order is not None else None


def note_near_hash(connection: Connection, order_id: int, version: int, near_hash: str) -> None:
    """Keep how the picture of a signature looks, for the comparison with later ones (SIG-4)."""
    connection.execute(
        update(seals).where(seals.c.order_id == order_id, seals.c.version == version).values(near_hash=near_hash)
    )
