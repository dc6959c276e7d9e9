"""Leaving, filing, approving, archiving (CLS)."""

from dataclasses import replace

import pytest

from rules import closing, dispatch, intake, visits
from rules.decisions import Audience
from rules.orders import Stage, Step
from tests.cast import CHEN, LI, MANAGER, STRANGER, SUN, WANG, ZHANG, ZHAO
from tests.rules.job import (
    FINDINGS,
    approved,
    departed,
    filed,
    finished,
    found,
    journalled,
    refused,
    signed,
    told,
    unsigned,
)

BOTH = replace(WANG, roles=WANG.roles | LI.roles)


@pytest.mark.parametrize("text", ["", "  "])
def test_nobody_leaves_without_a_brief_report(text: str):
    with refused("brief-missing", "CLS-1"):
        signed().does(closing.brief_report, text, by=WANG)


def test_a_brief_report_goes_to_supervisor_and_clerk():
    job = signed()

    decision = job.does(closing.brief_report, "已更換排水管，測試正常。", by=WANG)

    assert (job.order.stage, job.order.brief, job.order.left_at) == (Stage.DEPARTED, "已更換排水管，測試正常。", job.now)
    assert told(decision, "notice.brief-report") == (Audience.SUPERVISOR, Audience.CLERK)


def test_nobody_leaves_before_it_is_signed():
    with refused("not-signed", "CLS-10") as error:
        finished().does(closing.brief_report, "已更換。", by=WANG)
    assert error.value.offer == "sign"


def test_the_supervisor_answers_where_to_go_next():
    job = departed()

    decision = job.does(closing.give_next, "接 2611-0002", by=LI)
    assert told(decision, "notice.next-job") == (Audience.TECHNICIAN,)

    decision = job.does(closing.give_next, "", by=LI)
    assert told(decision, "notice.no-next-job") == (Audience.TECHNICIAN,)
    with refused("stage-passed", "CLS-1"):
        signed().does(closing.give_next, "", by=LI)


def test_the_clerk_strikes_the_line_and_files_the_voucher():
    job = departed()

    decision = job.does(closing.cancel_in_register, by=CHEN)

    assert (job.order.stage, job.order.register_cancelled_by) == (Stage.REPORTED, CHEN.id)
    assert journalled(decision) == [("order.cancelled_in_register", "CLS-2"), ("order.reported", "CLS-5")]
    assert told(decision, "notice.to-approve") == (Audience.SUPERVISOR,)
    with refused("stage-passed", "24"):
        job.does(closing.cancel_in_register, by=CHEN)
    with refused("not-yours", "ROL-1"):
        departed().does(closing.cancel_in_register, by=WANG)


def test_an_approved_report_waits_for_whoever_was_there_to_enter_his_time():
    """CLS-10, DLY-1."""
    job = approved()
    assert (job.order.stage, closing.open_points(job.order, job.terms.policy)) == (Stage.APPROVED, ("time",))

    decision = closing.note_time(job.order, WANG.id, now=job.now, terms=job.terms)

    assert (decision.order.stage, decision.order.timed_by) == (Stage.ARCHIVED, (WANG.id,))
    assert closing.note_time(decision.order, WANG.id, now=job.now, terms=job.terms).order == decision.order


def test_who_took_over_afterwards_owes_no_time():
    job = approved()

    assert closing.open_points(replace(job.order, crew=(ZHAO.id,)), job.terms.policy) == ()


def test_an_approved_report_is_archived_when_nothing_is_open():
    job = filed()
    job.order = replace(job.order, timed_by=(WANG.id,))

    decision = job.does(closing.approve, by=LI)

    assert (job.order.stage, job.order.approved_by) == (Stage.ARCHIVED, LI.id)
    assert journalled(decision) == [("order.approved", "CLS-5"), ("order.archived", "REC-1")]
    assert not job.order.is_open


def test_a_supervisor_stands_in_for_the_clerk_and_the_journal_says_so():
    job = departed()

    decision = job.does(closing.approve, by=LI)

    assert [kind for kind, _ in journalled(decision)] == [
        "order.cancelled_in_register",
        "order.reported",
        "order.approved",
    ]
    assert decision.journal[0].facts == {"stands_in": True}
    assert job.order.register_cancelled_by == LI.id


