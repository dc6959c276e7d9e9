"""The channel between 微信客服 and an inbox of the test's own."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.applications import Starlette

from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_crypto import Seal
from bot.channels.wecom_kf import WecomKf
from handlers.events import Event
from storage.writer import Store
from tests.channels.telegram_desk import FILES, Inbox
from tests.stubs.telegram_http import Server
from tests.stubs.wecom import AES_KEY
from tests.stubs.wecom_kf import OPEN_KFID, SECRET, TOKEN, KfStub

AMR_FILE = "e" * 64
KF_FILES = FILES | {AMR_FILE: b"#!AMR\n" + bytes(50)}


class KfDesk:
    """A stub, a channel and an inbox."""

    def __init__(self, stub: KfStub, store: Store, *, patience: float) -> None:
        """`patience`: seconds that the channel waits for an answer."""
        self.stub, self.store, self.inbox, self._patience = stub, store, Inbox(), patience

    @cached_property
    def channel(self) -> WecomKf:
        return self.open()

    def open(self, *, secret: str = SECRET, open_kfid: str = OPEN_KFID, origin: str = "", is_called: bool = False) -> WecomKf:
        """A channel, not started."""
        api = WecomApi(
            self.store,
            base=origin or self.stub.origin,
            corp_id=self.stub.world.corp_id,
            secret=secret,
            name="kf",
            patience=self._patience,
        )
        return WecomKf(
            api,
            self.store,
            open_kfid=open_kfid,
            seal=Seal(TOKEN, AES_KEY, self.stub.world.corp_id) if is_called else None,
            load_file=KF_FILES.__getitem__,
            on_fatal=self.inbox.fail,
            retry=0.05,
        )

    async def start(self) -> None:
        await self.channel.start(self.inbox.accept)

    async def nth(self, n: int) -> Event:
        """The event in the n-th message, which must have one."""
        event = self.channel.read((await self.inbox.has(n))[n - 1])
        assert event is not None
        return event


@asynccontextmanager
async def kf_desk(template: Path, folder: Path, *, patience: float = 1.0) -> AsyncIterator[KfDesk]:
    """A desk that is not started; everything is closed at the end."""
    path = folder / "fieldhand.db"
    shutil.copy(template, path)
    stub, store = await KfStub.start(), Store(f"sqlite:///{path}")
    desk = KfDesk(stub, store, patience=patience)
    try:
        yield desk
    finally:
        await desk.channel.stop()
        await stub.stop()
        store.close()


@asynccontextmanager
async def called(desk: KfDesk) -> AsyncIterator[str]:
    """The desk's channel behind a web server whose address WeCom has checked; gives it."""
    web = Starlette()
    server = Server(web)
    desk.channel = desk.open(is_called=True)
    web.routes.extend(desk.channel.routes())
    serving = asyncio.create_task(server.run_until_stopped())
    await server.is_up.wait()
    await desk.stub.connects(f"{server.origin}/wecom/kf")
    try:
        yield f"{server.origin}/wecom/kf"
    finally:
        await desk.stub.wecom.caller.idle()
        server.should_exit = True
        await serving


def menu_of(message: Any) -> list[str]:
    """The lines that can be tapped."""
    return [one["content"] for one in message.menu]
