"""Sample papers of an invented company, played and printed: `python -m tests.reports.samples docs/samples` makes them anew."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

from bot.reports.printer import Printer
from rules.filing import CASH, GOODS_IN, OLD_PARTS, REQUISITION, of_month, volumes_of
from rules.goods import CARD, RECEIPT, Goods
from rules.months import read_period
from rules.people import Role
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from storage import cases
from tests import depot, plays
from tests.a_year import made_up
from tests.reports import drawn
from tests.room import Room
from texts.catalog import LANGUAGES

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NOVEMBER = read_period("2026-11")
COMPANY = "晴光家電 Sunlight Appliances"
PICTURES: Mapping[str, Callable[[], bytes]] = {
    "漏水.jpg": lambda: drawn.photo(drawn.air_conditioner),
    "機內.jpg": lambda: drawn.photo(drawn.opened, ground=(196, 200, 204)),
    "泵浦.jpg": lambda: drawn.photo(drawn.pump, ground=(222, 222, 216)),
    "電視.jpg": lambda: drawn.photo(drawn.television, ground=(206, 198, 182)),
    "簽名.jpg": drawn.signature,
    "領取簽認.jpg": lambda: drawn.signature(1.3),
}


@dataclass(frozen=True)
class Sample:
    """One paper by the name that the printer knows it by."""

    name: str  # of the file, without language and ending
    paper: str
    order: int = 0


@contextmanager
def printed() -> Iterator[Callable[[str], Iterator[tuple[str, bytes]]]]:
    """Gives what makes all samples of a language: (file name, PDF)."""
    kept: dict[str, bytes] = {}
    files = {sha256(name.encode()).hexdigest(): draw for name, draw in PICTURES.items()}

    def keep(content: bytes) -> str:
        kept["newest"] = content
        return "0" * 64

    rooms = [_jobs(), _workshop(), _figures()]

    def each(language: str) -> Iterator[tuple[str, bytes]]:
        for room, samples in rooms:
            printer = Printer(
                lambda room=room: room.company, keep=keep, load_file=lambda sha256: files[sha256](), now=lambda: NOW
            )
            for one in samples:
                assert printer(room.connection, one.paper, one.order, language) is not None, one
                yield f"{one.name}.{language}.pdf", kept["newest"]

    try:
        yield each
    finally:
        for room, _samples in rooms:
            room.close()


def _opened(room: Room) -> Room:
    room.company = replace(
        room.company, name=COMPANY, public_url="https://desk.example", invitation_link="https://t.me/sunlight_bot?start={code}"
    )
    return room


def _branch(room: Room) -> SimpleNamespace:
    _opened(room)
    cast = SimpleNamespace(
        room=room, zhang=room.person("張先生"), xu=room.person("許小姐"), zhou=room.person("周會計", Role.ACCOUNTANT)
    )
    for name, (called, role) in depot.BRANCH.items():
        setattr(cast, name, room.person(called, role))
    depot.fill_catalogue(room)
    return cast


def _jobs() -> tuple[Room, list[Sample]]:
    """A leaking air conditioner outside the guarantee, repaired with a part from the store; and one inside it."""
    room = Room.open(start="週五 09:00")
    cast = _branch(room)
    _goods_come_in(cast)
    _reported_and_found(cast)
    _quoted_and_drawn(cast)
    _repaired_and_paid(cast)
    _parts_settled(cast)
    first = room.order()
    room.later(hours=2)
    plays.signed(SimpleNamespace(room=room, zhang=cast.xu, li=cast.li, wang=cast.wang))
    cast.wang.presses("離場簡報").presses("就這樣回報")
    papers = [
        Sample("service-report", "service-report", first.id),
        Sample("quote", "quote:Q26-001"),
        Sample("receipt", "receipt:RC26-001"),
        Sample("requisition", f"{REQUISITION}{depot.newest(cast, Requisition).id}"),
        Sample("goods-in", f"{GOODS_IN}{depot.newest(cast, GoodsReceipt).id}"),
        Sample("old-parts", of_month(OLD_PARTS, NOVEMBER, "main")),
        Sample("cash-month", of_month(CASH, NOVEMBER)),
        Sample("volume", volumes_of(NOVEMBER, None, 2)[0]),
    ]
    return room, papers


def _goods_come_in(cast: SimpleNamespace) -> None:
    """Three pumps, one of them bad, and ten hoses."""
    lin = cast.lin
    lin.says("倉庫").presses("📥 收貨").presses("供應商").says("大同泵業 8841").says("p-100").says("2").says("1").says(
        "軸心鏽蝕"
    )
    lin.sends_photo("泵浦.jpg").presses("是").says("h-16").says("10").presses("跳過").presses("否").presses("沒問題，送出")


def _reported_and_found(cast: SimpleNamespace) -> None:
    wang = cast.wang
    _reports(cast, "客廳冷氣一直漏水，地板濕了一片，昨晚開始的", "大金 FTXV50", "漏水.jpg")
    cast.li.presses("派 王師傅")
    plays.gets_ready(wang)
    cast.room.later(minutes=50)
    plays.arrives(wang)
    wang.presses("聽：記客戶說的").says("昨晚開冷氣一小時後開始滴水，今早更多").says("每天晚上開六小時").says("聲音變大").says(
        "關機後還滴"
    )
    wang.presses("就這些").presses("沒問題，送出")
    wang.presses("看：外觀與保固").presses("已過保固").presses("否").sends_photo("機內.jpg").presses("就這些").presses(
        "沒問題，送出"
    )
    wang.presses("查：找原因").says("排水泵浦").says("通水測試、量電壓 24V 正常、手轉軸心卡住").says(
        "泵浦軸心鏽蝕，排水打不上去，水從接水盤溢出"
    )
    wang.presses("自然磨損").sends_photo("泵浦.jpg").presses("就這些").presses("沒問題，送出")


def _reports(cast: SimpleNamespace, fault: str, model: str, picture: str) -> None:
    zhang = cast.zhang
    zhang.says(fault).sends_photo(picture).presses("就這些").says(model)
    zhang.says("台北市大安區和平東路一段 1 號 5 樓").says("張先生").says("0912-345-678").presses("市區").presses("沒問題，送出")


def _quoted_and_drawn(cast: SimpleNamespace) -> None:
    wang = cast.wang
    wang.presses("💰 報價").presses("零件").says("排水泵浦 P-100").says("1").says("1,250").presses("是")
    wang.presses("工資").says("拆裝與試水").says("1").says("800").presses("否").says("已過保固兩年，泵浦自然磨損").presses(
        "沒問題，送出"
    )
    cast.li.presses("核准報價")
    cast.zhang.presses("接受報價")
    depot.asks(cast, "2 個 P-100")
    cast.li.presses("核准")
    cast.room.later(minutes=5)
    cast.lin.presses("全部發料")


def _repaired_and_paid(cast: SimpleNamespace) -> None:
    room, wang = cast.room, cast.wang
    room.later(minutes=40)
    wang.presses("處理：記做了什麼").says("更換排水泵浦，清洗接水盤與排水管，通水 20 分鐘不再滴水").presses("無（自然損耗）")
    wang.presses("同意").presses("修好了").presses("是").says("每季清洗一次接水盤").sends_photo("漏水.jpg").presses(
        "就這些"
    ).presses("沒問題，送出")
    wang.presses("＋ 用料").presses("P-100").presses("磨損").presses("帶回公司")
    wang.says("收款").presses("2,050 TWD").presses("轉帳")
    plays.tries_it(wang)
    room.later(minutes=6)
    wang.presses("簽名").says("處理得很快，說明清楚").says("張先生").presses("客戶本人").sends_photo("簽名.jpg")
    wang.presses("離場簡報").presses("就這樣回報")


def _parts_settled(cast: SimpleNamespace) -> None:
    cast.room.later(hours=3)
    cast.lin.says("倉庫").presses("L26-001").presses("收到退料").says("1")
    cast.lin.says("倉庫").presses("2611-0001-P").presses("收到舊件")


def _workshop() -> tuple[Room, list[Sample]]:
    """A television that is taken in, repaired and inspected."""
    room = Room.open(start="週五 10:00")
    cast = _branch(room)
    _reports(cast, "電視螢幕一半不亮，有聲音", "新力 KD-55", "電視.jpg")
    cast.li.presses("派 王師傅")
    plays.gets_ready(cast.wang)
    plays.arrives(cast.wang)
    plays.listens(cast.wang)
    plays.looks(cast.wang)
    cast.wang.presses("帶回修").says("螢幕一半不亮，主機板要帶回檢測").says("EM-8812").says("遙控器、電源線").sends_photo(
        "電視.jpg"
    )
    cast.wang.presses("就這些").says("2026/12/4").presses("沒問題，送出").presses("客戶簽收據").says("張先生").presses(
        "客戶本人"
    )
    cast.wang.sends_photo("領取簽認.jpg")
    plays.mends(cast)
    goods = cases.every(room.connection, Goods)[-1]
    return room, [Sample("goods-receipt", f"{RECEIPT}{goods.id}"), Sample("repair-card", f"{CARD}{goods.id}")]


def _figures() -> tuple[Room, list[Sample]]:
    """A company's October out of a made-up year."""
    room = _opened(Room.open(start="週一 09:00"))
    made_up(room.connection, 600)
    return room, [Sample("figures", "figures-pdf:2026-10:a")]


def main(folder: Path) -> None:
    """Write them all anew."""
    folder.mkdir(parents=True, exist_ok=True)
    with printed() as each:
        for language in LANGUAGES:
            for name, content in each(language):
                (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
