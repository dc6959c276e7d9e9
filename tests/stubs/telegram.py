"""A Bot API server over real HTTP, with people who use it.

    stub = await TelegramStub.start()
    zhang = stub.user("張先生")
    await zhang.says("/start")
    await zhang.presses("報修")
    await zhang.sees("哪一台")
    await stub.stop()

It lives in the caller's event loop; the program under test may be another process that is given `stub.origin` and `stub.token`.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

from tests.stage import PATIENCE
from tests.stubs.telegram_http import Server, api, push
from tests.stubs.telegram_user import User
from tests.stubs.telegram_world import Chat, Fault, Message, Trouble, World

__all__ = ["Chat", "Fault", "Message", "TelegramStub", "User"]

TOKEN = "8000000001:AAH-stub_stub_stub_stub_stub_stub_stub"


class TelegramStub:
    """One bot's Telegram."""

    def __init__(self, token: str, clock: Callable[[], int] | None) -> None:
        self.world = World(token, clock)
        self._server = Server(api(self.world))
        self._tasks: list[asyncio.Task[None]] = []
        self._next_user = 5_000_000_001
        self._next_group = -100_200_300

    @classmethod
    async def start(cls, *, token: str = TOKEN, clock: Callable[[], int] | None = None) -> "TelegramStub":
        """Serve on a free port. `clock` gives the seconds since 1970 that messages are dated with."""
        stub = cls(token, clock)
        stub._tasks = [asyncio.create_task(stub._server.run_until_stopped()), asyncio.create_task(push(stub.world))]
        await stub._server.is_up.wait()
        return stub

    async def stop(self) -> None:
        """Close everything, hanging calls and long polls too."""
        self.world.is_stopping = True
        await self.world.tell()
        self._server.should_exit = True
        self._tasks[1].cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def origin(self) -> str:
        return self._server.origin

    @property
    def token(self) -> str:
        return self.world.token

    @property
    def clock(self) -> Callable[[], int]:
        return self.world.clock

    @clock.setter
    def clock(self, clock: Callable[[], int]) -> None:
        self.world.clock = clock

    # People

    def user(self, name: str, *, last_name: str = "", language_code: str = "zh-hant") -> User:
        """Somebody new, who has not written to the bot: until then it may not write either."""
        self._next_user += 1
        return User(self.world, self._next_user - 1, name, last_name=last_name, language_code=language_code)

    def group(self, title: str, type: str = "supergroup") -> Chat:
        self._next_group -= 1
        chat = self.world.chats[self._next_group] = Chat(self._next_group, type, title, is_open=True)
        return chat

    def migrate(self, group: Chat) -> Chat:
        """The group becomes a supergroup with another id."""
        new = self.group(group.title)
        group.migrated_to = new.id
        return new

    # What goes wrong

    def fails(self, method: str, fault: Fault, *, times: int = 1, retry_after: int = 1) -> None:
        """The next calls of a method meet a fault; "*" is any method, "file" a download."""
        self.world.troubles.append(Trouble(method, fault, times, retry_after))

    def is_unreliable(
        self, share: float, dice: random.Random, *, patience: float, faults: Sequence[Fault] = tuple(Fault)
    ) -> None:
        """From now on so large a share of all calls and downloads meets one of the faults.

        `patience`: seconds after which the program gives up an answer; a third of the slow ones take longer.
        """

        def chance(method: str) -> Trouble | None:
            if dice.random() >= share:
                return None
            fault = dice.choice(faults)
            return Trouble(method, fault, seconds=patience * (1.5 if fault is Fault.HANG else dice.uniform(0, 1.5)))

        self.world.chance = chance

    def heals(self) -> None:
        self.world.troubles.clear()
        self.world.chance = lambda _method: None

    async def repeats(self, n: int | None = None) -> None:
        """Confirmed updates come once more: the last `n`, or all, as after a loss of the offset at Telegram."""
        again = self.world.history[-n:] if n else self.world.history
        self.world.pending = [*again, *(one for one in self.world.pending if one not in again)]
        await self.world.tell()

    def holds(self) -> None:
        """Nothing is pushed until it is released."""
        self.world.is_holding = True

    async def releases(self) -> None:
        self.world.is_holding = False
        await self.world.tell()

    def reorders(self) -> None:
        """What waits comes in the reverse order."""
        self.world.pending.reverse()

    def begins_anew(self, number: int = 1) -> None:
        """Numbers of updates start lower, as they may after a quiet week."""
        self.world.next_update = number

    async def pushes(self, update: Any) -> None:
        """Any update at all, with the next number if it has none."""
        if isinstance(update, dict) and "update_id" not in update:
            update = {"update_id": self.world.next_update} | update
            self.world.next_update += 1
        self.world.pending.append(update)
        self.world.history.append(update)
        await self.world.tell()

    # What was asked of Telegram

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Parameters of all calls of a method, oldest first."""
        return [params for name, params in self.world.calls if name.lower() == method.lower()]

    async def asked(self, method: str, times: int = 1, *, timeout: float = PATIENCE) -> None:
        """Wait until a method was called so often."""
        is_done = await self.world.wait_for(lambda: len(self.calls(method)) >= times, timeout)
        assert is_done, f"{method} was called {len(self.calls(method))} times, not {times}"

    async def confirmed(self, *, timeout: float = PATIENCE) -> None:
        """Wait until no update waits any more."""
        assert await self.world.wait_for(lambda: not self.world.pending, timeout), f"{len(self.world.pending)} updates wait"

    async def connected(self, *, timeout: float = PATIENCE) -> None:
        """Wait until somebody polls, or a webhook is set."""
        assert await self.world.wait_for(lambda: self.world.poller or self.world.webhook, timeout), "nobody receives"
