"""People at work, in chat: roster, leave, hours, licences, standing in, things on loan (STF, DSP-14, ROL-6)."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from rules.absences import Absence, LeaveState
from rules.licences import Licence
from rules.orders import Stage
from rules.people import Role
from storage import people, roster, staffing
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import Phone, Room, at


@pytest.fixture
def office(cast: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The usual cast, on Friday morning, with 何經理 and a second supervisor, 周主任."""
    cast.room.now = at("週五 08:30")
    cast.manager = cast.room.person("何經理", Role.MANAGER)
    cast.zhou = cast.room.person("周主任", Role.SUPERVISOR)
    yield cast


def plans(planner: Phone, who: str, role: str, start: str, end: str) -> None:
    planner.says("值班").presses("排一班").presses(role).presses(who).says(start).says(end).presses("只有這一次")
    planner.presses("沒問題，送出")


def test_duty_is_planned_in_chat_and_whoever_has_it_hears(office: SimpleNamespace) -> None:
    plans(office.chen, "王師傅", "技師", "今天 18:00", "08:00")

    office.chen.sees("排好了")
    office.wang.sees("您有值班", "11月27日 週五 18:00")
    office.wang.says("值班").sees("王師傅（技師）", "11月28日 週六 08:00")
    assert "＋ 排一班" not in [one.label for one in office.wang.buttons()]


def test_a_turn_that_overlaps_is_refused_and_one_can_be_struck_off(office: SimpleNamespace) -> None:
    plans(office.li, "王師傅", "技師", "今天 18:00", "08:00")

    plans(office.li, "王師傅", "技師", "今天 20:00", "22:00")
    office.li.sees("重疊", "規則 STF-5")

    office.li.says("值班").presses("取消某一班").presses("✖ 王師傅")
    office.li.sees("取消了")
    office.wang.sees("值班取消了")
    office.li.says("值班").sees("還沒排班")


def test_turns_by_the_week_and_a_missing_day_of_rest(office: SimpleNamespace) -> None:
    office.li.says("值班").presses("每週輪值").presses("技師").presses("王師傅").presses("趙師傅").presses("跳過")
    office.li.says("今天 18:00").says("08:00").says("2").presses("沒問題，送出")

    office.li.sees("排好了", "⚠ 王師傅", "⚠ 趙師傅")
    found = roster.between(office.room.connection, at("週五 00:00"), at("下週日 00:00"), branch="main")
    assert [one.person for one in found][:8] == [office.wang.id] * 7 + [office.zhao.id]


def test_at_night_notices_go_to_whoever_is_on_duty(office: SimpleNamespace) -> None:
    plans(office.li, "周主任", "主管", "今天 18:00", "08:00")
    office.room.now = at("週五 20:00")

    plays.reports(office.zhang)

    office.zhou.sees("新報修 2611-0001")
    assert "2611-0001" not in office.li.transcript()


def test_leave_is_asked_for_granted_and_then_seen_at_dispatch(office: SimpleNamespace) -> None:
    office.wang.says("請假").presses("＋ 請假").says("今天 12:00").says("明天").says("家裡有事").presses("沒問題，送出")
    office.wang.sees("等主管同意")
    office.li.sees("王師傅 請假", "家裡有事").presses("准假").sees("已准假")
    office.wang.sees("李主任 准了您的假")
    office.zhou.presses("准假").sees("已經是「已准」")

    office.room.now = at("週五 16:00")
    plays.reports(office.zhang)
    assert "派 王師傅" not in office.li.transcript()
    office.li.presses("派別人／兩人").sees("王師傅（0・休假）")
    office.li.presses("王師傅").presses("跳過").presses("跳過").sees("王師傅 在休假").says("他說可以提早回來")

    assert office.room.order().crew == (office.wang.id,)


def test_nobody_is_sent_unsaid_because_what_spoke_against_it_is_over_meanwhile(office: SimpleNamespace) -> None:
    office.wang.says("請假").presses("＋ 請假").says("今天 12:00").says("明天").says("家裡有事").presses("沒問題，送出")
    office.li.presses("准假")
    office.room.now = at("週五 16:00")
    plays.reports(office.zhang)
    office.li.presses("派別人／兩人").presses("王師傅").presses("跳過").presses("跳過").sees("王師傅 在休假")

    office.room.now = at("下週一 10:00")
    office.li.says("說明").sees("原先的顧慮已經沒有了")

    assert office.room.order().crew == ()
    office.li.says("他回來上班了")
    assert office.room.order().crew == (office.wang.id,)


