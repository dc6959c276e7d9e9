"""Stretches of the job as the people play it in a room, for tests that begin later."""

from contextlib import suppress
from decimal import Decimal
from types import SimpleNamespace

from rules import attendants, dispatch, intake, visits
from rules.orders import FaultReport
from rules.refusals import Refused
from storage.unit import Unit
from tests.room import Phone, Room


def reports(zhang: Phone, fault: str = "客廳冷氣漏水", *, area: str = "市區") -> None:
    """A customer reports a fault, whole."""
    zhang.says(fault).presses("就這些").says("大金 FTXV50").says("台北市大安區和平東路一段 1 號").says("張先生")
    zhang.says("0912-345-678").presses(area).presses("沒問題，送出")


def gets_ready(wang: Phone) -> None:
    """Accepts and works through the list before leaving."""
    wang.presses("接單").presses("出發前準備").presses("看過單子").presses("打過電話給客戶").presses("打通了")
    wang.presses("零件帶了").presses("鞋套帶了")


def arrives(wang: Phone) -> None:
    wang.presses("出發").presses("到了").presses("跳過").says("張先生")


def listens(wang: Phone) -> None:
    wang.presses("聽：記客戶說的").says("昨晚開始滴水").presses("跳過").presses("跳過").presses("跳過").presses("就這些")
    wang.presses("沒問題，送出")


def looks(wang: Phone) -> None:
    wang.presses("看：外觀與保固").presses("保固內").presses("否").presses("就這些").presses("沒問題，送出")


def checks(wang: Phone) -> None:
    wang.presses("查：找原因").says("排水管").presses("跳過").says("排水管堵塞").presses("自然磨損").presses("就這些")
    wang.presses("沒問題，送出")


def acts(wang: Phone, *, parts: bool = False) -> None:
    wang.presses("處理：記做了什麼").says("通管並清洗").presses("無（自然損耗）").presses("同意").presses("修好了")
    wang.presses("是" if parts else "否").presses("跳過").presses("就這些").presses("沒問題，送出")


def uses_a_part(wang: Phone) -> None:
    wang.says("用了 1 個 排水管 D16").presses("磨損").presses("帶回公司").presses("否").presses("沒問題，送出")


def tries_it(wang: Phone) -> None:
    wang.presses("客戶試機").presses("正常").presses("是")


def signs(wang: Phone, picture: str = "簽名.jpg") -> None:
    wang.presses("簽名").presses("跳過").says("張先生").presses("客戶本人").sends_photo(picture)


def dispatched(cast: SimpleNamespace) -> None:
    """Up to the technician's slip."""
    reports(cast.zhang)
    cast.li.presses("派 王師傅")


def on_site(cast: SimpleNamespace) -> None:
    dispatched(cast)
    gets_ready(cast.wang)
    arrives(cast.wang)


def finished(cast: SimpleNamespace) -> None:
    """Everything but the signature."""
    on_site(cast)
    for step in (listens, looks, checks, acts, tries_it):
        step(cast.wang)


def signed(cast: SimpleNamespace) -> None:
    finished(cast)
    cast.room.later(minutes=1)
    signs(cast.wang)


def brought_on_site(room: Room, zhang: Phone, li: Phone, wang: Phone) -> None:
    """The same in any line of business, decided and recorded without a word; as far as its policy lets it go at once."""
    terms, now = room.company.terms, room.now
    report = FaultReport(
        "張先生", "台北市大安區和平東路一段 1 號", "+886912345678", "A-100", "S1", "張先生", "不會動", zone="urban",
        fault_kind="body", distance_km=Decimal(50),
    )  # fmt: skip
    unit = Unit(room.connection, now, terms)
    told = intake.report_fault(
        report, number="2611-9001", branch="main", customer=zhang.id, asset=None, by=zhang.who(), now=now, terms=terms
    )
    order = unit.record(None, told, by=zhang.id)
    with suppress(Refused):
        order = unit.record(order, dispatch.dispatch(order, (wang.id,), by=li.who(), now=now, terms=terms), by=li.id)
        by = {"by": wang.who(), "now": now, "terms": terms}
        order = unit.record(order, dispatch.accept(order, **by), by=wang.id)
        for firm in set(dispatch.unticked(order, terms.policy)) & set(dispatch.FIRM):
            order = unit.record(order, dispatch.tick(order, firm, **by), by=wang.id)
        if dispatch.unticked(order, terms.policy):
            order = unit.record(order, dispatch.override(order, "趕時間", **by), by=wang.id)
        order = unit.record(order, dispatch.depart(order, **by), by=wang.id)
        led_in = {"attendant": "周服務員"} if attendants.is_wanted(terms.policy) else {}
        unit.record(order, visits.arrive(order, {"met": "張先生"} | led_in, **by), by=wang.id)


def takes_back(wang: Phone, *, planned: str = "2026/12/4") -> None:
    """Writes the receipt and has it signed; the goods are in his hands from then on."""
    wang.presses("做不完").presses("帶回修").says("要拆機").presses("跳過").says("電源線").sends_photo("正面.jpg").presses(
        "就這些"
    ).says(planned)
    wang.presses("沒問題，送出").presses("客戶簽收據").says("張先生").presses("客戶本人").sends_photo("領取簽認.jpg")


def mends(cast: SimpleNamespace) -> None:
    """Entered, worked on for half an hour, repaired and inspected."""
    cast.chen.says("登記簿").presses("-W1").presses("收到，登記入庫")
    cast.wang.says("登記簿").presses("-W1").presses("開始修")
    cast.room.later(minutes=30)
    cast.wang.presses("修好了").says("換電容")
    cast.li.says("登記簿").presses("-W1").presses("驗訖")


def gives_back(phone: Phone) -> None:
    phone.presses("收回了").says("張先生").presses("客戶本人").sends_photo("取回簽認.jpg")


def has_read(phone: Phone) -> None:
    """Whatever stands in the chat by now was read."""
    phone.transcript()
    phone.mark = len(phone.bubbles)
