"""WeCom over real HTTP, with members who use the app.

    stub = await WecomStub.start()
    wang = stub.member("王師傅")
    await stub.connects(f"{address}/wecom/app")
    await wang.says("到了")
    await wang.presses("接單")
    await wang.sees("哪一台")
    await stub.stop()

It lives in the caller's event loop; the program under test may be another process that is given `stub.settings`.
"""

import asyncio
import itertools
from collections.abc import Callable
from typing import Any

from starlette.routing import BaseRoute

from tests.stage import PATIENCE
from tests.stubs.telegram_http import Server
from tests.stubs.wecom_api import Method
from tests.stubs.wecom_callback import Caller, Delivered, Letter, envelope, seal
from tests.stubs.wecom_http import api
from tests.stubs.wecom_member import AMR, Member
from tests.stubs.wecom_world import App, Fault, Message, Trouble, World

__all__ = ["AMR", "App", "Delivered", "Fault", "Letter", "Member", "Message", "WecomStub", "envelope", "seal"]

AGENT_ID, SECRET, TOKEN = 1000002, "app-secret-stub-stub-stub-stub", "callbackToken1"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


class WecomStub:
    """One corp's WeCom with a self-built app."""

    def __init__(self, methods: dict[str, Method]) -> None:
        self.world = World()
        self.caller = Caller(self.world)
        self.app = self.world.apps.setdefault(SECRET, App(SECRET, AGENT_ID, TOKEN, AES_KEY))
        self._web = api(self.world, methods)
        self._server = Server(self._web)
        self._serving: asyncio.Task[None]
        self._users = itertools.count(1)

    @classmethod
    async def start(cls, methods: dict[str, Method] | None = None) -> "WecomStub":
        """Serve on a free port. `methods` are calls besides those of the app."""
        stub = cls(methods or {})
        stub._serving = asyncio.create_task(stub._server.run_until_stopped())
        await stub._server.is_up.wait()
        return stub

    async def stop(self) -> None:
        """Close everything, hanging calls too."""
        self.world.is_stopping = True
        await self.world.tell()
        await self.caller.close()
        self._server.should_exit = True
        await self._serving

    @property
    def origin(self) -> str:
        return self._server.origin

    @property
    def settings(self) -> dict[str, str]:
        """What the program is told."""
        return {
            "WECOM_CORP_ID": self.world.corp_id,
            "WECOM_AGENT_ID": str(self.app.agent_id),
            "WECOM_SECRET": self.app.secret,
            "WECOM_TOKEN": self.app.token,
            "WECOM_AES_KEY": self.app.aes_key,
            "WECOM_API_BASE": self.origin,
        }

    def serves(self, routes: list[BaseRoute]) -> None:
        """Serve something else beside WeCom's interface, such as the callback of a channel under test."""
        self._web.router.routes.extend(routes)

    def member(self, name: str, user: str = "") -> Member:
        """Somebody who sees the app."""
        return Member(self.world, self.caller, self.app, user or f"Member{next(self._users):03}", name)

    async def connects(self, url: str) -> None:
        """Set the callback's address as the console does: it has to pass the check."""
        status, text = await self.caller.check(self.app, url)
        assert (status, text) == (200, "1616140317555161061"), (status, text)
        self.app.hook = url

    # What goes wrong

    def fails(self, path: str, fault: Fault, *, times: int = 1, after: int = 0) -> None:
        """Calls of a path such as "message/send" meet a fault, once `after` went well; "*" is any."""
        self.world.troubles.append(Trouble(path, fault, times, after))

    def heals(self) -> None:
        self.world.troubles.clear()

    def expires_tokens(self) -> None:
        """Every access token is over at once."""
        self.world.expire_tokens()

    def passes(self, seconds: float) -> None:
        """Let time pass at WeCom."""
        clock = self.world.clock
        self.world.clock = lambda: clock() + seconds

    @property
    def clock(self) -> Callable[[], float]:
        return self.world.clock

    # What was asked of WeCom

    def calls(self, path: str) -> list[dict[str, Any]]:
        """Parameters of all calls of a path, oldest first."""
        return [params for name, params in self.world.calls if name == path]

    async def asked(self, path: str, times: int = 1, *, timeout: float = PATIENCE) -> None:
        """Wait until a path was called so often."""
        is_done = await self.world.wait_for(lambda: len(self.calls(path)) >= times, timeout)
        assert is_done, f"{path} was called {len(self.calls(path))} times, not {times}"
