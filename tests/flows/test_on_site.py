"""On site: an attendant in a hotel, old parts under their tags, what nobody is certain of (VIS-2, VIS-9, VIS-14)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.orders import Stage, Step
from rules.part_uses import PartUse
from rules.people import Role
from rules.tasks import Task
from storage import cases, remarks
from tests import plays
from tests.room import played

STAFF = {
    "li": ("李主任", Role.SUPERVISOR),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhao": ("趙師傅", Role.TECHNICIAN),
}


@pytest.fixture
def hotel() -> Iterator[SimpleNamespace]:
    with played("hotel", **STAFF) as cast:
        yield cast


@pytest.fixture
def vehicle() -> Iterator[SimpleNamespace]:
    """王師傅 is on site and knows the cause."""
    with played("vehicle", **STAFF) as cast:
        plays.brought_on_site(cast.room, cast.zhang, cast.li, cast.wang)
        yield cast


def goes_there(cast: SimpleNamespace) -> None:
    cast.zhang.says("1208 房冷氣不冷").presses("就這些").says("FCU-3").says("12 樓 1208").says("房務部").says("0912-345-678")
    cast.zhang.presses("沒問題，送出")
    cast.li.presses("派 王師傅")
    cast.wang.presses("接單").presses("出發前準備")
    for label in ("看過單子", "工具帶了", "證件帶了"):
        cast.wang.presses(label)
    cast.wang.presses("出發").presses("到了")


def works(cast: SimpleNamespace) -> None:
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.room.later(minutes=1)
    cast.wang.presses("簽名").presses("跳過").says("周服務員").sends_photo("簽名.jpg")


def test_what_can_not_be_mended_is_handed_on_so_that_somebody_looks_after_the_guest(hotel: SimpleNamespace) -> None:
    """VIS-17: to whom and what was said are asked, and the department organises the rest."""
    goes_there(hotel)
    hotel.wang.presses("跳過").says("房務部").says("周服務員").presses("不在，服務員全程陪同")
    for step in (plays.listens, plays.looks, plays.checks):
        step(hotel.wang)
    hotel.wang.presses("處理：記做了什麼").says("壓縮機壞了").presses("無（自然損耗）").presses("同意").presses("修不了")
    hotel.wang.sees("要先告訴誰照顧客人").says("櫃台吳先生").says("請幫 1208 房換房").presses("否").presses("跳過")
    hotel.wang.presses("就這些").sees("交代對象：櫃台吳先生").presses("沒問題，送出")

    for one in (hotel.li, hotel.chen):
        one.sees("2611-0001 一時修不好，王師傅 已交代 櫃台吳先生：請幫 1208 房換房")
    assert hotel.room.order().found(Step.ACT)["hand_off"] == "櫃台吳先生"


def test_an_occupied_room_is_entered_with_an_attendant_and_left_with_her_word(hotel: SimpleNamespace) -> None:
    """VIS-2."""
    goes_there(hotel)
    hotel.wang.says("取消")
    hotel.wang.presses_token(f"o.{hotel.room.order().id}.listen").sees("帶您進房的服務員", "VIS-2")
    hotel.wang.presses("到了").presses("跳過").says("房務部").says("周服務員").presses("不在，服務員全程陪同")
    works(hotel)
    hotel.wang.presses_token(f"o.{hotel.room.order().id}.leave").sees("離房前要有服務員確認", "VIS-2")
    hotel.wang.presses("服務員確認離房").sees("進房的是 周服務員").says("王師傅").sends_photo("自己簽.jpg").sees("VIS-2")
    hotel.wang.presses("服務員確認離房").presses("周服務員").sends_photo("離房簽名.jpg").sees("可以離場簡報")
    hotel.wang.presses("離場簡報").presses("就這樣回報")

    hotel.li.sees("離場")
    assert hotel.room.order().overrides["attendant"] == "周服務員"


def test_an_old_part_comes_back_under_a_tag_with_its_picture(vehicle: SimpleNamespace) -> None:
    """VIS-9."""
    number = vehicle.room.order().number
    vehicle.wang.presses("聽：記客戶說的").says("異響").says("5000").says("82000").says("山路").says("正常").says("異響")
    vehicle.wang.presses("就這些").presses("沒問題，送出")
    vehicle.wang.presses("看：外觀與保固").presses("保固內").presses("否").says("5000").says("82100").presses("就這些")
    vehicle.wang.presses("沒問題，送出")
    plays.checks(vehicle.wang)
    plays.acts(vehicle.wang, parts=True)
    vehicle.wang.presses("＋ 用料").says("軸承").presses("磨損").presses("帶回公司").sees(f"掛上標籤 {number}-P-1").says("沒拍")
    vehicle.wang.sends_photo("舊軸承.jpg").sees(f"舊件標籤 {number}-P-1")

    (use,) = cases.every(vehicle.room.connection, PartUse)
    assert use.lines[0].photo


def test_what_a_technician_is_not_certain_of_goes_to_somebody_who_is(hotel: SimpleNamespace) -> None:
    """VIS-14: he is reminded when he arrives; the answer comes back to him."""
    goes_there(hotel)
    hotel.wang.presses("跳過").says("房務部").says("周服務員").presses("在").sees("沒把握的不亂答", "問專家")
    hotel.wang.says("問專家").says("客人問冷媒會不會有毒").sees("轉給主管了")
    hotel.li.sees("現場有技術問題", "客人問冷媒會不會有毒").presses("交給同事").presses("趙師傅")
    hotel.zhao.sees("客人問冷媒會不會有毒").presses("完成，回報").says("R410A 無毒，通風即可")

    hotel.wang.sees("趙師傅 答覆：R410A 無毒，通風即可")
    assert not cases.every(hotel.room.connection, Task)[0].is_open


def test_photos_may_come_later_and_the_signature_waits_for_them(cast: SimpleNamespace) -> None:
    """VIS-21: without a connection the step is saved all the same."""
    plays.on_site(cast)
    plays.listens(cast.wang)
    cast.wang.presses("看：外觀與保固").presses("保固內").presses("否").presses("照片之後補").presses("沒問題，送出")
    for step in (plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.wang.presses("簽名").sees("「看」的照片", "SIG-2")
    cast.room.later(minutes=5)
    cast.wang.sends_photo("銘牌.jpg").sees("放進 2611-0001 的「看").sends_photo("外觀.jpg").sees("放進 2611-0001")
    cast.room.later(minutes=1)
    plays.signs(cast.wang)

    cast.wang.sees("簽名收到")
    assert len(cast.room.order().found(Step.LOOK)["photos"]) == 2


def test_late_photos_that_waited_for_their_order_are_all_placed_with_one_tap(cast: SimpleNamespace) -> None:
    """VIS-21: the first of them changes the order that the second one goes to."""
    plays.on_site(cast)
    plays.listens(cast.wang)
    cast.wang.presses("看：外觀與保固").presses("保固內").presses("否").presses("照片之後補").presses("沒問題，送出")
    room, order = cast.room, cast.room.order()
    told = {"person": cast.wang.id, "order": None, "kind": "photo", "text": "", "sent_at": room.now, "now": room.now}
    waiting = [remarks.add(room.connection, sha256=one * 64, **told) for one in "ab"]

    cast.wang.presses_token(f"r.{waiting[0].id}.{order.id}")

    assert room.order().found(Step.LOOK)["photos"] == ["a" * 64, "b" * 64]


def test_after_a_failed_try_out_the_customer_tries_again_and_the_job_goes_on(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks, plays.acts):
        step(cast.wang)

    cast.wang.presses("客戶試機").presses("還有問題").says("還有異音").sees("還有問題，記下了", "查：找原因")
    cast.room.later(minutes=5)
    cast.wang.presses("查：找原因").presses("沒問題，送出").presses("客戶試機")

    cast.wang.sees("請客戶親自試機").presses("正常").presses("是")
    assert cast.room.order().stage is Stage.FINISHED


def test_a_customer_who_wants_no_repair_need_not_try_it_and_may_sign(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.wang)
    cast.wang.presses("處理：記做了什麼").says("報價後客戶不修").presses("無（自然損耗）").presses("同意").presses("客戶不修")
    cast.wang.presses("否").presses("跳過").presses("就這些").presses("沒問題，送出")

    cast.wang.presses("客戶試機").presses("沒有修，不用試").presses("是")

    cast.wang.sees("完工，待簽名").presses("簽名").sees("客戶試機：沒有修，不用試")


def test_nobody_there_is_shown_by_a_photo_and_decided_by_the_supervisor(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發").presses("到了").presses("跳過").presses("沒人在").presses("打過電話，沒人接").sees("門口")
    cast.wang.sends_photo("門口.jpg").sees("已請主管決定")

    assert cast.room.order().stage is Stage.AWAITING_DECISION
    cast.li.sees("王師傅 到了，沒有人在：打過電話，沒人接")
    cast.zhang.sees("沒有人在", "請直接回覆")
    cast.zhang.says("我十分鐘到").sees("2611-0001")
    cast.li.presses("決定").says("等十分鐘")

    cast.wang.sees("等十分鐘").says("到了").presses("跳過").presses("張先生").sees("到場記錄好了")


def test_whoever_broke_off_the_questions_of_his_arrival_still_says_that_nobody_is_there(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發").presses("到了").presses("取消").says("2611-0001").presses("沒人在").presses("其他情況")
    cast.wang.says("門鎖著，鄰居說出國了").sends_photo("門口.jpg")

    cast.li.sees("鄰居說出國了")
