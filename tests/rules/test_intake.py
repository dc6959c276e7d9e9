"""The call comes in: registered, clarified, answered, carried over, called off (INT, SLA-12, SLA-30, DSP-2)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules import dispatch, intake
from rules.clocks import Clock, promised_at
from rules.decisions import Audience
from rules.orders import ServiceClass, Stage, Step
from rules.people import Person
from tests.cast import CHEN, LI, LIN, STRANGER, SUN, WANG, ZHANG, ZHAO, at, policy_of
from tests.rules.job import (
    REPORT,
    Job,
    accepted,
    arrived,
    departed,
    dispatched,
    finished,
    found,
    journalled,
    refused,
    reported,
    signed,
    told,
    unsigned,
)


def carried_over() -> Job:
    job = reported()
    due = promised_at(Clock.DISPATCH, at("下週一 09:00"), at("週五 17:00"), "SLA-13")
    decision = intake.carry_over(job.order, "2026-11-27", due=due)
    job.order = decision.order
    job.watches(decision)
    return job


def test_a_call_is_registered_with_its_promise():
    job = reported()

    assert (job.order.stage, job.order.reported_at) == (Stage.QUEUED, at("週五 16:00"))
    assert (job.order.profile, job.order.policy_version) == ("appliance", policy_of("appliance").version)
    assert {clock: one.due_at for clock, one in job.clocks.items()} == {Clock.ARRIVAL: at("下週一 14:00")}


def test_the_customer_hears_the_promise_and_the_office_of_the_call():
    decision = intake.report_fault(
        replace(REPORT, photos=("照片.jpg",), is_urgent=True),
        number="2611-0001",
        branch=LI.branch,
        customer=ZHANG.id,
        asset=None,
        by=ZHANG,
        now=at("週五 16:00"),
        terms=reported().terms,
    )

    promised, called = decision.notices
    assert (promised.text, promised.to, promised.facts["due"]) == (
        "notice.registered-arrival",
        (Audience.CUSTOMER,),
        at("下週一 14:00"),
    )
    assert (called.text, called.to, called.photos) == (
        "notice.urgent-call",
        (Audience.SUPERVISOR, Audience.CLERK),
        ("照片.jpg",),
    )
    assert called.is_urgent
    assert journalled(decision) == [("order.registered", "INT-1"), ("order.queued", "")]


def test_the_clerk_registers_for_a_customer_who_telephoned():
    assert reported(by=CHEN).order.customer == ZHANG.id
    assert intake.may_register_for_others(CHEN)
    assert not intake.may_register_for_others(ZHANG)


@pytest.mark.parametrize("person", [STRANGER, WANG, LIN, SUN], ids=lambda one: one.name)
def test_nobody_else_registers_in_another_s_name(person: Person):
    with refused("no-such-order", "ROL-1"):
        reported(by=person)


@pytest.mark.parametrize("lacking", ["customer_name", "address", "phone", "model"])
def test_a_call_without_name_address_telephone_or_model_is_registered_and_asked_about(lacking: str):
    job = reported(**{lacking: ""})

    assert (job.order.stage, job.order.questions) == (Stage.NEEDS_CLARIFICATION, lacking)
    assert Clock.ARRIVAL in job.clocks
    with refused("call-incomplete", "INT-1") as found:
        job.does(dispatch.dispatch, (WANG.id,), by=LI)
    assert found.value.facts["missing"] == [{"text": f"field.{lacking}"}]


def test_an_incomplete_call_is_not_offered_either():
    with refused("call-incomplete", "INT-1"):
        reported(address="").does(dispatch.offer, (WANG.id, ZHAO.id), by=LI)


def test_the_clock_runs_on_while_facts_are_asked_for():
    job = reported()
    promised = dict(job.clocks)

    job.later(hours=1).does(intake.ask_back, "幾樓？有電梯嗎？", by=CHEN)

    assert (job.order.stage, job.order.questions) == (Stage.NEEDS_CLARIFICATION, "幾樓？有電梯嗎？")
    job.does(intake.clarify, replace(job.order.report, address="台北市大安區和平東路一段 1 號 5 樓"), by=ZHANG)
    assert (job.order.stage, job.order.questions) == (Stage.QUEUED, "")
    assert job.clocks == promised


def test_an_answer_that_leaves_something_open_keeps_the_call_waiting():
    job = reported(address="", model="")

    job.does(intake.clarify, replace(job.order.report, model="大金 FTXV50"), by=ZHANG)

    assert (job.order.stage, job.order.questions) == (Stage.NEEDS_CLARIFICATION, "address")


def test_facts_that_change_the_zone_change_the_promise_from_the_moment_of_the_call():
    job = reported().later(hours=1)

    job.does(intake.clarify, replace(job.order.report, zone="suburban"), by=ZHANG)

    assert job.clocks[Clock.ARRIVAL].due_at == at("下週一 15:00")
    assert job.clocks[Clock.ARRIVAL].started_at == at("週五 16:00")


def test_the_office_puts_the_zone_right_with_a_reason_and_everybody_hears():
    """INT-8, SLA-33: the promise moves, so the customer hears of it as well."""
    job = reported().later(hours=1)

    decision = job.does(intake.rezone, "suburban", "地址在淡水", by=CHEN)

    assert job.clocks[Clock.ARRIVAL].due_at == at("下週一 15:00")
    assert told(decision, "notice.rezoned") == (Audience.CUSTOMER, Audience.TECHNICIAN, Audience.SUPERVISOR)
    assert (job.order.report.zone, job.order.zone_reason) == ("suburban", "地址在淡水")
    assert decision.journal[0].facts == {"from": "urban", "to": "suburban"}


@pytest.mark.parametrize(
    ("zone", "reason", "by", "code"),
    [
        ("suburban", " ", CHEN, "reason-missing"),
        ("urban", "地址在淡水", CHEN, "zone-same"),
        ("near", "地址在淡水", CHEN, "zone-off"),
        ("suburban", "我住郊區", ZHANG, "not-yours"),
        ("suburban", "太遠了", WANG, "no-such-order"),
    ],
)
def test_no_zone_is_put_right_without_reason_nor_by_who_gains_by_it(zone: str, reason: str, by: Person, code: str):
    with refused(code, "ROL-1" if by in (ZHANG, WANG) else "INT-8"):
        reported().does(intake.rezone, zone, reason, by=by)


@pytest.mark.parametrize(
    ("address", "zone"),
    [("新北市淡水區中正路 1 號", "suburban"), ("新北市板橋區", "urban"), ("台中市 1 號", ""), ("", "")],
)
def test_the_zone_is_read_from_the_table_of_addresses(address: str, zone: str):
    """INT-8: the longest name counts, and nothing is guessed."""
    policy = policy_of("appliance")
    table = {"urban": ("新北市",), "suburban": ("新北市淡水", "")}

    assert intake.zone_of(address, replace(policy, intake=replace(policy.intake, zones=table))) == zone
    assert intake.zone_of(address, policy) == ""


def test_a_distance_that_turns_out_far_drops_the_arrival_and_owes_an_answer():
    job = reported("vehicle", "週二 20:10", fault_kind="body", distance_km=Decimal(85))
    assert list(job.clocks) == [Clock.ARRIVAL]

    job.does(intake.amend, replace(job.order.report, distance_km=Decimal(130)), by=CHEN)

    assert {clock: one.due_at for clock, one in job.clocks.items()} == {Clock.REPLY: at("週三 08:10")}


def test_who_is_on_the_way_hears_that_a_call_was_put_right():
    decision = accepted().does(intake.amend, replace(REPORT, address="台北市大安區和平東路二段 1 號"), by=CHEN)

    assert told(decision, "notice.amended") == (Audience.TECHNICIAN, Audience.SUPERVISOR)
    assert decision.journal[0].facts == {"fields": ("address",)}


def test_a_call_can_not_be_made_incomplete_while_somebody_is_on_the_way():
    with refused("call-incomplete", "INT-1"):
        accepted().does(intake.amend, replace(REPORT, address=""), by=CHEN)


def test_on_site_the_call_stands():
    with refused("stage-passed", "24"):
        arrived().does(intake.amend, REPORT, by=CHEN)


@pytest.mark.parametrize("words", ["", "  "])
def test_asking_back_takes_a_question(words: str):
    with refused("question-missing", "INT-3"):
        reported().does(intake.ask_back, words, by=CHEN)


def test_a_substantive_answer_stops_the_reply_clock():
    job = reported("vehicle", "週二 20:10", fault_kind="body", distance_km=Decimal(130))

    decision = job.does(intake.answer_customer, "請先停駛，週四派員。", by=CHEN)

    assert job.clocks == {}
    assert told(decision, "notice.answer") == (Audience.CUSTOMER,)
    with refused("answer-missing", "SLA-12"):
        job.does(intake.answer_customer, " ", by=CHEN)


def engine() -> Job:
    facts = {"fault_kind": "chassis_engine", "distance_km": Decimal(85), "reported_to_marketing": True}
    return reported("vehicle", "週二 20:10", **facts)


@pytest.mark.parametrize(("text", "recipient"), [("", "引擎廠服務站"), ("引擎異音，附影片。", ""), (" ", " ")])
def test_having_called_them_does_not_stop_the_clock(text: str, recipient: str):
    job = engine()

    with refused("written-contact-needs-text", "SLA-30"):
        job.does(intake.write_contact, text, recipient, by=CHEN)
    job.does(intake.answer_customer, "已經打電話給引擎廠", by=CHEN)

    assert job.clocks[Clock.WRITTEN_CONTACT].due_at == at("週三 08:10")


def test_a_written_contact_stops_it_and_owes_the_customer_the_result():
    job = engine().later(hours=2)

    job.does(intake.write_contact, "引擎異音，附影片。", "引擎廠服務站", by=CHEN)

    assert {clock: (one.due_at, one.limit.rule) for clock, one in job.clocks.items()} == {
        Clock.TELL_RESULT: (at("週三 10:10"), "SLA-30")
    }
    job.does(intake.answer_customer, "引擎廠週四到場。", by=CHEN)
    assert job.clocks == {}


def test_what_was_not_dispatched_is_due_first_thing_on_the_next_working_day():
    job = carried_over()

    assert (job.order.stage, job.order.carried_over_on) == (Stage.CARRIED_OVER, "2026-11-27")
    assert job.clocks[Clock.DISPATCH].due_at == at("下週一 09:00")
    assert job.clocks[Clock.DISPATCH].limit.rule == "SLA-13"


def test_a_newer_call_passes_over_a_carried_over_one_only_for_a_reason():
    job = reported(when="下週一 09:10")

    with refused("carried-over-first", "DSP-2") as found:
        job.does(dispatch.dispatch, (WANG.id,), passed_over=("2611-0001",), reason="  ", by=LI)
    assert found.value.facts["numbers"] == ["2611-0001"]

    decision = job.does(dispatch.dispatch, (WANG.id,), passed_over=("2611-0001",), reason="老人家中停電", by=LI)
    assert decision.journal[-1].facts["passed_over"] == 1


def test_dispatching_what_was_carried_over_ends_its_clock():
    job = carried_over()

    job.does(dispatch.dispatch, (WANG.id,), by=LI)

    assert Clock.DISPATCH not in job.clocks
    assert job.order.stage is Stage.ASSIGNED


def test_a_call_that_waits_for_an_answer_heads_the_queue_once_it_has_come():
    job = reported(address="")
    due = promised_at(Clock.DISPATCH, at("下週一 09:00"), at("週五 17:00"), "SLA-13")
    job.order = intake.carry_over(job.order, "2026-11-27", due=due).order
    assert job.order.stage is Stage.NEEDS_CLARIFICATION

    job.does(intake.clarify, REPORT, by=ZHANG)

    assert job.order.stage is Stage.CARRIED_OVER


def test_what_is_dispatched_is_not_carried_over():
    due = promised_at(Clock.DISPATCH, at("下週一 09:00"), at("週五 17:00"), "SLA-13")

    with refused("stage-passed", "24"):
        intake.carry_over(dispatched().order, "2026-11-27", due=due)


def test_the_customer_calls_it_off_until_somebody_is_sent():
    job = reported()

    decision = job.does(intake.cancel, "好了", by=ZHANG)

    assert (job.order.stage, job.order.closing_reason, job.clocks) == (Stage.CANCELLED, "好了", {})
    assert set(told(decision, "notice.cancelled")) == {
        Audience.CUSTOMER,
        Audience.TECHNICIAN,
        Audience.SUPERVISOR,
        Audience.CLERK,
    }
    with refused("cancel-too-late", "24"):
        dispatched().does(intake.cancel, "好了", by=ZHANG)


def test_the_office_calls_it_off_until_the_service_is_finished():
    for job in (dispatched(), arrived(), found(Step.ACT)):
        job.does(intake.cancel, "客戶改約他家", by=CHEN)
        assert job.order.stage is Stage.CANCELLED
    for job in (finished(), signed(), departed(), unsigned()):
        with refused("cancel-finished", "24"):
            job.does(intake.cancel, "客戶改約他家", by=CHEN)


def test_calling_off_takes_a_reason():
    with refused("reason-missing", "24"):
        reported().does(intake.cancel, " ", by=ZHANG)


def test_those_who_were_offered_it_hear_that_it_was_called_off():
    job = reported()
    job.does(dispatch.offer, (WANG.id, ZHAO.id), by=LI)

    decision = job.does(intake.cancel, "好了", by=ZHANG)

    assert {WANG.id, ZHAO.id} <= set(told(decision, "notice.cancelled"))
    assert job.order.offered_to == ()


def test_not_every_call_needs_a_visit():
    job = reported()

    job.does(intake.solve_remotely, "請先把濾網洗乾淨。", by=CHEN)

    assert (job.order.stage, job.clocks) == (Stage.SOLVED_REMOTELY, {})
    with refused("answer-missing", "INT-15"):
        reported().does(intake.solve_remotely, "", by=CHEN)
    with refused("stage-order", "24"):
        arrived().does(intake.solve_remotely, "請先把濾網洗乾淨。", by=CHEN)


def test_a_dispute_goes_to_supervisor_and_manager_and_not_to_the_technician():
    job = departed()

    decision = job.does(intake.dispute, "這不是我簽的", by=ZHANG)

    assert told(decision, "notice.disputed") == (Audience.SUPERVISOR, Audience.MANAGER)
    assert journalled(decision) == [("order.disputed", "SIG-4")]
    assert job.order.disputes == ("這不是我簽的",)


def test_there_is_nothing_to_dispute_before_anything_was_signed():
    with refused("nothing-signed", "SIG-4"):
        finished().does(intake.dispute, "這不是我簽的", by=ZHANG)


def test_a_visit_that_was_closed_without_a_signature_may_be_disputed():
    job = unsigned()

    job.does(intake.dispute, "我在家，沒人來", by=ZHANG)

    assert job.order.disputes == ("我在家，沒人來",)


def test_only_the_customer_disputes():
    for person in (WANG, LI, CHEN):
        with refused("not-yours", "ROL-1"):
            departed().does(intake.dispute, "不對", by=person)


def test_what_is_free_of_charge_is_dispatched_without_waiting_for_money():
    job = reported("machinery")
    job.order = replace(job.order, service_class=ServiceClass.C)

    job.does(dispatch.dispatch, (WANG.id,), reason="生產科同意", by=LI)

    assert job.order.stage is Stage.ASSIGNED
