"""Reception: updates come in, are stored before they are confirmed, and are handled in order per chat (DESIGN 4).

Each process handles what it stored itself, at once and out of its memory; what one leaves that dies is adopted by another.
"""

import asyncio
import contextlib
import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection

from bot.channels.base import Channel, MediaGone, MediaLater
from bot.codes import read_codes
from bot.delivery import Delivery, Taken
from bot.pictures import NotAPicture, look
from handlers.events import Event, Kind, Media
from handlers.labels import wants_codes
from handlers.router import handle
from handlers.said import said
from handlers.turn import Company
from rules.decisions import Audience
from storage import files, inbox, people
from storage.errors import Raced, StoreUnavailable
from storage.files import Shelf
from storage.inbox import TRIES, Arrival
from storage.outbox import MUST
from storage.unit import Unit
from storage.writer import Store

log = structlog.get_logger()
RECEIVED = Counter("fieldhand_updates_total", "updates stored", ["channel"])
SET_ASIDE = Counter("fieldhand_set_aside_total", "updates that kept failing")

MOST_BYTES = 20 * 1024 * 1024
_FETCH_WAITS = (0.0, 1.0, 3.0, 10.0)
_STORE_WAIT = 1.0
_TURN_WAITS = (0.02, 0.05, 0.1, 0.2, 0.5)  # for an earlier update of the chat that another process has
_MOST_RACES = 100
_CATCH_UP_SECONDS = 30.0  # then the clock starts, whatever still waits for a messenger's file

Line = tuple[str, str]


