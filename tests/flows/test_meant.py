"""Typed words that name no order find the one that is meant (DESIGN 10.2)."""

from types import SimpleNamespace

from rules.orders import Stage
from tests import plays


def _left(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.wang.says("離場").presses("就這樣回報")


def test_a_supervisor_approves_by_a_word_the_only_report_that_waits(cast: SimpleNamespace) -> None:
    _left(cast)
    plays.reports(cast.stranger, "洗衣機不轉")

    cast.li.says("核准").sees("已核准")

    assert cast.room.order("2611-0001").stage is Stage.APPROVED


def test_of_several_that_a_word_may_mean_one_tap_says_which(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    plays.reports(cast.stranger, "洗衣機不轉")

    cast.li.says("開放搶單").sees("「開放搶單」：要對哪一張單", "[2611-0001 大金 FTXV50]").presses("2611-0002").sees(
        "已開放搶單"
    )

    cast.wang.sees("2611-0002 開放搶單")


def test_a_word_that_fits_no_order_says_where_to_look(cast: SimpleNamespace) -> None:
    cast.li.says("核准").sees("沒有可以這樣做的單")


def test_a_technician_accepts_what_is_new_while_another_order_is_in_hand(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.reports(cast.stranger, "洗衣機不轉")
    cast.li.presses("派 王師傅")

    cast.wang.says("接單").sees("接單了", "2611-0002")


def test_what_stands_on_a_button_is_typed_by_staff_alone(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.li.says("問客戶").sees("要問客戶什麼").says("幾樓？").sees("已問客戶")
    cast.zhang.says("開放搶單").sees("已加到 2611-0001")


def test_whoever_leaves_without_a_signature_is_shown_both_ways(cast: SimpleNamespace) -> None:
    plays.finished(cast)

    cast.wang.says("離場").sees("還沒簽名", "[簽名] [沒人簽]")


def test_an_unsigned_closing_that_is_not_approved_says_for_whom_it_waits(cast: SimpleNamespace) -> None:
    plays.finished(cast)
    cast.wang.presses("沒人簽").presses("人不在").sends_photo("門口.jpg")

    cast.wang.says("離場").sees("主管核准後就能離場")

    cast.li.says("核准未簽結案").sees("未簽名，已核准")
    cast.wang.sees("未簽名，已核准").says("離場").sees("離場前簡單回報")


def test_what_stands_on_the_newest_list_or_card_may_be_typed(cast: SimpleNamespace) -> None:
    cast.chen.says("登記簿").says("收件").sees("是哪位客戶的").says("取消")
    cast.wang.says("隱患").says("通報").presses("電線不安全").says("A 棟").says("外露").presses("就這些")

    cast.li.says("已排除").sees("怎麼排除的")


def test_a_customer_s_words_are_no_button_by_chance(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.zhang.says("為什麼會漏水").sees("已加到 2611-0001")
    cast.zhang.says("為什麼是這時間").sees("時間是這樣算的")
