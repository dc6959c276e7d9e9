"""The web chat's pages and its HTTP interface. What is answered with 200 has been committed."""

import asyncio
import hashlib
import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from jinja2 import Environment, FileSystemLoader, select_autoescape
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from bot.channels.base import Accept
from bot.channels.webchat_door import (
    COOKIE_AGE,
    LANGUAGE_COOKIE,
    MOST_JSON,
    MOST_UPLOAD,
    UPLOAD_SECONDS,
    Buckets,
    Declined,
    Seat,
    check_origin,
    digest,
    language_of,
    read_age,
    read_body,
    read_json,
    read_key,
    read_place,
    read_ref,
    read_text,
)
from bot.channels.webchat_files import file_response, type_of
from bot.channels.webchat_live import Bell, stream, wire
from storage import webchat
from storage.errors import StoreUnavailable
from storage.webchat import ME, WebSession
from storage.writer import Store
from texts.catalog import LANGUAGES, SOURCE

log = structlog.get_logger()

PAGES = Path(__file__).parent.parent / "pages"
UPLOADS = {"photo": "photos", "voice": "voices", "file": "files"}
_UPLOADS_AT_ONCE = 8  # each may hold 25 MB in memory
_SHA256 = re.compile(r"[0-9a-f]{64}")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; "
    "connect-src 'self'; manifest-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)
_PAGE_HEADERS = {
    "content-security-policy": _POLICY,
    "permissions-policy": "geolocation=(self), microphone=(self), camera=(self)",
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
}
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Look:
    """What the pages show of the company."""

    company: str = "外勤幫手"
    language: str = SOURCE
    zone: str = "Asia/Taipei"
    public_url: str = ""


