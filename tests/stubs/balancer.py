"""What stands before several processes: takes turns among those that answer."""

import asyncio
import itertools

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.stubs.telegram_http import Server

_PATIENCE = 3.0


class Balancer:
    """Passes webhooks on, each to the next process; one that is gone is passed over, one that stands still is given up."""

    def __init__(self) -> None:
        self.behind: list[str] = []
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
        for _ in self.behind:
            address = self.behind[next(self._turns) % len(self.behind)]
            try:
                answer = await self._client.post(f"{address}{request.url.path}", content=body, headers=headers)
            except httpx.TimeoutException:
                self.behind = [one for one in self.behind if one != address]
                continue
            except httpx.TransportError:
                continue
            if answer.status_code != 503:
                return Response(status_code=answer.status_code)
        return Response(status_code=502)
