"""A sheet of labels for a part: printed, stuck on, photographed, read (PRT-1)."""

import io

import pytest
from pypdf import PdfReader

from bot.codes import read_codes
from bot.reports.part_labels import facts_of
from bot.reports.press import Press
from bot.reports.printer import Printer
from bot.reports.scribe import Album, Scribe
from rules.labels import SHEET
from rules.stock import Part
from storage import stock
from tests.room import Room

PUMP = Part(0, "P-100/A", "泵浦", "24V 直流", bin="A-1")


@pytest.mark.parametrize(("language", "words"), [("zh-Hant", "庫位A-1"), ("zh-Hans", "库位A-1"), ("en", "binA-1")])
def test_a_sheet_is_one_page_of_labels(language: str, words: str) -> None:
    room = Room.open()
    stock.keep_part(room.connection, PUMP, now=room.now)
    part = stock.by_numbers(room.connection, ["P-100/A"])[0].id
    kept: list[bytes] = []
    printer = Printer(lambda: room.company, keep=lambda content: kept.append(content) or "a" * 64, load_file=lambda _: b"")

    made = printer(room.connection, f"{SHEET}{part}", 0, language)

    pages = PdfReader(io.BytesIO(kept[0])).pages
    told = "".join(pages[0].extract_text().split())
    assert made is not None and "P-100-A.pdf" in made.name
    assert (len(pages), told.count("P-100/A"), told.count(words)) == (1, 24, 24)
    assert printer(room.connection, f"{SHEET}999", 0, language) is None
    room.close()


def test_what_is_printed_is_read_from_a_photo_of_it() -> None:
    room = Room.open()
    album = Album(lambda _: b"")
    facts = facts_of(PUMP, Scribe(room.connection, room.company, "zh-Hant"), album)
    page = Press().png("part_labels", facts, album.kept, ppi=120)[0]
    room.close()

    assert read_codes(page) == ("P-100/A",)
