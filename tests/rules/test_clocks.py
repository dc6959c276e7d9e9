"""What is promised and when it falls due: the figures of stories 1 and 2 and of the profiles."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.clocks import (
    HOLD_REASONS,
    OF_AN_ORDER,
    PAUSED_BY,
    CallFacts,
    Clock,
    Hold,
    Promise,
    explain,
    first_thing,
    limits_on_dispatch,
    limits_on_report,
    promise,
    promised_at,
)
from rules.policies import Base, Limit
from tests.cast import LI, NINE_TO_FIVE, at, policy_of

HOUR = timedelta(hours=1)
SIX_HOURS = Limit(6 * HOUR, Base.WORKING, "SLA-4")


def promises(profile: str, reported: str, **facts: object) -> dict[Clock, Promise]:
    limits = limits_on_report(CallFacts(**facts), policy_of(profile))  # type: ignore[arg-type]
    return {clock: promise(clock, limit, at(reported), NINE_TO_FIVE) for clock, limit in limits.items()}


def due(profile: str, reported: str, **facts: object) -> dict[str, object]:
    return {str(clock): (one.due_at, one.limit.rule) for clock, one in promises(profile, reported, **facts).items()}


def held(reason: str, start: str, end: str | None) -> Hold:
    return Hold(reason, at(start), at(end) if end else None, LI.id, "電話紀錄")


def arrival(*holds: Hold, limit: Limit = SIX_HOURS, start: str = "週五 16:00", now: str | None = None) -> Promise:
    return promise(Clock.ARRIVAL, limit, at(start), NINE_TO_FIVE, holds, at(now) if now else None)


def test_arrival_in_town_is_due_in_six_working_hours():
    assert due("appliance", "週五 16:00", zone="urban") == {"arrival": (at("下週一 14:00"), "SLA-4")}


def test_arrival_in_the_suburbs_is_due_in_seven():
    assert due("appliance", "週五 16:00", zone="suburban") == {"arrival": (at("下週一 15:00"), "SLA-5")}


def test_warnings_come_at_half_and_at_four_fifths_of_the_limit():
    points = dict(promises("appliance", "週五 16:00", zone="urban")[Clock.ARRIVAL].points)

    assert points == {
        50: at("下週一 11:00"),
        80: at("下週一 12:48"),
        100: at("下週一 14:00"),
        150: at("下週一 17:00"),
    }


def test_acceptance_is_due_fifteen_minutes_after_dispatch():
    limit = limits_on_dispatch(CallFacts(), policy_of("appliance"))[Clock.ACCEPTANCE]

    found = promise(Clock.ACCEPTANCE, limit, at("週五 16:00"), NINE_TO_FIVE)

    assert (found.due_at, limit.rule) == (at("週五 16:15"), "DSP-6")


def test_a_body_fault_85_km_away_is_reached_within_24_hours():
    assert due("vehicle", "週二 20:10", fault_kind="body", distance_km=Decimal(85)) == {"arrival": (at("週三 20:10"), "SLA-1")}


def test_a_body_fault_130_km_away_is_answered_within_12_hours_and_no_arrival_is_invented():
    assert due("vehicle", "週二 20:10", fault_kind="body", distance_km=Decimal(130)) == {"reply": (at("週三 08:10"), "SLA-2")}


@pytest.mark.parametrize(("km", "clock"), [("100", Clock.ARRIVAL), ("100.1", Clock.REPLY)])
def test_a_hundred_kilometres_are_still_near(km: str, clock: Clock):
    assert list(promises("vehicle", "週二 20:10", fault_kind="body", distance_km=Decimal(km))) == [clock]


def test_a_fault_in_a_bought_in_part_nearby_has_both_clocks():
    found = due("vehicle", "週二 20:10", fault_kind="body", distance_km=Decimal(20), supplier_needed=True)

    assert found == {"reply": (at("週三 08:10"), "SLA-2"), "arrival": (at("週三 20:10"), "SLA-1")}


@pytest.mark.parametrize("km", [5, 400])
def test_an_engine_fault_owes_a_written_contact_within_12_hours_and_nothing_else(km: int):
    facts = {"fault_kind": "chassis_engine", "distance_km": Decimal(km), "reported_to_marketing": True}

    assert due("vehicle", "週二 20:10", **facts) == {"written_contact": (at("週三 08:10"), "SLA-3")}


def test_a_retailer_repairs_within_a_week_and_answers_within_four_working_hours():
    found = due("retail", "週五 16:00")

    assert found == {"reply": (at("下週一 12:00"), "SLA-12"), "completion": (at("下週五 16:00"), "SLA-9")}


@pytest.mark.parametrize("profile", ["machinery", "dealer4s", "mall", "factory", "mine", "lift", "hotel", "plant", "property"])
def test_profiles_without_an_arrival_clock_owe_an_answer_within_four_working_hours(profile: str):
    assert due(profile, "週五 16:00") == {"reply": (at("下週一 12:00"), "SLA-12")}


@pytest.mark.parametrize(("zone", "minutes", "rule"), [("near", 15, "SLA-7"), ("far", 20, "SLA-6")])
def test_on_a_campus_the_minutes_count_from_the_slip(zone: str, minutes: int, rule: str):
    limit = limits_on_dispatch(CallFacts(zone=zone), policy_of("campus"))[Clock.ARRIVAL]

    assert (limit.length, limit.base, limit.rule) == (timedelta(minutes=minutes), Base.CLOCK, rule)


def test_on_a_campus_ten_minutes_are_the_warning_and_fifteen_the_limit():
    limit = limits_on_dispatch(CallFacts(zone="near"), policy_of("campus"))[Clock.ARRIVAL]

    points = dict(promise(Clock.ARRIVAL, limit, at("週一 22:00"), NINE_TO_FIVE).points)

    assert (points[80], points[100]) == (at("週一 22:10"), at("週一 22:15"))


@pytest.mark.parametrize("profile", ["campus", "property", "hotel", "plant"])
def test_an_urgent_slip_is_due_within_the_shortest_limit(profile: str):
    limit = limits_on_dispatch(CallFacts(zone="far", urgent=True), policy_of(profile))[Clock.ARRIVAL]

    assert (limit.length, limit.rule) == (timedelta(minutes=15), "SLA-8")


def test_appliance_slips_start_no_second_arrival_clock():
    assert list(limits_on_dispatch(CallFacts(zone="urban", urgent=True), policy_of("appliance"))) == [Clock.ACCEPTANCE]


def test_what_is_carried_over_is_due_first_thing_on_the_next_working_day():
    assert first_thing(date(2026, 11, 27), NINE_TO_FIVE) == at("下週一 09:00")


def test_an_appointment_is_warned_of_on_the_way_to_it():
    found = promised_at(Clock.APPOINTMENT, at("週三 14:00"), at("週三 04:00"), "SLA-34")

    assert dict(found.points) == {
        50: at("週三 09:00"),
        80: at("週三 12:00"),
        100: at("週三 14:00"),
        150: at("週三 19:00"),
    }
    assert found.limit.rule == "SLA-34"


@pytest.mark.parametrize("reason", HOLD_REASONS)
def test_each_of_the_three_reasons_moves_an_arrival_by_exactly_what_was_held(reason: str):
    assert arrival(held(reason, "下週一 10:00", "下週一 11:30")).due_at == at("下週一 15:30")


def test_waiting_for_parts_never_moves_an_arrival_but_a_completion():
    waiting = held("waiting_parts", "下週一 10:00", "下週一 11:30")

    assert arrival(waiting).due_at == at("下週一 14:00")
    assert promise(Clock.COMPLETION, SIX_HOURS, at("週五 16:00"), NINE_TO_FIVE, [waiting]).due_at == at("下週一 15:30")


def test_an_answer_is_owed_although_the_customer_rescheduled():
    assert Clock.REPLY not in PAUSED_BY["customer_rescheduled"] | PAUSED_BY["waiting_payment"] | PAUSED_BY["waiting_parts"]
    assert PAUSED_BY["force_majeure"] == frozenset(OF_AN_ORDER)


def test_time_held_while_closed_moves_nothing():
    assert arrival(held("force_majeure", "週六 10:00", "週日 20:00")).due_at == at("下週一 14:00")


def test_overlapping_holds_are_counted_once():
    holds = [
        held("force_majeure", "下週一 10:00", "下週一 11:00"),
        held("customer_rescheduled", "下週一 10:30", "下週一 11:30"),
    ]

    assert arrival(*holds).due_at == arrival(held("force_majeure", "下週一 10:00", "下週一 11:30")).due_at == at("下週一 15:30")


def test_a_hold_from_before_the_call_counts_from_the_call():
    assert arrival(held("force_majeure", "週五 09:00", "週五 16:30")).due_at == at("下週一 14:30")


def test_a_hold_after_the_due_moment_comes_too_late():
    assert arrival(held("force_majeure", "下週一 14:00", "下週一 16:00")).due_at == at("下週一 14:00")


def test_an_open_hold_counts_until_now():
    assert arrival(held("force_majeure", "下週一 10:00", None), now="下週一 10:45").due_at == at("下週一 14:45")
    assert arrival(held("force_majeure", "下週一 10:00", None)).due_at == at("下週一 14:00")


def test_a_clock_limit_is_held_by_the_clock():
    found = arrival(held("force_majeure", "週三 01:00", "週三 03:30"), limit=Limit(24 * HOUR, Base.CLOCK), start="週二 20:10")

    assert found.due_at == at("週三 22:40")


def test_why_it_is_due_then_shows_the_stretches_that_counted():
    hold = held("force_majeure", "下週一 10:00", "下週一 11:00")

    shown = explain(arrival(hold), NINE_TO_FIVE, [hold])

    assert [(one.start, one.end, one.is_held) for one in shown] == [
        (at("週五 16:00"), at("週五 17:00"), False),
        (at("下週一 09:00"), at("下週一 10:00"), False),
        (at("下週一 10:00"), at("下週一 11:00"), True),
        (at("下週一 11:00"), at("下週一 15:00"), False),
    ]


def test_why_a_clock_limit_is_due_is_one_stretch():
    found = arrival(limit=Limit(24 * HOUR, Base.CLOCK), start="週二 20:10")

    assert [(one.start, one.end) for one in explain(found, NINE_TO_FIVE)] == [(at("週二 20:10"), at("週三 20:10"))]


@pytest.mark.parametrize("seconds", [0, 6, 59, 60, 3600])
def test_nobody_is_warned_of_a_fixed_moment_after_it_however_near_it_is(seconds: int):
    start = at("週四 09:00")
    due = start + timedelta(seconds=seconds)

    points = dict(promised_at(Clock.TASK, due, start, "INT-4").points)

    assert points[50] <= points[80] <= points[100] == due
    assert points[150] == due + max(due - start, timedelta(minutes=1)) / 2
