"""Inside the guarantee or not, and the class that follows, with its grounds (WAR, TYP)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.classes import after_step, chosen_from, classify, decide_class, note_purchase
from rules.money import Dues
from rules.money_policy import WarrantyPolicy, WarrantyTerm
from rules.orders import ServiceClass, Stage, Step, WorkOrder
from rules.warranty import Verdict, assess, propose, term_of
from tests.cast import CHEN, LI, WANG, policy_of
from tests.rules.job import Job, departed, found, refused, reported

TERMS = WarrantyPolicy(
    months=12, models={"大金": WarrantyTerm(36), "大金 FTXV": WarrantyTerm(60), "客車": WarrantyTerm(24, 100_000)}
)
TODAY = date(2026, 11, 27)
APPLIANCE, VEHICLE = policy_of("appliance"), policy_of("vehicle")


def looked(verdict: str = "in", *, model: str = "A-100", bought: date | None = None, **answers: Any) -> WorkOrder:
    job = found(Step.LISTEN)
    job.order = replace(job.order, report=replace(job.order.report, model=model), purchased_on=bought)
    job.saves(Step.LOOK, warranty_verdict=verdict, **answers)
    return job.order


def test_a_model_has_the_term_of_the_longest_name_it_begins_with():
    assert term_of("大金 FTXV50", TERMS).months == 60
    assert term_of("大金 R32", TERMS).months == 36
    assert term_of("聲寶", TERMS) == WarrantyTerm(12)


@pytest.mark.parametrize(
    ("bought", "verdict"), [(date(2025, 11, 27), Verdict.IN), (date(2025, 11, 26), Verdict.OUT), (None, Verdict.UNKNOWN)]
)
def test_the_last_day_of_the_term_is_free_and_the_next_one_is_not(bought: date | None, verdict: Verdict):
    assert assess(looked(bought=bought), TERMS, on=TODAY).verdict is verdict


@pytest.mark.parametrize(("read", "verdict"), [("100000", Verdict.IN), ("100001", Verdict.OUT)])
def test_time_and_usage_end_it_whichever_comes_first(read: str, verdict: Verdict):
    order = looked(model="客車 K1", bought=date(2026, 1, 1), mileage_read=read)

    judged = assess(order, TERMS, on=TODAY)

    assert judged.verdict is verdict
    if verdict is Verdict.OUT:
        assert (judged.grounds[0]["text"], judged.grounds[0]["facts"]["most"]) == ("ground.over-mileage", 100_000)


def test_what_somebody_opened_before_is_unclear_and_never_simply_outside():
    order = looked("out", bought=date(2020, 1, 1), tampered=True)

    assert propose(order, APPLIANCE, on=TODAY).service_class is None
    assert assess(order, TERMS, on=TODAY).verdict is Verdict.UNCLEAR


def test_a_cause_that_is_not_covered_is_outside_whatever_the_date():
    job = found(Step.LOOK)
    job.order = replace(job.order, purchased_on=date(2026, 11, 1))
    job.saves(Step.CHECK, cause_class="misuse")

    assert assess(job.order, TERMS, on=TODAY).grounds[0]["text"] == "ground.excluded"


@pytest.mark.parametrize(("seen", "wanted"), [("in", ServiceClass.C), ("out", ServiceClass.A), ("unclear", None)])
def test_where_nobody_knows_the_date_the_class_is_what_was_seen_on_site(seen: str, wanted: ServiceClass | None):
    assert looked(seen).service_class is wanted


def test_a_technician_who_differs_from_the_dates_leaves_it_to_the_supervisor():
    """WAR-1: both verdicts are kept; the difference is put to the supervisor with the grounds."""
    job = found(Step.LISTEN)
    job.order = replace(job.order, purchased_on=date(2020, 1, 1))

    decision = job.saves(Step.LOOK, warranty_verdict="in")

    told = [one for one in decision.notices if one.text == "notice.class-to-decide"]
    assert [ground["text"] for ground in told[0].facts["grounds"]] == ["ground.over", "ground.seen"]
    assert job.order.service_class is None
    assert job.order.found(Step.LOOK)["warranty_verdict"] == "in"


def test_outside_the_guarantee_the_customer_hears_so_at_once():
    decision = found(Step.LISTEN).saves(Step.LOOK, warranty_verdict="out")

    assert "notice.outside-guarantee" in [one.text for one in decision.notices]


def test_where_nothing_is_charged_for_what_is_outside_is_free_as_well():
    found_ = propose(looked("out"), VEHICLE, on=TODAY)

    assert found_.service_class is ServiceClass.C
    assert found_.grounds[-1]["text"] == "ground.no-charges"


def test_a_contract_makes_it_b_and_a_round_of_our_own_d():
    order = looked()

    assert propose(replace(order, contract=7), APPLIANCE, on=TODAY).service_class is ServiceClass.B
    assert propose(replace(order, follows="route:3"), APPLIANCE, on=TODAY).service_class is ServiceClass.D
    assert chosen_from(order, APPLIANCE) == (ServiceClass.A, ServiceClass.C)
    assert chosen_from(order, VEHICLE) == (ServiceClass.C,)


def test_what_differs_from_the_proposal_needs_a_reason_and_the_supervisor():
    job = found(Step.LOOK)
    with refused("reason-missing", "TYP-1"):
        job.does(classify, ServiceClass.A, " ", by=WANG)

    job.does(classify, ServiceClass.A, "客戶自己摔的", by=WANG)
    assert (job.order.service_class, job.order.class_request.wanted) == (ServiceClass.C, ServiceClass.A)
    with refused("not-yours", "ROL-1"):
        job.does(decide_class, True, by=WANG)
    job.does(decide_class, True, by=LI)

    assert (job.order.service_class, job.order.class_by, job.order.class_request) == (ServiceClass.A, LI.id, None)
    with refused("class-not-asked", "TYP-1"):
        job.does(decide_class, True, by=LI)


def test_what_is_as_proposed_is_confirmed_by_whoever_is_there_and_stays():
    job = found(Step.LOOK)
    job.does(classify, ServiceClass.C, "", by=WANG)

    job.saves(Step.LOOK, warranty_verdict="out")

    assert (job.order.service_class, job.order.class_by) == (ServiceClass.C, WANG.id)


def test_after_approval_only_the_supervisor_changes_it():
    job = departed()
    job.order = replace(job.order, stage=Stage.APPROVED)

    with refused("not-yours", "ROL-1"):
        job.does(classify, ServiceClass.A, "客戶同意", by=WANG)
    job.does(classify, ServiceClass.A, "客戶同意", by=LI)
    assert job.order.service_class is ServiceClass.A
    job.order = replace(job.order, stage=Stage.ARCHIVED)
    with refused("stage-passed", "REC-1"):
        job.does(classify, ServiceClass.C, "改回", by=LI)


def test_what_was_paid_for_can_t_become_free_by_a_word():
    job = found(Step.LOOK)
    job.order = replace(job.order, service_class=ServiceClass.A, dues=Dues("TWD", agreed=100, paid=100))
    with refused("receipt-issued", "FEE-8"):
        job.does(classify, ServiceClass.C, "免費吧", by=LI)
    job.order = replace(job.order, dues=Dues("TWD", agreed=100))
    with refused("quote-stands", "FEE-4"):
        job.does(classify, ServiceClass.C, "免費吧", by=LI)


def test_the_day_it_was_bought_decides_at_once():
    job = Job(looked("unclear"), found(Step.LOOK).terms, found(Step.LOOK).now)

    with refused("purchase-to-come", "WAR-1"):
        job.does(note_purchase, date(2027, 1, 1), by=CHEN)
    job.does(note_purchase, date(2026, 6, 1), by=CHEN)

    assert job.order.purchased_on == date(2026, 6, 1)
    assert job.order.service_class is None  # he saw something unclear: the supervisor's to say
    clear = replace(job.order, findings={})
    assert after_step(clear, Step.LOOK, now=job.now, terms=job.terms) == (clear, [], [])


def test_a_class_that_the_line_has_not_is_no_class():
    with refused("class-off", "X-25"):
        reported("vehicle").does(classify, ServiceClass.A, "要收費", by=LI)
