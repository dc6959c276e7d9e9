"""Appointments in chat, and what lies in the customer's file pouch (INT-5, INT-13)."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from rules.clocks import Clock
from scheduler import appointments
from storage import deadlines
from storage.unit import Unit
from tests import plays
from tests.room import at


def is_reminded(cast: SimpleNamespace, when: str) -> int:
    cast.room.now = at(when)
    return appointments.remind(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def agreed(cast: SimpleNamespace) -> None:
    """Tomorrow at ten, proposed to 張先生 and chosen by him."""
    plays.dispatched(cast)
    cast.li.presses("⋯ 其他").presses("約時間").says("明天 10:00").says("明天 11:00").presses("跳過").sees("送給客戶選了")
    cast.zhang.sees("請選一個方便的時間", "11月28日 週六 11:00", "這幾個都不行").presses("🕐 11月28日 週六 10:00")


def test_times_are_proposed_and_the_customer_s_choice_is_a_promise(cast: SimpleNamespace) -> None:
    agreed(cast)

    for one in (cast.zhang, cast.wang, cast.li):
        one.sees("2611-0001 約好了：11月28日 週六 10:00")
    running = deadlines.of(cast.room.connection, cast.room.order().subject)[Clock.APPOINTMENT]
    assert (cast.room.order().planned_for, running.watch.promise.due_at) == (at("週六 10:00"), at("週六 11:00"))
    cast.zhang.presses("🕐 11月28日 週六 10:00").sees("已經過了或約好了", "INT-13")


def test_a_button_of_an_older_proposal_agrees_to_no_other_time(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.li.presses("⋯ 其他").presses("約時間").says("明天 10:00").says("明天 11:00").presses("跳過")
    plays.has_read(cast.zhang)
    cast.li.presses_token(f"o.{cast.room.order().id}.appoint").says("下週一 10:00").says("下週二 10:00").presses("跳過")
    cast.zhang.presses("🕐 11月28日 週六 11:00").sees("請看最新的卡片", "INT-13")

    assert (cast.room.order().planned_for, cast.room.order().slots) == (None, (at("下週一 10:00"), at("下週二 10:00")))


def test_both_sides_are_reminded_the_evening_before_and_an_hour_before_once(cast: SimpleNamespace) -> None:
    agreed(cast)
    plays.has_read(cast.li)
    assert is_reminded(cast, "週五 17:59") == 0
    assert (is_reminded(cast, "週五 18:00"), is_reminded(cast, "週五 20:00")) == (2, 0)
    cast.zhang.sees("提醒您：2611-0001 約在 11月28日 週六 10:00")
    cast.wang.sees("提醒：2611-0001")
    cast.li.sees_nothing_new()

    assert (is_reminded(cast, "週六 09:00"), is_reminded(cast, "週六 09:30")) == (2, 0)
    cast.zhang.sees("大約一小時後到")


def test_who_has_arrived_is_not_reminded_any_more(cast: SimpleNamespace) -> None:
    agreed(cast)
    plays.gets_ready(cast.wang)
    cast.room.now = at("週六 08:35")
    plays.arrives(cast.wang)

    assert is_reminded(cast, "週六 09:00") == 0


def test_a_customer_whom_none_suits_and_a_time_that_is_over(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    order = cast.room.order()
    cast.wang.presses_token(f"o.{order.id}.appoint").sees("不能做")
    cast.li.presses("⋯ 其他").presses("約時間").says("今天 15:00").presses("跳過").presses("跳過").sees("INT-13")
    cast.li.presses_token(f"o.{order.id}.appoint").says("明天 10:00").presses("跳過").presses("跳過")
    cast.zhang.presses("這幾個都不行").sees("會再提別的時間")

    cast.chen.sees("提的時間客戶都不行")
    assert cast.room.order().slots == ()


def test_a_day_alone_is_no_appointment_at_midnight(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.li.presses("⋯ 其他").presses("約時間").says("明天").sees("也請寫幾點").says("明天下午2點").presses("跳過").presses(
        "跳過"
    )

    assert cast.room.order().slots == (at("週六 14:00"),)


@pytest.mark.parametrize(
    "typed", ["9999/12/31 18:00", "0001/1/1 18:00", "民國 999/1/1 18:00", "2027/2/29 18:00", "30/11 18:00"]
)
def test_a_day_that_there_is_not_is_asked_again_and_never_today(cast: SimpleNamespace, typed: str) -> None:
    plays.dispatched(cast)

    cast.li.presses("⋯ 其他").presses("約時間").says(typed).sees("看不出是哪一天", "提一個時間")


def test_the_clerk_picks_for_whom_she_has_on_the_telephone(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.chen.presses("約時間").says("明天 10:00").presses("跳過").presses("跳過").presses("🕐 11月28日 週六 10:00")

    cast.zhang.sees("約好了：11月28日 週六 10:00")


def test_where_appointments_are_made_nobody_leaves_without_one(cast: SimpleNamespace) -> None:
    terms = cast.room.company.terms
    policy = replace(terms.policy, dispatch=replace(terms.policy.dispatch, appointment=True))
    cast.room.company = replace(cast.room.company, terms=replace(terms, policy=policy))
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發").sees("還沒和客戶約好時間", "INT-13")
    cast.li.presses_token(f"o.{cast.room.order().id}.appoint").says("今天 18:00").presses("跳過").presses("跳過")
    cast.zhang.presses("🕐 11月27日 週五 18:00")

    cast.wang.presses_token(f"o.{cast.room.order().id}.depart").sees("出發")


@pytest.mark.parametrize("model", ["大金 FTXV50", "大金　ftxv50"])
def test_who_dispatches_sees_the_voucher_of_that_product(cast: SimpleNamespace, model: str) -> None:
    """INT-5: earlier jobs, the guarantee; nothing of another product."""
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    order = cast.room.order()
    bought = replace(order, purchased_on=at("週一 00:00").date())
    Unit(cast.room.connection, cast.room.now, cast.room.company.terms).record(
        order, SimpleNamespace(after=bought, journal=(), notices=(), deadlines={}, moves=()), by=None
    )
    cast.zhang.says("報修").says("又漏水了").presses("就這些").says(model).says("台北市大安區和平東路一段 1 號").says("張先生")
    cast.zhang.says("0912-345-678").presses("市區").presses("沒問題，送出")

    cast.li.sees("這項產品第 2 次叫修", "上次 2611-0001", "通管並清洗", "免費保證到 2027年11月23日")
    cast.zhang.presses_token(f"o.{cast.room.order().id}.card")
    assert "服務憑證" not in cast.zhang.last().text
