"""How this process works together with others on one database: shows that it lives, calls them, inherits from the dead."""

import asyncio
from collections.abc import Callable

from bot.leases import Leases
from bot.reception import Reception
from bot.settings import Settings
from bot.start import Presence
from storage import outbox
from storage.calls import Calls
from storage.leases import PROCESSES
from storage.writer import Store

_OUTBOX = "outbox"


class Together:
    """Leases, calls, and what the dead leave. Enter it for as long as the process lives."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self.leases = Leases(store)
        self.calls = Calls(settings.database_url, has_others=lambda: self.leases.are_several)
        self._presence = Presence(settings.data_dir / "processes", self.leases.holder)
        self._wake: Callable[[], None] = lambda: None
        self._living: frozenset[str] = frozenset()

    def __enter__(self) -> "Together":
        self._presence.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._presence.__exit__()

    def wakes(self, delivery: Callable[[], None]) -> None:
        """What is to be woken when something was put into the outbox, here or elsewhere."""
        self._wake = delivery
        self.calls.on(_OUTBOX, lambda _: delivery())
        self.calls.on(PROCESSES, lambda _: self.leases.hurry())

    def committed(self) -> None:
        """Something was put into the outbox."""
        self._wake()
        self.calls.say(_OUTBOX)

    async def join(self) -> None:
        """Be one of them, once it is known what this process could do. Raises StoreUnavailable."""
        await self.leases.bury(self._presence.take_dead())
        await self.leases.renew()
        await self._free_parcels()
        self.calls.say(PROCESSES)

    async def run(self, reception: Reception) -> None:
        """Until cancelled."""

        async def inherit() -> None:
            await self.leases.bury(self._presence.take_dead())
            await self._free_parcels()
            await reception.adopt(self.leases.living)

        await asyncio.gather(self.leases.run(inherit), self.calls.run())

    async def leave(self) -> None:
        """A clean end: others take over at once. Raises StoreUnavailable."""
        await self.leases.release()

    async def _free_parcels(self) -> None:
        """What somebody had claimed who has died may be sent by others, without waiting until his claim ends."""
        living = self.leases.living
        if living != self._living:
            await self._store.write(lambda c: outbox.release(c, but_of=living))
            self._living = living