def test_nobody_approves_his_own_report():
    for made in (departed, filed):
        with refused("not-your-own", "CLS-5"):
            made().does(closing.approve, by=BOTH)
        with refused("not-yours", "ROL-1"):
            made().does(closing.approve, by=WANG)


def test_nobody_approves_a_report_that_holds_his_own_findings():
    job = found(Step.CHECK)
    job.does(visits.raise_problem, "請趙師傅接手", "今天修好", by=WANG)
    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)
    job.order = replace(job.order, stage=Stage.ARRIVED, arrived_at=job.now)
    for step in (Step.ACT, Step.PARTS, Step.TEST):
        job.later(minutes=5).does(visits.begin, step, by=ZHAO)
        job.saves(step, ZHAO)
    job.signs(by=ZHAO)
    job.does(closing.brief_report, "已更換。", by=ZHAO)

    with refused("not-your-own", "CLS-5"):
        job.does(closing.approve, by=BOTH)
    job.does(closing.approve, by=LI)


@pytest.mark.parametrize("person", [CHEN, ZHANG], ids=lambda one: one.name)
def test_only_who_leads_approves(person):
    with refused("not-yours", "ROL-1"):
        filed().does(closing.approve, by=person)
    for other in (SUN, STRANGER):
        with refused("no-such-order", "ROL-1"):
            filed().does(closing.approve, by=other)


@pytest.mark.parametrize("made", [finished, signed, unsigned])
def test_nothing_is_approved_before_the_visit_has_ended(made):
    with refused("stage-passed", "24"):
        made().does(closing.approve, by=LI)


def test_a_dispute_holds_the_approval_until_it_was_looked_into():
    job = filed()
    job.does(intake.dispute, "這不是我簽的", by=ZHANG)

    with refused("approval-held", "SIG-4") as error:
        job.does(closing.approve, by=LI)
    assert error.value.facts["why"] == [{"text": "hold.disputed"}]
    with refused("approval-held", "SIG-4"):
        job.does(closing.approve, "  ", by=LI)

    decision = job.does(closing.approve, "已致電，簽名是他太太", by=MANAGER)
    assert decision.journal[0].facts == {"cleared": ("disputed",)}
    assert job.order.overrides["cleared"] == "已致電，簽名是他太太"


@pytest.mark.parametrize("remarks", ["", "  "])
def test_a_report_is_sent_back_with_remarks(remarks: str):
    with refused("remarks-missing", "CLS-5"):
        filed().does(closing.return_report, remarks, by=LI)

    job = filed()
    decision = job.does(closing.return_report, "數量不對", by=LI)

    assert (job.order.stage, job.order.return_remarks) == (Stage.DEPARTED, "數量不對")
    assert told(decision, "notice.returned") == (Audience.TECHNICIAN,)


def test_what_was_sent_back_and_changed_is_signed_again():
    job = filed()
    job.does(closing.return_report, "數量不對", by=LI)

    job.later(minutes=5).saves(Step.PARTS, lines=[FINDINGS[Step.PARTS]["lines"][0] | {"quantity": "2"}])

    assert (job.order.stage, job.order.seal) == (Stage.FINISHED, None)
    job.later(minutes=5).signs("b2")
    job.does(closing.brief_report, "數量已更正。", by=WANG)
    job.does(closing.approve, by=LI)
    assert job.order.stage is Stage.APPROVED  # its time is entered afterwards


def test_what_keeps_an_order_from_the_archive_is_listed():
    job = found(Step.ACT)
    job.saves(Step.PARTS, lines=[{"name": "排水管", "quantity": "1", "cause": "磨損"}])

    assert closing.open_points(job.order, job.terms.policy) == ("signature", "brief", "register", "old_parts", "time")
    assert closing.open_points(approved().order, job.terms.policy) == ("time",)


def test_an_old_part_that_is_not_answered_for_keeps_the_order_from_the_archive():
    job = filed()
    lines = [{"name": "排水管", "quantity": "1", "cause": "磨損"}]
    found_parts = replace(job.order.findings[Step.PARTS], answers={"lines": lines})
    job.order = replace(job.order, findings={**job.order.findings, Step.PARTS: found_parts})

    job.does(closing.approve, by=LI)

    assert job.order.stage is Stage.APPROVED


def test_an_unsigned_visit_with_the_supervisor_s_word_lacks_no_signature():
    order = replace(unsigned().order, overrides={"unsigned": "2"})

    assert "signature" not in closing.open_points(order, filed().terms.policy)
