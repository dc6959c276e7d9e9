"""The time book: what each spent on which kind of work, from timers and reports (DLY-1, DLY-2, DLY-6, DLY-7)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.branch_reports import BranchReport, Period, Share
from rules.clocks import Clock
from rules.dailies import DailyReport, number_of
from rules.hours import day_bounds
from rules.orders import CLOSED, WorkOrder
from rules.people import Person, Role
from rules.sheet_shapes import SHAPES, SheetKind
from rules.sheets import Sheet
from rules.terms import Terms
from rules.timesheets import KINDS, TimeLine, kind_of, prefilled, totals
from rules.trainings import time_of
from storage import cases, deadlines, journal, orders, people, roster, worktime

DAY = timedelta(days=1)
_ENOUGH = 3
_AHEAD = timedelta(days=366)
"""How long before its day a training was planned at the earliest."""


def lines_of(connection: Connection, person: int, day: date, terms: Terms, *, now: datetime) -> tuple[TimeLine, ...]:
    """A day's lines as the timers have them: minutes on each order, with its kind where that is known (DLY-1)."""
    start, end = day_bounds(day, terms.calendar.zone)
    end = min(end, max(now, start))
    spent, kinds = dict[str, timedelta](), dict[str, str]()
    for one in worktime.stints_of(connection, [person], since=start, until=end):
        order = orders.by_id(connection, one.order)
        if order is None:
            continue
        length = min(one.until(end), end) - max(one.start, start)
        spent[order.number] = spent.get(order.number, timedelta()) + length
        kinds[order.number] = kind_of(order, terms.of(order.policy_version).policy)
    return (*prefilled(spent, kinds), *_trained(connection, person, day))


def _trained(connection: Connection, person: int, day: date) -> list[TimeLine]:
    """The trainings that somebody attended on a day, as own work (STF-15)."""
    numbers = SHAPES[SheetKind.TRAINING].letter
    found = cases.numbered_between(connection, Sheet, f"{numbers}{day - _AHEAD:%y}-", f"{numbers}{day:%y}.")
    return [line for one in found if (line := time_of(one, person, day)) is not None]


def report_of(connection: Connection, person: int, day: date) -> DailyReport | None:
    """What somebody handed in for a day."""
    return cases.by_number(connection, DailyReport, number_of(person, day))


def reports_of(connection: Connection, first: date, last: date) -> dict[tuple[int, date], DailyReport]:
    """Every report of the days from `first` to `last`, by person and day."""
    found = cases.numbered_between(connection, DailyReport, f"{first:%y%m%d}-", f"{last + DAY:%y%m%d}-")
    return {(one.person, one.day): one for one in found}


def technicians(connection: Connection, branch: str) -> list[Person]:
    """Who writes daily reports in a branch."""
    found = people.staff(connection, role=Role.TECHNICIAN, branch=branch)
    return [one for one in found if one.branch == branch and Role.TECHNICIAN in one.roles]


def branches(connection: Connection) -> list[str]:
    """Branches that have technicians."""
    found = people.staff(connection, role=Role.TECHNICIAN)
    return sorted({one.branch for one in found if Role.TECHNICIAN in one.roles})


def owes(connection: Connection, person: int, day: date, terms: Terms) -> bool:
    """Whether somebody owes a report of a day: who worked, and who had a turn of duty and was not on leave (DLY-1)."""
    start, end = day_bounds(day, terms.calendar.zone)
    if worktime.stints_of(connection, [person], since=start, until=end):
        return True
    if worktime.punches_of(connection, person, since=start, until=end):
        return True
    turns = [one for one in roster.of(connection, [person], since=start) if start <= one.start < end]
    return any(person not in roster.away(connection, one.start) for one in turns)


