"""Surveys, complaints and tasks by the clock: what is sent, drafted and listed by itself (SUR-1, SLA-16, CMP-16, ESC-18)."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rules.cases import shown_number
from rules.complaints import Complaint
from rules.orders import WorkOrder
from rules.people import Deed, Person, Role, may
from rules.statements import Statement, draft
from rules.surveys import Survey, SurveyStage, chase, send
from rules.tasks import Task
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import cases, deadlines, orders, people, subjects
from storage.subjects import token
from storage.unit import Unit, waiting_for

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST = timedelta(days=400)
"""A complaint that was opened longer ago than this is not looked for when a month is totalled."""


def survey_is_due(connection: Connection, terms: Terms, survey: Survey, *, now: datetime) -> None:
    """Send it, remind once, or let it lapse; by what it is, so that a late sweep never skips the sending (SUR-1)."""
    unit = Unit(connection, now, terms)
    if survey.stage is not SurveyStage.PLANNED:
        unit.record(survey, chase(survey, now=now), by=None)
        return
    found = subjects.by_name(connection, survey.about)
    order = found if isinstance(found, WorkOrder) else None
    is_reachable = people.account_for(connection, survey.customer) is not None
    unit.record(survey, send(survey, order, is_reachable, now=now, terms=terms), by=None)


def daily(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Whatever is done once a day or month, caught up with whenever somebody looks; returns how many were told."""
    n_told = register_of_the_day(connection, terms, now=now) + morning_of_cases(connection, terms, now=now)
    return n_told + draft_the_month(connection, terms, now=now)


def register_of_the_day(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """On the next working day the service department has the last days' register: each call and its card (SLA-16, DLY-5).

    Returns how many people were told. Done once a day and person, however often it is called.
    """
    day = terms.calendar.local_day(now)
    begins = terms.calendar.day_start(day)
    if terms.policy.survey.mode != "every_call" or begins is None or now < begins:
        return 0
    start, end = _moment(_last_workday(terms, day), terms), _moment(day, terms)
    n_told = 0
    for person in people.staff(connection, role=Role.SERVICE_DEPT):
        calls = orders.reported_between(connection, start, end, visible_to=person, limit=500)
        if not calls or not first_time(connection, "register", day.isoformat(), person.id, now):
            continue
        owed = sum(not call.is_open for call in calls)
        facts = {"name": person.name, "n": len(calls), "n_cards": owed, "n_open": len(calls) - owed}
        lines = [_register_line(call) for call in calls[:20]]
        body = {"text": "callbook.head", "facts": facts, "lines": lines, "rows": []}
        post(connection, person.id, body, now=now, dedup=f"register:{day}:{person.id}")
        n_told += 1
    return n_told


def morning_of_cases(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """At the start of a working day everybody has the complaints and tasks that waited for him overnight (ESC-18)."""
    day = terms.calendar.local_day(now)
    begins, ends = terms.calendar.day_start(day), terms.calendar.day_end(day)
    if begins is None or ends is None or not begins <= now < ends or not cases.has_open(connection, (Complaint, Task)):
        return 0
    n_told = 0
    for person in people.staff(connection):
        if may(person, Deed.SEE_CASES) and first_time(connection, "cases", day.isoformat(), person.id, now):
            n_told += _list_cases(connection, person, day, begins, now)
    return n_told


def _list_cases(connection: Connection, person: Person, day: date, begins: datetime, now: datetime) -> int:
    found: list[Complaint | Task] = [*cases.open_ones(connection, Complaint, visible_to=person)]
    found += cases.open_ones(connection, Task, visible_to=person)
    overnight = [one for one in found if one.opened_at < begins]  # of what came since he was told when it came
    waiting = waiting_for(connection, person.id, overnight)
    if not waiting:
        return 0
    body = {
        "text": "digest.cases",
        "facts": {"name": person.name, "n": len(waiting)},
        "lines": [_case_line(connection, one, now) for one in waiting[:20]],
        "rows": _case_rows(waiting[:9]),
    }
    post(connection, person.id, body, now=now, dedup=f"cases:{day}:{person.id}")
    return 1


def _case_line(connection: Connection, case: Complaint | Task, now: datetime) -> dict[str, Any]:
    due = deadlines.first_due(connection, case.subject)
    what = {"text": f"stage.case.{case.stage}" if isinstance(case, Complaint) else f"errand.{case.errand}"}
    facts: dict[str, Any] = {
        "number": shown_number(case),
        "stage": what,
        "what": case.customer_name if isinstance(case, Complaint) else "",
    }
    if due is None:
        return {"text": "digest.line", "facts": facts}
    if due < now:
        return {"text": "digest.overdue", "facts": facts | {"late": now - due}}
    return {"text": "digest.due", "facts": facts | {"due": due}}


def _case_rows(waiting: Sequence[Complaint | Task]) -> list[list[dict[str, Any]]]:
    buttons = [{"label": {"literal": shown_number(one)}, "token": token(one, "card"), "tone": "plain"} for one in waiting]
    return [buttons[n : n + 3] for n in range(0, len(buttons), 3)]


def draft_the_month(connection: Connection, terms: Terms, *, now: datetime) -> bool:
    """On the 1st, or as soon after it as somebody looks, last month's table of closed complaints; whether it was drafted now.

    A desk that never had a complaint has no table.
    """
    month = (terms.calendar.local_day(now).replace(day=1) - timedelta(days=1)).replace(day=1)
    if cases.by_number(connection, Statement, f"{month:%Y-%m}") is not None:
        return False
    end = _moment(terms.calendar.local_day(now).replace(day=1), terms)
    if not cases.opened_between(connection, Complaint, _EVER, end, limit=1):
        return False
    start = _moment(month, terms)
    known = cases.opened_between(connection, Complaint, start - _LONGEST, end)
    closed = [one for one in known if one.verdict is not None and start <= one.verdict.at < end]
    branch = closed[0].branch if closed else ""
    Unit(connection, now, terms).record(None, draft(month, closed, branch=branch, now=now, terms=terms), by=None)
    return True


def _register_line(call: WorkOrder) -> dict[str, Any]:
    facts = {"number": call.number, "stage": {"text": f"stage.{call.stage}"}, "what": call.report.model}
    return {"text": "callbook.line", "facts": facts}


def _last_workday(terms: Terms, day: date) -> date:
    for n in range(1, 30):
        if terms.calendar.is_workday(day - timedelta(days=n)):
            return day - timedelta(days=n)
    return day - timedelta(days=1)


def _moment(day: date, terms: Terms) -> datetime:
    """Midnight at which a day begins here."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(terms.calendar.zone))
