"""The list before leaving by words alone, as they come when there was no signal for a tap (DESIGN 10.2, PRE-1, PRE-2)."""

from types import SimpleNamespace

from rules.orders import Stage
from tests import plays


def test_the_list_before_leaving_is_ticked_by_words_and_by_numbers(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.says("接單").says("出發前準備").says("看過單子").sees("☑ 看過單子", "還差 3 項")

    cast.wang.says("打過電話給客戶").sees("打通了嗎").says("打通了").sees("還差 2 項")
    cast.wang.says("3").sees("☑ 零件帶了").says("鞋套帶了").sees("都好了")

    cast.wang.says("出發").sees("出發了")


def test_whoever_was_not_reached_is_called_again_and_then_left_to_a_colleague(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.presses("接單").presses("出發前準備").presses("打過電話給客戶")

    cast.wang.presses("沒人接").sees("過幾分鐘再打一次")

    cast.wang.presses("打過電話給客戶").presses("沒人接").sees("已請同事幫忙聯絡客戶")


def test_what_is_missing_is_gone_without_by_word(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.says("接單").says("缺項先出發").sees("為什麼先出發").says("趕時間").sees("原因記下了")

    cast.wang.says("出發")

    assert cast.room.order().stage is Stage.EN_ROUTE


def test_a_typed_word_that_is_refused_brings_the_button_that_helps(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.says("接單")

    cast.wang.says("出發")

    cast.wang.sees("還不能出發", "[出發前準備]")


def test_arrived_before_leaving_says_what_comes_first(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.says("接單")

    cast.wang.says("到了").sees("已接單", "現在不能做", "[出發前準備]")
