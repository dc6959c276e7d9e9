"""One rig a messenger: a stub that behaves as the platform does, the channel, an inbox, and somebody who holds the phone."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import httpx
from starlette.applications import Starlette

from bot.channels.base import Channel
from bot.channels.parts import Parts
from bot.channels.webchat import build as build_webchat
from bot.settings import Settings
from handlers.events import Event
from storage.writer import Store
from tests.channels.conformance.pigeon import Pigeon
from tests.channels.conformance.pigeon import build as build_pigeon
from tests.channels.kf_desk import KfDesk, called, kf_desk
from tests.channels.telegram_desk import FILES, SECRET, Inbox, hooked, post
from tests.channels.telegram_desk import Desk as TelegramDesk
from tests.channels.telegram_desk import desk as telegram_desk
from tests.channels.wecom_bot_desk import Desk as BotDesk
from tests.channels.wecom_bot_desk import desk as wecom_bot_desk
from tests.channels.wecom_desk import Desk as WecomDesk
from tests.channels.wecom_desk import desk as wecom_desk
from tests.stage import WebPhone
from tests.stubs.telegram import Fault as TelegramFault
from tests.stubs.telegram_http import Server
from tests.stubs.wecom import Fault as WecomFault
from tests.stubs.wecom import Letter, seal
from tests.stubs.wecom_bot import Fault as BotFault
from tests.stubs.wecom_bot_phone import WecomBotPhone


class Trouble(StrEnum):
    """What may go wrong between us and a messenger."""

    BUSY = "busy"  # it says: too much, later; nothing was done
    BROKEN = "broken"  # it fails; nothing was done
    CUT = "cut"  # the connection is cut; nothing was done
    LOST = "lost"  # done, and the answer is lost
    GARBLED = "garbled"  # done, and the answer can't be read


@dataclass(frozen=True)
class Shown:
    """One message of ours as it stands in front of the person."""

    text: str
    labels: tuple[str, ...] = ()


class Rig(Protocol):
    """What the suite needs of a messenger. `address` is the person's, who has written once before anything begins."""

    channel: Channel
    inbox: Inbox
    address: str
    is_pulled: bool  # nobody calls us, so nothing can be forged
    is_redelivered: bool  # what could not be stored comes once more
    has_sound: bool  # a voice arrives as sound; else in words

    async def begin(self) -> None: ...
    async def says(self, words: str) -> None: ...
    async def presses(self, label: str) -> None: ...
    async def sends_photo(self, content: bytes) -> None: ...
    async def sends_voice(self, content: bytes) -> None: ...
    async def shares_place(self, latitude: float, longitude: float) -> None: ...
    async def sends_something_odd(self) -> None: ...
    async def repeats(self) -> None: ...
    async def shown(self) -> list[Shown]: ...
    async def pictures(self) -> list[bytes]: ...
    async def forges(self) -> list[int]: ...
    async def leaves(self) -> bool: ...
    def meets(self, trouble: Trouble) -> bool: ...


async def nth(rig: Rig, n: int) -> Event | None:
    """What the n-th update means."""
    return rig.channel.read((await rig.inbox.has(n))[n - 1])


class TelegramRig:
    is_pulled, is_redelivered, has_sound = False, True, True
    _faults: Mapping[Trouble, TelegramFault] = {
        Trouble.BUSY: TelegramFault.TOO_MANY, Trouble.BROKEN: TelegramFault.ERROR, Trouble.CUT: TelegramFault.CUT,
        Trouble.LOST: TelegramFault.CLOSE, Trouble.GARBLED: TelegramFault.GARBAGE,
    }  # fmt: skip

    def __init__(self, desk: TelegramDesk, url: str) -> None:
        self.desk, self.url, self.channel, self.inbox = desk, url, desk.channel, desk.inbox
        self.user = desk.stub.user("張先生")
        self.address = str(self.user.id)
        self.says, self.presses, self.sends_photo = self.user.says, self.user.presses, self.user.sends_photo
        self.sends_voice, self.shares_place = self.user.sends_voice, self.user.shares_location
        self.sends_something_odd = self.user.sends_sticker

    async def begin(self) -> None:
        await self.desk.start()
        await self.user.says("您好")
        await self.inbox.has(1)

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

    async def leaves(self) -> bool:
        await self.user.blocks()
        return True

    def meets(self, trouble: Trouble) -> bool:
        self.desk.stub.fails("sendMessage", self._faults[trouble])
        return True


