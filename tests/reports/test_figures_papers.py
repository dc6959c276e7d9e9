"""The figures as a picture, a PDF and a workbook, in three languages (KPI-14, issue 5 "done when" 4)."""

import io
import os
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader
from sqlalchemy import update

from bot.parcels import Preparer
from bot.pictures import shareable
from bot.reports.printer import Printer
from bot.spreadsheets import as_text
from rules.dailies import DailyReport, number_of
from rules.figure_scopes import Scope
from rules.figures import OF_SOME, Figure, measure, percent
from rules.months import month_of
from rules.timesheets import TimeLine
from storage import cases, figures, outbox
from storage.files import Shelf
from storage.tables import orders
from tests.a_year import BRANCHES, made_up
from tests.room import Room
from tests.stage import photo

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
PICTURES = os.environ.get("FIELDHAND_PICTURES", "")  # a folder: the README's picture is made anew
OCTOBER = month_of(date(2026, 10, 1))
FORMULA = '=HYPERLINK("http://x")'
_CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A small company's year, one of its models called like a formula, and a printer."""
    room = Room.open()
    made_up(room.connection, 600)
    shelf = Shelf(tmp_path_factory.mktemp("files"))
    room.connection.execute(update(orders).where(orders.c.model == "東元 TWD-15").values(model=FORMULA))
    for day in range(5, 10):
        lines = tuple(TimeLine(kind, n, words="整理") for kind, n in (("A", 150), ("B", 60), ("C", 210), ("D", 45)))
        number, on = number_of(1, date(2026, 10, day)), date(2026, 10, day)
        cases.add(room.connection, DailyReport(number=number, branch="台北", opened_at=NOW, person=1, day=on, lines=lines))
    printer = Printer(lambda: room.company, keep=shelf.put, load_file=shelf.get, now=lambda: NOW)
    yield SimpleNamespace(room=room, shelf=shelf, printer=printer)
    room.close()


def content(desk: SimpleNamespace, paper: str, language: str = "zh-Hant") -> bytes:
    made = desk.printer(desk.room.connection, paper, 0, language)
    assert made is not None
    found: bytes = desk.shelf.get(made.sha256)
    return found


