"""Receiving from WeCom: a callback is proved, stored and answered; everything else comes later (RELIABILITY 1 and 4).

WeCom cuts the line after 5 seconds and repeats three times within seconds, then the message is gone. What it repeats is the
same inside, so the digest of the decrypted message is its key, and a replay of any age changes nothing.
"""

import asyncio
import hashlib
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.base import Accept
from bot.channels.webchat_door import Declined, read_body
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_app_read import card_of
from bot.channels.wecom_crypto import MOST_BODY, Forged, Seal, echoed, fields, read_xml
from bot.channels.wecom_errors import WecomError
from storage import notes
from storage.errors import StoreUnavailable
from storage.writer import Store

log = structlog.get_logger()

_BODY_SECONDS = 3.0
_NAME_SECONDS = 1.5
_NAME_LIVES, _NO_NAME_LIVES = timedelta(days=7), timedelta(hours=1)

# Remembers the response code that a press on a card brings.
KeepCode = Callable[[str, str], Awaitable[None]]


class Intake:
    """The callback of one self-built app."""

    def __init__(self, seal: Seal, api: WecomApi, store: Store, *, name: str, agent_id: int, keep_code: KeepCode) -> None:
        self._seal, self._api, self._store, self._name, self._agent_id = seal, api, store, name, agent_id
        self._keep_code = keep_code
        self._met: set[str] = set()
        self._lines: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.accept: Accept | None = None
        """Where updates go; None: not receiving (yet, or any more)."""

    async def hook(self, request: Request) -> Response:
        """GET proves the address to the console; POST brings one message. 200 says that it is stored."""
        try:
            if request.method in ("GET", "HEAD"):
                return PlainTextResponse(echoed(self._open(request, request.query_params.get("echostr", "").replace(" ", "+"))))
            await self._take(request)
        except Forged as forged:
            log.warning("wecom.refused", reason=forged.reason)
            return Response(status_code=forged.status)
        except Declined as no:
            return Response(status_code=no.status)
        except StoreUnavailable:
            return Response(status_code=503)
        return Response()

    async def _take(self, request: Request) -> None:
        """Store what came, unless it is of no use. Raises Forged, Declined and StoreUnavailable."""
        body = await read_body(request, MOST_BODY, seconds=_BODY_SECONDS)
        plain = self._open(request, fields(read_xml(body)).get("Encrypt", ""))
        told = fields(read_xml(plain))
        user = told.get("FromUserName", "")
        if told.get("AgentID", str(self._agent_id)) != str(self._agent_id):
            raise Forged("agent")
        if not user or len(user.encode()) > 64:
            raise Forged("sender")
        async with self._lines[user]:  # nobody's second message overtakes the first
            await self._store_it(told, hashlib.sha256(plain).hexdigest(), user)

    async def _store_it(self, told: dict[str, str], key: str, user: str) -> None:
        event = told.get("Event", "")
        if self.accept is None:
            raise StoreUnavailable("not receiving")
        if event == "enter_agent" and await self._has_met(user):
            return
        if event == "template_card_event" and told.get("ResponseCode"):
            await self._keep_code(card_of(told.get("TaskId", ""))[:100], told["ResponseCode"])
        raw = {"told": told, "key": key, "name": await self._name_of(user), "is_first": event == "enter_agent"}
        await self.accept(self._name, user, key, raw)
        await self._meet(user, is_gone=event == "unsubscribe")

    def _open(self, request: Request, encrypt: str) -> bytes:
        query = request.query_params
        signature, timestamp, nonce = (query.get(one, "") for one in ("msg_signature", "timestamp", "nonce"))
        return self._seal.open(signature, timestamp, nonce, encrypt, now=datetime.now(UTC))

    async def _has_met(self, user: str) -> bool:
        """Whether somebody was here before: only the first entering is greeted."""
        if user in self._met:
            return True
        return await self._store.read(lambda c: notes.get(c, self._name, f"met:{user}", now=datetime.now(UTC))) is not None

    async def _meet(self, user: str, *, is_gone: bool) -> None:
        """Remember who was here; whoever left is greeted again when he comes back."""
        if is_gone:
            self._met.discard(user)
            await self._store.write(lambda c: notes.drop(c, self._name, f"met:{user}"))
        elif user not in self._met:
            await self._store.write(lambda c: notes.put(c, self._name, f"met:{user}", {}))
            self._met.add(user)

    async def _name_of(self, user: str) -> str:
        """What somebody is called in the directory, asked once a week; his id where WeCom does not say (in time)."""
        key, now = f"name:{user}", datetime.now(UTC)
        known = await self._store.read(lambda c: notes.get(c, self._name, key, now=now))
        if known is not None:
            return str(known["name"])
        try:
            name = str((await self._api.call("/cgi-bin/user/get", within=_NAME_SECONDS, userid=user)).get("name") or "")
        except WecomError:
            name = ""
        until = now + (_NAME_LIVES if name else _NO_NAME_LIVES)
        await self._store.write(lambda c: notes.put(c, self._name, key, {"name": name or user}, until=until))
        return name or user