class WecomRig:
    is_pulled, is_redelivered, has_sound = False, True, True
    _faults: Mapping[Trouble, WecomFault] = {
        Trouble.BUSY: WecomFault.TOO_OFTEN, Trouble.BROKEN: WecomFault.ERROR, Trouble.CUT: WecomFault.CUT,
        Trouble.LOST: WecomFault.CLOSE, Trouble.GARBLED: WecomFault.GARBAGE,
    }  # fmt: skip

    def __init__(self, desk: WecomDesk) -> None:
        self.desk, self.channel, self.inbox = desk, desk.channel, desk.inbox
        self.member = desk.stub.member("王師傅")
        self.address = self.member.id
        self.says, self.presses, self.sends_photo = self.member.says, self.member.presses, self.member.sends_photo
        self.sends_voice, self.shares_place = self.member.sends_voice, self.member.shares_place
        self.sends_something_odd = self.member.sends_video

    async def begin(self) -> None:
        await self.desk.start()
        await self.member.says("您好")
        await self.inbox.has(1)

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

    async def leaves(self) -> bool:
        self.member.unsubscribes()
        return True

    def meets(self, trouble: Trouble) -> bool:
        self.desk.stub.fails("message/send", self._faults[trouble])
        return True


class KfRig:
    is_pulled, is_redelivered, has_sound = False, True, True
    _faults = WecomRig._faults

    def __init__(self, desk: KfDesk) -> None:
        self.desk, self.channel, self.inbox = desk, desk.channel, desk.inbox
        self.visitor = desk.stub.customer("張先生")
        self.address = self.visitor.id
        self.says, self.presses, self.sends_photo = self.visitor.says, self.visitor.presses, self.visitor.sends_photo
        self.sends_voice, self.shares_place = self.visitor.sends_voice, self.visitor.shares_place
        self.sends_something_odd = self.visitor.sends_video

    async def begin(self) -> None:
        await self.desk.start()
        await self.visitor.says("您好")
        await self.inbox.has(1)

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

    async def leaves(self) -> bool:
        return False

    def meets(self, trouble: Trouble) -> bool:
        self.desk.stub.wecom.fails("kf/send_msg", self._faults[trouble])
        return True


class WecomBotRig:
    """Told once and never again: what could not be stored is tried by the channel itself."""

    is_pulled, is_redelivered, has_sound = True, True, False
    _faults: Mapping[Trouble, BotFault] = {
        Trouble.BUSY: BotFault.REFUSE, Trouble.BROKEN: BotFault.REFUSE, Trouble.CUT: BotFault.CUT,
        Trouble.LOST: BotFault.CLOSE, Trouble.GARBLED: BotFault.GARBAGE,
    }  # fmt: skip
    _codes: Mapping[Trouble, int] = {Trouble.BUSY: 45009, Trouble.BROKEN: -1}

    def __init__(self, desk: BotDesk) -> None:
        self.desk, self.channel, self.inbox = desk, desk.channel, desk.inbox
        self.member = desk.stub.member("王師傅")
        self.phone = WecomBotPhone(desk.stub, self.member)
        self.address = self.member.id
        self.presses, self.sends_photo = self.phone.presses, self.phone.sends_photo
        self.sends_something_odd = lambda: self.member.sends_video(b"video!")
        self._last: dict[str, Any] = {}

    async def begin(self) -> None:
        await self.desk.start()
        await self.desk.stub.connected()
        await self.says("您好")
        await self.inbox.has(1)

    async def says(self, words: str) -> None:
        self._last = await self.member.says(words)

    async def sends_voice(self, _content: bytes) -> None:
        await self.member.speaks("冷氣在滴水")

    async def shares_place(self, latitude: float, longitude: float) -> None:
        raise AssertionError("nobody can share a place here")

    async def repeats(self) -> None:
        await self.member.repeats(self._last)

    async def shown(self) -> list[Shown]:
        found = [one for one in self.member.messages if one.text or one.card]
        return [Shown(one.shown, tuple(one.buttons)) for one in found]

    async def pictures(self) -> list[bytes]:
        return [one.content for one in self.member.messages if one.content]

    async def forges(self) -> list[int]:
        return []

    async def leaves(self) -> bool:
        return False

    def meets(self, trouble: Trouble) -> bool:
        self.desk.stub.fails("aibot_send_msg", self._faults[trouble], code=self._codes.get(trouble, -1))
        return True


class WebRig:
    """Our own page: there is no messenger in between that could fail."""

    is_pulled, is_redelivered, has_sound = False, True, True

    def __init__(self, channel: Channel, inbox: Inbox, phone: WebPhone) -> None:
        self.channel, self.inbox, self.phone = channel, inbox, phone
        self.address = ""
        self.says, self.presses, self.sends_photo = phone.says, phone.presses, phone.sends_photo
        self.sends_voice, self.shares_place = phone.sends_voice, phone.shares_location

    async def begin(self) -> None:
        await self.channel.start(self.inbox.accept)
        await self.phone.opens()
        await self.inbox.has(1)
        self.address = next(iter(self.inbox.stored.values()))[1]

    async def sends_something_odd(self) -> None:
        await self.phone.sends_file(b"PK\x03\x04 who knows what")

    async def repeats(self) -> None:
        await self.phone.says("又一次", key="the-same-key-0001")
        await self.inbox.has(len(self.inbox.stored))
        await self.phone.says("又一次", key="the-same-key-0001")

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

    async def leaves(self) -> bool:
        return False

    def meets(self, trouble: Trouble) -> bool:
        return False


