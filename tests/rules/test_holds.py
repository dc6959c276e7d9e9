"""Time that does not count, and dates that can't be kept (SLA-32, SLA-33)."""

from dataclasses import replace

import pytest

from rules import holds
from rules.clocks import Clock
from rules.decisions import Audience
from rules.orders import Stage, Step
from rules.terms import Terms
from tests.cast import CHEN, LI, NINE_TO_FIVE, STRANGER, WANG, ZHANG, at, policy_of
from tests.rules.job import Job, dispatched, found, journalled, on_the_way, refused, reported, told


def prepaid() -> Terms:
    """The appliance dealer's clocks where money comes first."""
    policy = policy_of("appliance")
    return Terms(replace(policy, fees=replace(policy.fees, timing="prepaid")), NINE_TO_FIVE)


def held(reason: str = "customer_rescheduled", since: str = "下週一 10:00") -> Job:
    job = reported()
    job.terms, job.now = prepaid(), at(since)
    job.does(holds.hold, reason, "電話紀錄", by=LI)
    return job


def releases(job: Job, when: str) -> None:
    job.now = at(when)
    job.does(holds.release, dict(job.clocks), by=LI)


@pytest.mark.parametrize("reason", ["customer_rescheduled", "waiting_payment", "force_majeure"])
def test_a_hold_moves_the_promise_by_exactly_what_was_held(reason: str):
    job = held(reason)

    releases(job, "下週一 11:20")

    assert job.clocks[Clock.ARRIVAL].due_at == at("下週一 15:20")
    assert [(one.reason, one.by, one.evidence, one.start, one.end) for one in job.order.holds] == [
        (reason, LI.id, "電話紀錄", at("下週一 10:00"), at("下週一 11:20"))
    ]


def test_two_holds_add_up():
    job = held()
    releases(job, "下週一 10:30")

    job.now = at("下週一 13:00")
    job.does(holds.hold, "force_majeure", "淹水照片", by=LI)
    releases(job, "下週一 14:00")

    assert job.clocks[Clock.ARRIVAL].due_at == at("下週一 15:30")


def test_a_hold_over_night_moves_nothing_but_the_working_time():
    job = held(since="下週一 13:00")

    releases(job, "下週二 10:00")

    assert job.clocks[Clock.ARRIVAL].due_at == at("下週二 11:00")


def test_an_answer_that_is_owed_goes_on_while_the_customer_rescheduled():
    job = reported("vehicle", "週二 20:10", fault_kind="body", distance_km=130)
    job.does(holds.hold, "customer_rescheduled", "電話紀錄", by=LI)
    assert not holds.is_paused(job.order, Clock.REPLY)

    releases(job, "週三 02:10")

    assert job.clocks[Clock.REPLY].due_at == at("週三 08:10")


def test_the_clock_stands_still_while_it_is_held():
    job = held()

    assert holds.is_paused(job.order, Clock.ARRIVAL)
    assert holds.current(job.order) is not None
    releases(job, "下週一 11:00")
    assert not holds.is_paused(job.order, Clock.ARRIVAL)


@pytest.mark.parametrize("reason", ["waiting_parts", "lunch", ""])
def test_any_other_reason_is_refused(reason: str):
    with refused("hold-reason", "SLA-32"):
        reported().does(holds.hold, reason, "零件缺貨", by=LI)


def test_waiting_for_payment_holds_only_where_money_comes_first():
    with refused("hold-reason", "SLA-32"):
        reported().does(holds.hold, "waiting_payment", "未付款", by=LI)


@pytest.mark.parametrize("evidence", ["", "  "])
def test_a_hold_without_evidence_is_refused(evidence: str):
    with refused("hold-evidence", "SLA-32"):
        reported().does(holds.hold, "force_majeure", evidence, by=LI)


def test_a_second_hold_on_top_is_refused():
    with refused("already-held", "SLA-32"):
        held().does(holds.hold, "force_majeure", "颱風", by=LI)


def test_what_is_not_held_can_not_be_released():
    with refused("not-held", "SLA-32"):
        reported().does(holds.release, {}, by=LI)


@pytest.mark.parametrize("person", [WANG, CHEN, ZHANG])
def test_only_who_leads_holds_a_promise(person):
    with refused("not-yours", "ROL-1"):
        dispatched().does(holds.hold, "force_majeure", "颱風", by=person)


def test_a_stranger_learns_nothing_from_trying():
    with refused("no-such-order", "ROL-1"):
        reported().does(holds.hold, "force_majeure", "颱風", by=STRANGER)


def test_customer_and_technician_hear_of_a_hold_and_of_its_end():
    job = dispatched()

    decision = job.does(holds.hold, "force_majeure", "颱風", by=LI)
    assert told(decision, "notice.held") == (Audience.CUSTOMER, Audience.TECHNICIAN)
    assert journalled(decision) == [("order.held", "SLA-32")]

    decision = job.does(holds.release, dict(job.clocks), by=LI)
    assert told(decision, "notice.released") == (Audience.CUSTOMER, Audience.TECHNICIAN)


def test_a_date_that_can_not_be_kept_is_told_to_the_supervisor_and_to_the_customer_with_the_new_one():
    job = on_the_way()

    decision = job.does(holds.cannot_finish_in_time, "缺零件", at("下週三 14:00"), by=WANG)

    assert told(decision, "notice.will-be-late") == (Audience.SUPERVISOR,)
    assert told(decision, "notice.new-date") == (Audience.CUSTOMER,)
    assert job.clocks[Clock.COMPLETION].due_at == at("下週三 14:00")
    assert job.clocks[Clock.COMPLETION].limit.rule == "SLA-33"


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_new_date_needs_a_reason(reason: str):
    with refused("reason-missing", "SLA-33"):
        on_the_way().does(holds.cannot_finish_in_time, reason, at("下週三 14:00"), by=WANG)


@pytest.mark.parametrize("when", ["週五 16:00", "週三 14:00"])
def test_a_new_date_lies_ahead(when: str):
    with refused("date-passed", "SLA-33"):
        on_the_way().does(holds.cannot_finish_in_time, "缺零件", at(when), by=WANG)


def test_a_promised_completion_is_kept_when_the_service_is_finished():
    job = found(Step.PARTS, "retail")
    assert Clock.COMPLETION in job.clocks

    job.saves(Step.TEST)

    assert job.order.stage is Stage.FINISHED
    assert Clock.COMPLETION not in job.clocks
