"""What a channel has to remember: access tokens, cursors, response codes, media ids. Nothing that people said."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, or_, select

from storage.engine import insert
from storage.tables import channel_notes

Value = dict[str, Any]


def put(connection: Connection, channel: str, key: str, value: Value, *, until: datetime | None = None) -> None:
    """Remember a value under a key, for ever or `until`; an older one is replaced."""
    values = {"value": value, "until": until}
    statement = insert(connection, channel_notes).values(channel=channel, key=key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["channel", "key"], set_=values))


def put_new(connection: Connection, channel: str, key: str, value: Value, *, until: datetime | None = None) -> bool:
    """Remember a value unless there is one under the key already; whether it was new."""
    statement = insert(connection, channel_notes).values(channel=channel, key=key, value=value, until=until)
    done = connection.execute(statement.on_conflict_do_nothing().returning(channel_notes.c.key))
    return done.one_or_none() is not None


def get(connection: Connection, channel: str, key: str, *, now: datetime) -> Value | None:
    """What is remembered and still good, None otherwise."""
    return connection.execute(select(channel_notes.c.value).where(*_is(channel, key), _is_good(now))).scalar_one_or_none()


def take(connection: Connection, channel: str, key: str, *, now: datetime) -> Value | None:
    """The same, and forget it: whatever may be used but once."""
    found = delete(channel_notes).where(*_is(channel, key)).returning(channel_notes.c.value, channel_notes.c.until)
    row = connection.execute(found).one_or_none()
    return row.value if row and (row.until is None or row.until > now) else None


def drop(connection: Connection, channel: str, key: str) -> None:
    """Forget."""
    connection.execute(delete(channel_notes).where(*_is(channel, key)))


def forget_old(connection: Connection, now: datetime) -> int:
    """Remove what is not good any more; returns how many."""
    return connection.execute(delete(channel_notes).where(channel_notes.c.until <= now)).rowcount


def _is(channel: str, key: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return channel_notes.c.channel == channel, channel_notes.c.key == key


def _is_good(now: datetime) -> ColumnElement[bool]:
    return or_(channel_notes.c.until.is_(None), channel_notes.c.until > now)
