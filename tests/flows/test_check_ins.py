"""A vehicle at the dealer's: its check-in sheet is filled in, signed, and gone through again at the hand-over (WKS-14)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.goods import Goods
from storage import cases
from tests import affairs
from tests.room import played


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """陳小姐 receives vehicles, 王師傅 mends them, 李主任 inspects them."""
    with played("dealer4s", start="週五 09:00", **affairs.DEALER) as cast:
        yield cast


def vehicle(cast: SimpleNamespace) -> Goods:
    return cases.every(cast.room.connection, Goods)[-1]


def comes(cast: SimpleNamespace) -> None:
    chen = cast.chen
    chen.says("登記簿").presses("＋ 收件").says("張先生 0912-345-678").says("煞車異音").says("Corolla Altis").says("ABC-1234")
    for side in ("車頭", "左側", "車尾", "右側"):
        chen.sees(f"請拍{side}").sends_photo(side)
    chen.says("52,300").presses("1/2").says("右後門刮痕").presses("跳過").says("雨傘一把").sees("貴重物品")
    chen.presses("已提醒客戶").presses("就這些").says("2026/11/30 17:00")
    chen.sees("里程：52300", "車外：右後門刮痕", "留在車上的東西：雨傘一把").presses("沒問題，送出")


def is_ready(cast: SimpleNamespace) -> None:
    comes(cast)
    cast.chen.presses("客戶簽收據").says("張先生").presses("客戶本人").sends_photo("領取簽認")
    cast.wang.says("登記簿").presses("WK26-001").presses("開始修")
    cast.room.later(minutes=30)
    cast.wang.presses("修好了").says("換來令片")
    cast.li.says("登記簿").presses("WK26-001").presses("驗訖")


def test_the_customer_signs_for_the_state_of_his_vehicle(cast: SimpleNamespace) -> None:
    comes(cast)

    cast.chen.presses("客戶簽收據").sees(
        "里程 52300 公里，油量 1/2", "車外：右後門刮痕", "車內：無", "留在車上的東西：雨傘一把"
    )
    cast.chen.sees("已提醒客戶貴重物品").says("張先生").presses("客戶本人").sends_photo("領取簽認").sees("收據簽好了")

    kept = vehicle(cast)
    assert kept.check_in is not None and [side for side, _photo in kept.check_in.sides] == ["front", "left", "rear", "right"]
    assert kept.custody is not None and "右後門刮痕" in kept.custody.summary
    cast.wang.says("登記簿").presses("WK26-001").presses("📋 接車表").sees("WK26-001 的接車檢查表", "雨傘一把")
    assert len(cast.wang.last().photos) == 4


def test_the_summary_begins_with_its_question_and_nothing_blank(cast: SimpleNamespace) -> None:
    comes(cast)

    shown = next(bubble.text for _subject, bubble in reversed(cast.chen.bubbles) if "這樣對嗎？" in bubble.text)
    assert shown.startswith("這樣對嗎？")


def test_at_the_hand_over_the_same_sheet_is_gone_through_and_signed(cast: SimpleNamespace) -> None:
    is_ready(cast)

    cast.chen.says("登記簿").presses("WK26-001").presses("交還客戶").sees("對照接車檢查表", "右後門刮痕", "雨傘一把")
    cast.chen.presses("都一樣").presses("收回了").says("張先生").presses("客戶本人").sends_photo("取回簽名").sees("交還了")

    gone = vehicle(cast)
    assert gone.compared is not None and gone.compared.is_as_noted
    assert gone.acceptance is not None and "右後門刮痕" in gone.acceptance.summary
    assert "不符" not in cast.li.transcript()


def test_what_is_not_as_it_was_noted_the_supervisor_hears_at_once(cast: SimpleNamespace) -> None:
    is_ready(cast)
    cast.chen.says("登記簿").presses("WK26-001").presses("交還客戶").presses("有不一樣").says("右後視鏡裂了")
    cast.chen.presses("收回了").says("張先生").presses("客戶本人").sends_photo("取回簽名").sees(
        "交車時核對：不符，右後視鏡裂了"
    )

    cast.li.sees("WK26-001 Corolla Altis 交車時和接車檢查表不符", "右後視鏡裂了")


def test_an_old_part_is_kept_under_its_tag_with_a_picture(cast: SimpleNamespace) -> None:
    comes(cast)
    cast.chen.presses("客戶簽收據").says("張先生").presses("客戶本人").sends_photo("領取簽認")
    cast.wang.says("登記簿").presses("WK26-001").presses("開始修").presses("記換件").says("來令片").presses("磨損")

    cast.wang.presses("帶回公司").sees("標籤 WK26-001").sends_photo("舊來令片").sees("換件：來令片 × 1")

    assert vehicle(cast).parts[0].old_photo != ""


def test_elsewhere_nobody_is_asked_for_the_sheet_of_a_vehicle() -> None:
    with affairs.store() as cast:
        cast.fang.says("登記簿").presses("＋ 收件").says("張先生 0912-345-678").says("不能開機").says("藍牙耳機 E5").presses(
            "跳過"
        )
        cast.fang.sees("附件")
