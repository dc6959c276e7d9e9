"""Who may come in by the web chat's door: cookies, same origin, rates, and what may be said."""

import asyncio
import hashlib
import json
import math
import re
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request

from texts.catalog import LANGUAGES, nearest

COOKIE_AGE = 400 * 24 * 3600  # the longest that browsers keep
LANGUAGE_COOKIE = "fh_language"
MOST_JSON = 32 * 1024
MOST_TEXT = 2000
MOST_UPLOAD = 25 * 1024 * 1024
UPLOAD_SECONDS = 300
MOST_AGE = 24 * 3600.0  # how old a message from a page without signal may say it is, in seconds
_CLIENT_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")
_HIDDEN = {"Cc", "Cf", "Cs", "Co"}  # controls, direction marks, halves of characters
_KEPT = {"\n", "\u200d", "\ufe0f"}  # joiners are part of emoji


@dataclass(frozen=True)
class Seat:
    """A chair at the demonstration: whoever sits down speaks as this seeded person."""

    address: str
    name: str


class Declined(Exception):
    """The door says no: an HTTP status and a text id."""

    def __init__(self, status: int, text: str, *, retry_after: int = 0, **facts: str) -> None:
        super().__init__(text)
        self.status, self.text, self.retry_after, self.facts = status, text, retry_after, facts


class Buckets:
    """Token buckets, one a name; the names that were quiet longest are forgotten first."""

    def __init__(self, burst: float, per_second: float, *, most: int = 10_000) -> None:
        self._burst, self._per_second, self._most = burst, per_second, most
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> float:
        """0 when allowed, else the seconds to wait."""
        now = time.monotonic()
        level, at = self._levels.pop(name, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_second)
        wait = 0.0 if level >= 1 else (1 - level) / self._per_second
        self._levels[name] = (level if wait else level - 1, now)
        while len(self._levels) > self._most:
            self._levels.popitem(last=False)
        return wait


def digest(token: str) -> str:
    """What we keep of a cookie."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def language_of(request: Request, default: str) -> str:
    """The reader's language: chosen on the page, remembered, the browser's, the company's."""
    for tag in (request.query_params.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, "")):
        if tag in LANGUAGES:
            return tag
    first = request.headers.get("accept-language", "").split(",")[0].split(";")[0].strip()
    return nearest(first, default=default) if first.lower().startswith(("zh", "en")) else default


def check_origin(request: Request, public_url: str) -> None:
    """Posts come from our own page: a header that no form can send, and the page's own origin."""
    origin = request.headers.get("origin", "")
    hosts = {request.headers.get("host", ""), urlsplit(public_url).netloc} - {""}
    is_ours = not origin or urlsplit(origin).netloc in hosts
    is_same_site = request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
    if request.headers.get("x-fieldhand") != "1" or not is_ours or not is_same_site:
        raise Declined(403, "page.error.origin")


async def read_body(request: Request, most: int, *, seconds: float) -> bytes:
    """The body, read no further than `most` bytes."""
    told = request.headers.get("content-length", "")
    if told.isdigit() and int(told) > most:
        raise _too_large(most)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > most:
                    raise _too_large(most)
    except TimeoutError as error:
        raise Declined(408, "page.error.slow") from error
    except ClientDisconnect as error:
        raise Declined(400, "page.error.form") from error
    return bytes(body)


def read_json(body: bytes) -> dict[str, Any]:
    """One flat JSON object."""
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Declined(400, "page.error.form") from error
    if not isinstance(plain, dict):
        raise Declined(400, "page.error.form")
    return plain


def read_key(value: Any) -> str:
    """The page's own name for what it sends, which makes a repeat harmless."""
    if not isinstance(value, str) or not _CLIENT_KEY.fullmatch(value):
        raise Declined(400, "page.error.form")
    return value


def read_text(value: Any, most: int = MOST_TEXT) -> str:
    """Words as they may be kept: composed, without controls and direction marks."""
    if not isinstance(value, str):
        raise Declined(400, "page.error.form")
    text = clean(value).strip()
    if len(text) > most:
        raise Declined(422, "page.error.long", limit=f"{most:,}")
    return text


def read_place(value: Any) -> tuple[float, float]:
    """A point that exists on the globe."""
    if not isinstance(value, Mapping):
        raise Declined(400, "page.error.form")
    return _degrees(value.get("lat"), 90), _degrees(value.get("lon"), 180)


def read_ref(value: Any) -> int:
    """A message of this chat, by number."""
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or len(value) > 18:
        raise Declined(400, "page.error.form")
    return int(value)


def read_age(value: Any) -> float:
    """Seconds that a message waited for a signal, by the sender's own clock; anything odd counts as none."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return min(max(float(value), 0.0), MOST_AGE) if is_number else 0.0


def clean(text: str) -> str:
    """NFC, without controls, direction marks, and halves of characters."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\t", " "))
    return "".join(one for one in composed if one in _KEPT or unicodedata.category(one) not in _HIDDEN)


def _degrees(value: Any, most: int) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not abs(value) <= most:  # also refuses what is not a number
        raise Declined(400, "page.error.form")
    return round(float(value), 6)


def _too_large(most: int) -> Declined:
    return Declined(
        413, "page.error.large", limit=f"{most // (1024 * 1024)} MB" if most > 1024 * 1024 else f"{most // 1024} kB"
    )
