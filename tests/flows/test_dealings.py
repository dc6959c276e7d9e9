"""Stations, freight, claims, back-orders and tools in chat, and the store's calendar (PRT, CLM, BKO)."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from rules.backorders import Backorder
from rules.claims import Claim
from rules.counts import Count
from rules.people import Role
from rules.pickups import Pickup
from rules.requisitions import Requisition
from rules.shipments import Shipment
from rules.stock import Quality
from rules.tasks import Task
from rules.transfers import Transfer
from scheduler import stores, sweep
from storage import journal, people, stock
from tests import depot, plays
from tests.depot import has, in_store, newest
from tests.room import Phone, at


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with depot.branch() as cast:
        yield cast
        assert stock.flaws(cast.room.connection) == []
        assert list(journal.flaws(cast.room.connection)) == []


def at_the_station(cast: SimpleNamespace, quality: Quality) -> int:
    place = next(one for one in stock.places_in(cast.room.connection, "main") if one.name == "高雄站")
    return stock.balance(cast.room.connection, place.id, depot.part_id(cast, "P-100"), quality)


def test_what_goes_to_a_station_is_in_its_account_when_both_sides_have_said_so(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.sends(cast, "3 個 P-100")
    assert (in_store(cast, "P-100"), at_the_station(cast, Quality.TRANSIT), at_the_station(cast, Quality.GOOD)) == (2, 3, 0)
    cast.zhao.sees("調撥單 T26-001（高雄站）發出了").presses("部分收到").says("4").sees("3").says("2")

    assert (at_the_station(cast, Quality.TRANSIT), at_the_station(cast, Quality.GOOD)) == (1, 2)
    cast.lin.sees("對方短收：P-100 泵浦 × 1")
    cast.lin.says("倉庫").presses("🏪 服務站帳").sees("高雄站", "P-100 泵浦：2", "在途 1")
    cast.zhao.presses("全部收到")
    assert (at_the_station(cast, Quality.GOOD), newest(cast, Transfer).is_open) == (3, False)


def test_who_sent_parts_does_not_confirm_that_they_came(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 1)
    depot.sends(cast)
    people.change_person(cast.room.connection, cast.lin.id, roles=[Role.WAREHOUSE, Role.STATION])

    cast.lin.presses_token(f"j.{newest(cast, Transfer).id}.came").sees("PRT-14")

    assert at_the_station(cast, Quality.GOOD) == 0


def test_freight_is_written_off_with_two_signatures(cast: SimpleNamespace) -> None:
    zhou = cast.room.person("周會計", Role.ACCOUNTANT)
    depot.ships(cast)
    paper = newest(cast, Shipment)
    zhou.presses_token(f"j.{paper.id}.write_off").sees("還缺主管簽名", "PRT-15")
    cast.wang.presses_token(f"j.{paper.id}.approve").sees("這件事由主管、經理處理")
    cast.li.sees("王師傅 的運費單 Y26-001", "150").presses("主管簽")
    zhou.sees("兩方都簽了").presses("銷帳").sees("Y26-001 已銷帳")

    assert not newest(cast, Shipment).is_open


def test_a_fault_of_a_bought_in_part_becomes_a_claim_with_its_file(cast: SimpleNamespace) -> None:
    keeper = cast.room.person("蘇索賠", Role.CLAIMS)
    plays.on_site(cast)
    plays.listens(cast.wang)
    plays.looks(cast.wang)
    cast.wang.presses("查：找原因").says("泵浦").presses("跳過").says("軸承不良").presses("外購件").presses("就這些")
    cast.wang.presses("沒問題，送出")
    plays.acts(cast.wang, parts=True)
    cast.wang.presses("＋ 用料").says("P-100").presses("磨損").presses("帶回公司")
    plays.tries_it(cast.wang)
    cast.room.later(minutes=1)
    plays.signs(cast.wang)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.presses_token(f"o.{cast.room.order().id}.approve")

    keeper.sees("索賠草稿 C26-001", "2611-0001").says("倉庫").presses("C26-001").sees("P-100 泵浦 × 1").presses("提出")
    keeper.sees("要有供應商")
    keeper.presses("填索賠").says("大同泵業").says("1200").says("800").says("0").says("150").says("12/10").presses(
        "沒問題，送出"
    )
    keeper.sees("提出前還缺：照片").presses("提出").sees("缺：照片", "檢查、補件", "WAR-4")
    keeper.presses("檢查、補件").presses("跳過").sends_photo("軸承.jpg").presses("就這些").presses("沒問題，送出")
    keeper.presses("提出").sees("已提出", "舊件 2026年12月10日 前寄回")
    cast.lin.sees("索賠 C26-001 的舊件請在 12月10日", "大同泵業")
    keeper.presses("舊件寄回").says("黑貓 8842").presses("供應商答覆").presses("部分接受").says("9999").says("1500").presses(
        "跳過"
    )
    assert newest(cast, Claim).granted is None
    keeper.says("倉庫").presses("C26-001").presses("供應商答覆").presses("部分接受").says("1500").presses("跳過")
    keeper.sees("同意：1,500").presses("入帳結案")

    assert (newest(cast, Claim).stage, newest(cast, Claim).is_open) == ("credited", False)
    assert not newest(cast, Task).is_open  # nobody is asked for the parts once more


def test_old_parts_are_wanted_back_by_no_day_that_is_over(cast: SimpleNamespace) -> None:
    keeper = cast.room.person("蘇索賠", Role.CLAIMS)
    plays.on_site(cast)
    depot.claims_something(cast)
    keeper.says("倉庫").presses("C26-009").presses("填索賠").says("大同泵業").says("1200").says("0").says("0").says("0")
    keeper.says("昨天").presses("沒問題，送出").sees("已經過了，請寫以後的日期", "CLM-2")

    assert newest(cast, Claim).back_by is None


def test_the_storekeeper_sends_a_claim_s_parts_back_and_the_file_knows_it(cast: SimpleNamespace) -> None:
    keeper = cast.room.person("蘇索賠", Role.CLAIMS)
    plays.on_site(cast)
    depot.claims_something(cast, parts=("2611-0001-P-1: 泵浦",), photos=("a1",), cause="軸承不良")
    keeper.says("倉庫").presses("C26-009").presses("填索賠").says("大同泵業").says("1200").says("0").says("0").says("0")
    keeper.presses("跳過").presses("沒問題，送出").presses("提出")
    cast.lin.sees("索賠 C26-009").presses("完成，回報").sees("用哪家貨運").says("黑貓 8842")

    assert (newest(cast, Claim).stage, newest(cast, Claim).shipped) == ("parts_sent", "黑貓 8842")


def known_customer(cast: SimpleNamespace) -> Phone:
    people.change_person(cast.room.connection, cast.zhang.id, phone="+886912345678")
    return cast.zhang


def test_goods_move_for_a_back_order_when_the_customer_has_said_so_again(cast: SimpleNamespace) -> None:
    zhang = known_customer(cast)
    depot.waits(cast)
    zhang.sees("目前缺貨，已登記 BK26-001，一週內回覆您")
    paper = newest(cast, Backorder)
    cast.chen.presses("找到貨源").says("高雄店").says("12/1")
    cast.chen.presses_token(f"j.{paper.id}.move").sees("調貨前要再問客戶一次", "BKO-2")
    zhang.sees("找到貨了").presses("還要，請調貨")
    cast.chen.sees("客戶確認要").presses("開始調貨").presses("到貨")
    zhang.sees("到店了，請來取")
    cast.chen.presses("客戶取走")

    assert newest(cast, Backorder).stage == "collected"


def arrived(cast: SimpleNamespace) -> Phone:
    """What 張先生 waits for is in the store; his telephone."""
    zhang = known_customer(cast)
    depot.waits(cast)
    cast.chen.presses("找到貨源").says("高雄店").says("12/1")
    zhang.presses("還要，請調貨")
    cast.chen.presses("開始調貨").presses("到貨").sees("到貨，已通知客戶")
    return zhang


def looks_again(cast: SimpleNamespace, **later: float) -> None:
    cast.room.later(**later)
    sweep.sweep(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def test_goods_that_are_in_are_told_of_at_once_and_three_times_before_they_go_by_post(cast: SimpleNamespace) -> None:
    """BKO-4, WKS-11, WKS-12."""
    zhang = arrived(cast)
    zhang.sees("濾網 FT-1 × 2 到店了，請來取")
    cast.chen.presses_token(f"e.{newest(cast, Pickup).id}.mail").sees("才通知了 1 次")

    looks_again(cast, days=3, minutes=1)
    zhang.sees("濾網 FT-1 × 2", "這是第 2 次通知")
    looks_again(cast, days=3, minutes=1)
    zhang.sees("這是第 3 次通知")
    looks_again(cast, days=3, minutes=1)
    cast.he.sees("通知了 3 次客戶都沒來取")
    cast.chen.presses("郵寄").says("黑貓 8842")

    zhang.sees("寄出了，寄件單號 黑貓 8842")
    assert (newest(cast, Backorder).stage, newest(cast, Pickup).stage) == ("collected", "mailed")


@pytest.mark.parametrize("card", ["backorder", "pickup"])
def test_whoever_has_fetched_his_goods_is_called_no_more(cast: SimpleNamespace, card: str) -> None:
    zhang = arrived(cast)
    paper = newest(cast, Backorder)
    waiting = newest(cast, Pickup)
    cast.chen.presses_token(f"j.{paper.id}.collected" if card == "backorder" else f"e.{waiting.id}.collected")

    zhang.says("說明")
    looks_again(cast, days=3, minutes=1)

    assert (newest(cast, Backorder).stage, newest(cast, Pickup).stage) == ("collected", "collected")
    assert "第 2 次通知" not in zhang.transcript()


def test_who_does_not_want_them_any_more_is_called_no_more_either(cast: SimpleNamespace) -> None:
    zhang = arrived(cast)

    zhang.presses("不要了")

    assert (newest(cast, Backorder).stage, newest(cast, Pickup).stage) == ("cancelled", "cancelled")


def test_a_customer_without_a_chat_confirms_on_the_telephone_and_it_is_written_down(cast: SimpleNamespace) -> None:
    depot.waits(cast)
    cast.chen.presses("找到貨源").says("高雄店").presses("跳過").presses("客戶再確認").says("電話中說要")

    assert (newest(cast, Backorder).stage, newest(cast, Backorder).contacts) == ("confirmed", ("電話中說要",))


def test_within_a_week_the_customer_hears_again_or_the_clerk_is_reminded(cast: SimpleNamespace) -> None:
    zhang = known_customer(cast)
    depot.waits(cast)
    cast.room.now += timedelta(days=6)
    sweep.sweep(cast.room.connection, cast.room.company.terms, now=cast.room.now)
    cast.chen.sees("缺貨登記 BK26-001")
    cast.chen.says("倉庫").presses("BK26-001").presses("聯絡客戶").says("下週會到，請再等等")
    zhang.sees("下週會到，請再等等")
    zhang.presses("不要了")
    cast.chen.sees("客戶不要 濾網 FT-1 了")

    assert newest(cast, Backorder).stage == "cancelled"


def test_a_tool_is_on_loan_until_it_is_back(cast: SimpleNamespace) -> None:
    has(cast, "T-1", 2)
    has(cast, "P-100", 1)
    cast.lin.says("倉庫").presses("🔧 借工具").says("P-100").presses("王師傅").says("1").sees("不是工具")
    cast.lin.says("倉庫").presses("🔧 借工具").says("T-1").presses("王師傅").says("1").sees("借給 王師傅")
    cast.wang.sees("王師傅，您借了 T-1 扭力扳手 × 1")
    assert in_store(cast, "T-1") == 1

    cast.lin.says("倉庫").presses("🔧 借出清單").sees("T-1 扭力扳手 × 1：王師傅").presses("收回 T-1 扭力扳手")

    assert in_store(cast, "T-1") == 2


def test_a_leaver_s_parts_and_tools_are_on_his_list_and_change_hands(cast: SimpleNamespace) -> None:
    """STF-11: three parts and a tool, and the requisition they came on is answered for."""
    has(cast, "P-100", 3)
    has(cast, "T-1", 1)
    depot.asks(cast, "3 個 P-100", at_order=False)
    cast.li.presses("核准")
    cast.lin.presses("全部發料")
    cast.lin.says("倉庫").presses("🔧 借工具").says("T-1").presses("王師傅").says("1")
    cast.he.says("離職").presses("登記離職").presses("王師傅").says("今天").presses("趙師傅").presses("沒問題，送出")
    cast.wang.sees("P-100 泵浦", "T-1 扭力扳手").presses("清冊沒錯")
    cast.zhao.presses("我接手")
    cast.li.presses("監交簽名").sees("移交完成")

    assert (depot.in_van(cast, "P-100"), depot.in_van(cast, "P-100", "zhao")) == (0, 3)
    assert not newest(cast, Requisition).is_open
    cast.lin.says("倉庫").presses("🔧 借出清單").sees("T-1 扭力扳手 × 1：趙師傅")


def morning(cast: SimpleNamespace, when: str, **later: float) -> int:
    cast.room.now = at(when) + timedelta(**later)
    return stores.daily(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def test_the_morning_after_what_moved_is_to_be_recounted(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    morning(cast, "週六 08:31")

    cast.lin.sees("昨天動過的料請複點：P-100 泵浦")
    assert morning(cast, "週六 08:40") == 0


def test_with_the_month_a_stocktake_opens_and_old_parts_and_materials_are_listed(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.diagnosed(cast)
    depot.drawn(cast)
    plays.acts(cast.wang, parts=True)
    cast.wang.presses("＋ 用料").says("P-100").presses("磨損").presses("帶回公司")
    cast.lin.says("倉庫").presses("2611-0001-P").presses("收到舊件")
    morning(cast, "週六 08:31")
    assert not [one for one in cast.lin.bubbles if "盤點 I26" in one[1].text]

    morning(cast, "下週二 08:31")

    cast.lin.sees("盤點 I26-001：1 項要盤", "還沒處理的舊件 1 項", "2026-11 材料進消存報表", "P-100 泵浦：進 5、用 1、存 3")
    assert newest(cast, Count).reason == "month"


def test_with_the_week_the_planner_hears_what_is_too_few(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 1)
    has(cast, "H-16", 3)
    morning(cast, "下週一 08:31")

    cast.gu.sees("不足 1、過多 0", "▼ P-100 泵浦：1，最低 2")
