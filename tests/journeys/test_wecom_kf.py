"""The program as a process of its own: the customer on 微信客服, which counts what is said to him, staff on web chat."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import story
from tests.journeys.leaks import TELEPHONE, found
from tests.stage import Program, WebPhone
from tests.stubs.wecom_kf import KfStub, Visitor
from tests.stubs.wecom_kf_world import ALLOWANCE


@pytest.fixture
async def kf() -> AsyncIterator[KfStub]:
    server = await KfStub.start()
    yield server
    await server.stop()


async def opened(kf: KfStub, folder: Path) -> Program:
    """The program, with its callback set in WeCom's console."""
    desk = await Program(folder, kf.settings).start()
    await kf.connects(f"{desk.address}/wecom/kf")
    return desk


async def staffed(desk: Program) -> tuple[WebPhone, WebPhone]:
    """李主任 with the owner's code, 王師傅 with an invitation."""
    li = await WebPhone(desk.address).opens(desk.owner_code)
    await story.asked(li, ("怎麼稱呼您", "李主任"))
    await li.sees("您現在是管理員和主管")
    _status, printed = await desk.run("invite", "technician")
    wang = await WebPhone(desk.address).opens(printed.split()[-1])
    await story.asked(wang, ("怎麼稱呼您", "王師傅"))
    await wang.sees("管理員確認後")
    await li.presses("是我們的人")
    await wang.sees("歡迎加入")
    return li, wang


def n_since_the_last_word(zhang: Visitor) -> int:
    """Messages of ours behind the customer's last one."""
    last = max(n for n, one in enumerate(zhang.customer.messages) if not one.is_ours)
    return len(zhang.customer.messages) - last - 1


async def test_the_whole_job_with_the_customer_on_wechat(kf: KfStub, tmp_path: Path) -> None:
    desk = await opened(kf, tmp_path)
    li, wang = await staffed(desk)
    zhang = kf.customer("張先生")
    await zhang.enters()
    await zhang.sees("機器壞了嗎")

    await story.reports(zhang)
    await li.sees("新報修", "客廳冷氣漏水")
    await li.presses("派 王師傅")
    await story.gets_there(wang)
    await zhang.sees("出發了")
    await story.works(wang)
    await story.signs(wang)
    await wang.sees("簽名收到")
    await zhang.sees("您簽名的服務報告", "排水管 D16", "我們才能繼續傳給您")
    assert 4 <= n_since_the_last_word(zhang) <= ALLOWANCE
    await zhang.presses("🔔 繼續通知我")
    await zhang.sees("有進度就通知您")
    await story.leaves(wang)
    await li.sees("離場")
    await li.presses("核准")
    await li.sees("已核准")
    await zhang.sees("已結案")

    await li.closes()
    await wang.closes()
    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    n_asked = len(kf.wecom.calls("kf/send_msg")) + len(kf.wecom.calls("kf/send_msg_on_event"))
    assert n_asked == len(zhang.messages), "every message was taken at its first attempt"
    assert {one.status for one in kf.wecom.caller.delivered} == {200}
    app = kf.kf.app
    secrets = (app.secret, app.token, app.aes_key, *kf.world.tokens, *kf.kf.tokens, "漏水", *TELEPHONE, "和平東路", "張先生")
    assert found(desk.log(), *secrets) == []


async def test_what_finds_no_room_waits_until_the_customer_writes_and_outlives_a_kill(kf: KfStub, tmp_path: Path) -> None:
    desk = await opened(kf, tmp_path)
    li, wang = await staffed(desk)
    zhang = kf.customer("張先生")
    await story.reports(zhang, with_photo=False)
    await li.sees("新報修")
    for n in range(1, ALLOWANCE + 1):
        await li.presses("⋯ 其他")
        await li.presses("回覆客戶")
        await story.asked(li, ("回覆客戶什麼", f"第 {n} 個消息"))
        await li.sees("已回覆客戶")
        if n < ALLOWANCE:  # two that wait at once would go as one
            await zhang.sees(f"第 {n} 個消息")
    await li.sees("要先傳訊息，我們才能再傳給他", f"第 {ALLOWANCE} 個消息")
    await li.presses("詳情")
    await li.sees("客戶還沒收到", f"第 {ALLOWANCE} 個消息")
    await desk.kill()
    n_before = len(zhang.messages)
    await zhang.says("所以什麼時候來？")
    await desk.start()

    await zhang.sees(f"第 {ALLOWANCE} 個消息", "已轉給負責的同事")

    assert len(zhang.messages) == n_before + 1
    for n in range(1, ALLOWANCE + 1):
        assert sum(f"第 {n} 個消息" in one.text for one in zhang.messages) == 1
    await li.closes()
    await wang.closes()
    assert await desk.stop() == 0


async def test_a_half_filled_set_ends_the_start_with_one_line(tmp_path: Path) -> None:
    told = {"WECOM_CORP_ID": "ww1", "WECOM_KF_SECRET": "kf-secret"}
    status, printed = await Program(tmp_path, told).run("run")

    assert status != 0
    assert printed.startswith("fieldhand: WECOM_KF_OPEN_ID: is missing; ")
    assert printed.count("\n") == 1
    assert "kf-secret" not in printed


async def test_before_the_first_start_check_speaks_of_it_and_a_sticker_has_its_address(kf: KfStub, tmp_path: Path) -> None:
    desk = Program(tmp_path, kf.settings)

    status, printed = await desk.run("check")
    assert status != 0
    ours = [line.partition(":")[0] for line in printed.splitlines() if "WECOM_" in line or "PUBLIC_URL" in line]
    assert ours == ["✓ WECOM_KF_SECRET", "✗ PUBLIC_URL", "✓ WECOM_KF_OPEN_ID"]
    status, printed = await desk.run("sticker", "大金 FTXV50", "E123")
    assert (status, printed.count("\n")) == (0, 1)
    assert "scene_param=m_%E5%A4%A7%E9%87%91%20FTXV50_E123" in printed
    status, printed = await desk.run("sticker", "機" * 50)
    assert (status, "128 bytes" in printed) == (1, True)
