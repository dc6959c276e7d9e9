"""On site: 聽 看 查 作出處理, parts, the customer's try-out, larger problems (VIS)."""

from dataclasses import replace

import pytest

from rules import closing, visits
from rules.clocks import Clock
from rules.decisions import Audience
from rules.orders import Problem, Stage, Step
from tests.cast import CHEN, LI, STRANGER, WANG, ZHANG, ZHAO, at, policy_of
from tests.rules.job import (
    FINDINGS,
    accepted,
    approved,
    arrived,
    departed,
    finished,
    found,
    journalled,
    on_the_way,
    refused,
    signed,
    told,
)

HOME = {"latitude": 25.0260, "longitude": 121.5435}


def test_arriving_stops_the_arrival_clock():
    job = on_the_way()
    assert Clock.ARRIVAL in job.clocks

    decision = job.does(visits.arrive, {}, by=WANG)

    assert (job.order.stage, job.order.arrived_at) == (Stage.ARRIVED, at("週五 16:15"))
    assert Clock.ARRIVAL not in job.clocks
    assert journalled(decision) == [("order.arrived", "VIS-1")]


def test_nobody_arrives_who_did_not_leave():
    with refused("stage-passed", "24"):
        accepted().does(visits.arrive, {}, by=WANG)
    with refused("no-such-order", "ROL-1"):
        on_the_way().does(visits.arrive, {}, by=ZHAO)


def test_arriving_far_from_the_address_is_told_and_not_barred():
    job = on_the_way(**HOME)

    decision = job.does(visits.arrive, {"place": {"latitude": 25.0360, "longitude": 121.5435}}, by=WANG)

    assert job.order.stage is Stage.ARRIVED
    assert journalled(decision)[1] == ("arrival.far", "VIS-1")
    assert decision.journal[1].facts == {"metres": 1112}
    assert told(decision, "notice.arrived-far") == (Audience.SUPERVISOR,)


@pytest.mark.parametrize("place", [None, {}, {"latitude": 25.0270, "longitude": 121.5435}, "在門口"])
def test_arriving_near_or_nowhere_in_particular_is_no_news(place: object):
    decision = on_the_way(**HOME).does(visits.arrive, {"place": place}, by=WANG)

    assert told(decision, "notice.arrived-far") == ()


def test_a_place_told_after_arriving_counts_as_well():
    job = on_the_way(**HOME)
    job.does(visits.arrive, {}, by=WANG)

    decision = job.does(visits.save, Step.ARRIVE, {"place": {"latitude": 25.0360, "longitude": 121.5435}}, by=WANG)

    assert told(decision, "notice.arrived-far") == (Audience.SUPERVISOR,)


def test_the_steps_come_in_their_order():
    job = arrived()

    for step in (Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS, Step.TEST):
        rule = "VIS-5" if step in (Step.ACT, Step.PARTS, Step.TEST) else "VIS-4"
        with refused("step-first", rule) as error:
            job.does(visits.begin, step, by=WANG)
        with refused("step-first", rule):
            job.saves(step)
        assert error.value.offer == "listen"


@pytest.mark.parametrize(
    ("until", "wanted", "rule", "offer"),
    [
        (Step.LISTEN, Step.CHECK, "VIS-4", "look"),
        (Step.LOOK, Step.ACT, "VIS-5", "check"),
        (Step.LOOK, Step.PARTS, "VIS-5", "check"),
        (Step.CHECK, Step.TEST, "VIS-4", "act"),
    ],
)
def test_what_was_left_out_is_offered(until: Step, wanted: Step, rule: str, offer: str):
    with refused("step-first", rule) as error:
        found(until).does(visits.begin, wanted, by=WANG)
    assert error.value.offer == offer


def test_each_step_moves_the_job_on():
    job = arrived()

    for step, stage in ((Step.LISTEN, Stage.LISTENING), (Step.LOOK, Stage.LOOKING), (Step.CHECK, Stage.CHECKING)):
        assert visits.next_step(job.order) is step
        job.does(visits.begin, step, by=WANG)
        assert job.order.stage is stage
        job.saves(step)
    assert visits.still_open(job.order) == (Step.ACT, Step.TEST)


def test_a_service_is_finished_when_every_step_is_recorded_and_the_customer_has_tried_it():
    job = found(Step.PARTS)
    assert (job.order.stage, job.order.finished_at) == (Stage.ACTING, None)

    decision = job.later(minutes=5).saves(Step.TEST)

    assert (job.order.stage, job.order.finished_at) == (Stage.FINISHED, job.now)
    assert journalled(decision) == [("step.saved", "VIS-11"), ("service.finished", "SIG-2")]
    assert visits.next_step(job.order) is None


