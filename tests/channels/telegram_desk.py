"""The channel between a Bot API server and an inbox of the test's own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.channels.telegram import Telegram
from handlers.events import Event
from storage.errors import StoreUnavailable
from tests.stage import PATIENCE
from tests.stubs.telegram import TelegramStub
from tests.stubs.telegram_http import Server

JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4
OGG = b"OggS" + bytes(200)
FILES = {"a" * 64: JPEG, "b" * 64: JPEG + b"2", "c" * 64: OGG, "d" * 64: b"%PDF-1.7 paper"}
COMMANDS = {"zh-Hant": {"report": "報修"}, "zh-Hans": {"report": "报修"}, "en": {"report": "Report a fault"}}
SECRET = "hook_secret-1"


class Inbox:
    """Where the channel puts what it receives; once each, as the database does."""

    def __init__(self) -> None:
        self.stored: dict[str, tuple[str, str, dict[str, Any]]] = {}
        self.n_offered = 0
        self.n_refusals = 0  # how many of the next updates can't be stored
        self.fatal: list[str] = []
        self._changed = asyncio.Condition()

    async def accept(self, channel: str, chat: str, key: str, raw: dict[str, Any]) -> None:
        self.n_offered += 1
        if self.n_refusals:
            self.n_refusals -= 1
            await self._tell()
            raise StoreUnavailable("disk full")
        self.stored.setdefault(key, (channel, chat, raw))
        await self._tell()

    def fail(self, reason: str) -> None:
        self.fatal.append(reason)
        self.told = asyncio.create_task(self._tell())

    async def has(self, n: int, *, timeout: float = PATIENCE) -> list[dict[str, Any]]:
        """The raw updates, as soon as there are so many."""
        await self.until(lambda: len(self.stored) >= n, timeout=timeout)
        return [raw for _channel, _chat, raw in self.stored.values()]

    async def pause(self, seconds: float) -> None:
        """Wait for a change, at most so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait()

    async def until(self, is_so: Callable[[], bool], *, timeout: float = PATIENCE) -> None:
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(is_so)

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Desk:
    """A stub, a channel and an inbox."""

    def __init__(self, stub: TelegramStub) -> None:
        self.stub, self.inbox = stub, Inbox()
        self.channel = self.open()

    def open(self, token: str = "", *, origin: str = "", **told: Any) -> Telegram:
        """A channel, not started."""
        return Telegram(
            token or self.stub.token,
            api_base=origin or self.stub.origin,
            on_fatal=self.inbox.fail,
            load_file=FILES.__getitem__,
            commands=COMMANDS,
            **({"patience": 1.0, "poll_seconds": 5} | told),
        )

    async def start(self) -> None:
        await self.channel.start(self.inbox.accept)

    async def nth(self, n: int) -> Event:
        """The event in the n-th update, which must have one."""
        event = self.channel.read((await self.inbox.has(n))[n - 1])
        assert event is not None
        return event


@asynccontextmanager
async def desk() -> AsyncIterator[Desk]:
    """A desk that is not started; everything is closed at the end."""
    stub = await TelegramStub.start()
    desk = Desk(stub)
    try:
        yield desk
    finally:
        await desk.channel.stop()
        await stub.stop()


@asynccontextmanager
async def hooked(desk: Desk, **told: Any) -> AsyncIterator[str]:
    """The desk's channel behind a web server, called by Telegram; gives the address that is called."""
    web = Starlette()
    server = Server(web)
    desk.channel = desk.open(webhook_secret=SECRET, public_url=server.origin, **told)
    web.routes.extend(desk.channel.routes())
    serving = asyncio.create_task(server.run_until_stopped())
    await server.is_up.wait()
    try:
        yield f"{server.origin}/telegram"
    finally:
        server.should_exit = True
        await serving


async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    async with httpx.AsyncClient(trust_env=False, verify=False) as client:
        raw = {name: value.encode("latin-1") for name, value in headers.items()}
        return (await client.post(url, content=body, headers=raw)).status_code
