"""Delivery: what waits in the outbox is rendered and sent, in order per chat, within each messenger's limits (DESIGN 4)."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection

from bot.channels.base import Attempt, Channel, Edits, Later, Never, Result, Sent
from bot.counted import Counted
from bot.leases import Leases
from bot.limits import PACE, PATIENCE, Bucket
from bot.parcels import Preparer, Ready, is_refresh, is_tried_again, keep_dead, keep_sent, no_paper, pause_after
from bot.reports.printer import Print
from handlers.turn import Company
from storage import outbox, windows
from storage.errors import StoreUnavailable
from storage.outbox import PARTS, Parcel
from storage.writer import Store

log = structlog.get_logger()
WAITING = Gauge("fieldhand_outbox_waiting", "messages that wait")
HELD = Gauge("fieldhand_outbox_held", "messages that are held until the person writes again")

_IDLE = 5.0
_IDLE_AMONG_OTHERS = 1.0  # a call from another process may be lost


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
        self._busy: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
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
                self._hand_out(parcels)
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
                self._buckets[name].share = len(parts) / PARTS

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
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _claim(self) -> list[Parcel]:
        await self._look_at_shares()
        now, parts, holder = datetime.now(UTC), dict(self._parts), self._leases.holder
        return await self._store.write(lambda c: outbox.claim(c, list(parts), holder=holder, now=now, parts=parts))

    def _parts_of(self, name: str) -> frozenset[int]:
        """Of a channel with one connection, whoever has it sends everything."""
        if not self._channels[name].is_sending:
            return frozenset()
        return self._shares[name].parts if name in self._shares else frozenset(range(PARTS))

    def _hand_out(self, parcels: list[Parcel]) -> None:
        by_chat: defaultdict[tuple[str, str], list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            by_chat[parcel.channel, parcel.chat].append(parcel)
        for line in by_chat.values():
            task = asyncio.create_task(self._send_line(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _sleep(self) -> None:
        def look(connection: Connection) -> tuple[datetime | None, int, int]:
            return (
                outbox.next_moment(connection, list(self._parts), self._parts),
                outbox.n_waiting(connection),
                windows.n_held(connection),
            )

        moment, n_waiting, n_held = await self._store.read(look)
        WAITING.set(n_waiting)
        HELD.set(n_held)
        wait = _IDLE_AMONG_OTHERS if self._leases.are_several else _IDLE
        if moment is not None:
            wait = min(wait, max(0.05, (moment - datetime.now(UTC)).total_seconds()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):  # wait_for may swallow a cancellation that comes with the wake
                await self._wake.wait()

    async def _send_line(self, line: list[Parcel]) -> None:
        """One chat's parcels one after the other; when one has to wait, those behind it go back."""
        try:
            if counted := self._counted.get(line[0].channel):
                await counted.send(line)
            else:
                await self._send_one_by_one(line)
        except StoreUnavailable:
            log.warning("delivery.store", chat_parcels=len(line))
            await asyncio.sleep(1.0)
            await self._surely(lambda c: outbox.give_back(c, [one.id for one in line], holder=self._leases.holder))
        except Exception:
            log.exception("delivery.failed", parcel=line[0].id)
        self._wake.set()

    async def _send_one_by_one(self, line: list[Parcel]) -> None:
        for n, parcel in enumerate(line):
            if not await self._send(parcel):
                if rest := [one.id for one in line[n + 1 :]]:
                    await self._store.write(lambda c, ids=rest: outbox.give_back(c, ids))  # type: ignore[misc]
                return

    async def _send(self, parcel: Parcel) -> bool:
        """Send one parcel; False when it was put off."""
        channel = self._channels[parcel.channel]
        ready = await self._store.read(lambda c: self._prepare(c, parcel))
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
        return await self._settled(parcel, ready, await self._perform(channel, parcel, ready))

    async def _surely(self, work: Callable[[Connection], None]) -> None:
        """Write down what has happened already, as soon as storage is back: else it would happen twice."""
        while True:
            try:
                await self._store.write(work)
                return
            except StoreUnavailable:
                await asyncio.sleep(1.0)

    async def _perform(self, channel: Channel, parcel: Parcel, ready: Ready) -> Result:
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
