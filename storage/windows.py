"""Windows: where a messenger counts what is said after each word of a person, what was said, and what is held back.

A row that is held waits in the outbox with the reason `window`. No claim takes it until the person writes again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, func, literal, select, update

from storage.engine import UtcTime
from storage.outbox import REPLY, WINDOW, Parcel, parcels_of
from storage.people import Account
from storage.prepared import Prepared
from storage.tables import WAITS, accounts, outbox


@dataclass(frozen=True)
class Window:
    """How much was said in a chat since the person's last word there; `heard_at` is None before the first."""

    heard_at: datetime | None = None
    n_said: int = 0


def of(connection: Connection, channel: str, chat: str) -> Window:
    """The window of a chat; a chat that belongs to nobody has none open."""
    found = select(accounts.c.heard_at, accounts.c.n_said).where(accounts.c.channel == channel, accounts.c.chat == chat)
    row = connection.execute(found.limit(1)).one_or_none()
    return Window(row.heard_at, row.n_said) if row else Window()


def heard(connection: Connection, account: Account, *, at: datetime, now: datetime, n_said: int = 0) -> None:
    """A word of the person's, said at `at`: what is said is counted anew, `n_said` being spent, and what was held may go.

    Held answers are dropped, because the new word gets its own.
    """
    moment = literal(at, UtcTime)
    latest = case((accounts.c.heard_at > moment, accounts.c.heard_at), else_=moment)
    connection.execute(update(accounts).where(accounts.c.id == account.id).values(heard_at=latest, n_said=n_said))
    here = (outbox.c.channel == account.channel, outbox.c.chat == account.chat)
    held = (*here, WAITS, outbox.c.reason == WINDOW)
    stale = update(outbox).where(*held, outbox.c.priority == REPLY)
    connection.execute(stale.values(state="dropped", reason="superseded", done_at=now))
    connection.execute(update(outbox).where(*held).values(reason=""))


def count(connection: Connection, channel: str, chat: str, n_said: int, *, window: Window) -> None:
    """So many more messages were said in a window; the next one, if the person has written meanwhile, is another."""
    here = update(accounts).where(accounts.c.channel == channel, accounts.c.chat == chat)
    here = here.where(accounts.c.heard_at == window.heard_at if window.heard_at else accounts.c.heard_at.is_(None))
    connection.execute(here.values(n_said=accounts.c.n_said + n_said))


def shut(connection: Connection, channel: str, chat: str, most: int) -> None:
    """Nothing more can be said until the person writes again: all of the `most` messages count as said."""
    here = update(accounts).where(accounts.c.channel == channel, accounts.c.chat == chat)
    connection.execute(here.values(n_said=case((accounts.c.n_said < most, most), else_=accounts.c.n_said)))


def hold(connection: Connection, parcels: Iterable[Parcel], *, is_refused: bool = False) -> None:
    """Keep waiting rows back. What the messenger refused is said anew later; what may have arrived keeps its key."""
    for parcel in parcels:
        values: dict[str, Any] = {"reason": WINDOW, "lease_until": None, "holder": ""}
        values |= {"frozen": {"round": parcel.round + 1}} if is_refused else {}
        connection.execute(update(outbox).where(outbox.c.id == parcel.id, WAITS).values(values))


def let_go(connection: Connection, parcels: Iterable[Parcel], *, is_refused: bool = False) -> None:
    """Rows that were about to be held may be said after all: the person has written meanwhile."""
    for parcel in parcels:
        values: dict[str, Any] = {"lease_until": None, "holder": ""}
        values |= {"frozen": {"round": parcel.round + 1}} if is_refused else {}
        connection.execute(update(outbox).where(outbox.c.id == parcel.id, WAITS).values(values))


def again(connection: Connection, parcel: Parcel, *, now: datetime) -> None:
    """A row that was sent and did not arrive waits again, to be said anew."""
    values = {"state": "waiting", "ref": "", "done_at": None, "not_before": now, "frozen": {"round": parcel.round + 1}}
    connection.execute(update(outbox).where(outbox.c.id == parcel.id, outbox.c.state == "sent").values(values))


def held_for(connection: Connection, person: int, order: int) -> list[Parcel]:
    """What is held back for a person about an order, oldest first."""
    mine = (outbox.c.person_id == person, outbox.c.order_id == order)
    held = (WAITS, outbox.c.reason == WINDOW, outbox.c.is_must)
    return parcels_of(connection, select(outbox).where(*mine, *held).order_by(outbox.c.id))


def sent_as(connection: Connection, channel: str, chat: str, ref: str) -> list[Parcel]:
    """What went out as the message `ref`, oldest first."""
    here = (outbox.c.channel == channel, outbox.c.chat == chat, outbox.c.ref == ref)
    sent = (outbox.c.state == "sent", outbox.c.kind != "settle")
    return parcels_of(connection, select(outbox).where(*here, *sent).order_by(outbox.c.id)) if ref else []


def n_held(connection: Connection) -> int:
    return int(_N_HELD.scalar(connection))


_N_HELD = Prepared(select(func.count()).select_from(outbox).where(WAITS, outbox.c.reason == WINDOW))
