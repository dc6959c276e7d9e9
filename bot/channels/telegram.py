"""Telegram: raw updates into the inbox before they are confirmed, bubbles out (CHANNELS 2, RELIABILITY 2 and 3).

Bubbles carry inline keyboards only. A place or a telephone is typed, or attached with Telegram's own paper clip: a reply
keyboard can't stand under the same message, and a second message for it would be one too many.
"""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.base import Abilities, Accept, ChannelRefused, MediaGone, MediaLater, Result
from bot.channels.telegram_read import chat_of, read_update
from bot.channels.telegram_send import Letter, result_of
from handlers.bubbles import Bubble
from handlers.events import Event, Media
from storage.errors import StoreUnavailable

log = structlog.get_logger()

UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
POLL_SECONDS = 25
MOST_WEBHOOK = 1024 * 1024
_LONGEST_PAUSE = 30.0
_STORE_PAUSE = 1.0
_SECRET_HEADER = "x-telegram-bot-api-secret-token"
_LANGUAGE_CODES = {"zh-Hant": "", "zh-Hans": "", "en": "en"}
Commands = Mapping[str, Mapping[str, str]]


class Telegram:
    """One bot, by long polling, or by webhook when there is a public address and a secret."""

    name = "telegram"
    abilities = Abilities(
        text_chars=4096,
        label_chars=60,
        buttons=100,
        can_edit=True,
        can_ask_location=False,
        can_ask_contact=False,
        per_chat_seconds=0.05,  # short bursts are tolerated; a 429 says when they are not
        per_second=28,
    )

    def __init__(
        self,
        token: str,
        *,
        api_base: str,
        webhook_secret: str = "",
        public_url: str = "",
        on_fatal: Callable[[str], None],
        load_file: Callable[[str], bytes],
        commands: Commands | None = None,
    ) -> None:
        """`load_file` gives the bytes of a stored file, `on_fatal` ends the program with a reason, `commands` are words by
        language and command for the messenger's menu.
        """
        self._token, self._base = token, api_base
        self._secret = webhook_secret if public_url else ""
        self._public_url, self._on_fatal, self._load_file = public_url, on_fatal, load_file
        self._commands = commands or {}
        self._bot = Bot(
            token,
            base_url=f"{api_base}/bot",
            base_file_url=f"{api_base}/file/bot",
            request=HTTPXRequest(connection_pool_size=8, read_timeout=20, connect_timeout=10, media_write_timeout=60),
            get_updates_request=HTTPXRequest(connection_pool_size=1, read_timeout=POLL_SECONDS + 10, connect_timeout=10),
        )
        self._polling = HTTPXRequest(connection_pool_size=2, read_timeout=POLL_SECONDS + 10, connect_timeout=10)
        self._accept: Accept | None = None
        self._receiving: asyncio.Task[None] | None = None
        self.username = ""

    def routes(self) -> list[BaseRoute]:
        return [Route("/telegram", self._webhook, methods=["POST"])] if self._secret else []

    async def start(self, accept: Accept) -> None:
        """Raises ChannelRefused for a wrong token. Without a network it goes on trying in the background."""
        self._accept = accept
        await self._polling.initialize()
        try:
            await self._introduce()
        except InvalidToken as error:
            raise ChannelRefused("TELEGRAM_BOT_TOKEN: Telegram refuses it; copy it again from @BotFather") from error
        except (NetworkError, RetryAfter) as error:
            log.warning("telegram.away", error=type(error).__name__)
        self._receiving = asyncio.create_task(self._receive())

    async def stop(self) -> None:
        if self._receiving:
            self._receiving.cancel()
            await asyncio.gather(self._receiving, return_exceptions=True)
        await self._polling.shutdown()
        await self._bot.shutdown()

    def read(self, raw: dict[str, Any]) -> Event | None:
        update, received = raw.get("update"), raw.get("received_at")
        if not isinstance(update, dict):
            return None
        received_at = datetime.fromisoformat(received) if received else datetime.now(UTC)
        return read_update(update, _key(update), received_at=received_at)

    async def send(self, address: str, bubble: Bubble) -> Result:
        letter = Letter(bubble, self._load_file)
        return await result_of(lambda: self._post(int(address), letter), lambda chat: self._post(chat, letter))

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        letter = Letter(bubble, self._load_file)
        if len(letter.parts) > 1:
            return await self.send(address, bubble)
        text, entities = letter.parts[0]

        async def edit() -> str:
            await self._bot.edit_message_text(
                text, int(address), int(ref), entities=_entities(entities), reply_markup=_keyboard(letter),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )  # fmt: skip
            return ref

        return await result_of(edit, ref=ref)

    async def settle(self, address: str, ref: str) -> Result:
        async def settle() -> str:
            await self._bot.edit_message_reply_markup(int(address), int(ref), reply_markup=None)
            return ref

        return await result_of(settle, ref=ref)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        try:
            await self._bot.answer_callback_query(event.press, text=note[:200] or None)
        except TelegramError as error:  # late is late; the press counted all the same
            log.info("telegram.late_acknowledgement", error=type(error).__name__)

    async def fetch(self, media: Media, limit: int) -> bytes:
        try:
            file = await self._bot.get_file(media.handle)
            if (file.file_size or 0) > limit:
                raise MediaGone("too-large")
            data = bytes(await file.download_as_bytearray())
        except (NetworkError, RetryAfter) as error:
            words = str(error).lower()
            if "too big" in words:
                raise MediaGone("too-large") from error
            if "invalid file" in words or "wrong file" in words or "not found" in words:
                raise MediaGone("gone") from error
            raise MediaLater(type(error).__name__) from error
        except TelegramError as error:
            raise MediaGone("gone") from error
        if len(data) > limit:
            raise MediaGone("too-large")
        return data

    # Receiving

    async def _introduce(self) -> None:
        """Who we are, how updates come, and the commands of the menu."""
        if not self.username:
            await self._bot.initialize()
            self.username = self._bot.username
            for language, words in self._commands.items():
                code = _LANGUAGE_CODES.get(language, "")
                if code or language == "zh-Hant":
                    await self._bot.set_my_commands(list(words.items()), language_code=code or None)
        if self._secret:
            await self._bot.set_webhook(
                f"{self._public_url}/telegram", secret_token=self._secret, allowed_updates=list(UPDATES), max_connections=20
            )
        else:
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def _receive(self) -> None:
        """Until cancelled. A fatal answer ends the program: it must never live on deaf."""
        pause, is_introduced = 1.0, bool(self.username)
        offset = 0
        while True:
            try:
                if not is_introduced:
                    await self._introduce()
                    is_introduced = True
                if self._secret:
                    return
                offset = await self._poll(offset)
                pause = 1.0
            except StoreUnavailable:
                await asyncio.sleep(_STORE_PAUSE)
            except RetryAfter as error:
                await asyncio.sleep(_seconds(error))
            except Conflict:
                self._on_fatal(
                    "TELEGRAM_BOT_TOKEN: another program receives with this token; stop it, or use a token of its own"
                )
                return
            except InvalidToken:
                self._on_fatal("TELEGRAM_BOT_TOKEN: Telegram refuses it; copy it again from @BotFather")
                return
            except TelegramError as error:
                log.warning("telegram.poll", error=type(error).__name__, pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _poll(self, offset: int) -> int:
        """One long poll; every update is in the inbox before the next offset confirms it. Returns that offset."""
        query = {"timeout": POLL_SECONDS, "limit": 100, "allowed_updates": json.dumps(UPDATES)}
        address = f"{self._base}/bot{self._token}/getUpdates?" + urlencode(query | ({"offset": offset} if offset else {}))
        updates = await self._polling.post(address, read_timeout=POLL_SECONDS + 10)
        if not isinstance(updates, list):
            raise NetworkError("updates that are no list")
        for update in updates:
            await self._take(update)
            offset = max(offset, int(update["update_id"]) + 1) if _has_number(update) else offset
        return offset

    async def _take(self, update: Any) -> None:
        if self._accept is None or not isinstance(update, dict):
            return
        await self._accept(self.name, chat_of(update), _key(update), {"update": update})

    async def _webhook(self, request: Request) -> Response:
        """200 only when the update is stored; Telegram brings it again otherwise."""
        told = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(told.encode(), self._secret.encode()):
            log.warning("telegram.webhook_refused")
            return Response(status_code=403)
        try:
            body = await _body(request)
            update = json.loads(body)
        except (ValueError, RecursionError, ClientDisconnect):
            return Response(status_code=400)
        if not isinstance(update, dict) or not _has_number(update):
            return Response(status_code=400)
        try:
            await self._take(update)
        except StoreUnavailable:
            return Response(status_code=503)
        return Response()

    # Sending

    async def _post(self, chat: int, letter: Letter) -> str:
        """Files first, then the words with the keyboard, which is the message that is edited later; returns its number."""
        for send in letter.attachments(self._bot, chat):
            await send()
        ref = ""
        for n, (text, entities) in enumerate(letter.parts):
            keyboard = _keyboard(letter) if n == len(letter.parts) - 1 else None
            sent = await self._bot.send_message(
                chat, text, entities=_entities(entities), reply_markup=keyboard,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )  # fmt: skip
            ref = str(sent.message_id)
        return ref


def _keyboard(letter: Letter) -> InlineKeyboardMarkup | None:
    rows = [
        [
            InlineKeyboardButton(one.label, url=one.url)
            if one.url
            else InlineKeyboardButton(one.label, callback_data=one.token)
            for one in row
        ]
        for row in letter.rows
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _entities(spans: Sequence[tuple[int, int]]) -> list[MessageEntity]:
    return [MessageEntity(MessageEntity.BOLD, offset, length) for offset, length in spans]


def _key(update: Mapping[str, Any]) -> str:
    """Number and content: numbers may begin again lower (RELIABILITY 3)."""
    content = json.dumps(update, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
    return f"{update.get('update_id', '')}:{hashlib.sha256(content).hexdigest()[:16]}"


def _has_number(update: Any) -> bool:
    number = update.get("update_id") if isinstance(update, dict) else None
    return isinstance(number, int) and not isinstance(number, bool)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_WEBHOOK:
            raise ValueError("too large")
    return bytes(body)
