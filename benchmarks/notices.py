"""Notices to many people under Telegram's limits, with people who are answered in between, all at the real pace.

The stand-in takes 30 messages and changes a second over all chats, one second's worth at once, and answers 429 beyond that. Ten
thousand take nearly six minutes; BENCH_NOTICES says how many there are, and the line that is printed tells it.
"""

import asyncio
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import uvloop
from sqlalchemy import Connection

from benchmarks.crowd import talks
from benchmarks.desk import prepare
from benchmarks.figures import Figure, Size, quantile
from benchmarks.messenger import Messenger
from benchmarks.programs import running
from rules.people import Role
from storage import outbox, people
from storage.engine import open_engine

LIMIT = 30.0
MOST_WAIT = 1000.0
_NOTICES = {Size.QUICK: 300, Size.USUAL: 1_500, Size.FULL: 10_000}
_FIRST, _TALKERS, _THINKS = 1_000_000, 5, 1.0


class Limit:
    """Telegram's: so many a second, and one second's worth at once."""

    def __init__(self, per_second: float) -> None:
        self._per_second, self._left, self._at = per_second, per_second, time.perf_counter()

    def refuses(self, _chat: int) -> float:
        """Seconds until the next message is taken, 0 when this one is."""
        now = time.perf_counter()
        self._left = min(self._per_second, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1.0:
            return (1.0 - self._left) / self._per_second
        self._left -= 1.0
        return 0.0


def measure(size: Size) -> Iterator[Figure]:
    """How much of the limit is used, how often it is overstepped, and how long those wait who are answered meanwhile."""
    n_notices = int(os.environ.get("BENCH_NOTICES", _NOTICES[size]))
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        yield from runner.run(_run(Path(folder), n_notices))


async def _run(folder: Path, n_notices: int) -> list[Figure]:
    prepare(url := f"sqlite:///{folder}/fieldhand.db")
    _announce(url, n_notices)
    messenger = await Messenger().start()
    messenger.refuses = Limit(LIMIT).refuses
    async with running("benchmarks.fieldhand", messenger, folder, speed=1.0) as program:
        start, before = time.perf_counter(), messenger.n_said
        times = await _answered_until(messenger, lambda: messenger.calls["sendMessage"] >= n_notices)
        seconds, n_said, n_refused = time.perf_counter() - start, messenger.n_said - before, messenger.calls["429"]
        memory = program.memory
    note = f"{n_notices:,} notices in {seconds:.0f} s, {n_refused} refused with 429"
    waits = f"{len(times)} answers in between, p50 {quantile(times, 0.5) * 1000:.0f} ms"
    return [
        Figure("notices", n_said / seconds, LIMIT, "/s", 0.95, memory, note),
        Figure("notices.refused", float(n_refused), 1.0, "", 0.0, note="answers of 429"),
        Figure("notices.reply.p99", quantile(times, 0.99) * 1000, MOST_WAIT, "ms", 1.0, memory, waits),
    ]


async def _answered_until(messenger: Messenger, is_over: Callable[[], bool]) -> list[float]:
    """A few people report faults while the notices go out; returns how many seconds each answer took."""
    times: list[float] = []

    async def talk(person: int) -> None:
        for words in talks(person):
            if is_over():
                return
            times.append(await messenger.says(7_000 + person, words))
            await asyncio.sleep(_THINKS)

    await asyncio.gather(*(talk(n) for n in range(_TALKERS)))
    return times


def _announce(url: str, n_notices: int) -> None:
    """As many people as notices, one waiting for each."""
    engine = open_engine(url)
    now = datetime.now(UTC)
    with engine.begin() as connection:
        for chat in range(_FIRST, _FIRST + n_notices):
            _tell(connection, f"{chat}", now)
    engine.dispose()


def _tell(connection: Connection, chat: str, now: datetime) -> None:
    person = people.add_person(connection, name="張先生", roles=[Role.CUSTOMER], language="zh-Hant", now=now)
    people.add_account(connection, person.id, channel="telegram", address=chat, chat=chat, now=now)
    body = {"text": "trouble.away", "facts": {"start": now, "end": now}}
    to = {"channel": "telegram", "chat": chat, "person": person.id}
    outbox.post(connection, **to, kind="say", body=body, now=now, priority=outbox.COURTESY)
