"""RULEBOOK 26's stories 9, 10, 14 and 15, played on either engine with a turned clock."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from bot import tools
from rules.contracts import Contract
from rules.orders import Stage
from rules.people import Role
from rules.refusals import Refused
from scheduler import tending
from storage import cases, journal, roster, staffing
from storage.tables import outbox
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.journeys.leaks import TELEPHONE
from tests.room import Room, at

NINE_TO_FIVE = "Mon-Fri 09:00-17:00"


def of_room(room: Room, **roles: tuple[str, Role]) -> SimpleNamespace:
    people = {name: room.person(called, role) for name, (called, role) in roles.items()}
    return SimpleNamespace(room=room, zhang=room.person("張先生"), **people)


def day(room: Room, when: str) -> None:
    room.now = at(when)
    tending.daily(room.connection, room.company.terms, now=room.now)


def test_story_9_a_contract_that_ends_on_31_december_is_announced_on_30_november(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, week=NINE_TO_FIVE)
    cast = of_room(room, chen=("陳小姐", Role.CLERK), li=("李主任", Role.SUPERVISOR), zhao=("趙師傅", Role.TECHNICIAN))
    plays.reports(cast.zhang)
    cast.chen.says("合約").presses("登記合約").says("張先生 0912-345-678").says("台北市大安區和平東路一段 1 號")
    cast.chen.says("大金 FTXV50").presses("跳過").says("2026/1/1").says("2026/12/31").says("0").says("12000")
    cast.chen.presses("和一般客戶一樣").presses("趙師傅").presses("沒問題，送出").sees("M26-001")

    day(room, "週日 12:00")
    assert "到期" not in cast.zhang.transcript()
    day(room, "下週一 08:00")
    assert "到期" not in cast.zhang.transcript()
    day(room, "下週一 09:01")
    cast.zhang.sees("保養到期通知書", "M26-001", "大金 FTXV50", "2026年12月31日 到期")
    cast.zhao.sees("M26-001 張先生 的保養合約 2026年12月31日 到期", "[續約] [不續]")
    cast.chen.sees("請去談續約")
    newest = room.newest()
    day(room, "下週一 12:00")
    assert room.newest() == newest  # once, however often somebody looks

    sweeps(cast, "下週三 09:00")
    cast.zhao.presses("不續").says("客戶要換新機").sees("記下了")
    assert cases.every(room.connection, Contract)[0].ends_on == date(2026, 12, 31)
    assert list(journal.flaws(room.connection)) == []
    room.close()


def test_story_10_a_technician_leaves_and_nothing_of_his_is_left_behind(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 10:00", week=NINE_TO_FIVE)
    cast = of_room(
        room, li=("李主任", Role.SUPERVISOR), manager=("何經理", Role.MANAGER), ho=("賀人事", Role.HR),
        wang=("王師傅", Role.TECHNICIAN), zhao=("趙師傅", Role.TECHNICIAN),
    )  # fmt: skip
    plays.dispatched(cast)
    plays.reports(room.person("林太太"), "冰箱不冷")
    cast.li.presses("派 王師傅")
    plays.gets_ready(cast.wang)
    for kind, label, quantity in (("零件", "水泵", "3"), ("工具", "真空泵", "1"), ("現金", "收款", "1,200")):
        cast.li.says("保管").presses("＋").presses("王師傅").presses(kind).says(label).says(quantity).presses("沒問題，送出")
    cast.ho.says("離職").presses("登記離職").presses("王師傅").says("今天").presses("跳過").presses("沒問題，送出")
    cast.ho.sees("H26-001 王師傅 移交清冊", "2611-0001", "2611-0002", "水泵 × 3", "真空泵 × 1", "收款 × 1200", "→ 還沒有人")
    cast.wang.sees("最後上班日是 2026年11月27日", "請在 12月2日 週三 10:00 前完成移交")  # five days (STF-12)

    with pytest.raises(Refused) as found:
        tools.leave(room.connection, cast.wang.id, now=room.now)
    assert (found.value.code, found.value.rule) == ("still-has-orders", "STF-11")
    assert found.value.facts["numbers"] == ["2611-0001", "2611-0002", "水泵", "真空泵", "收款"]
    cast.wang.says("移交").presses("清冊沒錯").sees("還沒有接手人：2611-0001、2611-0002", "規則 STF-11")
    cast.li.says("移交").presses("H26-001").presses("指定接手人").presses("2611-0001").presses("趙師傅")
    cast.li.presses("指定接手人").presses("2611-0002").presses("何經理").sees("2611-0002 要由技師接手")
    cast.li.says("取消").says("移交").presses("H26-001").presses("指定接手人").presses("2611-0002").presses("趙師傅")
    cast.li.sees("2611-0002（準備出發）→ 趙師傅", "收款 × 1200（現金）→ 李主任")  # what nobody is named for is the supervisor's

    cast.wang.says("移交").presses("清冊沒錯").sees("待接手人確認")
    cast.zhao.presses("我接手").sees("確認了")
    cast.manager.sees_nothing_new()
    cast.li.presses("我接手").sees("待監交人簽名")
    cast.manager.sees("請您監交簽名").presses("監交簽名").sees("移交完成")

    assert [room.order(number).crew for number in ("2611-0001", "2611-0002")] == [(cast.zhao.id,)] * 2
    assert [one.label for one in staffing.held_by(room.connection, cast.li.id)] == ["水泵", "真空泵", "收款"]
    cast.zhao.sees("由 王師傅 移交給您")
    assert staffing.held_by(room.connection, cast.wang.id) == []
    old = [one.token for one in cast.wang.buttons()]
    cast.ho.sees("移交完成").presses("停用帳號").sees("王師傅 的帳號停用了")
    before = room.order().version, room.order("2611-0001").version
    for token in old:
        cast.wang.presses_token(token)
        assert not any(word in cast.wang.last().text for word in ("漏水", "和平東路", *TELEPHONE, "水泵"))
    assert (room.order().version, room.order("2611-0001").version) == before
    assert list(journal.flaws(room.connection)) == []
    room.close()


def test_story_14_the_hours_of_a_day_have_an_end(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 06:00", week=NINE_TO_FIVE)
    cast = of_room(room, li=("李主任", Role.SUPERVISOR), wang=("王師傅", Role.TECHNICIAN))
    cast.wang.says("/in")
    room.later(hours=10, minutes=30)
    plays.reports(cast.zhang)

    cast.li.presses("派 王師傅").sees("今天已經工作 10 小時30 分鐘", "規則 STF-3")
    assert room.order().crew == ()
    cast.li.presses("轉緊急").sees("已列為緊急")
    cast.li.presses("派 王師傅").sees("王師傅 今天已工作").says("瓦斯味，只有他在附近").sees("已派出")
    assert room.order().crew == (cast.wang.id,)
    plays_out(cast)
    room.now = at("週五 18:05")
    plays.reports(room.person("林太太"), "冰箱不冷")
    cast.li.presses("轉緊急")
    cast.li.presses("派 王師傅").sees("超過一天 12 小時", "規則 STF-3")
    assert room.order().crew == ()
    assert list(journal.flaws(room.connection)) == []
    room.close()


def plays_out(cast: SimpleNamespace) -> None:
    """He goes, is there an hour, and comes back."""
    cast.wang.presses("接單").presses("出發").presses("到了").presses("跳過").says("張先生")
    cast.room.later(hours=1)
    assert cast.room.order().stage is Stage.ARRIVED


def test_story_15_a_voice_note_from_a_lift_at_2340(database_url: str) -> None:
    room = Room.open("lift", url=database_url, start="週五 20:00")
    cast = of_room(
        room, li=("李主任", Role.SUPERVISOR), manager=("何經理", Role.MANAGER), wang=("王師傅", Role.TECHNICIAN),
        zhao=("趙師傅", Role.TECHNICIAN),
    )  # fmt: skip
    roster.add(room.connection, [room.duty(cast.zhao, Role.TECHNICIAN, "週五 20:00", "週六 08:00")], by=None)
    room.now = at("週五 23:40")

    cast.zhang.sends_voice()
    cast.zhang.sees("正在派人救援", "保持冷靜")
    cast.zhao.sees("🚨 2611-0001 緊急：電梯困人")
    cast.li.sees("電梯困人")
    cast.manager.sees("電梯困人")
    cast.wang.sees_nothing_new()
    waiting = room.connection.execute(outbox.select().where(outbox.c.not_before > room.now)).all()
    assert waiting == []  # quiet hours are ignored

    sweeps(cast, "週五 23:45")
    cast.li.sees("還沒有人接")
    cast.zhao.presses("我來接").presses("出發")
    for minutes, step in ((1, "安撫乘客"), (2, "通知消防中心"), (10, "人員脫困")):
        room.later(minutes=minutes)
        cast.zhao.presses(step)
    cast.li.sees("人員已脫困，距通報 18 分鐘")
    emergency = room.order().emergency
    assert list(emergency.steps) == ["tell_supervisor", "calm", "fire_centre", "rescue"]
    assert emergency.over_at - emergency.at == timedelta(minutes=18)
    assert list(journal.flaws(room.connection)) == []
    room.close()
