"""The catalogue comes from spreadsheets as people have them: in four encodings, as XLSX, and with every mistake named."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from sqlalchemy import Connection
from typer.testing import CliRunner

from bot import catalogues
from bot.catalogues import CatalogueProblem, read_catalogue
from bot.commands import app
from rules.stock import PartKind
from storage import stock
from storage.engine import open_engine

HANT = "料號,品名,規格,單位,最低庫存,供應商\nP-100,泵浦,24V 直流,個,2,大同泵業\nH-16,排水管,16mm,條,,南亞塑膠\n"
HANS = "料号,品名,规格,单位,最低库存,供应商\nP-100,水泵,24V 直流,个,2,大同泵业\nH-16,排水管,16mm,条,,南亚塑胶\n"
NOW = datetime(2026, 11, 2, tzinfo=UTC)


def file(tmp_path: Path, content: bytes, name: str = "parts.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def csv(tmp_path: Path, *lines: str) -> Path:
    return file(tmp_path, "\n".join(["number,name,spec,unit,kind,bin,least,most,supplier,price", *lines]).encode())


@pytest.mark.parametrize(
    ("text", "encoding", "found"),
    [
        (HANT, "utf-8", "utf-8"), (HANT, "utf-8-sig", "utf-8-sig"), (HANT, "big5", "big5"), (HANT, "utf-16", "utf-16"),
        (HANS, "gb18030", "gb18030"), (HANS, "gbk", "gb18030"), (HANS, "utf-8", "utf-8"),
        (HANT, "gb18030", "gb18030"),
    ],
)  # fmt: skip
def test_a_catalogue_is_read_in_whichever_encoding_it_comes(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    catalogue = read_catalogue(file(tmp_path, text.encode(encoding)))

    pump, hose = catalogue.parts
    assert catalogue.encoding == found
    assert (pump.number, pump.name) == ("P-100", text.splitlines()[1].split(",")[1])
    assert (pump.spec, pump.least, hose.least) == ("24V 直流", 2, 0)
    assert hose.supplier == text.splitlines()[2].split(",")[-1]


@pytest.mark.parametrize(("text", "encoding", "found"), [(HANT, "big5", "big5"), (HANS, "gb18030", "gb18030")])
def test_english_headings_leave_the_encoding_to_the_words_below(tmp_path: Path, text: str, encoding: str, found: str) -> None:
    lines = ["number,name,spec,unit,least,supplier", *text.splitlines()[1:]]

    catalogue = read_catalogue(file(tmp_path, "\n".join(lines).encode(encoding)))

    assert (catalogue.encoding, catalogue.parts[0].name) == (found, text.splitlines()[1].split(",")[1])


def test_what_is_no_text_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueProblem, match="encoding is none of"):
        read_catalogue(file(tmp_path, b"number,name\n\x81\xff\xff,\x80\x80\xff\n"))


def test_every_wrong_line_is_named_and_nothing_is_taken(tmp_path: Path) -> None:
    path = csv(
        tmp_path, "P-100,泵浦,,,,,2", ",無號,,", "F-8,,,", "H-16,排水管,,,,,1.5", "X-1,怪,,,寵物", "X-2,貴,,,,,,,,很貴",
        "X-3,負,,,,,,,,-1", "X-4,倒,,,,,9,3", "p－100,又一個泵浦", "H-16,排水管",
    )  # fmt: skip

    with pytest.raises(CatalogueProblem) as problem:
        read_catalogue(path)

    told = str(problem.value)
    for words in (
        "nothing was imported", "line 3: the number is empty", "line 4: the name is empty", "line 5: least is no whole number",
        "line 6: kind has to be", "line 7: price is no amount", "line 8: price is no amount", "line 9: least is more than most",
        "lines 2, 10: the same number twice", "lines 5, 11: the same number twice",
    ):  # fmt: skip
        assert words in told


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    for content in (b"", b"a,b\n1,2\n", b"number\nP-100\n"):
        with pytest.raises(CatalogueProblem, match="line 1 has to name the columns"):
            read_catalogue(file(tmp_path, content))


def xlsx(tmp_path: Path, *rows: tuple[str | float, ...]) -> Path:
    """A spreadsheet as others write it: text shared and in place, numbers as numbers, empty cells left out."""
    shared: list[str] = []
    lines = []
    for y, row in enumerate(rows, 1):
        cells = ""
        for x, cell in enumerate(row):
            at = f'r="{chr(65 + x)}{y}"'
            if cell == "":
                continue
            if not isinstance(cell, str):
                cells += f"<c {at}><v>{cell}</v></c>"
            elif x % 2:
                cells += f'<c {at} t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
            else:
                shared.append(cell)
                cells += f'<c {at} t="s"><v>{len(shared) - 1}</v></c>'
        lines.append(f'<row r="{y}">{cells}</row>')
    ns = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", f"<worksheet {ns}><sheetData>{''.join(lines)}</sheetData></worksheet>")
        texts = "".join(f"<si><r><t>{escape(one[:1])}</t></r><r><t>{escape(one[1:])}</t></r></si>" for one in shared)
        archive.writestr("xl/sharedStrings.xml", f"<sst {ns}>{texts}</sst>")
    return file(tmp_path, packed.getvalue(), "parts.xlsx")


def test_a_spreadsheet_is_read_with_numbers_as_people_see_them(tmp_path: Path) -> None:
    path = xlsx(
        tmp_path, ("料號", "品名", "類別", "最低庫存", "單價"), (8841, "泵浦 & 座", "", 2.0, 1200.5), ("T-1", "扳手", "工具")
    )

    catalogue = read_catalogue(path)

    pump, wrench = catalogue.parts
    assert (catalogue.encoding, pump.number, pump.name, pump.least) == ("xlsx", "8841", "泵浦 & 座", 2)
    assert (pump.price, wrench.kind) == (Decimal("1200.5"), PartKind.TOOL)


def test_a_broken_or_hostile_spreadsheet_is_refused(tmp_path: Path) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><worksheet>&b;</worksheet>")
    for content in (b"PK\x03\x04nothing", bomb.getvalue()):
        with pytest.raises(CatalogueProblem, match="can't be read as a spreadsheet"):
            read_catalogue(file(tmp_path, content, "parts.xlsx"))


def test_the_command_takes_a_catalogue_and_says_what_it_did(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    path = file(tmp_path, HANT.encode("big5"))

    first = CliRunner().invoke(app, ["import", "parts", str(path)])
    again = CliRunner().invoke(app, ["import", "parts", str(path)])

    assert (first.exit_code, first.output.strip()) == (0, "2 new parts, 0 known ones brought up to date (big5)")
    assert again.output.strip() == "0 new parts, 2 known ones brought up to date (big5)"
    engine = open_engine(database_url)
    with engine.connect() as connection:
        assert [part.name for part in stock.search(connection, "泵浦")] == ["泵浦"]
    engine.dispose()


def test_a_wrong_word_or_file_ends_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'f.db'}")
    path = file(tmp_path, HANT.encode())

    assert CliRunner().invoke(app, ["import", "pets", str(path)]).exit_code == 1
    assert CliRunner().invoke(app, ["import", str(tmp_path / "nowhere.csv")]).exit_code == 1


def test_known_parts_are_counted_apart(tmp_path: Path) -> None:
    engine = open_engine("sqlite://")
    with engine.connect() as connection:
        _schema(connection)
        assert catalogues.keep(connection, read_catalogue(csv(tmp_path, "P-1,甲")), now=NOW) == (1, 0)
        assert catalogues.keep(connection, read_catalogue(csv(tmp_path, "P-1,甲", "P-2,乙")), now=NOW) == (1, 1)
    engine.dispose()


def _schema(connection: Connection) -> None:
    stock.parts.metadata.create_all(connection)


def test_other_numbers_on_the_labels_come_along(tmp_path: Path) -> None:
    lines = ["料號,品名,條碼", "P-100,泵浦,4711234567899；OEM-77", "H-16,排水管,"]

    parts = read_catalogue(file(tmp_path, "\n".join(lines).encode())).parts

    assert [part.codes for part in parts] == [("4711234567899", "OEM-77"), ()]


def test_a_code_for_two_parts_or_a_long_one_is_named(tmp_path: Path) -> None:
    lines = ["number,name,barcode", "P-100,x,4711234567899", "H-16,y,4711234567899", f"F-8,z,{'9' * 65}"]

    with pytest.raises(CatalogueProblem, match="4711234567899: it stands for P-100 and H-16") as problem:
        read_catalogue(file(tmp_path, "\n".join(lines).encode()))

    assert "line 4: a code is longer than 64 characters" in str(problem.value)
