"""One call of the Bot API: the processor's time over our own wire (aiohttp), against the library's own (httpx)."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import uvloop
from telegram.request import HTTPXRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from benchmarks.desk import ROOT, TOKEN
from benchmarks.figures import Figure, Size, resident
from bot.channels.telegram_wire import Wire

_CALLS = {Size.QUICK: 300, Size.USUAL: 2_000, Size.FULL: 10_000}
_TIMES, _AT_ONCE = 3, 8

Call = Callable[[], Awaitable[object]]


def measure(size: Size) -> Iterator[Figure]:
    """`sendMessage` with a keyboard, eight at a time over connections that are kept; the stand-in is a process of its own."""
    keyboard = {
        "inline_keyboard": [[{"text": "確認", "callback_data": "q.1.1.0"}], [{"text": "取消", "callback_data": "q.1.1.x"}]]
    }
    told = {"chat_id": 5_000, "text": "這樣對嗎？", "reply_markup": keyboard}
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.messenger"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        url = f"{server.stdout.readline().strip()}/bot{TOKEN}/sendMessage"
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                ours = runner.run(_ours(url, told, _CALLS[size]))
                theirs = runner.run(_theirs(url, told, _CALLS[size]))
        finally:
            server.terminate()
    yield Figure("calls", ours * 1e6, theirs * 1e6, "µs", 0.25, resident(), "of processor a call")


async def _ours(url: str, told: dict[str, Any], n_calls: int) -> float:
    wire = Wire(_AT_ONCE, patience=5.0)
    try:
        return await _least(lambda: wire.call(url, told), n_calls)
    finally:
        await wire.shutdown()


async def _theirs(url: str, told: dict[str, Any], n_calls: int) -> float:
    """The wire alone: what the library makes of an answer is not counted against it."""
    async with HTTPXRequest(connection_pool_size=_AT_ONCE) as wire:
        parameters = [RequestParameter.from_input(name, value) for name, value in told.items()]
        return await _least(lambda: wire.post(url, RequestData(parameters)), n_calls)


async def _least(call: Call, n_calls: int) -> float:
    """Seconds of processor a call, the least of a few times."""
    found = []
    for _ in range(_TIMES):
        calls = iter(range(n_calls))

        async def one_after_another(calls: Iterator[int] = calls) -> None:
            for _ in calls:
                await call()

        start = time.process_time()
        await asyncio.gather(*(one_after_another() for _ in range(_AT_ONCE)))
        found.append((time.process_time() - start) / n_calls)
    return min(found)
