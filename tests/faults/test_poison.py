"""A message that kills the process is set aside, and takes nobody else's with it (RELIABILITY 6)."""

import json
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.telegram_read import chat_of, key_of
from storage import inbox
from storage.engine import open_engine
from tests.faults.town import Plan, Town
from tests.laws.promises import broken

POISON = "☠"


def stored_and_confirmed(town: Town) -> None:
    """What people have sent so far is in the inbox, as if an earlier process had stored it and been killed at once."""
    engine, now = open_engine(town.database_url), datetime.now(UTC)
    with engine.begin() as connection:
        for update in town.stub.world.pending:
            raw = {"update": update, "received_at": now.isoformat()}
            inbox.put(connection, "telegram", chat_of(update), key_of(update), raw, now=now)
    engine.dispose()
    town.stub.world.pending.clear()


async def test_a_message_that_kills_the_process_is_set_aside_alone(tmp_path: Path) -> None:
    async with Town(Plan(0, 1), tmp_path, f"sqlite:///{tmp_path}/data/fieldhand.db") as town:
        program = town.programs[0]
        program.settings = {**program.settings, "LAUNCH_POISON": POISON}
        li, _chen, wang, *_others, zhang, lin, wu = (one.user for one in town.crowd.people)
        await lin.says("說明")
        await zhang.says(POISON)
        for n in range(10):
            for user in (zhang, lin, wu, wang):
                await user.says(f"說明 {n}")
        stored_and_confirmed(town)

        n_deaths = 0
        await program.start()
        while not await town.rests_or_dies():
            n_deaths += 1
            await program.start()
        await program.stop()

        evidence = town.evidence()
        assert n_deaths == 2  # the first try was that of the process that stored it
        assert broken(evidence) == []
        aside = [row for row in evidence.inbox if row.state == "set_aside"]
        assert [json.loads(row.raw)["update"]["message"]["text"] for row in aside] == [POISON]
        assert any("這則訊息我們沒能處理" in one.text for one in zhang.messages)
        assert any("已擱置" in one.text for one in li.messages)
