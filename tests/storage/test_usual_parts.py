"""Earlier jobs of a model as both engines store them: what was used, what was found, what was a repeat (DSP-4, DSP-8)."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from rules.figures import Figure
from rules.likely_causes import PastFinding
from rules.orders import FaultReport, Findings, Stage, Step, WorkOrder
from rules.part_uses import PartUse, Used
from rules.usual_parts import PastJob
from storage import cases, figures, orders, stock
from storage.likely_causes import past_findings
from storage.usual_parts import past_jobs
from tests.cast import terms_of
from tests.storage.making import NOW, an_order, somebody
from tests.storage.test_stock import PUMP

MODEL = "大金 FTXV50"


def done(connection: Connection, number: str, *, component: str = "排水管", at: datetime = NOW, **report: str) -> WorkOrder:
    """A job that was completed, reported an hour before."""
    told = FaultReport(**{"model": MODEL, "fault": "漏水", "serial": "S1"} | report)
    checked = Findings(1, {"component": component, "root_cause": "堵塞"}, 1, at)
    customer = somebody(connection)
    order = an_order(connection, number, customer, stage=Stage.APPROVED, finished_at=at, reported_at=at - timedelta(hours=1))
    return orders.change(connection, order, replace(order, report=told, findings={Step.CHECK: checked}))


def used(connection: Connection, order: WorkOrder, *lines: Used, part: int) -> None:
    drafted = PartUse(
        number=f"{order.number}-P", branch="north", opened_at=NOW, about=order.subject, about_number=order.number,
        technician=1, lines=lines, parts={"P-100 泵浦": part},
    )  # fmt: skip
    cases.add(connection, drafted)


def test_what_was_used_and_said_on_completed_jobs_of_the_model(connection: Connection) -> None:
    stock.keep_part(connection, PUMP, now=NOW)
    part = stock.by_numbers(connection, ["P-100"])[0].id
    mended, bare, other = (done(connection, n, model=m) for n, m in (("1", MODEL), ("2", MODEL), ("3", "別的")))
    for order, lines in ((mended, (Used("P-100 泵浦", 2), Used("一條管子", 1))), (bare, (Used("一條管子", 1),)), (other, ())):
        used(connection, order, *lines, part=part)

    assert past_jobs(connection, MODEL, but_not=0) == [PastJob("漏水 排水管 堵塞", {part: 2})]
    assert past_jobs(connection, MODEL, but_not=mended.id) == []
    assert past_jobs(connection, "", but_not=0) == []


def test_a_repeat_counts_against_the_first_job_unless_it_was_another_component(connection: Connection) -> None:
    """KPI-7, WKS-17."""
    for n, component in enumerate(("排水管", "室內排水管", "主機板")):
        done(connection, str(n), component=component, at=NOW + timedelta(days=n))

    ledger = figures.ledger(
        connection, NOW - timedelta(days=1), NOW + timedelta(days=9), terms_of("appliance"), now=NOW + timedelta(days=9)
    )

    fixed = {one.source.number: one.hits for one in ledger.counts if one.figure is Figure.FIRST_FIX}
    assert fixed == {"0": 0, "1": 1, "2": 1}


def test_what_was_found_and_done_on_completed_jobs_of_the_model_the_latest_first(connection: Connection) -> None:
    """DSP-4: the newest version of each step counts, and a cause that nobody found is none."""
    first, second, unknown = (done(connection, number) for number in ("1", "2", "3"))
    done(connection, "4", model="別的")
    for version, cause in ((1, "不明"), (2, "泵浦卡死")):
        checked = Findings(version, {"component": "泵浦", "root_cause": cause, "cause_class": "wear"}, 1, NOW)
        acted = Findings(version, {"action_taken": "換泵浦", "result": "fixed"}, 1, NOW)
        first = orders.change(connection, first, replace(first, findings={Step.CHECK: checked, Step.ACT: acted}))
    open_end = Findings(2, {"component": "", "root_cause": "接頭鬆脫", "cause_class": "installation"}, 1, NOW)
    unmended = Findings(1, {"action_taken": "暫時綁住", "result": "temporary"}, 1, NOW)
    orders.change(connection, second, replace(second, findings={Step.CHECK: open_end, Step.ACT: unmended}))
    dark = Findings(2, {"component": "", "root_cause": "查不到", "cause_class": "unknown"}, 1, NOW)
    orders.change(connection, unknown, replace(unknown, findings={Step.CHECK: dark}))

    assert past_findings(connection, MODEL, but_not=0) == [
        PastFinding("漏水", "", "接頭鬆脫"), PastFinding("漏水", "泵浦", "泵浦卡死", "換泵浦"),
    ]  # fmt: skip
    assert past_findings(connection, MODEL, but_not=first.id, limit=2) == [PastFinding("漏水", "", "接頭鬆脫")]
    assert past_findings(connection, "", but_not=0) == []
