"""The program as a process of its own against a Bot API server, on SQLite and on PostgreSQL."""

from pathlib import Path

from tests import story
from tests.journeys.conftest import desk_for, phone, staffed
from tests.stubs.telegram import TelegramStub


async def test_the_whole_job_over_telegram(stub: TelegramStub, tmp_path: Path, database_url: str) -> None:
    desk = await desk_for(stub, tmp_path, DATABASE_URL=database_url).start()
    li, wang = await staffed(stub, desk)
    zhang = await phone(stub, "張先生").opens()
    await zhang.sees("機器壞了嗎")

    await story.the_whole_job(zhang, li, wang)

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    assert stub.world.pending == []
    assert stub.token not in desk.log()
    assert all(word not in desk.log() for word in ("漏水", "0912", "和平東路"))
