"""Calls between the processes of one database: somebody should look at once (PostgreSQL's LISTEN and NOTIFY).

A call may be lost, and through a pooler that hands out a connection for each transaction none arrives: whoever hears calls
looks by himself every now and then besides. They are made outside of the transactions that they tell of, because PostgreSQL
lets only one transaction that makes calls commit at a time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Connection, func, select

from storage.engine import database_url, is_shared, without_own

if TYPE_CHECKING:
    import psycopg

log = structlog.get_logger()

_TOPIC = "fieldhand"
_PAUSE = 2.0  # seconds before connecting again
_MOST_WORDS = 7000  # bytes that PostgreSQL carries, less a little

Hear = Callable[[str], None]


class Calls:
    """Says and hears calls; without a database that is shared, or as long as nobody else lives, there is nobody to call."""

    def __init__(self, setting: str = "", *, has_others: Callable[[], bool] = lambda: True) -> None:
        self._has_others = has_others
        self._address = ""
        if setting and is_shared(setting):
            address = without_own(database_url(setting)).set(drivername="postgresql")
            self._address = address.render_as_string(hide_password=False)
        self._ears: dict[str, Hear] = {}
        self._words: dict[tuple[str, str], None] = {}
        self._is_new = asyncio.Event()
        self._own = 0  # our speaking connection, which we need not hear

    def on(self, subject: str, hear: Hear) -> None:
        """`hear` gets the words of each call about a subject that another process makes."""
        self._ears[subject] = hear

    def say(self, subject: str, words: str = "") -> None:
        """Call all other processes, soon; the same call several times at once is made once."""
        if self._address and self._has_others() and len(words.encode()) < _MOST_WORDS:
            self._words[subject, words] = None
            self._is_new.set()

    async def run(self) -> None:
        """Until cancelled."""
        if self._address:
            await asyncio.gather(self._steadily(self._listen), self._steadily(self._speak))

    async def _steadily(self, work: "Callable[[psycopg.AsyncConnection], Awaitable[None]]") -> None:
        psycopg: Any = import_module("psycopg")  # which a desk on SQLite never needs
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(self._address, autocommit=True, prepare_threshold=None) as own:
                    await work(own)
            except (psycopg.Error, OSError) as error:
                log.warning("calls.cut", error=type(error).__name__)
                await asyncio.sleep(_PAUSE)

    async def _listen(self, connection: "psycopg.AsyncConnection") -> None:
        await connection.execute(f"LISTEN {_TOPIC}")
        for hear in self._ears.values():
            hear("")  # whatever was called while nobody listened
        async for call in connection.notifies():
            subject, _, words = call.payload.partition(" ")
            if call.pid != self._own and subject in self._ears:
                self._ears[subject](words)

    async def _speak(self, connection: "psycopg.AsyncConnection") -> None:
        self._own = connection.info.backend_pid
        while True:
            await self._is_new.wait()
            self._is_new.clear()
            calls, self._words = [f"{subject} {words}" for subject, words in self._words], {}
            await connection.execute("SELECT pg_notify(%s, call) FROM unnest(%s::text[]) AS call", [_TOPIC, calls])


def call(connection: Connection, subject: str) -> None:
    """Call all processes when this transaction is committed; for what happens rarely."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(func.pg_notify(_TOPIC, f"{subject} ")))
