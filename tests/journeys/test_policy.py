"""The policy from the command line, and a change that leaves running cases alone (RULEBOOK 23)."""

from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from bot.commands import app
from storage.engine import open_engine
from storage.tables import orders
from tests import story
from tests.stage import ROOT, Program, WebPhone

APPLIANCE = (ROOT / "policies" / "appliance.toml").read_text(encoding="utf-8")


async def test_a_changed_policy_leaves_running_cases_alone(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(APPLIANCE, encoding="utf-8")
    desk = Program(tmp_path, {"POLICY_FILE": str(file)})
    await desk.start()
    zhang = await WebPhone(desk.address, seat="customer").opens()
    await story.reports(zhang)
    await desk.stop()

    file.write_text(APPLIANCE.replace('"6wh"', '"2wh"'), encoding="utf-8")
    await desk.start()
    another = await WebPhone(desk.address).opens()
    await story.reports(another, fault="洗衣機不轉")
    await desk.stop()
    for phone in (zhang, another):
        await phone.closes()

    first, second = [(await desk.run("policy", "explain", f"{number}"))[1] for number in _numbers(desk)]
    assert "起算 6 小時（" in first
    assert "起算 2 小時（" in second
    assert first.splitlines()[0].split()[-1] != second.splitlines()[0].split()[-1]


def _asked(*arguments: str) -> tuple[int, str]:
    """A command of the command line in this process: (status, everything it printed)."""
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


def _numbers(desk: Program) -> list[str]:
    """The orders of this month as they were numbered."""
    folder = desk.folder / "data"
    assert (folder / "fieldhand.db").exists()
    engine = open_engine(f"sqlite:///{folder}/fieldhand.db")
    with engine.connect() as connection:
        found = list(connection.execute(select(orders.c.number).order_by(orders.c.id)).scalars())
    engine.dispose()
    return found


def test_the_figures_in_force_are_shown_with_what_is_one_s_own() -> None:
    status, told = _asked("policy", "show")

    assert status == 0
    assert "* sla.arrival_urban = 6wh" in told
    assert "  dispatch.accept_minutes = 15" in told
    assert "  complaint.copies = quality, manufacturing, sales, accounting, gm_office" in told


def test_a_policy_that_can_not_be_used_names_file_line_and_key(tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    for text, words in (
        (
            'profile = "mall"\n[calendar]\nweek = "Mon-Fri 09:00-12:00 11:00-17:00"',
            "bad.toml:3: calendar.week: '11:00-17:00' overlaps",
        ),
        ('profile = "mall"\n[sla]\nreplly = "4wh"', "bad.toml:3: sla.replly: unknown key"),
        ('profile = "mall"\n[escalation]\nrepeats = -1', "bad.toml:3: escalation.repeats: -1 must not be negative"),
        ('profile = "mall"\n[calendar]\nweek = "Fri-Mon 09:00-12:00"', "calendar.week: 'Fri-Mon 09:00-12:00': the last day"),
        ('profile = "mall"\n[calendar]\nextra_holidays = [2026-02-30]', "bad.toml"),
        ('profile = "mall"\n[calendar.makeup_days]\n2026-02-30 = "09:00-12:00"', "calendar.makeup_days"),
    ):
        bad.write_text(text, encoding="utf-8")

        status, told = _asked("policy", "check", str(bad))

        assert status == 1
        assert words in told
        assert told.count("\n") == 1


def test_a_year_whose_make_up_days_nobody_knows_yet_is_named(tmp_path: Path) -> None:
    file = tmp_path / "cn.toml"
    file.write_text('profile = "factory"\n[calendar]\nholidays = "CN"', encoding="utf-8")
    status, told = _asked("policy", "check", str(file))

    assert status == 0
    assert "! calendar.makeup_days: the make-up days of" in told
    assert "can be used" in told


def test_explaining_an_order_that_is_none_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/fieldhand.db")

    status, told = _asked("policy", "explain", "2611-9999")

    assert status == 1
    assert "2611-9999: no such order" in told
