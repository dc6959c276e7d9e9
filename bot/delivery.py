"""Delivery: what waits in the outbox is rendered and sent, in order per chat, within each messenger's limits (DESIGN 4)."""

import asyncio
import contextlib
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection

from bot.batches import Batch
from bot.channels.base import Attempt, Channel, Edits, Later, Never, Result, Sent
from bot.counted import Counted
from bot.leases import Leases
from bot.limits import AHEAD, PACE, PATIENCE, Bucket
from bot.parcels import Preparer, Ready, is_refresh, is_tried_again, keep_dead, keep_sent, no_paper, pause_after
from bot.reports.printer import Print
from handlers.turn import Company
from storage import claims, outbox, windows
from storage.errors import StoreUnavailable
from storage.outbox import PARTS, Parcel
from storage.unit import Unit
from storage.writer import Store

log = structlog.get_logger()
WAITING = Gauge("fieldhand_outbox_waiting", "messages that wait")
HELD = Gauge("fieldhand_outbox_held", "messages that are held until the person writes again")

Line = tuple[str, str]  # channel and chat

_AT_ONCE = 200
_IDLE = 5.0
_IDLE_AMONG_OTHERS = 1.0  # a call from another process may be lost


@dataclass(frozen=True)
class Taken:
    """What a turn said in its own chat, claimed already, and whether it put in anything else."""

    parcels: tuple[Parcel, ...] = ()
    is_more: bool = False