def words(pdf: bytes) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def sheets(workbook: bytes) -> dict[str, list[list[tuple[str, str]]]]:
    """(type, text) of every cell by sheet, straight from the file."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as book:
        assert b"<f>" not in b"".join(book.read(name) for name in book.namelist()), "a formula"
        strings = ["".join(one.itertext()) for one in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        found = {}
        for n, name in enumerate(names, 1):
            rows = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")).iter(f"{_CELL}row")
            found[name] = [[_read(cell, strings) for cell in row] for row in rows]
    return found


def _read(cell: ElementTree.Element, strings: list[str]) -> tuple[str, str]:
    value = cell.findtext(f"{_CELL}v") or ""
    return ("text", strings[int(value)]) if cell.get("t") == "s" else ("number", value)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "zh-Hant",
            ("服務月報", "2026年10月", "全公司", "服務及時率", "用戶滿意度", "目標", "達標", "按技師", "按據點", "未達的案件"),
        ),
        (
            "zh-Hans",
            ("服务月报", "2026年10月", "全公司", "服务及时率", "用户满意度", "目标", "达标", "按师傅", "按网点", "未达的工单"),
        ),
        ("en", ("Monthlyfigures", "October2026", "Ontime", "Satisfaction", "Target", "met", "Bytechnician", "Bybranch")),
    ],
)
def test_the_paper_tells_every_figure_with_its_target_in_the_reader_s_language(
    desk: SimpleNamespace, language: str, told: tuple[str, ...]
) -> None:
    printed = words(content(desk, "figures-pdf:2026-10:a", language))

    assert [one for one in (*told, "32.3%", "45.2%") if one not in printed] == []  # KPI-9
    whole = figures.of_period(desk.room.connection, OCTOBER, desk.room.company.terms, now=NOW)
    for figure in (Figure.TIMELINESS, Figure.SATISFACTION, Figure.FIRST_FIX):
        assert f"{percent(measure(figure, whole.counts))}%" in printed


def test_the_picture_is_as_wide_as_a_telephone_shows_and_the_same_each_time(desk: SimpleNamespace) -> None:
    first = desk.printer(desk.room.connection, "figures-picture:2026-10:a", 0, "zh-Hant")
    again = desk.printer(desk.room.connection, "figures-picture:2026-10:a", 0, "zh-Hant")

    assert first == again
    assert (first.is_picture, first.name) == (True, "服務月報 2026-10.png")
    with Image.open(io.BytesIO(desk.shelf.get(first.sha256))) as picture:
        assert 1000 <= picture.width <= 1280
        assert picture.height < 3 * picture.width, "longer than one likes to scroll"
    if PICTURES:
        Path(PICTURES, "figures.png").write_bytes(desk.shelf.get(first.sha256))


def test_a_technician_s_sheet_names_him_and_his_reports(desk: SimpleNamespace) -> None:
    """KPI-15: and no colleague."""
    printed = words(content(desk, f"figures-pdf:2026-10:{Scope(technician=1, is_own=True).token}"))

    assert all(one in printed for one in ("個人服務月表", "王師傅", "服務報告：核准0份，退回0次"))
    assert "趙師傅" not in printed
    assert "按技師" not in printed


def test_a_month_without_orders_says_so_on_paper_and_picture(desk: SimpleNamespace) -> None:
    """KPI-14."""
    assert "本月沒有案件" in words(content(desk, "figures-pdf:2024-02:a"))
    assert content(desk, "figures-picture:2024-02:a")[:4] == b"\x89PNG"
    summary = sheets(content(desk, "figures-xlsx:2024-02:a"))["總表"]
    n_shown = len(set(Figure) - OF_SOME)
    assert [row[1] for row in summary[1 : 1 + n_shown]] == [("text", "沒有資料")] * n_shown


def test_the_workbook_holds_numbers_that_can_be_added_up(desk: SimpleNamespace) -> None:
    book = sheets(content(desk, "figures-xlsx:2026-10:a"))
    whole = figures.of_period(desk.room.connection, OCTOBER, desk.room.company.terms, now=NOW)

    assert list(book) == ["總表", "按技師", "按據點", "按機型", "按月份", "案件明細"]
    timely = measure(Figure.TIMELINESS, whole.counts)
    assert book["總表"][1][0] == ("text", "服務及時率")
    own_work = next(row for row in book["總表"] if row and row[0] == ("text", "D 內部工作"))
    assert [cell[1] for cell in own_work[1:]][-1] == f"{5 * 45}"
    assert [float(cell[1]) for cell in book["總表"][1][4:7]] == [timely.hits, timely.out_of, timely.n]
    listed = [row for row in book["案件明細"] if row[0] == ("text", "服務及時率")]
    assert len(listed) == timely.n
    assert sum(row[2] == ("text", "達到") for row in listed) == timely.hits
    assert {row[0][1] for row in book["按據點"][1:]} == set(BRANCHES)
    assert len(book["按月份"]) == 13


def test_a_workbook_finds_no_formula_in_what_people_wrote(desk: SimpleNamespace) -> None:
    book = sheets(content(desk, "figures-xlsx:2026-10:a"))

    assert ("text", FORMULA) in [cell for row in book["按機型"] for cell in row]
    assert ("number", FORMULA) not in [cell for row in book["案件明細"] for cell in row]


def test_the_picture_is_shown_sharp_and_a_photo_is_not_taken_for_one(desk: SimpleNamespace) -> None:
    """What people send loses place and camera, whatever it looks like (RELIABILITY 10)."""
    picture = content(desk, "figures-picture:2026-10:a")
    told = io.BytesIO()
    about = PngInfo()
    about.add_text("Comment", "台北市 1 號")
    with Image.open(io.BytesIO(picture)) as opened:
        opened.save(told, "PNG", pnginfo=about)

    assert shareable(picture) == picture
    assert len(picture) < 300_000
    for other in (told.getvalue(), picture + "台北市".encode(), photo("冷氣")):
        assert shareable(other)[:3] == b"\xff\xd8\xff"


@pytest.mark.parametrize("words", ["=1+1", " =1+1", "＝1+1", "+886", "-1", "@SUM", "\t=1", "\n=1", "\u3000@x"])
def test_a_cell_of_a_table_in_text_is_text(words: str) -> None:
    assert as_text(words) == f"'{words}"


@pytest.mark.parametrize("words", ["冷氣", "1+1=2", "", "a@b", "'"])
def test_harmless_words_stay_as_they_are(words: str) -> None:
    assert as_text(words) == words


@pytest.mark.parametrize(
    "paper", ["figures-pdf:2026-10", "figures-pdf:x:a", "figures-pdf:2026-10:b0", "figures-x:2026-10:a", "figures-"]
)
def test_a_paper_that_is_none_leaves_the_words_alone(desk: SimpleNamespace, paper: str) -> None:
    assert desk.printer(desk.room.connection, paper, 0, "en") is None


def test_the_picture_stands_with_the_words_and_the_papers_go_along(desk: SimpleNamespace) -> None:
    """In the reader's language, made when the message is sent."""
    connection, room = desk.room.connection, desk.room
    reader = room.person("Reader", language="en")
    papers = [f"figures-{kind}:2026-10:a" for kind in ("picture", "pdf", "xlsx")]
    body = {"text": "figures.stays-closed", "facts": {}, "rows": [], "lines": [], "papers": papers}
    told = {"channel": "test", "chat": "Reader", "kind": "say", "body": body, "person": reader.id, "priority": 0}
    outbox.post(connection, now=room.now, **told)
    [parcel] = [one for one in outbox.claim(connection, ["test"], holder="h", now=room.now) if one.chat == "Reader"]

    ready = Preparer(lambda: room.company, desk.printer)(connection, parcel)

    assert ready.bubble is not None
    assert len(ready.bubble.photos) == 1
    assert ready.bubble.file_names == ("Monthly figures 2026-10.pdf", "Monthly figures 2026-10.xlsx")
