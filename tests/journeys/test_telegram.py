"""The program as a process of its own against a Bot API server, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import story
from tests.stage import Program
from tests.stubs.telegram import TelegramStub, User


@pytest.fixture
async def stub() -> AsyncIterator[TelegramStub]:
    async with TelegramStub().serving() as server:
        yield server


def desk_for(stub: TelegramStub, folder: Path, **more: str) -> Program:
    """A program whose messenger is the stub."""
    return Program(folder, {"TELEGRAM_BOT_TOKEN": stub.token, "TELEGRAM_API_BASE": stub.origin, **more})


async def joins(stub: TelegramStub, desk: Program, name: str, role: str, owner: User) -> User:
    """Somebody comes in by the command line's code and is confirmed by the owner."""
    _status, printed = await desk.run("invite", role)
    newcomer = await stub.user(name).opens(printed.split()[-1])
    await newcomer.sees("管理員確認後")
    await owner.sees(name, "是您的同事嗎")
    await owner.presses("是我們的人")
    await newcomer.sees("歡迎加入")
    return newcomer


async def staffed(stub: TelegramStub, desk: Program) -> tuple[User, User]:
    """李主任 with the owner's code, 王師傅 with an invitation."""
    li = await stub.user("李主任").opens(desk.owner_code)
    await li.sees("您現在是管理員和主管")
    return li, await joins(stub, desk, "王師傅", "technician", li)


async def test_the_whole_job_over_telegram(stub: TelegramStub, tmp_path: Path, database_url: str) -> None:
    desk = await desk_for(stub, tmp_path, DATABASE_URL=database_url).start()
    li, wang = await staffed(stub, desk)
    zhang = await stub.user("張先生").opens()
    await zhang.sees("機器壞了嗎")

    await story.the_whole_job(zhang, li, wang)

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    assert stub.waiting() == []
    assert stub.token not in desk.log()
    assert all(word not in desk.log() for word in ("漏水", "0912", "和平東路"))
