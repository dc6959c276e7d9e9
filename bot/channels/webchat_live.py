"""Live updates of the web chat: who listens is woken after the commit; the database is asked every few seconds as well."""

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import structlog

from storage.calls import Calls
from storage.errors import StoreUnavailable
from storage.webchat import WebMessage

log = structlog.get_logger()

LOOK_AGAIN = 3.0  # seconds; another process may have written, and its call may be lost
_SUBJECT = "web"
MOST_STREAMS, MOST_STREAMS_A_CHAT = 2000, 12
_QUIET_ROUNDS = 5  # looks without news before a sign of life, so that proxies keep the line open

News = Callable[[str, int], Awaitable[list[WebMessage]]]
Frame = Callable[[str, dict[str, Any], int], str]


@dataclass(eq=False)
class Ear:
    """One open page."""

    heard: asyncio.Event = field(default_factory=asyncio.Event)
    notes: list[dict[str, Any]] = field(default_factory=list)


class Bell:
    """Wakes the open pages of a chat, also those that another process serves."""

    def __init__(self, calls: Calls | None = None) -> None:
        self._ears: dict[str, set[Ear]] = defaultdict(set)
        self._calls = calls or Calls()
        self._calls.on(_SUBJECT, self._called)
        self.is_closed = False

    def ring(self, address: str, note: dict[str, Any] | None = None) -> None:
        self._ring(address, note)
        self._calls.say(_SUBJECT, json.dumps([address, note]))

    def _called(self, words: str) -> None:
        if words:
            self._ring(*json.loads(words))

    def _ring(self, address: str, note: dict[str, Any] | None) -> None:
        for ear in self._ears.get(address, ()):
            if note:
                ear.notes.append(note)
            ear.heard.set()

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self.is_closed = True
        for address in list(self._ears):
            self._ring(address, None)

    def is_full(self, address: str) -> bool:
        everywhere = sum(len(ears) for ears in self._ears.values())
        return everywhere >= MOST_STREAMS or len(self._ears.get(address, ())) >= MOST_STREAMS_A_CHAT

    @contextlib.contextmanager
    def listen(self, address: str) -> Iterator[Ear]:
        ear = Ear()
        self._ears[address].add(ear)
        try:
            yield ear
        finally:
            self._ears[address].discard(ear)
            if not self._ears[address]:
                del self._ears[address]


async def stream(bell: Bell, address: str, rev: int, news: News, frame: Frame) -> AsyncIterator[str]:
    """Server-sent events from `rev` on, until the page goes or the server stops."""
    quiet = 0
    with bell.listen(address) as ear:
        yield "retry: 1500\n\n"
        while not bell.is_closed:
            ear.heard.clear()
            try:
                changed = await news(address, rev)
            except StoreUnavailable:
                log.warning("webchat.stream_cut")
                return
            for one in changed:
                rev = one.rev
                yield frame("message", wire(one), rev)
            while ear.notes:
                yield frame("note", ear.notes.pop(0), rev)
            quiet = 0 if changed else quiet + 1
            if quiet >= _QUIET_ROUNDS:
                quiet = 0
                yield ": \n\n"
            if not changed:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(ear.heard.wait(), LOOK_AGAIN)


def wire(message: WebMessage) -> dict[str, Any]:
    """A bubble as the page gets it; handles of uploads stay with us."""
    if message.is_removed:
        return {"id": str(message.id), "rev": message.rev, "removed": True}
    body = {key: value for key, value in message.body.items() if key != "uploads"}
    return {
        "id": str(message.id),
        "rev": message.rev,
        "side": message.side,
        "key": message.client_key,
        "at": int(message.at.timestamp() * 1000),
        "edited": message.edited_at is not None,
        "body": body,
    }
