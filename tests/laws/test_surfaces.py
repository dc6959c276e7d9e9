"""Every door of the web server, and what opens it (RELIABILITY, A): one that is not in this table does not exist.

What is done through a door is asked for again by the handlers, deed by deed (test_rights_of_buttons): a session, a secret or
a token only says who speaks.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount

from bot.channels.every import open_channels
from bot.channels.parts import Parts
from bot.settings import Settings, read_settings
from bot.sign import SignDesk
from bot.verify import verify_routes
from bot.web import web_app
from storage import webchat
from storage.files import Shelf
from storage.webchat import BOT
from storage.writer import Store
from tests.room import Room
from tests.stage import ROOT

HASH = "a" * 64
ANYBODY = "anybody, and it tells of nobody"
SESSION = "the session of that chat"
SIGNATURE = "the messenger's secret or signature"
TOKEN = "a one-time token"
SEAL = "whoever holds the signed paper; number and time only"

# Path and methods of each door, what opens it, and what somebody hears who has not got that.
DOORS: dict[tuple[str, str], tuple[str, set[int]]] = {
    ("/healthz", "GET"): (ANYBODY, {200}),
    ("/readyz", "GET"): (ANYBODY, {200}),
    ("/metrics", "GET"): (ANYBODY, {200}),
    ("/static", ""): (ANYBODY, {307}),
    ("/", "GET"): (ANYBODY, {302}),
    ("/demo", "GET"): (ANYBODY, {404}),
    ("/chat", "GET"): (ANYBODY, {200}),
    ("/chat/api/state", "GET"): (SESSION, {401}),
    ("/chat/api/events", "GET"): (SESSION, {401}),
    ("/chat/api/send", "POST"): (SESSION, {401}),
    ("/chat/api/upload", "POST"): (SESSION, {401}),
    ("/chat/file/{sha256}", "GET"): (SESSION, {401}),
    ("/telegram", "POST"): (SIGNATURE, {403}),
    ("/wecom/app", "GET"): (SIGNATURE, {400, 403}),
    ("/wecom/app", "POST"): (SIGNATURE, {400, 403}),
    ("/wecom/kf", "GET"): (SIGNATURE, {400, 403}),
    ("/wecom/kf", "POST"): (SIGNATURE, {400, 403}),
    ("/sign/{token}", "GET"): (TOKEN, {410}),
    ("/sign/{token}", "POST"): (TOKEN, {400, 410}),
    ("/verify/{seal}", "GET"): (SEAL, {404}),
}
EVERYTHING_SET: dict[str, Any] = {
    "telegram_bot_token": "1:abc", "telegram_webhook_secret": "secret", "public_url": "https://desk.example",
    "wecom_corp_id": "ww1", "wecom_agent_id": 1000002, "wecom_secret": "s", "wecom_token": "t", "wecom_aes_key": "a" * 43,
    "wecom_kf_secret": "s", "wecom_kf_open_id": "wk1", "wecom_kf_token": "t", "wecom_kf_aes_key": "a" * 43,
    "wecom_bot_id": "b1", "wecom_bot_secret": "s", "policy_file": ROOT / "policies" / "appliance.toml",
}  # fmt: skip


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    database = tmp_path / "fieldhand.db"
    database.write_bytes(sqlite_template.read_bytes())
    opened = Store(f"sqlite:///{database}")
    yield opened
    opened.close()


def served(store: Store, folder: Path) -> Starlette:
    """The whole web server with every messenger switched on, as bot.app puts it together."""
    settings: Settings = read_settings(**EVERYTHING_SET, data_dir=folder)
    room = Room.open()
    shelf = Shelf(folder / "files")
    channels = open_channels(Parts(settings, store, shelf.get, on_fatal=lambda _reason: None))
    routes: list[BaseRoute] = [route for one in channels.values() for route in one.routes()]
    routes += verify_routes(store, lambda: room.company)
    routes += SignDesk(store, shelf, lambda: room.company, on_committed=lambda: None).routes()

    async def well() -> dict[str, Any]:
        return {"storage": True}

    return web_app(routes, health=well, readiness=well)


@pytest.fixture
async def stranger(store: Store, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody without session, secret or token."""
    transport = httpx.ASGITransport(served(store, tmp_path))
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as client:
        yield client


def test_every_door_is_in_the_table_and_no_other(store: Store, tmp_path: Path) -> None:
    doors = set()
    for route in served(store, tmp_path).routes:
        methods = {""} if isinstance(route, Mount) else route.methods - {"HEAD"}  # type: ignore[attr-defined]
        doors |= {(route.path, method) for method in methods}  # type: ignore[attr-defined]

    assert doors == set(DOORS)


@pytest.mark.parametrize(("path", "method"), DOORS, ids=lambda one: one.replace("/", "."))
async def test_a_door_stays_shut_for_whoever_has_no_key(stranger: httpx.AsyncClient, path: str, method: str) -> None:
    _key, statuses = DOORS[path, method]
    address = path.replace("{sha256}", HASH).replace("{token}", "guessed").replace("{seal}", HASH)

    content = b"{}" if method == "POST" else None
    answer = await stranger.request(method or "GET", address, content=content, headers={"x-fieldhand": "1"})

    assert answer.status_code in statuses
    assert "和平東路" not in answer.text


async def test_what_stands_in_one_chat_no_other_session_sees(stranger: httpx.AsyncClient, store: Store) -> None:
    """Whatever its role: a session opens the chat that it belongs to."""
    now = datetime.now(UTC)
    body = {"text": "地址：和平東路一段 1 號", "photos": [HASH]}
    message = await store.write(lambda c: webchat.post(c, "somebody-else", BOT, body, now=now))
    await stranger.get("/chat")

    state = await stranger.get("/chat/api/state")
    file = await stranger.get(f"/chat/file/{HASH}")
    said = {"press": "o.1.card", "message": str(message.id), "id": "k" * 32}
    press = await stranger.post("/chat/api/send", json=said, headers={"x-fieldhand": "1"})

    assert (state.status_code, state.json()["messages"]) == (200, [])
    assert (file.status_code, press.status_code) == (404, 404)
