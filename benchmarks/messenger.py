"""Telegram over real sockets, as light as it gets: an API that answers at once, and people who write and wait for an answer.

It runs in the measuring process; what is measured is a process of its own that is given `origin` and posts back to it.
"""

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs

import httptools

from benchmarks.crowd import update

SECRET = "bench-secret"
_PATIENCE = 60.0
_ME = {"id": 8000000001, "is_bot": True, "first_name": "外勤幫手", "username": "fieldhand_bench_bot"}


class Messenger:
    """One bot's Telegram."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.n_said = 0  # messages and changes that were taken
        self.refuses: Callable[[int], float] = lambda chat: 0.0  # seconds for which a message is refused with 429
        self.on_message: Callable[[int], None] = self._heard
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._numbers = itertools.count(1)
        self._hooks: dict[str, _Hook] = {}  # as a balancer has them before several programs
        self._turns = itertools.count()
        self.has_hook = asyncio.Event()

    async def start(self) -> "Messenger":
        server = await asyncio.get_running_loop().create_server(lambda: _Api(self), "127.0.0.1", 0)
        self.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        return self

    async def says(self, chat: int, words: str) -> float:
        """Somebody writes; returns the seconds until the answer, when the update is confirmed as well."""
        hooks = list(self._hooks.values())
        hook = hooks[next(self._turns) % len(hooks)]
        answered = self._waiting[chat] = asyncio.get_running_loop().create_future()
        start = time.perf_counter()
        async with asyncio.timeout(_PATIENCE):
            await hook.post(update(chat, words))
            return await answered - start

    async def serves(self, n_messages: int, people: list[tuple[int, Iterator[str]]]) -> list[float]:
        """People who write at once, each after the answer to his last word; returns the seconds that each answer took."""
        turns, times = iter(range(n_messages)), list[float]()

        async def person(chat: int, talk: Iterator[str]) -> None:
            for _ in turns:
                times.append(await self.says(chat, next(talk)))

        await asyncio.gather(*(person(chat, talk) for chat, talk in people))
        return times

    def result(self, method: str, told: dict[str, Any]) -> tuple[int, Any]:
        """Status and result of a call."""
        self.calls[method] += 1
        if method == "getMe":
            return 200, _ME
        if method == "setWebhook":
            self._hooks.setdefault(str(told["url"]), _Hook(str(told["url"])))
            self.has_hook.set()
            return 200, True
        if "chat_id" not in told:
            return 200, True
        chat = int(told["chat_id"])
        if (wait := self.refuses(chat)) > 0:
            self.calls["429"] += 1
            return 429, {"retry_after": max(1, round(wait))}
        self.n_said += 1
        if method != "sendMessage":
            return 200, True
        self.on_message(chat)
        where = {"id": chat, "type": "private", "first_name": "張先生"}
        return 200, {"message_id": next(self._numbers), "date": 1_790_000_000, "chat": where, "from": _ME, "text": "…"}

    def _heard(self, chat: int) -> None:
        waiting = self._waiting.pop(chat, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(time.perf_counter())


class _Api(asyncio.Protocol):
    """A connection from the program to the Bot API."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._parser = httptools.HttpRequestParser(self)
        self._url, self._kind, self._body = b"", b"", b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_url(self, url: bytes) -> None:
        self._url, self._kind, self._body = url, b"", b""

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self._kind = value

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        status, result = self._messenger.result(self._url.rsplit(b"/", 1)[1].decode(), self._told())
        answer = {"ok": True, "result": result}
        if status == 429:
            answer = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": result}
        body = json.dumps(answer).encode()
        head = f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)

    def _told(self) -> dict[str, Any]:
        if not self._body:
            return {}
        if self._kind.startswith(b"application/json"):
            return dict(json.loads(self._body))
        return {name: values[0] for name, values in parse_qs(self._body.decode()).items()}


class _Hook:
    """Posts updates to the program, as many at once as there are waiting, over connections that are kept."""

    def __init__(self, url: str) -> None:
        host, _, path = url.removeprefix("http://").partition("/")
        self._host, _, port = host.partition(":")
        self._port = int(port)
        self._head = (
            f"POST /{path} HTTP/1.1\r\nhost: {host}\r\ncontent-type: application/json\r\n"
            f"x-telegram-bot-api-secret-token: {SECRET}\r\ncontent-length: "
        )
        self._free: list[_Post] = []

    async def post(self, told: dict[str, Any]) -> None:
        """Until it is confirmed. Raises RuntimeError when it is not."""
        body = json.dumps(told).encode()
        data = f"{self._head}{len(body)}\r\n\r\n".encode() + body
        while True:
            connection = self._free.pop() if self._free else await self._connect()
            try:
                status = await connection.send(data)
            except ConnectionError:
                continue  # closed after a long silence; it is not known to be taken and comes again
            break
        self._free.append(connection)
        if status != 200:
            raise RuntimeError(f"the program answers {status}")

    async def _connect(self) -> "_Post":
        _, connection = await asyncio.get_running_loop().create_connection(_Post, self._host, self._port)
        return connection


class _Post(asyncio.Protocol):
    """A connection to the program, one update at a time."""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._done: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def send(self, data: bytes) -> "asyncio.Future[int]":
        self._parser = httptools.HttpResponseParser(self)
        self._done = asyncio.get_running_loop().create_future()
        if self._transport.is_closing():
            raise ConnectionError("the program hung up")
        self._transport.write(data)
        return self._done

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        self._transport.close()
        if not self._done.done():
            self._done.set_exception(ConnectionError("the program hung up"))
            self._done.exception()  # whoever waited gets it all the same; nobody may have waited

    def on_message_complete(self) -> None:
        if not self._done.done():
            self._done.set_result(self._parser.get_status_code())


async def _serve() -> None:
    """By itself, for whoever counts his own processor's time."""
    print((await Messenger().start()).origin, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve())
