"""A branch with a store, for tests of parts: 林倉管 keeps it, 調撥員 and 企劃 are there where they are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from rules.people import Role
from rules.stock import Account, Move, MoveKind, Part, PartKind
from storage import cases, stock
from tests import plays
from tests.room import Room

PUMP = Part(0, "P-100", "泵浦", "24V", "個", bin="A-1", least=2, supplier="大同泵業")
HOSE = Part(0, "H-16", "排水管", "16mm", "條", bin="B-3")
FAN = Part(0, "F-8", "風扇", bin="B-4")
WRENCH = Part(0, "T-1", "扭力扳手", kind=PartKind.TOOL)


@contextmanager
def branch(url: str = "", *, profile: str = "appliance", start: str = "週五 16:00") -> Iterator[SimpleNamespace]:
    """The usual cast with a storekeeper, and a catalogue of four things of which nothing is there yet."""
    room = Room.open(profile, url=url, start=start)
    cast = SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        stranger=room.person("外人"),
        li=room.person("李主任", Role.SUPERVISOR),
        chen=room.person("陳小姐", Role.CLERK),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhao=room.person("趙師傅", Role.TECHNICIAN),
        lin=room.person("林倉管", Role.WAREHOUSE),
        he=room.person("何經理", Role.MANAGER),
        gu=room.person("顧企劃", Role.PLANNER),
    )
    for part in (PUMP, HOSE, FAN, WRENCH):
        stock.keep_part(room.connection, part, now=room.now)
    try:
        yield cast
    finally:
        room.close()


def part_id(cast: SimpleNamespace, number: str) -> int:
    found = stock.by_number(cast.room.connection, number)
    assert found is not None
    return found.id


def has(cast: SimpleNamespace, number: str, n: int) -> None:
    """So many are in the store from now on, received without a word."""
    room: Room = cast.room
    store = stock.store_of(room.connection, "main", now=room.now)
    moved = Move(MoveKind.RECEIVED, part_id(cast, number), n, None, Account(store.id))
    stock.book(room.connection, (moved,), subject="receipt:0", by=None, at=room.now)


def in_store(cast: SimpleNamespace, number: str) -> int:
    room: Room = cast.room
    return stock.balance(room.connection, stock.store_of(room.connection, "main", now=room.now).id, part_id(cast, number))


def in_van(cast: SimpleNamespace, number: str, whose: str = "wang") -> int:
    room: Room = cast.room
    van = stock.van_of(room.connection, getattr(cast, whose).id, "main", now=room.now)
    return stock.balance(room.connection, van.id, part_id(cast, number))


def newest(cast: SimpleNamespace, kind: type[cases.C]) -> cases.C:
    """The newest paper of a kind."""
    return max(cases.every(cast.room.connection, kind), key=lambda one: one.id)


def diagnosed(cast: SimpleNamespace) -> None:
    """王師傅 is on site and knows the cause."""
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.wang)


def asks(cast: SimpleNamespace, words: str = "2 個 P-100", *, at_order: bool = True) -> None:
    """王師傅 asks for parts, for the order he is at."""
    if at_order:
        cast.wang.presses("申請零件")
    else:
        cast.wang.says("我的零件").presses("＋ 申請零件")
    cast.wang.says(words).presses("否").says("更換泵浦").presses("沒問題，送出")


def drawn(cast: SimpleNamespace, words: str = "2 個 P-100") -> None:
    """Asked for, approved and issued."""
    asks(cast, words)
    cast.li.presses("核准")
    cast.lin.presses("全部發料")
