"""What this process may do alone: poll a messenger, hold its connection, send to a part of its chats.

Where a database belongs to one process (SQLite) that is everything. On PostgreSQL it is what `storage.leases` gives it.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable

import structlog

from storage import leases
from storage.engine import shared_now
from storage.errors import StoreUnavailable
from storage.leases import LEASE
from storage.outbox import PARTS
from storage.writer import Store

log = structlog.get_logger()

RENEWED_EVERY = 2.5
"""Seconds; three renewals may fail before the lease is over."""
_MARGIN = 1.0  # seconds by which a holder thinks its lease shorter than others do


class Leases:
    """Keeps this process alive in the others' eyes, and its share of what is to be done."""

    def __init__(self, store: Store) -> None:
        self.holder = uuid.uuid4().hex
        self.living = frozenset({self.holder})
        self._store = store
        self._duties: dict[str, int] = {}
        self._parts: dict[str, frozenset[int]] = {}
        self._sure_until = 0.0
        self._changed = asyncio.Event()
        self._hurry = asyncio.Event()

    def of(self, duty: str, parts: int = 1) -> "Lease":
        """A duty that this process could do; it does whatever part of it the lease names."""
        self._duties[duty] = parts
        return Lease(self, duty)

    def receiving(self, channel: str) -> "Lease":
        """The duty to poll a channel or to hold its connection."""
        return self.of(f"receive:{channel}")

    def sending(self, channel: str) -> "Lease":
        """The duty to send to a channel's chats, which are shared out."""
        return self.of(f"send:{channel}", PARTS)

    def parts(self, duty: str) -> frozenset[int]:
        """The parts that are surely nobody else's at this moment."""
        if not self._store.is_shared:
            return frozenset(range(self._duties[duty]))
        return self._parts.get(duty, frozenset()) if time.monotonic() < self._sure_until else frozenset()

    @property
    def are_several(self) -> bool:
        """Whether other processes live besides this one."""
        return len(self.living) > 1

    async def renew(self) -> None:
        """Live on, and see what falls to us. Raises StoreUnavailable."""
        if not self._store.is_shared:
            return
        asked_at = time.monotonic()
        duties = dict(self._duties)
        held = await self._store.write(lambda c: leases.renew(c, self.holder, duties, now=shared_now(c)))
        self._sure_until = asked_at + LEASE.total_seconds() - _MARGIN
        if held.parts != self._parts or held.living != self.living:
            log.info("leases.changed", processes=len(held.living), parts={duty: len(one) for duty, one in held.parts.items()})
            self._parts, self.living = dict(held.parts), held.living
            self._changed.set()
            self._changed = asyncio.Event()

    async def run(self, then: Callable[[], Awaitable[None]]) -> None:
        """Until cancelled: renew, and do `then` after each time."""
        while True:
            try:
                async with asyncio.timeout(RENEWED_EVERY):
                    await self._hurry.wait()
            except TimeoutError:
                pass
            self._hurry.clear()
            try:
                await self.renew()
                await then()
            except StoreUnavailable as error:
                log.warning("leases.not_renewed", error=str(error))

    def hurry(self) -> None:
        """Somebody came or went: renew now, not in a while."""
        self._hurry.set()

    async def change(self) -> None:
        """Wait until something has changed, or may have ended."""
        changed = self._changed
        try:
            async with asyncio.timeout(RENEWED_EVERY):
                await changed.wait()
        except TimeoutError:
            pass

    async def release(self) -> None:
        """At a clean end: others take over at once."""
        self._sure_until = 0.0
        if self._store.is_shared:
            await self._store.write(lambda c: leases.leave(c, [self.holder]))
            log.info("leases.released")

    async def bury(self, dead: list[str]) -> None:
        """These processes are known to have died: what they held is free at once. Raises StoreUnavailable."""
        if self._store.is_shared and dead:
            await self._store.write(lambda c: leases.leave(c, dead))
            log.info("leases.buried", processes=len(dead))


class Lease:
    """One duty, and whether it is ours just now."""

    def __init__(self, leases: Leases, duty: str) -> None:
        self._leases, self._duty = leases, duty

    @property
    def parts(self) -> frozenset[int]:
        return self._leases.parts(self._duty)

    @property
    def is_held(self) -> bool:
        return bool(self.parts)

    async def taken(self) -> None:
        """Returns as soon as it is ours."""
        while not self.is_held:
            await self._leases.change()
