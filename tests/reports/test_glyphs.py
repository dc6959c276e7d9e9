"""No paper has empty boxes on it: what no typeface draws is named (LIBRARIES: emoji are missing from CJK fonts)."""

import pytest

from bot.reports.glyphs import legible


@pytest.mark.parametrize(
    ("told", "language", "shown"),
    [
        ("謝謝👍🏽", "zh-Hant", "謝謝〔讚〕"),
        ("谢谢👍", "zh-Hans", "谢谢〔赞〕"),
        ("Thanks 👍🏻", "en", "Thanks [thumbs up]"),
        ("不行👎", "zh-Hant", "不行〔不讚〕"),
        ("修好✅ 沒修❌ 急❗", "zh-Hant", "修好✓ 沒修✗ 急！"),
        ("👨\u200d👩\u200d👧", "en", "[man][woman][girl]"),
        ("🇹🇼", "en", "TW"),
        ("🦄", "zh-Hant", "〔unicorn face〕"),
        ("100℃ → ㎡ ★ ☎ ❤\ufe0f 𠮷 ①", "zh-Hant", "100℃ → ㎡ ★ ☎ ❤ 𠮷 ①"),
        ("#eval(1) 한국어", "en", "#eval(1) 한국어"),
    ],
)
def test_an_emoji_is_named_and_what_can_be_drawn_stays(told: str, language: str, shown: str) -> None:
    assert legible(told, language) == shown


def test_facts_are_gone_through_to_the_last_cell() -> None:
    facts = {"rows": [["👍", 3], ("a", None)], "is_well": True}

    assert legible(facts, "zh-Hant") == {"rows": [["〔讚〕", 3], ["a", None]], "is_well": True}
