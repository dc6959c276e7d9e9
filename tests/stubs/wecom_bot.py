"""WeCom's long connection for one smart bot over a real WebSocket, with members who use it.

    stub = await WecomBotStub.start()
    wang = stub.member("王師傅")
    await wang.says("到了")
    await wang.presses("接單")
    await stub.stop()

It lives in the caller's event loop; the program under test may be another process that is given `stub.settings`.
"""

import asyncio
import json
import secrets
from collections.abc import Callable
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from tests.stubs.wecom_bot_member import Member
from tests.stubs.wecom_bot_world import MEDIA_SECONDS, Chat, Fault, Message, Refused, Trouble, World, do

__all__ = ["Chat", "Fault", "Member", "Message", "WecomBotStub"]

BOT_ID, SECRET = "aib-stub_7Kq2", "s3cret-of-the-stub-bot"


class WecomBotStub:
    """One bot's WeCom."""

    def __init__(self, clock: Callable[[], float] | None) -> None:
        self.world = World(BOT_ID, SECRET, clock)
        self._server: Server
        self._holder: ServerConnection | None = None
        self._n_members = 0
        self.is_mute = False  # pings are not answered any more
        self.closes_displaced = True
        self._held: list[dict[str, Any]] | None = None
        self.subscribed_at: list[float] = []  # by the loop's clock

    @classmethod
    async def start(cls, *, clock: Callable[[], float] | None = None, port: int = 0) -> "WecomBotStub":
        """Serve on a free port. `clock` gives the seconds since 1970 by which limits and files run out."""
        stub = cls(clock)
        stub._server = await serve(
            stub._serve, "127.0.0.1", port, process_request=stub._file, max_size=2**21, ping_interval=None
        )
        return stub

    async def stop(self) -> None:
        self.world.is_stopping = True
        await self.world.tell()
        self._server.close()
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        return int(next(iter(self._server.sockets)).getsockname()[1])

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    @property
    def settings(self) -> dict[str, str]:
        return {"WECOM_BOT_ID": BOT_ID, "WECOM_BOT_SECRET": SECRET, "WECOM_BOT_URL": self.url}

    # People

    def member(self, name: str) -> Member:
        """Somebody of the company, who has not written to the bot: until then it may not write either."""
        self._n_members += 1
        return Member(self, f"wo{secrets.token_hex(4)}{self._n_members}", name)

    def group(self) -> Chat:
        chat = Chat(f"wr{secrets.token_hex(6)}", is_group=True)
        self.world.chats[chat.id] = chat
        return chat

    # What goes wrong

    def fails(self, command: str, fault: Fault, *, times: int = 1, code: int = -1) -> None:
        """The next commands of a sort meet a fault; "*" is any."""
        self.world.troubles.append(Trouble(command, fault, times, code))

    def heals(self) -> None:
        self.world.troubles.clear()

    async def cuts(self) -> None:
        """The connection ends without a word."""
        assert self._holder is not None
        self._holder.transport.abort()
        await self._gone(self._holder)

    def runs_late(self) -> None:
        """Whatever could be answered within five seconds can't any more."""
        for one in self.world.callbacks.values():
            one.until = 0.0

    async def sends(self, told: str | bytes) -> None:
        """Anything at all, to whoever holds the connection."""
        assert self._holder is not None
        await self._holder.send(told)

    # What is seen

    @property
    def n_subscribed(self) -> int:
        return len(self.subscribed_at)

    @property
    def is_connected(self) -> bool:
        return self._holder is not None

    async def connected(self, n: int = 1, *, timeout: float = 10) -> None:
        """Wait until somebody holds the connection, after `n` subscriptions in all."""
        assert await self.world.wait_for(lambda: self.is_connected and self.n_subscribed >= n, timeout), "nobody connects"

    def asked(self, command: str) -> list[dict[str, Any]]:
        """Bodies of the commands of a sort so far."""
        return [one.get("body", {}) for one in self.world.frames if one.get("cmd") == command]

    async def was_asked(self, command: str, n: int = 1, *, timeout: float = 10) -> list[dict[str, Any]]:
        await self.world.wait_for(lambda: len(self.asked(command)) >= n, timeout)
        found = self.asked(command)
        assert len(found) >= n, f"{command}: {len(found)} of {n}"
        return found

    async def tells(self, frame: dict[str, Any]) -> None:
        """A callback, told once to whoever holds the connection; lost when nobody does."""
        holder = self._holder
        if self._held is not None:
            self._held.append(frame)
            return
        if holder is None:
            self.world.lost.append(frame)
            return
        await holder.send(json.dumps(frame, ensure_ascii=False))

    def holds(self) -> None:
        """Callbacks wait until they are released."""
        self._held = []

    async def releases(self, *, reverse: bool = False) -> None:
        """Tell what was held."""
        held, self._held = self._held or [], None
        for frame in held[:: -1 if reverse else 1]:
            await self.tells(frame)

    def offers(self, enciphered: bytes) -> str:
        """An address under which a file can be fetched for five minutes."""
        name = secrets.token_hex(8)
        self.world.shelf[name] = (enciphered, self.world.clock() + MEDIA_SECONDS)
        return f"http://127.0.0.1:{self.port}/media/{name}?sign=stub"

    # The connection

    async def _serve(self, connection: ServerConnection) -> None:
        try:
            async for told in connection:
                frame = json.loads(told)
                self.world.frames.append(frame)
                await self._answer(connection, frame)
                await self.world.tell()
        except ConnectionClosed:
            pass
        finally:
            await self._gone(connection)

    async def _gone(self, connection: ServerConnection) -> None:
        if self._holder is connection:
            self._holder = None
            await self.world.tell()

    async def _answer(self, connection: ServerConnection, frame: dict[str, Any]) -> None:
        command, req_id = frame.get("cmd", ""), frame.get("headers", {}).get("req_id", "")
        trouble = self.world.trouble(command)
        fault = trouble.fault if trouble else None
        if fault is Fault.CUT:
            connection.transport.abort()
            return
        if fault is Fault.HANG:
            return
        answer: dict[str, Any] = {"headers": {"req_id": req_id}, "errcode": 0, "errmsg": "ok"}
        try:
            if trouble is not None and fault is Fault.REFUSE:
                raise Refused(trouble.code, "as told")
            found = await self._do(connection, command, req_id, frame.get("body", {}))
            answer |= {"body": found} if found else {}
        except Refused as refused:
            self.world.refusals.append(f"{command}: {refused}")
            answer |= {"errcode": refused.code, "errmsg": refused.words}
        if fault is Fault.CLOSE:
            connection.transport.abort()
        elif fault is Fault.GARBAGE:
            await connection.send('{"headers": [1')
        elif fault is not Fault.SILENT and not (command == "ping" and self.is_mute):
            await connection.send(json.dumps(answer))

    async def _do(self, connection: ServerConnection, command: str, req_id: str, body: dict[str, Any]) -> dict[str, Any]:
        if command == "aibot_subscribe":
            await self._subscribe(connection, body)
            return {}
        if connection is not self._holder:
            raise Refused(846609, "aibot websocket not subscribed")
        return {} if command == "ping" else do(self.world, command, req_id, body)

    async def _subscribe(self, connection: ServerConnection, body: dict[str, Any]) -> None:
        """The newest subscriber has the connection; the one before is told, and closed by and by."""
        if (body.get("bot_id"), body.get("secret")) != (self.world.bot_id, self.world.secret):
            raise Refused(853000, "invalid bot_id or secret")
        before, self._holder = self._holder, connection
        self.subscribed_at.append(asyncio.get_running_loop().time())
        if before is not None and before is not connection:
            event = {"msgid": secrets.token_hex(8), "create_time": int(self.world.clock()), "aibotid": self.world.bot_id}
            event |= {"msgtype": "event", "event": {"eventtype": "disconnected_event"}}
            frame = {"cmd": "aibot_event_callback", "headers": {"req_id": secrets.token_hex(8)}, "body": event}
            await before.send(json.dumps(frame))
            if self.closes_displaced:
                asyncio.get_running_loop().call_soon(before.transport.close)

    def _file(self, _connection: ServerConnection, request: Request) -> Response | None:
        """Plain HTTP on the same port: enciphered files, for five minutes."""
        if not request.path.startswith("/media/"):
            return None
        content, until = self.world.shelf.get(request.path.removeprefix("/media/").split("?")[0], (b"", 0.0))
        trouble = self.world.trouble("media")
        if trouble is not None:
            return Response(trouble.code, "trouble", Headers({"content-length": "0"}), b"")
        if self.world.clock() >= until:
            return Response(403, "Forbidden", Headers({"content-length": "0"}), b"")
        return Response(200, "OK", Headers({"content-length": str(len(content))}), content)
