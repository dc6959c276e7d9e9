"""What stands before several processes: takes turns among those that answer."""

import asyncio
import itertools
import time

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.stubs.telegram_http import Server

_PATIENCE = 3.0
_REST = 30.0
"""Seconds. Whoever waits for what a process that stands still has locked is not there either, but is back soon."""


class Balancer:
    """Passes webhooks on, each to the next process; one that is gone is passed over, one that stands still for a while."""

    def __init__(self) -> None:
        self.behind: list[str] = []
        self._resting: dict[str, float] = {}  # who stood still -> until when nothing is passed on to it, if there are others
        self._turns = itertools.count()
        self._client = httpx.AsyncClient(timeout=_PATIENCE, trust_env=False, verify=False)
        self._server = Server(Starlette(routes=[Route("/{path:path}", self._pass_on, methods=["POST"])]))
        self._serving: asyncio.Task[None] | None = None

    @property
    def origin(self) -> str:
        return self._server.origin

    async def __aenter__(self) -> "Balancer":
        self._serving = asyncio.create_task(self._server.run_until_stopped())
        await self._server.is_up.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.should_exit = True
        if self._serving is not None:
            await self._serving
        await self._client.aclose()

    async def _pass_on(self, request: Request) -> Response:
        body = await request.body()
        headers = {name: value for name, value in request.headers.items() if name.startswith(("x-", "content-type"))}
        moving = [one for one in self.behind if self._resting.get(one, 0.0) <= time.monotonic()] or self.behind
        for _ in moving:
            address = moving[next(self._turns) % len(moving)]
            try:
                answer = await self._client.post(f"{address}{request.url.path}", content=body, headers=headers)
            except httpx.TimeoutException:
                self._resting[address] = time.monotonic() + _REST
                continue
            except httpx.TransportError:
                continue
            if answer.status_code != 503:
                return Response(status_code=answer.status_code)
        return Response(status_code=502)
