"""Files of the smart bot: theirs are fetched and deciphered at once, ours are brought in three steps [D 101463]."""

import asyncio
import base64
import binascii
import hashlib
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx
import structlog
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from bot.channels.base import MediaGone, MediaLater
from bot.channels.webchat_files import type_of
from bot.channels.wecom_bot_wire import UPLOAD_CHUNK, UPLOAD_FINISH, UPLOAD_INIT, Frame, NotConnected, Unanswered
from handlers.events import Media
from storage import notes
from storage.writer import Store

log = structlog.get_logger()

CHUNK, MOST_CHUNKS = 512 * 1024, 100
_BLOCK = 32  # WeCom pads to this, not to the cipher's 16
_IMAGE_BYTES, _VOICE_BYTES = 10 * 1024 * 1024, 2 * 1024 * 1024
_LIFE = timedelta(days=3) - timedelta(hours=2)  # of what was brought, with some room
_FETCH_SECONDS, _CHUNK_SECONDS = 30.0, 30.0
_GONE = (400, 401, 403, 404, 410)
_EXTENSIONS = {"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "application/pdf": ".pdf"}
_EXTENSIONS |= {"audio/ogg": ".ogg", "audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/amr": ".amr", "audio/wav": ".wav"}


async def fetch(media: Media, limit: int) -> bytes:
    """The deciphered bytes of a file. Its address is good for five minutes. Raises MediaGone and MediaLater."""
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it would write down addresses that open files
    try:
        told = json.loads(media.handle)
    except ValueError as error:
        raise MediaGone("gone") from error
    content = b""
    try:
        async with httpx.AsyncClient(timeout=_FETCH_SECONDS) as client, client.stream("GET", told["url"]) as answer:
            if answer.status_code in _GONE:
                raise MediaGone("gone")
            if answer.status_code != 200:
                raise MediaLater(f"status-{answer.status_code}")
            async for piece in answer.aiter_bytes():
                content += piece
                if len(content) > limit + _BLOCK:
                    raise MediaGone("too-large")
    except (httpx.InvalidURL, httpx.UnsupportedProtocol):
        raise MediaGone("gone") from None
    except httpx.HTTPError as error:
        raise MediaLater(type(error).__name__) from None
    plain = await asyncio.to_thread(decipher, content, told["key"])
    if len(plain) > limit:
        raise MediaGone("too-large")
    return plain


def decipher(content: bytes, key: str) -> bytes:
    """AES-256-CBC with the message's own key, whose first half is the vector, padded to 32. Raises MediaGone."""
    try:
        secret = base64.b64decode(key + "=" * (-len(key) % 4), validate=True)
        opened = Cipher(algorithms.AES256(secret), modes.CBC(secret[:16])).decryptor()
        padded = opened.update(content) + opened.finalize()
    except (ValueError, binascii.Error):
        raise MediaGone("gone") from None
    n_padding = padded[-1] if padded else 0
    if not 1 <= n_padding <= _BLOCK or padded[-n_padding:] != bytes([n_padding]) * n_padding:
        raise MediaGone("gone")
    return padded[:-n_padding]


class Uploads:
    """Brings files to WeCom, each once while it lasts there."""

    def __init__(self, store: Store, channel: str, ask: Callable[..., Any]) -> None:
        """`ask` sends a command with a body and gives the answer's body (`Wire.ask`)."""
        self._store, self._channel, self._ask = store, channel, ask

    async def bring(self, sha256: str, content: bytes, name: str = "") -> tuple[str, str] | None:
        """(sort, media_id) of a file under its name; None when WeCom takes none so large.

        Raises Refusal, StoreUnavailable, and NotConnected also when the connection ends on the way: nobody has seen a thing.
        """
        sort = sort_of(content)
        n_chunks = -(-len(content) // CHUNK)
        if not 0 < n_chunks <= MOST_CHUNKS:
            log.warning("wecom_bot.file_too_large", sha256=sha256, size=len(content))
            return None
        name = name or f"{sha256[:12]}{_EXTENSIONS.get(type_of(content), '')}"
        named = hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:16]
        now, key = datetime.now(UTC), f"media:{sort}:{sha256}:{named}"
        known = await self._store.read(partial(notes.get, channel=self._channel, key=key, now=now))
        if known is not None:
            return sort, str(known["media_id"])
        try:
            media_id = await self._upload(sort, name, content, n_chunks)
        except Unanswered as error:
            raise NotConnected(str(error)) from None
        await self._store.write(lambda c: notes.put(c, self._channel, key, {"media_id": media_id}, until=now + _LIFE))
        return sort, media_id

    async def _upload(self, sort: str, name: str, content: bytes, n_chunks: int) -> str:
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        about = {"type": sort, "filename": name, "total_size": len(content), "total_chunks": n_chunks, "md5": digest}
        begun: Frame = await self._ask(UPLOAD_INIT, about)
        upload = str(begun.get("upload_id", ""))
        for n in range(n_chunks):
            piece = await asyncio.to_thread(base64.b64encode, content[n * CHUNK : (n + 1) * CHUNK])
            chunk = {"upload_id": upload, "chunk_index": n, "base64_data": piece.decode()}
            await self._ask(UPLOAD_CHUNK, chunk, seconds=_CHUNK_SECONDS)
        ended: Frame = await self._ask(UPLOAD_FINISH, {"upload_id": upload}, seconds=_CHUNK_SECONDS)
        return str(ended.get("media_id", ""))


def sort_of(content: bytes) -> str:
    """What WeCom shows it as; anything that is no picture or voice note to its taste goes as a file."""
    mime = type_of(content)
    if mime in ("image/jpeg", "image/png") and len(content) <= _IMAGE_BYTES:
        return "image"
    return "voice" if mime == "audio/amr" and len(content) <= _VOICE_BYTES else "file"
