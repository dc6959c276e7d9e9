"""A messenger that is slow with everything: a chat's messages take longer than they are leased for (RELIABILITY 8)."""

from datetime import UTC, datetime
from pathlib import Path

from handlers.said import said
from storage import outbox
from storage.engine import open_engine
from tests.faults.beginnings import Beginning
from tests.faults.town import Plan, Town
from tests.laws.promises import broken
from tests.stubs.telegram_world import Fault, Trouble

LEASE, ANSWER = 1.2, 0.2  # seconds


async def test_a_slow_messenger_gets_each_message_once_and_in_order(tmp_path: Path) -> None:
    async with Town(Plan(0, 1, n_jobs=0), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        program = town.programs[0]
        program.settings = {**program.settings, "LAUNCH_LEASE": str(LEASE)}
        user = town.stub.user("林太太")
        user.chat.is_open = True
        engine = open_engine(town.database_url)
        with engine.begin() as connection:
            begin = Beginning(connection, town.terms, datetime.now(UTC))
            lin = begin.joins(user.name, str(user.id), ())
            for n in range(outbox.AT_ONCE):
                body = said("trouble.sorry", {"n": n})
                outbox.post(
                    connection, channel="telegram", chat=str(user.id), kind="say", body=body, now=begin.now, person=lin.id
                )
        engine.dispose()
        town.stub.world.chance = lambda method: Trouble(method, Fault.SLOW, seconds=ANSWER) if method == "sendMessage" else None

        await program.start()
        assert await town.rests_or_dies()
        await program.stop()

        assert [one.text.split("編號 ")[1].split("）")[0] for one in user.messages] == [str(n) for n in range(outbox.AT_ONCE)]
        assert broken(town.evidence()) == []
