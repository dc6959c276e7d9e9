"""Contracts and rounds as rules (MNT-1..4, MNT-7, X-25)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules import contracts, intake, rounds
from rules.clocks import Clock
from rules.contracts import BEFORE, Contract, ContractStage
from rules.decisions import Audience, Ruling
from rules.escalation import Watch, ladder
from rules.orders import ServiceClass
from rules.rounds import Finding, Route
from tests.cast import BRANCH, CHEN, LI, MANAGER, STRANGER, SUN, WANG, ZHANG, ZHAO, at, terms_of
from tests.rules.job import REPORT, refused

TERMS = terms_of("appliance")
PLANT = terms_of("plant")
NOW = at("週五 10:00")


def deed(by: Any, now: Any = NOW, terms: Any = TERMS) -> dict[str, Any]:
    return {"by": by, "now": now, "terms": terms}


def contract(**changed: Any) -> Contract:
    """張先生's air conditioner for the year 2026, four visits."""
    told: dict[str, Any] = {
        "number": "M26-001", "branch": BRANCH, "opened_at": NOW, "customer": ZHANG.id, "customer_name": "張先生",
        "phone": "+886912345678", "address": "台北市大安區和平東路一段 1 號", "products": ("大金 FTXV50 客廳",),
        "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "n_visits": 4, "price": Decimal(12000),
    }  # fmt: skip
    return Contract(**(told | changed))


def signed(**changed: Any) -> Contract:
    return replace(contracts.sign_contract(contract(**changed), **deed(CHEN)).after, id=3)


def told(ruling: Ruling[Any], text: str) -> tuple[Any, ...]:
    return tuple(one for notice in ruling.notices if notice.text == text for one in notice.to)


def test_visits_are_planned_and_what_was_due_before_today_is_not_made_up_for():
    days = [(one.due_on, one.order) for one in signed().visits]

    assert days == [
        (date(2026, 3, 31), BEFORE),
        (date(2026, 6, 30), BEFORE),
        (date(2026, 9, 30), BEFORE),
        (date(2026, 12, 31), None),
    ]


@pytest.mark.parametrize(
    ("changed", "code", "rule"),
    [
        ({"ends_on": date(2026, 1, 1)}, "contract-period", "MNT-2"),
        ({"ends_on": date(2046, 1, 1)}, "contract-period", "MNT-2"),
        ({"ends_on": date(2026, 11, 26)}, "contract-over", "MNT-2"),
        ({"products": ()}, "contract-incomplete", "MNT-2"),
        ({"n_visits": 61}, "contract-visits", "MNT-3"),
        ({"checklist": "machines"}, "no-such-item", "MNT-3"),
    ],
)
def test_a_contract_that_can_not_be_is_refused(changed: dict[str, Any], code: str, rule: str):
    with refused(code, rule):
        signed(**changed)


def test_where_contract_work_is_off_there_is_no_contract():
    with refused("contracts-off", "X-25"):
        contracts.sign_contract(contract(), **deed(CHEN, terms=terms_of("vehicle")))


@pytest.mark.parametrize("person", [WANG, ZHANG, STRANGER, SUN], ids=lambda one: one.name)
def test_only_the_branch_s_office_keeps_contracts(person: Any):
    with refused("no-such-case", "ROL-1"):
        contracts.sign_contract(contract(), **deed(person))


def test_a_month_before_its_end_the_customer_is_notified_and_a_named_person_is_to_renew_it():
    one = signed(seller=ZHAO.id)
    assert not contracts.is_ending(one, date(2026, 11, 29), TERMS)
    assert contracts.is_ending(one, date(2026, 11, 30), TERMS)

    ruling = contracts.announce(one, now=at("下週一 09:00"), terms=TERMS)

    assert told(ruling, "notice.contract-ends") == (Audience.CUSTOMER,)
    assert told(ruling, "notice.renew") == (ZHAO.id, Audience.CLERK)
    deadline = ruling.deadlines[Clock.RENEWAL]
    assert deadline is not None and deadline.promise.due_at.astimezone(NOW.tzinfo) == at("下週一 00:00") + timedelta(days=32)
    rungs = ladder(Watch(deadline.promise), TERMS.policy)
    assert [one.audience for one in rungs] == [("owner",), ("owner", "supervisor"), ("owner", "supervisor")]
    assert not contracts.is_ending(ruling.after, date(2026, 12, 1), TERMS)


def test_a_renewal_has_an_answer_renewed_declined_or_pending():
    ending = contracts.announce(signed(seller=ZHAO.id), now=NOW, terms=TERMS).after

    pending = contracts.still_talking(ending, "下週再談", **deed(ZHAO))
    assert pending.after.talks == ("下週再談",) and pending.deadlines == {}
    declined = contracts.decline(pending.after, "搬家了", **deed(CHEN))
    assert declined.after.stage == ContractStage.DECLINED and declined.deadlines == {Clock.RENEWAL: None}
    with refused("contract-answered", "MNT-1"):
        contracts.renew(declined.after, "M27-001", **deed(ZHAO))
    with refused("reason-missing", "MNT-1"):
        contracts.decline(ending, " ", **deed(ZHAO))
    with refused("no-such-case", "ROL-1"):
        contracts.renew(ending, "M27-001", **deed(WANG))


