"""Handing over: who names, who confirms, by when, and what a change of the list undoes (STF-9..14)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rules import handovers
from rules.clocks import Clock
from rules.decisions import Audience
from rules.escalation import Watch, ladder
from rules.handovers import Handover, HandoverStage, Point, PointKind
from rules.orders import Stage
from rules.people import Person, Role, Standing
from rules.successions import hand_over_case, hand_over_order
from rules.tasks import Errand, Task
from tests.cast import BRANCH, LI, MANAGER, WANG, ZHAO, at, terms_of
from tests.rules import job
from tests.rules.job import refused

TERMS = terms_of("appliance")
NOW = at("週五 10:00")
TODAY = date(2026, 11, 27)
HR = Person(70, "賀人事", frozenset({Role.HR}))
JOB = Point("order:1", PointKind.ORDER, "2611-0001", "assigned")
PUMP = Point("holding:1", PointKind.HOLDING, "水泵", "part", "3")


def deed(by: Person) -> dict[str, Any]:
    return {"by": by, "now": NOW, "terms": TERMS}


def leaving(last_day: date = TODAY, **changes: Any) -> Handover:
    due_at = handovers.due_of(last_day, now=NOW, terms=TERMS)
    one = Handover(number="H26-001", branch=BRANCH, opened_at=NOW, person=WANG.id, last_day=last_day, due_at=due_at, id=1)
    return replace(one, **changes)


def listed(handover: Handover, *points: Point) -> tuple[Point, ...]:
    return handovers.with_successors(handover, points, [WANG, ZHAO, LI, MANAGER])


def given(*points: Point, witnesses: tuple[int, ...] = (MANAGER.id,), **changes: Any) -> Handover:
    one = leaving(successor=ZHAO.id, **changes)
    return handovers.give(one, listed(one, *points), witnesses, **deed(WANG)).after


def test_hr_sets_the_last_day_and_nobody_his_own():
    opened = handovers.open_handover(leaving(), **deed(HR))
    assert {one.to for one in opened.notices} == {(WANG.id,), (Audience.SUPERVISOR, Audience.HR)}
    with refused("not-yours", "ROL-1"):
        handovers.open_handover(leaving(person=ZHAO.id), **deed(LI))
    with refused("not-your-own", "STF-9"):
        handovers.open_handover(leaving(person=HR.id), **deed(HR))
    with refused("last-day-over", "STF-10"):
        handovers.open_handover(leaving(date(2026, 11, 26)), **deed(HR))


@pytest.mark.parametrize(
    ("last_day", "asked", "due"),
    [
        (TODAY, at("下週一 10:00"), at("下週三 10:00")),  # at once: day 3 and day 5
        (date(2026, 12, 5), at("下週五 00:00"), at("下週日 00:00")),  # works on: all is done with his last day
    ],
)
def test_all_is_handed_over_within_five_days_and_the_supervisor_hears_after_them(last_day, asked, due):
    clock = handovers.open_handover(leaving(last_day), **deed(HR)).deadlines[Clock.HANDOVER]
    assert clock is not None

    rungs = ladder(Watch(clock.promise), TERMS.policy)

    assert [(one.at, one.audience) for one in rungs[:3]] == [
        (asked, ("owner",)), (due, ("owner",)), (due + timedelta(days=1), ("owner", "supervisor")),
    ]  # fmt: skip


def test_what_nobody_is_named_for_is_the_temporary_successor_s_but_a_job_wants_a_technician():
    assert [one.to for one in listed(leaving(successor=ZHAO.id), JOB, PUMP)] == [ZHAO.id, ZHAO.id]
    assert [one.to for one in listed(leaving(successor=LI.id), JOB, PUMP)] == [None, LI.id]
    with refused("successor-missing", "STF-11") as found:
        handovers.give(leaving(successor=LI.id), listed(leaving(successor=LI.id), JOB, PUMP), (), **deed(WANG))
    assert found.value.facts["numbers"] == ["2611-0001"]


def test_whoever_has_left_meanwhile_gets_nothing():
    gone = replace(ZHAO, standing=Standing.LEFT)

    assert [one.to for one in handovers.with_successors(leaving(successor=ZHAO.id), (JOB, PUMP), [LI, gone])] == [None, None]


def test_a_successor_works_here_may_have_it_and_is_named_by_the_supervisor():
    named = handovers.name_successor(leaving(successor=LI.id), (JOB,), ZHAO, **deed(LI)).after
    assert [one.to for one in listed(named, JOB, PUMP)] == [ZHAO.id, LI.id]
    for unfit in (WANG, replace(ZHAO, standing=Standing.LEFT), replace(ZHAO, branch="高雄")):
        with refused("successor-unfit", "STF-11"):
            handovers.name_successor(leaving(), (PUMP,), unfit, **deed(LI))
    with refused("successor-no-technician", "STF-11"):
        handovers.name_successor(leaving(), (JOB,), MANAGER, **deed(LI))
    with refused("not-whom-it-is-about", "SUR-5"):
        handovers.name_successor(leaving(), (replace(PUMP, barred=(ZHAO.id,)),), ZHAO, **deed(LI))
    with refused("no-such-case", "ROL-1"):
        handovers.name_successor(leaving(), (PUMP,), ZHAO, **deed(ZHAO))


def test_giver_receiver_and_witness_confirm_each_in_person_and_in_this_order():
    with refused("giver-only", "STF-14"):
        handovers.give(leaving(), (), (), **deed(LI))
    one = given(JOB, PUMP)
    assert (one.stage, one.owners) == (HandoverStage.GIVEN, (ZHAO.id,))
    with refused("receiver-only", "STF-13"):
        handovers.receive(one, listed(one, JOB, PUMP), **deed(LI))

    received = handovers.receive(one, listed(one, JOB, PUMP), **deed(ZHAO)).after
    assert (received.stage, received.owners) == (HandoverStage.RECEIVED, (MANAGER.id,))
    for other in (LI, WANG, ZHAO):
        with refused("witness-only", "STF-13"):
            handovers.witness(received, (), **deed(other))

    done = handovers.witness(received, listed(one, JOB, PUMP), **deed(MANAGER))
    assert (done.after.stage, done.after.is_open, done.deadlines) == (HandoverStage.DONE, False, {Clock.HANDOVER: None})
    copies = handovers.copies(done.after, TERMS.policy.handover.copies)
    assert copies.to == (WANG.id, ZHAO.id, Audience.HR)


def test_where_nobody_stands_above_the_list_needs_no_witness():
    one = given(PUMP, witnesses=())

    assert handovers.receive(one, listed(one, PUMP), **deed(ZHAO)).after.stage == HandoverStage.DONE


def test_who_has_nothing_hands_over_nothing_and_it_is_witnessed_all_the_same():
    assert given().stage == HandoverStage.RECEIVED


@pytest.mark.parametrize("step", [handovers.receive, handovers.witness])
def test_a_list_that_has_grown_is_confirmed_anew(step):
    one = given(PUMP)
    if step is handovers.witness:
        one = handovers.receive(one, listed(one, PUMP), **deed(ZHAO)).after

    again = step(one, listed(one, PUMP, JOB), **deed(MANAGER if step is handovers.witness else ZHAO))

    assert (again.after.stage, again.after.points, again.after.received) == (HandoverStage.LISTED, (), ())
    assert again.notices[0].to == (WANG.id,)
    assert step(one, (), **deed(MANAGER if step is handovers.witness else ZHAO)).after.stage != HandoverStage.LISTED


def test_naming_another_successor_undoes_the_confirmations():
    assert handovers.name_successor(given(PUMP), (PUMP,), ZHAO, **deed(LI)).after.given_at is None


def test_called_off_he_stays():
    stays = handovers.call_off(given(PUMP), **deed(MANAGER))
    assert (stays.after.stage, stays.after.is_open) == (HandoverStage.CALLED_OFF, False)
    with refused("case-closed", "REC-1"):
        handovers.receive(replace(stays.after, points=listed(leaving(successor=ZHAO.id), PUMP)), (), **deed(ZHAO))


def test_an_order_keeps_its_stage_and_the_leader_s_place_is_taken():
    pair = job.dispatched("appliance", WANG, LI, lead=WANG).order

    taken = hand_over_order(pair, WANG.id, ZHAO.id)

    assert (taken.order.crew, taken.order.lead, taken.order.stage) == ((ZHAO.id, LI.id), ZHAO.id, Stage.ASSIGNED)
    helper = hand_over_order(pair, LI.id, ZHAO.id).order
    assert (helper.crew, helper.lead) == ((WANG.id, ZHAO.id), WANG.id)


def test_a_task_goes_on_with_its_successor():
    task = Task(
        number="T1", branch=BRANCH, opened_at=NOW, errand=Errand.FOLLOW_UP, due_at=NOW, post=Audience.CLERK, person=WANG.id
    )

    assert hand_over_case(task, WANG.id, ZHAO.id).after.owners == (ZHAO.id,)
