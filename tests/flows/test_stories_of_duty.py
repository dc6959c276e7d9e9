"""RULEBOOK 26's stories 9, 14 and 15, played on either engine with a turned clock."""

from datetime import date, timedelta
from types import SimpleNamespace

from rules.contracts import Contract
from rules.orders import Stage
from rules.people import Role
from scheduler import tending
from storage import cases, journal, roster
from storage.tables import outbox
from tests import plays
from tests.flows.test_the_clock import sweeps
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
