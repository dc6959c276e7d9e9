"""The ticks: APScheduler runs them with its memory store; the promises themselves are rows (DESIGN 4, RELIABILITY 7)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import Connection, select

from rules.terms import Terms
from scheduler import casework, digests, tending
from scheduler.housekeeping import tidy
from scheduler.sweep import sweep
from storage import deadlines
from storage.engine import insert
from storage.errors import StoreUnavailable
from storage.tables import meta
from storage.writer import Store

log = structlog.get_logger()

EVERY = timedelta(seconds=1)
WHOLE = 5.0
"""Seconds between two whole ticks; in between only what falls due is looked for, which costs one read."""
AWAY = timedelta(minutes=10)
"""After a gap this long the first sweep catches up: one digest a person instead of a storm (ESC-17)."""


class Clock:
    """Sweeps every few seconds; the first sweep after a gap is a catch-up."""

    def __init__(self, store: Store, terms: Callable[[], Terms], *, on_committed: Callable[[], None]) -> None:
        self._store, self._terms, self._on_committed = store, terms, on_committed
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self.last_tick_at = 0.0

    async def start(self) -> None:
        """Catch up with what fell due while nobody looked, then tick."""
        await self.tick()
        self._scheduler.add_job(
            self.look, "interval", seconds=EVERY.total_seconds(), misfire_grace_time=None, coalesce=True, max_instances=1
        )
        self._scheduler.start()

    def is_ticking(self) -> bool:
        """Whether the clock was looked at within the last minute."""
        return time.monotonic() - self.last_tick_at < 60

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

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
        """One whole look at the clock: sweep, carry over, morning digest, each in its own transaction."""
        now = datetime.now(UTC)
        try:
            gap = await self._store.write(lambda c: _gap(c, now))
            catching_up = gap is not None and gap > AWAY
            n_due = await self._store.write(lambda c: sweep(c, self._terms(), now=now, catching_up=catching_up))
            n_carried = await self._store.write(lambda c: digests.end_of_day(c, self._terms(), now=now))
            n_mornings = await self._store.write(lambda c: digests.morning(c, self._terms(), now=now))
            n_mornings += await self._store.write(lambda c: casework.daily(c, self._terms(), now=now))
            n_mornings += await self._store.write(lambda c: tending.daily(c, self._terms(), now=now))
            await self._store.write(lambda c: tidy(c, now=now))
        except StoreUnavailable as error:
            log.warning("clock.store", error=str(error))
            return
        self.last_tick_at = time.monotonic()
        if n_due or n_carried or n_mornings:
            log.info("clock.swept", due=n_due, carried_over=n_carried, mornings=n_mornings, catching_up=catching_up)
            self._on_committed()


def _gap(connection: Connection, now: datetime) -> timedelta | None:
    """How long nobody looked at the clock, None at the very first look; notes that somebody does now."""
    last = connection.execute(select(meta.c.value).where(meta.c.key == "clock.last")).scalar_one_or_none()
    statement = insert(connection, meta).values(key="clock.last", value=now.isoformat())
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_={"value": now.isoformat()}))
    return None if last is None else now - datetime.fromisoformat(last)
