"""The web chat's memory: who came with which cookie, and what stands in each chat.

Every change of a chat takes the chat's next `rev`, so that a page that was away asks for everything above what it has.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Text, cast, select, update

from storage.engine import next_number
from storage.tables import web_messages, web_sessions

BOT, ME = "bot", "me"


@dataclass(frozen=True)
class WebSession:
    """A browser that came with a cookie we gave."""

    id: int
    address: str
    seat: str


@dataclass(frozen=True)
class WebMessage:
    """One bubble of a chat as it stands now."""

    id: int
    rev: int
    side: str
    body: dict[str, Any]
    at: datetime
    edited_at: datetime | None = None
    client_key: str = ""
    is_removed: bool = False


@dataclass(frozen=True)
class ShownFile:
    """A file that a chat shows; `handle` when the person uploaded it here."""

    sha256: str
    handle: str = ""
    name: str = ""


def add_session(connection: Connection, *, token_hash: str, address: str, seat: str = "", now: datetime) -> None:
    values = {"token_hash": token_hash, "address": address, "seat": seat, "created_at": now, "seen_at": now}
    connection.execute(web_sessions.insert().values(**values))


def session_by_token(connection: Connection, token_hash: str) -> WebSession | None:
    row = connection.execute(select(web_sessions).where(web_sessions.c.token_hash == token_hash)).one_or_none()
    return WebSession(row.id, row.address, row.seat) if row else None


def see_session(connection: Connection, session: int, *, now: datetime) -> None:
    """Remember that this browser still comes."""
    connection.execute(update(web_sessions).where(web_sessions.c.id == session).values(seen_at=now))


def is_known(connection: Connection, address: str) -> bool:
    """Whether any browser can read this chat."""
    found = connection.execute(select(web_sessions.c.id).where(web_sessions.c.address == address).limit(1))
    return found.first() is not None


def post(
    connection: Connection, address: str, side: str, body: dict[str, Any], *, now: datetime, client_key: str | None = None
) -> WebMessage:
    """Add a bubble; the same `client_key` again gives back the first one and changes nothing."""
    if client_key is not None:
        mine = (web_messages.c.address == address) & (web_messages.c.client_key == client_key)
        row = connection.execute(select(web_messages).where(mine)).one_or_none()
        if row:
            return _message(row)
    values = {"address": address, "side": side, "body": body, "client_key": client_key, "at": now}
    rev = _next_rev(connection, address)
    return _message(connection.execute(web_messages.insert().values(**values, rev=rev).returning(web_messages)).one())


def message(connection: Connection, address: str, ref: int) -> WebMessage | None:
    """A bubble of this chat and of no other."""
    row = connection.execute(select(web_messages).where(_one(address, ref))).one_or_none()
    return _message(row) if row else None


def revise(connection: Connection, address: str, ref: int, body: dict[str, Any], *, now: datetime) -> bool:
    """Replace what a bubble says; False when this chat has no such bubble. The same words again are no change."""
    found = message(connection, address, ref)
    if found is None or found.is_removed:
        return False
    if found.body != body:
        rev = _next_rev(connection, address)
        connection.execute(update(web_messages).where(_one(address, ref)).values(body=body, rev=rev, edited_at=now))
    return True


def messages_since(connection: Connection, address: str, rev: int, *, limit: int = 200) -> list[WebMessage]:
    """What was added or changed after `rev`, in that order."""
    wanted = (web_messages.c.address == address) & (web_messages.c.rev > rev)
    rows = connection.execute(select(web_messages).where(wanted).order_by(web_messages.c.rev).limit(limit))
    return [_message(row) for row in rows]


def last_messages(connection: Connection, address: str, *, before: int = 0, limit: int = 60) -> list[WebMessage]:
    """The newest bubbles, or those above the bubble `before`, oldest first."""
    wanted = web_messages.c.address == address
    if before:
        wanted &= web_messages.c.id < before
    rows = connection.execute(select(web_messages).where(wanted).order_by(web_messages.c.id.desc()).limit(limit))
    return [_message(row) for row in rows][::-1]


def last_rev(connection: Connection, address: str) -> int:
    """The newest change of a chat, 0 for an empty one."""
    mine = select(web_messages.c.rev).where(web_messages.c.address == address)
    return connection.execute(mine.order_by(web_messages.c.rev.desc()).limit(1)).scalar_one_or_none() or 0


def has_spoken(connection: Connection, address: str) -> bool:
    """Whether the person ever sent anything here, the first hello included."""
    mine = (web_messages.c.address == address) & (web_messages.c.side == ME)
    return connection.execute(select(web_messages.c.id).where(mine).limit(1)).first() is not None


def shown_file(connection: Connection, address: str, sha256: str) -> ShownFile | None:
    """The file, when a bubble of this chat shows it. A hash that somebody typed as words shows nothing."""
    mine = (web_messages.c.address == address) & web_messages.c.is_removed.is_(False)
    mentions = cast(web_messages.c.body, Text).contains(sha256, autoescape=True)
    for body in connection.execute(select(web_messages.c.body).where(mine & mentions)).scalars():
        for kind in ("photos", "voices", "files"):
            if sha256 in body.get(kind, ()):
                handle = body.get("uploads", {}).get(sha256, "")
                return ShownFile(sha256, handle, body.get("names", {}).get(sha256, ""))
    return None


def _next_rev(connection: Connection, address: str) -> int:
    return next_number(connection, f"web:{address}")


def _one(address: str, ref: int) -> Any:
    return (web_messages.c.address == address) & (web_messages.c.id == ref)


def _message(row: Any) -> WebMessage:
    return WebMessage(
        row.id, row.rev, row.side, dict(row.body), row.at, row.edited_at, row.client_key or "", bool(row.is_removed)
    )