def test_parts_are_asked_for_when_some_were_used():
    assert visits.still_open(found(Step.ACT).order) == (Step.PARTS, Step.TEST)

    job = found(Step.CHECK)
    job.saves(Step.ACT, parts_used=False)
    assert visits.still_open(job.order) == (Step.TEST,)


def test_a_failed_try_out_goes_back_to_the_cause():
    job = found(Step.PARTS)

    decision = job.saves(Step.TEST, customer_test="fail")

    assert (job.order.stage, job.order.finished_at) == (Stage.CHECKING, None)
    assert told(decision, "notice.test-failed") == (Audience.SUPERVISOR,)
    assert visits.still_open(job.order) == (Step.CHECK, Step.TEST)


def test_the_customer_tries_it_again_only_after_the_cause_was_looked_for_again():
    job = found(Step.PARTS)
    job.saves(Step.TEST, customer_test="fail")

    with refused("step-first", "VIS-11") as error:
        job.later(minutes=5).saves(Step.TEST)
    assert error.value.offer == "check"

    job.saves(Step.CHECK, root_cause="馬達老化")
    job.saves(Step.ACT)
    job.saves(Step.TEST)
    assert job.order.stage is Stage.FINISHED


@pytest.mark.parametrize(("result", "is_finished"), [("refused", True), ("not_fixable", True), ("fixed", False)])
def test_what_was_not_repaired_need_not_be_tried(result: str, is_finished: bool):
    job = found(Step.PARTS)
    job.saves(Step.ACT, result=result)

    job.saves(Step.TEST, customer_test="none")

    assert (job.order.stage is Stage.FINISHED) == is_finished


def test_a_failed_try_out_after_finishing_takes_the_finish_back():
    job = finished()

    job.saves(Step.TEST, customer_test="fail")

    assert (job.order.stage, job.order.finished_at) == (Stage.CHECKING, None)


def test_a_cause_has_to_be_found():
    with refused("cause-missing", "VIS-5"):
        found(Step.LOOK).saves(Step.CHECK, root_cause="")


@pytest.mark.parametrize("lacking", ["hand_off", "hand_off_words"])
def test_where_guests_live_what_can_not_be_mended_is_handed_on(lacking: str):
    """VIS-17; elsewhere nobody has to be told."""
    handed = {"hand_off": "櫃台吳先生", "hand_off_words": "請幫 1208 房換房"}
    job = found(Step.CHECK)
    job.saves(Step.ACT, result="not_fixable")
    job.terms = replace(job.terms, policy=replace(job.terms.policy, visit=policy_of("hotel").visit))

    with refused("hand-off-missing", "VIS-17"):
        job.saves(Step.ACT, result="not_fixable", **(handed | {lacking: " "}))
    decision = job.saves(Step.ACT, result="not_fixable", **handed)

    assert told(decision, "notice.hand-off") == (Audience.SUPERVISOR, Audience.CLERK)


def test_an_unknown_cause_needs_a_next_step():
    job = found(Step.LOOK)
    with refused("unknown-needs-next-step", "VIS-5"):
        job.saves(Step.CHECK, cause_class="unknown")

    job.saves(Step.CHECK, cause_class="unknown", next_step="請原廠支援")

    assert Step.CHECK in job.order.findings


def test_parts_that_were_used_are_named():
    with refused("part-line-incomplete", "VIS-7"):
        found(Step.ACT).saves(Step.PARTS, lines=[])


@pytest.mark.parametrize("wrong", [{"name": ""}, {"cause": ""}, {"quantity": ""}, {"quantity": "0"}, {"quantity": "-1"}])
def test_a_part_line_has_a_name_a_cause_and_a_quantity(wrong: dict):
    line = FINDINGS[Step.PARTS]["lines"][0] | wrong

    with refused("part-line-incomplete", "VIS-7"):
        found(Step.ACT).saves(Step.PARTS, lines=[line])


LISTENED = {
    "operating_time": "900",
    "mileage": "42000",
    "usage_conditions": "市區路線",
    "before_fault": "正常",
    "after_fault": "熄火",
}


@pytest.mark.parametrize("lacking", LISTENED)
def test_what_the_user_of_a_vehicle_says_is_written_down_whole_or_it_says_why_not(lacking: str):
    """VIS-3: required in the vehicle line, where "not applicable" takes a reason."""
    heard = LISTENED | {lacking: None}
    with refused("listen-incomplete", "VIS-3") as error:
        arrived("vehicle", fault_kind="body").saves(Step.LISTEN, **heard)
    assert error.value.facts["missing"] == [{"text": f"listen.{lacking}.label"}]

    job = arrived("vehicle", fault_kind="body")
    job.saves(Step.LISTEN, **heard, **{f"na{list(LISTENED).index(lacking) + 1}": "儀表壞了"})
    assert Step.LISTEN in job.order.findings
    arrived("appliance").saves(Step.LISTEN, **heard)


