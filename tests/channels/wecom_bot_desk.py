"""The smart bot's channel between a WeCom of the test's own and an inbox of the test's own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.channels.wecom_bot import WeComBot
from bot.channels.wecom_bot_line import Key, Timing
from handlers.bubbles import Bubble, Button
from handlers.events import Event
from storage.writer import Store
from tests.channels.telegram_desk import FILES, Inbox
from tests.stubs.wecom_bot import BOT_ID, SECRET, Member, WecomBotStub

HURRY = Timing(answer=5.0, ping=30.0, first_pause=0.02, most_pause=0.1, displaced=0.2, most_displaced=0.4, lease=3.0, look=0.05)
YES_NO = Bubble("修好了嗎？", rows=((Button("是", "q.1.1.0", tone="primary"), Button("否", "q.1.1.1")),))


class Desk:
    """A stub, a channel, its store and an inbox."""

    def __init__(self, stub: WecomBotStub, url: str, **timing: float) -> None:
        self.stub, self.inbox, self.url = stub, Inbox(), url
        self.store = Store(url)
        self.channel = self.open(**timing)

    def open(self, *, secret: str = SECRET, url: str = "", store: Store | None = None, **timing: float) -> WeComBot:
        """A channel, not started."""
        key = Key(url or self.stub.url, BOT_ID, secret)
        hurry = replace(HURRY, **timing)
        return WeComBot(key, store or self.store, load_file=FILES.__getitem__, on_fatal=self.inbox.fail, timing=hurry)

    async def start(self) -> None:
        await self.channel.start(self.inbox.accept)

    async def nth(self, n: int) -> Event:
        """The event in the n-th update, which must have one."""
        event = self.channel.read((await self.inbox.has(n))[n - 1])
        assert event is not None
        return event

    async def known(self, name: str = "王師傅") -> Member:
        """Somebody who has written already."""
        member = self.stub.member(name)
        n = len(self.inbox.stored)
        await member.says("您好")
        await self.inbox.has(n + 1)
        return member

    async def acknowledges(self, n: int) -> None:
        """The n-th update was handled."""
        await self.channel.acknowledge(await self.nth(n))


@asynccontextmanager
async def desk(url: str, **timing: float) -> AsyncIterator[Desk]:
    """A desk that is not started; everything is closed at the end."""
    stub = await WecomBotStub.start()
    at = Desk(stub, url, **timing)
    try:
        yield at
    finally:
        await at.channel.stop()
        await stub.stop()
        at.store.close()


def menu(n: int, **more: Any) -> Bubble:
    """A bubble with so many buttons."""
    return Bubble("要做什麼？", rows=tuple((Button(f"選項 {k}", f"o.1.{k}"),) for k in range(1, n + 1)), more="更多", **more)
