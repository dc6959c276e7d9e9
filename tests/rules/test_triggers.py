"""What is put before the supervisor by itself (ESC-3, ESC-10, ESC-15, SLA-34)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules import triggers, visits
from rules.clocks import Clock
from rules.decisions import Audience, Decision
from rules.escalation import Watch, ladder
from rules.nexts import Next, next_actions
from rules.orders import Stage, Step
from rules.terms import Terms
from rules.triggers import Trigger
from tests.cast import LI, WANG, ZHAO, at
from tests.rules.job import Job, arrived, found, journalled, refused, told


def acts(job: Job, **changed: Any) -> Decision:
    job.does(visits.begin, Step.ACT, by=WANG)
    return job.saves(Step.ACT, **changed)


def with_limit(terms: Terms, limit: int) -> Terms:
    escalation = replace(terms.policy.escalation, part_cost_limit=Decimal(limit))
    return replace(terms, policy=replace(terms.policy, escalation=escalation))


def test_what_can_not_be_repaired_is_the_supervisor_s_to_settle_at_once():
    job = found(Step.CHECK)

    decision = acts(job, result="not_fixable", user_words="那怎麼辦")

    assert told(decision, "notice.trigger") == (Audience.SUPERVISOR,)
    assert ("problem.triggered", "ESC-10") in journalled(decision)
    assert job.order.is_in_question and job.order.stage is Stage.ACTING
    assert next_actions(job.order, LI, job.terms)[0] == Next("decide", is_primary=True)


def test_a_claim_for_compensation_is_before_the_manager_at_once():
    decision = acts(found(Step.CHECK), demand="compensation", user_words="賠冰箱裡的東西", user_agrees="no")

    assert told(decision, "notice.trigger") == (Audience.SUPERVISOR, Audience.MANAGER)
    assert ("problem.triggered", "ESC-15") in journalled(decision)


def test_without_a_word_in_half_an_hour_the_manager_hears():
    job = found(Step.CHECK)
    acts(job, result="not_fixable")

    rungs = ladder(Watch(job.clocks[Clock.DECISION]), job.terms.policy)

    assert (rungs[0].at - job.now, rungs[0].audience) == (timedelta(minutes=30), ("supervisor", "manager"))


def test_the_supervisor_s_word_stops_it_and_the_work_goes_on_where_it_stands():
    job = found(Step.CHECK)
    acts(job, result="not_fixable")

    job.does(visits.decide_problem, "換一台同款", by=LI)

    assert not job.order.is_in_question and Clock.DECISION not in job.clocks
    assert job.order.stage is Stage.ACTING
    with refused("stage-passed", "24"):
        job.does(visits.decide_problem, "再換", by=LI)


def test_what_was_told_once_is_not_told_again_when_the_step_is_mended():
    job = found(Step.CHECK)
    acts(job, result="not_fixable")

    again = job.saves(Step.ACT, result="not_fixable", action_taken="補充說明")

    assert told(again, "notice.trigger") == ()


def test_with_the_third_visit_to_one_order_the_supervisor_is_asked():
    job = arrived()
    assert not job.order.is_in_question

    for _ in range(2):
        job.order = replace(job.order, stage=Stage.EN_ROUTE)
        decision = job.does(visits.arrive, {}, by=WANG)

    assert job.order.n_arrivals == 3 and job.order.problem is not None
    assert (job.order.problem.cause, told(decision, "notice.trigger")) == (Trigger.THIRD_VISIT, (Audience.SUPERVISOR,))


def test_parts_that_cost_more_than_the_limit_ask_for_a_word_and_at_the_limit_they_do_not():
    job = found(Step.ACT)
    job.terms = with_limit(job.terms, 3000)
    line = {"name": "壓縮機", "quantity": "1", "cause": "burnt", "old_part": "to_be_returned"}
    job.does(visits.begin, Step.PARTS, by=WANG)

    at_limit = job.saves(Step.PARTS, lines=[{**line, "cost": "3000"}])
    above = job.saves(Step.PARTS, lines=[{**line, "cost": "3000"}, {**line, "cost": "0.01"}])

    assert told(at_limit, "notice.trigger") == ()
    assert told(above, "notice.trigger") == (Audience.SUPERVISOR,)


def test_where_no_limit_is_set_costs_ask_for_nothing():
    job = found(Step.ACT)
    line = {"name": "壓縮機", "quantity": "1", "cause": "burnt", "old_part": "to_be_returned", "cost": "99999"}
    job.does(visits.begin, Step.PARTS, by=WANG)

    assert told(job.saves(Step.PARTS, lines=[line]), "notice.trigger") == ()


def test_an_injury_is_before_supervisor_and_manager_in_the_words_of_who_was_there():
    job = found(Step.LOOK)

    decision = job.does(triggers.injured, "手被割傷，送醫了", by=WANG)

    assert told(decision, "notice.trigger") == (Audience.SUPERVISOR, Audience.MANAGER)
    assert decision.notices[-1].facts["demand"] == "手被割傷，送醫了" and decision.notices[-1].is_urgent
    assert job.order.problem is not None and job.order.problem.demand == "手被割傷，送醫了"


def test_an_injury_needs_words_and_somebody_who_is_on_the_job():
    job = found(Step.LOOK)
    with refused("reason-missing", "ESC-3"):
        job.does(triggers.injured, " ", by=WANG)
    with refused("no-such-order", "ROL-1"):
        job.does(triggers.injured, "手被割傷", by=ZHAO)


def test_a_larger_problem_that_was_reported_stays_as_it_was_put():
    job = found(Step.CHECK)
    job.does(visits.raise_problem, "換壓縮機", "要賠償", by=WANG)

    job.does(triggers.injured, "手被割傷", by=WANG)

    assert job.order.problem is not None
    assert (job.order.problem.proposal, job.order.problem.cause, job.order.stage) == ("換壓縮機", "", Stage.AWAITING_DECISION)


@pytest.mark.parametrize(
    ("until", "late", "kind"),
    [("週五 16:35", timedelta(), "appointment.kept"), ("週五 16:30", timedelta(minutes=5), "appointment.missed")],
)
def test_an_arrival_is_held_against_what_was_agreed(until, late, kind):
    job = found(Step.LISTEN)
    came = replace(job.order, arrived_at=at("週五 16:35"), planned_for=at("週五 15:00"), planned_until=at(until))

    assert triggers.kept_slot(came) == late
    assert [(one.kind, one.rule) for one in triggers.slot_entry(came)] == [(kind, "SLA-34")]


def test_where_nothing_was_agreed_on_nobody_is_late():
    assert triggers.kept_slot(arrived().order) is None
    assert triggers.slot_entry(arrived().order) == ()
