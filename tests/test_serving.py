"""The web server: each part of an answer leaves at once, and its end waits for nothing but answers that are under way."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.start import Server, listen
from tests.stage import PATIENCE


@dataclass
class Place:
    """A server whose `/slow` answers when it may."""

    server: Server
    origin: str
    serving: asyncio.Task[None]
    is_asked: asyncio.Event = field(default_factory=asyncio.Event)
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    async def quick(_request: Request) -> Response:
        return PlainTextResponse("well")

    async def slow(_request: Request) -> Response:
        place.is_asked.set()
        await place.may_answer.wait()
        return PlainTextResponse("well, after all")

    listening = listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/", quick), Route("/slow", slow)])
    server = Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"), listening)
    serving = asyncio.create_task(server.serve())
    place = Place(server, f"http://127.0.0.1:{listening.getsockname()[1]}", serving)
    yield place
    place.may_answer.set()
    server.end()
    await serving


async def test_no_part_of_an_answer_waits_for_the_sign_that_another_came(place: Place) -> None:
    async with httpx.AsyncClient(base_url=place.origin, verify=False) as client:
        assert (await client.get("/")).text == "well"

        (connection,) = place.server.server_state.connections
        assert connection.transport is not None
        accepted = connection.transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


async def test_the_end_waits_for_an_answer_that_is_under_way_and_takes_no_more(place: Place) -> None:
    async with httpx.AsyncClient(base_url=place.origin, verify=False) as client:
        asking = asyncio.create_task(client.get("/slow"))
        await place.is_asked.wait()

        place.server.end()
        while place.server.servers[0].is_serving():
            await asyncio.sleep(0)
        with pytest.raises(httpx.ConnectError):
            await client.get("/")
        assert not place.serving.done()
        place.may_answer.set()

        assert (await asking).text == "well, after all"
        await asyncio.wait_for(place.serving, PATIENCE)


async def test_the_end_waits_only_so_long(place: Place) -> None:
    place.server.config.timeout_graceful_shutdown = 0
    async with httpx.AsyncClient(base_url=place.origin, verify=False) as client:
        asking = asyncio.create_task(client.get("/slow"))
        await place.is_asked.wait()

        place.server.end()

        await asyncio.wait_for(place.serving, PATIENCE)
        assert not place.may_answer.is_set()
        asking.cancel()
