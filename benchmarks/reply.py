"""From a message to its answer at a fifth of the load that the desk can bear, real HTTP both ways."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.crowd import N_ANSWERS, talks
from benchmarks.desk import prepare
from benchmarks.figures import Figure, Size, quantile
from benchmarks.http import run
from benchmarks.messenger import Messenger
from benchmarks.programs import running

LOAD = 0.2
_PEOPLE = 32
_SECONDS = {Size.QUICK: 4.0, Size.USUAL: 15.0, Size.FULL: 60.0}


def measure(size: Size) -> Iterator[Figure]:
    """Against an echo bot that stores nothing, at the same messages a second."""
    rate = LOAD * run("benchmarks.fieldhand", 600 if size is Size.QUICK else 2_000).rate
    seconds = _SECONDS[size]
    theirs, _ = _paced("benchmarks.reference_echo", rate, seconds)
    ours, memory = _paced("benchmarks.fieldhand", rate, seconds)
    for name, part, target in (("reply.p50", 0.5, 2.0), ("reply.p99", 0.99, 2.0)):
        value, reference = quantile(ours, part) * 1000, quantile(theirs, part) * 1000
        yield Figure(name, value, reference, "ms", target, memory, f"at {rate:.0f} messages/s")


def _paced(module: str, rate: float, seconds: float) -> tuple[list[float], float]:
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_run(module, Path(folder), rate, seconds))


async def _run(module: str, folder: Path, rate: float, seconds: float) -> tuple[list[float], float]:
    """Times of answers, and resident memory."""
    messenger = await Messenger().start()
    if module == "benchmarks.fieldhand":
        prepare(f"sqlite:///{folder}/fieldhand.db")
    async with running(module, messenger, folder) as program:
        people = [(5_000 + n, talks(n)) for n in range(_PEOPLE)]
        await messenger.serves(_PEOPLE * N_ANSWERS, people)
        return await _at_pace(messenger, people, rate, seconds), program.memory


async def _at_pace(messenger: Messenger, people: list[tuple[int, Iterator[str]]], rate: float, seconds: float) -> list[float]:
    """Somebody who is not waiting writes whenever the next message is due, whatever became of those before it."""
    loop = asyncio.get_running_loop()
    free: asyncio.Queue[tuple[int, Iterator[str]]] = asyncio.Queue()
    for person in people:
        free.put_nowait(person)
    times: list[float] = []

    async def write(due: float) -> None:
        chat, talk = await free.get()
        late = loop.time() - due  # whoever had to wait for somebody to be free counts the wait
        times.append(await messenger.says(chat, next(talk)) + late)
        free.put_nowait((chat, talk))

    start, tasks = loop.time(), []
    for n in range(int(rate * seconds)):
        due = start + n / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
        tasks.append(asyncio.create_task(write(max(due, loop.time() - 0.001))))
    await asyncio.gather(*tasks)
    return times
