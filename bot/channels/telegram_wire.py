"""The Bot API as we need it: raw updates, refusals with their code, and nothing that could show the token."""

import json
import logging
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.base import Later, Never

KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
"""What we ask Telegram for."""

_SHORT = 2.0  # seconds until the next attempt after a short trouble
_CONNECT, _UPLOAD = 5.0, 60.0  # seconds for opening a connection, and for sending a file
_KEPT = 4.0  # seconds for which an idle connection is used again; servers close theirs after five or more
_NOT_SENT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError, aiohttp.InvalidURL)
_UNREACHABLE = ("chat not found", "user is deactivated", "peer_id_invalid", "bot was blocked", "user not found")
_NOT_EDITABLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message identifier is not specified",
    "no text in the message to edit",
)


class Refusal(TelegramError):
    """Telegram answered, and the answer is no."""

    def __init__(self, code: int, description: str, *, retry_after: float = 0.0, migrated_to: int = 0) -> None:
        super().__init__(description)
        self.code, self.description = code, description
        self.retry_after, self.migrated_to = retry_after, migrated_to

    def says(self, *words: str) -> bool:
        return any(one in self.description.lower() for one in words)


class Garbled(TelegramError):
    """An answer that is none: what we asked for may have been done all the same."""


class Wire(BaseRequest):
    """HTTP to Telegram over aiohttp, whose calls take a tenth of the time that httpx needs (docs/performance.md).

    Refusals keep their code, which python-telegram-bot's own wire drops; answers are never logged.
    """

    def __init__(self, connections: int, *, patience: float) -> None:
        """At most so many `connections`; `patience` is the number of seconds to wait for an answer."""
        self._connections, self._patience = connections, patience
        self._session: aiohttp.ClientSession | None = None
        self._opened: AsyncGenerator[aiohttp.ClientSession, None] | None = None

    @property
    def read_timeout(self) -> float:
        return self._patience

    async def initialize(self) -> None:
        """Nothing: the first call connects."""

    async def shutdown(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
        self._session = self._opened = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        *_others: Any,
        **_more: Any,
    ) -> tuple[int, bytes]:
        wait = self._patience if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        files = request_data.multipart_data if request_data else {}
        told = request_data.json_parameters if request_data else {}
        content = await self._exchange(method, url, wait + (_UPLOAD if files else 0.0), data=_form(told, files))
        if method == "POST":
            _result(content)
        return 200, content

    async def call(self, url: str, parameters: dict[str, Any]) -> Any:
        """The result of a method, as plain JSON both ways."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return _result(await self._exchange("POST", url, self._patience, json=given))

    async def _exchange(self, method: str, url: str, wait: float, **body: Any) -> bytes:
        """The body of a good answer. Raises TelegramError."""
        session = self._session or await self._open(url)
        timeout = aiohttp.ClientTimeout(total=wait + _CONNECT, connect=wait, sock_connect=_CONNECT, sock_read=wait)
        try:
            async with session.request(method, url, timeout=timeout, **body) as answer:
                content = await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from error
        if not 200 <= answer.status <= 299:
            raise _refusal(answer.status, content)
        return content

    async def _open(self, url: str) -> aiohttp.ClientSession:
        self._opened = self._keep_open(_proxy(url))
        self._session = await anext(self._opened)
        return self._session

    async def _keep_open(self, proxy: str | None) -> AsyncGenerator[aiohttp.ClientSession, None]:
        """A generator, because a loop closes those when it ends: answers may leave until then."""
        connector = aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_KEPT)
        async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), proxy=proxy) as session:
            yield session


class ApiBot(Bot):
    """python-telegram-bot's client on our wires."""

    def __init__(self, token: str, api_base: str, *, patience: float) -> None:
        """`patience` is the number of seconds to wait for an answer."""
        for noisy in ("aiohttp", "telegram"):
            logging.getLogger(noisy).setLevel(logging.WARNING)  # what they say below that holds the token
        self._wires = [Wire(connections, patience=patience) for connections in (2, 64)]
        base, files = f"{api_base}/bot", f"{api_base}/file/bot"
        super().__init__(token, base, files, get_updates_request=self._wires[0], request=self._wires[1])

    async def call(self, method: str, **parameters: Any) -> Any:
        """A method of the Bot API as plain JSON, for those that run at every turn: the library's own classes cost as much as
        the call itself.
        """
        return await self._wires[1].call(f"{self.base_url}/{method}", parameters)

    async def raw_updates(self, offset: int | None, *, seconds: int) -> list[dict[str, Any]]:
        """What waits from `offset` on, as it came; waits at most `seconds` for the first."""
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": list(KINDS)}
        found = await self._post("getUpdates", asked, read_timeout=seconds + 10.0)
        if not isinstance(found, list) or not all(is_update(one) for one in found):
            raise Garbled("no updates")
        return found

    async def stop_receiving(self) -> None:
        await self._wires[0].shutdown()

    def scrub(self, words: str) -> str:
        """Words from outside, short and without the token."""
        return words.replace(self.token, "…")[:120]

    def verdict(self, error: TelegramError) -> Later | Never:
        """What an error means for a message that was to be sent or changed."""
        if not isinstance(error, Refusal):
            return _trouble(error)
        if error.code == 429:
            return Later(error.retry_after or _SHORT, "too-many")
        if error.code == 403 or error.says(*_UNREACHABLE):
            return Never("blocked")
        if error.says(*_NOT_EDITABLE):
            return Never("cannot-edit")
        if error.code in (400, 413):
            return Never(f"refused: {self.scrub(error.description)}")
        return Later(30.0 if error.code in (401, 404) else _SHORT, f"status-{error.code}")


