"""Our WeCom is one that others' programs understand: two SDKs for the smart bot, neither of them ours, talk with it."""

import asyncio
import hashlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.wecom_bot_wire import SUBSCRIBE, Wire
from tests.stage import PATIENCE, ROOT
from tests.stubs.wecom_bot import BOT_ID, SECRET, WecomBotStub

JUDGES = ROOT / "tests" / "judges"
NODE = str(Path(sys.executable).parent / "node")
BOTS = [pytest.param((sys.executable, "aibot.py"), id="python"), pytest.param((NODE, "aibot.js"), id="node")]


class Judge:
    """A bot that others' SDK makes of a few lines."""

    def __init__(self, stub: WecomBotStub, process: asyncio.subprocess.Process) -> None:
        self.stub, self._process = stub, process

    async def says(self) -> str:
        """The next line that it prints."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        return line.decode().strip()


@pytest.fixture(params=BOTS)
async def judge(request: pytest.FixtureRequest) -> AsyncIterator[Judge]:
    stub = await WecomBotStub.start()
    process = await asyncio.create_subprocess_exec(
        *request.param, stub.url, BOT_ID, SECRET, cwd=Path(JUDGES), stdout=asyncio.subprocess.PIPE
    )
    yield Judge(stub, process)
    process.kill()
    await process.communicate()
    await stub.stop()


async def test_a_bot_that_others_wrote_understands_our_wecom(judge: Judge) -> None:
    assert await judge.says() == "authenticated"
    wang = judge.stub.member("王師傅")

    await wang.enters()
    await wang.sees("welcome", timeout=PATIENCE)
    await wang.says("hello")
    await wang.sees("heard hello", timeout=PATIENCE)
    await wang.sees("pushed", timeout=PATIENCE)
    await wang.says("card")
    await wang.sees("press", timeout=PATIENCE)
    await wang.presses("yes")
    await wang.sees("changed", timeout=PATIENCE)
    picture = bytes(range(256)) * 5
    await wang.sends_photo(picture)
    await wang.sees(hashlib.sha256(picture).hexdigest(), timeout=PATIENCE)
    await wang.says("file")
    assert await judge.stub.world.wait_for(lambda: wang.messages[-1].sort == "file", PATIENCE)

    assert [one.buttons for one in wang.messages if one.card] == [["done"]]
    assert wang.messages[-1].content == b"\x07" * 700 * 1024
    assert judge.stub.world.refusals == []

    rival = await Wire.open(judge.stub.url, patience=1, on_callback=lambda _frame: None)
    await rival.ask(SUBSCRIBE, {"bot_id": BOT_ID, "secret": SECRET})
    assert await judge.says() == "displaced"
    await rival.close()
