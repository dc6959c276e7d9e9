"""Authority, answer, slips, copies, memos, re-opening (CMP-8..10, CMP-13..15, CMP-17..19, CMP-31, ROL-2)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from rules import complaint_closing as closing
from rules import complaint_decisions as decisions
from rules import complaint_stages as stages
from rules.clocks import Clock
from rules.complaint_records import CaseStage, Handling, Opinion, Outcome, Share, SlipKind
from rules.decisions import Audience
from rules.people import Role
from rules.terms import Terms
from tests.cast import DEPUTY, GM, LI, MAKING, MANAGER, OFFICE, QUALITY, SALES, SERVICE, STRANGER, WANG, ZHANG, terms_of
from tests.rules.affair import (
    OPINION,
    QUALITY_FOUND,
    answered,
    at_quality,
    at_sales,
    at_synthesis,
    decided,
    service_decided,
    up_for_decision,
    visited,
)
from tests.rules.job import refused


def limited(**limits: int) -> Terms:
    """The factory with a table of approval limits."""
    terms = terms_of("factory")
    own = replace(terms.policy.complaint, limits={post: Decimal(most) for post, most in limits.items()})
    return replace(terms, policy=replace(terms.policy, complaint=own))


@pytest.mark.parametrize(
    ("amount", "post"),
    [
        (0, Role.MANAGER),
        (1, Role.MANAGER),
        (5000, Role.MANAGER),
        (5001, Role.DEPUTY_GM),
        (20000, Role.DEPUTY_GM),
        (20001, Role.GM),
    ],
)
def test_who_decides_follows_from_the_amount(amount: int, post: Role):
    policy = limited(manager=5000, deputy_gm=20000).policy

    assert decisions.approver_for(Decimal(amount), policy) is post


def test_where_no_limits_are_configured_nobody_but_the_gm_decides_what_costs_money():
    affair = up_for_decision()
    assert affair.case.approver == "gm"
    for by in (MANAGER, DEPUTY):
        with refused("limits-not-configured", "ROL-2"):
            affair.does(decisions.decide, by=by)

    affair.does(decisions.decide, by=GM)

    assert affair.case.verdict.post == "gm"


def test_what_costs_nothing_is_the_manager_s_to_decide_without_any_table():
    affair = up_for_decision(replace(OPINION, handling=Handling.EXPLAIN, amount=Decimal(0)))

    affair.does(decisions.decide, by=MANAGER)

    assert affair.case.verdict.post == "manager"


def test_a_complaint_is_not_decided_by_one_without_the_limit():
    affair = up_for_decision(terms=limited(manager=5000, deputy_gm=20000))  # 8,000

    with refused("above-authority", "ROL-2") as found:
        affair.does(decisions.decide, by=MANAGER)

    assert found.value.facts == {"amount": Decimal(8000), "roles": ["deputy_gm", "gm"]}
    affair.does(decisions.decide, by=DEPUTY)
    assert affair.case.is_decided


def test_of_service_the_supervisor_decides_what_costs_nothing_and_no_goods():
    """X-11."""
    policy = limited(manager=5000).policy

    assert decisions.approver_for(Decimal(0), policy, "service") is Role.SUPERVISOR
    assert decisions.approver_for(Decimal(1), policy, "service") is Role.MANAGER
    with refused("above-authority", "ROL-2"):
        up_for_decision().does(decisions.decide, by=LI)


@pytest.mark.parametrize("by", [OFFICE, SALES, QUALITY, SERVICE])
def test_whoever_proposes_or_executes_does_not_decide(by):
    with refused("not-yours", "ROL-1"):
        up_for_decision().does(decisions.decide, by=by)


@pytest.mark.parametrize(
    ("changed", "code", "rule"),
    [
        ({"analysis": " "}, "opinion-incomplete", "CMP-9"),
        ({"answer": ""}, "opinion-incomplete", "CMP-9"),
        ({"outcome": Outcome.REFUSED, "amount": Decimal(0)}, "refusal-needs-reason", "CMP-31"),
        ({"outcome": Outcome.NOT_UPHELD, "reason": "超過保存期"}, "nothing-is-owed", "CMP-19"),
        ({"shares": (Share("manufacturing", Decimal(70)),)}, "shares-not-whole", "CMP-10"),
        ({"remedy_due_on": ""}, "remedy-needs-date", "CMP-10"),
    ],
)
def test_a_proposal_that_is_not_whole_does_not_go_up(changed: dict[str, Any], code: str, rule: str):
    with refused(code, rule):
        at_synthesis().does(decisions.synthesise, replace(OPINION, **changed), by=OFFICE)


def test_the_customer_is_not_answered_before_the_decision():
    """ROL-2, CMP-17."""
    for play in (at_quality, at_sales, up_for_decision, visited):
        with refused("not-decided", "ROL-2"):
            play().does(decisions.answer, "我們會賠", by=MANAGER)


def test_after_the_decision_sales_answers_with_words_and_never_with_the_form():
    affair = decided()
    with refused("answer-missing", "ROL-2"):
        affair.does(decisions.answer, "", by=SALES)

    affair.does(decisions.answer, "我們會換 40 片新品給您", by=SALES)

    (notice,) = affair.told
    assert (notice.text, notice.to) == ("notice.complaint-answer", (Audience.CUSTOMER,))
    assert notice.facts == {"number": "261101", "answer": "我們會換 40 片新品給您"}
    assert notice.papers == ()


def test_a_serious_complaint_is_answered_with_a_letter_in_chat_or_to_be_posted():
    """SUR-7, X-28."""
    in_chat, on_paper = decided(is_serious=True), decided(is_serious=True)
    in_chat.does(decisions.answer, "我們向您道歉", by=SALES)
    on_paper.does(decisions.answer, "我們向您道歉", "letter", by=SALES)

    heard = [(one.text, one.to, one.papers) for affair in (in_chat, on_paper) for one in affair.told]
    assert heard == [
        ("notice.complaint-answer", (Audience.CUSTOMER,), ("complaint-letter:1",)),
        ("notice.complaint-letter", (SALES.id,), ("complaint-letter:1",)),
    ]


def test_an_answer_by_letter_is_kept_and_not_sent_by_chat():
    affair = decided()

    affair.does(decisions.answer, "茲函覆如下", "letter", by=SALES)

    assert (affair.told, affair.case.answer.medium) == ((), "letter")


def test_a_decision_closes_the_form_stops_the_case_s_clock_and_sends_five_copies():
    affair = up_for_decision()

    affair.does(decisions.decide, by=GM)

    assert Clock.CASE not in affair.clocks
    assert [(copy.number, copy.unit) for copy in affair.case.copies] == [
        (1, "quality"),
        (2, "manufacturing"),
        (3, "sales"),
        (4, "accounting"),
        (5, "gm_office"),
    ]
    told = [notice.to[0] for notice in affair.told if notice.text == "notice.complaint-copy"]
    assert told == [Audience.QUALITY, Audience.MANUFACTURING, Audience.SALES, Audience.ACCOUNTANT, Audience.CASE_OFFICE]


def test_a_copy_is_acknowledged_once_and_by_its_department():
    affair = decided()
    with refused("not-yours", "CMP-14"):
        affair.does(closing.acknowledge_copy, 1, by=SALES)

    affair.does(closing.acknowledge_copy, 1, by=QUALITY)

    assert (affair.case.copies[0].acknowledged_by, affair.case.copies[0].acknowledged_at) == (QUALITY.id, affair.now)
    with refused("copy-acknowledged", "CMP-14"):
        affair.does(closing.acknowledge_copy, 1, by=QUALITY)
    with refused("no-such-copy", "CMP-14"):
        affair.does(closing.acknowledge_copy, 9, by=QUALITY)


def late_at_quality():
    affair = at_quality()
    affair.later(days=1, minutes=1)
    affair.does(stages.investigate, QUALITY_FOUND, by=QUALITY)
    affair.does(stages.analyse, {**dict.fromkeys(stages.WANTED[CaseStage.MANUFACTURING], "x")}, "不需要", by=MAKING)
    affair.does(stages.negotiate, {"negotiated": "好", "opinion": "退"}, by=SALES)
    affair.does(decisions.synthesise, OPINION, by=OFFICE)
    affair.does(decisions.decide, by=GM)
    return affair


def test_a_late_stage_is_drafted_a_query_slip_at_close_for_the_office_to_send():
    affair = late_at_quality()

    assert closing.late_stages(affair.case) == (CaseStage.QUALITY,)
    (slip,) = closing.queries(affair.case, is_sent=False)
    assert (slip.number, slip.kind, slip.stage, slip.sent_at) == ("261101-Q1", SlipKind.QUERY, CaseStage.QUALITY, None)
    assert affair.heard["notice.queries-drafted"] == (Audience.CASE_OFFICE,)
    with refused("slip-not-sent", "CMP-13"):
        affair.does(closing.answer_query, "261101-Q1", "儀器送修", by=QUALITY)


def test_a_query_slip_is_answered_in_words_and_once():
    affair = late_at_quality()
    with refused("not-yours", "ROL-1"):
        affair.does(closing.send_query, "261101-Q1", by=SALES)

    affair.does(closing.send_query, "261101-Q1", by=OFFICE)
    assert affair.heard == {"notice.query-slip": (Audience.QUALITY,)}
    with refused("slip-sent", "CMP-13"):
        affair.does(closing.send_query, "261101-Q1", by=OFFICE)
    with refused("answer-missing", "CMP-13"):
        affair.does(closing.answer_query, "261101-Q1", " ", by=QUALITY)
    affair.does(closing.answer_query, "261101-Q1", "儀器送修", by=QUALITY)

    assert affair.heard == {"notice.query-answered": (Audience.CASE_OFFICE,)}
    with refused("slip-answered", "CMP-13"):
        affair.does(closing.answer_query, "261101-Q1", "又", by=QUALITY)
    with refused("no-such-slip", "CMP-13"):
        affair.does(closing.send_query, "261101-Q7", by=OFFICE)


def test_a_case_that_was_in_time_asks_nobody():
    assert closing.queries(decided().case, is_sent=False) == ()


def test_what_is_sent_back_comes_up_again_and_the_total_has_not_moved():
    affair = up_for_decision()
    due = affair.due(Clock.CASE)
    with refused("reason-missing", "CMP-7"):
        affair.does(decisions.send_back, "", by=GM)

    affair.does(decisions.send_back, "金額太高", by=GM)

    assert (affair.case.stage, affair.case.approver) == (CaseStage.SYNTHESIS, "")
    assert affair.heard == {"notice.complaint-sent-back": (Audience.CASE_OFFICE,)}
    assert affair.due(Clock.CASE) == due


def test_a_result_that_is_accepted_closes_the_case():
    affair = answered()

    affair.does(decisions.settle, True, by=ZHANG)

    assert (affair.case.stage, affair.case.result, affair.clocks) == (CaseStage.CLOSED, "accepted", {})
    assert affair.case.closed_at == affair.now


def test_a_result_is_not_settled_before_the_answer_nor_by_a_stranger():
    with refused("not-answered", "CMP-15"):
        decided().does(decisions.settle, True, by=ZHANG)
    with refused("no-such-case", "ROL-1"):
        answered().does(decisions.settle, True, by=STRANGER)
    with refused("reason-missing", "CMP-15"):
        answered().does(decisions.settle, False, by=ZHANG)


def test_a_result_that_is_not_accepted_leaves_the_old_case_closed_as_it_is():
    affair = answered()

    affair.does(decisions.settle, False, "換來的一樣壞", by=ZHANG)

    assert (affair.case.is_open, affair.case.result, affair.case.objection_words) == (False, "not_accepted", "換來的一樣壞")
    assert affair.heard == {"notice.complaint-not_accepted": (Audience.SALES, Audience.MANAGER)}
    with refused("case-stage", "CMP-7"):
        affair.does(decisions.settle, True, by=ZHANG)


def test_a_department_s_memo_goes_to_the_approver_and_stops_nothing():
    affair = decided()
    with refused("reason-missing", "CMP-18"):
        affair.does(decisions.object_to, "", by=MAKING)

    affair.does(decisions.object_to, "責任在供應商", by=MAKING)

    assert affair.heard == {"notice.complaint-objection": (GM.id,)}
    assert affair.case.stage is CaseStage.EXECUTION
    affair.does(decisions.rule_on_objection, False, by=GM)
    assert affair.case.stage is CaseStage.EXECUTION
    with refused("no-objection", "CMP-18"):
        affair.does(decisions.rule_on_objection, True, by=GM)
    with refused("not-decided-yet", "CMP-18"):
        up_for_decision().does(decisions.object_to, "不同意", by=MAKING)


def test_a_memo_that_is_upheld_sends_the_case_back_to_be_proposed_anew():
    affair = decided()
    affair.does(decisions.object_to, "責任在供應商", by=MAKING)

    affair.does(decisions.rule_on_objection, True, by=GM)

    assert (affair.case.stage, affair.case.verdict, affair.case.copies) == (CaseStage.SYNTHESIS, None, ())
    affair.does(decisions.synthesise, OPINION, by=OFFICE)
    affair.does(decisions.decide, by=GM)
    assert affair.case.is_decided


def test_what_is_not_upheld_is_collected_and_an_upheld_remedy_has_its_day():
    no = Opinion(Outcome.NOT_UPHELD, Handling.EXPLAIN, "客戶存放不當", "很抱歉不能受理，因為…", reason="存放超過六個月")

    assert decisions.collect_on(decided(no).case)
    assert not decisions.collect_on(decided().case)
    assert str(decisions.remedy_due(decided().case)) == "2026-12-15"
    assert decisions.remedy_due(up_for_decision().case) is None


def test_a_demand_that_is_unreasonable_is_refused_with_reason_and_who():
    """CMP-31."""
    no = Opinion(Outcome.REFUSED, Handling.EXPLAIN, "要求賠十倍", "很抱歉，我們不能接受：合約未約定", reason="合約未約定")

    affair = decided(no)

    assert (affair.case.opinion.reason, affair.case.opinion.by, affair.case.verdict.by) == ("合約未約定", OFFICE.id, GM.id)


def test_a_service_complaint_is_answered_by_the_service_department():
    affair = service_decided()
    assert (affair.case.copies, affair.case.executor) == ((), Audience.SERVICE_DEPT)

    affair.does(decisions.answer, "我們向您道歉", by=SERVICE)
    affair.does(decisions.settle, True, by=ZHANG)

    assert not affair.case.is_open
    assert WANG.id in affair.case.barred
