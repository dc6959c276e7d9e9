"""A part or a serial number by a photo of its label: one tap then says that it is right (PRT-1)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.counts import Count
from rules.goods import Goods
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from storage import stock
from tests import depot, plays
from tests.depot import has, in_store, newest
from tests.flows.test_figures import papers


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with depot.branch() as cast:
        yield cast
        assert stock.flaws(cast.room.connection) == []


def test_a_label_leads_to_the_part_and_one_tap_confirms_it(cast: SimpleNamespace) -> None:
    cast.wang.says("我的零件").presses("＋ 申請零件").sees("拍標籤").sends_photo("標籤", codes=("P-100",))
    cast.wang.sees("標籤上讀到 P-100", "P-100 泵浦").presses("P-100 泵浦").says("2").presses("否").says("備用")
    cast.wang.sees("料件：P-100", "料號：P-100 泵浦").presses("沒問題，送出")

    assert [(line.number, line.asked) for line in newest(cast, Requisition).lines] == [("P-100", 2)]


def test_of_several_codes_those_of_the_catalogue_are_offered(cast: SimpleNamespace) -> None:
    cast.lin.says("倉庫").presses("🔍 查料件").sends_photo("標籤", codes=("4711234567899", "p-100", "1PH-16", "Q5"))

    assert [one.label for one in cast.lin.buttons(2)] == ["P-100 泵浦", "H-16 排水管"]
    cast.lin.presses("H-16").sees("H-16 排水管")


def test_used_on_site_in_three_taps(cast: SimpleNamespace) -> None:
    depot.diagnosed(cast)
    plays.acts(cast.wang, parts=True)
    cast.wang.presses("＋ 用料").sends_photo("標籤", codes=("https://parts.example/P-100",)).presses("P-100 泵浦")
    cast.wang.presses("磨損").presses("帶回公司").sees("用料存好了")

    assert cast.room.order().found_parts()[0]["name"] == "P-100 泵浦"


def test_goods_that_come_in_are_named_by_their_labels(cast: SimpleNamespace) -> None:
    cast.lin.says("倉庫").presses("📥 收貨").presses("供應商").presses("跳過").sends_photo("標籤", codes=("(240)P-100(37)5",))
    cast.lin.presses("P-100 泵浦").says("5").presses("跳過").presses("否").presses("沒問題，送出")

    assert in_store(cast, "P-100") == 5
    assert newest(cast, GoodsReceipt).lines[0].label == "P-100 泵浦"


def test_nothing_readable_says_what_to_do_and_nothing_is_lost(cast: SimpleNamespace) -> None:
    cast.wang.says("我的零件").presses("＋ 申請零件").says("2 個 H-16").presses("是").sends_photo("糊的")
    cast.wang.sees("讀不到條碼", "靠近一點", "直接打號碼").sends_photo("別的", codes=("4711234567899",))
    cast.wang.sees("讀到 4711234567899", "沒有這個號碼").sends_photo("壞的", problem="not-an-image").sees("這張圖打不開")
    cast.wang.sends_photo("標籤", codes=("P-100",)).presses("← 上一題").says("1 個 P-100").presses("否").says("備用")
    cast.wang.presses("沒問題，送出")

    assert [(line.number, line.asked) for line in newest(cast, Requisition).lines] == [("H-16", 2), ("P-100", 1)]


def test_who_hands_out_sees_by_the_label_whether_it_is_the_right_part(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.asks(cast, "3 個 P-100", at_order=False)
    cast.li.presses("核准")
    cast.lin.presses("部分發料").sends_photo("標籤", codes=("H-16",)).sees("✖ 標籤是 H-16，不是 P-100 泵浦", "最多 3 個")
    cast.lin.sends_photo("標籤", codes=("p-100",)).sees("✔ 標籤是 p-100", "最多 3 個").says("2").sees("發了一部分")

    assert in_store(cast, "P-100") == 3


def test_who_counts_sees_the_same(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    cast.lin.says("倉庫").presses("🔢 盤點").presses("倉庫").presses("開始盤點").sends_photo("標籤", codes=("P-100",)).sees("✔")
    cast.lin.says("5")

    assert newest(cast, Count).lines[0].counted == 5


def test_what_a_code_says_is_shown_shortened_and_without_hidden_marks(cast: SimpleNamespace) -> None:
    cast.lin.says("倉庫").presses("🔍 查料件").sends_photo("標籤", codes=("\u202e{number}" + "x" * 400,))

    cast.lin.sees("讀到 {number}" + "x" * 32 + "，")


def test_a_serial_number_is_photographed(cast: SimpleNamespace) -> None:
    cast.chen.says("客戶商品").presses("＋ 收件").says("張先生 0912-345-678").says("不轉").says("電風扇")
    cast.chen.sends_photo("銘牌", codes=("4711234567899", "E-77")).sees("好幾個碼：4711234567899", "E-77")
    cast.chen.sends_photo("近拍", codes=("E-77",)).presses("跳過").sends_photo("外觀").presses("就這些").says("2026/12/3")
    cast.chen.sees("E-77").presses("沒問題，送出")

    assert newest(cast, Goods).serial == "E-77"


def test_a_machine_s_history_opens_by_a_photo_of_its_sticker(cast: SimpleNamespace) -> None:
    cast.chen.says("登記來電").says("張先生 0912-345-678").says("漏水").says("大金 FTXV50").sends_photo(
        "銘牌", codes=("E-123",)
    )
    cast.chen.says("台北市大安區和平東路一段 1 號").presses("就這些").presses("市區").presses("否").presses("沒問題，送出")
    assert cast.room.order().report.serial == "E-123"

    sticker = "https://work.example/kf?scene_param=m_大金 FTXV50_E-123"
    cast.li.says("設備履歷").sends_photo("貼紙", codes=(sticker,)).sees("「E-123」的履歷", cast.room.order().number)


def test_the_storekeeper_prints_labels_and_nobody_else(cast: SimpleNamespace) -> None:
    cast.lin.says("倉庫").presses("🔍 查料件").says("P-100").presses("🖨 標籤").sees("P-100 泵浦 的標籤")
    part = depot.part_id(cast, "P-100")
    assert papers(cast.lin) == [f"part-labels:{part}"]

    cast.wang.presses_token(f"i.labels.{part}").sees("身分不能做")
    cast.lin.presses_token("i.labels.999").presses_token("i.labels.x").sees("已經")


def test_a_photo_that_no_question_waits_for_is_a_remark_as_ever(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 1)
    plays.on_site(cast)

    cast.wang.sends_photo("現場", codes=("P-100",)).sees("2611-0001")
