"""Classes, quotes, money and expenses in chat, as rooms play them (TYP, WAR, FEE, DSP-7, DSP-10, CLS-6)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.charges import Receipt
from rules.expenses import Advance, Expense
from rules.invoices import Invoice
from rules.orders import ServiceClass, Stage
from rules.people import Role
from rules.quotes import Quote, QuoteStage
from scheduler import tending
from storage import cases, journal, staffing
from tests import plays
from tests.flows.test_story_4 import looks, of_room, quotes
from tests.flows.test_the_clock import sweeps
from tests.room import Room, at


@pytest.fixture
def desk() -> Iterator[SimpleNamespace]:
    """An appliance dealer's order, looked at and found outside the guarantee."""
    room = Room.open("appliance", start="週五 10:00")
    cast = of_room(room)
    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "已過保固")
    plays.checks(cast.wang)
    yield cast
    room.close()


def test_the_money_comes_before_the_visit_where_the_profile_says_so(database_url: str) -> None:
    room = Room.open("machinery", url=database_url, start="週五 10:00")
    cast = of_room(room)
    cast.zhang.says("主軸異音").presses("修理").presses("就這些").says("銑床 M5").says("台中市西屯區工業一路 2 號").says(
        "張先生"
    )
    cast.zhang.says("0912-345-678").presses("沒問題，送出")
    cast.li.presses("服務類別").says("2024/1/1").sees("建議：A 有費服務", "保固 12 個月")
    cast.li.presses("A 有費服務").sees("A 有費服務")
    cast.zhang.sees("不在保固範圍")
    cast.li.presses("派 王師傅").says("生產課說可以").sees("規則 DSP-10")

    quotes(cast.li, "8,000")
    cast.zhang.sees("報價：8,000 TWD").presses("接受報價")
    cast.zhou.sees("客戶接受報價").says(room.order().number).presses("💵 收款").presses("8,000 TWD").presses("轉帳")
    cast.zhang.sees("已收到 8,000 TWD", "RC26-001")

    assert room.order().dues.is_paid
    cast.li.presses("派 王師傅").says("生產課說可以")
    assert room.order().stage is Stage.ASSIGNED
    assert list(journal.flaws(room.connection)) == []
    room.close()


def test_another_class_needs_a_reason_and_the_supervisor_s_word(desk: SimpleNamespace) -> None:
    desk.wang.says("類別").presses("跳過").sees("師傅現場看：已過保固").presses("C 免費服務")
    desk.wang.says("客戶是新買的").sees("已請主管決定")
    desk.li.sees("王師傅 要改為「C 免費服務」", "客戶是新買的", "[同意改類別]").presses("同意改類別")

    assert desk.room.order().service_class is ServiceClass.C
    desk.wang.sees("C 免費服務")