def test_nobody_grants_his_own_leave(office: SimpleNamespace) -> None:
    office.li.says("請假").presses("＋ 請假").says("明天").says("明天").says("休息").presses("沒問題，送出")
    asked = roster.leave_asked(office.room.connection, "main", since=office.room.now)[0]

    office.li.presses_token(f"w.grant.{asked.id}").sees("自己", "規則 STF-6")
    office.wang.presses_token(f"w.grant.{asked.id}").sees("查不到")

    office.zhou.presses("不准")
    office.li.sees("沒有准假")


def test_leave_is_taken_back(office: SimpleNamespace) -> None:
    office.wang.says("請假").presses("＋ 請假").says("明天").says("明天").says("休息").presses("沒問題，送出")

    office.wang.says("請假").presses("撤回").sees("已撤回")

    assert roster.leave_asked(office.room.connection, "main", since=office.room.now) == []


def test_signing_in_and_out_is_one_s_own_and_counts(office: SimpleNamespace) -> None:
    office.wang.says("/in").sees("王師傅 上班")
    office.wang.shares_location(25.03, 121.54).sees("地點記下了")
    office.room.now = at("週五 17:30")
    office.wang.says("下班").sees("今天工作 8 小時")

    office.wang.says("工時").sees("今天 8 小時", "上限 46 小時")
    office.wang.says("/out").sees("已經簽退")
    assert office.room.raw("SELECT latitude FROM punches WHERE is_in") == 25.03
    office.zhang.says("/in").sees("您的身分不能做")


def works_until(office: SimpleNamespace, hours: float) -> None:
    office.wang.says("/in")
    office.room.later(hours=hours)


@pytest.fixture
def long_day(office: SimpleNamespace) -> SimpleNamespace:
    """王師傅 has been there since 06:00 and it is 17:30: ten and a half hours without the break; a call waits."""
    office.room.now = at("週五 06:00")
    works_until(office, 11.5)
    plays.reports(office.zhang)
    return office


def test_story_14_in_the_eleventh_hour_an_ordinary_order_is_not_assigned(long_day: SimpleNamespace) -> None:
    long_day.li.presses("派 王師傅").sees("今天已經工作 10 小時30 分鐘", "規則 STF-3")

    assert long_day.room.order().crew == ()


def test_story_14_a_declared_emergency_goes_with_the_supervisor_s_word(long_day: SimpleNamespace) -> None:
    long_day.li.presses("轉緊急")
    long_day.li.presses("派 王師傅").sees("王師傅 今天已工作", "為什麼還是這樣派").says("有瓦斯味，只有他在附近")

    order = long_day.room.order()
    assert (order.stage, order.crew, order.overrides["despite"]) == (
        Stage.ASSIGNED,
        (long_day.wang.id,),
        "有瓦斯味，只有他在附近",
    )


def test_story_14_after_twelve_hours_nobody_goes_whatever_is_said(long_day: SimpleNamespace) -> None:
    long_day.li.presses("轉緊急")
    long_day.room.later(hours=2)

    long_day.li.presses("派 王師傅").sees("規則 STF-3")

    assert long_day.room.order().crew == ()


def test_story_14_forty_six_hours_of_overtime_end_the_month(office: SimpleNamespace) -> None:
    for n in range(24):  # two hours of overtime on every day of November so far
        office.room.now = at("週一 06:00") - timedelta(days=21 - n)
        office.wang.says("/in")
        office.room.later(hours=11)
        office.wang.says("/out")
    office.room.now = at("週五 12:00")
    plays.reports(office.zhang)

    office.li.presses("派 王師傅").sees("這個月已加班", "規則 STF-3")


def test_a_day_beyond_ten_hours_takes_a_reason(office: SimpleNamespace) -> None:
    office.room.now = at("週五 07:00")
    works_until(office, 10)
    plays.reports(office.zhang)

    office.li.presses("派 王師傅").sees("會超過 10 小時").says("客戶只有今晚在")

    assert office.room.order().crew == (office.wang.id,)


def test_licensed_work_goes_to_the_licensed() -> None:
    room = Room.open("mine")
    zhang, li = room.person("張先生"), room.person("李主任", Role.SUPERVISOR)
    wang, zhao = room.person("王師傅", Role.TECHNICIAN), room.person("趙師傅", Role.TECHNICIAN)
    staffing.keep_licence(room.connection, Licence(zhao.id, "mine", "M-7", date(2026, 11, 26)), by=None, now=room.now)
    li.says("證照").presses("登記證照").presses("王師傅").presses("礦山作業證").says("M-1").says("2027/1/31")
    li.presses("沒問題，送出").sees("登記了")
    zhang.says("風機不轉").presses("就這些").says("風機 F1").says("三號井").says("張先生").says("0912-345-678").presses(
        "沒問題，送出"
    )

    assert "派 趙師傅" not in li.transcript()
    li.presses("派別人／兩人").presses("趙師傅（0）").presses("跳過").presses("跳過").sees("礦山作業證", "到期", "規則 DSP-14")
    li.presses("派 王師傅")

    assert room.order().crew == (wang.id,)
    li.says("證照").sees("✖ 趙師傅")
    room.close()


