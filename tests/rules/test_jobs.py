"""Work at which nothing is broken: put up, brought, assembled, taught (DSP-9)."""

from dataclasses import replace

import pytest

from rules import classes, jobs, money_nexts, repeats, signatures, visits
from rules.clocks import Clock
from rules.decisions import Decision
from rules.jobs import JobKind
from rules.orders import WORK, ServiceClass, Stage, Step
from tests.cast import LI, WANG, policy_of
from tests.rules.job import Job, arrived, dispatched, finished, refused, reported

DONE = {"action_taken": "定位、接電、試機", "result": "done", "parts_used": False}
TRIED = [JobKind.INSTALL, JobKind.ASSEMBLE]


def there(kind: str) -> Job:
    return arrived("appliance", kind=kind)


def test_every_kind_has_its_steps_and_the_profiles_name_which_they_use():
    assert tuple(JobKind) == WORK
    assert policy_of("appliance").intake.kinds == ("repair",)
    assert set(policy_of("mall").intake.kinds) == {"repair", "deliver", "assemble"}
    assert set(policy_of("machinery").intake.kinds) == {"repair", "install", "train"}


@pytest.mark.parametrize("kind", JobKind)
def test_no_limit_for_faults_runs_where_nothing_is_broken(kind: str):
    assert set(reported("appliance", kind=kind).clocks) == {Clock.REPLY}
    assert Clock.ARRIVAL not in dispatched("campus", zone="near", kind=kind).clocks


@pytest.mark.parametrize("kind", JobKind)
def test_what_was_done_is_recorded_and_signed_and_no_cause_is_looked_for(kind: str):
    job = there(kind)
    with refused("step-not-asked", "DSP-9"):
        job.does(visits.begin, Step.CHECK, by=WANG)

    job.does(visits.begin, Step.ACT, by=WANG)
    job.later(minutes=30).does(visits.save, Step.ACT, DONE, by=WANG)
    if kind in TRIED:
        assert (job.order.stage, visits.next_step(job.order)) == (Stage.ACTING, Step.TEST)
        job.saves(Step.TEST)

    assert job.order.stage is Stage.FINISHED
    assert signatures.lacking(job.order) == ()
    job.later(minutes=5).signs()
    assert job.order.stage is Stage.SIGNED


@pytest.mark.parametrize("kind", TRIED)
def test_what_does_not_work_when_it_is_tried_is_done_again(kind: str):
    job = there(kind)
    job.does(visits.save, Step.ACT, DONE, by=WANG)
    job.later(minutes=5).saves(Step.TEST, customer_test="fail")

    assert visits.next_step(job.order) is Step.ACT
    with refused("step-first", "VIS-11") as error:
        job.does(visits.begin, Step.TEST, by=WANG)
    assert error.value.offer == Step.ACT
    job.later(minutes=5).does(visits.begin, Step.ACT, by=WANG)
    job.does(visits.save, Step.ACT, DONE, by=WANG)
    job.later(minutes=5).saves(Step.TEST)

    assert job.order.stage is Stage.FINISHED


def test_parts_that_were_used_are_written_down_there_as_well():
    job = there(JobKind.DELIVER)
    job.does(visits.save, Step.ACT, DONE | {"parts_used": True}, by=WANG)

    assert visits.next_step(job.order) is Step.PARTS
    job.saves(Step.PARTS)

    assert job.order.stage is Stage.FINISHED


def test_what_was_put_up_is_no_repair_that_may_be_repeated():
    put_up = replace(finished().order, id=7)
    put_up = replace(put_up, report=replace(put_up.report, kind=JobKind.INSTALL))
    call = reported("appliance", when="下週五 16:00").order

    assert repeats.flagged(Decision(call), [put_up]).order.repeat_of == ""
    assert repeats.flagged(Decision(call), [replace(put_up, report=call.report)]).order.repeat_of == put_up.number
    assert jobs.is_repair(call) and not jobs.is_repair(put_up)


def test_what_it_costs_is_said_without_a_look_at_the_guarantee():
    job = there(JobKind.INSTALL)
    assert "classify" in {one.action for one in money_nexts.of_order(job.order, WANG, job.terms)}

    job.does(classes.classify, ServiceClass.A, "安裝收費", by=LI)

    assert job.order.service_class is ServiceClass.A
