"""微信客服, told by callback that there is something to pull."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

from tests.channels.conformance.rigs.base import MINUTE, Able, Lacking, Rig, Shown, Trouble
from tests.channels.conformance.rigs.wecom import FAULTS
from tests.channels.kf_desk import KfDesk, called, kf_desk
from tests.stubs.wecom import Fault, Letter, seal

_SEND = "kf/send_msg"


class KfRig(Lacking):
    """What stands in a customer's chat stands there. Who blocks us is heard of only when a message did not arrive."""

    lacks: ClassVar = frozenset({Able.TELLS_LEAVING, Able.EDITS, Able.EDITS_PRESSED})
    faults: ClassVar[Mapping[Trouble, Fault]] = FAULTS

    def __init__(self, desk: KfDesk) -> None:
        self.desk, self.channel, self.inbox = desk, desk.channel, desk.inbox
        self.visitor = desk.stub.customer("張先生")
        self.address = self.visitor.id

    @classmethod
    @asynccontextmanager
    async def opened(cls, template: Path, folder: Path, *, patience: float) -> AsyncIterator[Rig]:
        async with kf_desk(template, folder, patience=patience) as desk, called(desk):
            yield cls(desk)

    async def begin(self) -> None:
        await self.desk.start()
        await self.says("您好")
        await self.inbox.has(1)

    async def says(self, words: str) -> None:
        await self.visitor.says(words)

    async def says_in_turn_but(self, first: str, second: str) -> None:
        """The calls overtake one another; what is pulled then has an order of its own."""
        caller = self.desk.stub.wecom.caller
        caller.is_holding = True
        await self.visitor.says(first)
        self.desk.stub.wecom.passes(MINUTE)
        await self.visitor.says(second)
        caller.release(reverse=True)

    async def presses(self, label: str) -> None:
        await self.visitor.presses(label)

    async def sends_photo(self, content: bytes) -> None:
        await self.visitor.sends_photo(content)

    async def sends_voice(self, content: bytes) -> None:
        await self.visitor.sends_voice(content)

    async def shares_place(self, latitude: float, longitude: float) -> None:
        await self.visitor.shares_place(latitude, longitude)

    async def sends_something_odd(self) -> None:
        await self.visitor.sends_video()

    async def repeats(self) -> None:
        """The same call once more: whatever is pulled then is there already."""
        await self.desk.stub.calls_back()
        await self.desk.stub.wecom.caller.idle()

    async def shown(self) -> list[Shown]:
        found = [one for one in self.visitor.messages if one.text or one.menu]
        return [Shown(one.text, tuple(line["content"] for line in one.menu)) for one in found]

    async def pictures(self) -> list[bytes]:
        return [one.data for one in self.visitor.messages if one.data]

    async def forges(self) -> list[int]:
        stub, app = self.desk.stub.wecom, self.desk.stub.kf.app
        plain = "<xml><ToUserName>x</ToUserName></xml>"
        wrong = [seal(stub.world, app, plain, token="guessed"), seal(stub.world, app, plain, receiver="ww00000000000000")]
        old = seal(stub.world, app, plain, timestamp=1409659813)
        return [(await stub.caller.post(app, one)).status for one in (*wrong, old, Letter(old.query, b"<xml>"))]

    async def shuts_out(self) -> None:
        """The account is no more."""
        del self.desk.stub.kf.customers[self.address]

    async def somebody_else(self) -> str:
        visitor, n = self.desk.stub.customer("李太太"), len(self.inbox.stored)
        await visitor.says("您好")
        await self.inbox.has(n + 1)
        return visitor.id

    def meets(self, trouble: Trouble) -> None:
        self.desk.stub.wecom.fails(_SEND, self.faults[trouble])

    async def was_asked(self) -> None:
        await self.desk.stub.wecom.asked(_SEND)

    def ends_token(self) -> None:
        self.desk.stub.wecom.fails(_SEND, Fault.EXPIRED, after=1)

    def n_tokens(self) -> int:
        return len(self.desk.stub.wecom.calls("gettoken"))