def test_what_is_renewed_goes_on_from_the_next_day():
    renewed = contracts.renew(signed(), "M26-002", **deed(CHEN)).after

    following = contracts.renewal_of(renewed, date(2027, 12, 31), Decimal(13000), "M26-002", now=NOW)

    assert (following.starts_on, following.about, following.price) == (date(2027, 1, 1), "contract:3", Decimal(13000))
    assert renewed.is_open and renewed.stage == ContractStage.RENEWED
    assert contracts.expire(renewed, now=NOW).after.stage == ContractStage.RENEWED


def test_a_visit_becomes_an_order_of_type_b_some_days_ahead():
    one = signed()
    assert contracts.next_visit(one, date(2026, 12, 23), TERMS) is None
    assert contracts.next_visit(one, date(2026, 12, 24), TERMS) == 3

    decision = contracts.open_visit(one, 3, "2612-0001", now=NOW, terms=TERMS)

    order = decision.order
    assert (order.service_class, order.contract, order.report.kind) == (ServiceClass.B, 3, "maintenance")
    assert Clock.APPOINTMENT in decision.deadlines and Clock.ARRIVAL not in decision.deadlines
    known = contracts.visit_opened(one, 3, replace(order, id=8)).after
    assert contracts.next_visit(known, date(2026, 12, 31), TERMS) is None


def test_a_call_for_a_machine_under_contract_is_type_b_and_keeps_its_response_time():
    one = signed(limit="2wh")
    assert one.covers("大金 FTXV50", "", date(2026, 11, 27))
    assert not one.covers("大金 FTXV50", "", date(2027, 1, 1))
    assert not one.covers("日立", "", date(2026, 11, 27)) and not one.covers("", "", date(2026, 11, 27))
    called = intake.report_fault(REPORT, number="2611-0001", branch=BRANCH, customer=ZHANG.id, asset=None, **deed(ZHANG))

    under = contracts.under_contract(called, one, now=NOW, terms=TERMS)

    assert (under.order.service_class, under.order.contract) == (ServiceClass.B, 3)
    arrival = under.deadlines[Clock.ARRIVAL]
    assert arrival is not None and arrival.promise.due_at == at("週五 12:00") and arrival.promise.limit.rule == "MNT-2"


def route(**changed: Any) -> Route:
    told: dict[str, Any] = {"number": "R26-001", "branch": BRANCH, "opened_at": NOW, "checklist": "machines"}
    return Route(**(told | {"machines": ("1 號機", "2 號機")} | changed))


def opened(**changed: Any) -> Route:
    return replace(rounds.open_route(route(**changed), **deed(LI, terms=PLANT)).after, id=4)


def test_a_route_is_due_in_the_period_that_runs_and_then_in_the_next():
    one = opened(person=WANG.id)
    assert one.due_at == at("週五 17:00")

    ruling = rounds.walk(one, {}, (), **deed(WANG, at("週五 14:00"), PLANT))

    assert ruling.after.due_at == at("下週一 17:00")
    assert not ruling.after.walks[0].is_late and ruling.notices == ()


def test_who_walks_a_round_belongs_to_the_branch():
    for person in (ZHANG, SUN):
        with refused("no-such-case" if person is SUN else "not-yours", "ROL-1"):
            rounds.walk(opened(), {}, (), **deed(person, terms=PLANT))


def test_a_missed_round_is_the_leader_s_affair_in_the_same_shift():
    one = opened(person=WANG.id)
    clock = rounds.miss(one, now=at("週五 17:00"), terms=PLANT)

    assert (clock.after.n_missed, clock.after.due_at) == (1, at("下週一 17:00"))
    deadline = clock.deadlines[Clock.ROUND]
    assert deadline is not None
    rungs = ladder(Watch(deadline.promise), PLANT.policy)
    assert rungs[1].audience == ("owner", "supervisor") and rungs[1].at < deadline.promise.due_at
    assert rungs[-1].is_breach and rungs[-1].audience == ("supervisor",)


def test_findings_are_told_and_become_calls_of_their_own():
    leak = Finding("2 號機", "leaks", "油封滲油")

    ruling = rounds.walk(opened(), {}, (leak,), **deed(WANG, terms=PLANT))

    assert told(ruling, "notice.round-findings") == (Audience.SUPERVISOR,)
    report = rounds.report_of(leak, ruling.after, WANG)
    assert (report.kind, report.model, report.fault) == ("finding", "2 號機", "油封滲油")


def test_what_is_measured_is_measured_on_every_machine_and_beyond_its_limit_is_a_finding():
    rounds_policy = replace(PLANT.policy.rounds, checklists={"machines": ("day", "temperature<=80")})
    terms = replace(PLANT, policy=replace(PLANT.policy, rounds=rounds_policy))
    with refused("round-incomplete", "MNT-4"):
        rounds.walk(opened(), {"1 號機/temperature": "70"}, (), **deed(WANG, terms=terms))

    values = {"1 號機/temperature": "80", "2 號機/temperature": "80.1"}
    ruling = rounds.walk(opened(), values, (), **deed(WANG, terms=terms))

    assert ruling.after.walks[0].findings == (Finding("2 號機", "temperature", "80.1"),)


def test_a_route_has_machines_and_a_checklist_of_the_profile():
    with refused("route-machines", "MNT-4"):
        opened(machines=())
    with refused("no-such-item", "MNT-4"):
        opened(checklist="lunch")
    with refused("no-such-case", "ROL-1"):
        rounds.open_route(route(), **deed(CHEN, terms=PLANT))
    closed = rounds.close_route(opened(), **deed(MANAGER, terms=PLANT)).after
    with refused("case-closed", "REC-1"):
        rounds.walk(closed, {}, (), **deed(WANG, terms=PLANT))
