"""`fieldhand audit`: every chain of hashes and every file, while the desk may be running (REC-7, DESIGN 10.11)."""

from collections.abc import Iterator

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from storage import files, journal
from storage.engine import damages
from storage.erasure import erased_orders
from storage.files import Shelf
from storage.tables import remarks, seals


def audit(engine: Engine, shelf: Shelf) -> Iterator[str]:
    """Every flaw in words, the worst sort first. Raises ShelfUnavailable."""
    try:
        with engine.connect() as connection:
            for what in damages(connection):
                yield f"database: {what}"
            for subject, seq, what in journal.flaws(connection):
                yield f"journal {subject} line {seq}: {what}"
            yield from _loose_seals(connection)
            yield from _files(connection, shelf)
    except DatabaseError as error:
        yield f"database: it can't be read on ({type(error.orig).__name__})"


def _loose_seals(connection: Connection) -> Iterator[str]:
    """A seal and the picture of its signature have to stand in the order's journal as they stand beside the order."""
    signed = journal.signed_facts(connection)
    for row in connection.execute(select(seals.c.order_id, seals.c.version, seals.c.digest, seals.c.signature)):
        if signed.get((row.order_id, row.version)) != (row.digest, row.signature):
            yield f"seal {row.version} of order {row.order_id}: is not the one that was signed"


def _files(connection: Connection, shelf: Shelf) -> Iterator[str]:
    known = set(files.every(connection))
    named = set(connection.execute(select(remarks.c.sha256).where(remarks.c.sha256 != "")).scalars())
    erased = erased_orders(connection)
    signed = connection.execute(select(seals.c.order_id, seals.c.signature).where(seals.c.signature != ""))
    named |= {row.signature for row in signed if row.order_id not in erased}
    for sha256 in sorted(known | named):
        if not shelf.is_intact(sha256):
            yield f"file {sha256[:12]}…: missing or changed"
