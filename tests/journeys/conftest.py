"""A desk on the stage: the program as a process, a Bot API server, and a clock that a test may turn."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.phones import TelegramPhone
from tests.room import at
from tests.stage import ROOT, Program, TurnableClock
from tests.stubs.telegram import TelegramStub


@pytest.fixture
async def stub() -> AsyncIterator[TelegramStub]:
    """Telegram, at the time of this machine."""
    server = await TelegramStub.start()
    yield server
    await server.stop()


def phone(stub: TelegramStub, name: str) -> TelegramPhone:
    """Somebody new with a phone."""
    return TelegramPhone(stub, stub.user(name))


def desk_for(stub: TelegramStub, folder: Path, clock: TurnableClock | None = None, **more: str) -> Program:
    """A program whose messenger is the stub."""
    return Program(folder, {"TELEGRAM_BOT_TOKEN": stub.token, "TELEGRAM_API_BASE": stub.origin, **more}, clock)


async def joins(desk: Program, newcomer: TelegramPhone, role: str, owner: TelegramPhone) -> TelegramPhone:
    """Somebody comes in by the command line's code and is confirmed by the owner."""
    _status, printed = await desk.run("invite", role)
    await newcomer.opens(printed.split()[-1])
    await newcomer.sees("管理員確認後")
    await owner.sees(newcomer.name, "是您的同事嗎")
    await owner.presses("是我們的人")
    await newcomer.sees("歡迎加入")
    return newcomer


async def staffed(stub: TelegramStub, desk: Program) -> tuple[TelegramPhone, TelegramPhone]:
    """李主任 with the owner's code, 王師傅 with an invitation."""
    li = await phone(stub, "李主任").opens(desk.owner_code)
    await li.sees("您現在是管理員和主管")
    return li, await joins(desk, phone(stub, "王師傅"), "technician", li)


def policy_with(folder: Path, profile: str, week: str) -> str:
    """A profile as it ships but with other working hours; returns its path."""
    text = (ROOT / "policies" / f"{profile}.toml").read_text(encoding="utf-8")
    lines = [f'week = "{week}"' if line.startswith("week =") else line for line in text.splitlines()]
    file = folder / f"{profile}.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


class Stage:
    """Everything of a story whose hours matter."""

    def __init__(self, folder: Path, start: str, profile: str, week: str) -> None:
        self.clock = TurnableClock(at(start))
        self.folder, self._policy = folder, policy_with(folder, profile, week)
        self.stub: TelegramStub
        self.desk: Program

    async def opens(self) -> tuple[TelegramPhone, TelegramPhone, TelegramPhone]:
        """Start; 李主任, 王師傅 and 張先生 are there."""
        self.stub = await TelegramStub.start(clock=lambda: int(self.clock.now().timestamp()))
        self.desk = desk_for(self.stub, self.folder, self.clock, POLICY_FILE=self._policy)
        await self.desk.start()
        li, wang = await staffed(self.stub, self.desk)
        zhang = await phone(self.stub, "張先生").opens()
        await zhang.sees("機器壞了嗎")
        return li, wang, zhang

    def turns_to(self, words: str) -> None:
        self.clock.turn_to(at(words))

    async def closes(self) -> None:
        await self.desk.stop()
        await self.stub.stop()
