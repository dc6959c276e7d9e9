"""One long connection to WeCom's smart bot: frames go out, answers and callbacks come in [D 101463]."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

log = structlog.get_logger()

SUBSCRIBE, PING = "aibot_subscribe", "ping"
SEND, WELCOME, UPDATE = "aibot_send_msg", "aibot_respond_welcome_msg", "aibot_respond_update_msg"
UPLOAD_INIT, UPLOAD_CHUNK, UPLOAD_FINISH = "aibot_upload_media_init", "aibot_upload_media_chunk", "aibot_upload_media_finish"
MESSAGE, EVENT = "aibot_msg_callback", "aibot_event_callback"

NOT_SUBSCRIBED = 846609
_MISSED = 2  # pings without an answer until the connection counts as dead
_MOST_FRAME = 1024 * 1024

Frame = dict[str, Any]


class Refusal(Exception):
    """WeCom answered, and the answer is no. Branch on the code; the words change."""

    def __init__(self, code: int) -> None:
        super().__init__(str(code))
        self.code = code


class NotConnected(Exception):
    """There is no connection: nothing was asked."""


class Unanswered(Exception):
    """It was asked and not answered: it may have been done all the same."""


class Displaced(Exception):
    """Somebody else has subscribed with this bot; WeCom keeps one connection a bot."""


class Wire:
    """A connection from its opening to its end. Answers are told apart by their req_id."""

    def __init__(self, socket: ClientConnection, patience: float, on_callback: Callable[[Frame], None]) -> None:
        self._socket, self._patience = socket, patience
        self._asked: dict[str, asyncio.Future[Frame]] = {}
        self._is_over = False
        self._n_asked = 0
        self._listening = asyncio.create_task(self._listen(on_callback))

    @classmethod
    async def open(cls, url: str, *, patience: float, on_callback: Callable[[Frame], None]) -> "Wire":
        """Connect; `patience` is the number of seconds to wait for that and for each answer. Raises NotConnected."""
        try:
            socket = await connect(
                url, open_timeout=patience * 2, close_timeout=1, ping_interval=None, max_size=_MOST_FRAME, compression=None
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI) as error:
            raise NotConnected(type(error).__name__) from None
        return cls(socket, patience, on_callback)

    async def ask(self, command: str, body: Frame | None = None, *, req_id: str = "", seconds: float = 0.0) -> Frame:
        """Send a frame and give the body of its answer. Replies carry the callback's `req_id`, anything else one of its own.

        `seconds` waits longer than usual. Raises Refusal, NotConnected and Unanswered.
        """
        if self._is_over:
            raise NotConnected("over")
        self._n_asked += 1
        name = req_id or f"{command}_{id(self):x}_{self._n_asked}"
        frame: Frame = {"cmd": command, "headers": {"req_id": name}} | ({} if body is None else {"body": body})
        answer = self._asked[name] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(max(seconds, self._patience)):
                await self._socket.send(json.dumps(frame))
                answered = await answer
        except (TimeoutError, ConnectionClosed) as error:
            raise Unanswered(type(error).__name__) from None
        finally:
            self._asked.pop(name, None)
        code = answered.get("errcode", 0)
        if code != 0:
            raise Refusal(code if isinstance(code, int) else -1)
        told = answered.get("body")
        return told if isinstance(told, dict) else {}

    async def ended(self) -> None:
        """Wait until the connection ends. Raises Displaced, and whatever `on_callback` raised."""
        await asyncio.wait({self._listening})
        if not self._listening.cancelled():
            self._listening.result()

    async def beat(self, seconds: float) -> None:
        """Ping every so many seconds; returns when the other side is dead or knows nothing of us."""
        n_missed = 0
        clock = asyncio.get_running_loop().time
        while n_missed < _MISSED:
            next_at = clock() + seconds
            try:
                await self.ask(PING)
                n_missed = 0
            except Unanswered:
                n_missed += 1
            except NotConnected:
                return
            except Refusal as refusal:
                if refusal.code == NOT_SUBSCRIBED:
                    return
            await asyncio.sleep(max(0.0, next_at - clock()))
        log.warning("wecom_bot.no_pulse", missed=n_missed)

    async def close(self) -> None:
        self._listening.cancel()
        await self._socket.close()
        await asyncio.wait({self._listening})

    async def _listen(self, on_callback: Callable[[Frame], None]) -> None:
        """Hand over callbacks in their order, and answers to whoever asked, until the connection ends."""
        try:
            async for message in self._socket:
                frame = parse(message)
                if frame is None:
                    log.warning("wecom_bot.garbage", length=len(message))
                elif frame.get("cmd") in (MESSAGE, EVENT):
                    _require_place(frame)
                    on_callback(frame)
                else:
                    self._answered(frame)
        except ConnectionClosed as error:
            log.info("wecom_bot.closed", code=error.rcvd.code if error.rcvd else 0)
        finally:
            self._end()

    def _answered(self, frame: Frame) -> None:
        headers = frame.get("headers")
        name = headers.get("req_id") if isinstance(headers, dict) else None
        answer = self._asked.get(name) if isinstance(name, str) else None
        if answer is not None and not answer.done():
            answer.set_result(frame)

    def _end(self) -> None:
        """Whoever waits for an answer hears that none will come."""
        self._is_over = True
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(Unanswered("cut"))


def parse(message: str | bytes) -> Frame | None:
    """One JSON object, None for anything else. Control characters inside texts are borne: people paste them."""
    try:
        found = json.loads(message, strict=False, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _require_place(frame: Frame) -> None:
    """Raises Displaced when a frame says that somebody else has this bot's connection now."""
    body = frame.get("body")
    event = body.get("event") if isinstance(body, dict) else None
    if isinstance(event, dict) and event.get("eventtype") == "disconnected_event":
        raise Displaced


def _no_constant(name: str) -> float:
    raise ValueError(name)
