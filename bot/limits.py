"""How fast a messenger may be spoken to."""

import time
from collections import defaultdict, deque

from bot.channels.base import Abilities

PACE = "pace"
"""Reason of a `Later` that our own limits gave."""

PATIENCE = 5.0
"""Seconds that a chat's turn may be waited for in place; when it is longer the message is put off."""


class Bucket:
    """At most `per_second` over all chats, a pause between two messages to one chat, and the chat's paces.

    `share` is how much of the limit over all chats this process may use up, the rest being others'. Paces go by the time of
    day, as everything does that outlives a process.
    """

    def __init__(self, abilities: Abilities) -> None:
        self.share = 1.0
        self._gap, self._chat_gap = 1.0 / abilities.per_second, abilities.per_chat_seconds
        self._paces = abilities.paces
        self._next = 0.0
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
        """Reserve the place of a message that counts `weight` times; returns the seconds to wait for it.

        A wait for a pace reserves nothing when it is long: whoever puts the message off asks again.
        """
        now = time.monotonic()
        held = self._held_for(chat, weight)
        if held > PATIENCE:
            return held
        at = max(now, self._next, self._chats.get(chat, 0.0), now + held)
        self._next = max(now, self._next) + self._gap / self.share
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
