"""The built-in web chat as a channel: our own page, our own store, no account anywhere (DESIGN 5)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection
from starlette.routing import BaseRoute

from bot.channels.base import FIRST, Abilities, Accept, Attempt, Edits, Later, MediaGone, Never, Result, Sent
from bot.channels.parts import Parts
from bot.channels.webchat_door import Seat
from bot.channels.webchat_files import type_of
from bot.channels.webchat_http import Front, Look
from bot.channels.webchat_live import Bell
from bot.shelves import UPLOADS, open_shelf
from handlers.bubbles import Bubble
from handlers.events import Event, Kind, Media, Place
from storage import webchat
from storage.calls import Calls
from storage.errors import StoreUnavailable
from storage.webchat import BOT
from storage.writer import Store
from texts import catalog

log = structlog.get_logger()

_NOBODY = Never("unknown-address")
_NO_MESSAGE = Never("no-such-message")


def build(parts: Parts) -> "WebChat":
    """The web chat, which is always there."""
    settings = parts.settings
    uploads = open_shelf(settings, UPLOADS)
    return WebChat(
        parts.store,
        texts={language: catalog.texts(language) for language in catalog.LANGUAGES},
        keep_upload=uploads.put,
        load_upload=uploads.get,
        load_file=parts.load_file,
        seats=parts.seats,
        calls=parts.calls,
        look=Look(settings.company_name, settings.language, settings.timezone, settings.public_url),
    )


class WebChat:
    """Messages live in `web_messages`; open pages are told at once over server-sent events."""

    name = "web"
    is_sending = True
    abilities = Abilities(
        text_chars=8000,
        label_chars=60,
        buttons=100,
        edits=Edits.ANY,
        can_ask_location=True,
        can_ask_contact=False,
        caption_chars=8000,
        per_second=200,
        pushes=False,
    )

    def __init__(
        self,
        store: Store,
        *,
        texts: Mapping[str, Mapping[str, str]],
        keep_upload: Callable[[bytes], str],
        load_upload: Callable[[str], bytes],
        load_file: Callable[[str], bytes],
        seats: Mapping[str, Seat] | None = None,
        look: Look | None = None,
        calls: Calls | None = None,
    ) -> None:
        """`keep_upload` stores bytes durably and names them, `load_upload` gives them back; `load_file` gives the bytes of
        a stored file by SHA-256, in the copy that may be shown. The three run in threads and raise OSError or LookupError.
        """
        self._store, self._load_upload, self._load_file = store, load_upload, load_file
        self._addresses = {seat.address for seat in (seats or {}).values()}
        self._bell = Bell(calls)
        self._front = Front(
            store,
            self._bell,
            texts=texts,
            keep_upload=keep_upload,
            load_upload=load_upload,
            load_file=load_file,
            seats=seats or {},
            look=look or Look(),
        )

    def routes(self) -> list[BaseRoute]:
        return self._front.routes()

    async def start(self, accept: Accept) -> None:
        self._front.accept = accept

    async def stop(self) -> None:
        """Take no more, and end the open streams, so that the server can close."""
        self._front.accept = None
        self._bell.close()

    def read(self, raw: dict[str, Any]) -> Event | None:
        if raw.get("kind") not in {Kind.START, Kind.TEXT, Kind.PRESS, Kind.PHOTO, Kind.VOICE, Kind.FILE, Kind.LOCATION}:
            return None
        place = raw.get("place")
        return Event(
            channel=self.name,
            address=raw["address"],
            chat=raw["address"],
            key=raw["key"],
            kind=Kind(raw["kind"]),
            at=datetime.fromisoformat(raw["at"]),
            text=raw.get("text", ""),
            token=raw.get("token", ""),
            press=raw.get("press", ""),
            message=raw.get("message") or raw.get("reply_to", ""),
            media=_media(raw) if raw.get("handle") else None,
            place=Place(place["lat"], place["lon"]) if place else None,
            album=raw.get("album", ""),
            name=raw.get("name", ""),
            language=raw.get("language", ""),
        )

    def weight(self, bubble: Bubble) -> int:
        return 1

    def join_link(self) -> str:
        """Where the page is reached is not the channel's to know."""
        return ""

    async def check(self) -> list[tuple[bool, str]]:
        return []

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        body = await self._body(bubble)

        def post(connection: Connection) -> Result:
            if address not in self._addresses and not webchat.is_known(connection, address):
                return _NOBODY
            return Sent(str(webchat.post(connection, address, BOT, body, now=datetime.now(UTC)).id))

        return await self._change(address, post)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        body = await self._body(bubble)
        return await self._change(address, partial(_revise, address=address, ref=ref, change=lambda _old: body))

    async def settle(self, address: str, ref: str) -> Result:
        return await self._change(address, partial(_revise, address=address, ref=ref, change=lambda old: old | {"rows": []}))

    async def acknowledge(self, event: Event, note: str = "") -> None:
        self._bell.ring(event.chat, {"press": event.press, "message": event.message, "words": note})

    async def fetch(self, media: Media, limit: int) -> bytes:
        try:
            data = await asyncio.to_thread(self._load_upload, media.handle)
        except (OSError, LookupError) as error:
            raise MediaGone("gone") from error
        if len(data) > limit:
            raise MediaGone("too-large")
        return data

    async def _change(self, address: str, work: Callable[[Connection], Result]) -> Result:
        """Commit, then wake the open pages."""
        try:
            result = await self._store.write(work)
        except StoreUnavailable as error:
            return Later(2.0, str(error))
        self._bell.ring(address)
        return result

    async def _body(self, bubble: Bubble) -> dict[str, Any]:
        body = {name: value for name, value in asdict(bubble).items() if value and name not in ("more", "pick", "file_names")}
        if bubble.file_names:
            body["names"] = dict(zip(bubble.files, bubble.file_names, strict=True))
        if bubble.files:
            body["types"] = await asyncio.to_thread(self._types, bubble.files)
        return body

    def _types(self, files: tuple[str, ...]) -> dict[str, str]:
        found = {}
        for sha256 in files:
            try:
                found[sha256] = type_of(self._load_file(sha256))
            except (OSError, LookupError):
                log.warning("webchat.file_missing", sha256=sha256)
        return found


def _revise(connection: Connection, *, address: str, ref: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Result:
    found = webchat.message(connection, address, int(ref)) if ref.isascii() and ref.isdigit() and len(ref) < 19 else None
    if found is None or found.side != BOT:
        return _NO_MESSAGE
    is_there = webchat.revise(connection, address, found.id, change(found.body), now=datetime.now(UTC))
    return Sent(ref) if is_there else _NO_MESSAGE


def _media(raw: dict[str, Any]) -> Media:
    return Media(raw["handle"], mime=raw["mime"], size=raw["size"], name=raw["name"], seconds=raw["seconds"])
