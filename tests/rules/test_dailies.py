"""Daily reports: who writes, who files, who signs, and that nothing is sent before the countersign (DLY-1..3, DLY-6)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules import branch_reports, dailies
from rules.branch_reports import BranchReport, BranchStage, Share
from rules.dailies import DailyReport, DailyStage
from rules.decisions import Audience
from rules.people import Person, Role
from rules.timesheets import TimeLine
from tests.cast import BRANCH, LI, MANAGER, WANG, at, terms_of
from tests.rules.job import refused

TERMS = terms_of("appliance")
NOW = at("週五 10:00")
TODAY = date(2026, 11, 27)
FAR = replace(LI, id=99, branch="高雄")


def deed(by: Person) -> dict[str, Any]:
    return {"by": by, "now": NOW, "terms": TERMS}


def report(**changes: Any) -> DailyReport:
    one = DailyReport(number="261127-3", branch=BRANCH, opened_at=NOW, person=WANG.id, day=TODAY, id=1)
    return replace(one, lines=(TimeLine("A", 60, "2611-0001"), TimeLine("D", 30, words="整理倉庫")), **changes)


def branch(**changes: Any) -> BranchReport:
    share = Share(WANG.id, {"A": 60, "B": 0, "C": 0, "D": 30})
    one = BranchReport(number="261127d", branch=BRANCH, opened_at=NOW, first=TODAY, last=TODAY, shares=(share,), id=1)
    return replace(one, **changes)


def test_a_report_is_handed_in_filed_and_then_only_read():
    handed = dailies.submit(report(), **deed(WANG))
    assert [one.to for one in handed.notices] == [(Audience.SUPERVISOR,)]

    filed = dailies.file(handed.after, **deed(LI)).after

    assert (filed.stage, filed.filed_by, filed.is_open) == (DailyStage.FILED, LI.id, False)
    for again in (dailies.file, dailies.submit):
        with refused("case-closed", "REC-1"):
            again(filed, **deed(WANG if again is dailies.submit else LI))


def test_each_writes_his_own_and_nobody_files_his_own():
    with refused("own-report-only", "DLY-1"):
        dailies.submit(report(person=LI.id), **deed(WANG))
    both = replace(WANG, roles=frozenset({Role.TECHNICIAN, Role.SUPERVISOR}))
    handed = dailies.submit(report(), **deed(both))
    assert [one.to for one in handed.notices] == [(Audience.MANAGER,)]
    with refused("not-your-own", "DLY-1"):
        dailies.file(handed.after, **deed(both))
    for stranger in (WANG, FAR):
        with refused("no-such-case", "ROL-1"):
            dailies.file(handed.after, **deed(stranger))


def test_what_comes_back_says_why_and_is_handed_in_anew():
    with refused("remarks-missing", "DLY-1"):
        dailies.send_back(report(), " ", **deed(LI))
    back = dailies.send_back(report(), "少了外出", **deed(LI)).after
    assert (back.stage, back.owners) == (DailyStage.RETURNED, (WANG.id,))
    with refused("report-at-writer", "DLY-1"):
        dailies.file(back, **deed(LI))

    assert dailies.submit(back, **deed(WANG)).after.stage == DailyStage.SUBMITTED


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 10, 26)])
def test_a_day_to_come_or_long_past_is_not_reported(day):
    with refused("report-day", "DLY-1"):
        dailies.submit(report(day=day), **deed(WANG))


def test_a_report_that_can_not_be_is_not_handed_in():
    with refused("minutes-missing", "DLY-1"):
        dailies.submit(replace(report(), lines=(TimeLine("A", 0, "2611-0001"),)), **deed(WANG))


def test_the_branch_s_report_is_countersigned_by_another_before_headquarters_has_it():
    drafted = branch_reports.draft(branch())
    assert drafted.notices[0].to == (Audience.SUPERVISOR,)
    signed = branch_reports.sign(branch(), "", has_countersigner=True, **deed(LI))
    assert (signed.after.stage, [one.to for one in signed.notices]) == (BranchStage.SIGNED, [(Audience.MANAGER,)])
    with refused("countersign-first", "DLY-3"):
        branch_reports.send(signed.after, needs_countersign=True, now=NOW)
    with refused("not-yours", "ROL-1"):
        branch_reports.countersign(signed.after, **deed(replace(LI, roles=frozenset({Role.SUPERVISOR, Role.SERVICE_DEPT}))))

    sent = branch_reports.countersign(signed.after, **deed(MANAGER))

    assert (sent.after.stage, sent.after.is_open) == (BranchStage.SENT, False)
    assert [one.to for one in sent.notices] == [(Audience.SERVICE_DEPT,)]


def test_nobody_countersigns_what_he_signed():
    signed = branch_reports.sign(branch(), "", has_countersigner=True, **deed(MANAGER)).after
    with refused("countersign-other", "DLY-3"):
        branch_reports.countersign(signed, **deed(MANAGER))


def test_a_service_centre_sends_directly():
    sent = branch_reports.sign(branch(), "好", has_countersigner=False, **deed(LI))

    assert sent.after.stage == BranchStage.SENT
    assert [one.kind for one in sent.journal] == ["branch_report.signed", "branch_report.sent"]


def test_so_does_a_profile_without_the_countersign():
    policy = replace(TERMS.policy, daily=replace(TERMS.policy.daily, countersign=""))
    terms = replace(TERMS, policy=policy)

    assert branch_reports.sign(branch(), "", has_countersigner=True, by=LI, now=NOW, terms=terms).after.stage == "sent"


def test_what_the_manager_sends_back_is_signed_anew():
    signed = branch_reports.sign(branch(), "", has_countersigner=True, **deed(LI)).after
    with refused("remarks-missing", "DLY-3"):
        branch_reports.send_back(signed, "", **deed(MANAGER))
    back = branch_reports.send_back(signed, "少一人", **deed(MANAGER))
    assert (back.after.stage, back.notices[0].to) == (BranchStage.DRAFTED, (LI.id,))
    with refused("report-elsewhere", "DLY-3"):
        branch_reports.countersign(back.after, **deed(MANAGER))


def test_a_week_is_signed_with_words_for_the_company():
    with refused("words-missing", "DLY-6"):
        branch_reports.sign(branch(period="week"), " ", has_countersigner=True, **deed(LI))


def test_who_is_missing_is_said_with_the_draft():
    late = Share(WANG.id, {}, is_missing=True)
    assert branch_reports.draft(branch(shares=(late,))).notices[0].facts["n"] == 1


def test_headquarters_reads_a_report_once_it_was_sent():
    lin = Person(7, "林科長", frozenset({Role.SERVICE_DEPT}), "")
    assert not branch().seen_by(lin)
    assert branch(stage=BranchStage.SENT).seen_by(lin)
    assert not branch(stage=BranchStage.SENT).seen_by(FAR)


def test_a_number_fits_whatever_a_branch_is_called():
    long = branch_reports.number_of("很長的分公司名字" * 8, "week", TODAY)
    assert len(long) <= 32
    assert long != branch_reports.number_of("很長的分公司名字" * 7, "week", TODAY)
    assert branch_reports.number_of("台北", "day", TODAY) == "261127d-台北"
