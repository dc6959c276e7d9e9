"""Receiving from the smart bot: WeCom says each thing once, so it is stored first, and waits in memory while storage can't."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import structlog

from bot.channels.base import Accept
from bot.channels.wecom_bot_cards import Album, Press, Windows
from bot.channels.wecom_bot_read import GROUP, chat_of, is_entering, key_of, parts_of, pressed, req_id_of
from bot.channels.wecom_bot_say import Card, next_page
from bot.channels.wecom_bot_wire import MESSAGE, Frame
from storage import notes
from storage.errors import StoreUnavailable
from storage.writer import Store

T = TypeVar("T")
log = structlog.get_logger()

_STORE_WAIT = 1.0
_MOST_WAITING = 10_000

# Shows another page of a card as the answer to a press.
TurnPage = Callable[[Card, Press, int], Coroutine[Any, Any, None]]


class Intake:
    """Takes callbacks as fast as they come and stores them one after the other, in their order."""

    def __init__(
        self,
        store: Store,
        channel: str,
        *,
        album: Album,
        windows: Windows,
        turn_page: TurnPage,
        on_fatal: Callable[[str], None],
    ) -> None:
        self._store, self._channel, self._album, self._windows = store, channel, album, windows
        self._turn_page, self._on_fatal = turn_page, on_fatal
        self._waiting: asyncio.Queue[Frame] = asyncio.Queue(_MOST_WAITING)
        self._known: set[str] = set()  # chats of which it is noted that they wrote
        self._turning: set[asyncio.Task[None]] = set()
        self._accept: Accept | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self, accept: Accept) -> None:
        self._accept = accept
        self._task = asyncio.create_task(self._store_all())
        self._task.add_done_callback(self._ended)

    async def stop(self, seconds: float = 5.0) -> None:
        """Store what has come, then take no more."""
        if self._task is None:
            return
        joining = asyncio.create_task(self._waiting.join())
        await asyncio.wait({joining, self._task}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in (joining, self._task):
            task.cancel()
        await asyncio.wait({joining, self._task})
        if not self._waiting.empty():
            log.error("wecom_bot.not_stored", callbacks=self._waiting.qsize())

    def take(self, frame: Frame) -> None:
        """A callback has come. What can be answered only at once is noted at once."""
        card, token = pressed(frame)
        if card:
            self._windows.pressed(card, token, req_id_of(frame))
        elif is_entering(frame):
            self._windows.entered(chat_of(frame), req_id_of(frame))
        try:
            self._waiting.put_nowait(frame)
        except asyncio.QueueFull:
            log.error("wecom_bot.overrun")

    async def has_written(self, chat: str) -> bool:
        """Whether somebody ever wrote here; having come in is not enough for WeCom. Raises StoreUnavailable."""
        if chat in self._known:
            return True
        now = datetime.now(UTC)
        return await self._store.read(lambda c: notes.get(c, self._channel, _wrote(chat), now=now)) is not None

    async def _store_all(self) -> None:
        while True:
            frame = await self._waiting.get()
            await self._keep(frame)
            self._waiting.task_done()

    async def _keep(self, frame: Frame) -> None:
        assert self._accept is not None  # else nothing runs
        card, token = pressed(frame)
        page = next_page(token)
        if page is not None and await self._is_turned(card, page):
            return
        chat, key = chat_of(frame), key_of(frame)
        for n, raw in enumerate(parts_of(frame)):
            await _insist(partial(self._accept, self._channel, chat, f"{key}#{n}" if n else key, raw))
        if frame.get("cmd") == MESSAGE and chat and not chat.startswith(GROUP) and chat not in self._known:
            await _insist(partial(self._store.write, lambda c: notes.put(c, self._channel, _wrote(chat), {})))
            self._known.add(chat)

    async def _is_turned(self, card: str, page: int) -> bool:
        """Show a card's next buttons; False when the card is forgotten, so that the press is answered in words."""
        found = await _insist(partial(self._album.find, card))
        if found is None:
            return False
        press = self._windows.take_press(card)
        if press is not None:
            turning = asyncio.create_task(self._turn_page(found, press, page))
            self._turning.add(turning)
            turning.add_done_callback(self._turning.discard)
        return True

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A dead intake must not leave a process that lives on deaf."""
        with contextlib.suppress(asyncio.CancelledError):
            if (error := task.exception()) is not None:
                log.error("wecom_bot.intake_died", error=type(error).__name__)
                self._on_fatal(f"wecom-bot: receiving ended with {type(error).__name__}")


async def _insist(act: Callable[[], Awaitable[T]]) -> T:
    """Do it as soon as storage lets us: nobody will say it again."""
    while True:
        try:
            return await act()
        except StoreUnavailable:
            log.warning("wecom_bot.not_stored_yet")
            await asyncio.sleep(_STORE_WAIT)


def _wrote(chat: str) -> str:
    return f"wrote:{chat}"
