"""Bubbles as menus and words that 微信客服 takes, in as few messages as may be."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wecom_kf_say import MOST_PARTS, compose
from handlers.bubbles import Bubble, Button
from tests.stubs.wecom_kf_api import contents_of

ROWS = (
    (Button("派 王師傅", "o.1.send.2", tone="primary"), Button("詳情", "o.1.details")),
    (Button("地圖", url="https://m.tw/1"),),
)


def kinds(bubble: Bubble) -> list[str]:
    return [one["msgtype"] for one in compose(bubble).messages]


def words(message: dict[str, Any]) -> str:
    return str(message["text"]["content"])


def test_words_alone_are_a_text_with_their_title_first() -> None:
    assert compose(Bubble("狀態：待派工", title="工單 2611-0001")).messages == (
        {"msgtype": "text", "text": {"content": "工單 2611-0001\n狀態：待派工"}},
    )


def test_buttons_are_lines_to_tap_and_links_lines_that_open() -> None:
    (menu,) = compose(Bubble("狀態：待派工", rows=ROWS)).messages

    assert menu == {
        "msgtype": "msgmenu",
        "msgmenu": {
            "head_content": "狀態：待派工",
            "list": [
                {"type": "click", "click": {"id": "o.1.send.2", "content": "派 王師傅"}},
                {"type": "click", "click": {"id": "o.1.details", "content": "詳情"}},
                {"type": "view", "view": {"url": "https://m.tw/1", "content": "地圖"}},
            ],
        },
    }


def test_words_too_long_to_stand_above_a_menu_have_numbered_lines_instead_of_a_second_message() -> None:
    spoken = compose(Bubble("很長。" * 150, rows=ROWS, pick="回覆號碼就可以。"))

    (text,) = spoken.messages
    assert words(text).endswith("地圖：https://m.tw/1\n1. 派 王師傅\n2. 詳情\n回覆號碼就可以。")
    assert spoken.numbered == ("o.1.send.2", "o.1.details")


def test_where_a_second_message_is_needed_anyway_the_menu_stands_on_it() -> None:
    assert kinds(Bubble("很長。" * 300, rows=ROWS)) == ["text", "msgmenu"]


@pytest.mark.parametrize(
    "buttons",
    [
        tuple(Button(f"{n} 號", f"t.{n}") for n in range(11)),
        (Button("長" * 43, "t"),),
        (Button("好", "t" * 65),),
        (Button("家裡", url="tel:0912"), Button("好", "t")),
    ],
)
def test_what_no_menu_takes_is_numbered(buttons: tuple[Button, ...]) -> None:
    assert kinds(Bubble("選一個", rows=(buttons,))) == ["text"]


def test_ten_lines_are_a_menu() -> None:
    rows = tuple((Button(f"{n} 號", f"t.{n}"),) for n in range(10))

    assert kinds(Bubble("選一個", rows=rows)) == ["msgmenu"]


def test_a_menu_needs_no_words() -> None:
    (menu,) = compose(Bubble("", rows=ROWS)).messages
    assert "head_content" not in menu["msgmenu"]
    assert compose(Bubble("")).messages == ()


def test_very_long_words_end_in_dots_so_that_the_allowance_lasts() -> None:
    spoken = compose(Bubble("說不完的話。" * 2000, rows=ROWS))

    assert len(spoken.messages) <= MOST_PARTS
    assert any("…" in words(one) for one in spoken.messages if one["msgtype"] == "text")


TEXTS = st.text(max_size=3000) | st.text("長話。\n", min_size=500, max_size=4000)
BUTTONS = st.builds(Button, st.text(max_size=60), st.text("abc.1", min_size=1, max_size=64))


@settings(max_examples=40)
@given(TEXTS, st.text(max_size=50), st.lists(BUTTONS, max_size=14))
def test_whatever_is_said_is_taken(text: str, title: str, buttons: list[Button]) -> None:
    spoken = compose(Bubble(text, title=title, rows=(tuple(buttons),)))

    for message in spoken.messages:
        contents_of(message)
    assert len(spoken.messages) <= MOST_PARTS
