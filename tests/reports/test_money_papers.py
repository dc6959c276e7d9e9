"""Quotes and receipts as papers, and money on the service report, in three languages (FEE-3, FEE-5, FEE-8)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from bot.reports.printer import Printer
from rules.charges import Receipt
from rules.quotes import Quote
from storage import cases
from tests import plays
from tests.flows.test_story_4 import looks, of_room, quotes
from tests.reports.test_service_report import words
from tests.room import Room


@pytest.fixture(scope="module")
def paid() -> Iterator[SimpleNamespace]:
    """An order that was quoted and half paid, with a printer that keeps what it made."""
    room = Room.open(start="週五 10:00")
    cast, kept = of_room(room), dict[str, bytes]()

    def keep(content: bytes) -> str:
        kept[f"{len(kept):064d}"] = content
        return f"{len(kept) - 1:064d}"

    plays.on_site(cast)
    plays.listens(cast.wang)
    looks(cast.wang, "已過保固")
    plays.checks(cast.wang)
    quotes(cast.wang, what='檢修 #eval("1")')
    cast.li.presses("核准報價")
    cast.zhang.presses("接受報價")
    cast.wang.says("收款").says("100").presses("現金")
    yield SimpleNamespace(
        cast=cast, room=room, kept=kept, printer=Printer(lambda: room.company, keep=keep, load_file=kept.__getitem__)
    )
    room.close()


@pytest.mark.parametrize(
    ("language", "quote", "receipt"),
    [
        ("zh-Hant", ("報價單", "不在保固範圍", "合計180.00", "已接受"), ("收據", "實收100.00TWD", "未付80.00TWD", "現金")),
        ("zh-Hans", ("报价单", "不在保修范围", "合计180.00", "已接受"), ("收据", "实收100.00TWD", "未付80.00TWD", "现金")),
        (
            "en",
            ("Quote", "outsidetheguarantee", "Total180.00", "Accepted"),
            ("Receipt", "Received100.00TWD", "Open80.00TWD", "Cash"),
        ),
    ],
)
def test_quote_and_receipt_are_in_the_reader_s_language(
    paid: SimpleNamespace, language: str, quote: tuple[str, ...], receipt: tuple[str, ...]
) -> None:
    for kind, number, wanted in (("quote", "Q26-001", quote), ("receipt", "RC26-001", receipt)):
        made = paid.printer(paid.room.connection, f"{kind}:{number}", 0, language)
        told = words(paid.kept[made.sha256])
        assert made.name.endswith(f"{number}.pdf")
        assert [one for one in (*wanted, number, "張先生", '#eval("1")') if one not in told] == []


def test_the_papers_go_along_with_their_notices(paid: SimpleNamespace) -> None:
    for paper in ("quote:Q26-001", "receipt:RC26-001"):
        assert paid.room.raw(f"SELECT count(*) FROM outbox WHERE body LIKE '%{paper}%'") == 1


def test_the_service_report_tells_the_money_and_its_receipts(paid: SimpleNamespace) -> None:
    told = words(paid.printer.service_report(paid.room.connection, paid.room.order(), "zh-Hant"))

    for one in ("費用", "180.00TWD", "已付100.00TWD", "未付80.00TWD", "RC26-001"):
        assert one in told, one


def test_a_cancelled_receipt_says_so_and_why(paid: SimpleNamespace) -> None:
    undo = paid.room.connection.begin_nested()
    paid.cast.zhou.says("款項")
    receipt = cases.by_number(paid.room.connection, Receipt, "RC26-001")
    paid.cast.zhou.presses_token(f"rc.{receipt.id}.void").says("金額打錯了").sees("已作廢")

    voided = cases.by_number(paid.room.connection, Receipt, "RC26-001")
    told = words(paid.printer.money_paper(paid.room.connection, voided, "zh-Hant"))

    assert "已作廢" in told and "金額打錯了" in told
    undo.rollback()


def test_nothing_is_printed_of_a_quote_that_is_none(paid: SimpleNamespace) -> None:
    assert paid.printer(paid.room.connection, "quote:Q99-999", 0, "en") is None
    assert paid.printer(paid.room.connection, "receipt:RC99-999", 0, "en") is None
    assert cases.every(paid.room.connection, Quote)[0].number == "Q26-001"
