"""The outbox: what is to be said, in order per chat, claimed with a lease (DESIGN 4, RELIABILITY 5 and 8).

A row holds facts, not words: it is rendered when it is sent, in the reader's language. Kinds: `say` sends a message (and may
replace the living one of its `subject`), `card` shows an order as it stands at that moment, `settle` takes buttons away.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from storage.codec import from_json, unpack
from storage.engine import is_in_parts, try_alone
from storage.prepared import Prepared, named
from storage.tables import WAITS, outbox

REPLY, MUST, COURTESY = 0, 1, 2
_FREE, _PUT_OFF, _LEASED = 0, 1, 2
LEASE = timedelta(seconds=60)
AT_ONCE = 15
"""Parcels of one chat in one lease; all of them can be sent before it ends, at a group's pace too."""
PARTS = 8
"""Into so many parts the chats of a channel are shared out among processes (a power of two)."""
WINDOW = "window"
"""Why a row waits that is held back until the person writes again (storage.windows); no claim takes it."""
TAKES_ITS_TURN = WAITS & (outbox.c.reason != WINDOW)


@dataclass(frozen=True)
class Beside:
    """What was read beside a parcel when it was claimed, so that nothing need be looked up to say it."""

    ref: str  # of the living message of its subject
    language: str  # that its person has chosen


@dataclass(frozen=True)
class Parcel:
    """One outbox row as claimed."""

    id: int
    person: int | None
    channel: str
    chat: str
    kind: str
    is_must: bool
    order: int | None
    subject: str
    body: dict[str, Any]
    attempts: int
    created_at: datetime
    priority: int = MUST
    frozen: dict[str, Any] | None = None  # what was tried, so that a repeat is the same to the letter
    beside: Beside | None = None

    @property
    def round(self) -> int:
        """How often it was refused and is said anew."""
        return int((self.frozen or {}).get("round", 0))

    @property
    def key(self) -> str:
        """The same at each attempt of one round, and never another message's, not even after a restored backup."""
        moment = int(self.created_at.timestamp() * 1_000_000)
        return f"{self.id:x}-{moment:x}" + (f"-{self.round:x}" if self.round else "")


PARCEL = (
    *("id", "person_id", "channel", "chat", "kind", "is_must", "order_id", "subject", "body", "attempts", "created_at"),
    *("priority", "frozen"),
)

_POST = Prepared(
    lambda insert: (
        insert(outbox)
        .values(
            **named("person_id", "channel", "chat", "kind", "priority", "is_must", "order_id", "subject", "body", "dedup"),
            **named("created_at", "not_before"),
            state="waiting",
        )
        .on_conflict_do_nothing()
    )
)


def post(
    connection: Connection,
    *,
    channel: str,
    chat: str,
    kind: str,
    body: dict[str, Any],
    now: datetime,
    person: int | None = None,
    priority: int = MUST,
    order: int | None = None,
    subject: str = "",
    dedup: str | None = None,
    not_before: datetime | None = None,
) -> None:
    """Put one row in. A row with the same `dedup` is put in once."""
    values: dict[str, Any] = {"person_id": person, "channel": channel, "chat": chat, "kind": kind, "priority": priority}
    values |= {"is_must": priority < COURTESY, "order_id": order, "subject": subject, "body": body, "dedup": dedup}
    _POST.run(connection, **values, created_at=now, not_before=not_before or now)


_REFRESH_WAITS = Prepared(
    select(outbox.c.id)
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.chat == bindparam("chat"),
        outbox.c.person_id == bindparam("person"),
        outbox.c.subject == bindparam("subject"),
        outbox.c.kind == "card",
        WAITS,
        outbox.c.lease_until.is_(None),
        outbox.c.frozen.is_(None),
    )
    .limit(1)
    .with_for_update(skip_locked=True, key_share=True)
)


def refresh_waits(connection: Connection, person: int, subject: str, *, channel: str, chat: str) -> bool:
    """Whether a card of this subject already waits for a person in a chat; it will show the newest state when it goes.

    Nobody begins to send it before this transaction ends, and one that is being claimed elsewhere does not count.
    """
    return _REFRESH_WAITS.first(connection, person=person, subject=subject, channel=channel, chat=chat) is not None


def is_superseded(connection: Connection, parcel: int, chat: str, subject: str) -> bool:
    """Whether a newer message of the same subject waits for a chat, so that this one need not be sent (albums)."""
    later = select(exists().where(outbox.c.chat == chat, outbox.c.subject == subject, outbox.c.id > parcel, WAITS))
    return connection.execute(later).scalar_one()


