"""WeCom's REST interface: one access token for all processes, answers that are read strictly, nothing secret in a log."""

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx

from bot.channels.base import MediaGone, MediaLater
from bot.channels.wecom_errors import BAD_MEDIA, BUSY, EXPIRED, TOO_OFTEN, WecomError, WecomRefusal, WecomSilence
from storage import notes
from storage.writer import Store

T = TypeVar("T")
Answer = dict[str, Any]

MEDIA_LIVES = timedelta(days=3) - timedelta(hours=2)
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)
_EARLY = 300  # seconds before its end that a token is replaced
_MINUTE_RULE, _HOUR_RULE = 60.0, 300.0
_LEAST_WAIT, _MOST_WAIT = 3.0, 60.0
_UPLOAD_SECONDS = 60.0


class WecomApi:
    """One app's access to WeCom. `name` is the channel under which its notes are kept."""

    def __init__(self, store: Store, *, base: str, corp_id: str, secret: str, name: str, patience: float = 10.0) -> None:
        """`base` is an origin to which `/cgi-bin/...` is appended; `patience` the seconds to wait for an answer."""
        for noisy in ("httpx", "httpcore"):
            logging.getLogger(noisy).setLevel(logging.WARNING)  # what they say below that holds the token
        self._store, self._corp_id, self._secret, self._name = store, corp_id, secret, name
        self._key = f"token:{hashlib.sha256(f'{base} {corp_id} {secret}'.encode()).hexdigest()[:16]}"
        self._http = httpx.AsyncClient(base_url=base, timeout=patience, limits=httpx.Limits(max_connections=8))
        self._fetching = asyncio.Lock()
        self._token, self._token_until = "", 0.0
        self._blocked: dict[str, float] = {}
        self._is_hour_rule: set[str] = set()
        self._troubled_since = 0.0
        self.clock_seconds = 0.0
        """How far WeCom's clock is ahead of this machine's, as told with its last answer."""

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, path: str, body: Mapping[str, Any] | None = None, *, within: float = 0.0, **query: str) -> Answer:
        """POST `body` (or GET without one) to a path such as `/cgi-bin/message/send`, in `within` seconds all in all.

        0 leaves it at the usual patience. Raises WecomError.
        """
        try:
            async with asyncio.timeout(within or None):
                return await self._call(path, body, query)
        except TimeoutError:
            raise WecomSilence("timeout", is_unknown=body is not None) from None

    async def _call(self, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str]) -> Answer:
        content = (
            None if body is None else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
        )

        async def act(token: str) -> Answer:
            params = {"access_token": token, **query}
            if content is None:
                return await self._ask(path, self._http.build_request("GET", path, params=params))
            headers = {"content-type": "application/json"}
            return await self._ask(
                path, self._http.build_request("POST", path, params=params, content=content, headers=headers)
            )

        return await self._with_token(act)

    async def check_secret(self) -> None:
        """See whether corp id and secret fit; keeps the token for this object alone. Raises WecomError."""
        self._token, seconds = await self._ask_for_token()
        self._token_until = time.time() + seconds

    async def upload(self, kind: str, content: bytes, filename: str, *, again: bool = False) -> str:
        """A media_id for `image`, `voice`, `video` or `file`; known ones are used until they are nearly 3 days old.

        `again` uploads anew whatever is remembered. Raises WecomError.
        """
        key = f"media:{kind}:{hashlib.sha256(content).hexdigest()}"
        known = None if again else await self._store.read(lambda c: notes.get(c, self._name, key, now=datetime.now(UTC)))
        if known is not None:
            return str(known["id"])

        async def act(token: str) -> Answer:
            path, params = "/cgi-bin/media/upload", {"access_token": token, "type": kind}
            files = {"media": (filename, content, "application/octet-stream")}
            return await self._ask(
                path, self._http.build_request("POST", path, params=params, files=files, timeout=_UPLOAD_SECONDS)
            )

        media_id = str((await self._with_token(act)).get("media_id") or "")
        if not media_id:
            raise WecomSilence("garbled", is_unknown=False)
        until = datetime.now(UTC) + MEDIA_LIVES
        await self._store.write(lambda c: notes.put(c, self._name, key, {"id": media_id}, until=until))
        return media_id

    async def download(self, media_id: str, limit: int) -> bytes:
        """Bytes of a file that somebody sent, at most `limit`. Raises MediaGone or MediaLater."""

        async def act(token: str) -> bytes:
            params = {"access_token": token, "media_id": media_id}
            return await self._stream(self._http.build_request("GET", "/cgi-bin/media/get", params=params), limit)

        try:
            return await self._with_token(act)
        except WecomRefusal as refusal:
            if refusal.code == BAD_MEDIA:
                raise MediaGone("gone") from None
            raise MediaLater(str(refusal)) from None
        except WecomError as error:
            raise MediaLater(str(error)) from None

    async def _with_token(self, act: Callable[[str], Awaitable[T]]) -> T:
        """Do it, and once more with a fresh token when the first one was not taken."""
        token = await self._known_token() or await self._fresh("")
        try:
            return await act(token)
        except WecomRefusal as refusal:
            if refusal.code not in EXPIRED:
                raise
        return await act(await self._fresh(token))

    async def _known_token(self) -> str:
        """The token that this or another process has fetched, empty when there is none."""
        if time.time() < self._token_until:
            return self._token
        known = await self._store.read(lambda c: notes.get(c, self._name, self._key, now=datetime.now(UTC)))
        if known is not None:
            self._token, self._token_until = str(known["token"]), float(known["until"])
        return self._token if time.time() < self._token_until else ""

    async def _fresh(self, stale: str) -> str:
        """Another token than `stale`: what somebody else has fetched meanwhile, or a new one."""
        async with self._fetching:
            self._token_until = 0.0  # look again at what is stored
            known = await self._known_token()
            if known and known != stale:
                return known
            self._token_until = 0.0
            return await self._fetch_token()

    async def _fetch_token(self) -> str:
        token, seconds = await self._ask_for_token()
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        note = {"token": token, "until": until.timestamp()}
        await self._store.write(lambda c: notes.put(c, self._name, self._key, note, until=until))
        self._token, self._token_until = token, until.timestamp()
        return token

    async def _ask_for_token(self) -> tuple[str, float]:
        """A token, and for how many seconds we use it."""
        path = "/cgi-bin/gettoken"
        params = {"corpid": self._corp_id, "corpsecret": self._secret}
        try:
            answer = await self._ask(path, self._http.build_request("GET", path, params=params))
        except WecomSilence as silence:
            raise silence.sure() from None
        token, lives = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or type(lives) is not int:
            raise WecomSilence("garbled", is_unknown=False)
        return token, max(lives - _EARLY, lives / 2)

    async def _ask(self, path: str, request: httpx.Request) -> Answer:
        """One call; raises WecomRefusal for an errcode, WecomSilence when there is no sensible answer."""
        if (wait := self._blocked.get(path, 0.0) - time.monotonic()) > 0:
            raise WecomRefusal(TOO_OFTEN, wait)  # asking while one is shut out only prolongs it
        try:
            response = await self._send(request)
            code, answer = _read(response.status_code, response.content)
        except WecomSilence as silence:
            raise WecomSilence(silence.reason, is_unknown=silence.is_unknown, wait=self._longer()) from None
        if code == 0:
            self._is_hour_rule.discard(path)
            self._troubled_since = 0.0
            return answer
        raise WecomRefusal(code, self._shut_out(path) if code == TOO_OFTEN else self._longer() if code in BUSY else 0.0)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            response = await self._http.send(request)
        except httpx.HTTPError as error:
            raise _silence(error) from None
        self._look_at_clock(response)
        return response

    def _longer(self) -> float:
        """Seconds to wait while WeCom is in trouble: a quarter of the time that it has lasted."""
        now = time.monotonic()
        self._troubled_since = self._troubled_since or now
        return min(max(_LEAST_WAIT, (now - self._troubled_since) / 4), _MOST_WAIT)

    def _shut_out(self, path: str) -> float:
        """How long to leave a path alone: WeCom shuts out for a minute, or for an hour; the errcode doesn't tell which."""
        wait = _HOUR_RULE if path in self._is_hour_rule else _MINUTE_RULE
        self._is_hour_rule.add(path)
        self._blocked[path] = time.monotonic() + wait
        return wait

    async def _stream(self, request: httpx.Request, limit: int) -> bytes:
        """The bytes of a file. A body without a name is an error, though its status says 200."""
        content = bytearray()
        try:
            response = await self._http.send(request, stream=True)
            try:
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > limit:
                        raise MediaGone("too-large")
            finally:
                await response.aclose()
        except httpx.HTTPError as error:
            raise _silence(error) from None
        if response.status_code == 200 and "content-disposition" in response.headers:
            return bytes(content)
        code, _answer = _read(response.status_code, bytes(content))
        raise WecomRefusal(code) if code else WecomSilence("garbled", is_unknown=False)

    def _look_at_clock(self, response: httpx.Response) -> None:
        try:
            told = parsedate_to_datetime(response.headers.get("date", ""))
        except ValueError:
            return
        self.clock_seconds = told.timestamp() - time.time()


def _read(status: int, content: bytes) -> tuple[int, Answer]:
    """The errcode and the whole answer. Raises WecomSilence for what is no answer of WeCom's."""
    if status != 200:
        raise WecomSilence(f"status-{status}", is_unknown=status >= 500)
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise WecomSilence("garbled", is_unknown=True) from None
    code = answer.get("errcode", 0) if isinstance(answer, dict) else None
    if type(code) is not int:
        raise WecomSilence("garbled", is_unknown=True)
    return code, answer


def _silence(error: httpx.HTTPError) -> WecomSilence:
    """No answer at all. Only when the connection was never there it is sure that nothing arrived."""
    return WecomSilence(type(error).__name__, is_unknown=not isinstance(error, _NOT_SENT))
