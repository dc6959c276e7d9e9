"""Telegram as a channel (CHANNELS 2)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from starlette.routing import BaseRoute, Route
from telegram.error import TelegramError

from bot.channels.base import (
    FIRST,
    Abilities,
    Accept,
    Always,
    Attempt,
    ChannelRefused,
    Duty,
    Edits,
    MediaGone,
    MediaLater,
    Result,
)
from bot.channels.parts import Parts
from bot.channels.telegram_check import check_token
from bot.channels.telegram_intake import PATH, Intake
from bot.channels.telegram_read import read_update
from bot.channels.telegram_say import LABEL_CHARS, TEXT_UNITS
from bot.channels.telegram_send import Sender
from bot.channels.telegram_wire import ApiBot, Refusal
from handlers.bubbles import Bubble
from handlers.events import Event, Media

log = structlog.get_logger()

NOTE_CHARS = 200
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+", re.ASCII)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}", re.ASCII)
_ACKNOWLEDGE_SECONDS = 5.0
_NO_TOKEN = "TELEGRAM_BOT_TOKEN: is no token; copy it from @BotFather, it looks like 123456:ABC-def"


def build(parts: Parts) -> "Telegram | None":
    """Telegram, when there is a token."""
    settings = parts.settings
    if not settings.telegram_bot_token:
        return None
    secret = settings.telegram_webhook_secret
    return Telegram(
        settings.telegram_bot_token.get_secret_value(),
        api_base=settings.telegram_api_base,
        webhook_secret=secret.get_secret_value() if secret else "",
        public_url=settings.public_url,
        on_fatal=parts.on_fatal,
        load_file=parts.load_file,
        commands=parts.commands,
        polling=parts.receives(Telegram.name),
    )


def _no_file(sha256: str) -> bytes:
    raise LookupError(sha256)


class Telegram:
    """Long polling, or a webhook when `webhook_secret` and `public_url` are both given.

    Only inline keyboards are used. Telegram's buttons for sharing a place or a telephone need the other sort of keyboard,
    of which a message can have but one; an address or number may always be typed, and the paper clip shares a place or
    a contact as well. So the abilities say that neither can be asked for.
    """

    name = "telegram"
    is_sending = True
    abilities = Abilities(
        text_chars=TEXT_UNITS,
        label_chars=LABEL_CHARS,
        buttons=100,
        edits=Edits.ANY,
        can_ask_location=False,
        can_ask_contact=False,
        per_chat_seconds=0.05,  # Telegram bears short bursts and says 429 when it is too much
        per_second=29,  # of 30; a second's burst is borne as well
    )

    def __init__(
        self,
        token: str,
        *,
        api_base: str,
        webhook_secret: str = "",
        public_url: str = "",
        on_fatal: Callable[[str], None],
        load_file: Callable[[str], bytes] = _no_file,
        commands: Mapping[str, Mapping[str, str]] | None = None,
        patience: float = 20.0,
        poll_seconds: int = 25,
        polling: Duty | None = None,
    ) -> None:
        """`load_file` gives the bytes of a stored file by SHA-256 and runs in a thread; raises OSError or LookupError.

        `commands`: language -> command -> words for the menu; the first language is everybody's who has no own.
        `patience`: seconds to wait for an answer; `poll_seconds`: how long a poll may wait for news; `polling`: the duty to
        poll, since Telegram bears but one.
        """
        self._token, self._secret, self._api_base = token, webhook_secret, api_base
        self._bot = ApiBot(token or "0:none", api_base, patience=patience)
        self._sender = Sender(self._bot, load_file)
        webhook = (f"{public_url}{PATH}", webhook_secret) if webhook_secret and public_url else None
        self._intake = Intake(
            self._bot,
            self.name,
            on_fatal=on_fatal,
            webhook=webhook,
            commands=commands or {},
            poll_seconds=poll_seconds,
            polling=polling or Always(),
        )
        self._is_called = webhook is not None

    @property
    def username(self) -> str:
        """The bot's name for links, empty until Telegram has been reached."""
        return self._intake.username

    def join_link(self) -> str:
        return f"https://t.me/{self.username}?start={{code}}" if self.username else ""

    def weight(self, bubble: Bubble) -> int:
        """Bursts are borne, see `per_chat_seconds`."""
        return 1

    async def check(self) -> list[tuple[bool, str]]:
        if not _TOKEN.fullmatch(self._token):
            return [(False, _NO_TOKEN)]
        return [await check_token(self._token, self._api_base)]

    def routes(self) -> list[BaseRoute]:
        return [Route(PATH, self._intake.hook, methods=["POST"])] if self._is_called else []

    async def start(self, accept: Accept) -> None:
        if not _TOKEN.fullmatch(self._token):
            raise ChannelRefused(_NO_TOKEN)
        if self._is_called and not _SECRET.fullmatch(self._secret):
            raise ChannelRefused("TELEGRAM_WEBHOOK_SECRET: use 1 to 256 letters, digits, _ and - only")
        await self._intake.start(accept)

    async def stop(self) -> None:
        await self._intake.stop()

    def read(self, raw: dict[str, Any]) -> Event | None:
        return read_update(raw, self.name)

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        return await self._sender.send(address, bubble)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        return await self._sender.edit(address, ref, bubble)

    async def settle(self, address: str, ref: str) -> Result:
        return await self._sender.settle(address, ref)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """Late answers are refused ("query is too old"), which does no harm: the press counts all the same."""
        try:
            await self._bot.answer_callback_query(
                event.press, text=note[:NOTE_CHARS] or None, read_timeout=_ACKNOWLEDGE_SECONDS
            )
        except TelegramError as error:
            log.debug("telegram.not_acknowledged", error=type(error).__name__)

    async def fetch(self, media: Media, limit: int) -> bytes:
        try:
            file = await self._bot.get_file(media.handle)
            if (file.file_size or 0) > limit:
                raise MediaGone("too-large")
            if not file.file_path:
                raise MediaGone("gone")
            data = await self._bot.request.retrieve(file.file_path)
        except Refusal as refusal:
            if refusal.says("file is too big"):
                raise MediaGone("too-large") from None
            if refusal.code in (400, 403, 404) and not refusal.says("temporarily"):
                raise MediaGone("gone") from None
            raise MediaLater(f"status-{refusal.code}") from None
        except TelegramError as error:
            raise MediaLater(type(error).__name__) from None
        if len(data) > limit:
            raise MediaGone("too-large")
        return data
