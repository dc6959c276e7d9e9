"""The journal: append-only, one hash chain a subject (DESIGN 4, REC-7).

Lines hold ids, figures and hashes, never names, telephones or words, so that a person can be forgotten while the chain holds.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, String, Text, bindparam, cast, func, select, type_coerce

from rules.decisions import Entry
from storage.codec import fingerprint
from storage.errors import Raced
from storage.prepared import Prepared, named
from storage.tables import journal

GENESIS = "0" * 64
_AT_ONCE = 1000
_AS_KEPT = select(
    *(one for one in journal.columns if one.name not in ("id", "at", "facts")),
    type_coerce(journal.c.at, String).label("at"),
    cast(journal.c.facts, Text).label("facts"),
).order_by(journal.c.subject, journal.c.seq)
"""Lines as the database has them, so that one that can't be read is a flaw and no crash."""


class Line(NamedTuple):
    """One journal line as it stands; a tuple, for they are read by the dozen."""

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
_LINES = Prepared(
    select(*(journal.c[name] for name in Line._fields))
    .where(journal.c.subject == bindparam("subject"))
    .order_by(journal.c.seq),
    row=Line,
)
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
        row = _line(subject, seq + 1, previous, entry, by=by, at=at, message=message)
        seq, previous = row["seq"], row["hash"]
        _APPEND.run_surely(connection, Raced(subject), **row)


def append_all(connection: Connection, added: Sequence[tuple[str, Entry]], *, at: datetime) -> None:
    """Add a line to each of many subjects' chains, in a few statements. Raises Raced as `append`."""
    ends, rows = _ends(connection, {subject for subject, _ in added}), []
    for subject, entry in added:
        seq, previous = ends.get(subject, (0, GENESIS))
        row = _line(subject, seq + 1, previous, entry, by=None, at=at, message="")
        ends[subject] = (row["seq"], row["hash"])
        rows.append(row)
    if _APPEND.run_all(connection, rows) != len(rows):
        raise Raced(f"{len(rows)} lines")


def _ends(connection: Connection, subjects: Collection[str]) -> dict[str, tuple[int, str]]:
    """Subject -> number and seal of the last line of its chain."""
    last = (
        select(journal.c.subject, func.max(journal.c.seq).label("seq"))
        .where(journal.c.subject.in_(subjects))
        .group_by(journal.c.subject)
        .subquery()
    )
    is_last = (journal.c.subject == last.c.subject) & (journal.c.seq == last.c.seq)
    rows = connection.execute(select(journal.c.subject, journal.c.seq, journal.c.hash).join(last, is_last))
    return {row.subject: (row.seq, row.hash) for row in rows}


def _line(subject: str, seq: int, previous: str, entry: Entry, *, by: int | None, at: datetime, message: str) -> dict[str, Any]:
    """A line as it is stored, with its seal."""
    row: dict[str, Any] = {"subject": subject, "seq": seq, "kind": entry.kind, "by": by, "at": at}
    row |= {"rule": entry.rule, "message": message, "facts": entry.facts, "previous": previous}
    return row | {"hash": _seal(row)}


def lines(connection: Connection, subject: str) -> list[Line]:
    """A subject's lines in order."""
    return _LINES.all(connection, subject=subject)


def count(connection: Connection, kind: str, subjects: Collection[str], start: datetime, end: datetime) -> int:
    """How many lines of a kind some subjects have in [start, end)."""
    inside = (journal.c.at >= start) & (journal.c.at < end)
    which = select(func.count()).select_from(journal).where(journal.c.kind == kind, journal.c.subject.in_(subjects), inside)
    return int(connection.execute(which).scalar_one())


def flaws(connection: Connection) -> Iterator[tuple[str, int, str]]:
    """(subject, seq, what) for every line that does not follow from the one before it."""
    subject, seq, previous = "", 0, GENESIS
    for row in connection.execute(_AS_KEPT, execution_options={"yield_per": _AT_ONCE}).mappings():
        if row["subject"] != subject:
            subject, seq, previous = row["subject"], 0, GENESIS
        seq += 1
        if row["seq"] != seq:
            yield subject, seq, "gap"
        elif row["previous"] != previous:
            yield subject, seq, "link"
        elif _reseal(dict(row)) != row["hash"]:
            yield subject, seq, "altered"
        seq, previous = row["seq"], row["hash"]


def signed_facts(connection: Connection) -> dict[tuple[int, int], tuple[str, str]]:
    """(order, version) -> (digest, picture) of every signature that was given."""
    signed = select(journal.c.subject, journal.c.facts).where(journal.c.kind == "order.signed")
    return {
        (int(row.subject.removeprefix("order:")), row.facts["version"]): (row.facts["digest"], row.facts["picture"])
        for row in connection.execute(signed)
    }


def _reseal(kept: dict[str, Any]) -> str:
    """The seal that a line ought to have, empty when it can't even be read."""
    try:
        at = kept["at"] if isinstance(kept["at"], datetime) else datetime.fromisoformat(kept["at"])
        return _seal(kept | {"facts": json.loads(kept["facts"]), "at": at.replace(tzinfo=at.tzinfo or UTC)})
    except (ValueError, TypeError, AttributeError):
        return ""


def _seal(row: dict[str, Any]) -> str:
    at: datetime = row["at"]
    kept = {key: row[key] for key in ("subject", "seq", "kind", "by", "rule", "message", "facts", "previous")}
    return fingerprint(kept | {"at": at})
