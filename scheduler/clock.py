"""The ticks. The promises themselves are rows; what is late is read from them, and nothing is lost when a tick is (DESIGN 4).

The pauses are measured on a clock that nobody sets, so that a turned system clock neither stops the ticks nor multiplies them.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, select

from rules.terms import Terms
from scheduler import appointments, casework, dailies, digests, faults, figures, hr, meetings, shop_days, stores, tending
from scheduler.housekeeping import tidy
from scheduler.sweep import sweep
from storage import deadlines
from storage.engine import insert, try_alone
from storage.errors import Raced, StoreUnavailable
from storage.tables import meta
from storage.writer import Store

log = structlog.get_logger()

EVERY = 1.0
"""Seconds between two looks."""
WHOLE = 5.0
"""Seconds between two whole ticks; in between only what falls due is looked for, which costs one read."""
AWAY = timedelta(minutes=10)
"""After a gap this long the first sweep catches up: one digest a person instead of a storm (ESC-17)."""
_LAST = "clock.last"
RESTORED = "restored"
"""The note that a restore leaves: what fell due since the copy was made is caught up with (RELIABILITY 12)."""


class Clock:
    """Sweeps every few seconds; the first sweep after a gap is a catch-up."""

    def __init__(self, store: Store, terms: Callable[[], Terms], *, on_committed: Callable[[], None]) -> None:
        self._store, self._terms, self._on_committed = store, terms, on_committed
        self._ticking: asyncio.Task[None] | None = None
        self.last_tick_at = 0.0

    async def start(self) -> None:
        """Catch up with what fell due while nobody looked, then tick."""
        await self.tick()
        self._ticking = asyncio.create_task(self._run())

    async def _run(self) -> None:
        """Until cancelled; what goes wrong in one look must not be the last one's end."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self.look()
            except Exception:
                log.exception("clock.failed")

    def is_ticking(self) -> bool:
        """Whether the clock was looked at within the last minute."""
        return time.monotonic() - self.last_tick_at < 60

    def stop(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()

    async def look(self) -> None:
        """A whole tick when one is due or something fell due, else nothing."""
        now = datetime.now(UTC)
        try:
            is_due = await self._store.read(lambda c: deadlines.oldest_due(c, now)) is not None
        except StoreUnavailable as error:
            log.warning("clock.store", error=str(error))
            return
        if is_due or time.monotonic() - self.last_tick_at >= WHOLE:
            await self.tick()

    async def tick(self) -> None:
        """One whole look at the clock: carry over, sweep, morning digest, each in its own transaction.

        What a day left over is carried over first: else whoever comes back after days hears of each day's promise in turn.
        While another process looks there is nothing to do for this one.
        """
        now = datetime.now(UTC)
        try:
            n_carried = await self._store.write(lambda c: digests.end_of_day(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_due, catching_up = await self._store.write(lambda c: _sweep(c, self._terms(), now) if _is_ours(c) else (0, False))
            n_mornings = await self._store.write(lambda c: digests.morning(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(lambda c: casework.daily(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(lambda c: dailies.look(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(lambda c: _of_people(c, self._terms(), now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(lambda c: tending.daily(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(lambda c: stores.daily(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(
                lambda c: appointments.remind(c, self._terms(), now=now) if _is_ours(c) else 0
            )
            n_mornings += await self._store.write(lambda c: figures.monthly(c, self._terms(), now=now) if _is_ours(c) else 0)
            n_mornings += await self._store.write(lambda c: faults.monthly(c, self._terms(), now=now) if _is_ours(c) else 0)
            await self._store.write(lambda c: tidy(c, self._terms(), now=now) if _is_ours(c) else False)
        except Raced as error:
            log.info("clock.raced", subject=str(error))  # somebody works on it just now; the next look comes soon
            return
        except StoreUnavailable as error:
            log.warning("clock.store", error=str(error))
            return
        self.last_tick_at = time.monotonic()
        if n_due or n_carried or n_mornings:
            log.info("clock.swept", due=n_due, carried_over=n_carried, mornings=n_mornings, catching_up=catching_up)
            self._on_committed()


def _is_ours(connection: Connection) -> bool:
    return bool(try_alone(connection, "clock"))


def _of_people(connection: Connection, terms: Terms, now: datetime) -> int:
    """What shops have after closing time, branches once a week, personnel once a month."""
    n_told = shop_days.look(connection, terms, now=now) if terms.policy.daily.shop else 0
    return n_told + meetings.look(connection, terms, now=now) + hr.monthly(connection, terms, now=now)


def _sweep(connection: Connection, terms: Terms, now: datetime) -> tuple[int, bool]:
    """How many promises were looked at, and whether that was a catch-up, which it is noted not to be the next time."""
    catching_up = _is_catching_up(connection, now)
    return sweep(connection, terms, now=now, catching_up=catching_up), catching_up


def _is_catching_up(connection: Connection, now: datetime) -> bool:
    """Whether nobody looked at the clock for long, or an older copy was restored; from now on somebody does look."""
    found = connection.execute(select(meta.c.key, meta.c.value).where(meta.c.key.in_((_LAST, RESTORED))))
    noted = {row.key: row.value for row in found}
    statement = insert(connection, meta).values(key=_LAST, value=now.isoformat())
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": now.isoformat()}))
    if RESTORED in noted:
        connection.execute(delete(meta).where(meta.c.key == RESTORED))
    is_long_ago = _LAST in noted and now - datetime.fromisoformat(noted[_LAST]) > AWAY
    return is_long_ago or RESTORED in noted
