"""`/sign/<one-time token>`: the customer reads the report and signs it on a screen, with finger or mouse (SIG-1, SIG-10)."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import structlog
from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.webchat_door import Declined, check_origin, read_body, read_json
from bot.pictures import Looked, NotAPicture, look
from handlers.drawing import Drawing, find, take
from handlers.router import handle
from handlers.turn import Company
from storage import files, orders, people
from storage.errors import Raced, StoreUnavailable
from storage.files import Shelf
from storage.unit import Unit
from storage.writer import Store
from texts import catalog

log = structlog.get_logger()

MOST_BODY = 2 * 1024 * 1024
_BODY_SECONDS = 30
_PNG = "data:image/png;base64,"
_PAGES = Path(__file__).parent / "pages"
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
}
_TRIES = 3


class SignDesk:
    """The page and what it sends. `on_committed` wakes delivery."""

    def __init__(self, store: Store, shelf: Shelf, company: Callable[[], Company], *, on_committed: Callable[[], None]) -> None:
        self._store, self._shelf, self._company, self._on_committed = store, shelf, company, on_committed
        self._pages = Environment(loader=FileSystemLoader(_PAGES), autoescape=select_autoescape(), auto_reload=False)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/sign/{token}", self.show, methods=["GET"]),
            Route("/sign/{token}", self.receive, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        """The page; one that is over says so."""
        drawing = await self._store.read(lambda c: find(c, request.path_params["token"], now=datetime.now(UTC)))
        about = self._company()
        language, number = await self._store.read(lambda c: _about(c, drawing, about.language))
        text = catalog.texts(language)
        facts = {one: text[f"sign.page-{one}"] for one in ("sending", "failed", "done", "over", "empty")}
        body = self._pages.get_template("sign.html").render(
            language=language, company=about.name, t=text, drawing=drawing, number=number, facts=json.dumps(facts)
        )
        return HTMLResponse(body, 200 if drawing else 410, headers=_HEADERS)

    async def receive(self, request: Request) -> Response:
        """Take a drawing once; 200 says that it is stored and answered, 410 that the address is used up."""
        try:
            check_origin(request, self._company().public_url)
            told = read_json(await read_body(request, MOST_BODY, seconds=_BODY_SECONDS))
            picture, seen, strokes = _read(told)
            is_taken = await self._take(request.path_params["token"], picture, seen, strokes)
        except Declined as no:
            return JSONResponse({"error": "declined"}, no.status, headers=_HEADERS)
        except (ValueError, NotAPicture):
            return JSONResponse({"error": "unreadable"}, 400, headers=_HEADERS)
        except (StoreUnavailable, Raced) as error:
            log.warning("sign.not_stored", error=type(error).__name__)
            return JSONResponse({"error": "later"}, 503, headers=_HEADERS)
        return JSONResponse({"taken": is_taken}, 200 if is_taken else 410, headers=_HEADERS)

    async def _take(self, token: str, picture: bytes, seen: Looked, strokes: bytes) -> bool:
        """Files first, then the answer and its effect in one transaction."""
        kept, drawn = await asyncio.to_thread(lambda: (self._shelf.put(picture), self._shelf.put(strokes)))

        def work(connection: Connection) -> bool:
            now, company = datetime.now(UTC), self._company()
            drawing = find(connection, token, now=now)
            event = take(connection, drawing, kept, now=now) if drawing else None
            if event is None or drawing is None:
                return False
            meta = seen.meta | {"strokes": drawn}
            files.note(connection, sha256=drawn, mime="application/json", size=len(strokes), by=drawing.person, now=now)
            files.note(connection, sha256=kept, mime=seen.mime, size=len(picture), by=drawing.person, width=seen.width,
                       height=seen.height, near_hash=seen.near_hash, meta=meta, now=now)  # fmt: skip
            handle(Unit(connection, now, company.terms, event.key), company, event)
            return True

        for attempt in range(_TRIES):
            try:
                is_taken = await self._store.write(work)
                break
            except Raced:
                if attempt == _TRIES - 1:
                    raise
        self._on_committed()
        return is_taken


def _read(told: dict[str, Any]) -> tuple[bytes, Looked, bytes]:
    """(PNG, what it looks like, strokes as JSON). Raises ValueError and NotAPicture."""
    address, strokes = told.get("png"), told.get("strokes")
    if not isinstance(address, str) or not address.startswith(_PNG) or not isinstance(strokes, list) or not strokes:
        raise ValueError("no drawing")
    try:
        picture = base64.b64decode(address.removeprefix(_PNG), validate=True)
    except binascii.Error as error:
        raise ValueError("no drawing") from error
    return picture, look(picture), json.dumps(strokes, separators=(",", ":")).encode()


def _about(connection: Connection, drawing: Drawing | None, default: str) -> tuple[str, str]:
    """(the customer's language, the order's number)."""
    order = orders.by_id(connection, drawing.order) if drawing else None
    if order is None:
        return default, ""
    return people.person(connection, order.customer).language or default, order.number
