"""How fast a messenger may be spoken to, and who goes first when there is more to say than may be said."""

import asyncio
import heapq
import itertools
import time
from collections import defaultdict, deque

from bot.channels.base import Abilities

PACE = "pace"
"""Reason of a `Later` that our own limits gave."""

PATIENCE = 5.0
"""Seconds that a chat's turn may be waited for in place; when it is longer the message is put off."""


AHEAD = 2.0
"""So many seconds' worth of messages may wait for their turn in memory; the rest waits in the outbox, where others see it."""

_BURST = 0.1
"""Seconds' worth of messages that may go at once after a pause, so that a late wake-up costs none of the limit."""


class Turns:
    """At most `per_second` over all chats: the more urgent first, of equals whoever has waited longest.

    `share` is how much of the limit this process may use up, the rest being others'.
    """

    def __init__(self, per_second: float) -> None:
        self.share = 1.0
        self._per_second = per_second
        self._next = 0.0  # by the loop's clock: when the next may go
        self._line: list[tuple[int, int, int, asyncio.Future[None]]] = []  # a heap: urgency, place, weight
        self._asking: dict[str, tuple[int, asyncio.Future[None]]] = {}
        self._places = itertools.count()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def most(self) -> int:
        """How many may wait at a time."""
        return max(1, int(AHEAD * self._per_second * self.share))

    async def come(self, chat: str, urgency: int, weight: int = 1) -> None:
        """Wait for the turn of a chat, which waits for one at a time; a message of some weight takes as many places."""
        loop = asyncio.get_running_loop()
        if not self._asking and loop.time() >= self._next:
            self._take(loop.time(), weight)
            return
        future: asyncio.Future[None] = loop.create_future()
        self._asking[chat] = weight, future
        heapq.heappush(self._line, (urgency, next(self._places), weight, future))
        self._set_timer(loop)
        try:
            await future
        finally:
            del self._asking[chat]

    def hurry(self, chat: str, urgency: int) -> None:
        """Something as urgent as that waits behind what a chat is waiting for."""
        if chat in self._asking:
            weight, future = self._asking[chat]
            heapq.heappush(self._line, (urgency, next(self._places), weight, future))

    def _take(self, now: float, weight: int) -> None:
        self._next = max(self._next, now - _BURST) + weight / (self._per_second * self.share)

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._timer is None and self._line:
            self._timer = loop.call_at(self._next, self._call, loop)

    def _call(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let those go whose turn has come."""
        self._timer = None
        while self._line and loop.time() >= self._next:
            _, _, weight, future = heapq.heappop(self._line)
            if not future.done():  # it may have gone away, or have been hurried
                future.set_result(None)
                self._take(loop.time(), weight)
        self._set_timer(loop)


class Bucket:
    """A pause between two messages to one chat, and the chat's paces; `turns` is the limit over all chats.

    Paces go by the time of day, as everything does that outlives a process.
    """

    def __init__(self, abilities: Abilities) -> None:
        self.turns = Turns(abilities.per_second)
        self._chat_gap = abilities.per_chat_seconds
        self._paces = abilities.paces
        self._chats: dict[str, float] = {}
        self._said: defaultdict[str, deque[float]] = defaultdict(deque)

    @property
    def memory(self) -> float:
        """Seconds for which a message counts against a pace, 0 where there is none."""
        return max((pace.seconds for pace in self._paces), default=0.0)

    def forget(self) -> None:
        """Before everything that counts is told anew."""
        self._said.clear()

    def note(self, chat: str, seconds_ago: float) -> None:
        """A message that was sent before this bucket was there; to be told in the order of sending."""
        self._said[chat].append(time.time() - seconds_ago)

    def wait(self, chat: str, weight: int = 1) -> float:
        """Reserve the place of a message in its chat, where it counts `weight` times; returns the seconds to wait for it.

        A wait for a pace reserves nothing when it is long: whoever puts the message off asks again.
        """
        now = time.monotonic()
        held = self._held_for(chat, weight)
        if held > PATIENCE:
            return held
        at = max(now, self._chats.get(chat, 0.0), now + held)
        self._chats[chat] = at + self._chat_gap
        if self._paces:
            self._said[chat].extend([time.time() + at - now] * weight)
        if len(self._chats) > 10_000:
            self._chats = {one: until for one, until in self._chats.items() if until > now}
        return at - now

    def _held_for(self, chat: str, weight: int) -> float:
        """Seconds until the paces let so many more messages go. A clock that was put back holds nobody up for longer."""
        now, held = time.time(), 0.0
        said = self._said[chat] if self._paces else deque[float]()
        while said and said[0] < now - self.memory:
            said.popleft()
        for pace in self._paces:
            n_more = min(weight, pace.most)  # what is heavier than the pace itself goes when nothing else counts
            if len(said) + n_more > pace.most:
                held = max(held, min(said[len(said) + n_more - pace.most - 1], now + PATIENCE) + pace.seconds - now)
        return held
