"""What the codes on a label may stand for: a part's number, or the serial number of a product (PRT-1).

Makers write them in many ways. Known here: the bare number; GS1 with its brackets, `(01)04711234567894(21)A7`; the data
identifiers of ISO 15434 and of labels with one code a field, `1PP-100`; an address whose last piece is the number; several
facts with marks between them; our own sticker on a machine.
"""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

MOST_CODE, MOST_NUMBER = 500, 64
SHEET = "part-labels:"
"""Labels of a part to be printed; its id in the catalogue stands behind the name."""
_MOST_NUMBERS = 24
_FIELDS = re.compile("[\u0004\u001c-\u001f\u2404\u241c-\u241f]")  # as they are, or as they are printed
_GS1 = re.compile(r"\((\d{2,4})\)([^(]+)")
_IDENTIFIER = re.compile(r"(\d{0,2}[A-Z])(.+)", re.DOTALL)
_MARKS = re.compile(r"[;|,\t\r\n]+")
_PART_FIELDS = frozenset({"P", "1P", "30P", "31P", "01", "02", "240", "241"})
_SERIAL_FIELDS = frozenset({"S", "1S", "21"})
STICKER = "m_"
"""How the payload of our sticker on a machine begins: its model and serial number follow."""


def numbers(code: str) -> tuple[str, ...]:
    """What of a code may be a number of the catalogue, the likeliest first; each has to be found there exactly."""
    code = code.strip()
    if not code or len(code) > MOST_CODE:
        return ()
    found = [_trimmed(one) for one in (code, *_of_fields(code, _PART_FIELDS), *_of_address(code), *_MARKS.split(code))]
    found = [one for one in found if 0 < len(one) <= MOST_NUMBER]
    return tuple(dict.fromkeys(spelt for one in found for spelt in _spellings(one)))[:_MOST_NUMBERS]


def serials(codes: Iterable[str]) -> tuple[str, ...]:
    """The serial numbers that the codes of one label name; where none is marked as such, the codes themselves.

    An S in front marks one only on a label that marks its other codes as well: many makers' numbers begin with it.
    """
    read = [one.strip() for one in codes if len(one) <= MOST_CODE]
    has_marks = any(_FIELDS.search(one) or any(_of_fields(one, _PART_FIELDS)) for one in read)
    wanted = _SERIAL_FIELDS if has_marks else _SERIAL_FIELDS - {"S"}
    marked = [serial for one in read for serial in (*_of_sticker(one), *_of_fields(one, wanted))]
    found = [_trimmed(one) for one in marked or read]
    return tuple(dict.fromkeys(one for one in found if 0 < len(one) <= MOST_NUMBER))


def _trimmed(text: str) -> str:
    """Only what can be read, without the stars that some leave around Code 39."""
    return "".join(one for one in text if one.isprintable()).strip().strip("*").strip()


def _spellings(number: str) -> Iterator[str]:
    """A trade number is printed with 12, 13 or 14 figures, the missing ones being noughts in front."""
    yield number
    if number.isdecimal() and 12 <= len(number) <= 14:
        bare = number.lstrip("0")
        yield from (bare.zfill(n) for n in (12, 13, 14) if len(bare) <= n)


def _of_fields(code: str, wanted: frozenset[str]) -> Iterator[str]:
    """The fields of a label that say what they are."""
    yield from (value.strip() for name, value in _GS1.findall(code) if name in wanted)
    for one in _FIELDS.split(code):
        known = _IDENTIFIER.fullmatch(one)
        if known and known[1] in wanted:
            yield known[2].strip()


def _of_address(code: str) -> Iterator[str]:
    """The last piece of an address, and what it carries behind its question mark."""
    if "://" not in code:
        return
    try:
        parts = urlsplit(code)
    except ValueError:
        return
    yield unquote(parts.path.rstrip("/").rpartition("/")[2])
    yield from (value for _name, value in parse_qsl(parts.query))


def _of_sticker(code: str) -> Iterator[str]:
    """The serial number on a sticker of ours."""
    for piece in _of_address(code) if "://" in code else (code,):
        if piece.startswith(STICKER) and (serial := piece.removeprefix(STICKER).partition("_")[2]):
            yield serial
