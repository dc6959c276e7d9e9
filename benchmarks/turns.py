"""Messages a second through the whole turn: inbox, replay, rules, journal, outbox, rendering, sending; 50 people at once."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.desk import desk, processor_seconds
from benchmarks.figures import Figure, Size, resident
from benchmarks.reference_conversation import messages_per_second

CROWD = 50
_TIMES = {Size.QUICK: (1, 1_500), Size.USUAL: (3, 4_500), Size.FULL: (5, 9_000)}


def measure(size: Size) -> Iterator[Figure]:
    """SQLite with synchronous=FULL, against a conversation bot that keeps its state in a file."""
    times, n_messages = _TIMES[size]
    reference, ours, busy = 0.0, 0.0, 0.0
    for _ in range(times):  # by turns, so that both meet the same disk
        with tempfile.TemporaryDirectory() as folder:
            reference = max(reference, messages_per_second(Path(folder), n_messages, crowd=CROWD))
        with tempfile.TemporaryDirectory() as folder:
            rate, used = served(f"sqlite:///{folder}/fieldhand.db", Path(folder), n_messages)
            ours, busy = max((ours, busy), (rate, used))
    yield Figure("turns", ours, reference, "/s", 2.0, resident(), f"{busy * 1e6:.0f} µs of processor a message")


def served(url: str, folder: Path, n_messages: int) -> tuple[float, float]:
    """Messages a second, and seconds of processor a message."""

    async def serve() -> tuple[float, float]:
        async with desk(url, folder) as one:
            await one.serves(CROWD * 9, crowd=CROWD)  # everybody has reported once: the program is warm
            before = processor_seconds()
            seconds = await one.serves(n_messages, crowd=CROWD)
            return n_messages / seconds, (processor_seconds() - before) / n_messages

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve())