def test_what_was_told_and_what_was_read_are_kept_side_by_side():
    job = arrived("vehicle", fault_kind="body")
    job.saves(Step.LISTEN, mileage="42000", operating_time="900")

    decision = job.saves(Step.LOOK, mileage_read="42850", operating_time_read="900")

    (told_and_read,) = [one for one in decision.notices if one.text == "notice.told-and-read"]
    assert told_and_read.to == (Audience.SUPERVISOR, WANG.id)
    assert (told_and_read.facts["told"], told_and_read.facts["read"]) == ("42000", "42850")
    assert job.order.found(Step.LISTEN)["mileage"] == "42000"
    assert job.order.found(Step.LOOK)["mileage_read"] == "42850"


@pytest.mark.parametrize("verdict", ["in", "out", "unclear"])
def test_somebody_else_s_screwdriver_leaves_the_warranty_to_the_supervisor(verdict: str):
    """WAR-3: it excludes nothing by itself; what the technician thinks of it is kept beside."""
    job = found(Step.LISTEN)

    decision = job.saves(Step.LOOK, tampered=True, warranty_verdict=verdict)

    assert told(decision, "notice.tampered") == (Audience.SUPERVISOR,)
    kept = job.order.found(Step.LOOK)
    assert (kept["warranty_verdict"], kept["technician_verdict"]) == ("unclear", verdict)
    job.saves(Step.LOOK, tampered=False, warranty_verdict=verdict)
    assert job.order.found(Step.LOOK)["warranty_verdict"] == verdict


def test_a_step_saved_again_is_a_new_version():
    job = found(Step.CHECK)

    job.saves(Step.LISTEN, before_fault="偶爾有異音")

    assert (job.order.findings[Step.LISTEN].version, job.order.found(Step.LISTEN)["before_fault"]) == (2, "偶爾有異音")
    assert job.order.stage is Stage.CHECKING


def test_a_report_can_be_put_right_until_it_is_approved():
    job = departed()
    job.does(closing.return_report, "數量？", by=LI)
    job.does(visits.begin, Step.PARTS, by=WANG)
    job.saves(Step.PARTS)
    assert job.order.stage is Stage.FINISHED

    with refused("not-on-site", "VIS-1"):
        approved().saves(Step.PARTS)


@pytest.mark.parametrize("person", [LI, CHEN, ZHANG], ids=lambda one: one.name)
def test_only_who_was_sent_records_what_was_found(person):
    with refused("not-yours", "ROL-1"):
        arrived().saves(Step.LISTEN, by=person)
    with refused("no-such-order", "ROL-1"):
        arrived().saves(Step.LISTEN, by=STRANGER)


def test_a_larger_problem_carries_both_sides_wishes_and_waits_half_an_hour():
    job = found(Step.CHECK)

    decision = job.does(visits.raise_problem, "換整機", "免費更換", by=WANG)

    assert (job.order.stage, job.order.problem) == (
        Stage.AWAITING_DECISION,
        Problem("換整機", "免費更換", job.now, WANG.id, Stage.CHECKING),
    )
    assert told(decision, "notice.problem") == (Audience.SUPERVISOR,)
    assert job.clocks[Clock.DECISION].due_at - job.now == (at("週五 16:30") - at("週五 16:00"))
    assert job.clocks[Clock.DECISION].limit.rule == "ESC-3"


@pytest.mark.parametrize(("proposal", "demand"), [("換整機", ""), ("", "免費更換"), (" ", " ")])
def test_a_larger_problem_needs_proposal_and_demand(proposal: str, demand: str):
    with refused("proposal-and-demand", "VIS-8"):
        found(Step.CHECK).does(visits.raise_problem, proposal, demand, by=WANG)


@pytest.mark.parametrize("until", [Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.TEST])
def test_after_the_decision_the_technician_goes_on_where_he_was(until: Step):
    job = found(until)
    stage = job.order.stage
    job.does(visits.raise_problem, "換整機", "免費更換", by=WANG)

    decision = job.does(visits.decide_problem, "照保固換新", by=LI)

    assert job.order.stage is stage
    assert told(decision, "notice.decided") == (Audience.TECHNICIAN,)
    assert Clock.DECISION not in job.clocks


def test_a_decision_is_the_supervisor_s_and_says_something():
    job = found(Step.CHECK)
    job.does(visits.raise_problem, "換整機", "免費更換", by=WANG)

    with refused("not-yours", "ROL-1"):
        job.does(visits.decide_problem, "照換", by=WANG)
    for nothing in ("", "  "):
        with refused("decision-missing", "VIS-8"):
            job.does(visits.decide_problem, nothing, by=LI)


def test_opening_a_step_to_look_at_it_breaks_no_seal():
    job = signed()
    sealed = job.order.seal

    job.does(visits.begin, Step.PARTS, by=WANG)

    assert job.order.seal == sealed
