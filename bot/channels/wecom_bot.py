"""WeCom's smart bot over its long connection: the channel for staff where there is no public address (CHANNELS 1c)."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from starlette.routing import BaseRoute

from bot.channels import wecom_bot_media, wecom_bot_say
from bot.channels.base import FIRST, Abilities, Accept, Attempt, Edits, Pace, Result
from bot.channels.parts import Parts
from bot.channels.wecom_bot_cards import Album, Windows, loop_time
from bot.channels.wecom_bot_intake import Intake
from bot.channels.wecom_bot_line import Key, Line, Timing
from bot.channels.wecom_bot_media import Uploads
from bot.channels.wecom_bot_read import read_update
from bot.channels.wecom_bot_send import Sender
from bot.settings import SettingsError
from handlers.bubbles import Bubble
from handlers.events import Event, Media
from storage.errors import StoreUnavailable
from storage.writer import Store

log = structlog.get_logger()

_TICK_AFTER = 1.0
"""Seconds after a press was handled until its card is ticked, unless it was changed by then in a better way."""


def build(parts: Parts) -> "WeComBot | None":
    """The smart bot, when it has an id and a secret. Raises SettingsError when one of them is missing."""
    settings = parts.settings
    bot_id, secret = settings.wecom_bot_id, settings.wecom_bot_secret
    if not bot_id and not secret:
        return None
    if not bot_id or not secret:
        missing, given = ("SECRET", "ID") if bot_id else ("ID", "SECRET")
        raise SettingsError(f"WECOM_BOT_{missing}: is empty while WECOM_BOT_{given} is set; copy both from the bot's page")
    key = Key(settings.wecom_bot_url, bot_id, secret.get_secret_value())
    return WeComBot(key, parts.store, load_file=parts.load_file, on_fatal=parts.on_fatal, holder=parts.holder)


class WeComBot:
    """One long connection, held by one of our processes. Nothing can be changed later than five seconds after a press on it."""

    name = "wecom-bot"
    abilities = Abilities(
        text_chars=0,
        text_bytes=wecom_bot_say.TEXT_BYTES,
        label_chars=wecom_bot_say.LABEL_CHARS,
        buttons=100,  # six at a time; the last one turns to the next
        edits=Edits.SOMETIMES,
        can_ask_location=False,
        can_ask_contact=False,
        takes_location=False,
        caption_chars=0,
        paces=(Pace(30, 60.0), Pace(1000, 3600.0)),
        is_connection=True,
    )

    def __init__(
        self,
        key: Key,
        store: Store,
        *,
        load_file: Callable[[str], bytes],
        on_fatal: Callable[[str], None],
        timing: Timing | None = None,
        holder: str = "",
    ) -> None:
        """`load_file` gives the bytes of a stored file by SHA-256 and runs in a thread; raises OSError or LookupError."""
        self._windows, self._album = Windows(loop_time), Album(store, self.name)
        timing = timing or Timing()
        self._line = Line(key, store, self.name, on_callback=self._take, on_fatal=on_fatal, timing=timing, holder=holder)
        uploads = Uploads(store, self.name, self._line.ask)
        self._sender = Sender(self._line.ask, uploads, self._album, self._windows, load_file)
        self._intake = Intake(
            store, self.name, album=self._album, windows=self._windows, turn_page=self._sender.turn_page, on_fatal=on_fatal
        )
        self._ticking: set[asyncio.Task[None]] = set()

    @property
    def is_sending(self) -> bool:
        """Only the process that holds the connection sends; what others say waits in the outbox for it."""
        return self._line.is_open

    def routes(self) -> list[BaseRoute]:
        return []

    async def start(self, accept: Accept) -> None:
        self._intake.start(accept)
        await self._line.start()

    async def stop(self) -> None:
        await self._line.stop()
        await self._intake.stop()

    def read(self, raw: dict[str, Any]) -> Event | None:
        return read_update(raw, self.name)

    def weight(self, bubble: Bubble) -> int:
        return wecom_bot_say.weight(bubble)

    def join_link(self) -> str:
        """None: a colleague sends the code to the bot."""
        return ""

    async def check(self) -> list[tuple[bool, str]]:
        trouble = await self._line.probe()
        return [(False, trouble)] if trouble else [(True, "WECOM_BOT_ID: good, WeCom takes the long connection")]

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        return await self._sender.send(address, bubble, attempt, has_written=partial(self._intake.has_written, address))

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        return await self._sender.edit(ref, bubble)

    async def settle(self, address: str, ref: str) -> Result:
        return await self._sender.settle(ref)

    async def acknowledge(self, event: Event, note: str = "") -> None:
        """Tick the pressed button, unless what the press has changed shows on its card within a moment."""
        task = asyncio.create_task(self._tick(event))
        self._ticking.add(task)
        task.add_done_callback(self._ticking.discard)

    async def fetch(self, media: Media, limit: int) -> bytes:
        return await wecom_bot_media.fetch(media, limit)

    def _take(self, frame: dict[str, Any]) -> None:
        self._intake.take(frame)

    async def _tick(self, event: Event) -> None:
        await asyncio.sleep(_TICK_AFTER)
        try:
            await self._sender.tick(event.message, event.press)
        except StoreUnavailable:
            log.warning("wecom_bot.not_ticked")
