"""Stages with their limits and outputs, reminder slips, the joint inspection (CMP-5..8, CMP-11..13, CMP-20, SLA-18..22)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules import complaint_inspections as inspections
from rules import complaint_stages as stages
from rules.clocks import Clock, promised_at
from rules.complaint_records import UNDETERMINED, CaseStage, SlipKind
from rules.decisions import Audience
from rules.escalation import Watch, ladder
from tests.cast import GM, MAKING, OFFICE, QUALITY, RND, SALES, ZHANG, at, policy_of, terms_of
from tests.rules.affair import (
    ANALYSED,
    FORM,
    NEGOTIATED,
    QUALITY_FOUND,
    at_quality,
    at_sales,
    at_synthesis,
    goods,
    up_for_decision,
)
from tests.rules.job import refused

DAY = timedelta(days=1)


def test_a_case_at_home_closes_within_13_days_of_acceptance_and_abroad_within_17():
    assert goods().due(Clock.CASE) == at("週一 09:00") + 13 * DAY
    assert goods(is_foreign=True).due(Clock.CASE) == at("週一 09:00") + 17 * DAY


def test_each_stage_has_its_own_limit():
    """CMP-12: half a day, one, one, one, five at home or twelve abroad, half a day for the synthesis or one at most."""
    lengths = {}
    for is_foreign, play in ((False, up_for_decision), (True, at_sales)):
        affair = play(is_foreign=is_foreign)
        for passage in affair.case.passages:
            if passage.due_at:
                lengths[passage.stage, is_foreign] = passage.due_at - passage.entered_at
    assert lengths[CaseStage.OFFICE, False] == DAY / 2
    assert [lengths[stage, False] for stage in (CaseStage.QUALITY, CaseStage.MANUFACTURING, CaseStage.RND)] == [DAY] * 3
    assert (lengths[CaseStage.SALES, False], lengths[CaseStage.SALES, True]) == (5 * DAY, 12 * DAY)
    assert lengths[CaseStage.SYNTHESIS, False] == DAY


def test_half_a_day_is_the_target_of_the_synthesis_and_a_whole_one_its_limit():
    """X-7, SLA-22."""
    points = dict(at_synthesis().clocks[Clock.SYNTHESIS].points)

    assert (points[80], points[100]) == (at("週一 21:00"), at("週二 09:00"))


def test_what_is_left_of_the_total_is_for_the_decision_and_late_stages_do_not_extend_it():
    affair = at_synthesis()
    affair.later(days=10)
    ready = up_for_decision()

    assert ready.due(Clock.APPROVAL) == ready.due(Clock.CASE) == at("週一 09:00") + 13 * DAY
    assert affair.due(Clock.CASE) == at("週一 09:00") + 13 * DAY


def test_a_day_may_be_a_working_day():
    """X-19: half a day is half of the working day."""
    terms = terms_of("factory")
    policy = replace(terms.policy, complaint=replace(terms.policy.complaint, day_kind="working"))

    affair = goods(terms=replace(terms, policy=policy), when="週五 15:00")

    assert affair.due(Clock.OFFICE) == at("下週一 11:00")


def test_the_route_goes_through_every_department_and_each_is_told():
    affair = goods()
    walked = [affair.case.stage]
    for step, output, who in (
        (stages.check_form, "quality", OFFICE),
        (stages.investigate, QUALITY_FOUND, QUALITY),
        (stages.analyse, ANALYSED, MAKING),
        (stages.engineer, {"opinion": "同意"}, RND),
        (stages.negotiate, NEGOTIATED, SALES),
    ):
        affair.does(step, output, by=who)
        walked.append(affair.case.stage)
        assert affair.heard["notice.complaint-stage"] == affair.case.owners

    assert walked == [
        CaseStage.OFFICE,
        CaseStage.QUALITY,
        CaseStage.MANUFACTURING,
        CaseStage.RND,
        CaseStage.SALES,
        CaseStage.SYNTHESIS,
    ]
    assert affair.case.output(CaseStage.QUALITY)["cause"] == "鍍層過薄"


@pytest.mark.parametrize(
    ("play", "decide", "whole", "who"),
    [
        (at_quality, stages.investigate, QUALITY_FOUND, QUALITY),
        (at_sales, stages.negotiate, NEGOTIATED, SALES),
    ],
)
def test_nothing_is_handed_on_without_what_the_department_owes(play, decide, whole, who):
    for key in [key for key, value in whole.items() if value]:
        with refused("output-missing", "CMP-20"):
            play().does(decide, {**whole, key: " "}, by=who)


def test_manufacturing_names_unit_machine_workers_and_date():
    affair = at_quality()
    affair.does(stages.investigate, QUALITY_FOUND, by=QUALITY)

    with refused("output-missing", "CMP-20") as found:
        affair.does(stages.analyse, {"analysis": "x", "remedy": "y"}, by=MAKING)

    assert [one["text"].split(".")[1] for one in found.value.facts["missing"]] == ["unit", "machine", "workers", "produced_on"]


def test_another_department_s_stage_is_not_one_s_own():
    with refused("not-yours", "ROL-1"):
        at_quality().does(stages.investigate, QUALITY_FOUND, by=SALES)
    with refused("case-stage", "CMP-7"):
        goods().does(stages.investigate, QUALITY_FOUND, by=QUALITY)


def test_research_is_left_out_only_with_a_reason():
    affair = at_quality()
    affair.does(stages.investigate, QUALITY_FOUND, by=QUALITY)
    affair.does(stages.analyse, ANALYSED, by=MAKING)
    with refused("reason-missing", "CMP-7"):
        affair.does(stages.skip_rnd, " ", by=OFFICE)

    affair.does(stages.skip_rnd, "與設計無關", by=OFFICE)

    assert affair.case.stage is CaseStage.SALES
    assert [one.skipped for one in affair.case.passages if one.stage is CaseStage.RND] == ["與設計無關"]


def test_manufacturing_may_say_at_once_that_research_is_not_needed():
    affair = at_quality()
    affair.does(stages.investigate, QUALITY_FOUND, by=QUALITY)

    affair.does(stages.analyse, ANALYSED, "與設計無關", by=MAKING)

    assert affair.case.stage is CaseStage.SALES
    assert Clock.RND not in affair.clocks
    assert [one.skipped for one in affair.case.passages if one.stage is CaseStage.RND] == ["與設計無關"]


def test_a_class_is_one_of_two():
    with refused("category-missing", "CMP-2"):
        goods().does(stages.check_form, "bad luck", by=OFFICE)


def test_sales_fills_in_the_quantity_once_it_is_known():
    affair = at_sales(form=replace(FORM, demand_quantity=UNDETERMINED))
    affair.does(stages.negotiate, {**NEGOTIATED, "demand_quantity": UNDETERMINED}, by=SALES)
    assert not affair.case.form.is_determined

    affair.does(stages.determine, affair.case.form.defective, by=SALES)

    assert affair.case.form.demand_quantity == "40"


def test_a_late_stage_warns_its_department_and_then_asks_it_and_its_head_each_day():
    """CMP-13, ESC-7."""
    rungs = ladder(Watch(at_quality().clocks[Clock.QUALITY]), policy_of("factory"))

    assert [(rung.at, rung.audience, rung.is_breach) for rung in rungs[:4]] == [
        (at("週一 21:00"), ("owner",), False),
        (at("週二 04:12"), ("owner",), False),
        (at("週二 09:00"), ("owner", "manager"), True),
        (at("週三 09:00"), ("owner", "manager"), True),
    ]


def test_a_case_over_its_days_goes_to_the_gm():
    rungs = ladder(Watch(goods().clocks[Clock.CASE]), policy_of("factory"))

    assert rungs[1].at == at("週一 09:00") + 13 * DAY
    assert (rungs[1].audience[0], rungs[1].is_breach, rungs[2].at - rungs[1].at) == ("gm", True, DAY)


def test_what_nobody_reads_goes_up_after_half_an_hour():
    """ESC-5, ESC-17."""
    rungs = ladder(Watch(promised_at(Clock.READING, at("週一 09:30"), at("週一 09:00"), "ESC-5")), policy_of("appliance"))

    assert [rung.audience for rung in rungs] == [("deputy_gm", "gm"), ("gm", "administrator")]


def test_reminder_slips_are_numbered_and_kept_with_the_stage_that_was_late():
    affair = at_quality()
    for number in ("R261101", "R261102"):
        affair.takes(stages.remind(affair.case, number, now=affair.now))

    assert [(slip.number, slip.kind, slip.stage) for slip in affair.case.slips] == [
        ("R261101", SlipKind.REMINDER, CaseStage.QUALITY),
        ("R261102", SlipKind.REMINDER, CaseStage.QUALITY),
    ]


def test_sales_asks_quality_and_manufacturing_to_go_along():
    affair = goods()

    affair.does(inspections.arrange, "週三 10:00 客戶廠內", False, by=SALES)

    assert affair.heard == {"notice.inspection": (Audience.QUALITY, Audience.MANUFACTURING)}


def test_when_quality_can_not_come_the_gm_names_somebody_before_anybody_goes():
    affair = goods()
    affair.does(inspections.arrange, "週三 10:00 客戶廠內", True, by=SALES)
    assert affair.heard["notice.inspector-wanted"] == (Audience.GM,)
    with refused("inspector-missing", "CMP-5"):
        affair.does(inspections.hold_inspection, by=SALES)
    with refused("not-yours", "ROL-1"):
        affair.does(inspections.name_inspector, RND.id, by=SALES)

    affair.does(inspections.name_inspector, RND.id, by=GM)

    assert affair.heard == {"notice.inspection": (RND.id,)}
    affair.does(inspections.hold_inspection, by=SALES)


def test_the_report_of_an_inspection_is_with_the_gm_within_three_days():
    affair = goods()
    with refused("no-inspection", "CMP-5"):
        affair.does(inspections.report_inspection, "看過了", by=QUALITY)
    with refused("place-missing", "CMP-5"):
        affair.does(inspections.arrange, "", False, by=SALES)
    affair.does(inspections.arrange, "客戶廠內", False, by=SALES)
    with refused("not-inspected", "CMP-6"):
        affair.does(inspections.report_inspection, "看過了", by=QUALITY)

    affair.does(inspections.hold_inspection, by=QUALITY)
    assert affair.due(Clock.INSPECTION) == affair.now + 3 * DAY
    with refused("inspected-before", "CMP-6"):
        affair.does(inspections.hold_inspection, by=SALES)
    with refused("report-missing", "CMP-6"):
        affair.does(inspections.report_inspection, " ", by=QUALITY)

    affair.does(inspections.report_inspection, "焊盤氧化 40 片", by=QUALITY)
    assert affair.heard == {"notice.inspection-report": (Audience.GM,)}
    assert Clock.INSPECTION not in affair.clocks
    assert ZHANG.id not in affair.case.inspection.participants
