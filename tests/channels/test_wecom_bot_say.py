"""What a bubble looks like where a card holds six buttons and everything else is Markdown."""

import json

import pytest

from bot.channels.wecom_bot_say import (
    BUTTONS,
    TEXT_BYTES,
    Card,
    compose,
    done,
    drawn,
    markdown,
    next_page,
    packed,
    ticked,
    unpacked,
    weight,
)
from handlers.bubbles import Bubble, Button
from tests.channels.wecom_bot_desk import YES_NO, menu


def card_of(bubble: Bubble) -> Card:
    card = compose(bubble).card
    assert card is not None
    return card


def labels(template: dict[str, list[dict[str, str]]]) -> list[str]:
    return [one["text"] for one in template["button_list"]]


def test_a_question_is_one_card_with_its_first_line_as_title() -> None:
    assert compose(YES_NO).texts == ()
    assert drawn(card_of(YES_NO), "fh-1") == {
        "card_type": "button_interaction",
        "main_title": {"title": "修好了嗎？"},
        "button_list": [{"text": "是", "style": 1, "key": "q.1.1.0"}, {"text": "否", "style": 2, "key": "q.1.1.1"}],
        "task_id": "fh-1",
    }


def test_what_a_title_can_not_hold_goes_on_below_it() -> None:
    words = "到場時間已記下，現在請寫您所在的地址，門牌也請寫上。寫不出來就跳過。"

    card = card_of(Bubble(f"{words}\n第二行", rows=YES_NO.rows))

    assert card.title + card.text.replace("\n第二行", "") == words
    assert len(card.title) <= 26


def test_words_too_long_for_a_card_go_before_it_and_its_title_says_what_it_is_about() -> None:
    words = "2611-0001 派給您\n" + "客廳冷氣漏水，昨晚開始，客戶很急。" * 10

    composed = compose(Bubble(words, rows=YES_NO.rows))

    assert composed.texts == (words,)
    assert composed.card is not None
    assert (composed.card.title, composed.card.text) == ("2611-0001 派給您", "")
    assert weight(Bubble(words, rows=YES_NO.rows, photos=("a" * 64,))) == 3


def test_six_buttons_fit_and_of_more_five_are_shown_with_one_that_turns_the_page() -> None:
    assert labels(drawn(card_of(menu(BUTTONS)), "t")) == [f"選項 {n}" for n in range(1, 7)]

    card = card_of(menu(12))
    pages = [labels(drawn(card, "t", page=n)) for n in range(3)]

    assert pages[0] == ["選項 1", "選項 2", "選項 3", "選項 4", "選項 5", "更多 1/3"]
    assert pages[2] == ["選項 11", "選項 12", "更多 3/3"]
    turns = [drawn(card, "t", page=n)["button_list"][-1]["key"] for n in range(3)]
    assert [next_page(one) for one in turns] == [1, 2, 0]


def test_a_button_of_ours_turns_no_page() -> None:
    assert [next_page(one) for one in ("o.1.more", "more.", "more.x", "more.12345", "q.1.1.0", "")] == [None] * 6


def test_a_pressed_button_gets_a_tick_on_its_page_and_at_the_end_stands_alone() -> None:
    card = card_of(menu(12))

    assert labels(ticked(card, "t", "o.1.7")) == ["選項 6", "✓ 選項 7", "選項 8", "選項 9", "選項 10", "更多 2/3"]
    assert labels(done(card, "t", "o.1.7")) == ["✓ 選項 7"]


def test_a_card_is_remembered_whole() -> None:
    card = card_of(menu(12))

    assert unpacked(json.loads(json.dumps(packed(card)))) == card


def test_an_address_opens_from_the_card_and_from_words() -> None:
    button = Button("🗺 地圖", url="https://map.example/search?q=%E5%8F%B0_1*2")

    template = drawn(card_of(Bubble("到了嗎？", rows=((button, *YES_NO.rows[0]),))), "t")
    words = compose(Bubble("到了嗎？", rows=((button,),)))

    assert template["horizontal_content_list"] == [{"type": 1, "keyname": "🔗", "value": "🗺 地圖", "url": button.url}]
    assert words.card is None
    assert words.texts == (f"到了嗎？\n🗺 地圖：{button.url}",)


def test_a_key_stands_on_a_card_once() -> None:
    twice = Bubble("？", rows=((Button("一", "o.1.x"), Button("二", "o.1.x")),))

    assert labels(drawn(card_of(twice), "t")) == ["一"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2*3*4 與 **粗**", "2＊3＊4 與 ＊＊粗＊＊"),
        ("[點我](https://evil.example/)", "［點我］(https://evil.example/)"),
        ("![](https://evil.example/a.png)", "!［］(https://evil.example/a.png)"),
        ("<@all> <font color=red>", "＜@all> ＜font color=red>"),
        ("`碼` ~~刪~~ a|b C:\\x", "｀碼｀ ～～刪～～ a｜b C:＼x"),
        ("_斜_ FTXV_50 snake_case_x", "＿斜＿ FTXV_50 snake_case_x"),
        ("# 大\n> 引\n- 條\n1. 一\n---\n===", "＃ 大  \n＞ 引  \n－ 條  \n1． 一  \n－--  \n＝=="),
        ("    四格就成了程式碼", "四格就成了程式碼"),
        ("A&B &lt;b&gt; &#42;", "A&B ＆lt;b＆gt; ＆#42;"),
        ("-5 度 #2611-0001 1.5 噸", "-5 度 #2611-0001 1.5 噸"),
        ("看 https://x.example/a_b?c=1&d=2 這裡", "看 https://x.example/a_b?c=1&d=2 這裡"),
        ("https://x.example/[看](https://evil.example/)", "https://x.example/［看］(https://evil.example/)"),
        ("一\n\n二", "一  \n  \n二"),
    ],
)
def test_nothing_that_people_write_acts_in_markdown(said: str, shown: str) -> None:
    assert markdown(said) == shown


def test_endless_words_are_split_and_each_part_keeps_to_the_limit_with_its_marks() -> None:
    words = "*漏水*\n" * 20_000

    texts = compose(Bubble(words)).texts

    assert len(texts) > 1
    assert "".join(texts).replace("\n", "") == words.replace("\n", "")
    assert all(len(markdown(one).encode()) <= TEXT_BYTES for one in texts)


def test_half_a_character_breaks_nothing() -> None:
    broken = Bubble("\ud83d 壞", rows=((Button("\udc00", "o.1.x"),),))

    json.dumps(drawn(card_of(broken), "t"), ensure_ascii=False).encode()


def test_a_bubble_of_nothing_but_buttons_still_has_a_title() -> None:
    assert drawn(card_of(Bubble("", rows=YES_NO.rows)), "t")["main_title"] == {"title": "…"}
