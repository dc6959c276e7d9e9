"""The program as a process of its own against a Bot API server, on SQLite and on PostgreSQL."""

from pathlib import Path

from tests import story
from tests.journeys.conftest import desk_for, phone, staffed
from tests.journeys.leaks import leaks
from tests.stage import PATIENCE, Program
from tests.stubs import others
from tests.stubs.telegram import TelegramStub


async def test_the_whole_job_over_telegram(stub: TelegramStub, tmp_path: Path, database_url: str) -> None:
    desk = await desk_for(stub, tmp_path, DATABASE_URL=database_url).start()
    li, wang = await staffed(stub, desk)
    zhang = await phone(stub, "張先生").opens()
    await zhang.sees("機器壞了嗎")

    await story.the_whole_job(zhang, li, wang)
    group = stub.group("師傅群")
    await wang.user.says("/order 2611-0001", group=group)
    await stub.world.wait_for(lambda: group.appearances, PATIENCE)

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    assert stub.world.pending == []
    assert await leaks(desk, stub, group, tmp_path / "papers") == []


async def test_the_whole_job_against_an_emulator_that_others_wrote(tmp_path: Path) -> None:
    emulator = others.Emulator()
    async with emulator.serving() as origin:
        desk = await Program(tmp_path, {"TELEGRAM_BOT_TOKEN": others.TOKEN, "TELEGRAM_API_BASE": origin}).start()
        li = await others.Phone(emulator, "李主任").opens(desk.owner_code)
        await li.sees("您現在是管理員和主管")
        _status, printed = await desk.run("invite", "technician")
        wang = await others.Phone(emulator, "王師傅").opens(printed.split()[-1])
        await li.sees("是您的同事嗎")
        await li.presses("是我們的人")
        await wang.sees("歡迎加入")
        zhang = await others.Phone(emulator, "張先生").opens()
        await zhang.sees("機器壞了嗎")

        await story.the_whole_job(zhang, li, wang)

        assert await desk.stop() == 0
    assert emulator.refused == []
