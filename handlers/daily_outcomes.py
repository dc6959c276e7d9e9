"""What becomes of a told day and of the words about a branch's: load, decide, record (DLY-1..3)."""

from dataclasses import replace

from handlers.flows.daily import DayTold
from handlers.flows.papers import Words
from handlers.turn import Turn
from rules import branch_reports, dailies
from rules.branch_reports import BranchReport
from rules.closing import note_time
from rules.dailies import DailyReport
from rules.hours import day_bounds
from rules.orders import WorkOrder
from rules.people import Role
from storage import orders, people, timebook, worktime


def told(turn: Turn, _subject: object, outcome: DayTold) -> None:
    """The report is handed in, once more if it came back; one a person and day."""
    before = timebook.report_of(turn.connection, turn.person.id, outcome.day)
    fresh = before or DailyReport(
        number=dailies.number_of(turn.person.id, outcome.day), branch=turn.person.branch or turn.company.branch,
        opened_at=turn.now, policy_version=turn.terms.policy.version, person=turn.person.id, day=outcome.day,
    )  # fmt: skip
    ruling = dailies.submit(replace(fresh, lines=outcome.lines), **turn.deed)
    kept = turn.unit.record(before, ruling, by=turn.person.id)
    start, end = day_bounds(kept.day, turn.terms.calendar.zone)
    out = worktime.stints_of(turn.connection, [turn.person.id], since=start, until=end)
    named = [orders.by_number(turn.connection, one.number) for one in kept.lines if one.number]
    found = {one.id: one for one in named if one is not None} | orders.by_ids(turn.connection, {one.order for one in out})
    for order in found.values():
        _note_time(turn, order)
    turn.show(kept.subject, "done.daily")


def _note_time(turn: Turn, order: WorkOrder) -> None:
    """The order knows that this one of its crew has entered his time (CLS-10)."""
    if turn.person.id in order.crew:
        terms = turn.under(order).terms
        turn.unit.record(order, note_time(order, turn.person.id, now=turn.now, terms=terms), by=turn.person.id)


def sent_back(turn: Turn, report: DailyReport, outcome: Words) -> None:
    after = turn.unit.record(report, dailies.send_back(report, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.daily-back")


def signed(turn: Turn, report: BranchReport, outcome: Words) -> None:
    """What came in since the draft counts; then the branch manager has it, or headquarters at once (DLY-2, DLY-3)."""
    shares = timebook.shares(turn.connection, report.branch, report.first, report.last, turn.terms)
    others = has_countersigner(turn, report)
    ruling = branch_reports.sign(replace(report, shares=shares), outcome.text, has_countersigner=others, **turn.deed)
    after = turn.unit.record(report, ruling, by=turn.person.id)
    turn.show(after.subject, f"done.branch-{after.stage}")


def has_countersigner(turn: Turn, report: BranchReport) -> bool:
    """Whether the branch has a manager besides whoever signs; a service centre has none (DLY-3)."""
    found = people.staff(turn.connection, role=Role.MANAGER, branch=report.branch)
    return any(one.id != turn.person.id and one.branch == report.branch for one in found)


def branch_sent_back(turn: Turn, report: BranchReport, outcome: Words) -> None:
    after = turn.unit.record(report, branch_reports.send_back(report, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.branch-back")
