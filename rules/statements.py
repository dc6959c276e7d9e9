"""The month's table of closed complaints: drafted on the 1st, confirmed by each department by the 10th (CMP-16, SLA-23)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar
from zoneinfo import ZoneInfo

from rules.cases import Case, require_open
from rules.clocks import Clock, promised_at
from rules.complaint_records import Outcome
from rules.complaints import Complaint
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.people import Deed, Person, Role, require
from rules.refusals import Refused
from rules.terms import Terms

HEADS = (Role.MANUFACTURING, Role.QUALITY, Role.RND, Role.SALES)
"""Who has to confirm responsibility and remedies (CMP-16)."""


@dataclass(frozen=True)
class Line:
    """One closed case: what came of it, who answers for it, whether it was in time, whether its remedy was looked at."""

    number: str
    category: str
    outcome: str
    loss: Decimal | None
    shares: Mapping[str, Decimal]  # unit -> per cent
    days: int
    is_in_time: bool
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement(Case):
    """客戶投訴案件統計表 of one month; its number is the month, 2026-11."""

    kind: ClassVar[str] = "statement"
    stage: str = "drafted"
    lines: tuple[Line, ...] = ()
    confirmed: Mapping[str, int] = field(default_factory=dict)  # department -> who
    remarks: Mapping[str, str] = field(default_factory=dict)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        """Departments that have not confirmed yet."""
        return tuple(Audience(role) for role in HEADS if role not in self.confirmed)


def line_of(case: Complaint) -> Line:
    """What the table shows of a case that was decided."""
    assert case.verdict is not None and case.opinion is not None  # only decided cases are totalled
    start = case.accepted_at or case.opened_at
    opinion = case.opinion
    return Line(
        number=case.number,
        category=case.category,
        outcome=opinion.outcome,
        loss=opinion.loss,
        shares={share.unit: share.percent for share in opinion.shares},
        days=(case.verdict.at - start).days,
        is_in_time=case.due_at is None or case.verdict.at <= case.due_at,
        remedy=opinion.remedy,
    )


def draft(month: date, cases: Iterable[Complaint], *, branch: str, now: datetime, terms: Terms) -> Ruling[Statement]:
    """The table of a month, drafted on the 1st of the next one (CMP-16). A month without cases says so and is done."""
    lines = tuple(line_of(case) for case in cases if case.is_decided)
    table = Statement(number=f"{month:%Y-%m}", branch=branch, opened_at=now, lines=lines, policy_version=terms.policy.version)
    facts = {"month": table.number, "n": len(lines)}
    entry = Entry("statement.drafted", {"n": len(lines)}, "CMP-16")
    if not lines:
        empty = replace(table, stage="confirmed", closed_at=now)
        return Ruling(empty, (entry,), (Notice("notice.statement-empty", (Audience.CASE_OFFICE,), facts),))
    to = (*table.owners, Audience.CASE_OFFICE)
    clock = Deadline(promised_at(Clock.STATEMENT, due_at(month, terms), now, "SLA-23"))
    return Ruling(table, (entry,), (Notice("notice.statement", to, facts),), {Clock.STATEMENT: clock})


def due_at(month: date, terms: Terms) -> datetime:
    """The 10th of the month after, nine o'clock (CMP-16)."""
    first = next_month(month)
    return datetime(first.year, first.month, 10, 9, tzinfo=ZoneInfo(terms.calendar.zone))


def next_month(month: date) -> date:
    """The 1st of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def confirm(table: Statement, role: Role, remark: str = "", *, by: Person, now: datetime, terms: Terms) -> Ruling[Statement]:
    """A department confirms its part; the last one closes the table (CMP-16)."""
    require(by, Deed.CONFIRM_STATISTICS, table.ties)
    require_open(table)
    if role not in HEADS or not (by.holds(role) or by.holds(Role.MANAGER)):
        raise Refused("not-yours", rule="CMP-16", roles=[str(role)])
    if role in table.confirmed:
        raise Refused("confirmed-before", rule="CMP-16", department={"text": f"role.{role}"})
    after = replace(table, confirmed={**table.confirmed, role: by.id}, remarks={**table.remarks, role: remark})
    entry = Entry("statement.confirmed", {"department": role}, "CMP-16")
    if after.owners:
        return Ruling(after, (entry,))
    done = replace(after, stage="confirmed", closed_at=now)
    told = (Notice("notice.statement-done", (Audience.CASE_OFFICE, Audience.GM), {"month": table.number}),)
    return Ruling(done, (entry, Entry("statement.done", {}, "CMP-16")), told, {Clock.STATEMENT: None})


@dataclass(frozen=True)
class Total:
    """What a department answers for in a month: its part of the losses, in how many cases."""

    unit: str
    n: int
    loss: Decimal


def totals(table: Statement) -> tuple[Total, ...]:
    """The departments' parts of what was lost; a loss that nobody has fixed counts as a case and adds nothing."""
    found: dict[str, Total] = {}
    for line in table.lines:
        for unit, percent in line.shares.items():
            so_far = found.get(unit, Total(unit, 0, Decimal(0)))
            found[unit] = Total(unit, so_far.n + 1, so_far.loss + (line.loss or Decimal(0)) * percent / 100)
    return tuple(sorted(found.values(), key=lambda one: one.unit))


def in_time(table: Statement) -> Decimal | None:
    """Per cent of the closed cases that were closed within their limit; None for a month without any (KPI-5, KPI-14)."""
    if not table.lines:
        return None
    return Decimal(sum(line.is_in_time for line in table.lines)) * 100 / len(table.lines)


def upheld(table: Statement) -> int:
    """How many of them were upheld."""
    return sum(line.outcome == Outcome.UPHELD for line in table.lines)
