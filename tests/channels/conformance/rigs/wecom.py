"""WeCom's self-built app, called back."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from storage.writer import Store
from tests.channels.conformance.rigs.base import MINUTE, Able, Rig, Shown, Trouble, copied
from tests.channels.wecom_desk import Desk, desk
from tests.stubs.wecom import Fault, Letter, seal

_SEND = "message/send"
FAULTS: Mapping[Trouble, Fault] = {
    Trouble.BUSY: Fault.BUSY, Trouble.RESTS: Fault.TOO_OFTEN, Trouble.BROKEN: Fault.ERROR, Trouble.CUT: Fault.CUT,
    Trouble.HANGS: Fault.HANG, Trouble.LOST: Fault.CLOSE, Trouble.GARBLED: Fault.GARBAGE,
}  # fmt: skip
"""How WeCom's REST interface fails, whichever of its applications calls."""


class WecomRig:
    """It can do everything that the suite asks for."""

    lacks: ClassVar[frozenset[Able]] = frozenset()
    faults: ClassVar[Mapping[Trouble, Fault]] = FAULTS

    def __init__(self, desk: Desk) -> None:
        self.desk, self.channel, self.inbox = desk, desk.channel, desk.inbox
        self.member = desk.stub.member("王師傅")
        self.address = self.member.id

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, folder: Path, *, patience: float) -> AsyncIterator[Rig]:
        store = Store(copied(template, folder))
        try:
            async with desk(store, patience=patience) as at:
                yield cls(at)
        finally:
            store.close()

    async def begin(self) -> None:
        await self.desk.start()
        await self.says("您好")
        await self.inbox.has(1)

    async def says(self, words: str) -> None:
        await self.member.says(words)

    async def says_in_turn_but(self, first: str, second: str) -> None:
        caller = self.desk.stub.caller
        caller.is_holding = True
        await self.member.says(first)
        self.desk.stub.passes(MINUTE)
        await self.member.says(second)
        caller.release(reverse=True)

    async def presses(self, label: str) -> None:
        await self.member.presses(label)

    async def sends_photo(self, content: bytes) -> None:
        await self.member.sends_photo(content)

    async def sends_voice(self, content: bytes) -> None:
        await self.member.sends_voice(content)

    async def shares_place(self, latitude: float, longitude: float) -> None:
        await self.member.shares_place(latitude, longitude)

    async def sends_something_odd(self) -> None:
        await self.member.sends_video()

    async def repeats(self) -> None:
        await self.desk.stub.caller.idle()
        await self.desk.stub.caller.post(self.desk.stub.app, self.desk.stub.caller.letters[-1])

    async def shown(self) -> list[Shown]:
        found = [one for one in self.member.messages if one.text or one.card]
        return [Shown(one.shown, tuple(key["text"] for key in one.buttons)) for one in found]

    async def pictures(self) -> list[bytes]:
        return [one.data for one in self.member.messages if one.data]

    async def forges(self) -> list[int]:
        stub = self.desk.stub
        plain = "<xml><ToUserName>x</ToUserName></xml>"
        wrong_token = seal(stub.world, stub.app, plain, token="guessed")
        elsewhere = seal(stub.world, stub.app, plain, receiver="ww0000000000000000")
        old = seal(stub.world, stub.app, plain, timestamp=1409659813)
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xml><Encrypt>&a;</Encrypt></xml>'
        letters = [wrong_token, elsewhere, old, Letter(old.query, b"<xml>"), Letter(old.query, bomb), Letter({}, b"")]
        return [(await stub.caller.post(stub.app, one)).status for one in letters]

    async def leaves(self) -> None:
        self.member.unsubscribes()

    async def shuts_out(self) -> None:
        """An administrator takes him out of the app's visible range."""
        self.desk.stub.app.visible = set()

    async def somebody_else(self) -> str:
        member, n = self.desk.stub.member("林倉管"), len(self.inbox.stored)
        await member.says("您好")
        await self.inbox.has(n + 1)
        return member.id

    def meets(self, trouble: Trouble) -> None:
        self.desk.stub.fails(_SEND, self.faults[trouble])

    async def was_asked(self) -> None:
        await self.desk.stub.asked(_SEND)

    def ends_token(self) -> None:
        self.desk.stub.fails(_SEND, Fault.EXPIRED, after=1)

    def n_tokens(self) -> int:
        return len(self.desk.stub.calls("gettoken"))
