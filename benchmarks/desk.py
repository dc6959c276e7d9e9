"""A desk in this process: the real store, reception, delivery and Telegram channel; the messenger answers on the spot."""

import asyncio
import itertools
import json
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.crowd import talks, update
from bot.channels.base import Channel
from bot.channels.telegram import Telegram
from bot.channels.telegram_read import chat_of, key_of
from bot.channels.telegram_send import Sender
from bot.channels.telegram_wire import ApiBot
from bot.company import load_company
from bot.delivery import Delivery
from bot.leases import Leases
from bot.reception import Reception
from bot.settings import Settings
from rules.people import Role
from storage import people
from storage.engine import open_engine
from storage.files import Shelf
from storage.migrate import migrate
from storage.writer import Store

ROOT = Path(__file__).parent.parent
TOKEN = "8000000001:AAH-bench_bench_bench_bench_bench_bench"
CLERK, SUPERVISOR = 901, 902
_PATIENCE = 60.0


class SilentBot(ApiBot):
    """Answers every call at once, as Telegram would; whoever waits for a message hears of it."""

    def __init__(self, heard: dict[int, asyncio.Future[None]]) -> None:
        super().__init__(TOKEN, "http://127.0.0.1:9", patience=5.0)
        self._heard = heard
        self._numbers = itertools.count(1)

    async def call(self, method: str, **parameters: Any) -> Any:
        json.dumps(parameters)  # the bytes would be made in any case
        waiting = self._heard.pop(parameters["chat_id"], None) if method == "sendMessage" else None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)
        return {"message_id": next(self._numbers)}


class SilentTelegram(Telegram):
    """The Telegram channel without its network and without its limit of 28 messages a second, which is measured elsewhere."""

    abilities = replace(Telegram.abilities, per_second=1e9, per_chat_seconds=0.0)

    def __init__(self) -> None:
        super().__init__(TOKEN, api_base="http://127.0.0.1:9", on_fatal=print)
        self.heard: dict[int, asyncio.Future[None]] = {}
        self._sender = Sender(SilentBot(self.heard), lambda sha256: b"")


class Desk:
    """What a running desk is made of, as far as a turn needs it."""

    def __init__(self, url: str, folder: Path) -> None:
        settings = Settings(database_url=url, data_dir=folder, policy_file=ROOT / "policies" / "appliance.toml", _env_file=None)
        company = load_company(settings)
        self.store = Store(url)
        self.telegram = SilentTelegram()
        channels: dict[str, Channel] = {"telegram": self.telegram}
        self.leases = Leases(self.store)
        self.delivery = Delivery(self.store, channels, lambda: company, self.leases)
        self.reception = Reception(
            self.store,
            Shelf(folder / "files"),
            channels,
            lambda: company,
            holder=self.leases.holder,
            delivery=self.delivery,
            on_committed=self.delivery.wake,
        )

    async def says(self, chat: int, words: str) -> float:
        """Somebody writes and waits for the answer; returns the seconds that it took."""
        heard = self.telegram.heard[chat] = asyncio.get_running_loop().create_future()
        start = time.perf_counter()
        raw = update(chat, words)
        await self.reception.accept("telegram", chat_of(raw), key_of(raw), {"update": raw})
        await asyncio.wait_for(heard, _PATIENCE)
        return time.perf_counter() - start

    async def serves(self, n_messages: int, *, crowd: int) -> float:
        """So many people at once report faults, each waiting for every answer; returns the seconds until all is said."""
        turns = iter(range(n_messages))
        start = time.perf_counter()
        await asyncio.gather(*(self._person(5_000 + n, talks(n), turns) for n in range(crowd)))
        return time.perf_counter() - start

    async def _person(self, chat: int, talk: Iterator[str], turns: Iterator[int]) -> None:
        for _ in turns:
            await self.says(chat, next(talk))


@asynccontextmanager
async def desk(url: str, folder: Path) -> AsyncIterator[Desk]:
    """A desk on a fresh database, with a clerk and a supervisor."""
    prepare(url)
    one = Desk(url, folder)
    await one.leases.renew()
    tasks = [asyncio.create_task(one.delivery.run()), asyncio.create_task(one.leases.run(_nothing))]
    try:
        yield one
    finally:
        await one.reception.finish()
        await one.delivery.finish()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        one.store.close()


async def _nothing() -> None:
    """There is nobody from whom to inherit."""


def prepare(url: str) -> None:
    """The newest schema, and staff whom notices reach."""
    engine = open_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        now = datetime.now(UTC)
        for chat, name, role in ((CLERK, "陳小姐", Role.CLERK), (SUPERVISOR, "李主任", Role.SUPERVISOR)):
            person = people.add_person(connection, name=name, roles=[role], branch="main", now=now)
            people.add_account(connection, person.id, channel="telegram", address=str(chat), chat=str(chat), now=now)
    engine.dispose()


def processor_seconds() -> float:
    """What this process has used of the processors, all threads."""
    times = os.times()
    return times.user + times.system
