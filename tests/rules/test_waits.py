"""What can't be finished on the day: waiting for parts or in the workshop, and going on after it (WKS-1, RULEBOOK 24)."""

import pytest

from rules import dispatch, visits
from rules.decisions import Audience
from rules.orders import Stage, Step
from tests.cast import LI, WANG, ZHAO
from tests.rules.job import (
    found,
    goes_on,
    refused,
    told,
)


@pytest.mark.parametrize("stage", [Stage.WAITING_PARTS, Stage.TAKEN_BACK])
def test_what_can_not_be_finished_today_is_told_to_customer_and_supervisor(stage: Stage):
    job = found(Step.CHECK)

    decision = job.does(visits.wait, stage, "馬達要調貨", receipt="2611-0001-W1", by=WANG)

    assert job.order.stage is stage
    assert told(decision, f"notice.{stage}") == (Audience.CUSTOMER, Audience.SUPERVISOR)
    for nothing in ("", " "):
        with refused("reason-missing", "WKS-1"):
            found(Step.CHECK).does(visits.wait, stage, nothing, by=WANG)


def test_nothing_is_taken_along_without_a_receipt_that_was_signed():
    with refused("receipt-missing", "WKS-2"):
        found(Step.CHECK).does(visits.wait, Stage.TAKEN_BACK, "要拆機", by=WANG)


def test_waiting_is_for_parts_or_for_the_workshop():
    with refused("stage-order", "24"):
        found(Step.CHECK).does(visits.wait, Stage.CANCELLED, "不想修了", by=WANG)


@pytest.mark.parametrize("until", [Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT])
@pytest.mark.parametrize("stage", [Stage.WAITING_PARTS, Stage.TAKEN_BACK])
def test_after_a_wait_the_next_step_can_be_recorded(until: Step, stage: Stage):
    job = found(until)
    job.does(visits.wait, stage, "馬達要調貨", receipt="2611-0001-W1", by=WANG)

    job.does(visits.resume, by=WANG)

    goes_on(job)
    assert job.order.stage is Stage.FINISHED


@pytest.mark.parametrize("until", [Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS, Step.TEST])
def test_who_is_sent_after_a_wait_goes_on_where_the_other_ended(until: Step):
    job = found(until)
    job.does(visits.raise_problem, "請趙師傅帶馬達來", "今天修好", by=WANG)
    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)
    job.does(dispatch.accept, by=ZHAO)
    job.does(dispatch.override, "已在路上", by=ZHAO)
    job.does(dispatch.depart, by=ZHAO)
    job.does(visits.arrive, {}, by=ZHAO)

    goes_on(job, by=ZHAO)

    assert job.order.stage is Stage.FINISHED


def test_nothing_waits_that_can_be_resumed():
    with refused("stage-passed", "24"):
        found(Step.CHECK).does(visits.resume, by=WANG)
