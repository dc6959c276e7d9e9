"""Receiving from 微信客服: a callback says that there is something, `sync_msg` gives it, a cursor says how far we are (94670).

A message is stored before the cursor behind it is. A lost cursor only means that three days are read again, of which
everything that is known already is left out.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.channels.base import Accept, ChannelRefused, Later
from bot.channels.webchat_door import Declined, read_body
from bot.channels.wecom_api import WecomApi
from bot.channels.wecom_crypto import MOST_BODY, Forged, Seal, echoed, fields, read_xml
from bot.channels.wecom_errors import WecomError, WecomRefusal, advice, is_setup, verdict
from bot.channels.wecom_kf_read import customer_of, key_of, moment_of, welcome_of
from bot.channels.wecom_kf_send import welcome_key
from storage import notes
from storage.errors import StoreUnavailable
from storage.writer import Store

log = structlog.get_logger()

PATH = "/wecom/kf"
PREFIX = "WECOM_KF"
SYNC, ACCOUNTS, NAMES = "/cgi-bin/kf/sync_msg", "/cgi-bin/kf/account/list", "/cgi-bin/kf/customer/batchget"
_BODY_SECONDS = 5
_WELCOME = timedelta(seconds=19)  # of the 20 that a code is good for
_TOKEN_SECONDS = 540.0  # of the 600
_NEWS = timedelta(minutes=10)  # at the very first start older messages have had their answer from somebody else
_NAME_LIVES = timedelta(days=30)
_LOOK_SECONDS, _CALLED_SECONDS = 20.0, 120.0
_MOST_RETRY, _STORE_WAIT = 60.0, 1.0
_LAST_PULL = 5.0  # seconds that the end waits for a pull


class Intake:
    """Pulls one account's messages: when it is called, and every now and then besides."""

    def __init__(
        self,
        api: WecomApi,
        store: Store,
        *,
        name: str,
        open_kfid: str,
        seal: Seal | None,
        on_fatal: Callable[[str], None],
        retry: float,
    ) -> None:
        """`retry`: seconds until the next attempt when WeCom does not answer; they grow."""
        self._api, self._store, self._name, self._open_kfid = api, store, name, open_kfid
        self._seal, self._on_fatal, self._retry = seal, on_fatal, retry
        self._look_seconds = _CALLED_SECONDS if seal else _LOOK_SECONDS
        self._task: asyncio.Task[None] | None = None
        self._call = asyncio.Event()
        self._pulling = asyncio.Lock()
        self._token, self._token_until = "", 0.0
        self._begun: datetime | None = None

    async def start(self, accept: Accept) -> None:
        """See that the settings are right, if WeCom can be reached; then pull behind the scenes. Raises ChannelRefused."""
        with contextlib.suppress(WecomError):
            await self._see_account()
        self._task = asyncio.create_task(self._run(accept))
        self._task.add_done_callback(self._ended)

    async def stop(self) -> None:
        """Take no more; what is being pulled is finished first, with its cursor. Sending goes on, for the last answers."""
        if self._task is None:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_PULL), self._pulling:
                self._task.cancel()
        self._task.cancel()
        await asyncio.wait({self._task})

    async def hook(self, request: Request) -> Response:
        """WeCom's check of the address, or its word that there is something, which it keeps until we have pulled it."""
        assert self._seal is not None  # else there is no route
        told, now = request.query_params, datetime.now(UTC)
        signature, timestamp, nonce = (told.get(one, "") for one in ("msg_signature", "timestamp", "nonce"))
        try:
            if request.method == "GET":
                echo = told.get("echostr", "").replace(" ", "+")
                return PlainTextResponse(echoed(self._seal.open(signature, timestamp, nonce, echo, now=now)))
            outer = fields(read_xml(await read_body(request, MOST_BODY, seconds=_BODY_SECONDS)))
            plain = self._seal.open(signature, timestamp, nonce, outer.get("Encrypt", ""), now=now)
            self._called(fields(read_xml(plain)))
        except Forged as forged:
            log.warning("kf.callback_refused", reason=forged.reason)
            return Response(status_code=forged.status)
        except Declined as no:
            return Response(status_code=no.status)
        return PlainTextResponse("success")

    def _called(self, event: dict[str, str]) -> None:
        if event.get("Event") != "kf_msg_or_event" or event.get("OpenKfId", self._open_kfid) != self._open_kfid:
            return
        if (token := event.get("Token", "")) and len(token) <= 128:
            self._token, self._token_until = token, time.monotonic() + _TOKEN_SECONDS
        self._call.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("kf.intake_ended", error=type(error).__name__)
            self._on_fatal(f"{self._name}: receiving ended ({type(error).__name__})")

    async def _run(self, accept: Accept) -> None:
        retry = self._retry
        while True:
            try:
                self._call.clear()
                async with self._pulling:
                    await self._sync(accept)
                retry, wait = self._retry, self._look_seconds
            except WecomError as error:
                wait = error.wait if isinstance(error, WecomRefusal) and error.wait else retry
                retry = min(retry * 2, _MOST_RETRY)
                log.warning("kf.sync", error=advice(error, PREFIX) if is_setup(error) else str(error), wait=round(wait))
            except StoreUnavailable as error:
                log.warning("kf.store", error=str(error))
                wait = min(_STORE_WAIT, self._retry)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._call.wait()

    async def _see_account(self) -> None:
        """Raises ChannelRefused for settings that WeCom does not take, WecomError when it does not say."""
        try:
            found = await self._api.call(ACCOUNTS, {"offset": 0, "limit": 100})
        except WecomError as error:
            if is_setup(error):
                raise ChannelRefused(advice(error, PREFIX)) from None
            raise
        known = found.get("account_list")
        if isinstance(known, list) and self._open_kfid not in [one.get("open_kfid") for one in known]:
            raise ChannelRefused("WECOM_KF_OPEN_ID: there is no such account of 微信客服; copy it from the account's page")

    async def _sync(self, accept: Accept) -> None:
        """Everything that there is, page by page."""
        self._begun = self._begun or await self._first_start()
        cursor = await self._known_cursor()
        has_more = True
        while has_more:
            page = await self._page(cursor)
            for message in page.get("msg_list") or []:
                if isinstance(message, dict):
                    await self._take(message, accept)
            following = page.get("next_cursor")
            if isinstance(following, str) and following and following != cursor:
                await self._remember(following)
            elif page.get("has_more"):
                await asyncio.sleep(_STORE_WAIT)  # an empty page that leads nowhere
            cursor = following if isinstance(following, str) and following else cursor
            has_more = bool(page.get("has_more"))

    async def _page(self, cursor: str) -> dict[str, Any]:
        """The page behind a cursor. A token or cursor that is refused is left out: it may be of another day or account."""
        asked: dict[str, Any] = {"open_kfid": self._open_kfid, "limit": 1000, "voice_format": 0}
        told = {"cursor": cursor} if cursor else {}
        if self._token and time.monotonic() < self._token_until:
            told["token"] = self._token
        for name in ("token", "cursor"):
            if name not in told:
                continue
            try:
                return await self._api.call(SYNC, asked | told)
            except WecomRefusal as refusal:
                if isinstance(verdict(refusal), Later):
                    raise
                log.warning("kf.refused", what=name, code=refusal.code)
            del told[name]
            self._token = "" if name == "token" else self._token
        return await self._api.call(SYNC, asked | told)

    async def _take(self, message: dict[str, Any], accept: Accept) -> None:
        """Store one message; what belongs to no customer, or was there before we were, is left alone."""
        customer = customer_of(message)
        if not customer or self._is_old(message):
            return
        if code := welcome_of(message):
            until = moment_of(message) + _WELCOME
            await self._store.write(lambda c: notes.put(c, self._name, welcome_key(customer), {"code": code}, until=until))
        named = message | {"nickname": nickname} if (nickname := await self._nickname(customer)) else message
        await accept(self._name, customer, key_of(message), named)

    async def _first_start(self) -> datetime:
        """When we began to answer for this account."""
        key, now = f"begun:{self._open_kfid}", datetime.now(UTC)

        def begun(connection: Connection) -> str:
            notes.put_new(connection, self._name, key, {"at": now.isoformat()})
            return str((notes.get(connection, self._name, key, now=now) or {})["at"])

        return datetime.fromisoformat(await self._store.write(begun))

    def _is_old(self, message: dict[str, Any]) -> bool:
        return self._begun is not None and moment_of(message) < self._begun - _NEWS

    async def _nickname(self, customer: str) -> str:
        """What a customer calls himself, asked for once a month; nobody waits for it when WeCom does not say."""
        key, now = f"named:{customer}", datetime.now(UTC)
        if await self._store.read(lambda c: notes.get(c, self._name, key, now=now)) is not None:
            return ""
        try:
            found = await self._api.call(NAMES, {"external_userid_list": [customer]})
        except WecomError as error:
            log.info("kf.name", error=str(error))
            return ""
        await self._store.write(lambda c: notes.put(c, self._name, key, {}, until=now + _NAME_LIVES))
        told = found.get("customer_list")
        first = told[0] if isinstance(told, list) and told and isinstance(told[0], dict) else {}
        return str(first.get("nickname", ""))[:60]

    @property
    def _cursor_key(self) -> str:
        return f"cursor:{self._open_kfid}"

    async def _known_cursor(self) -> str:
        found = await self._store.read(lambda c: notes.get(c, self._name, self._cursor_key, now=datetime.now(UTC)))
        return str(found["cursor"]) if found else ""

    async def _remember(self, cursor: str) -> None:
        await self._store.write(lambda c: notes.put(c, self._name, self._cursor_key, {"cursor": cursor}))
