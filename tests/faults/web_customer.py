"""A customer with the built-in web chat, as stubborn as the page: what got no 200 is posted again with the same key."""

import asyncio
import random
import socket
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx

from tests.stage import photo

WORDS = ("客廳冷氣漏水", "大金 FTXV50", "台北市大安區和平東路一段 1 號", "林先生", "0922-000-111", "說明", "我的案件")


class WebCustomer:
    """Says something, presses something, again and again. `acknowledged` holds the key of every post that got its 200."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.acknowledged: list[str] = []
        self._pictures = [photo(f"web{n}", size=(160, 120)) for n in range(3)]
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port: int = free.getsockname()[1]
        self._client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}", timeout=5, trust_env=False)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._lives())

    async def stop(self) -> None:
        """Finish nothing; what is not acknowledged by now is not promised."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        await self._client.aclose()

    async def _lives(self) -> None:
        await self._until_it_works("GET", "/chat")
        while True:
            state = (await self._until_it_works("GET", "/chat/api/state")).json()
            await self._acts(state["messages"])
            await asyncio.sleep(self.random.uniform(0.02, 0.3))  # reading and typing

    async def _acts(self, messages: list[dict[str, Any]]) -> None:
        key = uuid4().hex
        if self.random.random() < 0.1:
            told: dict[str, Any] = {"params": {"kind": "photo", "id": key}, "content": self.random.choice(self._pictures)}
            await self._until_it_works("POST", "/chat/api/upload", **told)
        else:
            await self._until_it_works("POST", "/chat/api/send", json=self._act(messages) | {"id": key})
        self.acknowledged.append(key)

    def _act(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        pressable = [
            {"press": button["token"], "message": one["id"]}
            for one in messages[-6:]
            for row in one["body"].get("rows", ())
            for button in row
            if button.get("token") and "取消" not in button["label"]
        ]
        if pressable and self.random.random() < 0.6:
            return self.random.choice(pressable)
        return {"text": self.random.choice(WORDS)}

    async def _until_it_works(self, method: str, path: str, **told: Any) -> httpx.Response:
        while True:
            with suppress(httpx.TransportError):
                answer = await self._client.request(method, path, headers={"x-fieldhand": "1"}, **told)
                if answer.status_code < 429:
                    return answer
            await asyncio.sleep(0.05)  # nobody is there at the moment
