"""The roster from a spreadsheet (STF-5)."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.rosters import RosterProblem, import_roster, is_roster
from rules.people import Role
from storage import roster
from tests.room import Room, at

HEAD = "date,start,end,role,name\n"


@pytest.fixture
def room() -> Iterator[Room]:
    opened = Room.open()
    opened.person("王師傅", Role.TECHNICIAN)
    opened.person("趙師傅", Role.TECHNICIAN, branch="高雄")
    yield opened
    opened.close()


def imports(room: Room, folder: Path, lines: str) -> int:
    file = folder / "roster.csv"
    file.write_text(lines, encoding="utf-8-sig")
    return import_roster(room.connection, file, zone="Asia/Taipei", branch="main", now=room.now)


def test_turns_come_from_a_spreadsheet_over_midnight_too(room: Room, tmp_path: Path) -> None:
    lines = HEAD + "2026-11-28,18:00,08:00,technician,王師傅\n2026-11-30,9:00,17:00,technician,王師傅\n"

    assert imports(room, tmp_path, lines) == 2

    found = roster.between(room.connection, at("週六 00:00"), at("下週三 00:00"), branch="main")
    assert [(one.start, one.end) for one in found] == [
        (at("週六 18:00"), at("週日 08:00")),
        (at("下週一 09:00"), at("下週一 17:00")),
    ]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("2026-11-28,18:00,08:00,technician,孫師傅", "line 3: nobody of the branch has this name"),
        ("2026-11-28,18:00,08:00,technician,趙師傅", "line 3: nobody of the branch has this name"),
        ("28.11.2026,18:00,08:00,technician,王師傅", "line 3: date is not like"),
        ("2026-11-28,18h,08:00,technician,王師傅", "line 3: start and end have to be like"),
        ("2026-11-28,18:00,08:00,cook,王師傅", "line 3: role has to be one of technician"),
        ("2026-11-26,18:00,20:00,technician,王師傅", "line 3: it is over already"),
        ("2026-11-29,20:00,22:00,technician,王師傅", "line 3: the same person has another turn"),
    ],
)
def test_a_line_that_is_wrong_is_named_and_nothing_is_taken(room: Room, tmp_path: Path, line: str, why: str) -> None:
    with pytest.raises(RosterProblem, match=why):
        imports(room, tmp_path, f"{HEAD}2026-11-29,18:00,08:00,technician,王師傅\n{line}\n")

    assert roster.between(room.connection, at("週一 00:00"), at("下週日 00:00"), branch="main") == []


def test_a_file_of_customers_is_no_roster(tmp_path: Path) -> None:
    file = tmp_path / "customers.csv"
    file.write_text("name,phone\n張先生,0912345678\n", encoding="utf-8")

    assert not is_roster(file)
