"""Leases: what only one of several processes may do at a time, such as holding a messenger's single connection."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, or_, update

from storage import notes
from storage.engine import is_shared
from storage.tables import channel_notes

_KEY = "lease"


def claim(connection: Connection, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
    """Take or prolong a lease; False while another process has it. On SQLite what a killed program held is free at once."""
    value = {"holder": holder}
    is_free = or_(_is_ours(holder), channel_notes.c.until <= now) if is_shared(connection) else channel_notes.c.key == _KEY
    taken = update(channel_notes).where(*_is_lease(name), is_free).values(value=value, until=until)
    if connection.execute(taken).rowcount:
        return True
    return notes.put_new(connection, name, _KEY, value, until=until)


def release(connection: Connection, name: str, holder: str) -> None:
    """Give a lease back, so that another process need not wait for its end."""
    connection.execute(delete(channel_notes).where(*_is_lease(name), _is_ours(holder)))


def holder_of(connection: Connection, name: str, *, now: datetime) -> str:
    """Who has a lease, empty when nobody does."""
    found = notes.get(connection, name, _KEY, now=now)
    return str(found["holder"]) if found else ""


def _is_lease(name: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return channel_notes.c.channel == name, channel_notes.c.key == _KEY


def _is_ours(holder: str) -> ColumnElement[bool]:
    return channel_notes.c.value["holder"].as_string() == holder
