"""The Bot API as we need it: raw updates, refusals with their code, and nothing that could show the token."""

import json
import logging
from dataclasses import dataclass
from typing import Any

import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest, RequestData

from bot.channels.base import Later, Never

KINDS = ("message", "edited_message", "callback_query", "my_chat_member", "channel_post")
"""What we ask Telegram for."""

_SHORT = 2.0  # seconds until the next attempt after a short trouble
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
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


class Wire(HTTPXRequest):
    """HTTP to Telegram. Refusals keep their code, which python-telegram-bot drops; answers are never logged."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *args: Any, **kwargs: Any
    ) -> tuple[int, bytes]:
        code, content = await super().do_request(url, method, request_data, *args, **kwargs)
        if not 200 <= code <= 299:
            raise _refusal(code, content)
        if method == "POST":
            try:
                answer = parse(content)
            except ValueError:
                raise Garbled("no JSON") from None
            if "result" not in answer:
                raise Garbled("no result")
        return code, content


class ApiBot(Bot):
    """python-telegram-bot's client on our wires."""

    def __init__(self, token: str, api_base: str, *, patience: float) -> None:
        """`patience` is the number of seconds to wait for an answer."""
        for noisy in ("httpx", "httpcore", "telegram"):
            logging.getLogger(noisy).setLevel(logging.WARNING)  # what they say below that holds the token
        self._wires = [
            Wire(pool, read_timeout=patience, write_timeout=patience, pool_timeout=patience, media_write_timeout=60.0)
            for pool in (2, 64)
        ]
        base, files = f"{api_base}/bot", f"{api_base}/file/bot"
        super().__init__(token, base, files, get_updates_request=self._wires[0], request=self._wires[1])

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
    is_sure = isinstance(error, NetworkError) and (isinstance(cause, _NOT_SENT) or not isinstance(cause, httpx.HTTPError))
    return Later(_SHORT, type(cause or error).__name__, is_unknown=not is_sure)


def _no_constant(name: str) -> float:
    raise ValueError(name)
