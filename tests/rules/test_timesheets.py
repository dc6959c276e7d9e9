"""Time by kind of work (DLY-1, DLY-2)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules import visits
from rules.orders import ServiceClass, Stage, Step
from rules.timesheets import TimeLine, is_out, kind_of, prefilled, require_sound, totals
from tests.cast import WANG, policy_of
from tests.rules.job import accepted, arrived, departed, finished, found, on_the_way, refused, unsigned

MINUTE = timedelta(minutes=1)
APPLIANCE = policy_of("appliance")


def test_the_timer_runs_from_setting_off_until_leaving_and_not_while_parts_are_waited_for():
    assert [is_out(job().order) for job in (accepted, on_the_way, arrived, finished, unsigned, departed)] == [
        False, True, True, True, True, False,
    ]  # fmt: skip
    job = found(Step.CHECK)
    job.does(visits.raise_problem, "換壓縮機", "今天修好", by=WANG)
    assert is_out(job.order)
    waits = found(Step.CHECK)
    waits.does(visits.wait, Stage.WAITING_PARTS, "缺料", by=WANG)
    assert not is_out(waits.order)


def test_the_kind_of_work_follows_from_contract_and_warranty():
    order = found(Step.LOOK).order

    assert kind_of(order, APPLIANCE) == "C"
    assert kind_of(replace(order, contract=7, service_class=None), APPLIANCE) == "B"
    assert kind_of(replace(order, contract=7, service_class=ServiceClass.A), APPLIANCE) == "A"
    assert kind_of(arrived().order, APPLIANCE) == ""
    outside = found(Step.LISTEN)
    outside.does(visits.begin, Step.LOOK, by=WANG)
    outside.saves(Step.LOOK, warranty_verdict="out")
    assert kind_of(outside.order, APPLIANCE) == "A"
    assert kind_of(outside.order, policy_of("vehicle")) == ""  # types A and B are off there


def test_lines_are_prefilled_from_the_timers_in_whole_minutes():
    spent = {"2611-0001": 90.6 * MINUTE, "2611-0002": 0.3 * MINUTE, "2611-0003": 20 * MINUTE}

    assert prefilled(spent, {"2611-0001": "C"}) == (TimeLine("C", 91, "2611-0001"), TimeLine("", 20, "2611-0003"))


def test_a_day_is_added_up_by_kind_and_every_kind_is_named():
    lines = [TimeLine("A", 30, "1"), TimeLine("C", 60, "2"), TimeLine("C", 15, "3"), TimeLine("D", 45, words="教育訓練")]

    assert totals(lines) == {"A": 30, "B": 0, "C": 75, "D": 45}
    assert totals([]) == {"A": 0, "B": 0, "C": 0, "D": 0}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (TimeLine("", 30, "2611-0001"), "kind-missing"),
        (TimeLine("E", 30, "2611-0001"), "kind-missing"),
        (TimeLine("C", 0, "2611-0001"), "minutes-missing"),
        (TimeLine("D", 30), "own-work-needs-words"),
        (TimeLine("C", 1441, "2611-0001"), "more-than-a-day"),
    ],
)
def test_a_day_that_can_not_be_is_refused(line: TimeLine, code: str):
    with refused(code, "DLY-1"):
        require_sound([line], APPLIANCE)


def test_a_whole_day_of_own_work_is_possible():
    require_sound([TimeLine("D", 1440, words="盤點")], APPLIANCE)
