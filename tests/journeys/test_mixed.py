"""Three people on three messengers: the customer on 微信客服, the supervisor on WeCom's app, the technician on Telegram."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import story
from tests.journeys.leaks import TELEPHONE, found
from tests.phones import TelegramPhone
from tests.quick import QuickClock
from tests.stage import Program
from tests.stubs.telegram import TelegramStub
from tests.stubs.wecom_kf import KfStub


@pytest.fixture
async def kf() -> AsyncIterator[KfStub]:
    server = await KfStub.start()
    yield server
    await server.stop()


@pytest.fixture
async def telegram() -> AsyncIterator[TelegramStub]:
    server = await TelegramStub.start()
    yield server
    await server.stop()


async def test_a_job_between_wechat_wecom_and_telegram(kf: KfStub, telegram: TelegramStub, tmp_path: Path) -> None:
    told = kf.settings | kf.wecom.settings | {"TELEGRAM_BOT_TOKEN": telegram.token, "TELEGRAM_API_BASE": telegram.origin}
    clock = QuickClock()  # a minute of WeCom's limits lasts three seconds
    kf.world.clock = clock.now
    telegram.clock = lambda: int(clock.now())
    desk = await Program(tmp_path, told, clock).start()
    await kf.wecom.connects(f"{desk.address}/wecom/app")
    await kf.connects(f"{desk.address}/wecom/kf")
    li = kf.wecom.member("李主任")
    await li.opens(desk.owner_code)
    await li.sees("您現在是管理員和主管")
    _status, printed = await desk.run("invite", "technician")
    wang = TelegramPhone(telegram, telegram.user("王師傅"))
    await wang.opens(printed.split()[-1])
    await wang.sees("管理員確認後")
    await li.presses("是我們的人")
    await wang.sees("歡迎加入")
    zhang = kf.customer("張先生")
    await zhang.enters()

    await story.reports(zhang)
    await li.sees("新報修", "客廳冷氣漏水")
    await li.presses("派 王師傅")
    await story.gets_there(wang)
    await zhang.sees("出發了")
    await story.works(wang)
    await story.signs(wang)
    await zhang.sees("您簽名的服務報告", "排水管 D16")
    await story.leaves(wang)
    await li.sees("王師傅 離場")
    await li.presses("核准")
    await li.sees("已核准")

    assert await desk.stop() == 0
    assert await desk.run("audit") == (0, "all is well\n")
    assert found(desk.log(), "漏水", *TELEPHONE, "和平東路", telegram.token, kf.wecom.app.secret) == []
    assert li.chat.n_dropped == 0
