"""From the start to the first answered message, and how much memory the program holds, idle and after many messages."""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks.crowd import talks
from benchmarks.desk import ROOT, prepare
from benchmarks.figures import Figure, Size
from benchmarks.messenger import Messenger
from benchmarks.programs import running

MOST_MB = 150.0
_TIMES = {Size.QUICK: 3, Size.USUAL: 5, Size.FULL: 9}
_MESSAGES = {Size.QUICK: 4_000, Size.USUAL: 100_000, Size.FULL: 100_000}
_PEOPLE = 32

_LOADED = """
import sys
from pathlib import Path
before = set(sys.modules)
import sqlalchemy.dialects.sqlite.pysqlite, uvicorn.protocols.http.httptools_impl
import bot.running, bot.channels.telegram
for name, module in list(sys.modules.items()):
    if name not in before and "site-packages" in (getattr(module, "__file__", None) or ""):
        print(name)
"""


def measure(size: Size) -> Iterator[Figure]:
    """Against importing the very libraries that the program has loaded, and nothing else."""
    libraries = _python(_LOADED).split()
    importing = min(_seconds_to_import(libraries) for _ in range(_TIMES[size]))
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        prepare(f"sqlite:///{folder}/fieldhand.db")
        starts = [runner.run(_start(Path(folder))) for _ in range(_TIMES[size])]
        first, idle = min(starts)
        yield Figure("start", first * 1000, importing * 1000, "ms", 2.0, idle, f"{len(libraries)} modules of libraries")
        half, whole = runner.run(_work(Path(folder), _MESSAGES[size]))
    yield Figure("start.idle", idle, MOST_MB, "MB", 1.0, idle)
    yield Figure("start.worked", whole, MOST_MB, "MB", 1.0, whole, f"after {_MESSAGES[size]:,} messages")
    yield Figure("start.level", whole, half, "MB", 1.05, whole, "the second half of the messages against the first")


async def _start(folder: Path) -> tuple[float, float]:
    """Seconds until the first answer, and resident memory a moment later."""
    messenger = await Messenger().start()
    begun = time.perf_counter()
    async with running("benchmarks.fieldhand", messenger, folder) as program:
        await messenger.says(4_000, "你好")
        first = time.perf_counter() - begun
        await asyncio.sleep(1.0)
        return first, program.memory


async def _work(folder: Path, n_messages: int) -> tuple[float, float]:
    """Resident memory after half of the messages, and after all."""
    messenger = await Messenger().start()
    async with running("benchmarks.fieldhand", messenger, folder) as program:
        people = [(5_000 + n, talks(n)) for n in range(_PEOPLE)]
        await messenger.serves(n_messages // 2, people)
        half = program.memory
        await messenger.serves(n_messages // 2, people)
        return half, program.memory


def _seconds_to_import(modules: list[str]) -> float:
    begun = time.perf_counter()
    _python("import importlib\nfor name in " + repr(modules) + ":\n    importlib.import_module(name)")
    return time.perf_counter() - begun


def _python(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True).stdout
