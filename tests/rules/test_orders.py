"""Stages and what leads where (RULEBOOK 24)."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from itertools import pairwise

import pytest

from rules import closing, dispatch, holds, intake, signatures, visits
from rules.clocks import Clock, promised_at
from rules.decisions import Decision
from rules.orders import (
    AFTER_VISIT,
    BEFORE_ARRIVAL,
    CLOSED,
    LEADS_TO,
    ON_SITE,
    PAUSED,
    UNDISPATCHED,
    FaultReport,
    Problem,
    Stage,
    Step,
    WorkOrder,
    require_stage,
    step_to,
)
from rules.policies import DeparturePolicy
from rules.refusals import Refused
from rules.terms import Terms
from tests.cast import CHEN, LI, WANG, ZHANG, ZHAO, at
from tests.rules.job import FINDINGS, REPORT, SUMMARY, Job, finished, is_legal, refused, reported, signed

S = Stage
THE_WAY = (
    S.NEW,
    S.NEEDS_CLARIFICATION,
    S.REGISTERED,
    S.QUEUED,
    S.CARRIED_OVER,
    S.ASSIGNED,
    S.ACCEPTED,
    S.PREPARING,
    S.EN_ROUTE,
    S.ARRIVED,
    S.LISTENING,
    S.LOOKING,
    S.CHECKING,
    S.ACTING,
    S.FINISHED,
    S.SIGNED,
    S.DEPARTED,
    S.CANCELLED_IN_REGISTER,
    S.REPORTED,
    S.APPROVED,
    S.ARCHIVED,
)
ONGOING = BEFORE_ARRIVAL | ON_SITE
WRITABLE = ON_SITE | {S.FINISHED, S.SIGNED, S.DEPARTED, S.REPORTED, S.CANCELLED_IN_REGISTER, S.UNSIGNED_CLOSED}
UNFINISHED = (
    set(Stage) - CLOSED - {S.NEW, S.FINISHED, S.SIGNED, S.UNSIGNED_CLOSED, S.DEPARTED, S.CANCELLED_IN_REGISTER, S.REPORTED}
)


def test_the_rulebook_s_way_leads_from_the_call_to_the_archive():
    for stage, following in pairwise(THE_WAY):
        assert following in LEADS_TO[stage], (stage, following)


@pytest.mark.parametrize("side", [S.AWAITING_DECISION, S.TAKEN_BACK, S.WAITING_PARTS, S.WAITING_PAYMENT])
def test_work_on_site_may_wait_and_goes_on(side: Stage):
    assert side in LEADS_TO[S.ACTING]
    assert S.ACTING in LEADS_TO[side]


@pytest.mark.parametrize("end", [S.ARCHIVED, S.SOLVED_REMOTELY, S.CANCELLED])
def test_from_an_end_nothing_leads_on(end: Stage):
    assert LEADS_TO[end] == frozenset()


def test_every_stage_is_reached_and_every_open_stage_leads_to_an_end():
    for stage in Stage:
        assert stage is S.NEW or is_legal(S.NEW, stage, len(Stage))
        assert any(is_legal(stage, end, len(Stage)) for end in CLOSED)


@pytest.mark.parametrize("stage", Stage)
def test_every_other_move_is_refused(stage: Stage):
    order = replace(reported().order, stage=stage)

    for wanted in Stage:
        if wanted is stage or wanted in LEADS_TO[stage]:
            assert step_to(order, wanted) is wanted
        else:
            with refused("stage-order", "24"):
                step_to(order, wanted)


def test_the_groups_of_stages_leave_none_out():
    groups = (UNDISPATCHED, BEFORE_ARRIVAL, ON_SITE, PAUSED, AFTER_VISIT, CLOSED, frozenset({S.NEW, S.FINISHED, S.SIGNED}))

    assert frozenset().union(*groups) == set(Stage)
    assert sum(len(group) for group in groups) == len(Stage)


def test_a_stage_that_has_passed_is_named():
    with refused("stage-passed", "24") as error:
        require_stage(signed().order, S.FINISHED)
    assert error.value.facts == {"stage": "signed"}


def at_stage(stage: Stage) -> Job:
    """An order with everything recorded, set down at a stage, so that nothing but the stage can refuse."""
    job = finished() if stage in {S.FINISHED, S.UNSIGNED_CLOSED} else signed()
    job.later(minutes=5)
    job.order = replace(
        job.order,
        stage=stage,
        offered_to=(ZHAO.id,) if stage in UNDISPATCHED else (),
        crew=() if stage in UNDISPATCHED else (WANG.id,),
        checklist=("task_read",),
        problem=Problem("換整機", "免費", job.now, WANG.id, S.ACTING),
        brief="已更換。",
        left_at=job.now,
        preview=SUMMARY,
        finished_at=None if stage in UNFINISHED else job.order.finished_at,
    )
    return job


def _short(terms: Terms) -> Terms:
    """Terms with a list that `at_stage` has ticked."""
    return replace(terms, policy=replace(terms.policy, departure=DeparturePolicy(("task_read",))))


def _sign(order: WorkOrder, **deed: object) -> Decision:
    facts = {"picture": "a1", "taken_at": deed["now"], "signer": "張先生", "signer_role": "customer", "summary": SUMMARY}
    return signatures.sign(order, **facts, **deed)  # type: ignore[arg-type]


def _carry_over(order: WorkOrder, **_deed: object) -> Decision:
    return intake.carry_over(
        order, "2026-11-27", due=promised_at(Clock.DISPATCH, at("下週一 09:00"), at("週五 17:00"), "SLA-13")
    )


ANY = set(Stage)
DECISIONS: dict[str, tuple[Callable[..., Decision], tuple, object, set[Stage]]] = {
    "clarify": (intake.clarify, (REPORT,), ZHANG, set(UNDISPATCHED)),
    "amend": (intake.amend, (REPORT,), CHEN, UNDISPATCHED | BEFORE_ARRIVAL),
    "ask back": (intake.ask_back, ("幾樓？",), CHEN, set(UNDISPATCHED)),
    "carry over": (_carry_over, (), None, set(UNDISPATCHED)),
    "cancel": (intake.cancel, ("好了",), CHEN, UNFINISHED),
    "cancel by the customer": (intake.cancel, ("好了",), ZHANG, set(UNDISPATCHED)),
    "solve remotely": (intake.solve_remotely, ("洗濾網",), CHEN, UNDISPATCHED | BEFORE_ARRIVAL),
    "dispatch": (dispatch.dispatch, ((ZHAO.id,),), LI, UNDISPATCHED | BEFORE_ARRIVAL | PAUSED),
    "offer": (dispatch.offer, ((WANG.id, ZHAO.id),), LI, set(UNDISPATCHED)),
    "take": (dispatch.take, (), ZHAO, {S.QUEUED, S.CARRIED_OVER}),
    "accept": (dispatch.accept, (), WANG, {S.ASSIGNED}),
    "decline": (dispatch.decline, ("忙",), WANG, {S.ASSIGNED, S.ACCEPTED, S.PREPARING}),
    "decline an offer": (dispatch.decline, ("忙",), ZHAO, set(UNDISPATCHED)),
    "object": (dispatch.object_to, ("沒修過",), WANG, set(ONGOING)),
    "tick": (dispatch.tick, ("task_read",), WANG, {S.ACCEPTED, S.PREPARING}),
    "call": (dispatch.called_user, (True,), WANG, {S.ACCEPTED, S.PREPARING}),
    "override": (dispatch.override, ("趕時間",), WANG, {S.ACCEPTED, S.PREPARING}),
    "depart": (dispatch.depart, (timedelta(minutes=5),), WANG, {S.ACCEPTED, S.PREPARING}),
    "arrive": (visits.arrive, ({},), WANG, {S.EN_ROUTE}),
    "open a step": (visits.begin, (Step.LISTEN,), WANG, set(WRITABLE)),
    "save a step": (visits.save, (Step.ACT, FINDINGS[Step.ACT]), WANG, set(WRITABLE)),
    "raise a problem": (visits.raise_problem, ("換", "免費"), WANG, (ON_SITE - {S.ARRIVED}) | {S.FINISHED}),
    "decide": (visits.decide_problem, ("換",), LI, {S.AWAITING_DECISION}),
    "wait": (visits.wait, (S.WAITING_PARTS, "調貨"), WANG, (ON_SITE - {S.ARRIVED}) | {S.FINISHED, S.WAITING_PARTS}),
    "resume": (visits.resume, (), WANG, PAUSED - {S.AWAITING_DECISION}),
    "sign": (_sign, (), WANG, {S.FINISHED, S.UNSIGNED_CLOSED}),
    "close unsigned": (signatures.close_unsigned, ("出門", "照片.jpg"), WANG, {S.FINISHED, S.UNSIGNED_CLOSED}),
    "approve unsigned": (signatures.approve_unsigned, (), LI, {S.UNSIGNED_CLOSED}),
    "leave": (closing.brief_report, ("已更換。",), WANG, {S.SIGNED}),
    "file": (closing.cancel_in_register, (), CHEN, {S.DEPARTED}),
    "approve": (closing.approve, (), LI, {S.DEPARTED, S.REPORTED}),
    "return": (closing.return_report, ("數量？",), LI, {S.DEPARTED, S.REPORTED}),
    "give next": (closing.give_next, ("",), LI, ANY - UNDISPATCHED),
    "hold": (holds.hold, ("force_majeure", "颱風"), LI, ANY - CLOSED),
    "answer": (intake.answer_customer, ("週四到",), CHEN, ANY),
    "write to the maker": (intake.write_contact, ("異音", "原廠"), CHEN, ANY - CLOSED),
    "be late": (holds.cannot_finish_in_time, ("缺零件", at("下下週三 14:00")), WANG, ONGOING | PAUSED),
    "dispute": (intake.dispute, ("不是我簽的",), ZHANG, ANY - {S.FINISHED}),
}


@pytest.mark.parametrize("deed", DECISIONS)
def test_each_decision_is_taken_at_its_stages_only_and_moves_as_the_rulebook_allows(deed: str):
    decide, args, by, expected = DECISIONS[deed]
    taken = set()

    for stage in Stage:
        job = at_stage(stage)
        if deed == "dispute" and stage is S.UNSIGNED_CLOSED:
            job.order = replace(job.order, seals=())
        try:
            decision = decide(job.order, *args, by=by, now=job.now, terms=_short(job.terms))
        except Refused as no:
            assert no.code and no.rule
            continue
        taken.add(stage)
        assert is_legal(stage, decision.order.stage, len(decision.journal)), (stage, decision.order.stage)

    assert taken == expected


@pytest.mark.parametrize("deed", [deed for deed in DECISIONS if deed != "dispute"])
@pytest.mark.parametrize("stage", sorted(CLOSED))
def test_what_is_closed_is_only_read(deed: str, stage: Stage):
    """REC-1: it stays as it is and owes nothing; the customer alone may still object (SIG-4)."""
    decide, args, by, _expected = DECISIONS[deed]
    job = at_stage(stage)

    try:
        decision = decide(job.order, *args, by=by, now=job.now, terms=_short(job.terms))
    except Refused:
        return

    assert decision.order == job.order
    assert not any(decision.deadlines.values())


def test_every_fact_of_the_call_that_picks_a_clock_is_handed_on():
    report = FaultReport(zone="far", distance_km=None, fault_kind="body", supplier_needed=True, is_urgent=True)

    facts = report.facts()

    assert (facts.zone, facts.fault_kind, facts.supplier_needed, facts.urgent) == ("far", "body", True, True)
    assert {one.name for one in fields(facts)} == {
        "zone",
        "distance_km",
        "fault_kind",
        "supplier_needed",
        "reported_to_marketing",
        "urgent",
        "is_work",
    }
    assert {kind: FaultReport(kind=kind).facts().is_work for kind in ("repair", "install")} == {
        "repair": False,
        "install": True,
    }


def test_what_is_recorded_is_found():
    order = finished().order

    assert order.found(Step.CHECK)["root_cause"] == "排水管堵塞"
    assert [line["name"] for line in order.found_parts()] == ["排水管 D16"]
    assert reported().order.found(Step.CHECK) == {}
    assert reported().order.found_parts() == []
    assert reported().order.is_open
    assert reported().order.seal is None
