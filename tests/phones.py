"""A Telegram phone with the manners of a story: it sees what came since its owner last did something."""

from typing import Any

from tests.stage import PATIENCE
from tests.stubs.telegram import Message, TelegramStub, User


class TelegramPhone:
    """Somebody in front of the Bot API stub."""

    def __init__(self, stub: TelegramStub, user: User) -> None:
        self.stub, self.user, self.name, self.id = stub, user, user.name, user.id
        self._mark = 0

    async def opens(self, payload: str = "") -> "TelegramPhone":
        """Press Start, perhaps by way of a link."""
        self._begins()
        await self.user.starts(payload)
        return self

    async def says(self, words: str, *, reply_to: Message | None = None) -> None:
        self._begins()
        await self.user.says(words, reply_to=reply_to)

    async def presses(self, label: str) -> None:
        """Press the newest button with this label that stands since the last own action; waits for it."""
        message, token = await self._until(lambda: self._button(label), f"a button {label!r}")
        self._begins()
        await self.user.presses_token(message, token)

    async def presses_token(self, token: str) -> None:
        """A press whether or not such a button is there: forwarded, kept from long ago, made up."""
        self._begins()
        await self.user.presses_token(self.user.messages[-1], token)

    async def sends_photo(self, content: bytes, *, date: int | None = None) -> None:
        self._begins()
        clock = self.stub.clock
        self.stub.clock = clock if date is None else lambda: date
        try:
            await self.user.sends_photo(content)
        finally:
            self.stub.clock = clock

    async def sees(self, *words: str) -> str:
        """Wait for a message, sent or changed since the last own action, that shows all these words."""
        return str(await self._until(lambda: self._appearance(words), f"{words!r}"))

    def shows(self, words: str) -> bool:
        return any(words in one.text for one in self.user.messages)

    @property
    def n_messages(self) -> int:
        """How many messages the bot has sent here."""
        return sum(one.is_bots for one in self.user.messages)

    def _begins(self) -> None:
        self._mark = len(self.user.chat.appearances)

    async def _until(self, look: Any, what: str) -> Any:
        found = await self.stub.world.wait_for(look, PATIENCE)
        assert found not in (None, True, False), f"{self.name} waits in vain for {what} in:\n{self._transcript()}"
        return found

    def _appearance(self, words: tuple[str, ...]) -> str | None:
        fresh = reversed(self.user.chat.appearances[self._mark :])
        return next((one.text for one in fresh if all(word in one.text for word in words)), None)

    def _button(self, label: str) -> tuple[Message, str] | None:
        since = {one.message.id for one in self.user.chat.appearances[max(0, self._mark - 1) :]}
        for exact in (True, False):
            for message in (one for one in reversed(self.user.messages) if one.id in since):
                for button in (one for row in message.keyboard for one in row if "callback_data" in one):
                    if button["text"] == label if exact else label in button["text"]:
                        return message, button["callback_data"]
        return None

    def _transcript(self) -> str:
        return "\n---\n".join(f"{one.text} {one.buttons}" for one in self.user.messages[-6:])
