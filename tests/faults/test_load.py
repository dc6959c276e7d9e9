"""A large branch at work: two hundred technicians, twenty messages a second; a backlog after an outage (RELIABILITY, L)."""

import asyncio
import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

import pytest

from rules.people import Role
from storage.engine import open_engine
from tests.faults.beginnings import Beginning
from tests.faults.conftest import Figures
from tests.faults.mortal import Mortal
from tests.faults.soak import BACKLOG, LOAD_SECONDS
from tests.faults.town import Plan, Town
from tests.laws.promises import broken
from tests.stubs.telegram import User

TECHNICIANS = 200
A_SECOND = 20
SAYINGS = ("說明", "我的案件", "2611-0001", "到了", "客戶說晚上才在家", "聽")
MOST_WAIT = 0.2  # seconds, for nineteen of twenty
MOST_BACKLOG = 60.0  # seconds
MOST_GROWTH = 40.0  # megabytes


def hired(town: Town) -> list[User]:
    """So many technicians, each on site at a job of his own."""
    engine, users = open_engine(town.database_url), []
    with engine.begin() as connection:
        begin = Beginning(connection, town.terms, datetime.now(UTC))
        supervisor = begin.joins("孫主任", "1", (Role.SUPERVISOR,))
        for n in range(TECHNICIANS):
            user = town.stub.user(f"師傅{n}")
            user.chat.is_open = True
            technician = begin.joins(user.name, str(user.id), (Role.TECHNICIAN,))
            begin.on_site(begin.joins(f"客戶{n}", f"9{n:05}", ()), supervisor, technician)
            users.append(user)
    engine.dispose()
    return users


async def answered(town: Town, user: User, words: str) -> float:
    """Say something; returns after how many seconds the answer was there."""
    n_before, begun = len(user.chat.appearances), time.monotonic()
    await user.says(words)
    assert await town.stub.world.wait_for(lambda: len(user.chat.appearances) > n_before, 30), "no answer"
    return time.monotonic() - begun


def megabytes(program: Mortal) -> float:
    """Memory of the program's process that is in use."""
    assert program.process is not None
    pages = int(Path(f"/proc/{program.process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.soak
async def test_two_hundred_technicians_are_answered_at_once(tmp_path: Path, figures: Figures) -> None:
    async with Town(Plan(0, 61, n_jobs=0), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        users, dice = hired(town), random.Random(61)
        program = await town.programs[0].start()
        assert await town.rests_or_dies()
        waits: list[asyncio.Task[float]] = []
        before = 0.0
        for second in range(LOAD_SECONDS):
            began = time.monotonic()
            for user in dice.sample(users, A_SECOND):
                waits.append(asyncio.create_task(answered(town, user, dice.choice(SAYINGS))))
                await asyncio.sleep(dice.expovariate(A_SECOND))  # they do not wait for each other
            before = before or (megabytes(program) if second >= LOAD_SECONDS // 5 else 0.0)
            await asyncio.sleep(max(0.0, began + 1 - time.monotonic()))
        lengths = sorted(await asyncio.gather(*waits))
        grown = megabytes(program) - before
        assert await town.rests_or_dies()
        assert await program.stop() == 0

        p50, p95, p99 = (round(quantiles(lengths, n=100)[n - 1] * 1000) for n in (50, 95, 99))
        told = {"most_p50_ms": p50, "most_p95_ms": p95, "most_p99_ms": p99, "most_megabytes_grown": round(grown, 1)}
        figures("L", "200 technicians", messages=len(lengths), **told)
        assert broken(town.evidence()) == []
        assert p95 < MOST_WAIT * 1000
        assert grown < MOST_GROWTH


@pytest.mark.soak
async def test_a_backlog_is_worked_off_within_a_minute(tmp_path: Path, figures: Figures) -> None:
    async with Town(Plan(0, 62, n_jobs=0), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        users, dice = hired(town), random.Random(62)
        for n in range(BACKLOG):
            await users[n % TECHNICIANS].says(dice.choice(SAYINGS))
        begun = time.monotonic()

        await town.programs[0].start()
        assert await town.rests_or_dies()
        took = time.monotonic() - begun
        assert await town.programs[0].stop() == 0

        figures("L", "a backlog", messages=BACKLOG, most_seconds=round(took, 1))
        assert broken(town.evidence()) == []
        assert took < MOST_BACKLOG
