"""A customer with WeChat in the hand: comes in, says, taps lines of menus, and sees. Fits tests/story.py."""

import re
from collections.abc import Awaitable, Callable
from typing import Any

from tests.stage import PATIENCE
from tests.stubs.wecom_kf_world import CUSTOMER, SYSTEM, Customer, KfWorld, Said
from tests.stubs.wecom_member import AMR


class Visitor:
    """Somebody in front of the chat with an account of 微信客服."""

    def __init__(self, kf: KfWorld, customer: Customer, calls_back: Callable[[], Awaitable[None]]) -> None:
        self.kf, self.customer, self._calls_back = kf, customer, calls_back
        self.id, self.name = customer.user, customer.name
        self._mark = 0

    # Doing

    async def enters(self, scene: str = "", scene_param: str = "") -> str:
        """Open the chat, perhaps by a sticker's link; gives the code to greet with, if there is one."""
        self._begins()
        code = self.kf.welcome_code(self.customer)
        told = {"event_type": "enter_session", "scene": scene, "scene_param": scene_param}
        self.kf.write(self.customer, SYSTEM, "event", told | ({"welcome_code": code} if code else {}))
        await self._calls_back()
        return code

    async def says(self, words: str) -> None:
        await self.sends("text", {"content": words}, text=words)

    async def presses(self, label: str) -> None:
        """Tap the newest line with this label since the last own action, or type the number of such a line."""
        found = await self._until(lambda: self._line(label) or self._numbered(label), f"a line {label!r}")
        if isinstance(found, str):
            await self.says(found)
        else:
            await self.presses_token(found["id"], found["content"])

    async def presses_token(self, token: str, label: str = "…") -> None:
        """A tap whether or not such a line is there (any more)."""
        await self.sends("text", {"content": label, "menu_id": token}, text=label)

    async def sends_photo(self, content: bytes) -> None:
        await self.sends("image", {"media_id": self.kf.world.keep("image", content, "photo.jpg")}, data=content)

    async def sends_voice(self, content: bytes = AMR) -> None:
        await self.sends("voice", {"media_id": self.kf.world.keep("voice", content, "voice.amr")}, data=content)

    async def sends_file(self, content: bytes) -> None:
        await self.sends("file", {"media_id": self.kf.world.keep("file", content, "a.pdf")}, data=content)

    async def sends_video(self, content: bytes = b"video!") -> None:
        await self.sends("video", {"media_id": self.kf.world.keep("video", content, "video.mp4")}, data=content)

    async def shares_place(self, latitude: float, longitude: float, name: str = "", address: str = "") -> None:
        """A point as WeChat tells it, which in mainland China is in GCJ-02."""
        told = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
        await self.sends("location", told, text=f"{name} {address}")

    async def sends(self, msgtype: str, told: dict[str, Any], *, text: str = "", data: bytes = b"") -> None:
        self._begins()
        self.kf.heard(self.customer)
        message = self.kf.write(self.customer, CUSTOMER, msgtype, told)
        self.customer.messages.append(Said(message["msgid"], False, msgtype, text, data=data))
        await self._calls_back()

    # Seeing

    async def sees(self, *words: str) -> str:
        """Wait for a message since the last own action that shows all these words."""
        return str(await self._until(lambda: self._shown(words), f"{words!r}"))

    def shows(self, words: str) -> bool:
        return any(words in one.text for one in self.customer.ours)

    def seen(self) -> None:
        """Look only at what comes from now on."""
        self._begins()

    async def gets(self, n: int) -> list[Said]:
        """Wait until so many messages of ours are there."""
        found = await self._until(lambda: len(self.messages) >= n and self.messages, f"{n} messages")
        return list(found)

    @property
    def messages(self) -> list[Said]:
        """What we have sent."""
        return self.customer.ours

    def _begins(self) -> None:
        self._mark = len(self.customer.messages)

    async def _until(self, look: Any, what: str) -> Any:
        found = await self.kf.world.wait_for(look, PATIENCE)
        assert found not in (None, True, False), f"{self.name} waits in vain for {what} in:\n{self.transcript()}"
        return found

    def _shown(self, words: tuple[str, ...]) -> str | None:
        fresh = [one for one in self.customer.messages[self._mark :] if one.is_ours]
        return next((one.text for one in reversed(fresh) if all(word in one.text for word in words)), None)

    def _since(self) -> list[Said]:
        """Our messages since the last own action and the newest before it, newest first."""
        fresh = [one for one in self.customer.messages[self._mark :] if one.is_ours]
        before = [one for one in self.customer.messages[: self._mark] if one.is_ours]
        return [*reversed(fresh), *before[-1:]]

    def _line(self, label: str) -> dict[str, Any] | None:
        for exact in (True, False):
            for message in self._since():
                for one in message.menu:
                    if one["content"] == label if exact else label in one["content"]:
                        return one
        return None

    def _numbered(self, label: str) -> str | None:
        for message in self._since():
            if found := re.search(rf"^(\d+)\. .*{re.escape(label)}", message.text, re.MULTILINE):
                return found[1]
        return None

    def transcript(self) -> str:
        return "\n---\n".join(
            f"{'bot' if one.is_ours else 'me '} [{one.kind}] {one.text} {[line['content'] for line in one.menu]}"
            for one in self.customer.messages[-10:]
        )
