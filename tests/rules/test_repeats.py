"""A call about what was mended a short while ago carries the number of that job (WKS-17)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rules.decisions import Decision
from rules.orders import Findings, Stage, Step, WorkOrder
from rules.repeats import flagged, is_repeat
from tests.cast import at
from tests.rules.job import reported

NOW = at("週五 16:00")
DAY = timedelta(days=1)


def mended(component: str = "排水管", *, before: timedelta = 10 * DAY, **report: str) -> WorkOrder:
    """An earlier job on 張先生's machine, completed so long ago."""
    order = reported().order
    checked = Findings(1, {"component": component, "root_cause": "堵塞"}, 1, NOW)
    return replace(
        order, id=1, number="2610-0009", stage=Stage.APPROVED, reported_at=NOW - before - DAY, finished_at=NOW - before,
        findings={Step.CHECK: checked}, report=replace(order.report, **report),
    )  # fmt: skip


def call(**report: str) -> Decision:
    order = reported().order
    return Decision(replace(order, id=2, report=replace(order.report, **report)))


def found(order: WorkOrder, component: str) -> WorkOrder:
    return replace(order, findings={Step.CHECK: Findings(1, {"component": component}, 1, NOW)})


def test_the_call_names_the_job_and_its_component() -> None:
    decision = flagged(call(serial="S1"), [mended(serial="S1")])

    assert (decision.order.repeat_of, decision.order.repeat_component) == ("2610-0009", "排水管")
    assert [(entry.kind, entry.rule) for entry in decision.journal] == [("order.repeat", "WKS-17")]
    assert is_repeat(decision.order)


@pytest.mark.parametrize(
    "past",
    [
        mended(serial="S1", before=31 * DAY),
        mended(serial="S2"),
        mended(serial="S1", before=-DAY),
        replace(mended(serial="S1"), stage=Stage.CANCELLED),
        replace(mended(serial="S1"), finished_at=None),
        replace(mended(serial="S1"), id=2),
    ],
)
def test_what_is_another_product_or_longer_ago_is_no_repeat(past: WorkOrder) -> None:
    decision = flagged(call(serial="S1"), [past])

    assert (decision.order.repeat_of, decision.journal) == ("", ())


def test_of_several_the_latest_is_named() -> None:
    earlier = replace(mended(serial="S1", before=20 * DAY), id=3, number="2610-0001")

    assert flagged(call(serial="S1"), [earlier, mended(serial="S1")]).order.repeat_of == "2610-0009"


def test_another_component_takes_the_flag_away_and_the_same_one_keeps_it() -> None:
    order = flagged(call(serial="S1"), [mended(serial="S1")]).order

    assert [is_repeat(found(order, one)) for one in ("排水管", "室內機排水管", "主機板")] == [True, True, False]


def test_a_serial_number_that_comes_later_settles_it() -> None:
    first = flagged(call(serial=""), [mended(serial="S1")]).order
    assert first.repeat_of == "2610-0009"

    told = Decision(replace(first, report=replace(first.report, serial="S2")))

    assert flagged(told, [mended(serial="S1")]).order.repeat_of == ""
