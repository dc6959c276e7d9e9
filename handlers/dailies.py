"""Daily reports in chat: each writes his own, the supervisor looks at them and signs for the branch (DLY-1..3, DLY-7)."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from handlers.daily_outcomes import has_countersigner
from handlers.flowbook import ENGINE
from handlers.said import Row, button, in_rows
from handlers.turn import Turn
from rules import branch_reports, dailies
from rules.branch_reports import BranchReport
from rules.cases import require_open
from rules.dailies import DailyReport, DailyStage
from rules.hours import month_start
from rules.people import Deed, may, require
from rules.refusals import Refused
from storage import cases, timebook

MOST = 12


def show(turn: Turn, arg: str = "") -> None:
    """One's own day to be told, or for the supervisor what is there, what is missing, what waits for a signature (DLY-1)."""
    if may(turn.person, Deed.REVIEW_DAILY) and not arg:
        _overview(turn)
        return
    begin(turn, arg)


def begin(turn: Turn, arg: str = "") -> None:
    """Tell a day: today, or the one that is named; what was handed in already is mended while it is not filed."""
    require(turn.person, Deed.DAILY_REPORT)
    day = _day(arg) or turn.terms.calendar.local_day(turn.now)
    known = timebook.report_of(turn.connection, turn.person.id, day)
    if known is not None and not known.is_open:
        turn.show(known.subject, "daily.filed-already")
        return
    lines = known.lines if known else timebook.lines_of(turn.connection, turn.person.id, day, turn.terms, now=turn.now)
    ENGINE.start(turn, "daily", args={"day": day.isoformat(), "lines": [asdict(one) for one in lines]})


def _day(arg: str) -> date | None:
    try:
        return date.fromisoformat(f"20{arg}")
    except ValueError:
        return None


def _overview(turn: Turn) -> None:
    reports = [one for one in cases.open_ones(turn.connection, DailyReport, visible_to=turn.person) if _waits(one)][:MOST]
    branches = cases.open_ones(turn.connection, BranchReport, visible_to=turn.person)[:MOST]
    lines: list[dict[str, Any]] = [_line(one) for one in reports]
    rows: list[Row] = []
    if reports:
        rows.append([button("daily.file-all", "w.fileall", tone="primary")])
        rows += in_rows([button("daily.open", f"y.{one.id}.card", day=one.day, person_id=one.person) for one in reports], 2)
    for one in branches:
        lines.append({"text": f"daily.branch-{one.stage}-{one.period}", "facts": {"first": one.first, "last": one.last}})
        rows.append([button(f"daily.open-{one.period}", f"b.{one.id}.card", first=one.first)])
    if may(turn.person, Deed.DAILY_REPORT):
        rows.append([button("daily.write", f"w.daily.{turn.terms.calendar.local_day(turn.now):%y%m%d}")])
    turn.reply("daily.list" if lines else "daily.list-none", lines=lines, rows=rows)


def _waits(report: DailyReport) -> bool:
    return report.stage == DailyStage.SUBMITTED


def _line(report: DailyReport) -> dict[str, Any]:
    facts = {"person_id": report.person, "day": report.day, "minutes": sum(one.minutes for one in report.lines)}
    return {"text": "daily.waiting", "facts": facts}


def file_all(turn: Turn, _arg: str) -> None:
    """File everything that waits for this supervisor, but for his own (DLY-1)."""
    require(turn.person, Deed.REVIEW_DAILY)
    n_filed = 0
    for one in cases.open_ones(turn.connection, DailyReport, visible_to=turn.person):
        if _waits(one) and one.person != turn.person.id:
            turn.unit.record(one, dailies.file(one, **turn.deed), by=turn.person.id)
            n_filed += 1
    turn.reply("done.daily-filed-all", {"n": n_filed})


def pressed(turn: Turn, report: DailyReport | BranchReport, action: str) -> None:
    """A button of a report; every right is checked again (story 11)."""
    if isinstance(report, DailyReport):
        _daily(turn, report, action)
    else:
        _branch(turn, report, action)


def _daily(turn: Turn, report: DailyReport, action: str) -> None:
    if action == "again":
        if turn.person.id != report.person:
            raise Refused("own-report-only", rule="DLY-1")
        begin(turn, f"{report.day:%y%m%d}")
        return
    require(turn.person, Deed.REVIEW_DAILY, report.ties)
    if action == "file":
        after = turn.unit.record(report, dailies.file(report, **turn.deed), by=turn.person.id)
        turn.show(after.subject, "done.daily-filed")
    elif action == "back":
        require_open(report)
        ENGINE.start(turn, "daily_back", about=report.subject)
    else:
        turn.reply("talk.passed")


def _branch(turn: Turn, report: BranchReport, action: str) -> None:
    if action == "sign":
        require(turn.person, Deed.SIGN_BRANCH_REPORT, report.ties)
        require_open(report)
        ENGINE.start(turn, "branch_sign", about=report.subject, args={"period": report.period})
    elif action in ("countersign", "back"):
        require(turn.person, Deed.COUNTERSIGN, report.ties)
        require_open(report)
        if action == "back":
            ENGINE.start(turn, "branch_back", about=report.subject)
            return
        after = turn.unit.record(report, branch_reports.countersign(report, **turn.deed), by=turn.person.id)
        turn.show(after.subject, "done.branch-sent")
    elif action == "send":
        require(turn.person, Deed.SIGN_BRANCH_REPORT, report.ties)
        needed = bool(turn.terms.policy.daily.countersign) and has_countersigner(turn, report)
        after = turn.unit.record(report, branch_reports.send(report, needs_countersign=needed, now=turn.now), by=turn.person.id)
        turn.show(after.subject, "done.branch-sent")
    else:
        turn.reply("talk.passed")


def show_month(turn: Turn, arg: str = "") -> None:
    """One's own month; whoever looks at the branch's reports sees everybody's. `last` is the month before (DLY-7)."""
    require(turn.person, Deed.SEE_ROSTER)
    today = turn.terms.calendar.local_day(turn.now)
    last = month_start(today) - timedelta(days=1) if arg == "last" else today
    whose = [turn.person]
    if may(turn.person, Deed.REVIEW_DAILY):
        whose = timebook.technicians(turn.connection, turn.person.branch or turn.company.branch) or whose
    sheets = [timebook.month_sheet(turn.connection, one.id, month_start(last), last, turn.terms, now=turn.now) for one in whose]
    rows = [] if arg == "last" else [[button("month.last", "m.month.last")]]
    turn.reply("month.head", {"first": month_start(last), "last": last}, lines=timebook.month_lines(sheets), rows=rows)
