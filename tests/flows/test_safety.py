"""Danger, in chat: emergencies with one tap, word or voice note, safety checklists, refusing what is unsafe (RULEBOOK 21)."""

from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest

from rules.orders import Stage
from rules.people import Role
from storage import roster
from storage.tables import outbox
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import Room, at


@pytest.fixture
def lift() -> Iterator[SimpleNamespace]:
    """A lift company on Friday at 23:40; 趙師傅 is on call until the morning, 王師傅 sleeps."""
    room = Room.open("lift", start="週五 20:00")
    cast = SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        li=room.person("李主任", Role.SUPERVISOR),
        manager=room.person("何經理", Role.MANAGER),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhao=room.person("趙師傅", Role.TECHNICIAN),
    )
    room.now = at("週五 23:40")
    yield cast
    room.close()


def on_call(lift: SimpleNamespace, *people: object) -> None:
    for phone in people:
        duty = lift.room.duty(phone, Role.TECHNICIAN, "週五 20:00", "週六 08:00")
        roster.add(lift.room.connection, [duty], by=None)


def held_back(room: Room) -> int:
    """Messages that wait for the end of the quiet hours."""
    rows = room.connection.execute(outbox.select().where(outbox.c.not_before > room.now)).all()
    return len(rows)


def test_story_15_a_voice_note_at_night_calls_everybody_on_call_at_once(lift: SimpleNamespace) -> None:
    on_call(lift, lift.zhao)

    lift.zhang.sends_voice()

    lift.zhang.sees("2611-0001", "正在派人救援", "保持冷靜", "[不是緊急]")
    lift.zhao.sees("電梯困人", "先接先去", "[我來接]")
    lift.li.sees("電梯困人", "已通知 1 位值班人員")
    lift.manager.sees("電梯困人")
    lift.wang.sees_nothing_new()
    assert held_back(lift.room) == 0
    assert lift.zhao.last().voices or lift.room.order().report.voices


def test_story_15_the_first_one_goes_and_each_step_is_timed(lift: SimpleNamespace) -> None:
    on_call(lift, lift.wang, lift.zhao)
    lift.zhang.says("救命，有人被困在電梯裡！")
    lift.room.later(minutes=2)

    lift.zhao.presses("我來接")
    lift.wang.sees("已由 趙師傅 接走")
    lift.zhang.sees("趙師傅 為您服務")
    lift.zhao.presses("出發").sees("出發了")
    lift.zhao.presses("安撫乘客")
    lift.room.later(minutes=3)
    lift.zhao.presses("通知消防中心")
    lift.room.later(minutes=7)
    lift.zhao.presses("到了").presses("取消")
    lift.zhao.says("2611-0001").presses("人員脫困")

    lift.li.sees("人員已脫困，距通報 12 分鐘（趙師傅）")
    lift.li.says("2611-0001").sees(
        "☑ 報告主管：0 分鐘後", "☑ 安撫乘客：2 分鐘後", "☑ 通知消防中心：5 分鐘後", "☑ 人員脫困：12 分鐘後"
    )
    order = lift.room.order()
    assert order.emergency is not None and order.emergency.steps["rescue"].at - order.emergency.at == timedelta(minutes=12)


def test_nobody_accepts_within_five_minutes_and_it_climbs(lift: SimpleNamespace) -> None:
    on_call(lift, lift.zhao)
    lift.zhang.presses_token("m.alarm.trapped")

    sweeps(lift, "週五 23:44")
    assert "還沒有人接" not in lift.li.transcript()
    sweeps(lift, "週五 23:45")
    lift.li.sees("還沒有人接")
    assert "還沒有人接" not in lift.manager.transcript()
    sweeps(lift, "週五 23:50")
    lift.manager.sees("還沒有人接")
    assert held_back(lift.room) == 0


def test_where_the_roster_says_nothing_all_technicians_are_called(lift: SimpleNamespace) -> None:
    lift.zhang.says("電梯困人")

    lift.zhao.sees("電梯困人")
    lift.wang.sees("電梯困人")


def test_it_is_raised_once_and_further_words_go_to_it(lift: SimpleNamespace) -> None:
    lift.zhang.says("報修").says("我們被困在電梯裡").says("三樓和四樓之間，一共兩個人，還是被困")

    lift.zhao.sees("三樓和四樓之間")
    lift.zhang.presses_token("m.alarm.trapped").sees("已經在處理了")
    assert lift.room.raw("SELECT count(*) FROM orders") == 1


def test_one_tap_of_the_customer_makes_an_ordinary_call_of_it(lift: SimpleNamespace) -> None:
    lift.zhang.sends_voice()

    lift.zhang.presses("不是緊急").sees("改按一般案件處理", "[補資料]")

    lift.zhao.sees("不是緊急事故")
    lift.zhao.presses_token(f"o.{lift.room.order().id}.take").sees("已經有人先接了")
    assert lift.room.order().stage is Stage.NEEDS_CLARIFICATION


