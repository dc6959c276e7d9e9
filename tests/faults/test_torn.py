"""The machine loses power: whatever of the log reached the disk, only whole transactions are there (RELIABILITY, P)."""

import asyncio
import random
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.engine import is_healthy, open_engine
from tests.faults.conftest import Figures
from tests.faults.soak import CUTS
from tests.faults.town import Plan, Town
from tests.laws.promises import (
    each_has_its_effect_once,
    each_is_answered,
    every_climb_is_told,
    every_move_is_legal,
    the_journal_follows,
)
from tests.laws.promises.evidence import Evidence, Received, gather

SHORT = 60
WHOLE = (each_has_its_effect_once, each_is_answered, every_climb_is_told, every_move_is_legal, the_journal_follows)
"""What holds after every transaction, and after no half of one."""


async def worked_in(town: Town, seconds: float) -> tuple[Path, int]:
    """People work for a while, then the process is killed.

    Returns where its database is, and how many bytes of the log may stand in the tables already: SQLite sees to it that the
    disk has them before it copies them there, so that no loss of power takes them.
    """
    database = town.folder / "data" / "fieldhand.db"
    indexes: list[bytes] = []  # as the process left it; whoever opens the database next makes a new one
    town.programs[0].on_death = lambda: indexes.append(database.with_name(database.name + "-shm").read_bytes())
    await town.programs[0].start()
    town.crowd.start()
    await asyncio.sleep(seconds)  # how long the log grows
    await town.crowd.stop()
    await town.programs[0].kill()
    return database, _copied(indexes[0], database.with_name(database.name + "-wal").read_bytes())


def _copied(index: bytes, log: bytes) -> int:
    """From the shared index: the frames whose copying is done, and those of which it was begun (wal-index, WalCkptInfo)."""
    n_frames = max(int.from_bytes(index[at : at + 4], sys.byteorder) for at in (96, 128))
    return 32 + n_frames * (24 + int.from_bytes(log[8:12], "big")) if n_frames else 0


class Torn:
    """Copies of a database whose log was cut somewhere, with or without torn bytes at its end."""

    def __init__(self, town: Town, database: Path, least: int) -> None:
        self.town, self.database, self.least = town, database, least
        self.log = database.with_name(database.name + "-wal").read_bytes()
        self.folder = town.folder / "torn"

    def cut(self, length: int, noise: bytes = b"") -> Evidence:
        """What is there when so much of the log had been written, its end perhaps as noise."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        copy = self.folder / "fieldhand.db"
        shutil.copy(self.database, copy)
        torn = self.log[:length]
        copy.with_name("fieldhand.db-wal").write_bytes(torn[: len(torn) - len(noise)] + noise if noise else torn)
        engine = open_engine(f"sqlite:///{copy}", is_writer=False)
        try:
            with engine.connect() as connection:
                assert is_healthy(connection)
                return gather(
                    connection,
                    shelf=self.folder,
                    policy=self.town.terms.policy,
                    received=Received(),
                    at=datetime.now(UTC),
                )
        finally:
            engine.dispose()

    def broken(self, n_cuts: int, dice: random.Random) -> Iterator[str]:
        """Cuts in growing order: each is whole by itself, and holds everything that the one before it held."""
        lengths = sorted(dice.randrange(self.least, len(self.log) + 1) for _ in range(n_cuts))
        n_before = 0
        for length in (self.least, *lengths, len(self.log)):
            noise = dice.randbytes(min(length - self.least, dice.randrange(1, 5000))) if dice.random() < 0.5 else b""
            left = self.cut(length, noise)
            yield from (f"cut at {length}: {what}" for promise in WHOLE for what in promise(left))
            ids = [row.id for row in left.inbox]
            if ids != list(range(1, len(ids) + 1)):
                yield f"cut at {length}: updates {ids} are no beginning of all"
            if not noise and len(ids) < n_before:
                yield f"cut at {length}: fewer updates than in a shorter log"
            n_before = max(n_before, len(ids)) if not noise else n_before


async def torn_apart(folder: Path, n_cuts: int, seed: int) -> tuple[list[str], int]:
    """(what was broken, how many updates the whole log holds)."""
    async with Town(Plan(0, seed, n_jobs=3), folder, f"sqlite:///{folder}/data/fieldhand.db") as town:
        torn = Torn(town, *await worked_in(town, 1.5))
        whole = torn.cut(len(torn.log))
        return list(torn.broken(n_cuts, random.Random(seed))), len(whole.inbox)


async def test_a_log_that_is_cut_anywhere_holds_only_whole_transactions(tmp_path: Path) -> None:
    broken, n_updates = await torn_apart(tmp_path, SHORT, 11)

    assert broken == []
    assert n_updates > 10


async def test_a_program_starts_on_a_torn_log_and_goes_on(tmp_path: Path) -> None:
    async with Town(Plan(0, 12, n_jobs=3), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        database, least = await worked_in(town, 1.0)
        log = database.with_name(database.name + "-wal")
        tables, written = database.read_bytes(), log.read_bytes()
        town.engine.dispose()  # who still had the database open would keep the index of the old log alive
        database.write_bytes(tables)
        log.write_bytes(written[: max(least, len(written) - 3000)] + random.Random(12).randbytes(2000))

        await town.programs[0].start()
        await town.crowd.people[0].user.says("說明")
        assert await town.rests_or_dies()
        await town.programs[0].stop()

        left = town.evidence()
        assert [what for promise in WHOLE for what in promise(left)] == []
        assert left.inbox[-1].state == "done"


@pytest.mark.soak
async def test_a_log_is_cut_again_and_again(tmp_path: Path, figures: Figures) -> None:
    broken, n_updates = await torn_apart(tmp_path, CUTS, 13)

    figures("P", "a log that is cut anywhere", cuts=CUTS, updates=n_updates, broken=len(broken))
    assert broken == []
