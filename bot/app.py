"""The composition root: everything is made, started and stopped here, in RELIABILITY 7's order."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
import uvicorn
from sqlalchemy import Connection, select
from starlette.routing import BaseRoute

from bot import auditor, demo
from bot.channels.base import Channel, ChannelRefused
from bot.channels.every import BUILDERS, Builder, open_channels
from bot.channels.parts import Parts
from bot.channels.webchat_door import Seat
from bot.company import load_company, policy_text, with_earlier
from bot.delivery import Delivery
from bot.pictures import NotAPicture, shareable
from bot.reception import Reception
from bot.reports.printer import Printer
from bot.settings import Settings
from bot.shelves import open_shelf
from bot.sign import SignDesk
from bot.start import Server, listen, only_one, prepare_database
from bot.together import Together
from bot.verify import verify_routes
from bot.web import web_app
from handlers.said import said
from handlers.turn import Company
from rules.people import Role
from scheduler.clock import Clock
from storage import conversations, deadlines, invitations, people, policies
from storage.engine import alone
from storage.errors import StoreUnavailable
from storage.files import Shelf
from storage.outbox import COURTESY
from storage.tables import meta
from storage.unit import Unit
from storage.writer import Store
from texts import catalog

log = structlog.get_logger()

AUDIT_EVERY = 300.0
MOST_GAP = timedelta(seconds=30)
"""Longer away than this, and people in the middle of something hear of it (RELIABILITY 1)."""


class App:
    """One process that does everything."""

    def __init__(self, settings: Settings, builders: tuple[Builder, ...] = BUILDERS) -> None:
        self.settings, self._builders = settings, builders
        self._company = load_company(settings)
        self._link = ""
        self._page_address = ""
        self._stop = asyncio.Event()
        self._failure = ""
        self._is_ready = False

    def company(self) -> Company:
        return replace(self._company, invitation_link=self._link, page_address=self._page_address)

    async def run(self) -> int:
        """Serve until SIGTERM or SIGINT; returns the exit status. Raises CannotStart and SettingsError."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        with only_one(self.settings), contextlib.ExitStack() as stack:
            prepare_database(self.settings)
            store = Store(self.settings.database_url)
            stack.callback(store.close)
            await self._serve(store, stack.enter_context(Together(store, self.settings)))
        if self._failure:
            log.error("ended", reason=self._failure)
            return 1
        log.info("ended")
        return 0

    def fail(self, reason: str) -> None:
        """Something that the desk can't do without is gone: end, so that whoever watches starts us anew."""
        self._failure = reason
        self._stop.set()

    async def _serve(self, store: Store, together: Together) -> None:
        shelf = open_shelf(self.settings)
        self._company = with_earlier(self._company, await store.write(self._keep_policy))
        seats = await self._first_start(store)
        channels = self._channels(store, shelf, seats, together)
        printer = Printer(self.company, keep=shelf.put, load_file=shelf.get)
        delivery = Delivery(store, channels, self.company, together.leases, print_paper=printer)
        together.wakes(delivery.wake)
        holder, committed = together.leases.holder, together.committed
        reception = Reception(store, shelf, channels, self.company, holder=holder, delivery=delivery, on_committed=committed)
        clock = Clock(store, lambda: self._company.terms, on_committed=committed)
        signing = SignDesk(store, shelf, self.company, on_committed=committed)
        routes = [route for one in channels.values() for route in one.routes()]
        routes += verify_routes(store, self.company) + signing.routes()
        server, port = self._server(routes, store, clock)
        await together.join()
        await store.write(self._tell_of_gap)
        tasks = {"working together": asyncio.create_task(together.run(reception))}
        try:
            n_left = await reception.catch_up(together.leases.living)
            tasks["http"] = asyncio.create_task(server.serve())
            tasks["delivery"] = asyncio.create_task(delivery.run())
            tasks["audit"] = asyncio.create_task(self._audit(store, committed))
            for one in channels.values():
                await one.start(reception.accept)
            self._link = self._invitation_link(channels, port)
            own = "" if self.settings.has_messenger else f"http://{self.settings.http_host}:{port}"
            self._page_address = self.settings.public_url or own
            await clock.start()
            self._is_ready = True
            await self._announce(store, channels, port, n_left, bool(seats))
            await self._wait(tasks)
        except ChannelRefused as error:
            self.fail(str(error))
        finally:
            self._is_ready = False
            clock.stop()
            for one in channels.values():
                await one.stop()
            await reception.finish()
            together.committed()
            await delivery.finish()
            server.end()
            for name in tasks.keys() - {"http"}:
                tasks[name].cancel()
            await asyncio.gather(*tasks.values(), return_exceptions=True)
            await delivery.end()
            with contextlib.suppress(StoreUnavailable):
                await together.leave()

    async def _wait(self, tasks: Mapping[str, "asyncio.Task[None]"]) -> None:
        """Until somebody asks us to stop, or a part that we can't do without has ended."""
        stopping = asyncio.create_task(self._stop.wait())
        done, _ = await asyncio.wait({stopping, *tasks.values()}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        for name, task in tasks.items():
            if task in done:
                error = None if task.cancelled() else task.exception()
                self.fail(f"{name} ended: {type(error).__name__ if error else 'by itself'}")

    def _channels(self, store: Store, shelf: Shelf, seats: Mapping[str, Seat], together: Together) -> dict[str, Channel]:
        parts = Parts(
            self.settings,
            store,
            lambda sha256: _shown(shelf, sha256),
            self.fail,
            _commands(),
            seats,
            holder=together.leases.holder,
            receives=together.leases.receiving,
            calls=together.calls,
        )
        return open_channels(parts, self._builders)

    def _server(self, routes: list[BaseRoute], store: Store, clock: Clock) -> tuple[Server, int]:
        async def health() -> dict[str, Any]:
            return await self._health(store, clock)

        async def readiness() -> dict[str, Any]:
            return {"ready": self._is_ready}

        listening = listen(self.settings.http_host, self.settings.http_port)
        config = uvicorn.Config(
            web_app(routes, health=health, readiness=readiness),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=75,  # longer than proxies and pages keep a silent connection: they would send into a closed one
            timeout_graceful_shutdown=5,
            lifespan="off",
            ws="none",  # we serve none, and the library for them takes its time to come in
        )
        return Server(config, listening), listening.getsockname()[1]

    async def _health(self, store: Store, clock: Clock) -> dict[str, Any]:
        """Red when storage is gone, the clock stands still, or something fell due over two minutes ago unseen."""
        now = datetime.now(UTC)
        try:
            oldest = await store.read(lambda c: deadlines.oldest_due(c, now))
        except StoreUnavailable:
            return {"storage": False}
        return {"storage": True, "clock": clock.is_ticking(), "due": oldest is None or now - oldest < auditor.LATE}

    def _keep_policy(self, connection: Connection) -> dict[str, str]:
        """The policy in force is kept, and with it every earlier one under which a case may still run."""
        policies.keep(connection, self._company.terms.policy, policy_text(self.settings), now=datetime.now(UTC))
        return policies.texts(connection)

    async def _first_start(self, store: Store) -> Mapping[str, Seat]:
        """Seed the demonstration, once, however many processes start."""
        now, settings = datetime.now(UTC), self.settings

        def prepare(connection: Connection) -> bool:
            alone(connection, "first start")
            if not settings.has_messenger:
                demo.seed(connection, settings.branch, language=settings.language, now=now)
            return demo.is_demo(connection) and not settings.has_messenger

        return demo.SEATS if await store.write(prepare) else {}

    async def _announce(self, store: Store, channels: Mapping[str, Channel], port: int, n_left: int, is_demo: bool) -> None:
        """The start-up lines: where the desk is, and how the owner gets in."""
        address = self.settings.public_url or f"http://{self.settings.http_host}:{port}"
        log.info(
            "started", channels=sorted(channels), address=address, policy=self._company.terms.policy.profile, caught_up=n_left
        )
        print(f"\n  {self.settings.company_name} · Fieldhand", flush=True)  # noqa: T201
        print(f"  → {address}{'/' if is_demo else '/chat'}", flush=True)  # noqa: T201
        code = await store.write(self._owner_code) if not is_demo else ""
        if code:
            link = self._link.replace("{code}", code)
            print(f"  → 管理員第一次進入 / owner, first time: /start {code}", flush=True)  # noqa: T201
            print(f"    {link}", flush=True)  # noqa: T201
        print("  ✓ 準備好了 / ready\n", flush=True)  # noqa: T201

    def _owner_code(self, connection: Connection) -> str:
        """A one-time code for the first administrator, as long as there is none."""
        if people.has_administrator(connection):
            return ""
        now = datetime.now(UTC)
        return invitations.invite(connection, role=Role.ADMINISTRATOR, branch=self.settings.branch, by=None, now=now)

    def _invitation_link(self, channels: Mapping[str, Channel], port: int) -> str:
        """Where a colleague joins: at the first messenger that has links, else at our own page."""
        links = [link for one in channels.values() if (link := one.join_link())]
        if links:
            return links[0]
        address = self.settings.public_url or f"http://{self.settings.http_host}:{port}"
        return f"{address}/chat?start={{code}}"

    def _tell_of_gap(self, connection: Connection) -> None:
        """Whoever was in the middle of something hears that the desk was away (RELIABILITY 1)."""
        now = datetime.now(UTC)
        last = connection.execute(select(meta.c.value).where(meta.c.key == "clock.last")).scalar_one_or_none()
        start = datetime.fromisoformat(last) if last else now
        if now - start <= MOST_GAP:
            return
        unit = Unit(connection, now, self._company.terms)
        for person in conversations.people_live(connection, since=start - timedelta(hours=12)):
            body, dedup = said("trouble.away", {"start": start, "end": now}), f"away:{last}:{person}"
            unit.say(person, body, priority=COURTESY, dedup=dedup)  # once, of however many processes that start together

    async def _audit(self, store: Store, committed: Callable[[], None]) -> None:
        """Every five minutes; the heartbeat goes out only when all is well."""
        while True:
            await asyncio.sleep(AUDIT_EVERY)
            now = datetime.now(UTC)
            try:
                found = await store.read(lambda c, now=now: auditor.findings(c, now))  # type: ignore[misc]
                if found:
                    log.error("audit.findings", **{text.removeprefix("trouble."): n for text, n in found.items()})
                    await store.write(lambda c, f=found, now=now: auditor.tell(c, self.company(), f, now))  # type: ignore[misc]
                    committed()
                elif self.settings.heartbeat_url:
                    async with httpx.AsyncClient(timeout=10) as client:
                        await client.get(self.settings.heartbeat_url)
            except (StoreUnavailable, httpx.HTTPError) as error:
                log.warning("audit.failed", error=type(error).__name__)


def _shown(shelf: Shelf, sha256: str) -> bytes:
    """A file in the copy that may be shown: pictures without place and camera, anything else as it is."""
    content = shelf.get(sha256)
    try:
        return shareable(content)
    except NotAPicture:
        return content


def _commands() -> dict[str, dict[str, str]]:
    names = ("report", "mine", "queue", "help", "language", "resume", "cancel")
    return {language: {name: catalog.say(language, f"command.{name}") for name in names} for language in catalog.LANGUAGES}