def test_staff_say_why_it_is_no_emergency(lift: SimpleNamespace) -> None:
    lift.zhang.sends_voice()

    lift.li.presses("不是緊急").says("電話確認只是燈壞了").sees("改按一般案件處理")

    lift.zhang.sees("差一點資料")


def test_the_menu_has_it_one_tap_away_and_elsewhere_a_word_and_a_tap(lift: SimpleNamespace, cast: SimpleNamespace) -> None:
    lift.zhang.starts().sees("[🚨 電梯困人] [🔥 火警]")

    cast.zhang.says("緊急").sees("有人或財物有危險嗎").presses("是，緊急").sees("2611-0001", "先離開危險的地方")

    cast.wang.sees("🚨 2611-0001 緊急")
    assert cast.room.order().emergency.kind == "other"


def test_a_voice_note_elsewhere_is_an_ordinary_report(cast: SimpleNamespace) -> None:
    cast.zhang.sends_voice()

    assert cast.room.raw("SELECT count(*) FROM orders") == 0
    cast.zhang.sees("有照片的話")


def test_the_technician_is_led_through_the_checklists() -> None:
    room = Room.open("plant")
    zhang, li, wang = room.person("張先生"), room.person("李主任", Role.SUPERVISOR), room.person("王師傅", Role.TECHNICIAN)
    plays.brought_on_site(room, zhang, li, wang)
    wang.says("2611-9001")
    plays.listens(wang)

    wang.presses("🦺 安全檢查").sees("已斷電，不帶電作業：確認了嗎？").presses("否").presses("是")
    wang.sees("安全檢查沒過")
    li.sees("🛑 2611-9001：王師傅 的安全檢查沒過", "已斷電")
    wang.says("看").sees("安全檢查沒過", "規則 SAF-3")

    wang.presses("🦺 安全檢查").presses("是").presses("是").sees("安全檢查過了")
    plays.looks(wang)
    assert room.order().stage is Stage.LOOKING
    room.close()


def test_methane_is_a_number_and_the_sign_a_photo() -> None:
    room = Room.open("mine")
    zhang, li, wang = room.person("張先生"), room.person("李主任", Role.SUPERVISOR), room.person("王師傅", Role.TECHNICIAN)
    plays.brought_on_site(room, zhang, li, wang)
    wang.says("2611-9001")
    plays.listens(wang)

    wang.presses("🦺 安全檢查").sees("甲烷濃度", "上下限是 1").says("1.2 %").sees("安全檢查沒過")
    li.sees("甲烷濃度（%）（1.2）")
    wang.presses("🦺 安全檢查").says("1.0").sees("安全檢查過了")
    wang.presses("🦺 安全檢查").presses("是").presses("是").presses("是").presses("是").sees("請拍照").sends_photo("牌子.jpg")

    wang.sees("安全檢查過了")
    plays.looks(wang)
    assert room.order().stage is Stage.LOOKING
    room.close()


def test_what_is_unsafe_is_refused_with_a_word_and_the_supervisor_hears_at_once(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    cast.wang.presses("接單")

    cast.wang.says("不安全").says("屋頂沒有護欄").sees("已回報主管")

    cast.li.sees("🛑 2611-0001：王師傅 認為不安全", "屋頂沒有護欄", "[派 王師傅（手上 0）]")
    assert cast.room.order().crew == ()
    sweeps(cast, "週六 14:01")
    assert "逾時" not in cast.wang.transcript()


def test_a_supervisor_declares_an_emergency_and_everybody_hears(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang)

    cast.li.presses("轉緊急").sees("已列為緊急")

    cast.wang.sees("🚨 2611-0001 緊急")
    cast.zhao.sees("🚨 2611-0001 緊急").presses("我來接")
    assert cast.room.order().crew == (cast.zhao.id,)
    cast.wang.presses("我來接").sees("已經有人先接了")


def test_at_night_an_ordinary_call_waits_for_the_morning(lift: SimpleNamespace) -> None:
    assert held_back(lift.room) == 0
    lift.zhang.says("報修").says("樓層顯示的燈不亮").presses("就這些").says("三菱 E1").says("台北市大安區和平東路一段 1 號")
    lift.zhang.says("張先生").says("0912-345-678").presses("沒問題，送出")

    rows = lift.room.connection.execute(outbox.select().where(outbox.c.not_before > lift.room.now)).all()

    assert {row.chat for row in rows} == {"李主任"}
    assert {row.not_before for row in rows} == {at("週六 07:30")}
