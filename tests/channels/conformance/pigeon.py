"""A made-up messenger, to see that another one takes no more than a module, a line, its settings and a rig (STYLE 12).

Pigeons carry plain words: what somebody wants to say is posted to `/pigeon`, what we say waits there to be fetched.
"""

import asyncio
import base64
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.base import FIRST, Abilities, Accept, Attempt, Edits, MediaGone, Never, Result, Sent
from bot.channels.fitting import fit
from bot.channels.parts import Parts
from handlers.bubbles import Bubble
from handlers.events import Event, Kind, Media
from storage.errors import StoreUnavailable


def build(parts: Parts) -> "Pigeon":
    """Pigeons are always there."""
    return Pigeon(parts)


class Pigeon:
    """No buttons, no changes, no places: everything is words, photos go along as they are."""

    name = "pigeon"
    abilities = Abilities(
        text_chars=500, label_chars=0, buttons=6, edits=Edits.NEVER, can_ask_location=False, can_ask_contact=False,
        takes_location=False,
    )  # fmt: skip

    def __init__(self, parts: Parts) -> None:
        self._load_file = parts.load_file
        self._accept: Accept | None = None
        self.loft: defaultdict[str, list[tuple[str, bytes]]] = defaultdict(list)

    @property
    def is_sending(self) -> bool:
        return True

    def routes(self) -> list[BaseRoute]:
        return [Route("/pigeon", self._arrives, methods=["POST"]), Route("/pigeon/{who}", self._waits, methods=["GET"])]

    async def start(self, accept: Accept) -> None:
        self._accept = accept

    async def stop(self) -> None:
        self._accept = None

    async def _arrives(self, request: Request) -> Response:
        told = await request.json()
        if not isinstance(told, dict) or not {"who", "key"} <= set(told) or self._accept is None:
            return Response(status_code=400)
        try:
            await self._accept(self.name, told["who"], told["key"], told)
        except StoreUnavailable:
            return Response(status_code=503)
        self.loft[told["who"]]
        return Response()

    async def _waits(self, request: Request) -> Response:
        return JSONResponse([words for words, _photo in self.loft.get(request.path_params["who"], [])])

    def read(self, raw: dict[str, Any]) -> Event | None:
        given: dict[str, Any] = {"channel": self.name, "address": raw["who"], "chat": raw["who"], "key": raw["key"]}
        given |= {"at": datetime.fromisoformat(raw["at"]) if "at" in raw else datetime.now(UTC), "name": raw["who"]}
        if "photo" in raw:
            return Event(**given, kind=Kind.PHOTO, media=Media(raw["photo"], "image/jpeg"))
        return Event(**given, kind=Kind.TEXT, text=raw["words"]) if "words" in raw else Event(**given, kind=Kind.UNSUPPORTED)

    def weight(self, bubble: Bubble) -> int:
        return len(self._fitted(bubble).texts) + len(bubble.photos)

    def join_link(self) -> str:
        return ""

    async def check(self) -> list[tuple[bool, str]]:
        return [(True, "PIGEON: all birds are at home")]

    async def send(self, address: str, bubble: Bubble, attempt: Attempt = FIRST) -> Result:
        if address not in self.loft:
            return Never("unknown-address")
        fitted = self._fitted(bubble)
        for sha256 in bubble.photos:
            try:
                self.loft[address].append(("", await asyncio.to_thread(self._load_file, sha256)))
            except (OSError, LookupError):
                continue
        self.loft[address] += [(words, b"") for words in fitted.texts]
        return Sent(str(len(self.loft[address])), fitted.numbered)

    async def edit(self, address: str, ref: str, bubble: Bubble) -> Result:
        return Never("cannot-edit")

    async def settle(self, address: str, ref: str) -> Result:
        return Never("cannot-edit")

    async def acknowledge(self, event: Event, note: str = "") -> None:
        return None

    async def fetch(self, media: Media, limit: int) -> bytes:
        try:
            content = base64.b64decode(media.handle, validate=True)
        except ValueError as error:
            raise MediaGone("gone") from error
        if len(content) > limit:
            raise MediaGone("too-large")
        if not content.startswith(b"\xff\xd8"):
            raise MediaGone("gone")
        return content

    def _fitted(self, bubble: Bubble) -> Any:
        return fit(bubble, chars=self.abilities.text_chars, buttons=0)
