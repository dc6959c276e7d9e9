"""`fieldhand run`: the desk itself, without what only the other commands need."""

import asyncio
import sys
from typing import NoReturn

import typer
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


SWITCH_EVERY = 0.0005
"""Seconds for which one thread may keep the interpreter to itself. An answer changes threads six times on its way, and may have
to wait each time for whoever computes just then; with Python's own five milliseconds the slowest answers do little else.
"""


def main() -> None:
    """Entry point; every known problem ends in one line on standard error and status 1."""
    try:
        raise SystemExit(run())
    except KNOWN as error:
        die(in_one_line(error))


def run(builders: tuple[Builder, ...] = BUILDERS) -> int:
    """Run the desk until SIGTERM or Ctrl-C; returns the exit status. Raises what is `KNOWN`."""
    set_up_logs()
    sys.setswitchinterval(SWITCH_EVERY)
    settings = read_settings()

    async def serve() -> int:
        return await App(settings, builders).run()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve())


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
    typer.echo(f"fieldhand: {line}", err=True)
    raise SystemExit(1)
