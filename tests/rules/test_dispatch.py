"""Getting somebody on the way: dispatch, offers, acceptance, refusals, the list before leaving (DSP, PRE, ROL-7)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules import dispatch, visits
from rules.clocks import Clock
from rules.decisions import Audience
from rules.money import Dues
from rules.orders import ServiceClass, Stage, Step
from rules.people import Person
from tests.cast import CHEN, LI, MANAGER, STRANGER, SUN, WANG, ZHANG, ZHAO, at, policy_of
from tests.rules.job import (
    FINDINGS,
    Job,
    accepted,
    arrived,
    dispatched,
    finished,
    found,
    journalled,
    on_the_way,
    ready,
    refused,
    reported,
    signed,
    told,
)


def offered() -> Job:
    job = reported()
    job.does(dispatch.offer, (WANG.id, ZHAO.id), by=LI)
    return job


def test_the_supervisor_sends_a_technician_and_the_customer_hears_who():
    job = reported()

    decision = job.does(dispatch.dispatch, (WANG.id,), briefing="排水管可能堵塞", by=LI)

    assert (job.order.stage, job.order.crew, job.order.lead) == (Stage.ASSIGNED, (WANG.id,), WANG.id)
    assert (job.order.dispatched_by, job.order.briefing) == (LI.id, "排水管可能堵塞")
    assert told(decision, "notice.assigned") == (WANG.id,)
    assert told(decision, "notice.technician-named") == (Audience.CUSTOMER,)
    assert job.clocks[Clock.ACCEPTANCE].due_at == at("週五 16:15")
    assert job.clocks[Clock.ARRIVAL].due_at == at("下週一 14:00")


@pytest.mark.parametrize("person", [WANG, CHEN, ZHANG], ids=lambda one: one.name)
def test_nobody_else_dispatches(person: Person):
    with refused("no-such-order" if person is WANG else "not-yours", "ROL-1"):
        reported().does(dispatch.dispatch, (WANG.id,), by=person)


@pytest.mark.parametrize("person", [STRANGER, SUN], ids=lambda one: one.name)
def test_a_stranger_and_another_branch_see_no_order_to_dispatch(person: Person):
    with refused("no-such-order", "ROL-1"):
        reported().does(dispatch.dispatch, (WANG.id,), by=person)


def test_two_go_with_exactly_one_leader():
    with refused("leader-missing", "DSP-5"):
        dispatched("appliance", WANG, ZHAO)
    with refused("leader-missing", "DSP-5"):
        dispatched("appliance", WANG, ZHAO, lead=CHEN)

    assert dispatched("appliance", WANG, ZHAO, lead=ZHAO).order.lead == ZHAO.id


def test_one_person_named_twice_goes_alone_and_leads():
    assert dispatched("appliance", WANG, WANG).order.crew == (WANG.id,)


def test_somebody_has_to_go():
    with refused("crew-missing", "DSP-1"):
        reported().does(dispatch.dispatch, (), by=LI)
    with refused("crew-missing", "DSP-1"):
        reported().does(dispatch.offer, (), by=LI)


def test_where_money_comes_first_nobody_goes_before_it_has_come():
    job = reported("machinery")
    job.order = replace(job.order, service_class=ServiceClass.A)

    with refused("not-paid", "DSP-10"):
        job.does(dispatch.dispatch, (WANG.id,), reason="生產科同意", by=LI)

    job.order = replace(job.order, dues=Dues("TWD", agreed=50000, paid=50000))
    job.does(dispatch.dispatch, (WANG.id,), reason="生產科同意", by=LI)
    assert job.order.stage is Stage.ASSIGNED


def test_where_production_is_asked_first_nobody_goes_without_a_word_on_it():
    with refused("production-first", "DSP-3"):
        reported("machinery").does(dispatch.dispatch, (WANG.id,), by=LI)


@pytest.mark.parametrize("despite", [("away",), ("long-day",)])
def test_what_speaks_against_it_takes_a_reason_that_is_kept(despite: tuple[str, ...]):
    job = reported()
    with refused("reason-missing", "STF-3"):
        job.does(dispatch.dispatch, (WANG.id,), despite=despite, by=LI)

    decision = job.does(dispatch.dispatch, (WANG.id,), despite=despite, reason="只有他熟", by=LI)

    assert decision.journal[-1].facts["despite"] == despite
    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)
    assert "despite" not in job.order.overrides


def test_on_a_campus_the_slip_starts_the_minutes():
    job = dispatched("campus", zone="near")

    assert job.clocks[Clock.ARRIVAL].due_at == at("週五 16:15")


def test_sending_somebody_else_takes_the_first_one_off():
    job = accepted()

    decision = job.does(dispatch.dispatch, (ZHAO.id,), by=MANAGER)

    assert told(decision, "notice.taken-off") == (WANG.id,)
    assert (job.order.stage, job.order.crew, job.order.accepted_at) == (Stage.ASSIGNED, (ZHAO.id,), None)
    with refused("no-such-order", "ROL-1"):
        job.does(dispatch.accept, by=WANG)


def test_the_next_technician_has_a_list_of_his_own():
    job = ready()
    job.does(dispatch.override, "趕時間", by=WANG)

    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)

    assert job.order.checklist == ()
    assert dispatch.unticked(job.order, job.terms.policy) == dispatch.required_items(job.terms.policy)


@pytest.mark.parametrize("made", [arrived, finished, signed])
def test_who_is_at_work_is_not_replaced(made):
    with refused("stage-passed", "24"):
        made().does(dispatch.dispatch, (ZHAO.id,), by=LI)


def test_an_order_sent_out_again_is_not_finished_any_more():
    job = finished()
    job.does(visits.raise_problem, "換整機", "免費", by=WANG)

    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)

    assert job.order.finished_at is None
    assert job.order.found(Step.CHECK) == FINDINGS[Step.CHECK]


def test_accepting_is_the_technician_s_own_word():
    job = dispatched().later(minutes=5)

    decision = job.does(dispatch.accept, by=WANG)

    assert (job.order.stage, job.order.accepted_at) == (Stage.ACCEPTED, at("週五 16:05"))
    assert Clock.ACCEPTANCE not in job.clocks
    assert journalled(decision) == [("order.accepted", "DSP-6")]
    for person in (LI, CHEN, ZHANG):
        with refused("not-yours", "ROL-1"):
            dispatched().does(dispatch.accept, by=person)


def test_accepting_twice_says_that_it_has_passed():
    with refused("stage-passed", "24"):
        accepted().does(dispatch.accept, by=WANG)


def test_the_first_one_takes_an_offer_and_the_second_is_refused():
    job = offered()

    decision = job.does(dispatch.take, by=ZHAO)

    assert (job.order.stage, job.order.crew, job.order.lead) == (Stage.ACCEPTED, (ZHAO.id,), ZHAO.id)
    assert told(decision, "notice.offer-gone") == (WANG.id,)
    assert told(decision, "notice.offer-taken-by") == (Audience.SUPERVISOR,)
    assert Clock.ACCEPTANCE not in job.clocks
    with refused("offer-gone", "DSP-11"):
        job.does(dispatch.take, by=WANG)


def test_accepting_an_offered_order_is_taking_it():
    job = offered()

    job.does(dispatch.accept, by=WANG)

    assert job.order.crew == (WANG.id,)


def test_who_was_not_offered_it_can_not_take_it():
    job = reported()
    job.does(dispatch.offer, (ZHAO.id,), by=LI)

    with refused("offer-gone", "DSP-11"):
        job.does(dispatch.take, by=WANG)
    with refused("no-such-order", "ROL-1"):
        job.does(dispatch.take, by=STRANGER)
    with refused("not-yours", "ROL-1"):
        job.does(dispatch.take, by=LI)


def test_an_offer_ends_when_somebody_is_sent():
    job = offered()

    decision = job.does(dispatch.dispatch, (WANG.id,), by=LI)

    assert job.order.offered_to == ()
    assert told(decision, "notice.taken-off") == (ZHAO.id,)


def test_declining_takes_a_reason_and_puts_the_order_back_into_the_queue():
    job = dispatched()
    with refused("reason-missing", "DSP-12"):
        job.does(dispatch.decline, "  ", by=WANG)

    decision = job.does(dispatch.decline, "還在前一家", by=WANG)

    assert (job.order.stage, job.order.crew, job.order.lead) == (Stage.QUEUED, (), None)
    assert told(decision, "notice.declined") == (Audience.SUPERVISOR,)
    assert job.order.declined_by == (WANG.id,)
    assert list(job.clocks) == [Clock.ARRIVAL]


def test_a_second_refusal_is_the_supervisor_s_affair_at_once():
    job = dispatched()
    job.does(dispatch.decline, "還在前一家", by=WANG)
    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)

    decision = job.does(dispatch.decline, "沒有執照", by=ZHAO)

    (often,) = decision.notices
    assert (often.text, often.to, often.is_urgent) == ("notice.declined-often", (Audience.SUPERVISOR,), True)


def test_one_of_two_declines_and_the_leader_goes_alone():
    job = dispatched("appliance", WANG, ZHAO, lead=WANG)

    job.does(dispatch.decline, "還在前一家", by=ZHAO)

    assert (job.order.stage, job.order.crew, job.order.lead) == (Stage.ASSIGNED, (WANG.id,), WANG.id)


def test_when_the_leader_declines_the_other_is_taken_off():
    job = dispatched("appliance", WANG, ZHAO, lead=WANG)

    decision = job.does(dispatch.decline, "還在前一家", by=WANG)

    assert (job.order.stage, job.order.crew) == (Stage.QUEUED, ())
    assert told(decision, "notice.taken-off") == (ZHAO.id,)


def test_declining_an_offer_leaves_it_to_the_others():
    job = offered()

    job.does(dispatch.decline, "還在前一家", by=WANG)

    assert (job.order.stage, job.order.offered_to) == (Stage.QUEUED, (ZHAO.id,))


def test_an_objection_is_heard_and_the_assignment_stays():
    job = dispatched()
    with refused("reason-missing", "ROL-7"):
        job.does(dispatch.object_to, "", by=WANG)

    decision = job.does(dispatch.object_to, "這台我沒修過", by=WANG)

    assert (job.order.stage, job.order.crew) == (Stage.ASSIGNED, (WANG.id,))
    assert told(decision, "notice.objected") == (Audience.SUPERVISOR,)


def test_nobody_leaves_before_the_list_is_done():
    job = accepted()
    for item in ("task_read", "called_user", "parts_packed"):
        job.does(dispatch.tick, item, by=WANG)

    with refused("checklist-open", "PRE-1") as found:
        job.does(dispatch.depart, by=WANG)
    assert found.value.facts["missing"] == [{"text": "checklist.shoe_covers"}]

    job.does(dispatch.tick, "shoe_covers", by=WANG)
    decision = job.does(dispatch.depart, timedelta(minutes=25), by=WANG)
    assert job.order.stage is Stage.EN_ROUTE
    assert told(decision, "notice.on-the-way-eta") == (Audience.CUSTOMER,)
    assert decision.notices[0].facts["eta"] == at("週五 16:30")


def test_nobody_leaves_before_he_has_accepted():
    with refused("stage-passed", "24"):
        dispatched().does(dispatch.depart, by=WANG)


def test_a_tick_can_be_taken_back():
    job = accepted()
    job.does(dispatch.tick, "task_read", by=WANG)
    assert (job.order.stage, job.order.checklist) == (Stage.PREPARING, ("task_read",))

    job.does(dispatch.tick, "task_read", by=WANG)

    assert job.order.checklist == ()


def test_only_items_of_the_list_are_ticked():
    with refused("no-such-item", "PRE-1"):
        accepted().does(dispatch.tick, "umbrella", by=WANG)


def test_what_is_missing_is_left_for_a_reason_that_the_supervisor_sees():
    job = accepted()
    with refused("reason-missing", "PRE-1"):
        job.does(dispatch.override, " ", by=WANG)

    decision = job.does(dispatch.override, "鞋套用完了", by=WANG)

    assert told(decision, "notice.checklist-skipped") == (Audience.SUPERVISOR,)
    job.does(dispatch.depart, by=WANG)
    assert job.order.stage is Stage.EN_ROUTE


@pytest.mark.parametrize(
    ("profile", "wanted"),
    [("plant", {"fit"}), ("mine", {"fit", "gas_meter"}), ("campus", {"badge"}), ("hotel", {"badge"}), ("dealer4s", {"badge"})],
)
def test_safety_fitness_and_badge_are_on_the_list_where_the_line_of_business_wants_them(profile: str, wanted: set[str]):
    """PRE-5, CND-5, CND-8; nowhere else is the list longer for it."""
    assert wanted <= set(dispatch.required_items(policy_of(profile)))
    assert not {"fit", "gas_meter", "badge"} & set(dispatch.required_items(policy_of("appliance")))


def test_what_a_safety_checklist_is_gone_through_with_is_switched_on_before_leaving():
    """PRE-5: though nobody wrote it on the list."""
    mine = policy_of("mine")
    forgotten = replace(mine, departure=replace(mine.departure, required=("task_read",)))

    assert dispatch.required_items(forgotten) == ("task_read", "gas_meter")


@pytest.mark.parametrize(("firm", "rule"), [("fit", "CND-5"), ("gas_meter", "PRE-5")])
def test_nobody_goes_unfit_or_without_what_warns_him_whatever_his_reason(firm: str, rule: str):
    job = accepted("mine")
    for one in dispatch.FIRM:
        if one != firm:
            job.does(dispatch.tick, one, by=WANG)

    job.does(dispatch.override, "趕時間", by=WANG)
    assert dispatch.unticked(job.order, job.terms.policy) == (firm,)
    with refused("checklist-firm", rule):
        job.does(dispatch.override, "趕時間", by=WANG)
    with refused("checklist-open", "PRE-1"):
        job.does(dispatch.depart, by=WANG)
    job.does(dispatch.tick, firm, by=WANG)
    job.does(dispatch.depart, by=WANG)

    assert job.order.stage is Stage.EN_ROUTE


def test_the_technician_calls_the_customer_himself():
    job = accepted()

    job.does(dispatch.called_user, True, by=WANG)

    assert "called_user" in job.order.checklist


def test_who_was_not_reached_twice_is_told_to_the_clerk():
    job = accepted()

    first = job.does(dispatch.called_user, False, by=WANG)
    assert (first.notices, job.order.checklist) == ((), ())

    second = job.does(dispatch.called_user, False, by=WANG)
    assert told(second, "notice.user-not-reached") == (Audience.CLERK,)
    assert second.notices[0].facts["tries"] == 2
    assert "called_user" in job.order.checklist


def test_a_vehicle_job_has_the_longer_list():
    assert set(policy_of("vehicle").departure.required) >= {"order_taken", "survey_form", "route_known"}


def test_what_is_under_way_is_what_unaddressed_words_are_about():
    assert not dispatch.is_under_way(dispatched().order)
    for job in (on_the_way(), arrived(), found(Step.LOOK), finished(), signed()):
        assert dispatch.is_under_way(job.order)