class Front:
    """Everything that a browser asks for."""

    def __init__(
        self,
        store: Store,
        bell: Bell,
        *,
        texts: Mapping[str, Mapping[str, str]],
        keep_upload: Callable[[bytes], str],
        load_upload: Callable[[str], bytes],
        load_file: Callable[[str], bytes],
        seats: Mapping[str, Seat],
        look: Look,
    ) -> None:
        self._store, self._bell, self._texts, self._seats, self._look = store, bell, texts, seats, look
        self._keep_upload, self._load_upload, self._load_file = keep_upload, load_upload, load_file
        self.accept: Accept | None = None
        self._sends = Buckets(burst=60, per_second=3)
        self._looks = Buckets(burst=120, per_second=10)
        self._doors = Buckets(burst=600, per_second=20)
        self._uploads = asyncio.Semaphore(_UPLOADS_AT_ONCE)
        self._pages = Environment(loader=FileSystemLoader(PAGES), autoescape=select_autoescape(), auto_reload=False)

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._polite(self.front_page)),
            Route("/demo", self._polite(self.demo_page)),
            Route("/chat", self._polite(self.chat_page)),
            Route("/chat/api/state", self._polite(self.state)),
            Route("/chat/api/events", self._polite(self.events)),
            Route("/chat/api/send", self._polite(self.send), methods=["POST"]),
            Route("/chat/api/upload", self._polite(self.upload), methods=["POST"]),
            Route("/chat/file/{sha256}", self._polite(self.file)),
        ]

    # Pages

    async def front_page(self, request: Request) -> Response:
        return await self.demo_page(request) if self._seats else RedirectResponse("/chat", 302, headers=_PAGE_HEADERS)

    async def demo_page(self, request: Request) -> Response:
        if not self._seats:
            raise Declined(404, "page.error.gone")
        language = language_of(request, self._look.language)
        return self._page("trio.html", request, language, seats=self._seats)

    async def chat_page(self, request: Request) -> Response:
        seat = self._seat(request)
        session = await self._session(request, seat)
        token = request.cookies.get(_cookie(seat), "")
        if session is None:
            token = await self._open(request, seat)
        else:
            await self._store.write(partial(webchat.see_session, session=session.id, now=datetime.now(UTC)))
        language = language_of(request, self._look.language)
        name = self._seats[seat].name if seat else ""
        response = self._page("chat.html", request, language, seat=seat, name=name)
        self._give_cookie(response, request, _cookie(seat), token, path="/chat")
        return response

    # The interface

    async def state(self, request: Request) -> Response:
        """The newest bubbles, those above `before`, or those changed after `since`."""
        session = await self._known(request, self._looks)
        since, before = _count(request, "since"), _count(request, "before")

        def read(connection: Connection) -> dict[str, Any]:
            rev = webchat.last_rev(connection, session.address)
            if since:
                messages = webchat.messages_since(connection, session.address, since)
            else:
                messages = webchat.last_messages(connection, session.address, before=before)
            is_fresh = not webchat.has_spoken(connection, session.address)
            return {"rev": rev, "messages": [wire(one) for one in messages], "fresh": is_fresh}

        return JSONResponse(await self._store.read(read), headers={"cache-control": "no-store"})

    async def events(self, request: Request) -> Response:
        session = await self._known(request, self._looks)
        if self._bell.is_closed or self._bell.is_full(session.address):
            raise Declined(503, "page.error.busy", retry_after=5)
        last = request.headers.get("last-event-id", "")
        rev = int(last) if last.isascii() and last.isdigit() and len(last) < 19 else _count(request, "since")
        lines = stream(self._bell, session.address, rev, self._news, _frame)
        return StreamingResponse(
            lines, media_type="text/event-stream", headers={"cache-control": "no-store", "x-accel-buffering": "no"}
        )

    async def send(self, request: Request) -> Response:
        """Words, a press, a place, or the first hello."""
        check_origin(request, self._look.public_url)
        session = await self._known(request, self._sends)
        said = read_json(await read_body(request, MOST_JSON, seconds=20))
        key = read_key(said.get("id"))
        raw: dict[str, Any] = {"reply_to": await self._own(session, said["reply_to"])} if said.get("reply_to") else {}
        if "press" in said:
            raw |= await self._press(session, said)
        elif "location" in said:
            latitude, longitude = read_place(said["location"])
            raw |= {"kind": "location", "place": {"lat": latitude, "lon": longitude}}
        elif "start" in said:
            raw |= {"kind": "start", "text": read_text(said["start"], 128)}
        else:
            raw |= {"kind": "text", "text": read_text(said.get("text"))}
            if not raw["text"]:
                raise Declined(422, "page.error.empty")
        return await self._take(request, session, key, raw, age=read_age(said.get("age")))

    async def upload(self, request: Request) -> Response:
        """A photo, a voice note or a file, as the raw body."""
        check_origin(request, self._look.public_url)
        session = await self._known(request, self._sends)
        query = request.query_params
        kind, key = query.get("kind", ""), read_key(query.get("id"))
        if kind not in UPLOADS:
            raise Declined(400, "page.error.form")
        async with self._uploads:
            data = await read_body(request, MOST_UPLOAD, seconds=UPLOAD_SECONDS)
            if not data:
                raise Declined(422, "page.error.empty")
            try:
                handle = await asyncio.to_thread(self._keep_upload, data)
            except OSError as error:
                log.error("webchat.upload_not_kept", error=type(error).__name__)
                raise Declined(507, "page.error.space", retry_after=30) from error
        raw = {
            "kind": kind,
            "handle": handle,
            "sha256": hashlib.sha256(data).hexdigest(),
            "mime": type_of(data),
            "size": len(data),
            "name": read_text(query.get("name", "")[:200]),
            "seconds": min(_count(request, "seconds"), 3600),
            "album": read_key(query["album"]) if query.get("album") else "",
        }
        return await self._take(request, session, key, raw, age=read_age(_count(request, "age")))

    async def file(self, request: Request) -> Response:
        sha256 = request.path_params["sha256"]
        session = await self._known(request, self._looks)
        if not _SHA256.fullmatch(sha256):
            raise Declined(404, "page.error.gone")
        shown = await self._store.read(partial(webchat.shown_file, address=session.address, sha256=sha256))
        if shown is None:
            raise Declined(404, "page.error.gone")
        try:
            if shown.handle:
                data = await asyncio.to_thread(self._load_upload, shown.handle)
            else:
                data = await asyncio.to_thread(self._load_file, sha256)
        except (OSError, LookupError) as error:
            raise Declined(404, "page.error.gone") from error
        return file_response(request, data, name=shown.name)

    # Steps

    async def _take(self, request: Request, session: WebSession, key: str, raw: dict[str, Any], *, age: float) -> Response:
        """Show it in the chat, hand it to the inbox, and only then say so."""
        if self.accept is None:
            raise Declined(503, "page.error.busy", retry_after=2)
        now = datetime.now(UTC)
        at = now - timedelta(seconds=age)
        message = 0
        if raw["kind"] != "press":
            echo = partial(webchat.post, address=session.address, side=ME, body=_echo(raw), now=at, client_key=key)
            message = (await self._store.write(echo)).id
        raw |= {
            "key": f"{session.address}:{key}",
            "address": session.address,
            "at": at.isoformat(),
            "name": self._seats[session.seat].name if session.seat else "",
            "language": language_of(request, self._look.language),
        }
        await self.accept("web", session.address, raw["key"], raw)
        self._bell.ring(session.address)
        return JSONResponse({"id": str(message) if message else ""})

    async def _press(self, session: WebSession, said: dict[str, Any]) -> dict[str, Any]:
        """A button of this chat, marked as pressed. Whether it still counts is for the handlers to say."""
        token, ref = said["press"], read_ref(said.get("message"))
        if not isinstance(token, str) or not 1 <= len(token.encode("utf-8", "replace")) <= 64:
            raise Declined(400, "page.error.form")
        if not await self._store.write(partial(_mark_pressed, address=session.address, ref=ref, token=token)):
            raise Declined(404, "page.error.gone")
        return {"kind": "press", "token": read_text(token), "message": str(ref), "press": said["id"]}

    async def _own(self, session: WebSession, ref: Any) -> str:
        number = read_ref(ref)
        if await self._store.read(partial(webchat.message, address=session.address, ref=number)) is None:
            raise Declined(404, "page.error.gone")
        return str(number)

    async def _news(self, address: str, rev: int) -> list[webchat.WebMessage]:
        return await self._store.read(partial(webchat.messages_since, address=address, rev=rev))

    # Sessions

    def _seat(self, request: Request) -> str:
        seat = request.query_params.get("seat", "")
        if seat and seat not in self._seats:
            raise Declined(404, "page.error.seat")
        return seat

    async def _session(self, request: Request, seat: str) -> WebSession | None:
        """Who this browser is in that seat; None when it has no cookie of ours for it."""
        token = request.cookies.get(_cookie(seat), "")
        if not token:
            return None
        session = await self._store.read(partial(webchat.session_by_token, token_hash=digest(token)))
        if session is None or session.seat != seat:
            return None
        return session if not seat or session.address == self._seats[seat].address else None

    async def _known(self, request: Request, buckets: Buckets) -> WebSession:
        session = await self._session(request, self._seat(request))
        if session is None:
            raise Declined(401, "page.error.session")
        if wait := buckets.take(str(session.id)):
            raise Declined(429, "page.error.rate", retry_after=int(wait) + 1)
        return session

    async def _open(self, request: Request, seat: str) -> str:
        """A new session; returns its cookie."""
        if wait := self._doors.take(request.client.host if request.client else ""):
            raise Declined(429, "page.error.rate", retry_after=int(wait) + 1)
        token = secrets.token_urlsafe(32)
        address = self._seats[seat].address if seat else f"w{secrets.token_hex(16)}"
        opening = partial(webchat.add_session, token_hash=digest(token), address=address, seat=seat, now=datetime.now(UTC))
        await self._store.write(opening)
        return token

    # Answers

    def _page(self, template: str, request: Request, language: str, **facts: Any) -> Response:
        texts = self._texts[language]
        page = {key: text for key, text in texts.items() if key.startswith("page.")}
        plain = {"texts": page, "language": language, "zone": self._look.zone, "company": self._look.company}
        plain |= {key: value for key, value in facts.items() if isinstance(value, str)}
        inert = json.dumps(plain, ensure_ascii=False).replace("<", "\\u003c")
        html = self._pages.get_template(template).render(
            t=page, language=language, languages=LANGUAGES, company=self._look.company, facts=inert, **facts
        )
        response = HTMLResponse(html, headers=_PAGE_HEADERS)
        if request.query_params.get("lang") in LANGUAGES:
            self._give_cookie(response, request, LANGUAGE_COOKIE, language, path="/")
        return response

    def _give_cookie(self, response: Response, request: Request, name: str, value: str, *, path: str) -> None:
        is_secure = request.url.scheme == "https" or self._look.public_url.startswith("https:")
        response.set_cookie(name, value, COOKIE_AGE, path=path, secure=is_secure, httponly=True, samesite="lax")

    def _polite(self, endpoint: Endpoint) -> Endpoint:
        """Every no is JSON with a text id and words in the reader's language."""

        async def answer(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Declined as no:
                return self._no(request, no)
            except StoreUnavailable:
                return self._no(request, Declined(503, "page.error.busy", retry_after=2))

        return answer

    def _no(self, request: Request, no: Declined) -> Response:
        words = self._texts[language_of(request, self._look.language)][no.text]
        for name, value in no.facts.items():
            words = words.replace(f"{{{name}}}", value)
        headers = {"cache-control": "no-store"} | ({"retry-after": str(no.retry_after)} if no.retry_after else {})
        return JSONResponse({"error": no.text, "words": words}, no.status, headers)


def _echo(raw: dict[str, Any]) -> dict[str, Any]:
    """What the sender sees of it."""
    kind = raw["kind"]
    if kind in UPLOADS:
        sha256 = raw["sha256"]
        body: dict[str, Any] = {"kind": kind, UPLOADS[kind]: [sha256], "uploads": {sha256: raw["handle"]}}
        body |= {"names": {sha256: raw["name"]}} if raw["name"] and kind == "file" else {}
        return body | ({"seconds": raw["seconds"]} if raw["seconds"] else {})
    return {name: raw[name] for name in ("kind", "text", "place", "reply_to") if name in raw}


def _mark_pressed(connection: Connection, *, address: str, ref: int, token: str) -> bool:
    found = webchat.message(connection, address, ref)
    if found is None:
        return False
    labels = [one["label"] for row in found.body.get("rows", ()) for one in row if one.get("token") == token]
    if labels:
        webchat.revise(connection, address, ref, found.body | {"pressed": labels[0]}, now=datetime.now(UTC))
    return True


def _frame(event: str, plain: dict[str, Any], rev: int) -> str:
    head = f"id: {rev}\n" if event == "message" else ""
    return f"{head}event: {event}\ndata: {json.dumps(plain, ensure_ascii=False)}\n\n"


def _cookie(seat: str) -> str:
    return f"fh_{seat or 'me'}"


def _count(request: Request, name: str) -> int:
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
