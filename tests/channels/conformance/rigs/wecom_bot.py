"""WeCom's smart bot over its long connection."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

from tests.channels.conformance.rigs.base import MINUTE, Able, Lacking, Rig, Shown, Trouble, copied
from tests.channels.wecom_bot_desk import Desk, desk
from tests.stubs.wecom_bot import Fault
from tests.stubs.wecom_bot_phone import WecomBotPhone

_SEND = "aibot_send_msg"
_CODES: Mapping[Trouble, int] = {Trouble.BUSY: -1, Trouble.RESTS: 45009}


class WecomBotRig(Lacking):
    """Nobody calls us, and nobody says that he leaves. Instead of a token there is the connection, on which WeCom speaks of a
    failure of its own as of being busy.
    """

    lacks: ClassVar = frozenset({Able.SOUND, Able.PLACE, Able.CALLS, Able.TELLS_LEAVING, Able.EDITS, Able.TOKEN})
    faults: ClassVar[Mapping[Trouble, Fault]] = {
        Trouble.BUSY: Fault.REFUSE, Trouble.RESTS: Fault.REFUSE, Trouble.CUT: Fault.CUT, Trouble.HANGS: Fault.HANG,
        Trouble.LOST: Fault.CLOSE, Trouble.GARBLED: Fault.GARBAGE,
    }  # fmt: skip

    def __init__(self, desk: Desk) -> None:
        self.desk, self.channel, self.inbox = desk, desk.channel, desk.inbox
        self.member = desk.stub.member("王師傅")
        self.phone = WecomBotPhone(desk.stub, self.member)
        self.address = self.member.id
        self._last: dict[str, Any] = {}

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, folder: Path, *, patience: float) -> AsyncIterator[Rig]:
        async with desk(copied(template, folder), answer=patience) as at:
            yield cls(at)

    async def begin(self) -> None:
        await self.desk.start()
        await self.desk.stub.connected()
        await self.says("您好")
        await self.inbox.has(1)

    async def says(self, words: str) -> None:
        self._last = await self.member.says(words)

    async def says_in_turn_but(self, first: str, second: str) -> None:
        self.desk.stub.holds()
        await self.member.says(first)
        world = self.desk.stub.world
        clock = world.clock
        world.clock = lambda: clock() + MINUTE
        await self.member.says(second)
        await self.desk.stub.releases(reverse=True)

    async def presses(self, label: str) -> None:
        await self.phone.presses(label)

    async def sends_photo(self, content: bytes) -> None:
        await self.phone.sends_photo(content)

    async def sends_voice(self, _content: bytes) -> None:
        await self.member.speaks("冷氣在滴水")

    async def sends_something_odd(self) -> None:
        await self.member.sends_video(b"video!")

    async def repeats(self) -> None:
        await self.member.repeats(self._last)

    async def shown(self) -> list[Shown]:
        found = [one for one in self.member.messages if one.text or one.card]
        return [Shown(one.shown, tuple(one.buttons)) for one in found]

    async def pictures(self) -> list[bytes]:
        return [one.content for one in self.member.messages if one.content]

    async def shuts_out(self) -> None:
        """He has left the company."""
        del self.desk.stub.world.chats[self.address]

    async def somebody_else(self) -> str:
        return (await self.desk.known("林倉管")).id

    def meets(self, trouble: Trouble) -> None:
        self.desk.stub.fails(_SEND, self.faults[trouble], code=_CODES.get(trouble, -1))

    async def was_asked(self) -> None:
        await self.desk.stub.was_asked(_SEND)
