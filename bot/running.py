"""`fieldhand run`: the desk itself, without what only the other commands need."""

import asyncio
import ctypes
import sys
from contextlib import suppress
from typing import NoReturn

import uvloop
from sqlalchemy.exc import SQLAlchemyError

from bot.app import App
from bot.channels.every import BUILDERS, Builder
from bot.logs import set_up_logs
from bot.settings import SettingsError, read_settings
from bot.start import CannotStart
from storage.errors import DatabaseIsNewer, ShelfUnavailable, StoreUnavailable

KNOWN = (SettingsError, CannotStart, DatabaseIsNewer, ShelfUnavailable, StoreUnavailable, SQLAlchemyError)
"""What ends a program in one line."""

_ARENA_MAX = -8
"""glibc's M_ARENA_MAX."""


def main() -> None:
    """Entry point; every known problem ends in one line on standard error and status 1."""
    try:
        raise SystemExit(run())
    except KNOWN as error:
        die(in_one_line(error))


def run(builders: tuple[Builder, ...] = BUILDERS) -> int:
    """Run the desk until SIGTERM or Ctrl-C; returns the exit status. Raises what is `KNOWN`."""
    share_heaps()
    set_up_logs()
    settings = read_settings()

    async def serve() -> int:
        return await App(settings, builders).run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve())


def share_heaps() -> None:
    """Let all threads take memory from two heaps, where the C library is one that else keeps a heap for each.

    One thread computes at a time, so that heaps of their own would be room that is held and not used (docs/performance.md).
    """
    with suppress(AttributeError, OSError, TypeError):  # another C library
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def in_one_line(error: Exception) -> str:
    """What is wrong, beginning with the setting's name."""
    if isinstance(error, ShelfUnavailable):
        return f"FILES_URL: the store can't be reached ({error})"
    if isinstance(error, StoreUnavailable):
        return f"DATABASE_URL: the database can't be reached ({error})"
    if isinstance(error, SQLAlchemyError):
        return f"DATABASE_URL: {type(error).__name__}"
    return str(error)


def die(line: str) -> NoReturn:
    """End with one line on standard error and status 1."""
    print(f"fieldhand: {line}", file=sys.stderr)  # noqa: T201
    raise SystemExit(1)
