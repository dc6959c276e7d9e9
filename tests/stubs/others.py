"""The Bot API emulator that others wrote (PyPI's lo-bot-api-emulator), given phones: an independent judge of the channel."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from lo_bot_api_emulator import LoBotApiEmulator

from tests.stage import PATIENCE

TOKEN = "7:lo-emulator"


class Emulator(LoBotApiEmulator):  # type: ignore[misc]
    """Their emulator, remembering what stands in each chat. Their API has no link previews; that one parameter is left out."""

    def __init__(self) -> None:
        super().__init__(enable_control=True)
        self.changed = asyncio.Condition()
        self.chats: dict[int, dict[int, dict[str, Any]]] = {}
        self.rev = 0
        self.refused: list[str] = []
        self._ringing: set[asyncio.Task[None]] = set()

    def validate(self, method: str, fields: dict[str, Any], uploads: dict[str, Any]) -> Any:
        fields.pop("link_preview_options", None)
        try:
            result = super().validate(method, fields, uploads)
        except Exception as error:
            self.refused.append(f"{method}: {getattr(error, 'description', error)}")
            raise
        if isinstance(result, dict) and "message_id" in result and "chat" in result:
            self._keep(method, fields, result)
        return result

    def _keep(self, method: str, fields: dict[str, Any], result: dict[str, Any]) -> None:
        self.rev += 1
        chat = self.chats.setdefault(int(fields["chat_id"]), {})
        before = chat.get(result["message_id"], {})
        markup = fields.get("reply_markup")
        markup = json.loads(markup) if isinstance(markup, str) else markup
        text = result.get("text", before.get("text", ""))
        chat[result["message_id"]] = {"id": result["message_id"], "text": text, "markup": markup or {}, "rev": self.rev}
        task = asyncio.create_task(self._ring())
        self._ringing.add(task)
        task.add_done_callback(self._ringing.discard)

    async def _ring(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve on a free port; yields the origin."""
        runner = web.AppRunner(self.app())
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()


class Phone:
    """Somebody in a private chat with the bot."""

    _numbers = itertools.count(1001)
    _messages = itertools.count(50_001)

    def __init__(self, emulator: Emulator, name: str) -> None:
        self.emulator, self.name, self.id = emulator, name, next(self._numbers)
        self._mark = 0

    async def opens(self, payload: str = "") -> "Phone":
        await self.says(f"/start {payload}".strip())
        return self

    async def says(self, words: str) -> None:
        await self._sends(text=words)

    async def sends_photo(self, content: bytes) -> None:
        path = f"photo-{next(self._messages)}"
        self.emulator.assets[path] = {"data": content}
        size = {"file_id": path, "file_unique_id": path, "width": 640, "height": 480, "file_size": len(content)}
        await self._sends(photo=[size])

    async def presses(self, label: str) -> None:
        message, token = await self._until(lambda: self._button(label), f"a button {label!r}")
        self._mark = self.emulator.rev
        shown = {"message_id": message["id"], "date": 1, "chat": self._chat(), "text": message["text"]}
        query = {"id": str(next(self._messages)), "from": self._who(), "chat_instance": "1", "data": token, "message": shown}
        await self.emulator.enqueue_update({"callback_query": query}, token=TOKEN)

    async def sees(self, *words: str) -> dict[str, Any]:
        found = await self._until(lambda: self._message(words), f"{words!r}")
        return dict(found)

    async def _sends(self, **content: Any) -> None:
        self._mark = self.emulator.rev
        head = {"message_id": next(self._messages), "from": self._who(), "chat": self._chat(), "date": int(time.time())}
        await self.emulator.enqueue_update({"message": head | content}, token=TOKEN)

    async def _until(self, look: Any, what: str) -> Any:
        async with self.emulator.changed:
            try:
                async with asyncio.timeout(PATIENCE):
                    while (found := look()) is None:
                        await self.emulator.changed.wait()
                    return found
            except TimeoutError:
                shown = "\n---\n".join(one["text"] for one in list(self._here().values())[-5:])
                refused = self.emulator.refused[-3:]
                raise AssertionError(f"{self.name} waits in vain for {what}; refused: {refused}; chat:\n{shown}") from None

    def _message(self, words: tuple[str, ...]) -> dict[str, Any] | None:
        fresh = [one for one in self._here().values() if one["rev"] > self._mark]
        return next((one for one in reversed(fresh) if all(word in one["text"] for word in words)), None)

    def _button(self, label: str) -> tuple[dict[str, Any], str] | None:
        for exact in (True, False):
            for message in reversed([one for one in self._here().values() if one["rev"] >= self._mark]):
                for button in (one for row in message["markup"].get("inline_keyboard", ()) for one in row):
                    is_it = button["text"] == label if exact else label in button["text"]
                    if is_it and "callback_data" in button:
                        return message, button["callback_data"]
        return None

    def _here(self) -> dict[int, dict[str, Any]]:
        return self.emulator.chats.get(self.id, {})

    def _who(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "zh-hant"}

    def _chat(self) -> dict[str, Any]:
        return {"id": self.id, "type": "private", "first_name": self.name}
