"""Trainings: planned for a day, attended by whom they are for, counted as own work; a question at the end (STF-15)."""

from dataclasses import replace
from datetime import date, datetime

from rules.cases import require_open
from rules.clocks import Clock
from rules.decisions import Entry, Notice, Ruling
from rules.people import Person, may
from rules.refusals import Refused
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet
from rules.terms import Terms
from rules.timesheets import OWN, TimeLine

RIGHT, WRONG = "right", "wrong"
_FOR_THE_PLANNER = frozenset({"question", "right", "wrong"})


def is_for(sheet: Sheet, person: Person) -> bool:
    """Whether it is a training that somebody is to attend."""
    return sheet.sheet is SheetKind.TRAINING and person.id in sheet.wanted


def attend(sheet: Sheet, answer: str = "", *, by: Person, now: datetime, terms: Terms) -> Ruling[Sheet]:
    """Somebody was there, which he says himself and not before the day; with the last one it is over (STF-15).

    `answer` is RIGHT or WRONG where a question is asked.
    """
    require_attendable(sheet, by=by, now=now, terms=terms)
    if has_question(sheet) and answer not in (RIGHT, WRONG):
        raise Refused("sheet-incomplete", rule="STF-15", missing=[{"text": "sheet.training_question.label"}])
    found = {**sheet.found, str(by.id): answer} if has_question(sheet) else sheet.found
    there = replace(sheet, read_by=(*sheet.read_by, by.id), found=found)
    entry = Entry("training.attended", {"n": len(there.read_by)}, "STF-15")
    if there.owners:
        return Ruling(there, (entry,))
    told = (Notice("notice.sheet-done-training", (sheet.author,), {"number": sheet.number}),)
    return Ruling(replace(there, stage="done", closed_at=now, closed_by=by.id), (entry,), told, {Clock.TASK: None})


def require_attendable(sheet: Sheet, *, by: Person, now: datetime, terms: Terms) -> None:
    """Raise Refused unless somebody may say now that he was there: once, and not before the day."""
    require_open(sheet)
    if by.id not in sheet.wanted or by.id in sheet.read_by:
        raise Refused("case-closed", rule="REC-1", number=sheet.number)
    if terms.calendar.local_day(now) < day_of(sheet):
        raise Refused("training-to-come", rule="STF-15", date=day_of(sheet))


def has_question(sheet: Sheet) -> bool:
    return sheet.told.get("quiz") == "one"


def day_of(sheet: Sheet) -> date:
    """The day of a training."""
    return date.fromisoformat(sheet.told["on"][:10])


def n_right(sheet: Sheet) -> int:
    """How many of those who were there answered the question right."""
    return sum(answer == RIGHT for answer in sheet.found.values())


def is_hidden(sheet: Sheet, name: str, person: Person) -> bool:
    """Whether a line of a sheet is not for this person's eyes: the answers before the question is asked."""
    return sheet.sheet is SheetKind.TRAINING and name in _FOR_THE_PLANNER and not may(person, sheet.shape.deed, sheet.ties)


def time_of(sheet: Sheet, person: int, day: date) -> TimeLine | None:
    """What a training comes to in somebody's daily report: own work, as long as it was planned (DLY-1)."""
    if person not in sheet.read_by or day_of(sheet) != day:
        return None
    return TimeLine(OWN, int(sheet.told["minutes"]), words=sheet.told["topic"])
