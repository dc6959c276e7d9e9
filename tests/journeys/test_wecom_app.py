"""The program as a process of its own: staff on WeCom's app, the customer on web chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import story
from tests.journeys.conftest import joins
from tests.journeys.leaks import TELEPHONE, found
from tests.quick import QuickClock
from tests.stage import Program, WebPhone
from tests.stubs.wecom import Member, WecomStub


@pytest.fixture
async def wecom() -> AsyncIterator[WecomStub]:
    server = await WecomStub.start()
    yield server
    await server.stop()


async def opened(wecom: WecomStub, folder: Path) -> Program:
    """The program, with its callback set in WeCom's console; a minute of WeCom's limits lasts five seconds."""
    clock = QuickClock()
    wecom.world.clock = clock.now
    desk = await Program(folder, wecom.settings, clock).start()
    await wecom.connects(f"{desk.address}/wecom/app")
    return desk


async def staffed(wecom: WecomStub, desk: Program) -> tuple[Member, Member]:
    """李主任 with the owner's code, 王師傅 with an invitation."""
    li = await wecom.member("李主任").opens(desk.owner_code)
    await li.sees("您現在是管理員和主管")
    return li, await joins(desk, wecom.member("王師傅"), "technician", li)


async def test_the_whole_job_with_staff_on_wecom_and_the_customer_on_web_chat(wecom: WecomStub, tmp_path: Path) -> None:
    desk = await opened(wecom, tmp_path)
    li, wang = await staffed(wecom, desk)
    zhang = await WebPhone(desk.address).opens()
    await zhang.sees("機器壞了嗎")

    await story.the_whole_job(zhang, li, wang)

    await zhang.closes()
    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    assert (li.chat.n_dropped, wang.chat.n_dropped) == (0, 0)
    assert {one.status for one in wecom.caller.delivered} == {200}
    secrets = (
        wecom.app.secret,
        wecom.app.token,
        wecom.app.aes_key,
        *wecom.world.tokens,
        "漏水",
        *TELEPHONE,
        "和平東路",
        "王師傅",
    )
    assert found(desk.log(), *secrets, "漏水", *TELEPHONE, "和平東路", "王師傅") == []


async def test_a_half_filled_set_ends_the_start_with_one_line(tmp_path: Path) -> None:
    status, printed = await Program(tmp_path, {"WECOM_SECRET": "app-secret", "WECOM_CORP_ID": "ww1"}).run("run")

    assert status != 0
    assert printed.startswith("fieldhand: WECOM_AGENT_ID: is missing; ")
    assert printed.count("\n") == 1
    assert "app-secret" not in printed


async def test_the_check_speaks_of_the_app_before_the_first_start(wecom: WecomStub, tmp_path: Path) -> None:
    wecom.member("王師傅")
    status, printed = await Program(tmp_path, wecom.settings).run("check")

    assert status != 0
    ours = [line.partition(":")[0] for line in printed.splitlines() if "WECOM_" in line or "PUBLIC_URL" in line]
    assert ours == ["✓ WECOM_SECRET", "✓ WECOM_AGENT_ID", "✗ PUBLIC_URL"]
