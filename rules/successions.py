"""What becomes of each thing that is handed over (STF-11)."""

from dataclasses import replace
from typing import TypeVar

from rules.backorders import Backorder
from rules.cases import Case, shown_number
from rules.complaints import Complaint
from rules.contracts import Contract
from rules.decisions import Decision, Entry, Notice, Ruling
from rules.goods import Goods
from rules.orders import WorkOrder
from rules.rounds import Route
from rules.sheets import Sheet
from rules.tasks import Task

C = TypeVar("C", bound=Case)
NAMED_IN: dict[type[Case], str] = {
    Task: "person", Contract: "seller", Route: "person", Complaint: "visitor", Backorder: "keeper", Goods: "holder",
    Sheet: "person",
}  # fmt: skip
"""Where a case names the person who sees to it."""


def in_charge(case: Case) -> int | None:
    """Who is named to see to it; a sheet may name somebody whom it is only about."""
    named: int | None = getattr(case, NAMED_IN[type(case)])
    return None if isinstance(case, Sheet) and named not in case.owners else named


def hand_over_order(order: WorkOrder, giver: int, to: int) -> Decision:
    """Somebody else goes in his place; what was done stays done, and the stage is what it was."""
    others = [one for one in order.crew if one not in (giver, to)]
    is_lead = order.lead == giver
    crew = (to, *others) if is_lead else (*others, to)
    after = replace(order, crew=crew, lead=to if is_lead else order.lead)
    facts = {"number": order.number, "giver_id": giver}
    return Decision(after, (Entry("order.handed_over", {"from": giver, "to": to}, "STF-11"),), (
        Notice("notice.order-handed", (to,), facts),
    ))  # fmt: skip


def hand_over_case(case: C, giver: int, to: int) -> Ruling[C]:
    """Somebody else sees to it from now on."""
    after = replace(case, **{NAMED_IN[type(case)]: to})  # type: ignore[arg-type]
    entry = Entry("case.handed_over", {"from": giver, "to": to}, "STF-11")
    return Ruling(after, (entry,), (Notice("notice.case-handed", (to,), {"number": shown_number(case), "giver_id": giver}),))
