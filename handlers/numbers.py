"""Buttons that a messenger could only show as numbered lines: a typed number presses one (CHANNELS 5)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import notes

_LIFE = timedelta(days=7)


def remember_numbers(connection: Connection, channel: str, chat: str, tokens: Sequence[str], *, now: datetime) -> None:
    """The newest numbered lines of a chat, from 1 on."""
    notes.put(connection, channel, f"numbered:{chat}", {"tokens": list(tokens)}, until=now + _LIFE)


def numbered(connection: Connection, channel: str, chat: str, number: str, *, now: datetime) -> str:
    """The token behind a number that somebody typed, empty when none is."""
    if not number.isdecimal() or len(number) > 3:
        return ""
    found = notes.get(connection, channel, f"numbered:{chat}", now=now)
    tokens = found["tokens"] if found else []
    return str(tokens[int(number) - 1]) if 0 < int(number) <= len(tokens) else ""