def claim(
    connection: Connection,
    channels: list[str],
    *,
    holder: str,
    now: datetime,
    limit: int = 200,
    parts: Mapping[str, Collection[int]] | None = None,
) -> list[Parcel]:
    """Lease what may go now, replies first, each chat in its order; not from parts from which another process is claiming.

    `parts` names, for channels that are shared out, which parts of their chats this process sends to.

    A row waits while any of its chat is leased, for two senders to one chat would turn its order round; it waits behind an
    earlier one that is put off, unless it is a must.
    An earlier row that may go is as urgent as the most urgent one behind it, so that a limit never turns the order round.
    """
    shares = _free_shares(connection, channels, parts or {})
    if not shares:
        return []
    ours = _sorted(shares)
    ids = [row.id for row in _claimable(ours).all(connection, now=now, most=limit)]
    if not ids:
        return []
    rows = connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids), WAITS)
        .values(lease_until=now + LEASE, holder=holder, attempts=outbox.c.attempts + 1)
        .returning(*(outbox.c[name] for name in PARCEL))
    ).all()
    return sorted(map(parcel_of, rows), key=lambda parcel: parcel.id)


def _free_shares(connection: Connection, channels: list[str], parts: Mapping[str, Collection[int]]) -> dict[str, list[int]]:
    """Channel -> parts in which nobody else is claiming; none begins to before this transaction ends."""
    wanted = {f"outbox:{channel}:{part}": (channel, part) for channel in channels for part in parts.get(channel, range(PARTS))}
    shares: dict[str, list[int]] = {}
    for name in try_alone(connection, *wanted):
        channel, part = wanted[name]
        shares.setdefault(channel, []).append(part)
    return shares


_in_channel = outbox.c.channel.concat("")
"""No index is searched by this: of a channel is all that was ever sent, and SQLite would rather go through that than through
what waits.
"""


def _belongs(shares: Mapping[str, Collection[int]]) -> ColumnElement[bool]:
    whole = [_in_channel == channel for channel, parts in shares.items() if len(parts) == PARTS]
    split = [
        and_(_in_channel == channel, is_in_parts(outbox.c.chat, parts, PARTS))
        for channel, parts in shares.items()
        if 0 < len(parts) < PARTS
    ]
    return or_(false(), *whole, *split)


_Shares = tuple[tuple[str, tuple[int, ...]], ...]


@lru_cache(maxsize=64)
def _claimable(shares: _Shares) -> Prepared:
    """What may go `now`, at most `most`; writing it anew each time would take as long as running it."""
    ready = _ready(_belongs(dict(shares)))
    found = select(ready.c.id).where(ready.c.place <= AT_ONCE).order_by(ready.c.urgency, ready.c.id)
    return Prepared(found.limit(bindparam("most")))


def _ready(belongs: ColumnElement[bool]) -> Subquery:
    """What may go `now`: its id, its place among what may go in its chat, and its urgency."""
    now = bindparam("now", type_=outbox.c.not_before.type)
    chat: dict[str, Any] = {"partition_by": (outbox.c.channel, outbox.c.chat), "order_by": outbox.c.id}
    hold = case((outbox.c.lease_until > now, _LEASED), (outbox.c.not_before > now, _PUT_OFF), else_=_FREE)
    line = (
        select(
            *(outbox.c[name] for name in ("id", "channel", "chat", "priority", "is_must")),
            hold.label("hold"),
            func.max(hold).over(**chat, rows=(None, -1)).label("held"),
            func.max(hold).over(partition_by=chat["partition_by"]).label("most"),
        )
        .where(TAKES_ITS_TURN, belongs)
        .subquery()
    )
    chat = {"partition_by": (line.c.channel, line.c.chat), "order_by": line.c.id}
    return (
        select(
            line.c.id,
            func.row_number().over(**chat).label("place"),
            func.min(line.c.priority).over(**chat, rows=(0, None)).label("urgency"),
        )
        .where(line.c.hold == _FREE, line.c.most != _LEASED)
        .where(func.coalesce(line.c.held, _FREE) <= case((line.c.is_must, _PUT_OFF), else_=_FREE))
        .subquery()
    )


def sent(connection: Connection, parcel: int, *, ref: str, now: datetime) -> None:
    _end(connection, parcel, "sent", now=now, ref=ref)


def put_off(connection: Connection, parcel: int, *, until: datetime) -> None:
    """Give a claimed row back; it may go again at `until`."""
    connection.execute(update(outbox).where(outbox.c.id == parcel).values(lease_until=None, holder="", not_before=until))


def give_back(connection: Connection, parcels: list[int], *, holder: str | None = None) -> None:
    """Give back rows that were claimed and never tried, with a `holder` only those that are still his."""
    mine = outbox.c.id.in_(parcels) & WAITS
    if holder is not None:
        mine &= outbox.c.holder == holder
    connection.execute(update(outbox).where(mine).values(lease_until=None, holder="", attempts=outbox.c.attempts - 1))


def release(connection: Connection, *, but_of: Collection[str] = ()) -> int:
    """Whatever processes had claimed that live no more may go again; returns how much."""
    dead = WAITS & outbox.c.holder.not_in(["", *but_of])
    return connection.execute(update(outbox).where(dead).values(lease_until=None, holder="")).rowcount


