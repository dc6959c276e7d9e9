"""A stage on the built-in web chat alone: the three seats of the demonstration, and everybody else on the page itself."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from tests.journeys.stages import Stage
from tests.stage import PATIENCE, WebPhone

_SEATS = {"李主任": "supervisor", "王師傅": "technician", "張先生": "customer"}
_TOO_MANY = 429


class WebPlayer(WebPhone):
    """Somebody whose page stays open: he sees everything as it comes, as the page shows it."""

    def __init__(self, address: str, name: str, now: Callable[[], datetime]) -> None:
        super().__init__(address, seat=_SEATS.get(name, ""))
        self.name = name
        self._now = now
        self._changed = asyncio.Condition()
        self._page: asyncio.Task[None] | None = None

    async def opens(self, start: str = "") -> "WebPlayer":
        """Open the page, perhaps by way of a link; who comes with a code and has no seat is asked for his name."""
        await super().opens(start)
        self._page = asyncio.create_task(self._stays_open())
        if start and not self.seat:
            await self.sees("該怎麼稱呼您")
            await self.says(self.name)
        return self

    async def presses_token(self, token: str, message: str = "") -> httpx.Response:
        """A press whether or not such a button is there: forwarded, kept from long ago, made up."""
        newest = max((one["id"] for one in self.messages.values() if one["side"] == "bot"), key=int)
        return await super().presses_token(token, message or newest)

    async def sends_photo(self, content: bytes, *, album: str = "", date: int | None = None) -> None:
        """A photo; with a `date`, in seconds since 1970, one that has waited for a signal since then."""
        waited = "" if date is None else str(int(self._now().timestamp()) - date)
        await self._upload("photo", content, album=album, age=waited)

    async def closes(self) -> None:
        if self._page is not None:
            self._page.cancel()
            with contextlib.suppress(asyncio.CancelledError, httpx.HTTPError):
                await self._page
        await super().closes()

    async def _stays_open(self) -> None:
        async for changed in self._news():
            async with self._changed:
                self._take([changed])
                self._changed.notify_all()

    async def _until(self, look: Callable[[], Any], what: str) -> Any:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE), self._changed:
                return await self._changed.wait_for(look)
        raise self._in_vain(what)

    def _button(self, label: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Among what came since the last own action, else on the last message that offers anything at all."""
        if (found := super()._button(label)) is not None:
            return found
        offers = [one for one in self.messages.values() if one["side"] == "bot" and one["body"].get("rows")]
        last = max(offers, key=lambda one: int(one["id"]), default={"body": {}})
        buttons = [button for row in last["body"].get("rows", ()) for button in row if button.get("token")]
        return next(((last, one) for one in buttons if one["label"] == label), None)

    async def _goes(self, where: str, params: Mapping[str, str], **content: Any) -> httpx.Response:
        """Who is told not to be so quick sits down at another browser, where his seat is the same; without a seat he waits."""
        while (answer := await super()._goes(where, params, **content)).status_code == _TOO_MANY:
            if self.seat:
                self._client.cookies.clear()
                (await self._client.get("/chat", params=self._query())).raise_for_status()
            else:
                await asyncio.sleep(float(answer.headers["retry-after"]))
        return answer


class WebStage(Stage):
    """All on the web chat, and no account anywhere."""

    _open: list[WebPlayer]

    async def opens(self) -> tuple[Any, Any, Any]:
        """Start; 李主任, 王師傅 and 張先生 sit down."""
        self._open = []
        await self.begins()
        li, wang, zhang = [await self.phone(name).opens() for name in _SEATS]
        await zhang.sees("機器壞了嗎")
        return li, wang, zhang

    async def serves(self) -> dict[str, str]:
        """Nothing: the program serves the page itself."""
        return {}

    async def connects(self) -> None:
        """Nothing."""

    def phone(self, name: str) -> WebPlayer:
        player = WebPlayer(self.desk.address, name, self.now)
        self._open.append(player)
        return player

    async def customer(self, name: str) -> WebPlayer:
        customer = await self.phone(name).opens()
        await customer.sees("機器壞了嗎")
        return customer

    async def falls_silent(self) -> None:
        for one in self._open:
            await one.closes()
