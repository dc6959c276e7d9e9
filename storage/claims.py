"""What a turn says in its own chat, claimed in its own transaction: nobody has to look for it afterwards.

One statement claims it and brings along what else its sender would have to look up; where something of the chat is on its way
already, the line is looked at row by row.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, Text, and_, bindparam, case, cast, func, literal_column, or_, select, text, update

from storage.engine import part_of
from storage.outbox import AT_ONCE, LEASE, PARCEL, PARTS, TAKES_ITS_TURN, WINDOW, Beside, Parcel, parcel_of
from storage.prepared import Prepared
from storage.tables import outbox

_COLUMNS = tuple(outbox.c[name] if name != "body" else cast(outbox.c.body, Text).label("body") for name in PARCEL)
_LEASED = {
    "lease_until": bindparam("until"),
    "holder": bindparam("by"),
    "attempts": outbox.c.attempts + 1,
}
_IN_CHAT = and_(outbox.c.channel == bindparam("channel"), outbox.c.chat == bindparam("chat"), TAKES_ITS_TURN)

_any = outbox.alias("any_of_chat")
_HOLDS_UP = or_(_any.c.lease_until > bindparam("now"), _any.c.not_before > bindparam("now"))
_N_IN_LINE = (
    select(func.count() + func.coalesce(func.max(case((_HOLDS_UP, AT_ONCE), else_=0)), 0))
    .where(
        _any.c.channel == bindparam("channel"),
        _any.c.chat == bindparam("chat"),
        text("any_of_chat.state = 'waiting'"),
        _any.c.reason != WINDOW,
    )
    .scalar_subquery()
)
"""How many wait in a chat; more than `AT_ONCE` where one of them can't go."""
_REF = literal_column(
    "(SELECT cards.ref FROM cards WHERE cards.person_id = outbox.person_id AND cards.subject = CAST(outbox.subject AS TEXT)"
    " AND cards.channel = CAST(outbox.channel AS TEXT) AND cards.chat = CAST(outbox.chat AS TEXT))",
    String,
)
_LANGUAGE = literal_column("(SELECT people.language FROM people WHERE people.id = outbox.person_id)", String)
"""In letters, because SQLAlchemy leaves out there, for SQLite, of which table a column is; and SQLite, which there forgets that
it is a text, would go through all cards of a person.
"""
_CLAIM = Prepared(
    update(outbox)
    .where(_IN_CHAT, _N_IN_LINE <= AT_ONCE)
    .values(_LEASED)
    .returning(*_COLUMNS, _REF.label("living"), _LANGUAGE.label("language"))
)
_LINE = Prepared(
    select(*_COLUMNS, *(outbox.c[name] for name in ("lease_until", "holder", "not_before")))
    .where(_IN_CHAT)
    .order_by(outbox.c.id)
    .limit(AT_ONCE + 1)
)
_LEASE_ONE = Prepared(update(outbox).where(outbox.c.id == bindparam("parcel")).values(_LEASED))
_PART = Prepared(select(part_of(bindparam("chat", type_=String), PARTS)))


def claim_chat(
    connection: Connection,
    channel: str,
    chat: str,
    *,
    holder: str,
    now: datetime,
    parts: Collection[int],
    at_hand: Collection[int],
) -> list[Parcel]:
    """Lease what waits for one chat. Nothing when it is for `outbox.claim` to decide: when the chat belongs to another process,
    or something earlier is put off, or held by somebody else.

    `at_hand` are the parcels that this process has and sends in their order. Where there are none of the chat, the first comes
    with what is known `beside` it; those behind it may find that changed.
    """
    if not parts or (len(parts) < PARTS and _PART.scalar(connection, chat=chat) not in parts):
        return []
    at = {"channel": channel, "chat": chat}
    if at_hand:
        return _join(connection, at, holder=holder, now=now, at_hand=at_hand)
    return _with_beside(_CLAIM.all(connection, **at, now=now, until=now + LEASE, by=holder))


def _with_beside(found: list[Any]) -> list[Parcel]:
    rows = sorted(found, key=lambda row: row.id)
    return [parcel_of(row, beside=None if n else Beside(row.living or "", row.language or "")) for n, row in enumerate(rows)]


def _join(connection: Connection, at: dict[str, str], *, holder: str, now: datetime, at_hand: Collection[int]) -> list[Parcel]:
    """What waits behind that which is on its way."""
    rows = _LINE.all(connection, **at)
    fresh = [row for row in rows if row.id not in at_hand]
    are_behind = all(row.id in at_hand and row.holder == holder for row in rows[: len(rows) - len(fresh)])
    are_free = all((row.lease_until is None or row.lease_until <= now) and row.not_before <= now for row in fresh)
    if len(rows) > AT_ONCE or not are_behind or not are_free:
        return []
    for row in fresh:
        _LEASE_ONE.run(connection, parcel=row.id, until=now + LEASE, by=holder)
    return [parcel_of(row, n_more=1) for row in fresh]
