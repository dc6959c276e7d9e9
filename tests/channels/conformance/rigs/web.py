"""Our own web chat."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from starlette.applications import Starlette

from bot.channels.base import Channel
from bot.channels.parts import Parts
from bot.channels.webchat import build
from bot.settings import Settings
from storage.writer import Store
from tests.channels.conformance.rigs.base import MINUTE, Able, Lacking, Rig, Shown, Trouble, copied
from tests.channels.telegram_desk import FILES, Inbox
from tests.stage import WebPhone
from tests.stubs.telegram_http import Server


class WebRig(Lacking):
    """There is no messenger in between that could fail, tell or be blocked."""

    lacks: ClassVar = frozenset({Able.TELLS_LEAVING, Able.SHUTS_OUT, Able.TOKEN})
    faults: ClassVar[Mapping[Trouble, Any]] = {}

    def __init__(self, channel: Channel, inbox: Inbox, phone: WebPhone) -> None:
        self.channel, self.inbox, self.phone = channel, inbox, phone
        self.address = ""
        self._last: dict[str, str] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, folder: Path, *, patience: float) -> AsyncIterator[Rig]:
        store, inbox = Store(copied(template, folder)), Inbox()
        settings = Settings(_env_file=None, data_dir=folder / "data")  # type: ignore[call-arg]
        channel = build(Parts(settings, store, FILES.__getitem__, inbox.fail))
        server = Server(Starlette(routes=channel.routes()))
        serving = asyncio.create_task(server.run_until_stopped())
        await server.is_up.wait()
        phone = WebPhone(server.origin)
        try:
            yield cls(channel, inbox, phone)
        finally:
            await phone.closes()
            await channel.stop()
            server.should_exit = True
            await serving
            store.close()

    async def begin(self) -> None:
        await self.channel.start(self.inbox.accept)
        await self.phone.opens()
        await self.inbox.has(1)
        self.address = next(iter(self.inbox.stored.values()))[1]

    async def says(self, words: str) -> None:
        self._last = {"words": words, "key": uuid4().hex}
        await self.phone.says(**self._last)

    async def says_in_turn_but(self, first: str, second: str) -> None:
        """A message that waited for a signal says for how long."""
        for words, age in ((second, 0), (first, MINUTE)):
            body = json.dumps({"id": uuid4().hex, "text": words, "age": age})
            assert await self.phone.posts_raw("/chat/api/send", body.encode(), {}) == 200

    async def presses(self, label: str) -> None:
        await self.phone.presses(label)

    async def sends_photo(self, content: bytes) -> None:
        await self.phone.sends_photo(content)

    async def sends_voice(self, content: bytes) -> None:
        await self.phone.sends_voice(content)

    async def shares_place(self, latitude: float, longitude: float) -> None:
        await self.phone.shares_location(latitude, longitude)

    async def sends_something_odd(self) -> None:
        await self.phone.sends_file(b"PK\x03\x04 who knows what")

    async def repeats(self) -> None:
        """The page sends again what got no answer."""
        await self.phone.says(**self._last)

    async def shown(self) -> list[Shown]:
        await self.phone.looks()
        ours = [one for one in sorted(self.phone.messages.values(), key=lambda m: int(m["id"])) if one["side"] == "bot"]
        return [_seen(one["body"]) for one in ours]

    async def pictures(self) -> list[bytes]:
        await self.phone.looks()
        hashes = [one for message in self.phone.messages.values() for one in message["body"].get("photos", ())]
        return [(await self.phone.asks(f"/chat/file/{one}")).content for one in hashes]

    async def forges(self) -> list[int]:
        asks = self.phone.posts_raw
        return [
            await asks("/chat/api/send", b'{"id": "aaaaaaaaaaaaaaaa", "text": "x"}', {"origin": "https://evil.example"}),
            await asks("/chat/api/send", b"not json", {}),
            await asks("/chat/api/send", b"[" * 5000, {}),
        ]


def _seen(body: Mapping[str, Any]) -> Shown:
    text = "\n".join(part for part in (body.get("title", ""), body.get("text", "")) if part)
    return Shown(text, tuple(one["label"] for row in body.get("rows", ()) for one in row))
