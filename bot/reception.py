"""Reception: updates come in, are stored before they are confirmed, and are handled in order per chat (DESIGN 4)."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection

from bot.channels.base import Channel, MediaGone, MediaLater
from bot.pictures import NotAPicture, look
from handlers.events import Event, Kind, Media
from handlers.router import handle
from handlers.said import said
from handlers.turn import Company
from rules.decisions import Audience
from storage import files, inbox, people
from storage.errors import StaleOrder, StoreUnavailable
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
_CATCH_UP_SECONDS = 30.0  # then the clock starts, whatever still waits for a messenger's file


class Reception:
    """Takes what channels bring. `company` is asked for at every turn, so that a policy may be exchanged between turns."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        channels: Mapping[str, Channel],
        company: Callable[[], Company],
        *,
        on_committed: Callable[[], None],
    ) -> None:
        self._store, self._shelf, self._channels, self._company = store, shelf, channels, company
        self._on_committed = on_committed
        self._lines: defaultdict[tuple[str, str], deque[Arrival]] = defaultdict(deque)
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    async def accept(self, channel: str, chat: str, key: str, raw: dict[str, Any]) -> None:
        """Store an update; returns after the commit. Raises StoreUnavailable: then it must not be confirmed."""
        now = datetime.now(UTC)
        stored = raw | {"received_at": now.isoformat()}
        arrival = await self._store.write(lambda c: inbox.put(c, channel, chat, key, stored, now=now))
        if arrival is not None:
            RECEIVED.labels(channel).inc()
            self._queue(arrival)

    async def catch_up(self) -> int:
        """Handle what was stored and not handled when the program ended last; returns how many."""
        left = await self._store.read(inbox.waiting)
        for arrival in left:
            tries = await self._store.write(lambda c, one=arrival: inbox.count_try(c, one.id))  # type: ignore[misc]
            self._queue(replace(arrival, attempts=tries))
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=_CATCH_UP_SECONDS)
        return len(left)

    async def finish(self) -> None:
        """Wait until everything taken in is handled, for a clean end."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    def _queue(self, arrival: Arrival) -> None:
        line = (arrival.channel, arrival.chat)
        self._lines[line].append(arrival)
        if line not in self._tasks:
            self._tasks[line] = asyncio.create_task(self._work_off(line))

    async def _work_off(self, line: tuple[str, str]) -> None:
        """One chat's updates in their order, one at a time."""
        try:
            while self._lines[line]:
                await self._handle(self._lines[line].popleft())
        finally:
            del self._lines[line]
            del self._tasks[line]

    async def _handle(self, arrival: Arrival) -> None:
        channel = self._channels.get(arrival.channel)
        while True:
            if arrival.attempts > TRIES or channel is None:
                await self._set_aside(arrival)
                return
            try:
                event = channel.read(arrival.raw)
                if event is not None and event.media is not None:
                    event = replace(event, media=await self._bring(channel, event))
                await self._turn(arrival, event)
            except StoreUnavailable:
                await asyncio.sleep(_STORE_WAIT)
                continue
            except StaleOrder:
                continue
            except Exception:
                log.exception("turn.failed", inbox=arrival.id, attempt=arrival.attempts)
                arrival = replace(arrival, attempts=arrival.attempts + 1)
                await self._count(arrival)
                continue
            self._on_committed()
            if event is not None and event.kind is Kind.PRESS:
                await channel.acknowledge(event)
            return

    async def _turn(self, arrival: Arrival, event: Event | None) -> None:
        now = datetime.now(UTC)

        def work(connection: Connection) -> None:
            if not inbox.finish(connection, arrival.id, now=now, error="" if event else "unknown"):
                return
            if event is not None:
                company = self._company()
                handle(Unit(connection, now, company.terms, f"{arrival.channel}:{arrival.key}"[:96]), company, event)

        await self._store.write(work)

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
        return await self._keep(media, event.kind, content)

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

    async def _count(self, arrival: Arrival) -> None:
        try:
            await self._store.write(lambda c: inbox.count_try(c, arrival.id))
        except StoreUnavailable:
            await asyncio.sleep(_STORE_WAIT)

    async def _set_aside(self, arrival: Arrival) -> None:
        """Quarantine: the sender gets an apology with a number, the administrator hears of it; nobody else waits."""
        now = datetime.now(UTC)

        def work(connection: Connection) -> None:
            if not inbox.finish(connection, arrival.id, now=now, state="set_aside", error="failed"):
                return
            company = self._company()
            unit = Unit(connection, now, company.terms)
            account = people.account_of(connection, arrival.channel, arrival.chat)
            person = account.person if account else 0
            unit.say(person, said("trouble.sorry", {"n": arrival.id}), channel=arrival.channel, chat=arrival.chat)
            for one in people.audience(connection, Audience.ADMINISTRATOR, company.branch):
                unit.say(one, said("trouble.set-aside", {"n": arrival.id}), priority=MUST)

        log.error("inbox.set_aside", inbox=arrival.id)
        SET_ASIDE.inc()
        await self._store.write(work)
        self._on_committed()
