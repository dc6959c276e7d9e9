"""Delivery: what waits in the outbox is rendered and sent, in order per chat, within each messenger's limits (DESIGN 4)."""

import asyncio
import contextlib
import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import Connection

from bot.channels.base import Channel, Edits, Later, Never, Result, Sent
from bot.limits import PATIENCE, Bucket
from bot.reports.printer import Print
from handlers.bubbles import Bubble
from handlers.cards import card as order_card
from handlers.numbers import remember_numbers
from handlers.render import Reader, people_in, render
from handlers.said import said
from handlers.turn import Company
from rules.decisions import Audience
from storage import orders, outbox, people, staffing
from storage.codec import pack
from storage.errors import StoreUnavailable
from storage.outbox import MUST, Parcel
from storage.unit import Unit
from storage.writer import Store

log = structlog.get_logger()
SENT = Counter("fieldhand_sent_total", "messages sent", ["channel"])
DEAD = Counter("fieldhand_dead_total", "messages that will never arrive", ["channel"])
WAITING = Gauge("fieldhand_outbox_waiting", "messages that wait")

_IDLE = 5.0
_MOST_ATTEMPTS = 200


def _no_paper(_connection: Connection, _paper: str, _order: int, _language: str) -> None:
    """A desk without a press."""


@dataclass(frozen=True)
class Ready:
    """A parcel with everything that sending it needs."""

    bubble: Bubble | None  # None: nothing left to say
    ref: str = ""  # the living message
    body_hash: str = ""
    is_same: bool = False
    headline: dict[str, Any] | None = None