class PigeonRig:
    """The made-up messenger: what could go wrong on its way is nobody's business here."""

    is_pulled, is_redelivered, has_sound = True, True, False

    def __init__(self, pigeon: Pigeon, inbox: Inbox, client: httpx.AsyncClient) -> None:
        self.channel, self.pigeon, self.inbox, self._client, self.address = pigeon, pigeon, inbox, client, "張先生"
        self._last: dict[str, str] = {}

    async def begin(self) -> None:
        await self.channel.start(self.inbox.accept)
        await self.says("您好")

    async def says(self, words: str) -> None:
        await self._flies(words=words)

    async def presses(self, label: str) -> None:
        """Whoever has no buttons types the number of the line."""
        lines = [line for words, _ in self.pigeon.loft[self.address] for line in words.splitlines() if label in line]
        await self.says(lines[-1].partition(".")[0])

    async def sends_photo(self, content: bytes) -> None:
        await self._flies(photo=base64.b64encode(content).decode())

    async def sends_voice(self, _content: bytes) -> None:
        await self.says("冷氣在滴水")

    async def shares_place(self, latitude: float, longitude: float) -> None:
        raise AssertionError("pigeons know no places")

    async def sends_something_odd(self) -> None:
        await self._flies(feather="white")

    async def repeats(self) -> None:
        (await self._client.post("/pigeon", json=self._last)).raise_for_status()

    async def shown(self) -> list[Shown]:
        return [Shown(words) for words, _photo in self.pigeon.loft[self.address] if words]

    async def pictures(self) -> list[bytes]:
        return [photo for _words, photo in self.pigeon.loft[self.address] if photo]

    async def forges(self) -> list[int]:
        return []

    async def leaves(self) -> bool:
        return False

    def meets(self, trouble: Trouble) -> bool:
        return False

    async def _flies(self, **told: str) -> None:
        self._last = {"who": self.address, "key": uuid4().hex} | told
        (await self._client.post("/pigeon", json=self._last)).raise_for_status()


@asynccontextmanager
async def pigeon_rig(template: Path, folder: Path) -> AsyncIterator[Rig]:
    store, inbox = Store(copied(template, folder)), Inbox()
    pigeon = build_pigeon(Parts(Settings(_env_file=None), store, FILES.__getitem__, inbox.fail))  # type: ignore[call-arg]
    transport = httpx.ASGITransport(Starlette(routes=pigeon.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://loft") as client:
        yield PigeonRig(pigeon, inbox, client)
    store.close()


def _seen(body: Mapping[str, Any]) -> Shown:
    text = "\n".join(part for part in (body.get("title", ""), body.get("text", "")) if part)
    return Shown(text, tuple(one["label"] for row in body.get("rows", ()) for one in row))


@asynccontextmanager
async def telegram_rig(_template: Path, _folder: Path) -> AsyncIterator[Rig]:
    async with telegram_desk() as desk, hooked(desk) as url:
        yield TelegramRig(desk, url)


@asynccontextmanager
async def wecom_rig(template: Path, folder: Path) -> AsyncIterator[Rig]:
    store = Store(copied(template, folder))
    try:
        async with wecom_desk(store) as desk:
            yield WecomRig(desk)
    finally:
        store.close()


@asynccontextmanager
async def kf_rig(template: Path, folder: Path) -> AsyncIterator[Rig]:
    async with kf_desk(template, folder) as desk, called(desk):
        yield KfRig(desk)


@asynccontextmanager
async def wecom_bot_rig(template: Path, folder: Path) -> AsyncIterator[Rig]:
    async with wecom_bot_desk(copied(template, folder)) as desk:
        yield WecomBotRig(desk)


@asynccontextmanager
async def web_rig(template: Path, folder: Path) -> AsyncIterator[Rig]:
    store, inbox = Store(copied(template, folder)), Inbox()
    settings = Settings(_env_file=None, data_dir=folder / "data")  # type: ignore[call-arg]
    channel = build_webchat(Parts(settings, store, FILES.__getitem__, inbox.fail))
    server = Server(Starlette(routes=channel.routes()))
    serving = asyncio.create_task(server.run_until_stopped())
    await server.is_up.wait()
    phone = WebPhone(server.origin)
    try:
        yield WebRig(channel, inbox, phone)
    finally:
        await phone.closes()
        await channel.stop()
        server.should_exit = True
        await serving
        store.close()


def copied(template: Path, folder: Path) -> str:
    """DATABASE_URL of a database of one's own at the newest schema."""
    path = folder / "rig.db"
    path.write_bytes(template.read_bytes())
    return f"sqlite:///{path}"


# A new messenger adds its line here (STYLE 12).
RIGS: dict[str, Callable[[Path, Path], Any]] = {
    "telegram": telegram_rig,
    "web": web_rig,
    "wecom": wecom_rig,
    "kf": kf_rig,
    "wecom-bot": wecom_bot_rig,
    "pigeon": pigeon_rig,
}
