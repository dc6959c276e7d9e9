"""Stages for stories: a desk with its people, on Telegram or on WeCom, and a clock that is turned where hours matter."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import select

from storage.engine import open_engine
from storage.tables import cases
from tests.journeys.conftest import joins, policy_with
from tests.phones import TelegramPhone
from tests.room import at
from tests.stage import Program, TurnableClock
from tests.story import Phone
from tests.stubs.telegram import TelegramStub
from tests.stubs.wecom import Member
from tests.stubs.wecom_kf import KfStub, Visitor

_A_WHILE = timedelta(seconds=10)
NINE_TO_FIVE = "Mon-Fri 09:00-17:00"


class Player(Phone, Protocol):
    """What the longer stories need of anybody's phone."""

    async def presses_token(self, token: str) -> Any: ...
    def shows(self, words: str) -> bool: ...


class Stage(ABC):
    """Everything of one story. Staff have Any for a type: a test that plays on one messenger may use all of its phone."""

    desk: Program
    clock: TurnableClock | None = None

    def __init__(
        self,
        folder: Path,
        start: str = "",
        profile: str = "appliance",
        week: str = "",
        *,
        database: str = "",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Without a `start` such as "週五 16:00" it is now, and the clock can't be turned; `week`: other working hours."""
        self.folder = folder
        self._settings = {"POLICY_FILE": policy_with(folder, profile, week)} | dict(settings or {})
        self._settings |= {"DATABASE_URL": database} if database else {}
        if start:
            self.clock = TurnableClock(at(start))

    async def opens(self) -> tuple[Any, Any, Any]:
        """Start; 李主任, 王師傅 and 張先生 are there."""
        await self.begins()
        li = await self.phone("李主任").opens(self.desk.owner_code)
        await li.sees("您現在是管理員和主管")
        return li, await self.joins("王師傅", "technician", li), await self.customer("張先生")

    async def begins(self) -> None:
        """The messenger is there, then the program."""
        self.desk = await Program(self.folder, await self.serves() | self._settings, self.clock).start()
        await self.connects()

    async def joins(self, name: str, role: str, owner: Any) -> Any:
        """Somebody new among the staff."""
        return await joins(self.desk, self.phone(name), role, owner)

    def now(self) -> datetime:
        return self.clock.now() if self.clock else datetime.now(UTC)

    def turns_to(self, words: str) -> None:
        assert self.clock, "this stage has the time of this machine"
        self.clock.turn_to(at(words))

    def days_pass(self, n: int) -> None:
        """So many days later, at the same time of day."""
        assert self.clock, "this stage has the time of this machine"
        self.clock.turn_to(self.clock.now() + timedelta(days=n))

    def case_id(self, number: str) -> int:
        """What buttons about a case are called by: whoever makes a press up may know it."""
        engine = open_engine(self.desk.environment()["DATABASE_URL"], is_writer=False)
        with engine.connect() as connection:
            found = connection.execute(select(cases.c.id).where(cases.c.number == number)).scalar_one()
        engine.dispose()
        return int(found)

    async def closes(self) -> None:
        assert await self.desk.stop() == 0
        await self.falls_silent()

    async def closes_well(self) -> None:
        """Close, and nothing is amiss in what is kept."""
        await self.closes()
        assert await self.desk.run("audit") == (0, "all is well\n")

    @abstractmethod
    async def serves(self) -> dict[str, str]:
        """Begin to be the messenger; returns what the program is told of it."""

    @abstractmethod
    async def connects(self) -> None:
        """What an administrator sets at the messenger once the program runs."""

    @abstractmethod
    def phone(self, name: str) -> Any:
        """Somebody whom the desk has never met, where staff are."""

    @abstractmethod
    async def customer(self, name: str) -> Any:
        """Somebody new who has come in and was greeted."""

    @abstractmethod
    async def falls_silent(self) -> None:
        """End the messenger."""


class TelegramStage(Stage):
    """All on Telegram."""

    stub: TelegramStub

    async def serves(self) -> dict[str, str]:
        self.stub = await TelegramStub.start(clock=lambda: int(self.now().timestamp()))
        return {"TELEGRAM_BOT_TOKEN": self.stub.token, "TELEGRAM_API_BASE": self.stub.origin}

    async def connects(self) -> None:
        """Nothing: Telegram is asked, it does not call."""

    def phone(self, name: str) -> TelegramPhone:
        return TelegramPhone(self.stub, self.stub.user(name))

    async def customer(self, name: str) -> TelegramPhone:
        customer = await self.phone(name).opens()
        await customer.sees("機器壞了嗎")
        return customer

    async def falls_silent(self) -> None:
        await self.stub.stop()


class WecomStage(Stage):
    """Staff on WeCom's app, customers on 微信客服. WeCom's clock, with all its limits and lives, is the program's."""

    kf: KfStub
    clock: TurnableClock

    async def serves(self) -> dict[str, str]:
        self.kf = await KfStub.start()
        self.kf.world.clock = lambda: self.now().timestamp()
        return self.kf.settings | self.kf.wecom.settings

    async def connects(self) -> None:
        await self.kf.wecom.connects(f"{self.desk.address}/wecom/app")
        await self.kf.connects(f"{self.desk.address}/wecom/kf")

    def phone(self, name: str) -> Member:
        """Somebody who takes ten seconds for all he does: 25 messages a minute are never reached."""
        member = self.kf.wecom.member(name)
        member.takes_time = self._a_while
        return member

    def _a_while(self) -> None:
        self.clock.turn_to(self.clock.now() + _A_WHILE)

    async def customer(self, name: str) -> Visitor:
        customer = self.kf.customer(name)
        await customer.enters()
        await customer.sees("機器壞了嗎")
        return customer

    async def falls_silent(self) -> None:
        """Nobody was spoken to above WeCom's limits, which it would have dropped without a word."""
        await self.kf.stop()
        assert {one.name: one.n_dropped for one in self.kf.world.chats.values() if one.n_dropped} == {}
