"""A full disk, a locked database: nothing acknowledged is lost, and it recovers by itself (RELIABILITY, D)."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import httpx

from storage.engine import database_url
from tests.faults.small_disk import MEGABYTE, SmallDisk, small_disk
from tests.faults.town import Plan, Town
from tests.laws.promises import broken
from tests.stage import photo


@asynccontextmanager
async def visitor(town: Town) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has the web chat's page open."""
    async with httpx.AsyncClient(base_url=town.programs[0].address, trust_env=False, timeout=20) as client:
        (await client.get("/chat")).raise_for_status()
        yield client


async def refused(client: httpx.AsyncClient) -> httpx.Response:
    """What the web chat says to somebody whose words can't be stored at the moment."""
    while True:
        said = {"text": "冷氣漏水", "id": uuid4().hex}
        answer = await client.post("/chat/api/send", json=said, headers={"x-fieldhand": "1"})
        if answer.status_code != 200:
            return answer


@contextmanager
def full(disk: SmallDisk) -> Iterator[None]:
    disk.fills(but=64 * 1024)
    try:
        yield
    finally:
        disk.is_cleared()


async def test_a_full_disk_loses_nothing_and_when_there_is_room_again_it_goes_on(tmp_path: Path) -> None:
    with small_disk(tmp_path / "data", 12 * MEGABYTE) as disk:
        async with Town(Plan(0, 31, n_jobs=2), tmp_path, f"sqlite:///{disk.folder}/fieldhand.db") as town:
            program = town.programs[0]
            program.settings = {**program.settings, **disk.environment}
            await program.start()
            town.crowd.start()
            town.web.start()
            async with visitor(town) as client:
                with full(disk):
                    answer = await refused(client)
                    await asyncio.sleep(1.5)  # people go on while nothing can be stored
                    n_waiting = len(town.stub.world.pending)
            zhang = town.crowd.people[5].user
            await zhang.sends_photo(photo("冷氣"))
            await zhang.sees("目前存不下檔案", timeout=20)
            await town.crowd.stop()
            await town.web.stop()
            assert await town.rests_or_dies()
            assert await program.stop() == 0

            assert (answer.status_code, "稍後會自動再試" in answer.json()["words"]) == (503, True)
            assert n_waiting > 0, "Telegram was told that something is received which can't have been stored"
            assert broken(town.evidence()) == []
            assert "store.unavailable" in program.log()


async def test_a_database_that_is_locked_for_longer_than_anybody_waits_is_waited_for(tmp_path: Path) -> None:
    async with Town(Plan(0, 32, n_jobs=2), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        program = town.programs[0]
        await program.start()
        town.crowd.start()
        town.web.start()
        locked = sqlite3.connect(str(database_url(town.database_url).database), isolation_level=None)
        locked.execute("BEGIN IMMEDIATE")
        async with asyncio.timeout(60):
            while "store.unavailable" not in program.log():  # it gives up after five seconds
                await asyncio.sleep(0.05)
        locked.execute("ROLLBACK")
        locked.close()
        await town.crowd.stop()
        await town.web.stop()
        assert await town.rests_or_dies()
        assert await program.stop() == 0

        assert broken(town.evidence()) == []
