"""The journal: append-only, one hash chain a subject (DESIGN 4, REC-7).

Lines hold ids, figures and hashes, never names, telephones or words, so that a person can be forgotten while the chain holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from rules.decisions import Entry
from storage.codec import fingerprint, pack
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


_LAST = (
    select(journal.c.seq, journal.c.hash)
    .where(journal.c.subject == bindparam("subject"))
    .order_by(journal.c.seq.desc())
    .limit(1)
)
_APPEND = insert(journal)


def append(
    connection: Connection, subject: str, entries: tuple[Entry, ...], *, by: int | None, at: datetime, message: str = ""
) -> None:
    """Add lines to a subject's chain."""
    if not entries:
        return
    last = connection.execute(_LAST, {"subject": subject}).one_or_none()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    rows = []
    for entry in entries:
        seq += 1
        row: dict[str, Any] = {"subject": subject, "seq": seq, "kind": entry.kind, "by": by, "at": at}
        row |= {"rule": entry.rule, "message": message, "facts": pack(entry.facts), "previous": previous}
        row["hash"] = previous = _seal(row)
        rows.append(row)
    connection.execute(_APPEND, rows)


def lines(connection: Connection, subject: str) -> list[Line]:
    """A subject's lines in order."""
    rows = connection.execute(select(journal).where(journal.c.subject == subject).order_by(journal.c.seq))
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
