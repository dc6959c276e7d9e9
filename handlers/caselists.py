"""The register of complaints and tasks, and what surveys say of whom (CMP-7, SUR-3, KPI-8)."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from handlers.case_cards import label_of
from handlers.said import in_rows, literal_button
from handlers.turn import Turn
from rules.cases import shown_number
from rules.complaints import Complaint
from rules.people import Deed, Person, Role, require
from rules.ratings import Graded, ratings_of
from rules.tasks import Task
from storage import cases, deadlines, people
from storage.subjects import token
from storage.unit import waiting_for

MOST_LISTED = 12


def show_cases(turn: Turn) -> None:
    """Every open complaint and task in reach: serious ones first, then what waits for this person (CMP-7, SUR-7)."""
    require(turn.person, Deed.SEE_CASES)
    found: list[Complaint | Task] = [*cases.open_ones(turn.connection, Complaint, visible_to=turn.person)]
    found += cases.open_ones(turn.connection, Task, visible_to=turn.person)
    mine = waiting_for(turn.connection, turn.person.id, found)
    ordered = sorted(found, key=lambda one: (not one.is_urgent, one not in mine))[:MOST_LISTED]
    if not ordered:
        turn.reply("list.cases-none")
        return
    lines = [_line(turn, one, is_mine=one in mine) for one in ordered]
    rows = in_rows([literal_button(shown_number(one), token(one, "card")) for one in ordered], 3)
    turn.reply("list.cases", {"n": len(found), "n_mine": len(mine)}, lines=lines, rows=rows)


def _line(turn: Turn, case: Complaint | Task, *, is_mine: bool) -> dict[str, Any]:
    due = deadlines.first_due(turn.connection, case.subject)
    facts = {"number": shown_number(case), "stage": label_of(case), "due": due or "—"}
    facts |= {"mark": "🔴" if case.is_urgent else "▶" if is_mine else "・"}
    return {"text": "list.case-line", "facts": facts}


def show_ratings(turn: Turn) -> None:
    """Means and how many, this month and the last: a technician sees his own, whoever leads those of the branch (SUR-3).

    A card counts in the month in which it came in, as in the figures (KPI-8).
    """
    require(turn.person, Deed.SEE_RATINGS)
    is_own = turn.person.holds(Role.TECHNICIAN) and not turn.person.holds(Role.SUPERVISOR)
    whom = [turn.person] if is_own else _technicians(turn)
    least = turn.terms.policy.survey.least_ratings if is_own else 1
    this = turn.terms.calendar.local_day(turn.now).replace(day=1)
    lines: list[dict[str, Any]] = []
    for month in ((this - timedelta(days=1)).replace(day=1), this):
        found = cases.grades_given(turn.connection, *_bounds(month, turn.company.zone))
        for one in whom:
            lines += _rated(one, month, found, least)
    if not lines:
        turn.reply("ratings.none", {"least": least})
        return
    turn.reply("ratings.head", {}, lines=lines)


def _technicians(turn: Turn) -> list[Person]:
    branch = None if turn.person.holds(Role.SERVICE_DEPT) or turn.person.holds(Role.GM) else turn.person.branch
    return people.staff(turn.connection, role=Role.TECHNICIAN, branch=branch)


def _rated(technician: Person, month: date, found: list[Graded], least: int) -> list[dict[str, Any]]:
    ratings = ratings_of(technician.id, found, least=least)
    facts = {"technician_id": technician.id, "month": f"{month:%Y-%m}"}
    marks = [
        {"text": "ratings.mark", "facts": {"aspect": {"text": f"aspect.{one.aspect}"}, "mean": f"{one.mean:.1f}", "n": one.n}}
        for one in ratings
    ]
    return [{"text": "ratings.line", "facts": facts | {"marks": marks}}] if marks else []


def _bounds(month: date, zone: str) -> tuple[datetime, datetime]:
    after = (month + timedelta(days=32)).replace(day=1)
    start, end = (datetime(one.year, one.month, 1, tzinfo=ZoneInfo(zone)) for one in (month, after))
    return start, end
