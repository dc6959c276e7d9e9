"""The app's channel between a WeCom of our own and an inbox of the test's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.channels.parts import Parts
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_app import WecomApp, build, menu
from bot.channels.wecom_crypto import Seal
from bot.settings import Settings
from handlers.events import Event
from storage.writer import Store
from tests.channels.telegram_desk import COMMANDS, FILES, Inbox
from tests.stubs.wecom import AMR, WecomStub

NOTE = "e" * 64
SHELF = FILES | {NOTE: AMR}


class Desk:
    """A stub that serves the channel's callback as well, a channel, a store and an inbox."""

    def __init__(self, stub: WecomStub, store: Store, *, patience: float) -> None:
        """`patience`: seconds that the channel waits for an answer, 0 for the usual ones."""
        self.stub, self.store, self.inbox = stub, store, Inbox()
        self.channel = self._open_for(patience) if patience else self.open()
        stub.serves(self.channel.routes())

    @property
    def url(self) -> str:
        return f"{self.stub.origin}/wecom/app"

    def settings(self, **told: Any) -> Settings:
        plain = {name.lower(): value for name, value in self.stub.settings.items()}
        return Settings(_env_file=None, **(plain | {"public_url": self.stub.origin} | told))  # type: ignore[call-arg]

    def parts(self, settings: Settings) -> Parts:
        return Parts(settings, self.store, SHELF.__getitem__, self.inbox.fail, COMMANDS)

    def open(self, **told: Any) -> WecomApp:
        """A channel, not started."""
        channel = build(self.parts(self.settings(**told)))
        assert channel is not None
        return channel

    def _open_for(self, patience: float) -> WecomApp:
        app, corp = self.stub.app, self.stub.world.corp_id
        told: dict[str, Any] = {"corp_id": corp, "secret": app.secret, "name": WecomApp.name, "patience": patience}
        api = WecomApi(self.store, base=self.stub.origin, **told)
        seal = Seal(app.token, app.aes_key, corp)
        return WecomApp(api, self.parts(self.settings()), seal, agent_id=app.agent_id, menu=menu(COMMANDS, "zh-Hant"))

    async def start(self) -> None:
        """Start, and set the callback's address as the console does."""
        await self.channel.start(self.inbox.accept)
        await self.stub.connects(self.url)

    async def nth(self, n: int) -> Event:
        """The event in the n-th update, which must have one."""
        event = self.channel.read((await self.inbox.has(n))[n - 1])
        assert event is not None
        return event


@asynccontextmanager
async def desk(store: Store, *, patience: float = 0.0) -> AsyncIterator[Desk]:
    """A desk that is not started; everything is closed at the end."""
    stub = await WecomStub.start()
    desk = Desk(stub, store, patience=patience)
    try:
        yield desk
    finally:
        await desk.channel.stop()
        await stub.stop()
