"""What stands on a card or in a list, and what is left off."""

from types import SimpleNamespace

from tests import plays


def test_a_time_that_is_kept_already_is_not_asked_about(cast: SimpleNamespace) -> None:
    """The question why belongs to a promise that stands on the card."""
    plays.dispatched(cast)
    cast.zhang.sees("最晚到場", "[為什麼是這時間？]")
    plays.gets_ready(cast.wang)
    plays.arrives(cast.wang)

    for phone in (cast.zhang, cast.li):
        phone.says("2611-0001")
        assert "最晚到場" not in phone.last().text
        assert "為什麼是這時間？" not in [one.label for row in phone.last().rows for one in row]


def test_somebody_else_stands_beside_those_who_are_proposed(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    labels = [one.label for row in cast.li.last().rows for one in row]

    assert labels.index("派別人／兩人") == 1 + max(n for n, one in enumerate(labels) if one.startswith("派 "))


def test_a_customer_reads_that_somebody_is_found_for_him_and_nothing_of_our_papers(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.zhang.sees("● 正在安排師傅")
    cast.li.sees("● 待派工").presses("派 王師傅")

    cast.zhang.sees("● 已安排師傅")
    cast.wang.sees("● 已派工，待接單")


def test_what_was_done_stands_on_the_card_once(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.li.says("2611-0001")
    assert cast.li.last().text.count("通管並清洗") == 1


def test_other_words_before_leaving_stand_beside_it(cast: SimpleNamespace) -> None:
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("我自己寫").says("水管老了，明年要換")

    cast.li.says("2611-0001").sees("處理：通管並清洗", "簡報：水管老了，明年要換")


def test_a_list_that_is_done_says_so(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)

    cast.wang.sees("都好了，可以出發", "[出發]")


def test_where_there_is_no_catalogue_a_label_is_as_good_as_a_typed_name(cast: SimpleNamespace) -> None:
    """PRT-1: a branch that has not taken in its parts list yet."""
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.wang)
    plays.acts(cast.wang, parts=True)

    cast.wang.presses("＋ 用料").sends_photo("標籤", codes=("FAN-220",)).presses("燒毀").presses("帶回公司")

    assert cast.room.order().found_parts()[0]["name"] == "FAN-220"


def test_of_forty_calls_the_number_is_right_and_each_line_says_what_is_wrong(cast: SimpleNamespace) -> None:
    for n in range(1, 41):
        plays.reports(cast.zhang.says("報修"), f"第 {n} 台冷氣漏水，一直滴到地板上，請快點來")

    cast.li.says("待處理").sees(
        "待派工 40 件", "・2611-0001　大金 FTXV50：第 1 台冷氣漏水，一直滴到地板上…　待派工", "最急的 12 件"
    )
    cast.li.says("查詢").says("張先生").sees("超過 12 件", "第 40 台冷氣漏水")
    assert "第 28 台" not in cast.li.last().text


def test_a_customer_s_list_says_where_his_calls_stand_in_his_words(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.zhang.says("我的案件").sees("客廳冷氣漏水　正在安排師傅")


def test_what_is_seldom_wanted_stands_behind_one_button(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    labels = [one.label for row in cast.wang.last().rows for one in row]
    assert "⏸ 做不完…" in labels and not {"要等料", "帶回修", "問題較大"} & set(labels)
    fold = next(one.token for one in cast.wang.buttons() if one.label == "⏸ 做不完…")

    cast.wang.presses_token(fold).sees("要等料", "帶回修", "問題較大")
    cast.li.presses_token(fold).sees("這個按鈕已經過了")
