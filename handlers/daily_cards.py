"""Living cards of daily reports and of the branch's (DLY-1..3, DLY-6)."""

from typing import Any

from handlers.said import Body, Row, button, said
from rules.branch_reports import BranchReport, BranchStage
from rules.dailies import DailyReport, DailyStage
from rules.people import Deed, Person, may


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def daily_card(report: DailyReport, person: Person) -> Body:
    """The day's lines; its reader files it or sends it back, its writer mends it until it is filed."""
    if not report.seen_by(person):
        return said("card.out-of-sight", {"number": report.number})
    lines = [_line("card.stage", stage={"text": f"daily.stage.{report.stage}"})]
    lines += [_line("daily.line", kind=one.kind, what=one.number or one.words, minutes=one.minutes) for one in report.lines]
    if report.words:
        lines.append(_line("card.daily-words", words=report.words))
    title = _line("card.daily-title", day=report.day, person_id=report.person)
    return said("", {}, lines=lines, rows=_daily_rows(report, person)) | {"title": title}


def _daily_rows(report: DailyReport, person: Person) -> list[Row]:
    stem = f"y.{report.id}"
    if not report.is_open:
        return []
    if person.id == report.person:
        return [[button("button.daily-again", f"{stem}.again")]]
    if report.stage != DailyStage.SUBMITTED or not may(person, Deed.REVIEW_DAILY, report.ties):
        return []
    return [[button("button.daily-file", f"{stem}.file", tone="primary"), button("button.daily-back", f"{stem}.back")]]


def branch_card(report: BranchReport, person: Person) -> Body:
    """The table, the figures, who is missing, what was said; a signature's button for whose turn it is."""
    if not report.seen_by(person):
        return said("card.out-of-sight", {"number": report.number})
    lines = [_line("card.stage", stage={"text": f"branch.stage.{report.stage}"})]
    for one in report.shares:
        facts = {kind.lower(): n for kind, n in one.minutes.items()}
        lines.append(_line("card.branch-share", person_id=one.person, **facts))
    missing = [one.person for one in report.shares if one.is_missing]
    lines += [_line("card.branch-missing", person_id=one) for one in missing]
    lines.append(_line("card.branch-figures", **report.figures))
    if report.period == "week" and report.often:
        lines.append(_line("card.branch-often", what=list(report.often)))
    for text, words in (("card.branch-words", report.words), ("card.branch-remarks", report.remarks)):
        lines += [_line(text, words=words)] if words else []
    for text, who in (("card.branch-signed", report.signed_by), ("card.branch-countersigned", report.countersigned_by)):
        lines += [_line(text, by_id=who)] if who else []
    title = _line(f"card.branch-title-{report.period}", branch=report.branch, first=report.first, last=report.last)
    return said("", {}, lines=lines, rows=_branch_rows(report, person)) | {"title": title}


def _branch_rows(report: BranchReport, person: Person) -> list[Row]:
    stem = f"b.{report.id}"
    if report.stage == BranchStage.DRAFTED and may(person, Deed.SIGN_BRANCH_REPORT, report.ties):
        return [[button("button.branch-sign", f"{stem}.sign", tone="primary")]]
    can = may(person, Deed.COUNTERSIGN, report.ties) and person.id != report.signed_by
    if report.stage == BranchStage.SIGNED and can:
        yes = button("button.branch-countersign", f"{stem}.countersign", tone="primary")
        return [[yes, button("button.branch-back", f"{stem}.back")]]
    return []
