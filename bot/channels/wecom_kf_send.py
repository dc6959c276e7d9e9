"""Sending through 微信客服: words first, then pictures and files, each with an id that WeCom takes only once."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import structlog

from bot.channels.base import Attempt, Later, Never, Result, Sent, Shut
from bot.channels.webchat_files import type_of
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_errors import BAD_MEDIA, WecomError, WecomRefusal, WecomSilence, verdict
from bot.channels.wecom_kf_read import msgid
from bot.channels.wecom_kf_say import Message, compose
from handlers.bubbles import Bubble
from storage import notes
from storage.errors import StoreUnavailable
from storage.writer import Store

log = structlog.get_logger()

SEND, GREET = "/cgi-bin/kf/send_msg", "/cgi-bin/kf/send_msg_on_event"
_SHUT = {95001: "spent", 95002: "over", 95013: "ended", 95018: "session"}
_NOBODY = frozenset({40096, 84061})
_SETUP = frozenset({95000, 95011, 95017})
_SETUP_SECONDS = 60.0
_MOST_VOICE = 2 << 20
_EXTENSIONS = {"application/pdf": ".pdf", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "image/webp": ".webp"}


class Sender:
    """Says bubbles to customers of one account."""

    def __init__(self, api: WecomApi, store: Store, load_file: Callable[[str], bytes], *, open_kfid: str, name: str) -> None:
        """`load_file` gives the bytes of a stored file by SHA-256 and runs in a thread; raises OSError or LookupError."""
        self._api, self._store, self._load_file = api, store, load_file
        self._open_kfid, self._name = open_kfid, name

    async def send(self, address: str, bubble: Bubble, attempt: Attempt) -> Result:
        """When the words are there, a file that doesn't follow them is no reason to say them again."""
        ref = attempt.key or uuid4().hex[:26]
        spoken = compose(bubble)
        for n, message in enumerate(spoken.messages):
            result = await self._say(address, message, msgid(ref, n), attempt)
            if not isinstance(result, Sent):
                return result
        for n, (sha256, called) in enumerate(bubble.media, len(spoken.messages)):
            result = await self._file(address, sha256, called, msgid(ref, n), attempt)
            if isinstance(result, Later):
                return result
            if not isinstance(result, Sent):
                log.warning("kf.file_left_out", reason=result.reason)
        return Sent(ref, spoken.numbered)

    async def _say(self, address: str, message: Message, name: str, attempt: Attempt) -> Result:
        try:
            if code := await self._greeting(address):
                try:
                    await self._api.call(GREET, {"code": code, "msgid": name} | message)
                    return Sent(name)
                except WecomRefusal as refusal:
                    log.info("kf.not_greeted", code=refusal.code)  # the 20 seconds are over; it may be said all the same
            await self._api.call(SEND, {"touser": address, "open_kfid": self._open_kfid, "msgid": name} | message)
        except WecomError as error:
            return _meaning(error, name, attempt)
        except StoreUnavailable as error:
            return Later(2.0, str(error))
        return Sent(name)

    async def _greeting(self, address: str) -> str:
        """The code with which a customer who has just come in may be greeted, once."""
        key, now = welcome_key(address), datetime.now(UTC)
        if await self._store.read(lambda c: notes.get(c, self._name, key, now=now)) is None:
            return ""
        found = await self._store.write(lambda c: notes.take(c, self._name, key, now=now))
        return str(found["code"]) if found else ""

    async def _file(self, address: str, sha256: str, called: str, name: str, attempt: Attempt) -> Result:
        try:
            content = await asyncio.to_thread(self._load_file, sha256)
        except (OSError, LookupError):
            return Never("file-missing")
        kind, filename = _sort(content, sha256)
        for is_again in (False, True):
            try:
                media_id = await self._api.upload(kind, content, called or filename, again=is_again)
            except WecomSilence as silence:
                return Later(3.0, silence.reason)
            except WecomError as error:
                return verdict(error)
            told = {"msgtype": kind, kind: {"media_id": media_id}}
            result = await self._say(address, told, f"{name}b" if is_again else name, attempt)
            if not (isinstance(result, Never) and result.reason == f"refused-{BAD_MEDIA}"):
                break
        return result


def welcome_key(address: str) -> str:
    """Under which the code to greet a customer with is noted."""
    return f"welcome:{address}"


def _meaning(error: WecomError, name: str, attempt: Attempt) -> Result:
    code = error.code if isinstance(error, WecomRefusal) else 0
    if code in _SHUT:
        return Shut(_SHUT[code])
    if code in _NOBODY:
        return Never("unknown-address")
    if code in _SETUP:
        return Later(_SETUP_SECONDS, f"set-up-{code}")
    meant = verdict(error)
    if attempt.is_repeat and isinstance(meant, Never) and code != BAD_MEDIA:
        return Sent(name)  # which number a repeated id is refused with isn't published; it was good enough the first time
    return meant


def _sort(content: bytes, sha256: str) -> tuple[str, str]:
    """How WeCom wants a file: (type, name)."""
    mime = type_of(content)
    if mime in ("image/jpeg", "image/png"):
        return "image", f"{sha256[:12]}.{mime.removeprefix('image/')}"
    if mime == "audio/amr" and len(content) <= _MOST_VOICE:
        return "voice", f"{sha256[:12]}.amr"
    return "file", f"{sha256[:12]}{_EXTENSIONS.get(mime, '.bin')}"
