"""Points at which the process can be made to die: the seams between what is done and what is known to be done."""

import os
import signal
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

from bot import reception
from bot.channels.telegram import Telegram
from bot.channels.webchat import WebChat
from bot.reception import Reception
from handlers.events import Event
from handlers.turn import Company
from scheduler.clock import Clock
from storage.files import Shelf
from storage.unit import Unit
from storage.writer import Store

# Where each point lies: the class, its method, and whether it is passed before or after the method has done its work.
METHODS: dict[str, tuple[tuple[type, ...], str]] = {
    "accept": ((Reception,), "accept"),  # an update is stored, then the messenger hears so
    "write": ((Store,), "write"),  # a transaction is handed in, then its caller goes on
    "send": ((Telegram, WebChat), "send"),
    "edit": ((Telegram, WebChat), "edit"),
    "settle": ((Telegram, WebChat), "settle"),
    "acknowledge": ((Telegram, WebChat), "acknowledge"),
    "fetch": ((Telegram, WebChat), "fetch"),  # a file is brought
    "tick": ((Clock,), "tick"),
    "catch-up": ((Reception,), "catch_up"),
}
POINTS = (
    *(f"{name}.{side}" for name in METHODS for side in ("before", "after")),
    "tick.write",  # one of a tick's transactions is over, the next has not begun
    "commit",  # everything is written, nothing is committed
    "keep.before",  # a file is here, not on the shelf
    "keep.after",  # a file is on the shelf, no row names it
    "sync",  # a file is half on the disk
)


class _Fuse:
    """Kills the process at the n-th passage."""

    def __init__(self, times: int) -> None:
        self._left = times

    def passed(self, *_told: Any) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def arm(point: str, times: int) -> None:
    """Let this process die when `point` is passed for the `times`-th time."""
    fuse = _Fuse(times)
    name, _, side = point.partition(".")
    if point == "tick.write":
        _wrap_writes_of_ticks(fuse)
    elif name in METHODS:
        classes, method = METHODS[name]
        for one in classes:
            _wrap(one, method, fuse, is_before=side == "before")
    elif name == "keep":
        _wrap_plain(Shelf, "put", fuse, is_before=side == "before")
    elif name == "sync":
        _wrap_plain(os, "fsync", fuse, is_before=True)
    else:
        event.listen(Engine, "commit", fuse.passed)


def poison(words: str) -> None:
    """Let this process die whenever it handles a message with these words."""
    inner = reception.handle

    def handle(unit: Unit, company: Company, event: Event) -> None:
        inner(unit, company, event)
        if words in event.text:
            os.kill(os.getpid(), signal.SIGKILL)

    reception.handle = handle  # type: ignore[attr-defined]


def limit_pages(file: Path) -> None:
    """While this file is there, the database may not have more pages than it says."""

    def obey(connection: Connection) -> None:
        most = int(file.read_text(encoding="ascii")) if file.exists() else 2**30
        connection.exec_driver_sql(f"PRAGMA max_page_count = {most}")

    event.listen(Engine, "begin", obey)


def _wrap(owner: type, name: str, fuse: _Fuse, *, is_before: bool) -> None:
    inner: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def outer(*given: Any, **named: Any) -> Any:
        if is_before:
            fuse.passed()
        result = await inner(*given, **named)
        if not is_before:
            fuse.passed()
        return result

    setattr(owner, name, outer)


def _wrap_writes_of_ticks(fuse: _Fuse) -> None:
    is_ticking: ContextVar[bool] = ContextVar("is_ticking", default=False)
    tick, write = Clock.tick, Store.write

    async def ticks(self: Clock) -> None:
        token = is_ticking.set(True)
        try:
            await tick(self)
        finally:
            is_ticking.reset(token)

    async def writes(self: Store, work: Callable[[Connection], Any]) -> Any:
        result = await write(self, work)
        if is_ticking.get():
            fuse.passed()
        return result

    Clock.tick, Store.write = ticks, writes  # type: ignore[method-assign, assignment]


def _wrap_plain(owner: Any, name: str, fuse: _Fuse, *, is_before: bool) -> None:
    inner: Callable[..., Any] = getattr(owner, name)

    def outer(*given: Any, **named: Any) -> Any:
        if is_before:
            fuse.passed()
        result = inner(*given, **named)
        if not is_before:
            fuse.passed()
        return result

    setattr(owner, name, outer)
