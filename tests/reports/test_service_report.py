"""The service report as a paper, in three languages (VIS-16, SIG-10)."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from pypdf import PdfReader

from bot.reports.printer import Printer
from rules.people import Role
from storage import files
from storage.files import Shelf
from tests import plays
from tests.room import Room
from tests.stage import photo


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """An order that was worked and signed, with real pictures, and a printer."""
    room = Room.open()
    cast = SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        li=room.person("李主任", Role.SUPERVISOR),
        wang=room.person("王師傅", Role.TECHNICIAN),
    )
    shelf = Shelf(tmp_path / "files")
    plays.signed(cast)
    order = room.order()
    picture = shelf.put(photo("張先生的簽名"))
    files.note(room.connection, sha256=picture, mime="image/jpeg", size=1, now=room.now)
    order = replace(order, seals=(*order.seals[:-1], replace(order.seals[-1], signature=picture)))
    company = replace(room.company, public_url="https://desk.example")
    yield SimpleNamespace(cast=cast, order=order, printer=Printer(lambda: company, keep=shelf.put, load_file=shelf.get))
    room.close()


def words(pdf: bytes) -> str:
    """What stands on the paper, without the breaks that typesetting makes."""
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def test_the_report_says_what_was_recorded_and_who_signed(signed: SimpleNamespace) -> None:
    told = words(signed.printer.service_report(signed.cast.room.connection, signed.order, "zh-Hant"))

    for one in (
        "服務報告",
        signed.order.number,
        "張先生",
        "大金FTXV50",
        "昨晚開始滴水",
        "排水管堵塞",
        "自然磨損",
        "已簽名",
        "王師傅",
    ):
        assert one in told, one
    assert signed.order.seals[-1].digest in told


@pytest.mark.parametrize(
    ("language", "title", "step", "cause"),
    [
        ("zh-Hant", "服務報告", "作出處理", "自然磨損"),
        ("zh-Hans", "服务报告", "处理", "自然磨损"),
        ("en", "Servicereport", "Act", "wear"),
    ],
)
def test_the_report_is_in_the_reader_s_language(
    signed: SimpleNamespace, language: str, title: str, step: str, cause: str
) -> None:
    told = words(signed.printer.service_report(signed.cast.room.connection, signed.order, language))

    assert title in told
    assert step in told
    assert cause.casefold() in told.casefold()


def test_the_paper_is_light_and_the_same_each_time(signed: SimpleNamespace) -> None:
    first = signed.printer(signed.cast.room.connection, "service-report", signed.order.id, "zh-Hant")
    again = signed.printer(signed.cast.room.connection, "service-report", signed.order.id, "zh-Hant")
    bare = replace(signed.order, seals=(replace(signed.order.seals[-1], signature=""),))

    assert first == again
    assert first.name == f"服務報告 {signed.order.number}.pdf"
    assert len(signed.printer.service_report(signed.cast.room.connection, bare, "zh-Hant")) < 300_000


def test_a_missing_photo_leaves_an_empty_frame_and_hostile_words_are_words(signed: SimpleNamespace) -> None:
    told = replace(signed.order.report, photos=("0" * 64,), fault='#eval("1") $x$ *粗* <b> \\ @a #import "x.typ"')

    printed = words(signed.printer.service_report(signed.cast.room.connection, replace(signed.order, report=told), "zh-Hant"))

    assert "照片無法顯示" in printed
    assert '#eval("1")$x$*粗*<b>' in printed


def test_the_customer_gets_the_paper_with_his_copy(signed: SimpleNamespace) -> None:
    sent = signed.cast.room.raw("SELECT count(*) FROM outbox WHERE body LIKE '%service-report%'")

    assert sent == 1
    signed.cast.zhang.says("我簽的報告")
    assert signed.cast.room.raw("SELECT count(*) FROM outbox WHERE body LIKE '%service-report%'") == 2


def test_nothing_is_printed_of_an_order_that_is_none(signed: SimpleNamespace) -> None:
    assert signed.printer(signed.cast.room.connection, "service-report", 999, "en") is None
    assert signed.printer(signed.cast.room.connection, "horoscope", signed.order.id, "en") is None


def test_the_paper_for_the_office_has_neither_address_nor_telephone(signed: SimpleNamespace) -> None:
    """CND-2."""
    connection = signed.cast.room.connection
    told = words(signed.printer.service_report(connection, signed.order, "zh-Hant", is_private=True))

    assert "排水管堵塞" in told
    assert [one for one in ("和平東路", "912345678") if one in told] == []
    assert signed.printer(connection, "service-record", signed.order.id, "zh-Hant") is not None
