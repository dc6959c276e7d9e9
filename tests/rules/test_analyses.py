"""Whether the analysis fits, contact while somebody is on site, and the answer that stands on the order (PRE-4, VIS-10)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules import analyses, dispatch, visits
from rules.clocks import Clock
from rules.decisions import Audience
from rules.escalation import Watch, ladder
from rules.nexts import next_actions
from rules.orders import Stage, Step
from tests.cast import LI, WANG, terms_of
from tests.rules.job import Job, accepted, arrived, journalled, on_the_way, refused, told


def there() -> Job:
    """On site at a machine maker's customer, sent with an analysis."""
    job = on_the_way()
    job.terms = terms_of("machinery")
    job.order = replace(job.order, briefing="主軸軸承磨損")
    job.later(minutes=20).does(visits.arrive, {"met": "張先生"}, by=WANG)
    return job


def test_whoever_is_on_site_is_asked_every_two_hours_and_the_dispatcher_calls_where_he_does_not_answer():
    job = there()
    found = job.clocks[Clock.MIDWAY]

    rungs = ladder(Watch(found), job.terms.policy)

    assert (found.limit.length, found.due_at) == (timedelta(hours=2), job.now + timedelta(hours=2))
    first = [(one.at - found.started_at, one.audience, one.is_breach) for one in rungs[:3]]
    assert first == [
        (timedelta(hours=2), ("technician",), False),
        (timedelta(hours=2.5), ("supervisor",), True),
        (timedelta(hours=4), ("technician",), False),
    ]


def test_where_the_profile_names_no_time_nobody_is_asked():
    assert Clock.MIDWAY not in arrived("appliance").clocks


def test_an_answer_begins_the_time_anew_and_the_end_of_the_work_ends_it():
    job = there().later(minutes=100)

    decision = job.does(analyses.fits, by=WANG)

    assert told(decision, "notice.analysis-fits") == (Audience.SUPERVISOR,)
    assert job.clocks[Clock.MIDWAY].due_at == job.now + timedelta(hours=2)
    for step in (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT):
        job.later(minutes=5).saves(step, **{"parts_used": False} if step is Step.ACT else {})
    assert Clock.MIDWAY in job.clocks
    job.saves(Step.TEST)
    assert (job.order.stage, Clock.MIDWAY in job.clocks) == (Stage.FINISHED, False)


@pytest.mark.parametrize("how", ["waits", "somebody else is sent"])
def test_nobody_is_asked_about_work_that_waits_or_is_another_s(how: str):
    job = there()
    job.saves(Step.LISTEN)
    job.does(visits.wait, Stage.WAITING_PARTS, "缺軸承", by=WANG)
    if how == "waits":
        assert Clock.MIDWAY not in job.clocks
        job.does(visits.resume, by=WANG)
        assert Clock.MIDWAY in job.clocks
    else:
        job.does(dispatch.dispatch, (WANG.id,), reason="已和生產協調", by=LI)
        assert (Clock.MIDWAY in job.clocks, job.order.analysis) == (False, "")


def test_with_the_cause_the_technician_says_whether_it_is_what_was_thought():
    job = there()
    assert analyses.is_wanted(job.order, job.terms.policy)
    assert not analyses.is_wanted(replace(job.order, briefing=""), job.terms.policy)
    for step in (Step.LISTEN, Step.LOOK):
        job.saves(step)

    decision = job.saves(Step.CHECK, analysis="wrong")

    assert (job.order.analysis, ("analysis.wrong", "PRE-4") in journalled(decision)) == ("wrong", True)
    assert "misfit" not in {one.action for one in next_actions(job.order, WANG, job.terms)}
    again = job.saves(Step.CHECK, analysis="wrong")
    assert ("analysis.wrong", "PRE-4") not in journalled(again)


def test_what_does_not_fit_needs_words_and_its_answer_stands_on_the_order():
    job = there()
    assert "misfit" in {one.action for one in next_actions(job.order, WANG, job.terms)}
    with refused("words-missing", "VIS-10"):
        job.does(analyses.doubt, " ", by=WANG)
    with refused("not-yours", "ROL-1"):
        job.does(analyses.doubt, "是馬達不是軸承", by=LI)
    job.does(analyses.doubt, "是馬達不是軸承", by=WANG)

    kept = analyses.advised(job.order, "是馬達不是軸承", "先量三相電流", by=LI, now=job.now).order

    assert (kept.analysis, kept.advice[0].answer, kept.advice[0].by) == ("wrong", "先量三相電流", LI.id)
    early = accepted()
    with refused("stage-passed", "24"):
        early.does(analyses.fits, by=WANG)
