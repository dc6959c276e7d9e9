"""A messenger at its worst: three calls in ten go wrong, updates come twice and in the wrong order (RELIABILITY, N)."""

import asyncio
import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.said import said
from storage import outbox
from storage.engine import open_engine
from storage.outbox import COURTESY, MUST, REPLY
from tests.faults.beginnings import Beginning
from tests.faults.conftest import Figures
from tests.faults.soak import SENDS, SENDS_A_ROUND, rounds
from tests.faults.town import Plan, Town
from tests.laws.promises import broken
from tests.stubs.telegram import Chat

SHARE = 0.3
PATIENCE = 1.0  # seconds that the program waits for an answer


class Storm:
    """A town whose messenger goes wrong, and a great many messages to many chats."""

    def __init__(self, town: Town, n_chats: int, n_each: int) -> None:
        self.town, self.n_chats, self.n_each = town, n_chats, n_each
        self.dice = random.Random(town.plan.seed)
        town.programs[0].settings = {**town.programs[0].settings, "LAUNCH_PATIENCE": str(PATIENCE)}
        self.groups: list[Chat] = [town.stub.group(f"群組{n}") for n in range(max(1, n_chats // 20))]

    def posts(self) -> int:
        """Put everything into the outbox; returns how many messages."""
        engine = open_engine(self.town.database_url)
        with engine.begin() as connection:
            begin = Beginning(connection, self.town.terms, datetime.now(UTC))
            chats = [(group.id, None) for group in self.groups]
            for n in range(self.n_chats):
                user = self.town.stub.user(f"客戶{n}")
                user.chat.is_open, user.chat.is_blocked = True, n % 20 == 7
                chats.append((user.id, begin.joins(user.name, str(user.id), ()).id))
            for k in range(self.n_each):
                for number, person in chats:
                    body = said("trouble.sorry", {"n": f"{number}-{k}"})
                    outbox.post(
                        connection, channel="telegram", chat=str(number), kind="say", body=body, now=begin.now, person=person,
                        priority=self.dice.choice((REPLY, MUST, MUST, COURTESY)),
                    )  # fmt: skip
        engine.dispose()
        return self.n_each * len(chats)

    async def rages(self, seconds: float) -> None:
        """People work meanwhile; groups move, updates come again and in the wrong order."""
        self.town.stub.is_unreliable(SHARE, self.dice, patience=PATIENCE)
        self.town.crowd.start()
        moving: Iterator[Chat] = iter(self.groups)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await asyncio.sleep(self.dice.uniform(0, 0.4))  # the moments of the faults
                    await self.town.stub.repeats(self.dice.randrange(1, 6))
                    self.town.stub.reorders()
                    if (group := next(moving, None)) is not None:
                        self.town.stub.migrate(group)
        await self.town.crowd.stop()


async def test_at_thirty_per_cent_of_faults_no_must_is_lost_and_no_order_broken(tmp_path: Path) -> None:
    async with Town(Plan(0, 7, n_jobs=1), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        storm = Storm(town, n_chats=60, n_each=4)
        n_posted = storm.posts()
        await town.programs[0].start()
        await storm.rages(3)
        assert await town.rests_or_dies()
        assert await town.programs[0].stop() == 0

        assert broken(town.evidence()) == []
        assert len(town.stub.world.unclear) > n_posted / 100, "the messenger was too good"


@pytest.mark.soak
@pytest.mark.parametrize(("n", "n_sends"), rounds(SENDS, SENDS_A_ROUND))
async def test_a_hundred_thousand_messages_in_a_storm(tmp_path: Path, figures: Figures, n: int, n_sends: int) -> None:
    async with Town(Plan(0, 800 + n, n_jobs=1), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        storm = Storm(town, n_chats=n_sends // 25, n_each=25)
        n_posted = storm.posts()
        await town.programs[0].start()
        await storm.rages(20)
        assert await town.rests_or_dies(patience=max(170, n_sends / 20))
        assert await town.programs[0].stop() == 0

        found = broken(town.evidence())
        n_calls = len(town.stub.world.calls)
        figures("N", "a messenger at its worst", messages=n_posted, calls=n_calls, broken=len(found))
        assert found == []
