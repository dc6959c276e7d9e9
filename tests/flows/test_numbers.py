"""Where buttons became numbered lines, a typed number presses one (CHANNELS 5)."""

from types import SimpleNamespace

from handlers.numbers import remember_numbers
from tests import plays
from tests.room import CHANNEL


def test_a_number_presses_the_button_that_was_shown_with_it(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    order = cast.room.order()
    remember_numbers(cast.room.connection, CHANNEL, "李主任", [f"o.{order.id}.details", f"o.{order.id}.why"], now=cast.room.now)

    cast.li.says("2").sees("14:00")
    cast.li.says("１").sees(order.number)


def test_a_number_that_was_not_shown_is_a_word_like_any_other(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    order = cast.room.order()
    remember_numbers(cast.room.connection, CHANNEL, "李主任", [f"o.{order.id}.details"], now=cast.room.now)

    cast.li.says("5").sees("2611-0001")


def test_an_open_question_has_the_first_word(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    order = cast.room.order()
    plays.listens(cast.wang)
    cast.wang.says("看").sees("保固期內")
    remember_numbers(cast.room.connection, CHANNEL, "王師傅", [f"o.{order.id}.late"], now=cast.room.now)

    cast.wang.says("1").sees("被拆過")
    cast.wang.says("99").sees("輸入選項的號碼", "被拆過")