class Delivery:
    """Sends what waits. Woken after every commit; looks by itself every few seconds besides.

    Among several processes each chat of a channel has one that sends to it, with its share of the channel's limit.
    """

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        company: Callable[[], Company],
        leases: Leases,
        *,
        print_paper: Print = no_paper,
    ) -> None:
        """`print_paper` makes a paper of an order in a language; it runs in a reader's thread."""
        self._store, self._channels, self._company, self._leases = store, channels, company, leases
        typed = {name for name, channel in channels.items() if not channel.abilities.takes_location}
        sparing = {name for name, channel in channels.items() if channel.abilities.allowance is not None}
        self._prepare = Preparer(company, print_paper, typed=frozenset(typed), sparing=frozenset(sparing))
        self._shares = {name: leases.sending(name) for name, one in channels.items() if not one.abilities.is_connection}
        self._parts: dict[str, frozenset[int]] = {}
        self._wake = asyncio.Event()
        self._lines: defaultdict[Line, deque[Parcel]] = defaultdict(deque)
        self._tasks: dict[Line, asyncio.Task[None]] = {}
        self._at_hand: dict[int, float] = {}  # parcel -> until when it may be begun: what is slow must not be sent by two
        self._searched: set[Line] = set()  # lines in which more may wait than was claimed
        self._readies: Batch[Parcel, Ready] = Batch(self._prepare_all)
        self._buckets = {name: Bucket(channel.abilities) for name, channel in channels.items()}
        pushing = {name for name, channel in channels.items() if channel.abilities.pushes}
        self._counted = {
            name: Counted(store, channel, company, self._buckets[name], self._prepare, elsewhere=frozenset(pushing - {name}))
            for name, channel in channels.items()
            if channel.abilities.allowance
        }

    def wake(self) -> None:
        """Something was put in."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            try:
                self._wake.clear()
                parcels = await self._claim()
                self._searched.update((parcel.channel, parcel.chat) for parcel in parcels)
                self.hand_out(parcels)
                if not parcels:
                    await self._sleep()
            except StoreUnavailable:
                await asyncio.sleep(1.0)

    async def _look_at_shares(self) -> None:
        """See which chats are ours to send to; the limits go with them."""
        for name in self._channels:
            parts = self._parts_of(name)
            if parts - self._parts.get(name, frozenset()):
                await self._remember_paces(name)
            self._parts[name] = parts
            if parts:
                self._buckets[name].turns.share = len(parts) / PARTS

    async def _remember_paces(self, name: str) -> None:
        """What other processes sent counts against the limits as well."""
        bucket, now = self._buckets[name], datetime.now(UTC)
        if not bucket.memory:
            return
        since = now - timedelta(seconds=bucket.memory)
        sent = await self._store.read(lambda c: outbox.sent_since(c, name, since))
        bucket.forget()
        for chat, at in sent:
            bucket.note(chat, (now - at).total_seconds())

    async def finish(self, seconds: float = 5.0) -> None:
        """Let what is under way be sent, for a clean end."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)

    async def end(self) -> None:
        """Say nothing more. What is left waits for whoever starts next, claimed by nobody who lives."""
        left = list(self._tasks.values())
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _claim(self) -> list[Parcel]:
        """What may go now. A chat to which we are still sending stays with its sender, though its lease may be over.

        Where much waits for its turn already nothing is claimed: it would wait with us just as long, out of others' sight.
        """
        await self._look_at_shares()
        now, rooms, holder = datetime.now(UTC), self._rooms(), self._leases.holder
        if not rooms:
            return []
        parts, most = {name: self._parts[name] for name in rooms}, min(_AT_ONCE, max(rooms.values()))
        found = await self._store.write(lambda c: outbox.claim(c, list(parts), holder=holder, now=now, limit=most, parts=parts))
        early = [one for one in found if (one.channel, one.chat) in self._tasks]
        self._searched.update((one.channel, one.chat) for one in early)
        if others := [one.id for one in early if one.id not in self._at_hand]:
            await self._store.write(lambda c: outbox.give_back(c, others, holder=holder))
        return [one for one in found if one not in early]

    def _rooms(self) -> dict[str, int]:
        """Channels in which not too much waits for its turn already, and how much more may."""
        at_hand: Counter[str] = Counter()
        for (name, _), waiting in self._lines.items():
            at_hand[name] += len(waiting)
        rooms = {name: self._buckets[name].turns.most - at_hand[name] for name in self._parts}
        return {name: room for name, room in rooms.items() if room > 0}

    def _parts_of(self, name: str) -> frozenset[int]:
        """Of a channel with one connection, whoever has it sends everything."""
        if not self._channels[name].is_sending:
            return frozenset()
        return self._shares[name].parts if name in self._shares else frozenset(range(PARTS))

    def take(self, connection: Connection, channel: str, chat: str, unit: Unit) -> Taken:
        """In a turn's own transaction, at its end: claim what it says in its own chat, so that nobody has to look for it."""
        own = (channel, chat)
        if own not in unit.lines:
            return Taken(is_more=bool(unit.lines))
        given: dict[str, Any] = {"holder": self._leases.holder, "now": unit.now, "parts": self._parts.get(channel, frozenset())}
        claimed = claims.claim_chat(connection, *own, **given, at_hand=self._at_hand if own in self._lines else ())
        return Taken(tuple(claimed), is_more=not claimed or len(unit.lines) > 1)

    def hand_out(self, parcels: Iterable[Parcel]) -> None:
        """Send what is claimed, each chat's parcels one after the other."""
        for parcel in parcels:
            line = (parcel.channel, parcel.chat)
            self._at_hand[parcel.id] = time.monotonic() + outbox.LEASE.total_seconds() / 2
            self._lines[line].append(parcel)
            if line in self._tasks:
                self._buckets[parcel.channel].turns.hurry(parcel.chat, parcel.priority)
            else:
                self._tasks[line] = asyncio.create_task(self._send_line(line))

    async def _sleep(self) -> None:
        parts = {name: self._parts[name] for name in self._rooms()}

        def look(connection: Connection) -> tuple[datetime | None, int, int]:
            return (
                outbox.next_moment(connection, list(parts), parts),
                outbox.n_waiting(connection),
                windows.n_held(connection),
            )

        moment, n_waiting, n_held = await self._store.read(look)
        WAITING.set(n_waiting)
        HELD.set(n_held)
        wait = _IDLE_AMONG_OTHERS if self._leases.are_several else _IDLE
        if len(parts) < len(self._parts):
            wait = min(wait, AHEAD / 4)
        if moment is not None:
            wait = min(wait, max(0.05, (moment - datetime.now(UTC)).total_seconds()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):  # wait_for may swallow a cancellation that comes with the wake
                await self._wake.wait()

    async def _send_line(self, line: Line) -> None:
        """One chat's parcels one after the other, those that join meanwhile as well."""
        waiting, counted = self._lines[line], self._counted.get(line[0])
        is_first = True
        try:
            while waiting:
                try:
                    if counted:
                        await self._send_together(counted, waiting)
                    elif is_first or time.monotonic() < self._at_hand[waiting[0].id]:
                        await self._send_next(waiting)
                    else:
                        self._searched.add(line)
                        await self._give_back(waiting)
                    is_first = False
                except StoreUnavailable:
                    log.warning("delivery.store", chat_parcels=len(waiting))
                    self._searched.add(line)
                    await asyncio.sleep(1.0)
                    await self._give_back(waiting)
        except Exception:
            log.exception("delivery.failed", parcel=waiting[0].id)
        finally:
            self._put_down(waiting, len(waiting))
            del self._lines[line], self._tasks[line]
        if line in self._searched:
            self._searched.discard(line)
            self._wake.set()

    async def _send_together(self, counted: Counted, waiting: deque[Parcel]) -> None:
        parcels = list(waiting)
        self._searched.add((parcels[0].channel, parcels[0].chat))
        await counted.send(parcels)
        self._put_down(waiting, len(parcels))

    async def _send_next(self, waiting: deque[Parcel]) -> None:
        """Send the first; when it has to wait, those behind it go back."""
        parcel = waiting[0]
        is_sent = await self._send(parcel, min(one.priority for one in waiting))
        self._put_down(waiting, 1)
        if not is_sent:
            self._searched.add((parcel.channel, parcel.chat))
            await self._give_back(waiting)

    async def _give_back(self, waiting: deque[Parcel]) -> None:
        ids, holder = [one.id for one in waiting], self._leases.holder
        await self._surely(lambda c: outbox.give_back(c, ids, holder=holder))
        self._put_down(waiting, len(ids))

    def _put_down(self, waiting: deque[Parcel], n_parcels: int) -> None:
        """The first of a line are in our hands no more."""
        for _ in range(n_parcels):
            del self._at_hand[waiting.popleft().id]

    async def _send(self, parcel: Parcel, urgency: int) -> bool:
        """Send one parcel, as urgent as the most urgent one behind it; False when it was put off."""
        channel = self._channels[parcel.channel]
        ready = self._prepare.at_once(parcel) or await self._readies.ask(parcel)
        if ready.bubble is None and parcel.kind != "settle":
            await self._store.write(lambda c: outbox.dropped(c, parcel.id, reason="superseded", now=datetime.now(UTC)))
            return True
        if ready.is_same:
            await self._settled(parcel, ready, Sent(ready.ref))
            return True
        weight = channel.weight(ready.bubble) if ready.bubble else 1
        wait = self._buckets[parcel.channel].wait(parcel.chat, weight)
        if wait > PATIENCE:
            return await self._settled(parcel, ready, Later(wait, PACE))
        await asyncio.sleep(wait)
        await self._buckets[parcel.channel].turns.come(parcel.chat, urgency, weight)
        return await self._settled(parcel, ready, await self._perform(channel, parcel, ready, urgency))

    async def _prepare_all(self, parcels: list[Parcel]) -> list[Ready]:
        return await self._store.read(lambda c: [self._prepare(c, parcel) for parcel in parcels])

    async def _surely(self, work: Callable[[Connection], None]) -> None:
        """Write down what has happened already, as soon as storage is back: else it would happen twice."""
        while True:
            try:
                await self._store.write(work)
                return
            except StoreUnavailable:
                await asyncio.sleep(1.0)

    async def _perform(self, channel: Channel, parcel: Parcel, ready: Ready, urgency: int) -> Result:
        if parcel.kind == "settle":
            ref = parcel.body.get("ref") or ready.ref
            return await channel.settle(parcel.chat, ref) if ref else Sent("")
        assert ready.bubble is not None
        edits = channel.abilities.edits
        if ready.ref and (parcel.body.get("edits") or is_refresh(parcel)) and edits is not Edits.NEVER:
            edited = await channel.edit(parcel.chat, ready.ref, ready.bubble)
            if not isinstance(edited, Never):
                return edited
        if is_refresh(parcel) and parcel.body["headline"] is None and edits is not Edits.ANY:
            return Sent(ready.ref)  # the old card stands; a new one for every step would be noise
        sent = await channel.send(parcel.chat, ready.bubble, Attempt(parcel.key, is_repeat=parcel.attempts > 1))
        is_followed = parcel.kind == "card" or parcel.subject.startswith("talk:")
        if isinstance(sent, Sent) and ready.ref and is_followed and ready.ref != sent.ref:
            await self._buckets[parcel.channel].turns.come(parcel.chat, urgency)
            await channel.settle(parcel.chat, ready.ref)  # the words go first, what is behind loses its buttons afterwards
        return sent

    async def _settled(self, parcel: Parcel, ready: Ready, result: Result) -> bool:
        now = datetime.now(UTC)
        if isinstance(result, Sent):
            await self._surely(lambda c: keep_sent(c, parcel, ready, result, now))
            return True
        if isinstance(result, Later) and is_tried_again(parcel, now):
            if result.is_unknown and not parcel.is_must and parcel.kind != "settle":
                await self._store.write(lambda c: outbox.dropped(c, parcel.id, reason="unclear", now=now))
                return True
            until = now + pause_after(result, parcel.attempts)
            await self._store.write(lambda c: outbox.put_off(c, parcel.id, until=until))
            return False
        log.warning("delivery.never", parcel=parcel.id, channel=parcel.channel, reason=result.reason)
        await self._store.write(lambda c: keep_dead(c, parcel, self._company(), result.reason, now))
        return True
