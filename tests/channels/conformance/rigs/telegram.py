"""Telegram, called by webhook."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from tests.channels.conformance.rigs.base import MINUTE, Able, Lacking, Rig, Shown, Trouble
from tests.channels.telegram_desk import SECRET, Desk, desk, hooked, post
from tests.stubs.telegram import Fault

_SEND, _REST_SECONDS = "sendMessage", 30


class TelegramRig(Lacking):
    """Its token never runs out; a revoked one is a matter of the settings."""

    lacks: ClassVar = frozenset({Able.TOKEN})
    faults: ClassVar[Mapping[Trouble, Fault]] = {
        Trouble.BUSY: Fault.TOO_MANY, Trouble.RESTS: Fault.TOO_MANY, Trouble.BROKEN: Fault.ERROR, Trouble.CUT: Fault.CUT,
        Trouble.HANGS: Fault.HANG, Trouble.LOST: Fault.CLOSE, Trouble.GARBLED: Fault.GARBAGE,
    }  # fmt: skip

    def __init__(self, desk: Desk, url: str) -> None:
        self.desk, self.url, self.channel, self.inbox = desk, url, desk.channel, desk.inbox
        self.user = desk.stub.user("張先生")
        self.address = str(self.user.id)

    @classmethod
    @asynccontextmanager
    async def opened(cls, _template: Path, _folder: Path, *, patience: float) -> AsyncIterator[Rig]:
        async with desk() as at, hooked(at, patience=patience) as url:
            yield cls(at, url)

    async def begin(self) -> None:
        await self.desk.start()
        await self.user.says("您好")
        await self.inbox.has(1)

    async def says(self, words: str) -> None:
        await self.user.says(words)

    async def says_in_turn_but(self, first: str, second: str) -> None:
        self.desk.stub.holds()
        await self.user.says(first)
        clock = self.desk.stub.clock
        self.desk.stub.clock = lambda: clock() + MINUTE
        await self.user.says(second)
        self.desk.stub.reorders()
        await self.desk.stub.releases()

    async def presses(self, label: str) -> None:
        await self.user.presses(label)

    async def sends_photo(self, content: bytes) -> None:
        await self.user.sends_photo(content)

    async def sends_voice(self, content: bytes) -> None:
        await self.user.sends_voice(content)

    async def shares_place(self, latitude: float, longitude: float) -> None:
        await self.user.shares_location(latitude, longitude)

    async def sends_something_odd(self) -> None:
        await self.user.sends_sticker()

    async def repeats(self) -> None:
        await self.desk.stub.confirmed()
        await self.desk.stub.repeats(1)

    async def shown(self) -> list[Shown]:
        return [Shown(one.text, tuple(one.buttons)) for one in self.user.messages if one.is_bots and one.kind == "text"]

    async def pictures(self) -> list[bytes]:
        return [one.data for one in self.user.messages if one.is_bots and one.data]

    async def forges(self) -> list[int]:
        good = b'{"update_id": 900, "message": {}}'
        return [
            await post(self.url, good, {"x-telegram-bot-api-secret-token": "guessed"}),
            await post(self.url, b"not json", {"x-telegram-bot-api-secret-token": SECRET}),
            await post(self.url, b"[" * 5000, {"x-telegram-bot-api-secret-token": SECRET}),
        ]

    async def leaves(self) -> None:
        await self.user.blocks()

    async def shuts_out(self) -> None:
        await self.user.blocks()

    async def somebody_else(self) -> str:
        user, n = self.desk.stub.user("李太太"), len(self.inbox.stored)
        await user.says("您好")
        await self.inbox.has(n + 1)
        return str(user.id)

    def meets(self, trouble: Trouble) -> None:
        rest = _REST_SECONDS if trouble is Trouble.RESTS else 1
        self.desk.stub.fails(_SEND, self.faults[trouble], retry_after=rest)

    async def was_asked(self) -> None:
        await self.desk.stub.asked(_SEND)
