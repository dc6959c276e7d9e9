"""A Bot API server for tests: speaks HTTP as Telegram does, misbehaves when told to, and gives every user a phone."""

import asyncio
import contextlib
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
PATIENCE = 20.0
_MOST_UNITS, _MOST_CAPTION, _MOST_DATA = 4096, 1024, 64
_JSON_FIELDS = ("reply_markup", "entities", "media", "allowed_updates", "link_preview_options", "commands")


class ApiError(Exception):
    """An answer with ok=false."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters

    def response(self) -> Response:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return JSONResponse(body | ({"parameters": self.parameters} if self.parameters else {}), self.code)


@dataclass
class Fault:
    """What goes wrong at the next call of a method: `429`, `500`, `garbage`, or `cut` after it took effect."""

    kind: str
    retry_after: int = 1


class TelegramStub:
    """One bot's server. `now` gives the date of what people send, for a program whose clock is shifted."""

    def __init__(self, *, now: Callable[[], float] = time.time, token: str = TOKEN) -> None:
        self.token, self.now = token, now
        self.origin = ""
        self.users: dict[int, User] = {}
        self.chats: dict[int, list[dict[str, Any]]] = defaultdict(list)
        self.files: dict[str, bytes] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, deque[Fault]] = defaultdict(deque)
        self.answered: list[str] = []
        self.webhook: dict[str, Any] = {}
        self.refused_webhooks = 0
        self.rev = 0
        self._updates: list[dict[str, Any]] = []
        self._numbers, self._ids = itertools.count(700_000_001), itertools.count(1)
        self._changed = asyncio.Condition()
        self._poller: asyncio.Event | None = None

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator["TelegramStub"]:
        """Serve on a free port of the loopback."""
        routes = [
            Route("/bot{token}/{method}", self._call, methods=["GET", "POST"]),
            Route("/file/bot{token}/{path:path}", self._file),
        ]
        server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=0, log_config=None, lifespan="off"))
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0)
        self.origin = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        try:
            yield self
        finally:
            server.should_exit = server.force_exit = True
            await self._ring()
            await serving

    def user(self, name: str, *, language: str = "zh-hant") -> "User":
        """A person with a private chat."""
        number = 5_000_000 + len(self.users)
        self.users[number] = User(self, number, name, language)
        return self.users[number]

    def goes_wrong(self, method: str, *kinds: str, retry_after: int = 1) -> None:
        """The next calls of a method fail, in this order."""
        self.faults[method] += [Fault(kind, retry_after) for kind in kinds]

    async def until(self, look: Callable[[], Any], what: str) -> Any:
        """Look now and at every change, until it is there."""
        async with self._changed:
            try:
                async with asyncio.timeout(PATIENCE):
                    while (found := look()) is None:
                        await self._changed.wait()
                    return found
            except TimeoutError:
                raise AssertionError(f"waited in vain for {what}") from None

    async def push(self, update: dict[str, Any]) -> dict[str, Any]:
        """Bring an update to the bot, by polling or webhook."""
        whole = {"update_id": next(self._numbers)} | update
        return await self.bring(whole)

    async def bring(self, whole: dict[str, Any]) -> dict[str, Any]:
        """The same with a number of one's own: repeated and reordered updates."""
        self._updates.append(whole)
        if self.webhook:
            await self._push_to_webhook()
        await self._ring()
        return whole

    def waiting(self) -> list[dict[str, Any]]:
        """Updates that the bot has not confirmed."""
        return list(self._updates)

    async def called(self, method: str, n: int = 1) -> None:
        """Wait until a method was called so often."""
        await self.until(lambda: sum(name == method for name, _ in self.calls) >= n or None, f"{n} calls of {method}")

    # The server

    async def _call(self, request: Request) -> Response:
        method = request.path_params["method"]
        try:
            if request.path_params["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            fields = await _fields(request)
            self.calls.append((method, fields))
            fault = self.faults[method].popleft() if self.faults[method] else None
            if fault and fault.kind == "429":
                raise ApiError(429, f"Too Many Requests: retry after {fault.retry_after}", retry_after=fault.retry_after)
            if fault and fault.kind == "500":
                raise ApiError(500, "Internal Server Error")
            if fault and fault.kind == "garbage":
                return Response(b"<html>Bad Gateway</html>", 502)
            handler = getattr(self, f"_{method}", None)
            if handler is None:
                raise ApiError(404, "Not Found")
            result = await handler(fields)
            if fault and fault.kind == "cut":
                return StreamingResponse(_half_an_answer(), headers={"content-length": "1000"})
            return JSONResponse({"ok": True, "result": result})
        except ApiError as error:
            return error.response()
        finally:
            await self._ring()

    async def _file(self, request: Request) -> Response:
        if request.path_params["token"] != self.token or request.path_params["path"] not in self.files:
            return Response(status_code=404)
        return Response(self.files[request.path_params["path"]])

    async def _ring(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # Methods

    async def _getMe(self, _fields: dict[str, Any]) -> Any:
        return {"id": 110201543, "is_bot": True, "first_name": "外勤幫手", "username": "fieldhand_test_bot",
                "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}  # fmt: skip

    async def _getUpdates(self, fields: dict[str, Any]) -> Any:
        if self.webhook:
            raise ApiError(409, "Conflict: can't use getUpdates method while webhook is active")
        if self._poller is not None:
            self._poller.set()
        mine = self._poller = asyncio.Event()
        offset = int(fields.get("offset") or 0)
        self._updates = [one for one in self._updates if one["update_id"] >= offset]
        deadline = asyncio.get_running_loop().time() + float(fields.get("timeout") or 0)
        async with self._changed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(deadline):
                    while not self._updates and not mine.is_set():
                        await self._changed.wait()
        if mine.is_set():
            raise ApiError(409, "Conflict: terminated by other getUpdates request")
        self._poller = None
        return self._updates[: int(fields.get("limit") or 100)]

    async def _setWebhook(self, fields: dict[str, Any]) -> Any:
        self.webhook = {"url": fields["url"], "secret": fields.get("secret_token", "")}
        return True

    async def _deleteWebhook(self, _fields: dict[str, Any]) -> Any:
        self.webhook = {}
        return True

    async def _setMyCommands(self, _fields: dict[str, Any]) -> Any:
        return True

    async def _answerCallbackQuery(self, fields: dict[str, Any]) -> Any:
        self.answered.append(fields["callback_query_id"])
        return True

    async def _sendMessage(self, fields: dict[str, Any]) -> Any:
        _check_text(fields.get("text", ""))
        _check_keyboard(fields.get("reply_markup"))
        return self._add(fields, text=fields["text"], entities=fields.get("entities") or [])

    async def _editMessageText(self, fields: dict[str, Any]) -> Any:
        message = self._own(fields)
        _check_text(fields.get("text", ""))
        _check_keyboard(fields.get("reply_markup"))
        new = {"text": fields["text"], "entities": fields.get("entities") or [], "reply_markup": fields.get("reply_markup")}
        return self._change(message, new)

    async def _editMessageReplyMarkup(self, fields: dict[str, Any]) -> Any:
        _check_keyboard(fields.get("reply_markup"))
        return self._change(self._own(fields), {"reply_markup": fields.get("reply_markup")})

    async def _sendPhoto(self, fields: dict[str, Any]) -> Any:
        return self._add(fields, photo=[self._keep(fields["photo"], width=640, height=480)], caption=fields.get("caption", ""))

    async def _sendMediaGroup(self, fields: dict[str, Any]) -> Any:
        if not 2 <= len(fields["media"]) <= 10:
            raise ApiError(400, "Bad Request: wrong number of media")
        return [
            self._add(fields, photo=[self._keep(fields[one["media"].removeprefix("attach://")], width=640, height=480)])
            for one in fields["media"]
        ]

    async def _sendVoice(self, fields: dict[str, Any]) -> Any:
        return self._add(fields, voice=self._keep(fields["voice"], duration=3))

    async def _sendDocument(self, fields: dict[str, Any]) -> Any:
        return self._add(fields, document=self._keep(fields["document"]))

    async def _getFile(self, fields: dict[str, Any]) -> Any:
        path = fields["file_id"]
        if path not in self.files:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self.files[path]) > 20 * 1024 * 1024:
            raise ApiError(400, "Bad Request: file is too big")
        return {"file_id": path, "file_unique_id": path, "file_size": len(self.files[path]), "file_path": path}

    # Steps

    def _add(self, fields: dict[str, Any], **content: Any) -> dict[str, Any]:
        chat = int(fields["chat_id"])
        user = self.users.get(chat)
        if user is None or not user.has_started:
            raise ApiError(400, "Bad Request: chat not found")
        if user.has_blocked:
            raise ApiError(403, "Forbidden: bot was blocked by the user")
        self.rev += 1
        message = {
            "message_id": next(self._ids), "date": int(self.now()), "chat": user.chat(), "rev": self.rev,
            "from": {"id": 110201543, "is_bot": True, "first_name": "外勤幫手", "username": "fieldhand_test_bot"},
            "reply_markup": fields.get("reply_markup"), **content,
        }  # fmt: skip
        self.chats[chat].append(message)
        return _plain(message)

    def _own(self, fields: dict[str, Any]) -> dict[str, Any]:
        for message in self.chats[int(fields["chat_id"])]:
            if message["message_id"] == int(fields["message_id"]):
                return message
        raise ApiError(400, "Bad Request: message to edit not found")

    def _change(self, message: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        if all((message.get(name) or None) == (value or None) for name, value in new.items()):
            raise ApiError(400, "Bad Request: message is not modified: specified new message content is exactly the same")
        self.rev += 1
        message |= new | {"rev": self.rev, "edit_date": int(self.now())}
        return _plain(message)

    def _keep(self, content: Any, **more: int) -> dict[str, Any]:
        if not isinstance(content, bytes) or not content:
            raise ApiError(400, "Bad Request: file must be non-empty")
        return self.keep(content) | more

    def keep(self, content: bytes) -> dict[str, Any]:
        """A file on the server, as it is named in messages."""
        path = f"files/{len(self.files)}"
        self.files[path] = content
        return {"file_id": path, "file_unique_id": path, "file_size": len(content)}

    async def _push_to_webhook(self) -> None:
        """As Telegram: again and again until it hears 200, in order."""
        async with httpx.AsyncClient() as client:
            while self._updates:
                headers = {"x-telegram-bot-api-secret-token": self.webhook["secret"]}
                answer = await client.post(self.webhook["url"], json=self._updates[0], headers=headers)
                if answer.status_code != 200:
                    self.refused_webhooks += 1
                    return
                self._updates.pop(0)


@dataclass
class User:
    """Somebody's phone with a private chat with the bot."""

    stub: TelegramStub
    id: int
    name: str
    language: str
    has_started: bool = False
    has_blocked: bool = False
    _mark: int = 0
    _queries: Any = field(default_factory=itertools.count)

    async def opens(self, payload: str = "") -> "User":
        """Press Start, perhaps by way of a link."""
        self.has_started = True
        await self.says(f"/start {payload}".strip())
        return self

    async def says(self, words: str, **more: Any) -> dict[str, Any]:
        return await self._sends(text=words, **more)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label, or whose label holds it; waits for it."""
        message, data = await self.stub.until(lambda: self._button(label), f"a button {label!r}; {self.transcript()}")
        await self.presses_data(data, message)

    async def presses_data(self, data: str, message: dict[str, Any] | None = None) -> str:
        self._mark = self.stub.rev
        number = f"{self.id}{next(self._queries)}"
        shown = _plain(message) if message else {"message_id": 1, "date": int(self.stub.now()), "chat": self.chat()}
        query = {"id": number, "from": self.who(), "chat_instance": "1", "data": data, "message": shown}
        await self.stub.push({"callback_query": query})
        return number

    async def sends_photo(self, content: bytes, *, caption: str = "", album: str = "", date: int | None = None) -> None:
        size = self.stub.keep(content) | {"width": 640, "height": 480}
        small = self.stub.keep(content[:100]) | {"width": 90, "height": 60}
        more = {"media_group_id": album} if album else {}
        await self._sends(photo=[small, size], caption=caption, **more, **({"date": date} if date else {}))

    async def sends_voice(self, content: bytes) -> None:
        await self._sends(voice=self.stub.keep(content) | {"duration": 4, "mime_type": "audio/ogg"})

    async def sends_document(self, content: bytes, *, name: str, mime: str) -> None:
        await self._sends(document=self.stub.keep(content) | {"file_name": name, "mime_type": mime})

    async def shares_location(self, latitude: float, longitude: float) -> None:
        await self._sends(location={"latitude": latitude, "longitude": longitude})

    async def shares_contact(self, name: str, phone: str) -> None:
        await self._sends(contact={"first_name": name, "phone_number": phone, "user_id": self.id})

    async def blocks(self) -> None:
        self.has_blocked = True
        change = {"from": self.who(), "chat": self.chat(), "date": int(self.stub.now())}
        await self.stub.push({"my_chat_member": change | {"new_chat_member": {"status": "kicked", "user": self.who()}}})

    async def sees(self, *words: str) -> dict[str, Any]:
        """Wait for a message, new or edited since the last own action, that shows all these words."""
        found = await self.stub.until(lambda: self._message(words), f"{words!r} on {self.name}'s phone; {self.transcript()}")
        return dict(found)

    def shows(self, words: str) -> bool:
        return any(words in _text(one) for one in self.stub.chats[self.id])

    def transcript(self) -> str:
        lines = [f"{_text(one)} {_labels(one)}" for one in self.stub.chats[self.id][-6:]]
        return "the chat shows:\n" + "\n---\n".join(lines)

    def who(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}

    def chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.name}

    async def _sends(self, **content: Any) -> dict[str, Any]:
        self._mark = self.stub.rev
        head = {"message_id": next(self.stub._ids), "from": self.who(), "chat": self.chat(), "date": int(self.stub.now())}
        return await self.stub.push({"message": head | content})

    def _message(self, words: tuple[str, ...]) -> dict[str, Any] | None:
        fresh = [one for one in self.stub.chats[self.id] if one["rev"] > self._mark]
        return next((one for one in sorted(fresh, key=lambda m: -m["rev"]) if all(w in _text(one) for w in words)), None)

    def _button(self, label: str) -> tuple[dict[str, Any], str] | None:
        for exact in (True, False):
            for message in sorted(self.stub.chats[self.id], key=lambda m: -m["message_id"]):
                for button in _buttons(message):
                    is_it = button["text"] == label if exact else label in button["text"]
                    if is_it and "callback_data" in button and message["rev"] >= self._mark:
                        return message, button["callback_data"]
        return None


async def _fields(request: Request) -> dict[str, Any]:
    """Query, form, multipart or JSON, with the values that are JSON themselves read."""
    fields: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/json"):
        fields |= await request.json()
    elif request.method == "POST":
        async with request.form() as form:
            for name, value in form.multi_items():
                fields[name] = await value.read() if isinstance(value, UploadFile) else value
    for name in _JSON_FIELDS:
        if isinstance(fields.get(name), str):
            fields[name] = json.loads(fields[name])
    return fields


async def _half_an_answer() -> AsyncIterator[bytes]:
    yield b'{"ok":true,"resu'
    raise ConnectionResetError("cut on purpose")


def _check_text(text: str) -> None:
    if not text.strip():
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > _MOST_UNITS:
        raise ApiError(400, "Bad Request: message is too long")


def _check_keyboard(markup: dict[str, Any] | None) -> None:
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            if not button.get("text"):
                raise ApiError(400, "Bad Request: inline keyboard button text is empty")
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= _MOST_DATA:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")


def _plain(message: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name != "rev" and value not in (None, "", [])}


def _text(message: dict[str, Any]) -> str:
    return str(message.get("text") or message.get("caption") or "")


def _buttons(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for row in (message.get("reply_markup") or {}).get("inline_keyboard", ()) for button in row]


def _labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for button in _buttons(message)]
