"""Keeping the one connection that a smart bot may have: by lease among our processes, anew after every cut."""

import asyncio
import contextlib
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import ChannelRefused
from bot.channels.wecom_bot_wire import (
    NOT_SUBSCRIBED,
    SUBSCRIBE,
    Displaced,
    Frame,
    NotConnected,
    Refusal,
    Unanswered,
    Wire,
)
from storage import leases
from storage.engine import shared_now
from storage.errors import StoreUnavailable
from storage.writer import Store

log = structlog.get_logger()

_BUSY = (-1, 45009, NOT_SUBSCRIBED)  # refusals that say nothing about id and secret
_MOST_REFUSALS = 5
REFUSED = (
    "WECOM_BOT_SECRET: WeCom refuses the smart bot's id or secret ({code}); copy WECOM_BOT_ID and WECOM_BOT_SECRET again from "
    "the bot's page, API mode with long connection"
)


@dataclass(frozen=True)
class Timing:
    """Seconds. What WeCom asks for, or what has proved itself; tests are in more of a hurry."""

    answer: float = 5.0  # until a frame counts as unanswered
    ping: float = 30.0
    first_pause: float = 1.0  # between two connections; doubles
    most_pause: float = 30.0
    displaced: float = 60.0  # when somebody outside holds the connection; doubles
    most_displaced: float = 900.0
    lease: float = 15.0
    look: float = 2.0  # between two looks at a lease that another process has


@dataclass(frozen=True)
class Key:
    """What WeCom knows the bot by."""

    url: str
    bot_id: str
    secret: str


class _LeaseLost(Exception):
    """Another process of ours has the connection now."""


class Line:
    """Holds the connection whenever it is ours to hold. Callbacks go to `on_callback` in their order."""

    def __init__(
        self,
        key: Key,
        store: Store,
        channel: str,
        *,
        on_callback: Callable[[Frame], None],
        on_fatal: Callable[[str], None],
        timing: Timing,
        holder: str = "",
    ) -> None:
        """`holder`: this process's name, by which others learn of its death."""
        self._key, self._store, self._channel, self._timing = key, store, channel, timing
        self._on_callback, self._on_fatal = on_callback, on_fatal
        self._holder = holder or uuid.uuid4().hex
        self._wire: Wire | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_open(self) -> bool:
        """Whether this process has the connection, so that messages can leave by it."""
        return self._wire is not None

    async def start(self) -> None:
        """Connect once if the lease is free, then go on behind the scenes. Raises ChannelRefused."""
        wire = None
        try:
            if await self._claim():
                wire = await self._subscribe()
        except Refusal as refusal:
            if refusal.code not in _BUSY:
                raise ChannelRefused(REFUSED.format(code=refusal.code)) from None
        except (NotConnected, Unanswered) as error:
            log.warning("wecom_bot.unreachable", error=str(error))
        self._wire = wire
        self._task = asyncio.create_task(self._run(wire))
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Close the connection and let another process have it."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
        with contextlib.suppress(StoreUnavailable):
            await self._store.write(lambda c: leases.release(c, self._channel, self._holder))

    async def ask(self, command: str, body: Frame | None = None, *, req_id: str = "", seconds: float = 0.0) -> Frame:
        """As `Wire.ask`, by the connection of the moment."""
        wire = self._wire
        if wire is None:
            raise NotConnected("none")
        try:
            return await wire.ask(command, body, req_id=req_id, seconds=seconds)
        except Refusal as refusal:
            if refusal.code == NOT_SUBSCRIBED:  # it lives, and WeCom knows nothing of it
                await wire.close()
            raise

    async def probe(self) -> str:
        """Connect and subscribe once, unless a process of ours holds the connection; empty when all is well."""
        if await self._is_held():
            return ""
        try:
            await (await self._subscribe()).close()
        except Refusal as refusal:
            return f"WeCom is busy ({refusal.code}); try again" if refusal.code in _BUSY else REFUSED.format(code=refusal.code)
        except (NotConnected, Unanswered) as error:
            return f"WECOM_BOT_URL: no answer ({error}); is the machine online?"
        return ""

    async def _run(self, wire: Wire | None) -> None:
        """Until cancelled, or WeCom has refused us for good."""
        pause, aside, n_refusals = self._timing.first_pause, self._timing.displaced, 0
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                if wire is None and not await self._claim():
                    await asyncio.sleep(self._timing.look)
                    continue
                wire = wire or await self._subscribe()
                n_refusals = 0
                await self._serve(wire)
            except Refusal as refusal:
                n_refusals += refusal.code not in _BUSY
                log.warning("wecom_bot.refused", code=refusal.code, times=n_refusals)
                if n_refusals >= _MOST_REFUSALS:
                    self._on_fatal(REFUSED.format(code=refusal.code))
                    return
            except Displaced:
                log.error("wecom_bot.displaced", again_in=aside)
                if await self._claim(aside):
                    await asyncio.sleep(aside)
                    aside = min(aside * 2, self._timing.most_displaced)
            except (NotConnected, Unanswered, StoreUnavailable, _LeaseLost) as error:
                log.warning("wecom_bot.cut", error=type(error).__name__, reason=str(error))
            wire = None
            if clock() - began > self._timing.most_pause:  # it held for a while: the next trouble is another one
                pause, aside = self._timing.first_pause, self._timing.displaced
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, self._timing.most_pause)

    async def _subscribe(self) -> Wire:
        """Raises NotConnected, Unanswered and Refusal."""
        wire = await Wire.open(self._key.url, patience=self._timing.answer, on_callback=self._on_callback)
        try:
            await wire.ask(SUBSCRIBE, {"bot_id": self._key.bot_id, "secret": self._key.secret})
        except BaseException:
            await wire.close()
            raise
        log.info("wecom_bot.connected")
        return wire

    async def _serve(self, wire: Wire) -> None:
        """Until the connection ends, for whatever reason. Raises Displaced and _LeaseLost."""
        self._wire = wire
        tasks = {asyncio.create_task(one) for one in (wire.ended(), wire.beat(self._timing.ping), self._renew())}
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            self._wire = None
            for task in tasks:
                task.cancel()
            await wire.close()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _renew(self) -> None:
        """Prolong the lease as long as storage lets us. Raises _LeaseLost."""
        clock = asyncio.get_running_loop().time
        good_until = clock() + self._timing.lease
        while clock() < good_until:
            await asyncio.sleep(self._timing.lease / 3)
            began = clock()
            with contextlib.suppress(StoreUnavailable):
                if not await self._claim():
                    raise _LeaseLost("taken")
                good_until = began + self._timing.lease
        raise _LeaseLost("not renewed")

    async def _claim(self, seconds: float = 0.0) -> bool:
        """Whether the connection is ours to hold, for `seconds` or the usual time. Raises StoreUnavailable."""
        lasting = timedelta(seconds=max(seconds, self._timing.lease))

        def claim(connection: Connection) -> bool:
            now = shared_now(connection)
            return leases.claim(connection, self._channel, self._holder, now=now, until=now + lasting)

        return await self._store.write(claim)

    async def _is_held(self) -> bool:
        """Whether another process has the lease. A database that was never set up has none."""
        try:
            return bool(await self._store.read(lambda c: leases.holder_of(c, self._channel, now=shared_now(c))))
        except (SQLAlchemyError, StoreUnavailable):
            return False

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A dead line must not leave a process that lives on deaf."""
        with contextlib.suppress(asyncio.CancelledError):
            if (error := task.exception()) is not None:
                log.error("wecom_bot.line_died", error=type(error).__name__)
                self._on_fatal(f"wecom-bot: receiving ended with {type(error).__name__}")
