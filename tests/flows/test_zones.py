"""The zone that picks the clock: read from the address, put right by the office with a reason (INT-8)."""

from dataclasses import replace
from types import SimpleNamespace

from rules.clocks import Clock
from storage import deadlines
from tests import plays
from tests.room import at


def due(cast: SimpleNamespace) -> object:
    return deadlines.of(cast.room.connection, cast.room.order().subject)[Clock.ARRIVAL].watch.promise.due_at


def test_the_clerk_puts_the_zone_right_and_customer_and_technician_hear_of_it(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    urban = due(cast)
    cast.wang.presses_token(f"o.{cast.room.order().id}.rezone").sees("不能做")
    cast.zhang.presses_token(f"o.{cast.room.order().id}.rezone").sees("不能做")

    cast.li.presses("⋯ 其他").presses("更正區域").presses("郊區").says("地址在淡水").sees("2611-0001 的區域已更正")

    assert due(cast) > urban
    for one in (cast.zhang, cast.wang):
        one.sees("2611-0001 的到場期限改按「郊區」算。原因：地址在淡水")
    cast.li.says("2611-0001").presses("為什麼是這時間").sees("區域由辦公室更正為「郊區」：地址在淡水")


def test_the_zone_that_it_is_in_already_needs_no_change(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.chen.presses("更正區域").presses("市區").says("地址在市區").sees("現在就是「市區」", "INT-8")


def test_where_the_table_knows_the_address_nobody_is_asked(cast: SimpleNamespace) -> None:
    terms = cast.room.company.terms
    policy = replace(terms.policy, intake=replace(terms.policy.intake, zones={"suburban": ("淡水",)}))
    cast.room.company = replace(cast.room.company, terms=replace(terms, policy=policy))

    cast.zhang.says("冷氣不冷").presses("就這些").says("大金 FTXV50").says("新北市淡水區中正路 1 號").says("張先生")
    cast.zhang.says("0912-345-678").presses("沒問題，送出")

    assert cast.room.order().report.zone == "suburban"
    assert due(cast) > at("週五 18:00")
