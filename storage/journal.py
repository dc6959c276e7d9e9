"""The journal: append-only, one hash chain a subject (DESIGN 4, REC-7).

Lines hold ids, figures and hashes, never names, telephones or words, so that a person can be forgotten while the chain holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from rules.decisions import Entry
from storage.codec import fingerprint
from storage.errors import Raced
from storage.prepared import Prepared, named
from storage.tables import journal

GENESIS = "0" * 64


@dataclass(frozen=True)
class Line:
    """One journal line as it stands."""

    seq: int
    kind: str
    by: int | None
    at: datetime
    rule: str
    message: str
    facts: dict[str, Any]
    hash: str


_LAST = Prepared(
    select(journal.c.seq, journal.c.hash)
    .where(journal.c.subject == bindparam("subject"))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_LINES = Prepared(select(journal).where(journal.c.subject == bindparam("subject")).order_by(journal.c.seq))
_APPEND = Prepared(
    lambda insert: (
        insert(journal)
        .values(**named("subject", "seq", "kind", "by", "at", "rule", "message", "facts", "previous", "hash"))
        .on_conflict_do_nothing()
    )
)


def append(
    connection: Connection, subject: str, entries: tuple[Entry, ...], *, by: int | None, at: datetime, message: str = ""
) -> None:
    """Add lines to a subject's chain. Raises Raced when another process added some in between."""
    if not entries:
        return
    last = _LAST.first(connection, subject=subject)
    seq, previous = last or (0, GENESIS)
    for entry in entries:
        seq += 1
        row: dict[str, Any] = {"subject": subject, "seq": seq, "kind": entry.kind, "by": by, "at": at}
        row |= {"rule": entry.rule, "message": message, "facts": entry.facts, "previous": previous}
        row["hash"] = previous = _seal(row)
        if _APPEND.run(connection, **row) != 1:
            raise Raced(subject)


def lines(connection: Connection, subject: str) -> list[Line]:
    """A subject's lines in order."""
    rows = _LINES.all(connection, subject=subject)
    return [Line(r.seq, r.kind, r.by, r.at, r.rule, r.message, r.facts, r.hash) for r in rows]


def flaws(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """(subject, seq, what) for every line that does not follow from the one before it."""
    subject, seq, previous = "", 0, GENESIS
    for row in connection.execute(select(journal).order_by(journal.c.subject, journal.c.seq)).mappings():
        if row["subject"] != subject:
            subject, seq, previous = row["subject"], 0, GENESIS
        seq += 1
        if row["seq"] != seq:
            yield subject, seq, "gap"
        elif row["previous"] != previous:
            yield subject, seq, "link"
        elif _seal(dict(row)) != row["hash"]:
            yield subject, seq, "altered"
        seq, previous = row["seq"], row["hash"]


def _seal(row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    kept = {key: row[key] for key in ("subject", "seq", "kind", "by", "rule", "message", "facts", "previous")}
    return fingerprint(kept | {"at": at})
