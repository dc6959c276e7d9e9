"""A WeCom phone with the manners of a story: it sees what came since its owner last did something."""

from collections.abc import Callable
from typing import Any

from tests.stage import PATIENCE
from tests.stubs.wecom_bot import Member, Message, WecomBotStub


def _nothing() -> None:
    pass


class WecomBotPhone:
    """Somebody of the company in front of the smart bot. `takes_time` is called before each thing that he does."""

    def __init__(self, stub: WecomBotStub, member: Member, takes_time: Callable[[], None] = _nothing) -> None:
        self.stub, self.member, self.name, self._takes_time = stub, member, member.name, takes_time
        self._mark = 0

    async def enters(self) -> "WecomBotPhone":
        self._begins()
        await self.member.enters()
        return self

    async def says(self, words: str, *, quoting: str = "") -> None:
        self._begins()
        await self.member.says(words, quoting=quoting)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label that stands since the last own action, turning pages to find it."""
        for _ in range(8):
            message, key = await self._until(lambda: self._button(label) or self._more(), f"a button {label!r}")
            if not key.startswith("more."):
                self._begins()
                await self.member.presses_key(message.card["task_id"], key)
                return
            n = len(self.member.chat.appearances)
            await self.member.presses_key(message.card["task_id"], key)
            await self._until(lambda n=n: len(self.member.chat.appearances) > n, "another page")
        raise AssertionError(f"{self.name} turns all pages and finds no {label!r}:\n{self.member.transcript()}")

    async def sends_photo(self, content: bytes) -> None:
        self._begins()
        await self.member.sends_photo(content)

    async def sees(self, *words: str) -> str:
        """Wait for a message, sent or changed since the last own action, that shows all these words."""
        return (await self.member.sees(*words, since=self._mark, timeout=PATIENCE)).shown

    def shows(self, words: str) -> bool:
        return any(words in one.shown for one in self.member.messages)

    def _begins(self) -> None:
        self._takes_time()
        self._mark = len(self.member.chat.appearances)

    async def _until(self, look: Callable[[], Any], what: str) -> Any:
        found = await self.stub.world.wait_for(look, PATIENCE)
        assert found, f"{self.name} waits in vain for {what} in:\n{self.member.transcript()}"
        return found

    def _button(self, label: str) -> tuple[Message, str] | None:
        for exact in (True, False):
            for message in self._fresh():
                for button in message.card["button_list"]:
                    if button["text"] == label if exact else label in button["text"].partition("✓")[0]:
                        return message, button["key"]
        return None

    def _more(self) -> tuple[Message, str] | None:
        """The button that turns the newest card's page."""
        for message in self._fresh():
            for button in message.card["button_list"]:
                if button["key"].startswith("more."):
                    return message, button["key"]
        return None

    def _fresh(self) -> list[Message]:
        """Cards that came or changed since the last own action, the newest first."""
        since = {one.message.n for one in self.member.chat.appearances[max(0, self._mark - 1) :]}
        return [one for one in reversed(self.member.messages) if one.card and one.n in since]
