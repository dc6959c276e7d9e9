"""Sheets in chat: begun by whom they are for, told to whom they concern, closed with all that they owe (RULEBOOK 25)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.people import Role
from rules.sheets import Sheet
from scheduler import promised
from storage import cases
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import at, played

STAFF = {
    "li": ("李主任", Role.SUPERVISOR),
    "sun": ("孫經理", Role.MANAGER),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhao": ("趙師傅", Role.TECHNICIAN),
    "he": ("何副總", Role.DEPUTY_GM),
}


@pytest.fixture
def shop() -> Iterator[SimpleNamespace]:
    with played("retail", start="週五 10:00", **STAFF) as cast:
        yield cast


@pytest.fixture
def plant() -> Iterator[SimpleNamespace]:
    with played("plant", start="週五 10:00", **STAFF) as cast:
        yield cast


def sheet(cast: SimpleNamespace) -> Sheet:
    return cases.every(cast.room.connection, Sheet)[-1]


def test_a_backorder_is_answered_within_a_week_whether_the_goods_came_or_not(shop: SimpleNamespace) -> None:
    zhang = shop.room.person("張先生")
    zhang.says("報修").says("取消")
    shop.chen.says("表單").presses("＋ 缺貨登記").says("檯燈 L2").says("1").says("張先生 0912-345-678").presses("跳過")
    shop.chen.presses("沒問題，送出").sees("BO26-001 登記好了", "商品：檯燈 L2", "期限：12月4日 週五 10:00")

    sweeps(shop, "下週五 10:01")
    shop.chen.sees("BO26-001")
    shop.sun.sees("BO26-001")
    shop.chen.presses("答覆客戶").says("還沒到，下週三").sees("BO26-001 結束了", "答覆：還沒到，下週三")

    assert (sheet(shop).is_open, sheet(shop).found["answer"]) == (False, "還沒到，下週三")


def test_no_agreement_goes_to_the_store_s_manager_the_area_and_operations(shop: SimpleNamespace) -> None:
    area = shop.room.person("區督導", Role.AREA_SUPERVISOR, branch="北區")
    ops = shop.room.person("營運部", Role.OPS_MANAGER, branch="總部")
    clerk = shop.room.person("店員", Role.STORE_STAFF)
    clerk.says("表單").presses("＋ 請示上級").says("一定要退現金").says("換同款").presses("沒問題，送出")
    shop.sun.sees("客戶談不攏", "AB26-001", "[裁示]")
    clerk.presses_token(f"g.{sheet(shop).id}.close").sees("規則 ESC-9")

    sweeps(shop, "週五 10:30")
    area.sees("AB26-001 請示還沒有裁示")
    ops.sees_nothing_new()
    sweeps(shop, "週五 11:00")
    ops.sees("AB26-001 請示還沒有裁示")

    area.presses_token(f"g.{sheet(shop).id}.close").says("退現金").sees("AB26-001 結束了")
    clerk.sees("AB26-001 有裁示了（區督導）")


def test_a_warning_reaches_every_store_and_is_over_when_all_have_read_it(shop: SimpleNamespace) -> None:
    far = shop.room.person("遠主任", Role.SUPERVISOR, branch="高雄")
    shop.sun.says("表單").presses("＋ 品質警示").says("檯燈 L2").says("會漏電").says("先下架").presses("跳過")
    shop.sun.presses("沒問題，送出")

    far.sees("品質警示 QW26-001", "處置：先下架", "[我看過了]")
    far.presses("我看過了").sees("已讀 1/2")
    far.presses_token(f"g.{sheet(shop).id}.close").sees("REC-1")
    shop.wang.presses_token(f"g.{sheet(shop).id}.close").sees("身分不能做")
    shop.li.presses("我看過了")

    assert (sheet(shop).is_open, set(sheet(shop).read_by)) == (False, {far.id, shop.li.id})
    shop.sun.sees("各店都看過了")


def test_one_shift_hands_over_to_the_next_which_says_so(plant: SimpleNamespace) -> None:
    plant.wang.says("表單").presses("＋ 交班").says("換油")
    plant.wang.says("2 號機待料").says("正常").presses("趙師傅").presses("沒問題，送出")
    plant.zhao.sees("王師傅 交班給您（SH26-001）", "未完成：2 號機待料", "[接班確認]")
    plant.wang.presses_token(f"g.{sheet(plant).id}.close").sees("規則 MNT-8")

    sweeps(plant, "週五 11:01")
    plant.zhao.sees("SH26-001")
    plant.zhao.presses("接班確認").sees("SH26-001 結束了")

    plant.wang.sees("SH26-001 已由 趙師傅 接班")


def test_a_major_accident_is_before_the_general_managers_at_once_and_closes_with_all_four(plant: SimpleNamespace) -> None:
    plant.wang.says("表單").presses("＋ 事故").presses("重大").says("2 號機").says("皮帶捲手").presses("跳過").presses(
        "沒問題，送出"
    )

    for one in (plant.li, plant.sun, plant.he):
        one.sees("王師傅 報了事故 AC26-001", "等級：重大")
    plant.wang.presses_token(f"g.{sheet(plant).id}.close").sees("身分不能做")
    plant.li.presses("填四不放過").says("護罩沒裝").says("班長檢討").says("全班重訓").says("加裝護罩").sees("AC26-001 結束了")

    assert set(sheet(plant).found) == {"cause", "responsible", "educated", "measures"}


def test_a_rectification_notice_has_its_day_and_is_checked_again(plant: SimpleNamespace) -> None:
    plant.chen.says("表單").presses("＋ 限期改善").says("3 棟 2 樓").says("亂拉電線").presses("限期改善").says("2026/11/28")
    plant.chen.presses("跳過").presses("沒問題，送出").sees("RE26-001", "期限：11月28日 週六 23:59")

    sweeps(plant, "週六 23:59")
    plant.chen.presses("複查").presses("還沒改好").presses("跳過").says("2026/11/27").sees("已經過了", "規則 MNT-11")
    plant.chen.presses_token(f"g.{sheet(plant).id}.close").presses("還沒改好").presses("跳過").says("2026/12/1")
    plant.chen.sees("RE26-001 改了期限", "複查未過 1 次")
    plant.chen.presses("複查").presses("改好了").presses("跳過").sees("RE26-001 結束了")


def test_an_overhaul_is_accepted_by_whoever_asked_for_it_and_nobody_else(plant: SimpleNamespace) -> None:
    plant.li.says("表單").presses("＋ 大修").says("1 號機").says("換軸承").says("備件到齊").says("掛牌上鎖").presses("王師傅")
    plant.li.says("2026/12/10").presses("沒問題，送出")
    plant.wang.sees("大修 OV26-001", "安全：掛牌上鎖")
    plant.sun.presses_token(f"g.{sheet(plant).id}.close").sees("要由提出的人 李主任 驗收")

    plant.li.presses("驗收").presses("合格").says("試車正常").sees("OV26-001 結束了", "品質：試車正常")


def test_a_work_plan_is_asked_for_handed_in_and_approved_by_another() -> None:
    with played("retail", start="下週二 09:00", **STAFF) as shop:
        day = shop.room.company.terms.calendar.local_day(shop.room.now)
        assert promised.daily(shop.room.connection, shop.room.company.terms, day, now=shop.room.now) == 1
        shop.li.sees("這一期的月計畫還沒交")

        shop.li.presses("＋ 工作計畫").presses("月計畫").says("盤點兩次").presses("跳過").presses("跳過").presses(
            "沒問題，送出"
        )
        shop.li.presses_token(f"g.{sheet(shop).id}.close").sees("規則 DLY-11")
        shop.sun.sees("李主任 交了工作計畫 PL26-001").presses("審核").presses("核准").presses("跳過").sees("PL26-001 結束了")

        shop.li.sees("工作計畫 PL26-001 審核好了")
        assert promised.daily(shop.room.connection, shop.room.company.terms, day, now=shop.room.now) == 0


def test_a_customer_is_visited_from_time_to_time_and_each_visit_recorded(cast: SimpleNamespace) -> None:
    cast.chen.says("表單").presses("＋ 客戶拜訪").says("張先生 0912-345-678").presses("每季").says("2026/12/10").presses(
        "王師傅"
    )
    cast.chen.presses("沒問題，送出")
    cast.wang.sees("請拜訪客戶（VI26-001）")
    cast.zhao.presses_token(f"g.{sheet(cast).id}.close").sees("查不到")

    cast.wang.presses("填拜訪記錄").says("每天用八小時").says("想再買兩台").presses("跳過")

    first, second = cases.every(cast.room.connection, Sheet)
    assert (first.is_open, first.found["demands"]) == (False, "想再買兩台")
    assert (second.is_open, second.told["on"], second.person, second.about) == (True, "2027-02-27", cast.wang.id, first.subject)


def test_a_sheet_without_its_lines_or_of_another_line_of_business_is_refused(plant: SimpleNamespace) -> None:
    plant.chen.presses_token("g.0.new.backorder").sees("我們公司不用「缺貨登記」")
    plant.wang.presses_token("g.0.new.rectify").sees("身分不能做")
    plant.li.presses_token("g.0.new.nothing").sees("這個按鈕已經過了")
    assert at("週五 10:00") == plant.room.now


def test_on_an_order_the_question_to_those_above_is_one_tap_away(shop: SimpleNamespace) -> None:
    zhang = shop.room.person("張先生")
    plays.brought_on_site(shop.room, zhang, shop.li, shop.wang)

    shop.wang.presses_token(f"o.{shop.room.order().id}.card").presses("請示上級").says("要退錢").says("換新").presses(
        "沒問題，送出"
    )

    assert (sheet(shop).about, sheet(shop).about_number) == (shop.room.order().subject, shop.room.order().number)
    shop.sun.sees("客戶談不攏", shop.room.order().number)
