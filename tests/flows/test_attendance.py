"""Who neither came nor was on leave: HR hears, and nobody else (STF-7)."""

from types import SimpleNamespace

from rules.people import Role
from scheduler import tending
from storage import roster
from tests.room import Room, at


def looks(cast: SimpleNamespace, *moments: str) -> None:
    for when in moments:
        cast.room.now = at(when)
        tending.daily(cast.room.connection, cast.room.company.terms, now=cast.room.now)


def test_the_third_day_in_a_row_is_told_to_hr_and_leave_is_no_absence() -> None:
    room = Room.open("appliance", start="週一 08:30")
    cast = SimpleNamespace(
        room=room, ho=room.person("賀人事", Role.HR), li=room.person("李主任", Role.SUPERVISOR),
        wang=room.person("王師傅", Role.TECHNICIAN), zhao=room.person("趙師傅", Role.TECHNICIAN),
        sun=room.person("孫師傅", Role.TECHNICIAN),
    )  # fmt: skip
    for phone in (cast.wang, cast.zhao):
        phone.says("/in")
        phone.says("/out")
    cast.zhao.says("請假").presses("＋ 請假").says("明天").says("週六").says("家裡有事").presses("沒問題，送出")
    cast.li.presses("准假")

    looks(cast, "週三 09:00", "週四 09:00")
    cast.ho.sees_nothing_new()
    looks(cast, "週五 09:00")
    cast.ho.sees("王師傅 到 2026年11月26日", "連續 3 天，今年共 3 天")
    assert "趙師傅" not in cast.ho.transcript()
    assert "孫師傅" not in cast.ho.transcript()  # never signs in: nothing can be said of him
    assert "連續" not in cast.li.transcript()

    roster.add(room.connection, [room.duty(cast.wang, Role.TECHNICIAN, "下週二 08:30", "下週二 17:30")], by=None)
    heard = room.newest()
    looks(cast, "下週二 09:00")  # on Monday he had no turn, others had
    assert room.newest() == heard
    looks(cast, "下週三 09:00")
    cast.ho.sees("連續 6 天")
    room.close()
