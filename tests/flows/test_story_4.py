"""RULEBOOK 26's story 4 as a room play on either engine: no fee under the guarantee; quote, receipt, cash by noon (FEE)."""

from types import SimpleNamespace

from rules.charges import Receipt
from rules.orders import ServiceClass, Stage
from rules.people import Role
from storage import cases, journal, ledger, staffing
from tests import plays
from tests.flows.test_the_clock import sweeps
from tests.room import Phone, Room


def of_room(room: Room) -> SimpleNamespace:
    return SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        li=room.person("李主任", Role.SUPERVISOR),
        chen=room.person("陳小姐", Role.CLERK),
        wang=room.person("王師傅", Role.TECHNICIAN),
        zhou=room.person("周會計", Role.ACCOUNTANT),
    )


def looks(wang: Phone, verdict: str) -> None:
    wang.presses("看：外觀與保固").presses(verdict).presses("否").presses("就這些").presses("沒問題，送出")


def quotes(phone: Phone, price: str = "180", what: str = "檢修工資") -> None:
    """A quote of one line of labour, sent."""
    phone.presses("💰 報價").presses("工資").says(what).says("1").says(price).presses("否")
    phone.says("已過保固兩年").presses("沒問題，送出")


def test_story_4_a_free_order_is_never_charged_for(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 10:00")
    cast = of_room(room)
    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "保固內")
    assert room.order().service_class is ServiceClass.C

    cast.wang.says("收款").sees("C 免費服務", "不能向客戶收費", "規則 FEE-1")
    cast.wang.says("報價").sees("不能向客戶收費", "規則 FEE-1")

    assert cases.every(room.connection, Receipt) == []
    kept = [line.facts["code"] for line in journal.lines(room.connection, f"person:{cast.wang.id}") if line.kind == "refused"]
    assert kept == ["no-charge", "no-charge"]
    room.close()


def test_story_4_a_paid_order_is_quoted_accepted_charged_and_handed_in(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 10:00")
    cast = of_room(room)
    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "已過保固")
    cast.zhang.sees("不在保固範圍", "同意了才開始")
    plays.checks(cast.wang)
    cast.wang.presses("處理：記做了什麼").sees("要先報價", "規則 FEE-3")

    quotes(cast.wang)
    cast.wang.sees("報價 Q26-001 送主管核准了")
    assert "180" not in cast.zhang.transcript()
    cast.li.sees("報價 Q26-001：180 TWD", "王師傅 提出").presses("核准報價").sees("已核准")
    cast.zhang.sees("報價：180 TWD", "工資 檢修工資", "收費原因：已過保固兩年", "[接受報價]").presses("接受報價").sees("已接受")
    cast.wang.sees("客戶接受報價 Q26-001")

    plays.acts(cast.wang)
    plays.tries_it(cast.wang)
    cast.wang.presses("💵 收款").presses("180 TWD").presses("現金").sees("收到 180 TWD，收據 RC26-001 已給客戶")
    cast.zhang.sees("已收到 180 TWD，收據編號 RC26-001")
    assert ledger.paid_for(room.connection, room.order().id) == {"TWD": 18000}
    assert [one.label for one in staffing.held_by(room.connection, cast.wang.id)] == ["RC26-001"]

    sweeps(cast, "週六 11:59")
    assert "RC26-001" not in cast.li.transcript()
    sweeps(cast, "週六 12:00")
    cast.li.sees("RC26-001", "現金繳回")
    cast.zhou.says("款項").sees("王師傅 手上現金 180 TWD").presses("點收 王師傅").says("１８０元").sees("相符")
    assert staffing.held_by(room.connection, cast.wang.id) == []
    assert list(journal.flaws(room.connection)) == []
    room.close()


def test_story_4_above_the_cash_limit_the_accountant_invoices_the_same_day(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 10:00")
    cast = of_room(room)
    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "已過保固")
    plays.checks(cast.wang)
    quotes(cast.wang, "NT$ 1,200")
    cast.li.presses("核准報價")
    cast.zhang.says("接受報價").sees("已接受")
    plays.acts(cast.wang)
    plays.tries_it(cast.wang)

    cast.wang.says("收款").presses("1,200 TWD").presses("現金").sees("超過現場收現上限 200 TWD", "規則 FEE-7")
    cast.wang.says("取消")
    room.later(minutes=1)
    plays.signs(cast.wang)
    cast.wang.says("離場").presses("就這樣")
    cast.zhou.sees("1,200 TWD", "請今天開發票").presses("開好了").says("AB-12345678").sees("AB-12345678")
    cast.zhang.sees("發票 AB-12345678")
    cast.chen.presses("登記簿銷單")
    cast.li.presses("核准")
    assert room.order().stage in (Stage.APPROVED, Stage.ARCHIVED)
    cast.zhou.says("款項").presses("V26-001").presses("收到款了").presses("1,200 TWD").presses("轉帳").sees("RC26-001")
    assert room.order().dues.is_paid
    cast.zhou.says("款項").sees("・")
    assert list(journal.flaws(room.connection)) == []
    room.close()
