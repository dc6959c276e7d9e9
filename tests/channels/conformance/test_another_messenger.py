"""A messenger that nobody foresaw joins by its own module, one line and its rig; the job runs over it as over the others."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.stage import PATIENCE, ROOT, Program, WebPhone

_LAUNCH = (
    "import asyncio; from bot.app import App; from bot.channels.every import BUILDERS; from bot.logs import set_up_logs;"
    "from bot.settings import read_settings; from tests.channels.conformance import pigeon; set_up_logs();"
    "asyncio.run(App(read_settings(), (*BUILDERS, pigeon.build)).run())"
)


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Program]:
    program = await Program(tmp_path, command=("-c", _LAUNCH)).start()
    yield program
    await program.stop()


async def test_a_customer_reports_by_pigeon_and_the_office_sees_it(desk: Program) -> None:
    li = await WebPhone(desk.address, seat="supervisor").opens()
    async with httpx.AsyncClient(base_url=desk.address, timeout=PATIENCE, verify=False) as client:

        async def says(words: str, wanted: str) -> None:
            sent = await client.post("/pigeon", json={"who": "zhang", "key": uuid4().hex, "words": words})
            assert sent.status_code == 200
            async with asyncio.timeout(PATIENCE):
                while wanted not in json.dumps((await client.get("/pigeon/zhang")).json(), ensure_ascii=False):
                    await asyncio.sleep(0.05)

        for words, wanted in (
            ("客廳冷氣漏水", "照片"),
            ("1", "品牌和型號"),
            ("大金 FTXV50", "完整地址"),
            ("台北市大安區和平東路一段 1 號", "找哪一位"),
            ("張先生", "聯絡電話"),
            ("0912-345-678", "哪一區"),
            ("1", "對不對"),
            ("1", "已收到您的報修"),
        ):
            await says(words, wanted)
    await li.sees("新報修", "客廳冷氣漏水")
    await li.closes()


def test_nothing_but_its_own_files_knows_of_it() -> None:
    told = subprocess.run(["git", "grep", "-il", "pigeon"], cwd=ROOT, capture_output=True, text=True, check=False)

    known = [name for name in told.stdout.split() if name.startswith(("bot/", "handlers/", "rules/", "storage/", "texts/"))]
    assert known == []