@dataclass(frozen=True)
class Pause:
    """Growing pauses between attempts, in seconds."""

    seconds: float = 1.0
    most: float = 30.0

    def longer(self) -> "Pause":
        return Pause(min(self.seconds * 2, self.most), self.most)

    def after(self, error: TelegramError) -> float:
        """How long to wait now: as long as Telegram asked for, if it did."""
        return max(self.seconds, error.retry_after if isinstance(error, Refusal) else 0.0)


def parse(content: bytes) -> dict[str, Any]:
    """One strict JSON object. Raises ValueError."""
    try:
        found = json.loads(content, parse_constant=_no_constant)
    except RecursionError as error:
        raise ValueError("too deep") from error
    if not isinstance(found, dict):
        raise ValueError("no object")
    return found


def is_update(found: Any) -> bool:
    return isinstance(found, dict) and type(found.get("update_id")) is int


def _refusal(code: int, content: bytes) -> Refusal:
    try:
        answer = parse(content)
    except ValueError:
        answer = {}
    description, parameters = answer.get("description"), answer.get("parameters")
    told = parameters if isinstance(parameters, dict) else {}
    retry_after, migrated_to = told.get("retry_after"), told.get("migrate_to_chat_id")
    return Refusal(
        code,
        description if isinstance(description, str) else f"status {code}",
        retry_after=float(retry_after) if isinstance(retry_after, int | float) else 0.0,
        migrated_to=migrated_to if isinstance(migrated_to, int) else 0,
    )


def _trouble(error: TelegramError) -> Later:
    """No answer at all. Only when the connection was never there it is sure that nothing arrived."""
    cause = error.__cause__
    has_begun = isinstance(cause, aiohttp.ClientError | TimeoutError) and not isinstance(cause, _NOT_SENT)
    is_sure = isinstance(error, NetworkError) and not has_begun
    return Later(_SHORT, type(cause or error).__name__, is_unknown=not is_sure)


def _result(content: bytes) -> Any:
    try:
        answer = parse(content)
    except ValueError:
        raise Garbled("no JSON") from None
    if "result" not in answer:
        raise Garbled("no result")
    return answer["result"]


def _form(told: dict[str, str], files: Mapping[str, Any]) -> aiohttp.FormData | None:
    if not told and not files:
        return None
    form = aiohttp.FormData(told)
    for name, (file_name, content, mime) in files.items():
        form.add_field(name, content, filename=file_name, content_type=mime)
    return form


def _proxy(url: str) -> str | None:
    """The proxy that the environment names for an address, looked up once and not at each call."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname):
        return None
    return getproxies().get(parts.scheme)


def _no_constant(name: str) -> float:
    raise ValueError(name)
