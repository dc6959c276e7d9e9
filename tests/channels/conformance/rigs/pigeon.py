"""The made-up messenger."""

import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import httpx
from starlette.applications import Starlette

from bot.channels.parts import Parts
from bot.settings import Settings
from storage.writer import Store
from tests.channels.conformance.pigeon import Pigeon, build
from tests.channels.conformance.rigs.base import MINUTE, Able, Lacking, Rig, Shown, Trouble, copied
from tests.channels.telegram_desk import FILES, Inbox


class PigeonRig(Lacking):
    """Pigeons carry words and photos; what could go wrong on their way is nobody's business here."""

    lacks: ClassVar = frozenset(Able) - {Able.SHUTS_OUT}
    faults: ClassVar[Mapping[Trouble, Any]] = {}

    def __init__(self, pigeon: Pigeon, inbox: Inbox, client: httpx.AsyncClient) -> None:
        self.channel, self.pigeon, self.inbox, self._client, self.address = pigeon, pigeon, inbox, client, "張先生"
        self._last: dict[str, str] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, folder: Path, *, patience: float) -> AsyncIterator[Rig]:
        store, inbox = Store(copied(template, folder)), Inbox()
        pigeon = build(Parts(Settings(_env_file=None), store, FILES.__getitem__, inbox.fail))  # type: ignore[call-arg]
        transport = httpx.ASGITransport(Starlette(routes=pigeon.routes()))
        async with httpx.AsyncClient(transport=transport, base_url="http://loft", verify=False) as client:
            yield cls(pigeon, inbox, client)
        store.close()

    async def begin(self) -> None:
        await self.channel.start(self.inbox.accept)
        await self.says("您好")

    async def says(self, words: str) -> None:
        await self._flies(words=words)

    async def says_in_turn_but(self, first: str, second: str) -> None:
        now = datetime.now(UTC)
        await self._flies(words=second, at=now.isoformat())
        await self._flies(words=first, at=(now - timedelta(seconds=MINUTE)).isoformat())

    async def presses(self, label: str) -> None:
        """Whoever has no buttons types the number of the line."""
        lines = [line for words, _ in self.pigeon.loft[self.address] for line in words.splitlines() if label in line]
        await self.says(lines[-1].partition(".")[0])

    async def sends_photo(self, content: bytes) -> None:
        await self._flies(photo=base64.b64encode(content).decode())

    async def sends_voice(self, _content: bytes) -> None:
        await self.says("冷氣在滴水")

    async def sends_something_odd(self) -> None:
        await self._flies(feather="white")

    async def repeats(self) -> None:
        (await self._client.post("/pigeon", json=self._last)).raise_for_status()

    async def shown(self) -> list[Shown]:
        return [Shown(words) for words, _photo in self.pigeon.loft[self.address] if words]

    async def pictures(self) -> list[bytes]:
        return [photo for _words, photo in self.pigeon.loft[self.address] if photo]

    async def shuts_out(self) -> None:
        """The loft is closed."""
        del self.pigeon.loft[self.address]

    async def _flies(self, **told: str) -> None:
        self._last = {"who": self.address, "key": uuid4().hex} | told
        (await self._client.post("/pigeon", json=self._last)).raise_for_status()