def test_extra_work_is_asked_anew_and_a_no_is_a_no(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")
    quotes(desk.wang, "50", "加裝濾網")
    desk.li.presses("核准報價")
    desk.wang.says("處理").sees("還沒有答覆", "規則 FEE-4")

    desk.zhang.sees("追加項目：50 TWD").presses("不接受").says("不用了")

    desk.wang.sees("客戶不接受報價 Q26-002：不用了")
    assert desk.room.order().dues.agreed == 10000
    desk.wang.presses("處理：記做了什麼")
    assert desk.room.order().stage is Stage.ACTING


def test_an_old_button_of_an_answered_quote_asks_nothing_any_more(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")

    desk.zhang.presses("不接受").sees("Q26-001 已經結案", "REC-1")


def test_a_quote_that_is_sent_back_says_why_and_never_reaches_the_customer(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "999")
    desk.li.presses("不核准").says("太高了")

    desk.wang.sees("沒有核准：太高了")
    assert "999" not in desk.zhang.transcript()
    quotes(desk.wang, "100")


def test_where_the_customer_has_no_chat_his_consent_is_signed_on_paper(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")

    desk.wang.says("待辦")
    quote = cases.every(desk.room.connection, Quote)[0]
    desk.wang.presses_token(f"u.{quote.id}.paper").says("張太太").sends_photo("同意書").sees("書面同意：張太太")

    assert desk.room.order().dues.agreed == 10000


def test_a_quote_without_an_answer_runs_out(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")
    desk.room.now = at("週五 10:00").replace(month=12, day=12)
    tending.daily(desk.room.connection, desk.room.company.terms, now=desk.room.now)

    assert cases.every(desk.room.connection, Quote)[0].stage == QuoteStage.EXPIRED
    desk.zhang.says("接受報價").sees("沒有等待答覆的報價")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("人民幣 500", "這裡用 TWD 記帳"),
        ("-5", "不能是負的"),
        ("12.345", "小數位數太多"),
        ("很多", "看不懂金額"),
        ("0", "大於零"),
    ],
)
def test_an_amount_that_can_t_be_taken_is_explained_and_nothing_is_lost(desk: SimpleNamespace, typed: str, told: str) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")

    desk.wang.says("收款").says(typed).sees(told, "收多少").says("１００").presses("現金").sees("RC26-001")


def test_a_receipt_stands_until_the_accountant_cancels_it(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")
    desk.wang.says("收款").presses("100 TWD").presses("現金")
    quote, receipt = cases.every(desk.room.connection, Quote)[0], cases.every(desk.room.connection, Receipt)[0]

    desk.wang.presses_token(f"u.{quote.id}.withdraw").sees("收據已經開了", "規則 FEE-8")
    desk.wang.presses_token(f"rc.{receipt.id}.void").sees("身分不能做")
    desk.zhou.presses_token(f"rc.{receipt.id}.card").presses("作廢收據").says("金額打錯").sees("已作廢")

    desk.zhang.sees("收據 RC26-001", "已作廢：金額打錯")
    assert staffing.held_by(desk.room.connection, desk.wang.id) == []
    desk.wang.says("收款").presses("100 TWD").presses("現金").sees("RC26-002")


def test_a_wrong_count_is_refused_with_the_difference(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")
    desk.wang.says("收款").presses("100 TWD").presses("現金")

    desk.zhou.says("款項").presses("點收 王師傅").says("99").sees("收據合計 100 TWD，點收 99 TWD，相差 -1 TWD")
    desk.zhou.says("100").sees("相符")
    desk.zhou.says("款項").sees("王師傅：收 100 TWD（1 張），未繳 0 TWD")


def test_an_outsider_learns_nothing_of_a_quote_or_a_receipt(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "100")
    stranger = desk.room.person("外人")
    quote = cases.every(desk.room.connection, Quote)[0]

    for action in ("card", "accept", "decline", "paper", "withdraw", "consent"):
        stranger.presses_token(f"u.{quote.id}.{action}").sees("查不到")
    desk.zhang.presses_token(f"u.{quote.id}.accept").sees("查不到")  # not his before the leader's consent
    stranger.presses_token("rc.1.card").sees("查不到")


def test_an_invoice_that_is_late_is_told_and_collected_on_a_trip(desk: SimpleNamespace) -> None:
    quotes(desk.wang, "900")
    desk.li.presses("核准報價")
    desk.zhang.presses("接受報價")
    plays.acts(desk.wang)
    plays.tries_it(desk.wang)
    desk.wang.presses("📑 交開發票").sees("已交代會計")
    sweeps(desk, "週五 17:30")
    desk.li.sees("V26-001", "開發票")

    desk.zhou.presses("開好了").says("AB-1")
    invoice = cases.every(desk.room.connection, Invoice)[0]
    desk.li.presses_token(f"iv.{invoice.id}.card").presses("派人收款").presses("王師傅")
    desk.wang.sees("請向 張先生 收款 900 TWD").presses("收到款了").presses("900 TWD").presses("現金").sees("RC26-001")

    assert not cases.every(desk.room.connection, Invoice)[0].is_open


def test_an_advance_and_its_expenses_from_asking_to_settling(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 10:00")
    cast = of_room(room)
    cast.wang.says("報銷").presses("＋ 借款").says("3,000").says("高雄出差").presses("跳過").presses("沒問題，送出").sees(
        "A26-001"
    )
    cast.li.sees("王師傅 申請借款 A26-001：3,000 TWD").presses("核准")
    cast.zhou.sees("請付款").presses("已付款").sees("已付借款 3,000 TWD")
    cast.wang.sees("請在 2026年12月11日 前報銷")
    assert [one.label for one in staffing.held_by(room.connection, cast.wang.id)] == ["A26-001"]

    cast.wang.says("報銷").presses("＋ 報銷").presses("交通").says("1,800").sends_photo("高鐵票").presses("是")
    cast.wang.presses("住宿").says("１，５００").sends_photo("旅館").presses("否").says("高雄出差").presses("跳過")
    cast.wang.sees("合計 3,300 TWD").presses("沒問題，送出").sees("E26-001")
    cast.li.sees("王師傅 報銷 E26-001：3,300 TWD").presses("核准")
    cast.zhou.presses("已付款").sees("付 300 TWD")
    cast.wang.sees("付您 300 TWD", "A26-001")

    assert staffing.held_by(room.connection, cast.wang.id) == []
    assert not cases.every(room.connection, Advance)[0].is_open
    cast.wang.says("報銷").presses("＋ 報銷").presses("交通").says("1,800").sends_photo("高鐵票").presses("否").says("再一次")
    cast.wang.presses("跳過").presses("沒問題，送出")
    cast.li.sees("有單據以前報過（E26-001）").presses("退回").says("同一張票")
    cast.wang.sees("退回：同一張票")
    assert [one.number for one in cases.every(room.connection, Expense)] == ["E26-001", "E26-002"]
    assert list(journal.flaws(room.connection)) == []
    room.close()


def test_an_advance_that_is_overdue_is_told_and_bars_another_one(database_url: str) -> None:
    room = Room.open("appliance", url=database_url, start="週五 10:00")
    cast = of_room(room)
    manager = room.person("何經理", Role.MANAGER)
    cast.wang.says("借款").presses("＋ 借款").says("3000").says("出差").presses("跳過").presses("沒問題，送出")
    cast.li.presses("核准")
    cast.zhou.presses("已付款")
    room.now = at("週五 10:00").replace(month=12, day=12)

    cast.wang.says("借款").presses("＋ 借款").sees("A26-001 逾期還沒核銷").says("明天就出發").says("500").says("台中").presses(
        "跳過"
    )
    cast.wang.presses("沒問題，送出")
    manager.sees("申請借款 A26-002").presses("核准")
    assert cases.every(room.connection, Advance)[1].approved_by == manager.id
    room.close()
