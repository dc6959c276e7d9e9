"""Papers of the store and of a month in chat: who gets them, by which button or word (PRT-1, PRT-7, PRT-9, FEE-7, CLS-7)."""

import json
from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest

from rules.people import Role
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from scheduler import month_end
from storage import conversations, journal, volumes
from tests import depot, plays
from tests.depot import has, newest
from tests.flows.test_story_4 import looks, quotes
from tests.room import Phone, at


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with depot.branch(start="週五 10:00") as cast:
        cast.zhou = cast.room.person("周會計", Role.ACCOUNTANT)
        cast.du = cast.room.person("杜工程師", Role.RND, branch="總部")
        yield cast


def papers(phone: Phone) -> list[str]:
    """What goes along with the newest message to somebody."""
    row = phone.room.raw_row("SELECT body FROM outbox WHERE chat = ? ORDER BY id DESC LIMIT 1", phone.name)
    return list(json.loads(row[0]).get("papers", []))  # type: ignore[index]


def test_a_requisition_goes_out_as_a_paper_to_whoever_sees_it(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.asks(cast, at_order=False)
    asked = newest(cast, Requisition)

    for phone in (cast.wang, cast.li):
        phone.presses("📄 PDF").sees("L26-001 的 PDF 在附件")
        assert papers(phone) == [f"requisition:{asked.id}"]
    cast.zhao.presses_token(f"j.{asked.id}.paper").sees("查不到這個案子")
    assert papers(cast.zhao) == []


def test_goods_that_came_have_a_paper_for_store_and_purchasing(cast: SimpleNamespace) -> None:
    """PRT-9: two copies, two readers."""
    buyer = cast.room.person("白採購", Role.BUYER)
    cast.lin.says("倉庫").presses("📥 收貨").presses("供應商").presses("跳過").says("p-100").says("2").presses("跳過").presses(
        "否"
    )
    cast.lin.presses("沒問題，送出")

    for phone in (cast.lin, buyer):
        phone.presses("📄 PDF").sees("GR26-001 的 PDF 在附件")
        assert papers(phone) == [f"goods-in:{newest(cast, GoodsReceipt).id}"]


def test_a_paper_that_was_filed_is_found_again_by_its_number(cast: SimpleNamespace) -> None:
    """REC-1, PRT-18: for whoever may see it."""
    has(cast, "P-100", 5)
    depot.asks(cast, at_order=False)
    cast.li.presses("不核准").says("先試著清洗")

    for typed in ("L26-001", "ｌ26-001"):
        cast.lin.says(typed).sees("領料單 L26-001", "不核准", "[📄 PDF]")
    cast.zhao.says("L26-001").sees("查不到這個案子")
    cast.lin.says("GR26-009").sees("查不到這個案子")


def test_any_case_is_found_again_by_its_number(cast: SimpleNamespace) -> None:
    """REC-1: goods that follow from an order too; what only looks like a number of ours may be a customer's machine."""
    plays.on_site(cast)
    plays.listens(cast.wang)
    plays.takes_back(cast.wang)

    cast.wang.says("2611-0001-w1").sees("2611-0001-W1", "電源線")
    cast.stranger.says("2611-0001-W1").sees("查不到這個案子")
    cast.stranger.says("T26-300").sees("有照片的話請傳過來")


def test_the_old_parts_of_a_month_are_a_button_of_the_store(cast: SimpleNamespace) -> None:
    cast.lin.says("倉庫").presses("♻️ 舊件清單").sees("2026-11 的舊件清單在附件")
    assert [one.rpartition(":")[0] for one in papers(cast.lin)] == ["old-parts:2026-11"]

    cast.lin.presses("2026-10").sees("2026-10 的舊件清單在附件")
    cast.lin.presses_token("i.old_parts.2027-01").sees("過了")
    cast.wang.presses_token("i.old_parts").sees("這件事由")


def test_the_reconciliation_is_a_button_of_the_list_of_money(cast: SimpleNamespace) -> None:
    """A supervisor has his branch's, the accountant everybody's; a technician none."""
    cast.zhou.says("款項").presses("📄 對帳單 2026-11").sees("2026-11 的收款對帳單在附件")
    assert papers(cast.zhou) == ["cash-month:2026-11:a"]
    cast.li.says("款項").presses("📄 對帳單 2026-10").sees("2026-10")
    assert papers(cast.li)[0].startswith("cash-month:2026-10:b")
    cast.wang.presses_token("m.money.paper.2026-11").sees("這件事由")
    assert papers(cast.wang) == []


def paid_and_left(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "已過保固")
    plays.checks(cast.wang)
    quotes(cast.wang)
    cast.li.presses("核准報價")
    cast.zhang.presses("接受報價")
    cast.wang.says("收款").presses("180 TWD").presses("現金")
    plays.acts(cast.wang)
    plays.tries_it(cast.wang)
    cast.room.later(minutes=1)
    plays.signs(cast.wang)
    cast.wang.presses("離場簡報").presses("就這樣回報")


def test_the_service_report_is_on_paper_for_staff_too_and_after_closing_without_address(cast: SimpleNamespace) -> None:
    """CND-2: address and telephone are for whoever needs them, as long as the order is open."""
    plays.on_site(cast)
    cast.zhang.says("服務報告").sees("還沒有簽過的報告")
    plays.listens(cast.wang)
    cast.li.says("詳情 2611-0001").presses("📄 服務報告").sees("2611-0001 的 PDF 在附件")
    assert papers(cast.li) == ["service-report"]
    for step in (plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)
    cast.room.later(minutes=1)
    plays.signs(cast.wang)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    cast.chen.presses_token(f"o.{cast.room.order().id}.file")
    cast.li.presses_token(f"o.{cast.room.order().id}.approve")
    assert not cast.room.order().is_open

    cast.li.says("服務報告 2611-0001").sees("張先生 簽名")
    assert papers(cast.li) == ["service-record"]
    cast.zhang.says("服務報告 2611-0001")
    assert papers(cast.zhang) == ["service-report"]


def test_a_quote_and_a_receipt_can_be_had_once_more(cast: SimpleNamespace) -> None:
    paid_and_left(cast)

    for typed, paper in (("Q26-001", "quote:Q26-001"), ("RC26-001", "receipt:RC26-001")):
        for phone in (cast.zhang, cast.zhou):
            phone.says(typed).presses("📄 PDF").sees(f"{typed} 的 PDF 在附件")
            assert papers(phone) == [paper]
        cast.zhao.says(typed).sees("查不到這個案子")


def test_at_the_month_s_end_the_volume_is_filed_and_the_accountant_has_the_reconciliation(cast: SimpleNamespace) -> None:
    """CLS-7, REC-2, FEE-7: once."""
    paid_and_left(cast)
    room, terms, day = cast.room, cast.room.company.terms, date(2026, 12, 1)
    room.now = at("下週二 09:00")

    told = [month_end.daily(room.connection, terms, day, now=room.now) for _ in range(2)]

    assert told == [2, 0]
    cast.du.sees("2026-11 服務記錄共 1 份")
    assert papers(cast.du) == ["volume:2026-11:a:1"]
    cast.zhou.sees("2026-11 的收款對帳單在附件，共 1 張收據")
    assert [one.rpartition(":")[0] for one in papers(cast.zhou)] == ["cash-month:2026-11"]
    (filed,) = journal.lines(room.connection, volumes.subject("2026-11"))
    seal = room.order("2611-0001").seals[-1].digest
    assert (filed.kind, filed.rule) == ("volume.bound", "CLS-7")
    assert filed.facts == {"n": 1, "digest": volumes.digest([("2611-0001", seal)])}
    assert list(journal.flaws(room.connection)) == []


def test_whoever_leads_and_the_technical_department_ask_for_a_volume(cast: SimpleNamespace) -> None:
    paid_and_left(cast)
    cast.du.says("月冊").sees("哪個月").presses("2026-11").sees("2026-11 的服務月冊在附件，共 1 件")
    assert papers(cast.du) == ["volume:2026-11:a:1"]
    cast.li.says("服務月冊").presses("2026-11").sees("共 1 件")
    assert papers(cast.li)[0].startswith("volume:2026-11:b")
    cast.li.says("月冊").presses("2026-10").sees("2026-10 沒有完成的服務")
    assert papers(cast.li) == []
    cast.wang.says("月冊").sees("這件事由")
    assert papers(cast.wang) == []


def test_an_old_button_of_a_requisition_asks_for_no_reason_that_nobody_wants_any_more(cast: SimpleNamespace) -> None:
    has(cast, "P-100", 5)
    depot.asks(cast, at_order=False)
    reject = next(one.token for one in cast.li.buttons() if one.label == "不核准")
    cast.li.presses("核准")

    cast.li.presses_token(reject).sees("PRT-1")
    assert conversations.live(cast.room.connection, cast.li.id) is None
