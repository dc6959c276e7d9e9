"""Speaking where the messenger counts: what waits is joined, goes while there is room, else is held (CHANNELS 1b)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from sqlalchemy import Connection, select

from bot.channels.base import Allowance, Attempt, Channel, Later, Result, Sent, Shut
from bot.joining import Fit, Piece, fit_in
from bot.limits import PACE, PATIENCE, Bucket
from bot.parcels import Preparer, Ready, is_refresh, keep_dead, keep_sent, pause_after
from handlers.bubbles import Bubble
from handlers.turn import Company
from handlers.undelivered import hold, was_sent
from storage import outbox, subjects, windows
from storage.codec import dump, load
from storage.outbox import Parcel
from storage.tables import outbox as rows
from storage.unit import Unit
from storage.windows import Window
from storage.writer import Store

log = structlog.get_logger()


@dataclass(frozen=True)
class Look:
    """One chat as it stands: what needs no message, what waits, and how much of it goes now."""

    done: tuple[Piece, ...]  # superseded, or already so
    pieces: tuple[Piece, ...]
    fit: Fit | None
    is_repeat: bool
    window: Window


class Counted:
    """Sends the lines of one channel with an allowance. It refuses a key that it has seen, so a repeat does no harm."""

    def __init__(
        self,
        store: Store,
        channel: Channel,
        company: Callable[[], Company],
        bucket: Bucket,
        prepare: Preparer,
        *,
        elsewhere: frozenset[str],
    ) -> None:
        """`elsewhere`: the channels by which a must may go when there is no room here."""
        assert channel.abilities.allowance is not None
        self._store, self._channel, self._company, self._bucket = store, channel, company, bucket
        self._allowance: Allowance = channel.abilities.allowance
        self._prepare, self._elsewhere = prepare, elsewhere

    async def send(self, line: list[Parcel]) -> None:
        """Say one chat's parcels, in as few messages as may be."""
        left = line
        while left:
            left = await self._step(left)

    async def _step(self, line: list[Parcel]) -> list[Parcel]:
        """Say one message; returns what is still to be said now."""
        look = await self._store.read(lambda c: self._look(c, line, datetime.now(UTC)))
        if look.done:
            await self._store.write(lambda c: _finish(c, look.done, datetime.now(UTC)))
        if not look.pieces:
            return []
        if look.fit is None:
            await self._hold(look, look.pieces, is_refused=False)
            return []
        sent = [one.parcel.id for one in look.fit.pieces]
        rest = [one.parcel for one in look.pieces if one.parcel.id not in sent]
        result = await self._say(look, look.fit)
        return rest if await self._settled(look, look.fit, result, rest) else []

    def _look(self, connection: Connection, line: list[Parcel], now: datetime) -> Look:
        window = windows.of(connection, line[0].channel, line[0].chat)
        room = self._allowance.room(window.heard_at, window.n_said, now)
        tried = next((one for one in line if one.frozen and "bubble" in one.frozen), None)
        if tried is not None:
            pieces, fit = self._tried(connection, tried, room)
            others = tuple(Piece(one, Ready(None)) for one in line if one.id not in tried.frozen["ids"])  # type: ignore[index]
            return Look((), (*pieces, *others), fit, True, window)
        newest = {one.subject: one.id for one in line if _shows_a_state(one)}
        every = [
            Piece(
                one,
                self._prepare(connection, one, is_brief=newest.get(one.subject, one.id) != one.id),
                _is_open(connection, one),
            )
            for one in line
        ]
        done = tuple(one for one in every if one.ready.bubble is None or one.ready.is_same or _is_bare(one.parcel))
        pieces = tuple(one for one in every if one not in done)
        return Look(done, pieces, fit_in(pieces, room, self._channel.weight) if pieces else None, False, window)

    def _tried(self, connection: Connection, head: Parcel, room: int) -> tuple[tuple[Piece, ...], Fit | None]:
        """What was tried before, unchanged."""
        frozen: dict[str, Any] = head.frozen or {}
        same = select(rows).where(rows.c.id.in_(frozen["ids"]), rows.c.state == "waiting").order_by(rows.c.id)
        pieces = tuple(Piece(one, Ready(None)) for one in outbox.parcels_of(connection, same))
        weight = int(frozen["weight"])
        return pieces, Fit(pieces, load(Bubble, frozen["bubble"]), weight) if weight <= room else None

    async def _say(self, look: Look, fit: Fit) -> Result:
        head = fit.pieces[0].parcel
        wait = self._bucket.wait(head.chat, fit.weight)
        if wait > PATIENCE:
            return Later(wait, PACE)
        await asyncio.sleep(wait)
        await self._bucket.turns.come(head.chat, min(one.parcel.priority for one in look.pieces), fit.weight)
        if not look.is_repeat:
            tried = {"ids": [one.parcel.id for one in fit.pieces], "bubble": dump(fit.bubble), "weight": fit.weight}
            await self._store.write(lambda c: outbox.freeze(c, head, tried))
        return await self._channel.send(head.chat, fit.bubble, Attempt(head.key, look.is_repeat))

    async def _settled(self, look: Look, fit: Fit, result: Result, rest: list[Parcel]) -> bool:
        """Write down what became of a message; False when nothing more can be said now."""
        now, head = datetime.now(UTC), fit.pieces[0].parcel
        if isinstance(result, Sent):
            await self._store.write(lambda c: self._keep(c, look, fit, result, now))
            return True
        if isinstance(result, Shut):
            log.info("delivery.shut", channel=head.channel, parcel=head.id, reason=result.reason)
            await self._hold(look, look.pieces, is_refused=True)
            return False
        if isinstance(result, Later):  # until the window closes; then it is held
            until = now + pause_after(result, head.attempts)
            await self._store.write(lambda c: _put_off(c, fit, rest, until))
            return False
        log.warning("delivery.never", parcel=head.id, channel=head.channel, reason=result.reason)
        await self._store.write(lambda c: self._never(c, fit, result.reason, now))
        return True

    async def _hold(self, look: Look, pieces: tuple[Piece, ...], *, is_refused: bool) -> None:
        parcels, now = [one.parcel for one in pieces], datetime.now(UTC)
        at = (parcels[0].channel, parcels[0].chat)

        def work(connection: Connection) -> None:
            if windows.of(connection, *at) != look.window:
                windows.let_go(connection, parcels, is_refused=is_refused)
                return
            windows.shut(connection, *at, self._allowance.most)
            company = self._company()
            unit = Unit(connection, now, company.terms)
            hold(unit, company, parcels, look.window, elsewhere=self._elsewhere, is_refused=is_refused)

        await self._store.write(work)

    def _keep(self, connection: Connection, look: Look, fit: Fit, sent: Sent, now: datetime) -> None:
        head, company = fit.pieces[0].parcel, self._company()
        for one in fit.pieces:
            keep_sent(connection, one.parcel, one.ready, sent, now)
        windows.count(connection, head.channel, head.chat, fit.weight, window=look.window)
        was_sent(Unit(connection, now, company.terms), company, head.channel, head.chat, sent.ref)

    def _never(self, connection: Connection, fit: Fit, reason: str, now: datetime) -> None:
        for one in fit.pieces:
            keep_dead(connection, one.parcel, self._company(), reason, now)


def _finish(connection: Connection, done: tuple[Piece, ...], now: datetime) -> None:
    """Nothing is to be said: buttons can't be taken away here, a card can't change, or something newer comes."""
    for one in done:
        if one.ready.bubble is None and one.parcel.kind != "settle":
            outbox.dropped(connection, one.parcel.id, reason="superseded", now=now)
        else:
            outbox.sent(connection, one.parcel.id, ref="", now=now)


def _put_off(connection: Connection, fit: Fit, rest: list[Parcel], until: datetime) -> None:
    for one in fit.pieces:
        outbox.put_off(connection, one.parcel.id, until=until)
    outbox.give_back(connection, [one.id for one in rest])


def _shows_a_state(parcel: Parcel) -> bool:
    """Whether a later message of the same subject shows all that this one does but its headline."""
    return bool(parcel.subject) and not _is_bare(parcel) and (parcel.kind == "card" or parcel.subject.startswith("talk:"))


def _is_bare(parcel: Parcel) -> bool:
    return parcel.kind == "settle" or (is_refresh(parcel) and parcel.body["headline"] is None)


def _is_open(connection: Connection, parcel: Parcel) -> bool:
    found = subjects.of_parcel(connection, parcel)
    return found is not None and found.is_open
