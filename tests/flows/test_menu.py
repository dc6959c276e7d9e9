"""The menu: everyday things first, the others one tap away, and nothing twice."""

from types import SimpleNamespace

from handlers.menu import AT_ONCE
from rules.people import Role
from tests.room import Phone, played


def labels(phone: Phone) -> list[str]:
    """The buttons of the newest message."""
    return [one.label for row in phone.last().rows for one in row]


def test_a_supervisor_s_menu_fits_under_a_thumb_and_the_others_are_one_tap_away(cast: SimpleNamespace) -> None:
    cast.li.says("選單")
    first = labels(cast.li)
    cast.li.presses("更多").sees("還可以")
    others = labels(cast.li)

    assert len(first) == AT_ONCE
    assert first[0] == "📥 待處理"
    assert {"🏖 請假", "📄 保養合約", "🌐 語言"} <= set(others)
    assert not set(first) & set(others)


def test_a_customer_s_menu_is_whole(cast: SimpleNamespace) -> None:
    cast.zhang.says("說明")

    assert "⋯ 更多" not in labels(cast.zhang)


def test_help_tells_a_shop_assistant_of_nothing_that_only_the_office_does() -> None:
    with played("retail", sun=("孫店員", Role.STORE_STAFF)) as shop:
        shop.sun.says("說明").sees("輪到您的事會跳出卡片")

        assert "派工" not in shop.sun.last().text


def test_goods_without_proof_go_to_the_supervisor_with_all_that_was_told() -> None:
    with played("retail", li=("李主任", Role.SUPERVISOR), sun=("孫店員", Role.STORE_STAFF)) as shop:
        shop.sun.says("退貨").presses("＋ 退換修").says("林小姐 0912345678").says("檯燈 L2").says("11/20").presses("跳過").says(
            "掉了"
        )
        shop.sun.says("開不亮").presses("否").presses("否").presses("是品質問題").presses("是").presses("就這些")

        shop.sun.presses("沒問題，送出").sees("沒有購買憑證，由主管決定")

        shop.li.sees("要請您決定", "掉了", "[做決定]")
