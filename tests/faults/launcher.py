"""Makes the program what a test needs: killed at a named point, or built after a worse design.

The nursery calls `prepare` in a new process before the program begins. What it is to be comes with its environment; nothing
of this is known to the program itself:

- `LAUNCH_DIES_AT`: a point, and how often it is passed before the process is killed there, as in `send.after:3`;
- `LAUNCH_POISON`: words that kill it when they are handled;
- `LAUNCH_PATIENCE`: for how many seconds it waits for an answer of the messenger;
- `LAUNCH_LEASE`: for how many seconds it takes messages out to be sent;
- `LAUNCH_MOST_PAGES`: a file that says, while it is there, how many pages the database may have;
- `LAUNCH_HAS_NO_ROOM`: its disk has no room for files;
- `LAUNCH_DESIGN`: one of the worse designs.
"""

import os
from dataclasses import replace
from datetime import timedelta
from functools import partialmethod
from pathlib import Path

from bot.channels.telegram import Telegram
from storage import files, outbox
from tests.faults.designs import DESIGNS
from tests.faults.points import arm, limit_pages, poison

_EVERY_SECOND = 2000  # the stub bears more than Telegram; the pace is tested elsewhere


def prepare() -> None:
    """Make this process what its environment tells."""
    Telegram.abilities = replace(Telegram.abilities, per_second=_EVERY_SECOND, per_chat_seconds=0.0)
    if seconds := os.environ.get("LAUNCH_PATIENCE"):
        Telegram.__init__ = partialmethod(Telegram.__init__, patience=float(seconds))  # type: ignore[method-assign, assignment]
    if seconds := os.environ.get("LAUNCH_LEASE"):
        outbox.LEASE = timedelta(seconds=float(seconds))
    if told := os.environ.get("LAUNCH_DIES_AT"):
        point, _, times = told.partition(":")
        arm(point, int(times))
    if file := os.environ.get("LAUNCH_MOST_PAGES"):
        limit_pages(Path(file))
    if os.environ.get("LAUNCH_HAS_NO_ROOM"):
        files.LEAST_FREE = 2**62
    if words := os.environ.get("LAUNCH_POISON"):
        poison(words)
    if design := os.environ.get("LAUNCH_DESIGN"):  # on top, so that its detours pass the points too
        DESIGNS[design]()
