"""A month's services as one volume, and its index for the technical department (REC-2, REC-5)."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import volumes
from bot.reports.printer import Printer
from rules.people import Role
from scheduler import campaigns
from storage.files import Shelf
from tests import plays
from tests.room import Room


@pytest.fixture
def month(tmp_path: Path) -> Iterator[SimpleNamespace]:
    """One visit that ended in November, and whose line nobody has struck off the register yet."""
    room = Room.open()
    cast = SimpleNamespace(
        room=room,
        zhang=room.person("張先生"),
        li=room.person("李主任", Role.SUPERVISOR),
        wang=room.person("王師傅", Role.TECHNICIAN),
        du=room.person("杜工程師", Role.RND, branch="總部"),
    )
    plays.signed(cast)
    cast.wang.presses("離場簡報").presses("就這樣回報")
    shelf = Shelf(tmp_path / "files")
    printer = Printer(lambda: room.company, keep=shelf.put, load_file=shelf.get)
    yield SimpleNamespace(cast=cast, room=room, printer=printer, target=tmp_path / "2026-11.zip")
    room.close()


def bound(month: SimpleNamespace, text: str = "2026-11") -> int:
    terms = month.room.company.terms
    return volumes.bind(month.room.connection, text, month.target, month.printer, terms, "zh-Hant")


def test_a_volume_has_each_report_an_index_and_the_hash_of_every_file(month: SimpleNamespace) -> None:
    assert bound(month) == 1

    with zipfile.ZipFile(month.target) as volume:
        content = {name: volume.read(name) for name in volume.namelist()}
    assert set(content) == {"2611-0001.pdf", "volume-1.pdf", "index.csv", "SHA256SUMS"}
    assert content["2611-0001.pdf"].startswith(b"%PDF") and content["volume-1.pdf"].startswith(b"%PDF")
    sums = dict(reversed(line.split("  ")) for line in content["SHA256SUMS"].decode().splitlines())
    assert sums == {name: hashlib.sha256(content[name]).hexdigest() for name in ("2611-0001.pdf", "volume-1.pdf", "index.csv")}
    (row,) = csv.DictReader(io.StringIO(content["index.csv"].decode("utf-8-sig")))
    assert (row["number"], row["cause"], row["action"]) == ("2611-0001", "排水管堵塞", "通管並清洗")


def test_the_index_says_what_a_record_still_lacks(month: SimpleNamespace) -> None:
    bound(month)

    with zipfile.ZipFile(month.target) as volume:
        assert "register" in volume.read("index.csv").decode("utf-8-sig")


def test_a_month_without_services_is_an_empty_volume_and_an_old_file_is_never_written_over(month: SimpleNamespace) -> None:
    assert bound(month, "2026-10") == 0
    with pytest.raises(FileExistsError):
        bound(month)
    with pytest.raises(ValueError, match="month must be"):
        bound(month, "2026-13")


def test_on_the_first_working_day_the_technical_department_has_the_index(month: SimpleNamespace) -> None:
    terms, day = month.room.company.terms, date(2026, 12, 1)
    month.room.later(days=4)

    told = [campaigns.daily(month.room.connection, terms, day, now=month.room.now) for _ in range(2)]

    assert told == [1, 0]
    month.cast.du.sees("2026-11 服務記錄共 1 份", "1 份還不齊", "排水管堵塞 → 通管並清洗（缺：叫修登記註銷、工時）")
