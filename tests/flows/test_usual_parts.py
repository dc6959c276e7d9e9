"""Before leaving: what the model usually needs is on the card and the list, and asked for with one tap (DSP-8, PRE-1)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.requisitions import Requisition
from storage import stock
from tests import depot, plays
from tests.depot import has, in_van, newest


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """張先生's machine leaked once, and a hose went in."""
    with depot.branch() as cast:
        has(cast, "H-16", 9)
        depot.diagnosed(cast)
        depot.drawn(cast, "2 個 H-16")
        plays.acts(cast.wang, parts=True)
        cast.wang.presses("＋ 用料").presses("H-16 排水管（2）").presses("磨損").presses("帶回公司")
        plays.tries_it(cast.wang)
        cast.room.later(minutes=5)
        yield cast
        assert stock.flaws(cast.room.connection) == []


def test_who_sends_and_who_is_sent_see_what_the_model_usually_needs(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang.says("報修"), "臥室冷氣又漏水")

    cast.li.sees("這個機型常用：H-16 排水管 ×1", "🔁 30 天內修過：2611-0001（排水管）").presses("派 趙師傅")
    cast.zhao.sees("這個機型常用：H-16 排水管 ×1").presses("接單").presses("出發前準備")
    cast.zhao.sees("常用 H-16 排水管 ×1：同機型 1 單用過，故障相近 1 單；車上 0")
    cast.chen.presses_token(f"o.{cast.room.order().id}.card")
    assert "這個機型常用" not in cast.chen.transcript()


def test_likely_causes_and_what_mended_them_go_with_the_slip(cast: SimpleNamespace) -> None:
    """DSP-4."""
    plays.reports(cast.zhang.says("報修"), "臥室冷氣又漏水")
    told = "可能原因：排水管堵塞（同機型 1 單，故障相近 1 單）；當時的處理：通管並清洗"

    cast.li.sees(told).presses("派 趙師傅")
    cast.zhao.sees(told, "上次 2611-0001")

    order = cast.room.order()
    cast.zhao.presses("接單").presses_token(f"o.{order.id}.card").sees(told)
    cast.chen.presses_token(f"o.{order.id}.card")
    assert "可能原因" not in cast.chen.last().text + cast.zhang.transcript()


def test_one_tap_begins_the_requisition_with_what_is_missing(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang.says("報修"), "臥室冷氣又漏水")
    cast.li.presses("派 趙師傅")
    cast.zhao.presses("接單").presses("出發前準備").presses("＋ 領常用零件").says("換排水管").sees("H-16 排水管", "1")
    cast.zhao.presses("沒問題，送出")

    requisition = newest(cast, Requisition)
    assert [(line.number, line.asked) for line in requisition.lines] == [("H-16", 1)]
    assert requisition.about_number == cast.room.order().number
    cast.zhao.says("準備").sees("☐ H-16 排水管：0/1")
    assert all(one.label != "＋ 領常用零件" for one in cast.zhao.buttons(8))


def test_what_is_in_the_van_already_is_not_asked_for(cast: SimpleNamespace) -> None:
    assert in_van(cast, "H-16") == 1
    plays.reports(cast.zhang.says("報修"), "臥室冷氣又漏水")
    cast.li.presses("派 王師傅")

    cast.wang.presses("接單").presses("出發前準備").sees("常用 H-16 排水管 ×1", "車上 1")

    assert all(one.label != "＋ 領常用零件" for one in cast.wang.buttons(8))


def test_another_model_brings_nothing_to_mind(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").says("洗衣機漏水").presses("就這些").says("東元 W1138").says("台北市大安區和平東路一段 1 號").says(
        "張先生"
    )
    cast.zhang.says("0912-345-678").presses("市區").presses("沒問題，送出")

    cast.li.sees("東元 W1138")

    assert "這個機型常用" not in cast.li.transcript()
