"""WeCom's side of the callback: messages are encrypted with a cipher that others wrote, sent, and sent again."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

import httpx
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto
from wechatpy.utils import WeChatSigner

from tests.stubs.wecom_world import App, World

URL_SECONDS, ANSWER_SECONDS, RETRIES = 1.0, 5.0, 3


@dataclass(frozen=True)
class Letter:
    """A request as it goes over the wire."""

    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Delivered:
    """How a callback was taken: the last status (0: no answer), its words, and how often it was sent."""

    status: int
    text: str
    n_attempts: int


class Caller:
    """Brings what members do to the callback of an app, one after the other. A test may hold, double and turn the order."""

    def __init__(self, world: World, *, pause: float = 0.05) -> None:
        """`pause`: seconds before a retry."""
        self.world, self.pause = world, pause
        self.letters: list[Letter] = []  # everything that was sent
        self.delivered: list[Delivered] = []
        self.copies = 1
        self.is_holding = False
        self._held: list[tuple[App, str]] = []
        self._client = httpx.AsyncClient(timeout=ANSWER_SECONDS, trust_env=False, verify=False)
        self._line = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._client.aclose()

    async def check(self, app: App, url: str, *, echo: str = "1616140317555161061") -> tuple[int, str]:
        """The check that the console makes before it takes an address. Raises httpx.TimeoutException after a second."""
        sealed = seal(self.world, app, echo)
        query = sealed.query | {"echostr": encrypted(self.world, app, echo)}
        query["msg_signature"] = signature(app.token, query["timestamp"], query["nonce"], query["echostr"])
        answer = await self._client.get(url, params=query, timeout=URL_SECONDS)
        return answer.status_code, answer.text

    def push(self, app: App, plain: str) -> None:
        """Bring a message, in the order of the calls, as soon as the callback takes it."""
        if self.is_holding:
            self._held.append((app, plain))
            return
        for _ in range(self.copies):
            self._start(app, plain)

    def release(self, *, reverse: bool = False) -> None:
        """Send what was held."""
        self.is_holding = False
        held, self._held = self._held[:: -1 if reverse else 1], []
        for app, plain in held:
            self.push(app, plain)

    async def post(self, app: App, letter: Letter) -> Delivered:
        """One request, once."""
        self.letters.append(letter)
        try:
            answer = await self._client.post(
                f"{app.hook}?{urlencode(letter.query)}", content=letter.body, headers={"content-type": "text/xml"}
            )
        except httpx.HTTPError:
            return Delivered(0, "", 1)
        return Delivered(answer.status_code, answer.text, 1)

    async def idle(self) -> None:
        """Wait until everything is delivered, or given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _start(self, app: App, plain: str) -> None:
        task = asyncio.create_task(self._deliver(app, plain))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, app: App, plain: str) -> None:
        """Up to three more times while there is no 200; each time encrypted anew, with the same MsgId."""
        async with self._line:
            last = Delivered(0, "", 0)
            for n in range(1 + RETRIES):
                await asyncio.sleep(self.pause if n else 0)
                last = await self.post(app, seal(self.world, app, plain))
                if last.status == 200:
                    break
            self.delivered.append(Delivered(last.status, last.text, n + 1))
        await self.world.tell()


def seal(world: World, app: App, plain: str, *, receiver: str = "", timestamp: int | None = None, token: str = "") -> Letter:
    """A callback with `plain` inside; what is told otherwise makes it a wrong one."""
    at = str(int(world.clock()) if timestamp is None else timestamp)
    nonce = str(next(world.ids))[-10:]
    encrypt = encrypted(world, app, plain, receiver=receiver)
    query = {"msg_signature": signature(token or app.token, at, nonce, encrypt), "timestamp": at, "nonce": nonce}
    return Letter(query, envelope(world, app, encrypt))


def envelope(world: World, app: App, encrypt: str) -> bytes:
    return xml({"ToUserName": world.corp_id, "AgentID": str(app.agent_id), "Encrypt": encrypt}).encode()


def encrypted(world: World, app: App, plain: str, *, receiver: str = "") -> str:
    cipher = WeChatCrypto(app.token, app.aes_key, world.corp_id)
    return PrpCrypto(cipher.key).encrypt(plain, receiver or world.corp_id).decode()


def signature(*parts: str) -> str:
    signer = WeChatSigner()
    signer.add_data(*parts)
    return str(signer.signature)


def xml(told: Mapping[str, Any]) -> str:
    """The flat XML that WeCom writes."""
    lines = []
    for name, value in told.items():
        is_number = isinstance(value, int | float)
        words = str(value).replace("]]>", "]]]]><![CDATA[>")
        lines.append(f"<{name}>{value if is_number else f'<![CDATA[{words}]]>'}</{escape(name)}>")
    return f"<xml>{''.join(lines)}</xml>"
