"""Return, exchange, repair or no, by days and state (RET)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from rules import returns
from rules.orders import ServiceClass
from rules.policies import RetailPolicy, StatutoryPolicy
from rules.returns import Answer, Fault, Goods, Outcome, Return, ReturnStage, decide
from tests.cast import BRANCH, CHEN, LI, MANAGER, WANG, at, terms_of
from tests.rules.job import refused

BOUGHT = date(2026, 8, 31)
SOFT, STRICT = RetailPolicy(), RetailPolicy(boundary="strict", packaging_blocks_quality_claim=True)
NOW = at("週五 10:00")
UNDER: dict[str, Any] = {"now": NOW, "terms": terms_of("retail")}


def goods(fault: Fault = Fault.YES, **changed: Any) -> Goods:
    return Goods(**({"article": "電鍋", "bought_on": BOUGHT, "fault": fault, "words": "不熱", "proof": "p1"} | changed))


@pytest.mark.parametrize(
    ("days", "outcome", "rule"),
    [
        (0, Outcome.RETURN, "RET-2"),
        (15, Outcome.RETURN, "RET-2"),
        (16, Outcome.EXCHANGE, "RET-3"),
        (29, Outcome.EXCHANGE, "RET-3"),
        (30, Outcome.EXCHANGE, "RET-18"),
        (31, Outcome.REPAIR_FREE, "RET-4"),
        (90, Outcome.REPAIR_FREE, "RET-4"),
        (91, Outcome.REPAIR_FREE, "RET-18"),
        (92, Outcome.REPAIR_PAID, "RET-5"),
    ],
)
def test_a_fault_is_answered_by_its_day(days: int, outcome: Outcome, rule: str):
    found = decide(goods(), SOFT, on=BOUGHT + timedelta(days=days))

    assert (found.outcome, found.rules[-1]) == (outcome, rule)


@pytest.mark.parametrize(("days", "outcome"), [(30, Outcome.REPAIR_FREE), (91, Outcome.REPAIR_PAID)])
def test_a_strict_company_gives_boundary_days_to_the_next_tier(days: int, outcome: Outcome):
    assert decide(goods(), STRICT, on=BOUGHT + timedelta(days=days)).outcome is outcome


@pytest.mark.parametrize(
    ("days", "changed", "outcome", "rule"),
    [
        (7, {}, Outcome.RETURN, "RET-1"),
        (8, {}, Outcome.REFUSE, "RET-1"),
        (3, {"is_used": True}, Outcome.REFUSE, "RET-6"),
        (3, {"is_custom": True}, Outcome.REFUSE, "RET-7"),
        (3, {"is_complete": False}, Outcome.REFUSE, "RET-8"),
    ],
)
def test_without_a_fault_it_comes_back_within_seven_days_if_it_can_be_sold_again(
    days: int, changed: dict[str, Any], outcome: Outcome, rule: str
):
    assert decide(goods(Fault.NO, **changed), SOFT, on=BOUGHT + timedelta(days=days)) == Answer(outcome, (rule,))


def test_damage_by_the_customer_and_special_offers_are_no_with_what_remains():
    day = BOUGHT + timedelta(days=5)

    assert decide(goods(by_customer=True), SOFT, on=day) == Answer(Outcome.REFUSE, ("RET-9",), Outcome.REPAIR_PAID)
    assert decide(goods(is_special=True), SOFT, on=day) == Answer(Outcome.REFUSE, ("RET-10",), Outcome.REPAIR_FREE)
    assert decide(goods(Fault.NO, is_special=True), SOFT, on=day).instead is None


def test_missing_packaging_bars_a_fault_s_claim_only_where_the_company_is_strict():
    day = BOUGHT + timedelta(days=5)

    assert decide(goods(is_complete=False), SOFT, on=day).outcome is Outcome.RETURN
    assert decide(goods(is_complete=False), STRICT, on=day) == Answer(Outcome.REFUSE, ("RET-8",), Outcome.REPAIR_FREE)


def brought(**changed: Any) -> Return:
    facts: dict[str, Any] = {"goods": goods(bought_on=date(2026, 11, 20)), "answer": Answer(Outcome.ASK, ())}
    facts |= {"by": CHEN.id} | changed
    return Return(id=1, number="J26-001", branch=BRANCH, opened_at=NOW, customer=6, customer_name="張先生", **facts)


def test_without_proof_of_purchase_only_a_superior_decides_and_says_why():
    bare = brought(goods=goods(proof=""))
    for anybody in (CHEN, LI):
        with refused("reason-missing", "INT-11"):
            returns.take_back(bare, by=anybody, **UNDER)
    with refused("not-yours", "ROL-1"):
        returns.take_back(brought(), by=WANG, **UNDER)
    with refused("purchase-to-come", "RET-11"):
        returns.take_back(brought(goods=goods(bought_on=date(2027, 1, 1))), by=CHEN, **UNDER)

    unproven = brought(goods=goods(proof="", no_proof="老客戶"))
    assert returns.take_back(unproven, by=LI, **UNDER).after.stage == ReturnStage.DECIDED
    asked = returns.take_back(unproven, by=CHEN, **UNDER)
    assert (asked.after.stage, asked.after.answer) == (ReturnStage.ASKED, Answer(Outcome.ASK, ("INT-11",)))
    assert [one.text for one in asked.notices] == ["notice.return-asked", "notice.return-unproven"]


def test_what_can_t_be_told_and_what_finds_no_agreement_goes_to_the_superior_at_once():
    unsure = returns.take_back(brought(goods=goods(Fault.UNSURE)), by=CHEN, **UNDER)
    assert (unsure.after.stage, unsure.notices[0].to) == (ReturnStage.ASKED, unsure.after.owners)
    decided = returns.take_back(brought(), by=CHEN, **UNDER).after
    with refused("words-missing", "RET-11"):
        returns.insist(decided, " ", by=CHEN, **UNDER)

    asked = returns.insist(decided, "我要新的", by=CHEN, **UNDER)

    assert (asked.after.stage, asked.notices[0].is_urgent, asked.journal[0].rule) == (ReturnStage.ASKED, True, "ESC-9")
    with refused("return-decided", "RET-11"):
        returns.insist(asked.after, "再說一次", by=CHEN, **UNDER)


def test_a_superior_s_word_has_a_reason_in_plain_words_and_is_not_on_his_own_case():
    asked = brought(stage=ReturnStage.ASKED)
    with refused("refusal-needs-reason", "RET-12"):
        returns.overrule(asked, Outcome.REFUSE, " ", by=MANAGER, **UNDER)
    with refused("not-your-own", "CLS-5"):
        returns.overrule(replace(asked, by=LI.id), Outcome.RETURN, "好", by=LI, **UNDER)

    word = returns.overrule(asked, Outcome.RETURN, "老客戶，退給他", by=MANAGER, **UNDER)

    assert (word.after.answer.outcome, word.after.overruled_by, word.after.stage) == (
        Outcome.RETURN,
        MANAGER.id,
        ReturnStage.DECIDED,
    )


def test_a_repair_is_of_class_c_inside_and_a_beyond_the_guarantee():
    free, paid = (brought(answer=Answer(one, ("RET-4",))) for one in (Outcome.REPAIR_FREE, Outcome.REPAIR_PAID))

    assert (free.service_class, paid.service_class) == (ServiceClass.C, ServiceClass.A)
    assert free.is_repair and not brought(answer=Answer(Outcome.RETURN, ("RET-2",))).is_repair
    assert returns.repair_of(free, "測試家電").model == "電鍋"
    assert not returns.agree(brought(), "", by=CHEN, **UNDER).after.is_open


LAW = StatutoryPolicy("消費者保護法", return_days=7, fault_days=30, exchange_days=90, free_months=12, lifts=("RET-8",))


@pytest.mark.parametrize(
    ("days", "told", "outcome", "rules", "law"),
    [
        (20, {}, Outcome.RETURN, ("RET-2", "RET-16"), LAW.law),  # the house would exchange it
        (10, {}, Outcome.RETURN, ("RET-2",), ""),  # both give the same: the house's own rule is cited
        (200, {}, Outcome.REPAIR_FREE, ("RET-4", "RET-16"), LAW.law),
        (3, {"fault": Fault.NO, "is_complete": False}, Outcome.RETURN, ("RET-1", "RET-16"), LAW.law),
        (3, {"fault": Fault.NO, "is_used": True}, Outcome.REFUSE, ("RET-6",), ""),
        (3, {"fault": Fault.UNSURE}, Outcome.ASK, ("RET-11",), ""),
    ],
)
def test_the_law_gives_the_customer_more_and_never_less_and_is_cited(
    days: int, told: dict[str, Any], outcome: Outcome, rules: tuple[str, ...], law: str
) -> None:
    answer = decide(goods(**told), RetailPolicy(statutory=LAW), on=BOUGHT + timedelta(days=days))

    assert (answer.outcome, answer.rules, answer.law) == (outcome, rules, law)
