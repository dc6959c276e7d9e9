"""What the clock does by itself in a room: the end of the day, the morning, escalations and who takes them on (DSP-2, ESC)."""

from types import SimpleNamespace

from rules.orders import Stage
from rules.people import Role
from scheduler import digests, sweep
from tests import plays
from tests.room import Room, at


def ends_the_day(cast: SimpleNamespace, when: str) -> int:
    cast.room.now = at(when)
    return digests.end_of_day(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def begins_the_day(cast: SimpleNamespace, when: str) -> int:
    cast.room.now = at(when)
    return digests.morning(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def sweeps(cast: SimpleNamespace, when: str) -> None:
    cast.room.now = at(when)
    sweep.sweep(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def test_what_was_not_dispatched_today_heads_tomorrow_s_queue(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    plays.reports(cast.stranger, "冰箱不冷")
    cast.li.presses("派 王師傅")
    assert ends_the_day(cast, "週五 17:29") == 0

    assert ends_the_day(cast, "週五 17:31") == 1
    assert ends_the_day(cast, "週五 17:40") == 0

    assert [cast.room.order(number).stage for number in ("2611-0001", "2611-0002")] == [Stage.CARRIED_OVER, Stage.ASSIGNED]
    sweeps(cast, "週六 08:29")
    assert "還沒派工" not in cast.li.transcript()
    sweeps(cast, "週六 08:31")
    cast.li.sees("2611-0001", "還沒派工")


def test_a_call_that_waits_for_its_facts_is_not_forgotten_over_night(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    cast.li.presses("問客戶").says("幾樓？")

    assert ends_the_day(cast, "週五 17:31") == 1
    assert ends_the_day(cast, "週五 17:40") == 0

    assert cast.room.order().stage is Stage.NEEDS_CLARIFICATION
    sweeps(cast, "週六 08:31")
    cast.li.sees("2611-0001 還沒派工")
    cast.zhang.presses("補資料").says("三樓").presses("就這些")
    assert cast.room.order().stage is Stage.CARRIED_OVER


def test_what_still_has_nobody_after_a_second_day_is_put_first_again(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    ends_the_day(cast, "週五 17:31")
    sweeps(cast, "週六 08:31")

    assert ends_the_day(cast, "週六 17:31") == 1

    sweeps(cast, "下週一 08:29")
    cast.li.says("說明")
    sweeps(cast, "下週一 08:31")
    cast.li.sees("2611-0001 還沒派工", "11月30日 週一 08:30")


def test_in_the_morning_each_gets_one_list_of_what_is_pending_and_overdue(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.reports(cast.stranger, "冰箱不冷")
    ends_the_day(cast, "週五 17:31")
    assert begins_the_day(cast, "週六 08:29") == 0

    assert begins_the_day(cast, "週六 08:31") == 3

    cast.li.sees("早安 李主任", "2611-0001", "2611-0002")
    cast.wang.sees("早安 王師傅", "2611-0001")
    assert "2611-0002" not in cast.wang.last().text
    assert begins_the_day(cast, "週六 09:00") == 0


def test_what_is_late_already_climbs_on_after_a_hold_and_not_anew(cast: SimpleNamespace) -> None:
    """SLA-32, ESC-17: a hold that begins after a promise was broken does not move it, and nothing is announced twice."""
    plays.dispatched(cast)
    cast.wang.presses("接單")
    sweeps(cast, "週六 14:01")
    cast.li.sees("到場逾時")
    cast.li.presses_token(f"o.{cast.room.order().id}.hold").presses("客戶改期").says("客戶來電改到下週")
    cast.room.now = at("週六 14:10")
    climbed = cast.room.raw("SELECT count(*) FROM journal WHERE kind LIKE 'escalation.%'")

    cast.li.presses("恢復計時")

    sweeps(cast, "週六 14:11")
    assert cast.room.raw("SELECT count(*) FROM journal WHERE kind LIKE 'escalation.%'") == climbed
    sweeps(cast, "週六 14:31")
    assert cast.room.raw("SELECT count(*) FROM journal WHERE kind LIKE 'escalation.%'") == climbed + 1


def test_an_escalation_that_somebody_has_taken_is_quiet_for_the_others(cast: SimpleNamespace) -> None:
    manager = cast.room.person("何經理", Role.MANAGER)
    plays.dispatched(cast)
    cast.wang.presses("接單")
    sweeps(cast, "週六 14:01")
    cast.li.sees("到場逾時")
    manager.sees("到場逾時")

    cast.li.presses("我來處理").sees("由您處理")
    manager.sees("由 李主任 處理中")

    order = cast.room.order()
    manager.presses_token(f"d.{order.id}.arrival").sees("李主任")


def test_taking_on_what_is_held_does_not_set_its_clock_going(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.presses("接單")
    sweeps(cast, "週六 14:01")
    cast.li.says("2611-0001").presses("暫停計時").presses("客戶改期").says("客戶來電改到下週").sees("暫停")
    cast.li.presses_token(f"d.{cast.room.order().id}.arrival").sees("由您處理")
    n_climbs = cast.room.raw("SELECT count(*) FROM journal WHERE kind = 'escalation.breached'")

    sweeps(cast, "下週三 10:00")

    assert cast.room.raw("SELECT count(*) FROM journal WHERE kind = 'escalation.breached'") == n_climbs


def test_an_administrator_whom_an_escalation_reaches_can_take_it_on_and_sees_no_order(cast: SimpleNamespace) -> None:
    administrator = cast.room.person("管理員", Role.ADMINISTRATOR)
    plays.dispatched(cast)
    cast.wang.presses("接單")
    sweeps(cast, "週六 15:31")
    administrator.sees("2611-0001", "到場逾時")
    assert [one.label for one in administrator.buttons()] == ["我來處理"]

    administrator.presses("我來處理").sees("由您處理")

    administrator.says("2611-0001").sees("查不到這張單")


def test_who_broke_a_promise_is_asked_why_and_the_supervisor_reads_it(cast: SimpleNamespace) -> None:
    """SLA-31."""
    plays.dispatched(cast)
    cast.wang.presses("接單")
    sweeps(cast, "週六 14:01")
    assert [one.label for one in cast.li.buttons()][:2] == ["我來處理", "看這張單"]

    cast.wang.presses("說明原因").sees("為什麼逾時").says("前一家拖太久").sees("原因已記下")

    assert reason_of(cast, "arrival") == "前一家拖太久"
    cast.li.sees("2611-0001", "前一家拖太久")


def test_an_answer_that_is_late_is_explained_by_the_clerk() -> None:
    room = Room.open("machinery")
    zhang, chen, li = room.person("張先生"), room.person("陳小姐", Role.CLERK), room.person("李主任", Role.SUPERVISOR)
    plays.brought_on_site(room, zhang, li, room.person("王師傅", Role.TECHNICIAN))
    room.now = at("週六 11:01")

    sweep.sweep(room.connection, room.company.terms, now=room.now)

    assert "✍ 說明原因" in [one.label for one in chen.buttons()]
    assert "✍ 說明原因" not in [one.label for one in li.buttons()]
    room.close()


def test_a_late_arrival_needs_no_second_reason(cast: SimpleNamespace) -> None:
    """VIS-1, SLA-31: what is told on arrival is kept with the promise."""
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    cast.wang.presses("出發")
    cast.room.now = at("週六 15:00")

    cast.wang.presses("到了").says("塞車").presses("跳過").says("張先生")

    assert reason_of(cast, "arrival") == "塞車"


def reason_of(cast: SimpleNamespace, clock: str) -> object:
    return cast.room.raw(f"SELECT breach_reason FROM deadlines WHERE clock = '{clock}'")


def test_who_alone_would_hear_and_has_blocked_us_is_tried_all_the_same(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)
    for one in (cast.li, cast.wang, cast.chen):
        one.blocks()

    assert ends_the_day(cast, "週五 17:31") == 1
    sweeps(cast, "週六 08:31")

    cast.li.sees("2611-0001 還沒派工")
