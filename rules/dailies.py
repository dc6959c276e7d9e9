"""A technician's daily report: kind of work and time, told by himself, looked at and filed by his supervisor (DLY-1)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, Role, may, require
from rules.refusals import Refused
from rules.terms import Terms
from rules.timesheets import TimeLine, require_sound, totals

LATEST = timedelta(days=31)
"""How long after its day a report is still taken."""


class DailyStage(StrEnum):
    """Where a report stands."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    FILED = "filed"


@dataclass(frozen=True, kw_only=True)
class DailyReport(Case):
    """What one person did on one day."""

    kind: ClassVar[str] = "daily"
    stage: str = DailyStage.SUBMITTED
    person: int
    day: date
    lines: tuple[TimeLine, ...] = ()
    words: str = ""  # why it came back
    filed_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (self.person,) if self.stage == DailyStage.RETURNED else (Audience.SUPERVISOR,)

    def seen_by(self, person: Person) -> bool:
        """Its writer, and whoever looks at the branch's."""
        return person.id == self.person or may(person, Deed.REVIEW_DAILY, self.ties)


def number_of(person: int, day: date) -> str:
    """One report a person and day."""
    return f"{day:%y%m%d}-{person}"


def submit(report: DailyReport, *, by: Person, now: datetime, terms: Terms) -> Ruling[DailyReport]:
    """Hand a day's report in, or once more after it came back; each writes his own (DLY-1). Raises Refused."""
    require(by, Deed.DAILY_REPORT)
    if by.id != report.person:
        raise Refused("own-report-only", rule="DLY-1")
    require_open(report)
    today = terms.calendar.local_day(now)
    if not today - LATEST <= report.day <= today:
        raise Refused("report-day", rule="DLY-1", day=report.day)
    require_sound(report.lines, terms.policy)
    total = totals(report.lines)
    facts = {"person_id": by.id, "day": report.day, **{kind.lower(): n for kind, n in total.items()}}
    told = (Notice("notice.daily", _readers(by), facts, is_must=False, can_wait=True),)
    entry = Entry("daily.submitted", {"minutes": dict(total)}, "DLY-1")
    return Ruling(replace(report, stage=DailyStage.SUBMITTED, words=""), (entry,), told)


def _readers(by: Person) -> tuple[Audience, ...]:
    """A supervisor who works in the field himself has his own looked at one post higher."""
    return (Audience.MANAGER,) if by.holds(Role.SUPERVISOR) else (Audience.SUPERVISOR,)


def file(report: DailyReport, *, by: Person, now: datetime, terms: Terms) -> Ruling[DailyReport]:
    """Looked at and filed: from now on it is only read (DLY-1). Nobody files his own."""
    _require_reader(report, by)
    filed = replace(report, stage=DailyStage.FILED, closed_at=now, filed_by=by.id)
    return Ruling(filed, (Entry("daily.filed", {}, "DLY-1"),))


def send_back(report: DailyReport, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[DailyReport]:
    """Something is wrong with it; its writer mends it (DLY-1)."""
    _require_reader(report, by)
    if not words.strip():
        raise Refused("remarks-missing", rule="DLY-1")
    facts = {"day": report.day, "words": words, "by_id": by.id}
    told = (Notice("notice.daily-back", (report.person,), facts),)
    return Ruling(replace(report, stage=DailyStage.RETURNED, words=words), (Entry("daily.returned", {}, "DLY-1"),), told)


def _require_reader(report: DailyReport, by: Person) -> None:
    require(by, Deed.REVIEW_DAILY, report.ties)
    require_open(report)
    if by.id == report.person:
        raise Refused("not-your-own", rule="DLY-1")
    if report.stage != DailyStage.SUBMITTED:
        raise Refused("report-at-writer", rule="DLY-1")