class Delivery:
    """Sends what waits. Woken after every commit; looks by itself every few seconds besides."""

    def __init__(
        self, store: Store, channels: Mapping[str, Channel], company: Callable[[], Company], *, print_paper: Print = _no_paper
    ) -> None:
        """`print_paper` makes a paper of an order in a language; it runs in a reader's thread."""
        self._store, self._channels, self._company = store, channels, company
        self._print = print_paper
        self._holder = uuid.uuid4().hex
        self._wake = asyncio.Event()
        self._busy: set[tuple[str, str]] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._buckets = {name: Bucket(channel.abilities) for name, channel in channels.items()}

    def wake(self) -> None:
        """Something was put in."""
        self._wake.set()

    async def run(self) -> None:
        """Until cancelled."""
        while not await self._remember_paces():
            await asyncio.sleep(1.0)
        while True:
            try:
                self._wake.clear()
                parcels = await self._claim()
                self._hand_out(parcels)
                if not parcels:
                    await self._sleep()
            except StoreUnavailable:
                await asyncio.sleep(1.0)

    async def _remember_paces(self) -> bool:
        """What earlier processes sent counts against the limits as well; False while storage can't say."""
        now = datetime.now(UTC)
        try:
            for name, bucket in self._buckets.items():
                if bucket.memory:
                    since = now - timedelta(seconds=bucket.memory)
                    for chat, at in await self._store.read(lambda c, name=name, since=since: outbox.sent_since(c, name, since)):  # type: ignore[misc]
                        bucket.note(chat, (now - at).total_seconds())
        except StoreUnavailable:
            return False
        return True

    async def finish(self, seconds: float = 5.0) -> None:
        """Let what is under way be sent, for a clean end."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _claim(self) -> list[Parcel]:
        now, names = datetime.now(UTC), list(self._channels)
        return await self._store.write(lambda c: outbox.claim(c, names, holder=self._holder, now=now))

    def _hand_out(self, parcels: list[Parcel]) -> None:
        by_chat: defaultdict[tuple[str, str], list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            by_chat[parcel.channel, parcel.chat].append(parcel)
        for line in by_chat.values():
            task = asyncio.create_task(self._send_line(line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _sleep(self) -> None:
        def look(connection: Connection) -> tuple[datetime | None, int]:
            return outbox.next_moment(connection), outbox.n_waiting(connection)

        moment, n_waiting = await self._store.read(look)
        WAITING.set(n_waiting)
        wait = _IDLE
        if moment is not None:
            wait = min(_IDLE, max(0.05, (moment - datetime.now(UTC)).total_seconds()))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(wait):  # wait_for may swallow a cancellation that comes with the wake
                await self._wake.wait()

    async def _send_line(self, line: list[Parcel]) -> None:
        """One chat's parcels one after the other; when one has to wait, those behind it go back."""
        try:
            for n, parcel in enumerate(line):
                if not await self._send(parcel):
                    rest = [one.id for one in line[n + 1 :]]
                    if rest:
                        await self._store.write(lambda c, ids=rest: outbox.give_back(c, ids))  # type: ignore[misc]
                    break
        except StoreUnavailable:
            log.warning("delivery.store", chat_parcels=len(line))
        except Exception:
            log.exception("delivery.failed", parcel=line[0].id)
        self._wake.set()

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
            return await self._settled(parcel, ready, Later(wait, "pace"))
        await asyncio.sleep(wait)
        return await self._settled(parcel, ready, await self._perform(channel, parcel, ready))

    async def _perform(self, channel: Channel, parcel: Parcel, ready: Ready) -> Result:
        if parcel.kind == "settle":
            ref = parcel.body.get("ref") or ready.ref
            return await channel.settle(parcel.chat, ref) if ref else Sent("")
        assert ready.bubble is not None
        is_refresh = parcel.kind == "card" and not parcel.body["is_fresh"]
        edits = channel.abilities.edits
        if ready.ref and (parcel.body.get("edits") or is_refresh) and edits is not Edits.NEVER:
            edited = await channel.edit(parcel.chat, ready.ref, ready.bubble)
            if not isinstance(edited, Never):
                return edited
        if is_refresh and parcel.body["headline"] is None and edits is not Edits.ANY:
            return Sent(ready.ref)  # the old card stands; a new one for every step would be noise
        sent = await channel.send(parcel.chat, ready.bubble)
        is_followed = parcel.kind == "card" or parcel.subject.startswith("talk:")
        if isinstance(sent, Sent) and ready.ref and is_followed and ready.ref != sent.ref:
            await channel.settle(parcel.chat, ready.ref)  # the words go first, what is behind loses its buttons afterwards
        return sent

    def _prepare(self, connection: Connection, parcel: Parcel) -> Ready:
        """Render a parcel as things stand now, in the reader's language."""
        living = None
        if parcel.person is not None and parcel.subject:
            living = outbox.card(connection, parcel.person, parcel.subject, parcel.channel, parcel.chat)
        if parcel.kind == "settle":
            return Ready(None, living.ref if living else "")
        if parcel.body.get("collapses") and outbox.is_superseded(connection, parcel.id, parcel.chat, parcel.subject):
            return Ready(None)
        company = self._company()
        headline = parcel.body.get("headline")
        body = parcel.body
        if parcel.kind == "card":
            found = self._card_body(connection, parcel, company)
            if found is None:
                return Ready(None)
            if headline is None and not body["is_fresh"] and living:
                headline = living.headline
            media = {kind: (headline or {}).get(kind, []) for kind in ("photos", "voices", "papers")}
            body = found | media | ({"headline": headline} if headline else {})
        language = company.language
        if parcel.person is not None:
            language = people.person(connection, parcel.person).language or language
        reader = Reader(language, company.zone, people.names(connection, people_in(body)))
        bubble = self._with_papers(connection, parcel, render(body, reader), body.get("papers", ()), language)
        digest = hashlib.sha256(json.dumps(asdict(bubble), sort_keys=True, default=str).encode()).hexdigest()
        is_same = bool(living) and parcel.kind == "card" and not parcel.body["is_fresh"] and living.body_hash == digest  # type: ignore[union-attr]
        return Ready(bubble, living.ref if living else "", digest, is_same, headline)

    def _with_papers(
        self, connection: Connection, parcel: Parcel, bubble: Bubble, papers: Sequence[str], language: str
    ) -> Bubble:
        """The papers of an order that go along, made now; what can't be printed leaves the words alone."""
        printed = [self._print(connection, paper, parcel.order or 0, language) for paper in papers]
        made = [one for one in printed if one is not None]
        return replace(bubble, files=tuple(one.sha256 for one in made), file_names=tuple(one.name for one in made))

    def _card_body(self, connection: Connection, parcel: Parcel, company: Company) -> dict[str, Any] | None:
        order = orders.by_id(connection, parcel.order or 0)
        if order is None or parcel.person is None:
            return None
        now = datetime.now(UTC)
        return pack(order_card(connection, order, people.person(connection, parcel.person, now=now), company, now=now))

    async def _settled(self, parcel: Parcel, ready: Ready, result: Result) -> bool:
        now = datetime.now(UTC)
        if isinstance(result, Sent):
            SENT.labels(parcel.channel).inc()
            await self._store.write(lambda c: self._keep_sent(c, parcel, ready, result, now))
            return True
        if isinstance(result, Later) and parcel.attempts < _MOST_ATTEMPTS:
            if result.is_unknown and not parcel.is_must and parcel.kind != "settle":
                await self._store.write(lambda c: outbox.dropped(c, parcel.id, reason="unclear", now=now))
                return True
            pause = max(result.seconds, min(2.0**parcel.attempts / 4, 60.0) if result.is_unknown else 0.0)
            await self._store.write(lambda c: outbox.put_off(c, parcel.id, until=now + timedelta(seconds=pause)))
            return False
        log.warning("delivery.never", parcel=parcel.id, channel=parcel.channel, reason=result.reason)
        DEAD.labels(parcel.channel).inc()
        await self._store.write(lambda c: self._never(c, parcel, result.reason, now))
        return True

    def _keep_sent(self, connection: Connection, parcel: Parcel, ready: Ready, sent: Sent, now: datetime) -> None:
        outbox.sent(connection, parcel.id, ref=sent.ref, now=now)
        if sent.numbered:
            remember_numbers(connection, parcel.channel, parcel.chat, sent.numbered, now=now)
        if parcel.kind != "settle" and parcel.person is not None and parcel.subject:
            outbox.keep_card(
                connection,
                parcel.person,
                parcel.subject,
                parcel.channel,
                parcel.chat,
                ref=sent.ref,
                body_hash=ready.body_hash,
                headline=ready.headline,
                now=now,
            )

    def _never(self, connection: Connection, parcel: Parcel, reason: str, now: datetime) -> None:
        """Try the person's other channel; where there is none, tell the supervisor of what had to arrive (DESIGN 4)."""
        outbox.dead(connection, parcel.id, reason=reason, now=now)
        if parcel.kind == "settle" or reason in ("cannot-edit", "no-such-message"):
            return
        people.mark_unreachable(connection, parcel.channel, parcel.chat, now)
        if parcel.person is None:
            staffing.unbind_group(connection, parcel.channel, parcel.chat)  # a group that we were sent out of
            return
        other = people.account_for(connection, parcel.person)
        if other is not None:
            priority = MUST if parcel.is_must else outbox.COURTESY
            outbox.post(connection, channel=other.channel, chat=other.chat, kind=parcel.kind, body=parcel.body, now=now,
                        person=parcel.person, priority=priority, order=parcel.order, subject=parcel.subject)  # fmt: skip
            return
        if parcel.is_must:
            self._alarm(connection, parcel, now)

    def _alarm(self, connection: Connection, parcel: Parcel, now: datetime) -> None:
        company = self._company()
        order = orders.by_id(connection, parcel.order) if parcel.order else None
        unit = Unit(connection, now, company.terms)
        branch = order.branch if order else company.branch
        facts = {"person_id": parcel.person, "number": order.number if order else "—"}
        for one in people.audience(connection, Audience.SUPERVISOR, branch, now=now):
            if one != parcel.person:
                dedup = f"unreachable:{parcel.person}:{parcel.order}:{now:%Y%m%d%H}:{one}"
                unit.say(one, said("trouble.unreachable", facts), priority=MUST, dedup=dedup)
