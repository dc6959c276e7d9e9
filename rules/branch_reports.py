"""The branch's report of a day or week: summed up, signed, countersigned, and only then sent on (DLY-2, DLY-3, DLY-6)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from hashlib import sha256
from typing import ClassVar, Literal

from rules.cases import Case, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, may, require
from rules.refusals import Refused
from rules.terms import Terms

Period = Literal["day", "week"]
_LONGEST_NAME = 20


class BranchStage(StrEnum):
    """Where a branch's report stands."""

    DRAFTED = "drafted"
    SIGNED = "signed"
    SENT = "sent"


@dataclass(frozen=True)
class Share:
    """One subordinate's part: minutes by kind, and whether his report is there."""

    person: int
    minutes: Mapping[str, int]
    is_missing: bool = False


@dataclass(frozen=True, kw_only=True)
class BranchReport(Case):
    """Kind of work and time of all subordinates, with what the supervisor says about it."""

    kind: ClassVar[str] = "branch_report"
    stage: str = BranchStage.DRAFTED
    period: Period = "day"
    first: date
    last: date
    shares: tuple[Share, ...] = ()
    figures: Mapping[str, int] = field(default_factory=dict)  # calls, done, open, arrivals, in_time
    often: tuple[str, ...] = ()  # the machines of most calls
    words: str = ""
    remarks: str = ""  # why the countersigner sent it back
    signed_by: int | None = None
    countersigned_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.MANAGER,) if self.stage == BranchStage.SIGNED else (Audience.SUPERVISOR,)

    def seen_by(self, person: Person) -> bool:
        """The heads of the branch, and headquarters once it has it."""
        if may(person, Deed.SIGN_BRANCH_REPORT, self.ties):
            return True
        return self.stage == BranchStage.SENT and may(person, Deed.READ_BRANCH_REPORT, self.ties)


def number_of(branch: str, period: Period, first: date) -> str:
    """One report a branch and period, in 32 characters whatever the branch is called."""
    name = branch if len(branch) <= _LONGEST_NAME else sha256(branch.encode()).hexdigest()[:_LONGEST_NAME]
    return f"{first:%y%m%d}{period[0]}-{name}"


def draft(report: BranchReport) -> Ruling[BranchReport]:
    """Put the table before the supervisor, with who is missing (DLY-2, ESC-11)."""
    missing = [one.person for one in report.shares if one.is_missing]
    facts = {"first": report.first, "last": report.last, "n": len(missing)}
    told = (Notice(f"notice.branch-report-{report.period}", (Audience.SUPERVISOR,), facts),)
    return Ruling(report, (Entry("branch_report.drafted", {"missing": missing}, "DLY-2"),), told)


def sign(
    report: BranchReport, words: str, *, has_countersigner: bool, by: Person, now: datetime, terms: Terms
) -> Ruling[BranchReport]:
    """The supervisor answers for the table and says what there is to say; the branch manager is next (DLY-2, DLY-3).

    A service centre, which has no branch manager, sends it directly, as does a profile without the countersign.
    """
    require(by, Deed.SIGN_BRANCH_REPORT, report.ties)
    _require(report, BranchStage.DRAFTED)
    if report.period == "week" and not words.strip():
        raise Refused("words-missing", rule="DLY-6")
    signed = replace(report, stage=BranchStage.SIGNED, words=words, remarks="", signed_by=by.id)
    entry = Entry("branch_report.signed", {}, "DLY-2")
    if not terms.policy.daily.countersign or not has_countersigner:
        sent = send(signed, needs_countersign=False, now=now)
        return replace(sent, journal=(entry, *sent.journal))
    facts = {"first": report.first, "last": report.last, "by_id": by.id}
    return Ruling(signed, (entry,), (Notice("notice.branch-report-sign", (Audience.MANAGER,), facts, can_wait=True),))


def countersign(report: BranchReport, *, by: Person, now: datetime, terms: Terms) -> Ruling[BranchReport]:
    """The branch manager's signature, never the same person's as the first; then it goes to the service department (DLY-3)."""
    _require_countersigner(report, by)
    done = send(replace(report, countersigned_by=by.id), needs_countersign=True, now=now)
    return replace(done, journal=(Entry("branch_report.countersigned", {}, "DLY-3"), *done.journal))


def send_back(report: BranchReport, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[BranchReport]:
    """The manager wants it otherwise: the supervisor signs anew (DLY-3)."""
    _require_countersigner(report, by)
    if not words.strip():
        raise Refused("remarks-missing", rule="DLY-3")
    facts = {"first": report.first, "words": words, "by_id": by.id}
    told = (Notice("notice.branch-report-back", (report.signed_by or Audience.SUPERVISOR,), facts),)
    after = replace(report, stage=BranchStage.DRAFTED, remarks=words, signed_by=None)
    return Ruling(after, (Entry("branch_report.returned", {}, "DLY-3"),), told)


def send(report: BranchReport, *, needs_countersign: bool, now: datetime) -> Ruling[BranchReport]:
    """To the service department; before the countersign that is refused (DLY-3)."""
    require_open(report)
    if report.signed_by is None or (needs_countersign and report.countersigned_by is None):
        raise Refused("countersign-first", rule="DLY-3")
    facts = {"branch": report.branch, "first": report.first, "last": report.last}
    told = (Notice("notice.branch-report-sent", (Audience.SERVICE_DEPT,), facts, is_must=False, can_wait=True),)
    sent = replace(report, stage=BranchStage.SENT, closed_at=now)
    return Ruling(sent, (Entry("branch_report.sent", {}, "DLY-3"),), told)


def _require_countersigner(report: BranchReport, by: Person) -> None:
    require(by, Deed.COUNTERSIGN, report.ties)
    _require(report, BranchStage.SIGNED)
    if by.id == report.signed_by:
        raise Refused("countersign-other", rule="DLY-3")


def _require(report: BranchReport, stage: BranchStage) -> None:
    require_open(report)
    if report.stage != stage:
        raise Refused("report-elsewhere", rule="DLY-3", stage={"text": f"branch.stage.{report.stage}"})
