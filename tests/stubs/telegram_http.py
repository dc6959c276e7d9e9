"""The stub's HTTP side: calls come in, files go out, updates are pushed to a webhook."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.stubs.telegram_api import METHODS, Params, decoded
from tests.stubs.telegram_world import ApiError, Fault, World


class Broken(Response):
    """Begins an answer and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})


class Server(uvicorn.Server):
    """uvicorn in the caller's loop, without its signals; it ends at once, as nobody needs a stand-in's last words."""

    def __init__(self, app: Starlette) -> None:
        self._is_over = asyncio.Event()
        super().__init__(uvicorn.Config(app, log_level="critical", lifespan="off", ws="none"))
        self.is_up = asyncio.Event()
        self._listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._listening.bind(("127.0.0.1", 0))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._listening.getsockname()[1]}"

    async def run_until_stopped(self) -> None:
        await self.serve([self._listening])

    @property
    def should_exit(self) -> bool:
        return self._is_over.is_set()

    @should_exit.setter
    def should_exit(self, is_over: bool) -> None:
        if is_over:
            self._is_over.set()

    async def main_loop(self) -> None:
        """Until the end; once a second the answers' Date is renewed."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._is_over.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.transport.close()
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def api(world: World) -> Starlette:
    """The application that answers for api.telegram.org."""

    async def call(request: Request) -> Response:
        try:
            return await _answer(world, request)
        except ApiError as error:
            answer = {"ok": False, "error_code": error.code, "description": error.description}
            return JSONResponse(answer | ({"parameters": error.parameters} if error.parameters else {}), error.code)

    async def file(request: Request) -> Response:
        name = request.path_params["path"].removeprefix("got/")
        trouble = world.trouble("file")
        if trouble is not None and trouble.fault in (Fault.CLOSE, Fault.CUT):
            return Broken()
        if request.path_params["token"] != world.token or name not in world.files or trouble is not None:
            return PlainTextResponse("Not Found", 500 if trouble else 404)
        return Response(world.files[name], media_type="application/octet-stream")

    return Starlette(
        routes=[
            Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", file),
        ]
    )


async def _answer(world: World, request: Request) -> Response:
    """One call with the fault that it meets."""
    name = request.path_params["method"]
    if request.path_params["token"] != world.token:
        raise ApiError(401, "Unauthorized")
    method = METHODS.get(name.lower())
    if method is None:
        raise ApiError(404, "Not Found: method not found")
    params = await _params(request)
    world.calls.append((name, params))
    await world.tell()
    trouble = world.trouble(name)
    if trouble is not None and trouble.fault is Fault.TOO_MANY:
        raise ApiError(429, f"Too Many Requests: retry after {trouble.retry_after}", retry_after=trouble.retry_after)
    if trouble is not None and trouble.fault is Fault.ERROR:
        raise ApiError(500, "Internal Server Error")
    if trouble is not None and trouble.fault is Fault.HANG:
        await (asyncio.sleep(trouble.seconds) if trouble.seconds else world.wait_for(lambda: False, 3600))
    if trouble is not None and trouble.fault in (Fault.HANG, Fault.CUT):
        return Broken()
    result = await method(world, params)
    await world.tell()
    if trouble is not None or await request.is_disconnected():
        world.unclear |= {one["message_id"] for one in (result if isinstance(result, list) else [result]) if _is_message(one)}
    if trouble is not None:
        if trouble.fault is Fault.SLOW:
            await asyncio.sleep(trouble.seconds)
            return JSONResponse({"ok": True, "result": result})
        return Broken() if trouble.fault is Fault.CLOSE else PlainTextResponse("<html>Bad gateway {")
    return JSONResponse({"ok": True, "result": result})


def _is_message(result: Any) -> bool:
    return isinstance(result, dict) and "message_id" in result


async def _params(request: Request) -> Params:
    """Parameters from the query, a form, JSON or a multipart body, with files apart under "files"."""
    told: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        told |= await request.json()
    elif request.method == "POST":
        form = await request.form(max_part_size=16 * 1024 * 1024)
        told |= dict(form.items())
    files = {key: (one.filename or "", await one.read()) for key, one in told.items() if isinstance(one, UploadFile)}
    plain = {key: decoded(key, value) for key, value in told.items() if key not in files}
    return plain | {"files": files}


async def push(world: World) -> None:
    """Bring updates to the webhook one after the other, again and again until it answers 2xx."""
    async with httpx.AsyncClient(timeout=5, trust_env=False, verify=False) as client:
        pause = 0.1
        while True:
            await world.wait_for(lambda: world.webhook and world.pending and not world.is_holding, 3600)
            if world.is_stopping:
                return
            if not world.pending or not world.webhook or world.is_holding:
                continue
            pause = 0.1 if await _deliver(world, client) else min(pause * 2, 2.0)
            if pause > 0.1:
                await asyncio.sleep(pause)


async def _deliver(world: World, client: httpx.AsyncClient) -> bool:
    update, hook = world.pending[0], world.webhook
    headers = {"x-telegram-bot-api-secret-token": hook["secret"]} if hook["secret"] else {}
    try:
        response = await client.post(hook["url"], json=update, headers=headers)
    except httpx.HTTPError:
        return False
    if not response.is_success:
        return False
    if update in world.pending:
        world.pending.remove(update)
    await world.tell()
    return True
