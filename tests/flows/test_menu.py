"""The menu: everyday things first, the others one tap away, and nothing twice."""

from types import SimpleNamespace

from handlers.menu import AT_ONCE
from tests.room import Phone


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
