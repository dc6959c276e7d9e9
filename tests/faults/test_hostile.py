"""Pictures that are bombs, words that want to be code, names that want to be paths (RELIABILITY, Z; CHANNELS 5)."""

import csv
import io
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from bot.pictures import MOST_PIXELS, NotAPicture, in_grey, look, shareable
from bot.tools import export
from rules.people import Role
from storage.files import Shelf
from tests import plays
from tests.faults.beginnings import Beginning
from tests.room import Room
from tests.stage import ROOT, photo

LEAST_BOMB = 144_000_000  # pixels
MARKS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\x00\x07\x1b"
FORMULAS = ("=1+1", "+886912345678", "-2+3", "@SUM(A1)", "\t=1", "\r=cmd|' /C calc'!A0", '=HYPERLINK("http://x")')


def png(width: int, height: int) -> bytes:
    """A picture of one colour, as small as it can be: its size says nothing of what it unfolds to."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((1, 0, 0, 0, 0))  # one bit a pixel
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_picture_that_unfolds_to_gigabytes_is_never_unfolded() -> None:
    bomb = png(12_000, 12_000)
    assert (len(bomb) < 20_000, 12_000 * 12_000) == (True, LEAST_BOMB)

    for refused in (look, shareable):
        with pytest.raises(NotAPicture, match="too-large"):
            refused(bomb)


def test_a_picture_that_is_larger_still_is_refused_in_the_same_words() -> None:
    """Beyond twice its own limit the library raises where it only warned before."""
    for refused in (look, shareable, lambda content: in_grey(content, 100)):
        with pytest.raises(NotAPicture, match="too-large"):
            refused(png(20_000, 20_000))


def test_many_large_pictures_at_once_take_the_memory_of_one(tmp_path: Path) -> None:
    """A picture just below the limit fits into a few kilobytes too; whoever sends eight must not fill the machine."""
    side = int(MOST_PIXELS**0.5)
    (tmp_path / "large.png").write_bytes(png(side, side))
    program = (
        "import sys, threading; from bot.pictures import look\n"
        "content = open(sys.argv[1], 'rb').read()\n"
        "all = [threading.Thread(target=look, args=(content,)) for _ in range(6)]\n"
        "[one.start() for one in all]; [one.join() for one in all]\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"  # since its own start
    )

    told = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "large.png")], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert int(told.stdout) // 1024 < 250, "megabytes"


@pytest.mark.parametrize("kind", ["svg", "zip", "tiff", "half", "nothing", "words"])
def test_what_is_no_picture_is_not_looked_into(kind: str) -> None:
    tiff = io.BytesIO()
    Image.new("L", (10, 10)).save(tiff, "TIFF")
    contents = {
        "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        "zip": b"PK\x03\x04" + bytes(100),
        "tiff": tiff.getvalue(),
        "half": photo("冷氣")[:3000],
        "nothing": b"",
        "words": "冷氣漏水".encode(),
    }

    with pytest.raises(NotAPicture):
        look(contents[kind])


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a" * 64 + "/..", "..", "", "A" * 64, "a" * 63])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        Shelf(tmp_path / "files").get(name)


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    room = Room.open()
    zhang, li = room.person("張先生"), room.person("李主任", Role.SUPERVISOR)
    yield SimpleNamespace(room=room, zhang=zhang, li=li)
    room.close()


def test_marks_that_turn_or_hide_words_never_reach_a_reader(cast: SimpleNamespace) -> None:
    plays.reports(cast.zhang, f"冷氣{MARKS}漏水")

    cast.li.sees("冷氣漏水")
    shown = cast.li.transcript() + cast.zhang.transcript()
    assert not set(shown) & set(MARKS)


@pytest.mark.parametrize(
    "words", ["{number} {0.__class__} {", "%s %(a)s %", "<b>漏</b> &lt; *水* _x_ [a](http://b)", "' OR 1=1 --"]
)
def test_words_that_look_like_code_are_words(cast: SimpleNamespace, words: str) -> None:
    plays.reports(cast.zhang, words)

    cast.li.sees(words)


def test_more_words_than_anybody_reads_get_a_polite_no(cast: SimpleNamespace) -> None:
    cast.zhang.says("報修").says("漏" * 50_000)

    cast.zhang.sees("50000 字", "2000")


def test_a_spreadsheet_finds_no_formula_in_what_people_wrote(cast: SimpleNamespace, tmp_path: Path) -> None:
    begin = Beginning(cast.room.connection, cast.room.company.terms, cast.room.now)
    for words in FORMULAS:
        begin.reported(begin.joins(words, words, ()), model=words, fault=words, serial=words)

    assert export(cast.room.connection, tmp_path) == len(FORMULAS)

    with (tmp_path / "orders.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert sum("1+1" in cell for cell in cells) == 4