def shares(connection: Connection, branch: str, first: date, last: date, terms: Terms) -> tuple[Share, ...]:
    """Each technician's minutes by kind over some days, as reported, and who did not report a day he owes (DLY-2)."""
    known, found = reports_of(connection, first, last), list[Share]()
    for person in technicians(connection, branch):
        minutes, is_missing, takes_part = dict.fromkeys(KINDS, 0), False, False
        for day in days(first, last):
            report = known.get((person.id, day))
            if report is not None:
                takes_part = True
                minutes = {kind: n + totals(report.lines)[kind] for kind, n in minutes.items()}
            elif owes(connection, person.id, day, terms):
                takes_part = is_missing = True
        if takes_part:
            found.append(Share(person.id, minutes, is_missing))
    return tuple(found)


def days(first: date, last: date) -> Iterable[date]:
    return (first + DAY * n for n in range((last - first).days + 1))


def drafted(
    connection: Connection, branch: str, period: Period, first: date, last: date, terms: Terms, number: str, *, now: datetime
) -> BranchReport:
    """A branch's report of some days with all that can be counted (DLY-2, DLY-6)."""
    start, end = day_bounds(first, terms.calendar.zone)[0], day_bounds(last, terms.calendar.zone)[1]
    calls = orders.of_branch(connection, branch, start, end)
    return BranchReport(
        number=number, branch=branch, opened_at=now, policy_version=terms.policy.version, period=period, first=first,
        last=last, shares=shares(connection, branch, first, last, terms), figures=figures(connection, calls),
        often=_often(calls),
    )  # fmt: skip


def figures(connection: Connection, calls: list[WorkOrder]) -> dict[str, int]:
    """Calls, those done and open; arrivals that were promised, and those in time."""
    promised = [deadlines.kept(connection, one.subject).get(Clock.ARRIVAL) for one in calls]
    arrivals = [one for one in promised if one is not None and one.met_at is not None]
    return {
        "calls": len(calls),
        "done": sum(one.left_at is not None or one.stage in CLOSED for one in calls),
        "open": sum(one.is_open for one in calls),
        "arrivals": len(arrivals),
        "in_time": sum(one.is_in_time for one in arrivals),
    }


def _often(calls: list[WorkOrder]) -> tuple[str, ...]:
    counted = Counter(one.report.model for one in calls if one.report.model)
    return tuple(f"{model} × {n}" for model, n in counted.most_common(_ENOUGH))


@dataclass(frozen=True)
class MonthSheet:
    """One person's month: minutes by kind, orders worked on, days reported and owed, overtime (DLY-7)."""

    person: int
    minutes: dict[str, int]
    n_orders: int
    n_reports: int
    n_missing: int
    overtime: timedelta
    n_returned: int = 0  # how often his reports were sent back (DLY-10)


def month_sheet(connection: Connection, person: int, first: date, last: date, terms: Terms, *, now: datetime) -> MonthSheet:
    """What somebody did from `first` to `last`."""
    zone = terms.calendar.zone
    start, end = day_bounds(first, zone)[0], min(day_bounds(last, zone)[1], now)
    reports = [one for (who, _), one in reports_of(connection, first, last).items() if who == person]
    lines = [line for one in reports for line in one.lines]
    reported = {one.day for one in reports}
    missing = [day for day in days(first, last) if day not in reported and owes(connection, person, day, terms)]
    worked = {one.order for one in worktime.stints_of(connection, [person], since=start, until=end)}
    load = worktime.workload_of(connection, person, terms, now=end - timedelta(seconds=1))
    n_returned = journal.count(connection, "order.returned", [f"order:{one}" for one in worked], start, end)
    return MonthSheet(person, totals(lines), len(worked), len(reports), len(missing), load.overtime, n_returned)


def month_lines(sheets: Iterable[MonthSheet]) -> list[dict[str, Any]]:
    """What is said of each (text ids with facts)."""
    return [
        {
            "text": "month.line",
            "facts": {
                "person_id": one.person, "n_orders": one.n_orders, "n_reports": one.n_reports, "n_missing": one.n_missing,
                "n_returned": one.n_returned,
                "overtime": one.overtime, **{kind.lower(): n for kind, n in one.minutes.items()},
            },
        }
        for one in sheets
    ]  # fmt: skip