class Reception:
    """Takes what channels bring. `company` is asked for at every turn, so that a policy may be exchanged between turns."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        channels: Mapping[str, Channel],
        company: Callable[[], Company],
        *,
        holder: str,
        delivery: Delivery,
        on_committed: Callable[[], None],
    ) -> None:
        self._store, self._shelf, self._channels, self._company = store, shelf, channels, company
        self._holder, self._delivery, self._on_committed = holder, delivery, on_committed
        self._lines: defaultdict[Line, list[tuple[int, Arrival]]] = defaultdict(list)  # heaps: the oldest goes first
        self._tasks: dict[Line, asyncio.Task[None]] = {}
        self._alone = asyncio.Lock()
        self._at_hand: set[int] = set()
        self._astray: set[int] = set()

    async def accept(self, channel: str, chat: str, key: str, raw: dict[str, Any]) -> None:
        """Store an update; returns after the commit. Raises StoreUnavailable: then it must not be confirmed."""
        now = datetime.now(UTC)
        stored = raw | {"received_at": now.isoformat()}
        arrival = await self._store.write(lambda c: inbox.put(c, channel, chat, key, stored, now=now, holder=self._holder))
        if arrival is not None:
            RECEIVED.labels(channel).inc()
            self._queue(arrival)

    async def catch_up(self, living: Collection[str]) -> int:
        """Before the clock starts: handle what was left by processes that have ended; returns how much."""
        n_left = await self.adopt(living)
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=_CATCH_UP_SECONDS)
        return n_left

    async def adopt(self, living: Collection[str]) -> int:
        """Take over what nobody handles, our own that went astray included (stored, but the answer was cut off).

        Raises StoreUnavailable.
        """
        others = set(living) - {self._holder}
        channels = list(self._channels) if others else None  # another process may have a channel that is off here
        waiting = await self._store.read(lambda c: inbox.waiting(c, not_of=others, channels=channels))
        own = {one for one, holder in waiting.items() if holder == self._holder} - self._at_hand
        astray, self._astray = own & self._astray, own  # the first time it may just not be queued yet
        left = [one for one, holder in waiting.items() if holder != self._holder or one in astray]
        if not left:
            return 0
        adopted = await self._store.write(lambda c: inbox.adopt(c, left, holder=self._holder, living=living))
        log.info("inbox.adopted", updates=len(adopted))
        for arrival in adopted:
            self._queue(arrival)
        return len(adopted)

    async def finish(self, seconds: float = 30.0) -> None:
        """Wait until everything taken in is handled, for a clean end. What takes longer is left to whoever comes after."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._tasks:
                    await asyncio.wait(self._tasks.values())

    def _queue(self, arrival: Arrival) -> None:
        line = (arrival.channel, arrival.chat)
        self._at_hand.add(arrival.id)
        heapq.heappush(self._lines[line], (arrival.id, arrival))
        if line not in self._tasks:
            self._tasks[line] = asyncio.create_task(self._work_off(line))

    async def _work_off(self, line: Line) -> None:
        """One chat's updates in their order, one at a time."""
        waiting = self._lines[line]
        try:
            while waiting:
                _, arrival = heapq.heappop(waiting)
                if await self._handle_alone(arrival, waiting):
                    self._at_hand.discard(arrival.id)
                else:
                    heapq.heappush(waiting, (arrival.id, arrival))
        finally:
            self._at_hand.difference_update(one for one, _ in self._lines.pop(line))
            del self._tasks[line]

    async def _handle_alone(self, arrival: Arrival, behind: list[tuple[int, Arrival]]) -> bool:
        """An update that two processes did not survive may be what killed them, or was in one commit with it.

        Such updates are handled one by one, their try counted only then: so the culprit is found, and nobody else's message is
        set aside with it (RELIABILITY 6).
        """
        async with self._alone if arrival.attempts > 1 else contextlib.nullcontext():
            return await self._handle(arrival, behind)

    async def _handle(self, arrival: Arrival, behind: list[tuple[int, Arrival]]) -> bool:
        """Handle an update, or set it aside. False when an earlier one of its chat was adopted meanwhile and goes first."""
        channel = self._channels.get(arrival.channel)
        event, is_read, n_races, n_waits = None, False, 0, 0
        while True:
            try:
                if not arrival.is_begun:
                    arrival = await self._begin(arrival)
                if arrival.attempts > TRIES or channel is None:
                    is_over = await self._set_aside(arrival)
                else:
                    event = event if is_read else await self._read(channel, arrival)
                    is_read = True
                    is_over = await self._turn(arrival, event)
            except StoreUnavailable:
                await asyncio.sleep(_STORE_WAIT)
                continue
            except Exception as error:
                n_races += isinstance(error, Raced)
                if isinstance(error, Raced) and n_races < _MOST_RACES:
                    continue
                log.exception("turn.failed", inbox=arrival.id, attempt=arrival.attempts)
                if arrival.attempts > TRIES:
                    await asyncio.sleep(_STORE_WAIT)  # not even setting it aside worked
                arrival = replace(arrival, is_begun=False)
                continue
            if is_over:
                break
            if behind and behind[0][0] < arrival.id:
                return False
            await asyncio.sleep(_TURN_WAITS[min(n_waits, len(_TURN_WAITS) - 1)])  # for another process
            n_waits += 1
        if channel is not None and event is not None and event.kind is Kind.PRESS:
            await channel.acknowledge(event)
        return True

    async def _begin(self, arrival: Arrival) -> Arrival:
        attempts = await self._store.write(lambda c: inbox.count_try(c, arrival.id))
        return replace(arrival, attempts=attempts, is_begun=True)

    async def _read(self, channel: Channel, arrival: Arrival) -> Event | None:
        """What an update means, its file fetched."""
        event = channel.read(arrival.raw)
        if event is not None and event.media is not None:
            event = replace(event, media=await self._bring(channel, event))
        return event

    async def _turn(self, arrival: Arrival, event: Event | None) -> bool:
        """Everything that an update does, in one transaction; False when it is not its turn yet."""
        now = datetime.now(UTC)

        def work(connection: Connection) -> Taken | None:
            if not inbox.finish(connection, arrival.id, now=now, error="" if event else "unknown"):
                return Taken() if inbox.is_over(connection, arrival.id) else None
            if event is None:
                return Taken()
            company = self._company()
            unit = Unit(connection, now, company.terms, f"{arrival.channel}:{arrival.key}"[:96])
            handle(unit, company, event)
            return self._delivery.take(connection, event.channel, event.chat, unit)

        taken = await self._store.write(work)
        if taken is None:
            return False
        self._delivery.hand_out(taken.parcels)
        if taken.is_more:
            self._on_committed()
        return True

    async def _bring(self, channel: Channel, event: Event) -> Media:
        """Fetch a file, keep it, and say what it is. What can't be kept comes back with its problem."""
        media = event.media
        assert media is not None
        if media.size > MOST_BYTES:
            return replace(media, problem="too-large")
        if not self._shelf.has_room():
            return replace(media, problem="no-space")
        content = b""
        for n, wait in enumerate(_FETCH_WAITS):
            await asyncio.sleep(wait)
            try:
                content = await channel.fetch(media, MOST_BYTES)
                break
            except MediaGone as gone:
                return replace(media, problem=str(gone) if str(gone) in ("too-large", "gone") else "gone")
            except MediaLater:
                if n == len(_FETCH_WAITS) - 1:
                    return replace(media, problem="gone")
        if not content:
            return replace(media, problem="gone")
        kept = await self._keep(media, event.kind, content)
        return kept if kept.problem else replace(kept, codes=await self._codes_on(event, content))

    async def _codes_on(self, event: Event, content: bytes) -> tuple[str, ...]:
        """What stands in bars on a photo, where the question that waits for its sender takes that; outside of any turn."""
        company, now = self._company(), datetime.now(UTC)
        is_wanted = await self._store.read(lambda c: wants_codes(Unit(c, now, company.terms), company, event))
        return await asyncio.to_thread(read_codes, content) if is_wanted else ()

    async def _keep(self, media: Media, kind: Kind, content: bytes) -> Media:
        known: dict[str, Any] = {"mime": media.mime, "size": len(content)}
        if kind is Kind.PHOTO:
            try:
                seen = await asyncio.to_thread(look, content)
            except NotAPicture as problem:
                return replace(media, problem=str(problem))
            known |= {"mime": seen.mime, "width": seen.width, "height": seen.height}
            known |= {"near_hash": seen.near_hash, "meta": seen.meta}
        sha256 = await asyncio.to_thread(self._shelf.put, content)
        now = datetime.now(UTC)
        await self._store.write(lambda c: files.note(c, sha256=sha256, now=now, **known))
        return replace(media, sha256=sha256, mime=str(known["mime"]), size=len(content))

    async def _set_aside(self, arrival: Arrival) -> bool:
        """Quarantine: the sender gets an apology with a number, the administrator hears of it; nobody else waits.

        False when it is not its turn yet.
        """
        now = datetime.now(UTC)

        def work(connection: Connection) -> bool:
            if not inbox.finish(connection, arrival.id, now=now, state="set_aside", error="failed"):
                return inbox.is_over(connection, arrival.id)
            company = self._company()
            unit = Unit(connection, now, company.terms)
            account = people.account_of(connection, arrival.channel, arrival.chat)
            person = account.person if account else 0
            unit.say(person, said("trouble.sorry", {"n": arrival.id}), channel=arrival.channel, chat=arrival.chat)
            for one in people.audience(connection, Audience.ADMINISTRATOR, company.branch):
                unit.say(one, said("trouble.set-aside", {"n": arrival.id}), priority=MUST)
            log.error("inbox.set_aside", inbox=arrival.id)
            SET_ASIDE.inc()
            return True

        is_over = await self._store.write(work)
        self._on_committed()
        return is_over
