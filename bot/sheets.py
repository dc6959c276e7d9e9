"""Tables that people send: CSV in whichever encoding, or the first sheet of an XLSX, as rows of text."""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MOST_BYTES = 50 * 2**20
"""How large a file may be when it is unpacked."""
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL = re.compile(r"([A-Z]+)\d+")
_BIG5_COMMON = range(0xA4, 0xC7)
_GB_COMMON = range(0xB0, 0xD8)


class SheetProblem(Exception):
    """A file that can't be read as a table; the message says why."""


@dataclass(frozen=True)
class Sheet:
    """Rows as they stand, and how they were written."""

    rows: tuple[tuple[str, ...], ...]
    encoding: str


def read_sheet(path: Path, knows: Callable[[tuple[str, ...]], bool]) -> Sheet:
    """The table in a file. `knows` tells whether a first line is one that is expected. Raises SheetProblem."""
    raw = path.read_bytes()
    if len(raw) > MOST_BYTES:
        raise SheetProblem(f"{path.name} is larger than {MOST_BYTES // 2**20} MB")
    if raw.startswith(b"PK\x03\x04"):
        return Sheet(tuple(_xlsx_rows(path.name, raw)), "xlsx")
    encoding, text = _decoded(path.name, raw, knows)
    return Sheet(_csv_rows(text), encoding)


def _csv_rows(text: str) -> tuple[tuple[str, ...], ...]:
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    return tuple(tuple(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _decoded(name: str, raw: bytes, knows: Callable[[tuple[str, ...]], bool]) -> tuple[str, str]:
    """(encoding, text). A mark at the beginning decides, then UTF-8 if it is that; of the two Chinese ones the likelier."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return encoding, _strictly(name, raw, encoding)
    found = {encoding: text for encoding in ("utf-8", "cp950", "gb18030") if (text := _tried(raw, encoding)) is not None}
    if "utf-8" in found:
        return "utf-8", found["utf-8"]
    if not found:
        raise SheetProblem(f"{name}: its encoding is none of UTF-8, Big5 and GB18030")
    likeliest = max(found, key=lambda one: (knows((_csv_rows(found[one]) or ((),))[0]), _common(raw, one)))
    return {"cp950": "big5"}.get(likeliest, likeliest), found[likeliest]


def _strictly(name: str, raw: bytes, encoding: str) -> str:
    text = _tried(raw, encoding)
    if text is None:
        raise SheetProblem(f"{name} begins like {encoding} and is not")
    return text


def _tried(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def _common(raw: bytes, encoding: str) -> float:
    """The share of its two-byte characters that are everyday ones: both standards put those first."""
    common = _BIG5_COMMON if encoding == "cp950" else _GB_COMMON
    leads, n = [], 0
    while n < len(raw):
        if raw[n] < 0x80:
            n += 1
            continue
        leads.append(raw[n])
        n += 2
    return sum(lead in common for lead in leads) / len(leads) if leads else 0.0


def _xlsx_rows(name: str, raw: bytes) -> Iterator[tuple[str, ...]]:
    """The rows of the first sheet."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(one.file_size for one in packed.infolist()) > MOST_BYTES:
                raise SheetProblem(f"{name} is larger than {MOST_BYTES // 2**20} MB when unpacked")
            names = set(packed.namelist())
            shared = fromstring(packed.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else None
            sheet = fromstring(packed.read(min(one for one in names if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", one))))
    except (zipfile.BadZipFile, KeyError, ValueError, ParseError, DefusedXmlException) as error:
        raise SheetProblem(f"{name} can't be read as a spreadsheet ({type(error).__name__})") from None
    texts = [_words(one) for one in shared.iter(f"{_NS}si")] if shared is not None else []
    for row in sheet.iter(f"{_NS}row"):
        cells: dict[int, str] = {}
        for n, cell in enumerate(row.iter(f"{_NS}c")):
            found = _CELL.fullmatch(cell.get("r", ""))
            cells[_column(found[1]) if found else n] = _cell(cell, texts)
        yield tuple(cells.get(n, "").strip() for n in range(max(cells, default=-1) + 1))


def _words(element: Element) -> str:
    return "".join(one.text or "" for one in element.iter(f"{_NS}t"))


def _cell(cell: Element, texts: list[str]) -> str:
    """A cell as people read it: whole numbers without the point that spreadsheets keep."""
    if cell.get("t") == "inlineStr":
        return _words(cell)
    value = cell.findtext(f"{_NS}v") or ""
    if cell.get("t") == "s":
        return texts[int(value)] if value.isdecimal() and int(value) < len(texts) else ""
    return value.removesuffix(".0")


def _column(letters: str) -> int:
    n = 0
    for letter in letters:
        n = n * 26 + ord(letter) - ord("A") + 1
    return n - 1
