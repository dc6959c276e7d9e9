"""What a small messenger can't show is cut down by one rule (CHANNELS 5)."""

from bot.channels.fitting import fit
from handlers.bubbles import Bubble, Button

MENU = tuple((Button(f"選項{n}", f"o.1.{n}"),) for n in range(1, 9))


def test_buttons_that_fit_stay_buttons() -> None:
    fitted = fit(Bubble("要哪一個？", title="2611-0001", rows=MENU[:6]), chars=100, buttons=6)

    assert fitted.texts == ("2611-0001\n要哪一個？",)
    assert [one.label for one in fitted.buttons] == [f"選項{n}" for n in range(1, 7)]
    assert fitted.numbered == ()


def test_too_many_buttons_become_numbered_lines_that_a_number_presses() -> None:
    fitted = fit(Bubble("要哪一個？", rows=MENU, pick="回覆號碼"), chars=500, buttons=6)

    assert fitted.buttons == ()
    assert fitted.texts[0].splitlines() == ["要哪一個？", *(f"{n}. 選項{n}" for n in range(1, 9)), "回覆號碼"]
    assert fitted.numbered == tuple(f"o.1.{n}" for n in range(1, 9))


def test_a_label_that_would_be_cut_is_numbered_too() -> None:
    fitted = fit(
        Bubble("派誰？", rows=((Button("派 王師傅（手上 3 件，最近的那一位）", "o.1.send.4"),),)),
        chars=500,
        buttons=6,
        label_chars=10,
    )

    assert "1. 派 王師傅（手上 3 件，最近的那一位）" in fitted.texts[0]
    assert fitted.numbered == ("o.1.send.4",)


def test_an_address_is_a_line_where_no_button_can_open_it() -> None:
    bubble = Bubble("看地圖", rows=((Button("地圖", url="https://map.example/1"), Button("到了", "o.1.arrive")),))

    assert fit(bubble, chars=100, buttons=6).texts == ("看地圖\n地圖：https://map.example/1",)
    assert [one.label for one in fit(bubble, chars=100, buttons=6, links_as_buttons=True).buttons] == ["地圖", "到了"]


def test_long_words_are_cut_where_a_reader_would_pause_and_nothing_is_lost() -> None:
    lines = [f"第 {n} 行，冷氣機漏水，需要更換排水管。" for n in range(60)]

    fitted = fit(Bubble("\n".join(lines)), chars=0, byte_limit=600, buttons=6)

    assert all(len(part.encode()) <= 600 for part in fitted.texts)
    assert [line for part in fitted.texts for line in part.splitlines()] == lines


def test_one_endless_word_is_cut_all_the_same() -> None:
    fitted = fit(Bubble("喔" * 1000), chars=0, byte_limit=100, buttons=6)

    assert "".join(fitted.texts) == "喔" * 1000
    assert max(len(part.encode()) for part in fitted.texts) <= 100
