"""The hand-over list as a paper (STF-13)."""

import io
from datetime import date

import pytest
from pypdf import PdfReader

from bot.reports.printer import Printer
from rules.decisions import Stamp
from rules.handovers import PAPER, Handover, HandoverStage, Point, PointKind
from rules.people import Role
from storage import cases
from tests.room import Room, at


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-Hant", ("移交清冊", "移交人", "接手人", "監交人", "待辦")),
        ("zh-Hans", ("移交清单", "移交人", "接手人", "监交人", "待办")),
        ("en", ("Handoverlist", "Giver", "Receiver", "Witness", "Task")),
    ],
)
def test_the_list_names_what_changes_hands_and_the_three_who_signed(language: str, words: tuple[str, ...]) -> None:
    room = Room.open()
    wang, zhao, li = (room.person(name, Role.TECHNICIAN).id for name in ("王師傅", "趙師傅", "李主任"))
    points = (
        Point("task:1", PointKind.CASE, "2611-0001", "task", to=zhao),
        Point("holding:1", PointKind.HOLDING, "真空泵", "tool", "1", to=zhao),
    )
    signed = cases.add(
        room.connection,
        Handover(
            number="H26-001", branch="main", opened_at=at("週五 09:00"), person=wang, last_day=date(2026, 11, 27),
            due_at=at("週五 18:00"), points=points, given_at=at("週五 10:00"), received=(Stamp(zhao, at("週五 11:00")),),
            witnessed=Stamp(li, at("週五 12:00")), closed_at=at("週五 12:00"), stage=HandoverStage.DONE,
        ),
    )  # fmt: skip
    kept: list[bytes] = []
    printer = Printer(lambda: room.company, keep=lambda content: kept.append(content) or "a" * 64, load_file=lambda _: b"")

    made = printer(room.connection, f"{PAPER}{signed.id}", 0, language)

    told = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(kept[0])).pages).split())
    missing = [one for one in (*words, "H26-001", "2611-0001", "真空泵", "王師傅", "趙師傅", "李主任") if one not in told]
    assert (missing, made is not None and "H26-001" in made.name) == ([], True)
    assert printer(room.connection, f"{PAPER}999", 0, language) is None
    room.close()