def test_a_deputy_has_the_rights_for_a_time_and_it_shows(office: SimpleNamespace) -> None:
    office.manager.says("代理").presses("設定代理").presses("李主任").presses("陳小姐").says("今天").sees("到什麼時候").says(
        "今天"
    )
    office.manager.presses("沒問題，送出").sees("由 陳小姐 代理 李主任")
    office.li.sees("由 陳小姐 代理")
    office.room.now = at("週五 16:00")
    plays.reports(office.zhang)

    office.chen.sees("2611-0001").presses("派 王師傅")

    assert office.room.order().dispatched_by == office.chen.id
    office.li.says("2611-0001").presses("詳情").sees("陳小姐（代 李主任）")
    office.room.now = at("週六 08:00")
    plays.reports(office.stranger)
    office.chen.presses_token(f"o.{office.room.order().id}.dispatch").sees("您的身分不能做")


def test_nobody_stands_in_for_the_work_on_site_or_from_another_branch(office: SimpleNamespace) -> None:
    far = office.room.person("孫主任", Role.SUPERVISOR, branch="高雄")
    office.manager.says("代理").presses("設定代理").presses("王師傅").presses("趙師傅").says("今天").says("今天")
    office.manager.presses("沒問題，送出").sees("現場的工作要本人做", "規則 ROL-6")

    office.manager.says("代理").presses("設定代理").presses("李主任")
    assert "孫主任" not in office.manager.transcript()
    far.says("代理").sees("沒有代理")


def test_things_on_loan_are_listed_and_come_back(office: SimpleNamespace) -> None:
    office.li.says("保管").presses("交付保管").presses("王師傅").presses("工具").says("扭力扳手").says("1").presses(
        "沒問題，送出"
    )
    office.wang.sees("交給您保管：扭力扳手")
    office.wang.says("保管").sees("扭力扳手")

    office.li.says("保管").presses("收回 扭力扳手").sees("收回了")

    office.wang.sees("已收回")
    office.wang.says("保管").sees("沒有保管中的東西")


def test_a_customer_and_a_technician_plan_nothing(office: SimpleNamespace) -> None:
    for phone in (office.zhang, office.wang):
        for name in ("duty", "rotation", "change", "licence", "deputy", "lend", "unduty.1", "undeputy.1", "back.1"):
            phone.presses_token(f"w.{name}")
            assert "身分不能做" in phone.last().text, name
    office.li.presses_token("w.nothing").sees("已經過了")


def test_in_the_office_escalations_go_to_whoever_is_on_duty(office: SimpleNamespace) -> None:
    plans(office.li, "周主任", "主管", "今天 13:00", "20:00")
    plays.dispatched(office)
    office.wang.presses("接單")

    sweeps(office, "週五 15:31")

    office.zhou.sees("到場逾時")
    assert "到場逾時" not in office.li.transcript()


def test_whoever_has_left_is_on_no_roster(office: SimpleNamespace) -> None:
    plans(office.li, "周主任", "主管", "今天 18:00", "08:00")
    office.room.leaves(office.zhou)
    office.room.now = at("週五 20:00")

    plays.reports(office.zhang)

    office.li.sees("新報修 2611-0001")
    assert people.person(office.room.connection, office.zhou.id).standing == "left"


def test_nobody_is_sent_after_his_last_day(office: SimpleNamespace) -> None:
    """STF-10: the leaving date is kept, and what lies after it can't be assigned to him."""
    gone = Absence(office.wang.id, at("週六 00:00"), at("下週日 00:00"), state=LeaveState.GRANTED, kind="leaving")
    roster.ask_leave(office.room.connection, gone, now=office.room.now)
    office.room.now = at("週五 16:00")
    plays.reports(office.zhang)
    plays.reports(office.stranger, "冰箱不冷")
    office.li.presses("派 王師傅").sees("已派出")

    office.room.now = at("週六 09:00")
    office.li.presses("派別人／兩人").presses("王師傅（1・休假）").presses("跳過").presses("跳過").says("他會來")

    office.li.sees("就離職", "規則 STF-10")
