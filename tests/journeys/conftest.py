"""A desk and its people: the program as a process, a Bot API server, and how one comes in."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.phones import TelegramPhone
from tests.stage import ROOT, Program
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


def desk_for(stub: TelegramStub, folder: Path, **more: str) -> Program:
    """A program whose messenger is the stub."""
    return Program(folder, {"TELEGRAM_BOT_TOKEN": stub.token, "TELEGRAM_API_BASE": stub.origin, **more})


async def joins(desk: Program, newcomer: Any, role: str, owner: Any) -> Any:
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
    """A profile as it ships but with other working hours, if there is a `week`; returns its path."""
    shipped = ROOT / "policies" / f"{profile}.toml"
    if not week:
        return str(shipped)
    text = shipped.read_text(encoding="utf-8")
    lines = [f'week = "{week}"' if line.startswith("week =") else line for line in text.splitlines()]
    file = folder / f"{profile}.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)
