"""How a bubble looks in WeCom: what fits on a card, what goes before it, how many cards, and which numbers."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.app import _commands
from bot.channels.wecom_app import menu
from bot.channels.wecom_app_say import CARDS, LABEL_WIDTH, TEXT_BYTES, compose, width
from handlers.bubbles import Bubble, Button
from tests.stubs.wecom_api import check_card, menu_create
from tests.stubs.wecom_world import App, World
from texts import catalog

APP = App("s", 1, hook="http://127.0.0.1/x")


def buttons(n: int, label: str = "選項") -> tuple[tuple[Button, ...], ...]:
    return tuple((Button(f"{label}{k}", f"t{k}"),) for k in range(1, n + 1))


def labels(card: dict[str, Any]) -> list[str]:
    return [one["text"] for one in card["button_list"]]


def test_words_without_buttons_are_a_text() -> None:
    said = compose(Bubble("狀態：待派工", title="工單 #1"))

    assert (said.texts, said.cards, said.numbered) == (("工單 #1\n狀態：待派工",), (), ())


def test_a_short_question_is_one_card() -> None:
    said = compose(
        Bubble(
            "保固期內嗎？",
            rows=((Button("保固內", "a", tone="primary"), Button("過保", "b")), (Button("取消", "c", tone="danger"),)),
        )
    )

    assert said.texts == ()
    assert said.cards == (
        {
            "card_type": "button_interaction",
            "main_title": {"title": "保固期內嗎？"},
            "button_list": [
                {"text": "保固內", "style": 1, "key": "a"},
                {"text": "過保", "style": 2, "key": "b"},
                {"text": "取消", "style": 3, "key": "c"},
            ],
        },
    )


def test_a_title_stays_on_top_and_the_rest_below() -> None:
    (card,) = compose(Bubble("狀態：待派工\n故障：漏水", title="工單 #1", rows=buttons(1))).cards

    assert (card["main_title"], card["sub_title_text"]) == ({"title": "工單 #1"}, "狀態：待派工\n故障：漏水")


def test_a_long_first_line_is_cut_where_a_sentence_ends() -> None:
    (card,) = compose(
        Bubble("收到，這張單子派給您了。出發以前請先打電話給客戶，確認地址、時間和停車的地方。", rows=buttons(1))
    ).cards

    assert card["main_title"]["title"] == "收到，這張單子派給您了。出發以前請先打電話給客戶，"
    assert card["sub_title_text"] == "確認地址、時間和停車的地方。"


def test_a_long_first_line_is_not_cut_between_a_day_and_its_hour() -> None:
    (card,) = compose(Bubble("⏰ 2611-0001 到場時限已過 50%，最晚 11月30日 週一 14:00", rows=buttons(1))).cards

    assert card["main_title"]["title"] == "⏰ 2611-0001 到場時限已過 50%，"
    assert card["sub_title_text"] == "最晚 11月30日 週一 14:00"


def test_facts_move_into_the_cards_table_when_there_are_many() -> None:
    facts = [f"項目{n}：{'內容' * 12}" for n in range(6)]
    (card,) = compose(Bubble("\n".join([*facts, "客戶說漏水"]), title="工單 #1", rows=buttons(1))).cards

    assert card["horizontal_content_list"][0] == {"keyname": "項目0", "value": "內容" * 12}
    assert card["sub_title_text"].endswith("客戶說漏水")


def test_long_words_go_before_a_card_that_says_what_is_asked() -> None:
    text = "報告如下\n" + "很長的說明" * 60 + "\n\n客戶有意見嗎？"
    said = compose(Bubble(text, rows=buttons(2)))

    assert said.texts == (text,)
    assert [card["main_title"] for card in said.cards] == [{"title": "客戶有意見嗎？"}]
    assert compose(Bubble(text, title="工單 #1", rows=buttons(2))).cards[0]["main_title"] == {"title": "工單 #1"}


@pytest.mark.parametrize(("n", "sizes"), [(1, [1]), (6, [6]), (7, [4, 3]), (12, [6, 6]), (13, [5, 5, 3]), (18, [6, 6, 6])])
def test_up_to_eighteen_choices_are_one_tap_each(n: int, sizes: list[int]) -> None:
    said = compose(Bubble("哪一類？", rows=buttons(n)))

    assert [len(card["button_list"]) for card in said.cards] == sizes
    assert [label for card in said.cards for label in labels(card)] == [f"選項{k}" for k in range(1, n + 1)]
    heads = [card["main_title"]["title"] for card in said.cards]
    assert heads == ["哪一類？", *(f"哪一類？ {k}/{len(sizes)}" for k in range(2, len(sizes) + 1))]


def test_above_eighteen_they_are_numbered_lines() -> None:
    said = compose(Bubble("哪一類？", rows=buttons(19), pick="直接回覆號碼就可以。"))

    assert said.cards == ()
    assert "19. 選項19\n直接回覆號碼就可以。" in said.texts[0]
    assert said.numbered == tuple(f"t{k}" for k in range(1, 20))


def test_a_label_that_is_too_long_stands_in_full_above_with_the_same_number() -> None:
    rows = ((Button("大金 FTXV50 客廳那一台", "a"),), (Button("地圖", url="https://m.example/x"), Button("都不是", "b")))
    said = compose(Bubble("哪一台？", rows=rows, pick="直接回覆號碼就可以。"))

    assert labels(said.cards[0]) == ["1. 大金 FTXV50 客…", "地圖", "2. 都不是"]
    assert said.cards[0]["sub_title_text"] == "1. 大金 FTXV50 客廳那一台\n2. 都不是\n直接回覆號碼就可以。"
    assert said.numbered == ("a", "b")


def test_latin_labels_have_room_for_twice_as_many_letters() -> None:
    assert width("Record what was done") == LABEL_WIDTH
    assert compose(Bubble("?", rows=((Button("Record what was done", "a"),),))).numbered == ()


def test_a_link_is_a_button_and_a_telephone_is_a_line() -> None:
    rows = (
        (Button("地圖", url="https://maps.example/x"), Button("打電話", url="tel:0912345678"), Button("壞的", url="http://[")),
    )
    (card,) = compose(Bubble("客戶", rows=rows)).cards

    assert card["button_list"] == [{"text": "地圖", "style": 2, "type": 1, "url": "https://maps.example/x"}]
    assert card["sub_title_text"] == "打電話：tel:0912345678\n壞的：http://["


def test_nobodys_words_become_a_link_or_an_escape() -> None:
    said = compose(Bubble('<a href="http://evil.example">按這裡</a> < A href=x> 5<a 與 <b>\x07\x00半\ud83d', title="<a>\t標題"))

    assert said.texts == ('＜a>標題\n＜a href="http://evil.example">按這裡＜/a> ＜ A href=x> 5＜a 與 <b>半�',)


WORDS = st.text(st.characters(codec="utf-8"), max_size=400)
BUTTONS = st.builds(
    Button, WORDS, st.sampled_from(["", "a", "b", *(f"t{n}" for n in range(30))]), st.sampled_from(["", "https://x.example/"])
)


@example("", "", [[Button("0" * 21, "", "https://x.example/")]], "\x07")
@given(WORDS, WORDS, st.lists(st.lists(BUTTONS, max_size=4), max_size=12), WORDS)
def test_whatever_is_said_wecom_takes_it(text: str, title: str, rows: list[list[Button]], pick: str) -> None:
    said = compose(Bubble(text, title=title, rows=tuple(map(tuple, rows)), pick=pick))

    assert len(said.cards) <= CARDS
    assert all(0 < len(one.encode()) <= TEXT_BYTES for one in said.texts)
    for card in said.cards:
        check_card(World(), APP, card)
        assert "\\u" not in json.dumps(card, ensure_ascii=False).replace("\\\\", "")
    kept = [one["key"] for card in said.cards for one in card["button_list"] if "key" in one]
    tokens = list(dict.fromkeys(one.token for row in rows for one in row if one.token))
    assert kept == tokens or list(dict.fromkeys(said.numbered)) == tokens


@pytest.mark.parametrize("language", catalog.LANGUAGES)
def test_the_apps_menu_is_whole_in_every_language(language: str) -> None:
    found = menu(_commands(), language)

    app = App("s", 1)
    menu_create(World(), app, {"button": found})
    names = [one["name"] for top in app.menu for one in (top, *top.get("sub_button", []))]
    wanted = [catalog.say(language, f"command.{one}") for one in ("mine", "queue", "report", "resume", "language", "help")]
    assert [one for one in names if one != catalog.say(language, "wecom.more")] == wanted
