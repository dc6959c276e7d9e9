"""Durable whole turns over HTTP, 32 in flight: the update is posted, committed and confirmed, and its answer has arrived."""

import asyncio
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import uvloop

from benchmarks.crowd import N_ANSWERS, talks
from benchmarks.desk import prepare
from benchmarks.figures import Figure, Size, quantile
from benchmarks.messenger import Messenger
from benchmarks.programs import running

IN_FLIGHT = 32
_TIMES = {Size.QUICK: (1, 600), Size.USUAL: (3, 3_000), Size.FULL: (5, 10_000)}


@dataclass(frozen=True)
class Served:
    """What one run came to; times in milliseconds."""

    rate: float
    p50: float
    p99: float
    memory: float


def measure(size: Size) -> Iterator[Figure]:
    """Against python-telegram-bot, Starlette and SQLAlchemy's ORM on aiosqlite."""
    times, n_messages = _TIMES[size]
    runs = [(run("benchmarks.fieldhand", n_messages), run("benchmarks.reference_tutorial", n_messages)) for _ in range(times)]
    ours, theirs = (max((pair[n] for pair in runs), key=lambda one: one.rate) for n in (0, 1))
    yield Figure("http", ours.rate, theirs.rate, "/s", 2.0, ours.memory, f"{IN_FLIGHT} in flight")
    yield Figure("http.p99", ours.p99, theirs.p99, "ms", 0.5, ours.memory, f"p50 {ours.p50:.1f} and {theirs.p50:.1f} ms")


def run(module: str, n_messages: int, *, url: str = "", n_programs: int = 1) -> Served:
    """Fresh programs on a fresh database, warm; `url` names one that is prepared, else it is SQLite."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(module, Path(folder), n_messages, url, n_programs))


async def _run(module: str, folder: Path, n_messages: int, url: str, n_programs: int) -> Served:
    messenger = await Messenger().start()
    if module == "benchmarks.fieldhand" and not url:
        prepare(f"sqlite:///{folder}/fieldhand.db")
    async with AsyncExitStack() as programs:
        started = [await programs.enter_async_context(running(module, messenger, folder, url=url)) for _ in range(n_programs)]
        people = [(5_000 + n, talks(n)) for n in range(IN_FLIGHT)]
        await messenger.serves(IN_FLIGHT * N_ANSWERS, people)
        start = time.perf_counter()
        times = await messenger.serves(n_messages, people)
        rate, memory = n_messages / (time.perf_counter() - start), max(one.memory for one in started)
        return Served(rate, quantile(times, 0.5) * 1000, quantile(times, 0.99) * 1000, memory)
