"""What the smart bot's cards need besides being sent: they can be changed for five seconds after a press, and only then."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from bot.channels.wecom_bot_say import Card, packed, unpacked
from storage import notes
from storage.writer import Store

WINDOW = 4.5
"""Seconds in which a press or an entering may be answered; WeCom allows 5."""

_LIFE = timedelta(days=7)  # of a card that nobody pressed
_MOST_OPEN = 1000


@dataclass(frozen=True)
class Press:
    """A pressed button whose card can still be changed by answering `req_id`."""

    req_id: str
    card: str
    token: str
    until: float


class Windows:
    """Presses and enterings that can still be answered, each of them once."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._presses: dict[str, Press] = {}
        self._welcomes: dict[str, tuple[str, float]] = {}

    def pressed(self, card: str, token: str, req_id: str) -> None:
        self._tidy()
        self._presses[card] = Press(req_id, card, token, self._clock() + WINDOW)

    def entered(self, chat: str, req_id: str) -> None:
        self._tidy()
        self._welcomes[chat] = (req_id, self._clock() + WINDOW)

    def take_press(self, card: str, req_id: str = "") -> Press | None:
        """The press on a card (the one with `req_id` if given) if it can be answered, which is then used up."""
        press = self._presses.get(card)
        if press is None or (req_id and press.req_id != req_id):
            return None
        del self._presses[card]
        return press if press.until > self._clock() else None

    def take_welcome(self, chat: str) -> str:
        """The req_id by which somebody who came in can be welcomed, empty when it is too late."""
        req_id, until = self._welcomes.pop(chat, ("", 0.0))
        return req_id if until > self._clock() else ""

    def _tidy(self) -> None:
        now = self._clock()
        if len(self._presses) + len(self._welcomes) >= _MOST_OPEN:
            self._presses = {card: one for card, one in self._presses.items() if one.until > now}
            self._welcomes = {chat: one for chat, one in self._welcomes.items() if one[1] > now}


class Album:
    """Cards as they were sent, for as long as somebody may press them."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store, self._channel = store, channel
        self._leaving: dict[str, Card] = {}  # pressed, perhaps, before they are written down

    def expect(self, task: str, card: Card) -> None:
        """A card is about to be sent, and may be pressed at once."""
        self._leaving[task] = card

    async def keep(self, task: str, card: Card) -> None:
        """Remember a card. Raises StoreUnavailable."""
        try:
            await self._write(task, card)
        finally:
            self._leaving.pop(task, None)

    async def _write(self, task: str, card: Card) -> None:
        until = datetime.now(UTC) + _LIFE
        await self._store.write(lambda c: notes.put(c, self._channel, _key(task), packed(card), until=until))

    async def find(self, task: str) -> Card | None:
        """Raises StoreUnavailable."""
        if task in self._leaving:
            return self._leaving[task]
        found: dict[str, Any] | None = await self._store.read(
            partial(notes.get, channel=self._channel, key=_key(task), now=datetime.now(UTC))
        )
        return unpacked(found) if found is not None else None

    async def drop(self, task: str) -> None:
        """Raises StoreUnavailable."""
        await self._store.write(lambda c: notes.drop(c, self._channel, _key(task)))


def _key(task: str) -> str:
    return f"card:{task}"[:160]


def loop_time() -> float:
    """A clock that nobody turns."""
    return asyncio.get_running_loop().time()
