"""Sample papers of an invented company, played and printed: `python -m tests.reports.samples docs/samples` makes them anew."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

from bot.reports.printer import Printer
from rules.decisions import Entry, Ruling, Stamp
from rules.filing import CASH, GOODS_IN, OLD_PARTS, REQUISITION, of_month, volumes_of
from rules.goods import CARD, RECEIPT, Goods
from rules.handovers import PAPER, Handover, HandoverStage, Point, PointKind
from rules.months import read_period
from rules.people import Role
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from rules.stock import Part
from storage import cases, stock
from storage.unit import Unit
from tests import depot, plays
from tests.a_year import made_up
from tests.reports import drawn
from tests.reports.sample_words import words_in
from tests.room import Phone, Room, at
from texts.catalog import LANGUAGES

NOW = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
NOVEMBER = read_period("2026-11")
PICTURES: Mapping[str, Callable[[], bytes]] = {
    "漏水.jpg": lambda: drawn.photo(drawn.air_conditioner),
    "機內.jpg": lambda: drawn.photo(drawn.opened, ground=(196, 200, 204)),
    "泵浦.jpg": lambda: drawn.photo(drawn.pump, ground=(222, 222, 216)),
    "電視.jpg": lambda: drawn.photo(drawn.television, ground=(206, 198, 182)),
    "簽名.jpg": drawn.signature,
    "領取簽認.jpg": lambda: drawn.signature(1.3),
}
FILES = {sha256(name.encode()).hexdigest(): draw for name, draw in PICTURES.items()}


@dataclass(frozen=True)
class Sample:
    """One paper by the name that the printer knows it by."""

    name: str  # of the file, without language and ending
    paper: str
    order: int = 0


def printed(language: str) -> Iterator[tuple[str, bytes]]:
    """(file name, PDF) of each sample in a language."""
    kept: list[bytes] = []

    def keep(content: bytes) -> str:
        kept.append(content)
        return "0" * 64

    for play in (jobs, workshop, handover, figures):
        room, samples = play(language)
        printer = Printer(lambda room=room: room.company, keep=keep, load_file=lambda one: FILES[one](), now=lambda: NOW)
        for one in samples:
            assert printer(room.connection, one.paper, one.order, language) is not None, one
            yield f"{one.name}.{language}.pdf", kept[-1]
        room.close()


def branch(language: str) -> SimpleNamespace:
    """A company with its people and its catalogue; `t` says a word in its language."""
    words = words_in(language)
    cast = SimpleNamespace(room=Room.open(start="週五 09:00"), t=words.__getitem__)
    cast.room.company = replace(
        cast.room.company, name=words["晴光家電"], public_url="https://desk.example",
        invitation_link="https://t.me/sunlight_bot?start={code}",
    )  # fmt: skip
    cast.zhang, cast.xu = cast.room.person(words["張先生"]), cast.room.person(words["許小姐"])
    posts = {"zhou": ("周會計", Role.ACCOUNTANT)} | {one: depot.BRANCH[one] for one in ("li", "chen", "wang", "lin")}
    for name, (called, role) in posts.items():
        setattr(cast, name, cast.room.person(words[called], role))
    for part in (
        Part(0, "P-100", words["排水泵浦"], "24V", words["個"], bin="A-1"),
        Part(0, "H-16", words["排水管"], "16mm", words["條"], bin="B-3"),
    ):
        stock.keep_part(cast.room.connection, part, now=cast.room.now)
    return cast


def jobs(language: str) -> tuple[Room, list[Sample]]:
    """A leaking air conditioner outside the guarantee, repaired with a part from the store; then one inside it."""
    cast = branch(language)
    _goods_come_in(cast)
    _found(cast)
    _quoted(cast)
    _parts_drawn(cast)
    _repaired_and_paid(cast)
    _signed(cast, cast.zhang, comment="處理得很快，說明清楚")
    _parts_settled(cast)
    first = cast.room.order()
    _cleaned_free_of_charge(cast)
    return cast.room, [
        Sample("service-report", "service-report", first.id),
        Sample("quote", "quote:Q26-001"),
        Sample("receipt", "receipt:RC26-001"),
        Sample("requisition", f"{REQUISITION}{depot.newest(cast, Requisition).id}"),
        Sample("goods-in", f"{GOODS_IN}{depot.newest(cast, GoodsReceipt).id}"),
        Sample("old-parts", of_month(OLD_PARTS, NOVEMBER, "main")),
        Sample("cash-month", of_month(CASH, NOVEMBER)),
        Sample("volume", volumes_of(NOVEMBER, None, 2)[0]),
    ]


def _goods_come_in(cast: SimpleNamespace) -> None:
    """Three pumps, one of them bad, and ten hoses."""
    lin = cast.lin
    lin.says("倉庫").presses("📥 收貨").presses("供應商").says(cast.t("大同泵業 8841")).says("p-100").says("2").says("1")
    lin.says(cast.t("軸心鏽蝕")).sends_photo("泵浦.jpg").presses("是").says("h-16").says("10").presses("跳過").presses("否")
    lin.presses("沒問題，送出")


def _on_site(cast: SimpleNamespace, customer: Phone, phone: str, fault: str, model: str, *photos: str) -> None:
    """Reported, dispatched, and the technician is there."""
    wang, name = cast.wang, customer.name
    customer.says(cast.t(fault))
    for photo in photos:
        customer.sends_photo(photo)
    address = "台北市大安區和平東路一段 1 號 5 樓" if customer is cast.zhang else "台北市中山區南京東路二段 8 號"
    customer.presses("就這些").says(cast.t(model)).says(cast.t(address)).says(name).says(phone).presses("市區")
    customer.presses("沒問題，送出")
    cast.li.presses(f"派 {wang.name}")
    plays.gets_ready(wang)
    cast.room.later(minutes=50)
    wang.presses("出發").presses("到了").presses("跳過").says(name)


def _found(cast: SimpleNamespace) -> None:
    wang, t = cast.wang, cast.t
    fault = "客廳冷氣一直漏水，地板濕了一片，昨晚開始的"
    _on_site(cast, cast.zhang, "0912-345-678", fault, "大金 FTXV50", "漏水.jpg")
    wang.presses("聽：記客戶說的").says(t("昨晚開冷氣一小時後開始滴水，今早更多")).says(t("每天晚上開六小時")).says(
        t("聲音變大")
    )
    wang.says(t("關機後還滴")).presses("就這些").presses("沒問題，送出")
    wang.presses("看：外觀與保固").presses("已過保固").presses("否").sends_photo("機內.jpg").presses("就這些")
    wang.presses("沒問題，送出")
    wang.presses("查：找原因").says(t("排水泵浦")).says(t("通水測試、量電壓 24V 正常、手轉軸心卡住"))
    wang.says(t("泵浦軸心鏽蝕，排水打不上去，水從接水盤溢出")).presses("自然磨損").sends_photo("泵浦.jpg").presses("就這些")
    wang.presses("沒問題，送出")


def _quoted(cast: SimpleNamespace) -> None:
    """A part and the labour, consented to and accepted."""
    wang, t = cast.wang, cast.t
    wang.presses("💰 報價").presses("零件").says(f"{t('排水泵浦')} P-100").says("1").says("1,250").presses("是")
    wang.presses("工資").says(t("拆裝與試水")).says("1").says("800").presses("否").says(t("已過保固兩年，泵浦自然磨損"))
    wang.presses("沒問題，送出")
    cast.li.presses("核准報價")
    cast.zhang.presses("接受報價")


def _parts_drawn(cast: SimpleNamespace) -> None:
    wang = cast.wang
    wang.presses("申請零件").says("2 個 P-100").presses("否").says(cast.t("更換排水泵浦")).presses("沒問題，送出")
    cast.li.presses("核准")
    cast.room.later(minutes=5)
    cast.lin.presses("全部發料")


def _repaired_and_paid(cast: SimpleNamespace) -> None:
    wang, t = cast.wang, cast.t
    cast.room.later(minutes=40)
    wang.presses("處理：記做了什麼").says(t("更換排水泵浦，清洗接水盤與排水管，通水 20 分鐘不再滴水"))
    wang.presses("無（自然損耗）").presses("同意").presses("修好了").presses("是").says(t("每季清洗一次接水盤"))
    wang.sends_photo("漏水.jpg").presses("就這些").presses("沒問題，送出")
    wang.presses("＋ 用料").presses("P-100").presses("磨損").presses("帶回公司")
    wang.says("收款").presses("2,050 TWD").presses("轉帳")


def _signed(cast: SimpleNamespace, customer: Phone, *, comment: str = "") -> None:
    """Tried out, signed and left."""
    wang = cast.wang
    plays.tries_it(wang)
    cast.room.later(minutes=6)
    wang.presses("簽名")
    wang.says(cast.t(comment)) if comment else wang.presses("跳過")
    wang.says(customer.name).presses("客戶本人").sends_photo("簽名.jpg")
    wang.presses("離場簡報").presses("就這樣回報")


def _parts_settled(cast: SimpleNamespace) -> None:
    cast.room.later(hours=2)
    cast.lin.says("倉庫").presses("L26-001").presses("收到退料").says("1")
    cast.lin.says("倉庫").presses("2611-0001-P").presses("收到舊件")


def _cleaned_free_of_charge(cast: SimpleNamespace) -> None:
    wang, t = cast.wang, cast.t
    _on_site(cast, cast.xu, "0922-333-444", "冷氣不冷", "日立 RAS-28")
    wang.presses("聽：記客戶說的").says(t("昨天開始不冷")).presses("跳過").presses("跳過").presses("跳過").presses("就這些")
    wang.presses("沒問題，送出")
    plays.looks(wang)
    wang.presses("查：找原因").says(t("濾網")).presses("跳過").says(t("濾網堵塞")).presses("自然磨損").presses("就這些")
    wang.presses("沒問題，送出").presses("處理：記做了什麼").says(t("清洗濾網並測出風口溫度")).presses("無（自然損耗）")
    wang.presses("同意").presses("修好了").presses("否").presses("跳過").presses("就這些").presses("沒問題，送出")
    _signed(cast, cast.xu)


def workshop(language: str) -> tuple[Room, list[Sample]]:
    """A television that is taken in, repaired and inspected."""
    cast = branch(language)
    wang, t = cast.wang, cast.t
    _on_site(cast, cast.zhang, "0912-345-678", "電視螢幕一半不亮，有聲音", "新力 KD-55", "電視.jpg")
    wang.presses("聽：記客戶說的").says(t("電視螢幕一半不亮，有聲音")).presses("跳過").presses("跳過").presses("跳過")
    wang.presses("就這些").presses("沒問題，送出")
    plays.looks(wang)
    wang.presses("做不完").presses("帶回修").says(t("螢幕一半不亮，主機板要帶回檢測")).says("EM-8812").says(
        t("遙控器、電源線")
    ).sends_photo("電視.jpg")
    wang.presses("就這些").says("2026/12/4").presses("沒問題，送出").presses("客戶簽收據").says(cast.zhang.name)
    wang.presses("客戶本人").sends_photo("領取簽認.jpg")
    _mended(cast)
    goods = cases.every(cast.room.connection, Goods)[-1]
    return cast.room, [Sample("goods-receipt", f"{RECEIPT}{goods.id}"), Sample("repair-card", f"{CARD}{goods.id}")]


def _mended(cast: SimpleNamespace) -> None:
    cast.room.later(hours=3)
    cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")
    cast.wang.says("登記簿").presses("-W1").presses("開始修")
    cast.wang.presses("記換件").says(f"2 個 {cast.t('電容 470μF')}").presses("燒毀").presses("帶回公司")
    cast.room.later(minutes=75)
    cast.wang.presses("修好了").says(cast.t("換主機板電容，開機兩小時正常"))
    cast.room.later(minutes=20)
    cast.li.says("登記簿").presses("-W1").presses("驗訖")


def handover(language: str) -> tuple[Room, list[Sample]]:
    """What somebody who leaves has handed over, as the three have confirmed it."""
    cast = branch(language)
    zhao = cast.room.person(cast.t("趙師傅"), Role.TECHNICIAN)
    points = [Point("order:12", PointKind.ORDER, "2611-0012", "accepted", to=zhao.id)]
    for n, what in enumerate(("真空泵 2 號", "萬用電表"), 1):
        points.append(Point(f"holding:{n}", PointKind.HOLDING, cast.t(what), "tool", "1", to=cast.lin.id))
    points.append(Point("holding:3", PointKind.HOLDING, f"P-100 {cast.t('排水泵浦')}", "part", "2", to=cast.lin.id))
    done = Handover(
        number="H26-001", branch="main", opened_at=at("週五 09:00"), person=cast.wang.id, last_day=date(2026, 11, 30),
        due_at=at("下週二 18:00"), points=tuple(points), given_at=at("週五 10:00"), stage=HandoverStage.DONE,
        received=(Stamp(zhao.id, at("週五 11:00")), Stamp(cast.lin.id, at("週五 11:20"))),
        witnessed=Stamp(cast.li.id, at("週五 12:00")), closed_at=at("週五 12:00"),
    )  # fmt: skip
    unit = Unit(cast.room.connection, cast.room.now, cast.room.company.terms)
    kept = unit.record(None, Ruling(done, (Entry("handover.done", {}, "STF-13"),)), by=cast.li.id)
    return cast.room, [Sample("handover-list", f"{PAPER}{kept.id}")]


def figures(language: str) -> tuple[Room, list[Sample]]:
    """A company's October out of a made-up year."""
    room = Room.open(start="週一 09:00")
    room.company = replace(room.company, name=words_in(language)["晴光家電"])
    made_up(room.connection, 600)
    return room, [Sample("figures", "figures-pdf:2026-10:a")]


def main(folder: Path) -> None:
    """Write them all anew."""
    folder.mkdir(parents=True, exist_ok=True)
    for language in LANGUAGES:
        for name, content in printed(language):
            (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
