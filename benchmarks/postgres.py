"""The same turns on PostgreSQL 18 over its socket, every commit waiting for the disk: one process, and two on one database."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.desk import prepare
from benchmarks.figures import Figure, Size, resident
from benchmarks.http import run
from benchmarks.reference_conversation import messages_per_second
from benchmarks.turns import CROWD, served
from tests.databases import Postgres, running_postgres

_TIMES = {Size.QUICK: (1, 900), Size.USUAL: (3, 2_700), Size.FULL: (5, 9_000)}


def measure(size: Size) -> Iterator[Figure]:
    """One process in memory against the conversation bot, then one and two programs over HTTP against each other."""
    times, n_messages = _TIMES[size]
    with running_postgres(is_durable=True) as postgres:
        ours, theirs = 0.0, 0.0
        for _ in range(times):
            with tempfile.TemporaryDirectory() as folder:
                theirs = max(theirs, messages_per_second(Path(folder), n_messages, crowd=CROWD))
                ours = max(ours, served(postgres.url(postgres.make()), Path(folder), n_messages)[0])
        yield Figure("postgres", ours, theirs, "/s", 1.0, resident())
        one, two = (_best(postgres, n_messages, times, n_programs=n) for n in (1, 2))
        yield Figure("postgres.two", two, one, "/s", 1.6, note="two programs against one, over HTTP")


def _best(postgres: Postgres, n_messages: int, times: int, *, n_programs: int) -> float:
    rates = []
    for _ in range(times):
        url = postgres.url(postgres.make())
        prepare(url)
        rates.append(run("benchmarks.fieldhand", n_messages, url=url, n_programs=n_programs).rate)
    return max(rates)
