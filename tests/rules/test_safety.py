"""Safety gates, emergencies, and the right to refuse (RULEBOOK 21, ROL-8, DSP-11, ESC-13)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from rules import closing, dispatch, emergencies, safety, signatures, visits
from rules.clocks import Clock
from rules.decisions import Audience
from rules.duty_policy import parse_point
from rules.escalation import Watch, ladder
from rules.orders import FaultReport, Stage, Step
from rules.people import Person
from tests.cast import BRANCH, CHEN, LI, MANAGER, STRANGER, WANG, ZHANG, ZHAO, at, terms_of
from tests.rules.job import (
    FINDINGS,
    SUMMARY,
    Job,
    accepted,
    arrived,
    dispatched,
    journalled,
    on_the_way,
    refused,
    reported,
    told,
)

SAFE = {"voltage_tested": True, "discharged": True, "earthed": True, "sign_hung": True, "sign_hung_photo": {"photo": "a1"}}
CLOSING = {"tools_counted": True, "parts_counted": True, "explosion_proof_restored": True}


def checks(job: Job, name: str, **answers: Any):
    return job.does(safety.check, name, answers, by=WANG)


def listened(profile: str = "mine") -> Job:
    job = arrived(profile)
    job.does(visits.begin, Step.LISTEN, by=WANG)
    job.saves(Step.LISTEN)
    return job


def through(job: Job, *steps: Step) -> Job:
    for step in steps:
        job.does(visits.begin, step, by=WANG)
        job.saves(step)
    return job


def test_nobody_begins_work_before_the_lists_are_gone_through_and_listening_is_no_work():
    job = listened()

    with refused("safety-open", "SAF-1") as error:
        job.does(visits.begin, Step.LOOK, by=WANG)

    assert error.value.offer == "safety"
    assert safety.next_open(job.order, job.terms.policy) == "gas"


@pytest.mark.parametrize(("methane", "is_allowed"), [("0", True), ("0.99", True), ("1.0", True), ("1.01", False), ("4", False)])
def test_methane_of_one_per_cent_is_allowed_and_above_it_nobody_works(methane: str, is_allowed: bool):
    job = listened()

    decision = checks(job, "gas", methane=methane)
    checks(job, "power_off", **SAFE)

    if is_allowed:
        assert decision.notices == ()
        job.does(visits.begin, Step.LOOK, by=WANG)
        return
    alarm = next(one for one in decision.notices if one.text == "notice.safety-failed")
    assert alarm.is_urgent and alarm.to == (Audience.SUPERVISOR, Audience.MANAGER) and alarm.facts["values"] == [methane]
    with refused("safety-failed", "SAF-1"):
        job.does(visits.begin, Step.LOOK, by=WANG)


def test_after_airing_it_is_measured_again_and_the_way_is_free():
    job = listened()
    checks(job, "gas", methane="1.4")
    checks(job, "power_off", **SAFE)

    checks(job, "gas", methane="0.8")

    job.does(visits.begin, Step.LOOK, by=WANG)
    assert job.order.stage is Stage.LOOKING


@pytest.mark.parametrize("missing", ["voltage_tested", "sign_hung", "sign_hung_photo"])
def test_every_point_is_answered_and_some_with_a_photo(missing: str):
    job = listened()

    with refused("safety-incomplete", "SAF-5"):
        checks(job, "power_off", **{key: value for key, value in SAFE.items() if key != missing})


def test_a_point_that_is_not_so_bars_the_work():
    job = listened()
    checks(job, "gas", methane="0.1")

    checks(job, "power_off", **{**SAFE, "earthed": False})

    with refused("safety-failed", "SAF-2") as error:
        job.does(visits.begin, Step.LOOK, by=WANG)
    assert error.value.facts["missing"] == [{"text": "safety.point.earthed"}]


def test_nobody_leaves_before_tools_are_counted():
    job = listened()
    checks(job, "gas", methane="0.1")
    checks(job, "power_off", **SAFE)
    through(job, Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS, Step.TEST)
    job.signs()

    with refused("safety-open", "SAF-2"):
        job.does(closing.brief_report, "好了", by=WANG)

    checks(job, "closing", **CLOSING)
    job.does(closing.brief_report, "好了", by=WANG)
    assert job.order.stage is Stage.DEPARTED


def test_the_operator_is_told_before_a_test_run():
    job = listened("plant")
    checks(job, "isolation", not_live=True, guarded=True)
    through(job, Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS)

    with refused("safety-open", "SAF-3"):
        job.does(visits.begin, Step.TEST, by=WANG)

    checks(job, "test_run", operator_told=True)
    through(job, Step.TEST)
    assert job.order.stage is Stage.FINISHED


def test_whoever_is_sent_next_checks_anew():
    job = listened("plant")
    checks(job, "isolation", not_live=True, guarded=True)
    job.does(visits.wait, Stage.WAITING_PARTS, "缺軸承", by=WANG)

    job.does(dispatch.dispatch, (ZHAO.id,), by=LI)

    assert job.order.safety == {}


@pytest.mark.parametrize("person", [LI, CHEN, ZHAO], ids=lambda one: one.name)
def test_nobody_checks_for_the_one_on_site(person: Person):
    with refused("not-yours" if person is not ZHAO else "no-such-order", "ROL-1"):
        listened().does(safety.check, "gas", {"methane": "0.1"}, by=person)


def test_a_checklist_that_the_profile_has_not_can_not_be_gone_through():
    with refused("no-such-item", "SAF-5"):
        checks(listened(), "lunch", eaten=True)


def test_a_point_is_written_with_its_limit_and_its_photo():
    assert parse_point("methane<=1.0").at_most == Decimal("1.0")
    assert parse_point("insulation>=0.5+photo").at_least == Decimal("0.5")
    assert parse_point("insulation>=0.5+photo").needs_photo
    with pytest.raises(ValueError, match="is not like"):
        parse_point("methane < 1")


def test_an_unsafe_order_is_refused_and_is_nobody_s_late_arrival():
    job = on_the_way()

    decision = job.does(safety.refuse_unsafe, "現場還帶電", by=WANG)

    assert (job.order.stage, job.order.crew, job.order.declined_by) == (Stage.QUEUED, (), ())
    assert told(decision, "notice.unsafe") == (Audience.SUPERVISOR,)
    assert decision.notices[0].is_urgent
    assert Clock.ACCEPTANCE not in job.clocks and Clock.ARRIVAL in job.clocks  # the customer is still promised somebody


def test_on_site_the_work_stops_until_the_supervisor_has_decided():
    job = arrived()

    job.does(safety.refuse_unsafe, "鷹架鬆動", by=WANG)

    assert job.order.stage is Stage.AWAITING_DECISION
    assert job.order.crew == (WANG.id,)
    job.does(visits.decide_problem, "先停，鷹架修好再做", by=LI)
    assert job.order.stage is Stage.ARRIVED


def test_one_of_two_who_finds_it_unsafe_leaves_the_other_in_the_lead():
    job = dispatched("appliance", WANG, ZHAO, lead=ZHAO)

    job.does(safety.refuse_unsafe, "沒有安全帶", by=WANG)

    assert (job.order.crew, job.order.stage) == ((ZHAO.id,), Stage.ASSIGNED)


def test_refusing_takes_a_reason():
    with refused("reason-missing", "ROL-8"):
        accepted().does(safety.refuse_unsafe, " ", by=WANG)


ON_CALL = (WANG.id, ZHAO.id)
TRAPPED = FaultReport(customer_name="張先生", fault="有人困在電梯裡")


def alarm(on_call: tuple[int, ...] = ON_CALL, when: str = "週五 23:40", report: FaultReport = TRAPPED, by: Person = ZHANG):
    terms, now = terms_of("lift"), at(when)
    decision = emergencies.raise_alarm(
        report, "trapped", on_call, number="2611-0001", branch=BRANCH, customer=by.id, by=by, now=now, terms=terms
    )
    job = Job(replace(decision.order, id=1), terms, now)
    job.watches(decision)
    return job, decision


def test_an_alarm_calls_everybody_on_call_and_the_office_at_the_same_time_and_asks_nothing_first():
    job, decision = alarm()

    assert (job.order.stage, job.order.offered_to, job.order.is_emergency) == (Stage.QUEUED, ON_CALL, True)
    assert told(decision, "notice.alarm") == ON_CALL
    assert told(decision, "notice.alarm-office") == (Audience.SUPERVISOR, Audience.MANAGER, Audience.CLERK)
    assert told(decision, "notice.alarm-heard-trapped") == (Audience.CUSTOMER,)
    assert all(one.is_urgent for one in decision.notices)
    assert ("emergency.raised", "SAF-4") in journalled(decision)
    assert job.clocks[Clock.RESCUE].due_at == at("週五 23:45")


def test_the_first_one_who_accepts_goes_at_once_without_any_list():
    job, _ = alarm()
    job.later(minutes=2)

    job.does(dispatch.take, by=ZHAO)

    assert (job.order.crew, Clock.RESCUE in job.clocks) == ((ZHAO.id,), False)
    with refused("no-such-order", "ROL-1"):
        job.does(dispatch.take, by=replace(WANG, branch="高雄"))
    job.does(dispatch.depart, by=ZHAO)
    assert job.order.stage is Stage.EN_ROUTE


def test_nobody_within_five_minutes_goes_to_the_supervisor_and_then_upward():
    job, _ = alarm()

    rungs = ladder(Watch(job.clocks[Clock.RESCUE]), job.terms.policy)

    assert [(one.at, one.audience[-1]) for one in rungs] == [
        (at("週五 23:45"), "supervisor"),
        (at("週五 23:50"), "manager"),
        (at("週五 23:55"), "service_dept"),
        (at("週六 00:00"), "administrator"),
    ]


def test_where_nobody_is_on_call_the_office_is_told_that_nobody_was_called():
    _, decision = alarm(())

    assert told(decision, "notice.alarm-nobody") == (Audience.SUPERVISOR, Audience.MANAGER, Audience.CLERK)


def test_the_four_steps_are_timed_and_the_rescue_ends_it():
    job, _ = alarm()
    job.does(dispatch.take, by=ZHAO)
    for minutes, step in ((1, "calm"), (3, "fire_centre"), (9, "rescue")):
        job.later(minutes=minutes).does(emergencies.step_done, step, by=ZHAO)

    emergency = job.order.emergency
    assert emergency is not None and not emergency.is_on and emergency.left == ()
    assert [(step, (done.at - emergency.at).seconds // 60, done.by) for step, done in emergency.steps.items()] == [
        ("tell_supervisor", 0, None),
        ("calm", 1, ZHAO.id),
        ("fire_centre", 4, ZHAO.id),
        ("rescue", 13, ZHAO.id),
    ]
    with refused("no-emergency", "SAF-4"):
        job.does(emergencies.step_done, "rescue", by=ZHAO)


def test_a_step_is_timed_once_and_one_that_is_none_is_refused():
    job, _ = alarm()
    job.does(emergencies.step_done, "calm", by=LI)

    with refused("step-done", "SAF-4"):
        job.does(emergencies.step_done, "calm", by=CHEN)
    with refused("no-such-item", "SAF-4"):
        job.does(emergencies.step_done, "lunch", by=LI)
    with refused("not-yours", "ROL-1"):
        job.does(emergencies.step_done, "rescue", by=ZHANG)


def test_what_is_no_emergency_goes_on_as_an_ordinary_call():
    job, _ = alarm()

    decision = job.does(emergencies.stand_down, "只是燈不亮", by=ZHANG)

    assert (job.order.stage, job.order.is_emergency, job.order.offered_to) == (Stage.NEEDS_CLARIFICATION, False, ())
    assert set(ON_CALL) <= set(told(decision, "notice.alarm-off"))
    assert told(decision, "notice.facts-wanted") == (Audience.CUSTOMER,)
    assert Clock.RESCUE not in job.clocks
    with refused("no-such-order", "ROL-1"):
        job.does(emergencies.stand_down, "玩笑", by=STRANGER)


def test_a_call_that_is_known_already_can_be_declared_an_emergency():
    job = reported()

    decision = job.does(emergencies.declare, "other", ON_CALL, by=LI)

    assert job.order.report.is_urgent and job.order.offered_to == ON_CALL
    assert told(decision, "notice.alarm") == ON_CALL
    with refused("emergency-on", "DSP-11"):
        job.does(emergencies.declare, "other", ON_CALL, by=MANAGER)
    with refused("no-such-item", "SAF-4"):
        reported().does(emergencies.declare, "trapped", ON_CALL, by=LI)


def test_who_is_on_the_way_goes_on_when_it_becomes_an_emergency():
    job = on_the_way()

    decision = job.does(emergencies.declare, "other", ON_CALL, by=LI)

    assert (job.order.crew, job.order.stage) == ((WANG.id,), Stage.EN_ROUTE)
    assert told(decision, "notice.alarm") == (WANG.id,)
    assert Clock.RESCUE not in job.clocks


def test_an_emergency_is_signed_like_any_other_work():
    job, _ = alarm()
    job.does(dispatch.take, by=ZHAO)
    job.does(dispatch.depart, by=ZHAO)
    job.does(visits.arrive, {}, by=ZHAO)
    job.does(emergencies.step_done, "rescue", by=ZHAO)
    job.does(safety.check, "isolation", {"car_empty": True, "switched_off": True, "sign_hung": True}, by=ZHAO)
    for step in FINDINGS:
        job.does(visits.begin, step, by=ZHAO)
        job.does(visits.save, step, FINDINGS[step], by=ZHAO)

    job.does(signatures.preview, SUMMARY, "", by=ZHAO)

    assert job.order.preview == SUMMARY
