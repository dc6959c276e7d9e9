"""A temporary fix: its safe measure, who approves it, and that all becomes normal again (VIS-18)."""

from dataclasses import replace
from typing import Any

import pytest

from rules import interims, signatures, visits
from rules.clocks import Clock
from rules.decisions import Audience, Decision
from rules.errands import following
from rules.nexts import next_actions
from rules.orders import Stage, Step
from rules.tasks import Errand
from tests.cast import LI, WANG
from tests.rules.job import Job, arrived, journalled, refused, told

MEASURE = {"result": "temporary", "parts_used": False, "interim": "單機運轉，負載六成", "until": "2026-11-30"}


def checked(profile: str = "plant") -> Job:
    """On site on Friday, the cause known."""
    job = arrived(profile)
    for step in (Step.LISTEN, Step.LOOK, Step.CHECK):
        job.later(minutes=5).saves(step)
    return job.later(minutes=5)


def temporary(profile: str = "plant", **changed: Any) -> tuple[Job, Decision]:
    job = checked(profile)
    return job, job.saves(Step.ACT, **MEASURE | changed)


@pytest.mark.parametrize("lacks", ["interim", "until"])
def test_a_temporary_fix_needs_its_safe_measure_and_a_day_where_production_depends_on_it(lacks: str):
    with refused("interim-missing", "VIS-18"):
        temporary(**{lacks: None})

    job, _decision = temporary("appliance", **{lacks: None})
    assert job.order.interim is None


def test_a_day_that_is_over_is_no_day():
    with refused("date-passed", "VIS-18"):
        temporary(until="2026-11-26")


def test_a_temporary_fix_waits_for_its_approval_before_anybody_signs_and_is_followed_up():
    job, decision = temporary()

    assert told(decision, "notice.interim") == (Audience.SUPERVISOR,)
    assert ("interim.proposed", "VIS-18") in journalled(decision)
    assert Clock.DECISION in job.clocks
    job.later(minutes=5).saves(Step.TEST)
    assert job.order.stage is Stage.FINISHED
    with refused("sign-too-early", "SIG-2") as error:
        job.later(minutes=5).signs()
    assert error.value.facts["missing"] == [{"text": "interim-waiting.card"}]
    assert "sign" not in {one.action for one in next_actions(job.order, WANG, job.terms)}

    approved = job.does(interims.approve, by=LI)

    assert told(approved, "notice.interim-approved") == (Audience.TECHNICIAN,)
    assert Clock.DECISION not in job.clocks
    (task,) = following(job.past[-1], job.order, now=job.now, terms=job.terms)
    assert (task.errand, task.post, task.words) == (Errand.RESTORE, Audience.SUPERVISOR, MEASURE["interim"])
    assert task.due_at.date().isoformat() == "2026-11-30"
    job.signs()
    assert following(job.past[-1], job.order, now=job.now, terms=job.terms) == ()


def test_what_was_refused_is_changed_before_it_is_signed():
    job, _decision = temporary()
    with refused("reason-missing", "VIS-18"):
        job.does(interims.refuse, " ", by=LI)
    job.does(interims.refuse, "負載還是太高", by=LI)
    job.later(minutes=5).saves(Step.TEST)

    assert signatures.lacking(job.order) == ("interim-refused.act",)
    assert next_actions(job.order, WANG, job.terms)[0].action == "act"

    job.later(minutes=5).saves(Step.ACT, **MEASURE | {"interim": "停機，改用備機"})
    job.does(interims.approve, by=LI)
    assert job.order.interim is not None
    assert (job.order.interim.n, signatures.lacking(job.order)) == (2, ())


def test_an_approval_stands_until_measure_or_day_change():
    job, _decision = temporary()
    job.does(interims.approve, by=LI)

    job.later(minutes=5).saves(Step.ACT, **MEASURE | {"action_taken": "換了軸承，先撐著"})
    assert signatures.lacking(job.order)[-1:] != ("interim-waiting.card",)
    job.saves(Step.ACT, **MEASURE | {"until": "2026-12-01"})

    assert interims.is_waiting(job.order)


def test_a_real_repair_needs_no_approval_any_more():
    job, _decision = temporary()

    job.saves(Step.ACT, result="fixed", parts_used=False)

    assert (job.order.interim, Clock.DECISION in job.clocks) == (None, False)


def test_nobody_approves_his_own_and_nobody_twice():
    job, _decision = temporary()
    with refused("not-yours", "ROL-1"):
        job.does(interims.approve, by=WANG)
    job.order = replace(job.order, crew=(WANG.id, LI.id))
    with refused("not-your-own", "VIS-18"):
        job.does(interims.approve, by=LI)
    assert "interim_yes" not in {one.action for one in next_actions(job.order, LI, job.terms)}

    job.order = replace(job.order, crew=(WANG.id,))
    assert next_actions(job.order, LI, job.terms)[0].action == "interim_yes"
    job.does(interims.approve, by=LI)
    with refused("interim-none", "VIS-18"):
        job.does(interims.refuse, "太晚了", by=LI)


def test_one_word_does_not_stop_the_clock_of_the_other():
    job, _decision = temporary()
    job.does(visits.raise_problem, "換整台", "今天要能用", by=WANG)

    job.does(interims.approve, by=LI)
    assert Clock.DECISION in job.clocks
    job.does(visits.decide_problem, "換", by=LI)
    assert Clock.DECISION not in job.clocks

    job, _decision = temporary()
    job.does(visits.raise_problem, "換整台", "今天要能用", by=WANG)
    job.does(visits.decide_problem, "換", by=LI)
    assert Clock.DECISION in job.clocks