def dead(connection: Connection, parcel: int, *, reason: str, now: datetime) -> None:
    """It will never arrive; the caller has told somebody."""
    _end(connection, parcel, "dead", now=now, reason=reason[:64])


def dropped(connection: Connection, parcel: int, *, reason: str, now: datetime) -> None:
    """No longer needed."""
    _end(connection, parcel, "dropped", now=now, reason=reason)


def freeze(connection: Connection, parcel: Parcel, tried: dict[str, Any]) -> None:
    """Keep what is about to be tried; the row's repeats are told apart from another message by it."""
    connection.execute(update(outbox).where(outbox.c.id == parcel.id).values(frozen=tried | {"round": parcel.round}))


def next_moment(
    connection: Connection, channels: list[str], parts: Mapping[str, Collection[int]] | None = None
) -> datetime | None:
    """When the next waiting row of some channels, or parts of them, may go."""
    moment = _next(_sorted({channel: (parts or {}).get(channel, range(PARTS)) for channel in channels}))
    found: datetime | None = moment.scalar(connection)
    return found


@lru_cache(maxsize=64)
def _next(shares: _Shares) -> Prepared:
    return Prepared(select(func.min(outbox.c.not_before)).where(TAKES_ITS_TURN, _belongs(dict(shares))))


def _sorted(shares: Mapping[str, Collection[int]]) -> _Shares:
    return tuple(sorted((channel, tuple(sorted(parts))) for channel, parts in shares.items()))


def n_waiting(connection: Connection) -> int:
    """How many rows wait for their turn, without those that are held back."""
    return int(_N_WAITING.scalar(connection))


_N_WAITING = Prepared(select(func.count()).select_from(outbox).where(TAKES_ITS_TURN))


def sent_since(connection: Connection, channel: str, since: datetime) -> list[tuple[str, datetime]]:
    """(chat, when) of each message that went out on a channel since then, in that order."""
    found = select(outbox.c.chat, outbox.c.done_at).where(
        outbox.c.channel == channel, outbox.c.state == "sent", outbox.c.done_at >= since
    )
    return [(row.chat, row.done_at) for row in connection.execute(found.order_by(outbox.c.done_at))]


_NEWEST = Prepared(
    select(outbox.c.kind, outbox.c.subject, outbox.c.body)
    .where(
        outbox.c.person_id == bindparam("person"),
        outbox.c.channel == bindparam("channel"),
        outbox.c.chat == bindparam("chat"),
        outbox.c.kind != "settle",
    )
    .order_by(outbox.c.id.desc())
    .limit(bindparam("limit"))
)


def newest(
    connection: Connection, person: int, channel: str, chat: str, *, limit: int
) -> list[tuple[str, str, dict[str, Any]]]:
    """(kind, subject, body) of what was said last in a chat, the newest first."""
    found = _NEWEST.all(connection, person=person, channel=channel, chat=chat, limit=limit)
    return [(row.kind, row.subject, dict(unpack(row.body))) for row in found]


def refs_of(connection: Connection, *, channel: str, chat: str, subject: str) -> list[str]:
    """Refs of the messages about a subject that stand in a chat."""
    found = select(outbox.c.ref).where(
        outbox.c.channel == channel, outbox.c.chat == chat, outbox.c.subject == subject, outbox.c.state == "sent"
    )
    return [ref for ref in connection.execute(found.order_by(outbox.c.id)).scalars() if ref]


def drop_waiting(connection: Connection, *, channel: str, chat: str, subject: str, now: datetime) -> None:
    """What waits to be said about a subject in a chat need not be said any more."""
    waiting = (outbox.c.channel == channel) & (outbox.c.chat == chat) & (outbox.c.subject == subject)
    free = (outbox.c.state == "waiting") & outbox.c.lease_until.is_(None)
    connection.execute(update(outbox).where(waiting & free).values(state="dropped", reason="over", done_at=now))


def _end(connection: Connection, parcel: int, state: str, *, now: datetime, ref: str = "", reason: str = "") -> None:
    _END.run(connection, parcel=parcel, state=state, ref=ref, reason=reason, done_at=now)


_END = Prepared(
    update(outbox)
    .where(outbox.c.id == bindparam("parcel"), WAITS)
    .values(**named("state", "ref", "reason", "done_at"), lease_until=None)
)


def parcels_of(connection: Connection, rows: Select[tuple[Any, ...]]) -> list[Parcel]:
    """The parcels in rows of the outbox."""
    return [parcel_of(row) for row in connection.execute(rows)]


def parcel_of(row: Any, *, n_more: int = 0, beside: Beside | None = None) -> Parcel:
    """A row as a parcel that is tried so often more than it says; its body may be JSON as it is stored."""
    return Parcel(
        row.id,
        row.person_id,
        row.channel,
        row.chat,
        row.kind,
        row.is_must,
        row.order_id,
        row.subject,
        from_json(row.body) if isinstance(row.body, str) else unpack(row.body),
        row.attempts + n_more,
        row.created_at,
        row.priority,
        row.frozen,
        beside,
    )
