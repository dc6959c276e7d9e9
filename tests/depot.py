"""A branch with a store, for tests of parts: 林倉管 keeps it, 調撥員 and 企劃 are there where they are wanted."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from rules.claims import draft
from rules.people import Role
from rules.stock import Account, Move, MoveKind, Part, PartKind
from storage import cases, stock
from storage.unit import Unit
from tests import plays
from tests.room import Room, played

PUMP = Part(0, "P-100", "泵浦", "24V", "個", bin="A-1", least=2, supplier="大同泵業")
HOSE = Part(0, "H-16", "排水管", "16mm", "條", bin="B-3")
FAN = Part(0, "F-8", "風扇", bin="B-4")
WRENCH = Part(0, "T-1", "扭力扳手", kind=PartKind.TOOL)


BRANCH = {
    "li": ("李主任", Role.SUPERVISOR),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhao": ("趙師傅", Role.TECHNICIAN),
    "lin": ("林倉管", Role.WAREHOUSE),
    "he": ("何經理", Role.MANAGER),
    "gu": ("顧企劃", Role.PLANNER),
}


@contextmanager
def branch(url: str = "", *, profile: str = "appliance", start: str = "週五 16:00") -> Iterator[SimpleNamespace]:
    """The usual cast with a storekeeper, and a catalogue of four things of which nothing is there yet."""
    with played(profile, url, start=start, **BRANCH) as cast:
        fill_catalogue(cast.room)
        yield cast


def fill_catalogue(room: Room) -> None:
    for part in (PUMP, HOSE, FAN, WRENCH):
        stock.keep_part(room.connection, part, now=room.now)


def furnished(cast: SimpleNamespace) -> None:
    """A store with some of everything, parts drawn and used, a stocktake under way."""
    for number, n in (("P-100", 5), ("H-16", 4), ("T-1", 1)):
        has(cast, number, n)
    diagnosed(cast)
    drawn(cast)
    plays.acts(cast.wang, parts=True)
    cast.wang.presses("＋ 用料").says("P-100").presses("磨損").presses("客戶留下").says("要留")
    cast.lin.says("倉庫").presses("🔢 盤點").presses("倉庫")


def part_id(cast: SimpleNamespace, number: str) -> int:
    found = stock.by_number(cast.room.connection, number)
    assert found is not None
    return found.id


def has(cast: SimpleNamespace, number: str, n: int) -> None:
    """So many are in the store from now on, received without a word."""
    room: Room = cast.room
    store = stock.store_of(room.connection, "main", now=room.now)
    moved = Move(MoveKind.RECEIVED, part_id(cast, number), n, None, Account(store.id))
    stock.book(room.connection, (moved,), subject="goods_receipt:0", by=None, at=room.now)


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


def sends(cast: SimpleNamespace, words: str = "1 個 P-100") -> None:
    """林倉管 sends parts to a new station that 趙師傅 keeps."""
    cast.lin.says("倉庫").presses("🚚 發往服務站")
    if any(button.label == "＋ 新服務站" for button in cast.lin.buttons(4)):
        cast.lin.presses("＋ 新服務站").says("高雄站").presses("趙師傅")
    cast.lin.says(words).presses("否").presses("沒問題，送出")


def ships(cast: SimpleNamespace) -> None:
    """王師傅 mailed something."""
    cast.wang.says("我的零件").presses("📮 登記郵運費").says("泵浦寄高雄站").says("黑貓").says("8841").says("150")
    cast.wang.presses("沒問題，送出")


def waits(cast: SimpleNamespace) -> None:
    """張先生 waits for something that is out of stock; 陳小姐 takes it down."""
    cast.chen.says("倉庫").presses("🕓 缺貨登記").says("濾網 FT-1").says("2").says("張先生 0912-345-678").presses("跳過")
    cast.chen.presses("沒問題，送出")


def claims_something(cast: SimpleNamespace, **known: Any) -> None:
    """A claim draft for the order at hand, as its approval would make it."""
    room: Room = cast.room
    unit = Unit(room.connection, room.now, room.company.terms)
    drafted = draft(room.order(), None, "C26-009", now=room.now, terms=room.company.terms)
    unit.record(None, replace(drafted, after=replace(drafted.after, **known)), by=None)
