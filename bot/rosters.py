"""The roster from a spreadsheet: turns of duty by CSV, all or nothing (STF-4, STF-5)."""

import csv
from datetime import date, datetime, time
from pathlib import Path

from sqlalchemy import Connection

from rules.decisions import Entry
from rules.people import Person, Role
from rules.refusals import Refused
from rules.roster import ROLES, Duty, require_sound, turn_of
from storage import journal, people, roster

COLUMNS = ("date", "start", "end", "role", "name")


class RosterProblem(Exception):
    """A line that can't be read or planned; nothing of the file was taken."""


def is_roster(path: Path) -> bool:
    """Whether a file's first line names the columns of a roster."""
    return set(COLUMNS) <= set(_header(path))


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [cell.strip() for cell in next(csv.reader(file), [])]


def import_roster(connection: Connection, path: Path, *, zone: str, branch: str, now: datetime) -> int:
    """Plan the turns of a file with the columns date,start,end,role,name and perhaps branch; returns how many.

    Raises RosterProblem that names the line.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    turns: list[Duty] = []
    for number, row in enumerate(rows, 2):
        try:
            turns.append(_turn(connection, row, zone, branch))
            require_sound(turns[-1:], [*roster.of(connection, [turns[-1].person], since=now), *turns[:-1]], now=now)
        except Refused as refused:
            raise RosterProblem(f"{path.name}: line {number}: {_WHY[refused.code]}; nothing was imported") from None
        except ValueError as error:
            raise RosterProblem(f"{path.name}: line {number}: {error}; nothing was imported") from None
    if turns:
        roster.add(connection, turns, by=None)
    for person in dict.fromkeys(one.person for one in turns):
        entry = Entry("duty.planned", {"n": sum(one.person == person for one in turns)}, "STF-5")
        journal.append(connection, f"person:{person}", (entry,), by=None, at=now)
    return len(turns)


def _turn(connection: Connection, row: dict[str, str | None], zone: str, branch: str) -> Duty:
    """One line as a turn. Raises ValueError that says what is wrong."""
    told = {key: (value or "").strip() for key, value in row.items() if key}
    where = told.get("branch") or branch
    if told["role"] not in ROLES:
        raise ValueError(f"role has to be one of {', '.join(ROLES)}")
    role = Role(told["role"])
    person = _named(connection, told["name"], where)
    return turn_of(person.id, role, where, _day(told["date"]), _clock(told["start"]), _clock(told["end"]), zone)


def _named(connection: Connection, name: str, branch: str) -> Person:
    found = [one for one in people.staff(connection, branch=branch) if one.name == name and one.branch == branch]
    if len(found) != 1:
        raise ValueError("nobody of the branch has this name" if not found else "several people of the branch have this name")
    return found[0]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("date is not like 2026-11-30") from None


def _clock(text: str) -> time:
    try:
        return time.fromisoformat(text.zfill(5))
    except ValueError:
        raise ValueError("start and end have to be like 18:00") from None


_WHY = {
    "duty-backwards": "it ends before it begins",
    "duty-too-long": "it is longer than 24 hours",
    "duty-over": "it is over already",
    "duty-overlaps": "the same person has another turn at that time",
}
