"""Headquarters chases a branch: told where it works, and the time is written down (ROL-4, SUR-6)."""

from typing import TypeVar

from rules.cases import Case, shown_number
from rules.decisions import Audience, Decision, Entry, Notice, Ruling
from rules.orders import WorkOrder, require_open
from rules.people import Deed, Person, require
from rules.refusals import Refused

C = TypeVar("C", bound=Case)


def chase(order: WorkOrder, *, by: Person) -> Decision:
    """Ask how far an order is: its supervisor, its technicians and the branch's group read it (ROL-4)."""
    require(by, Deed.CHASE, order.ties)
    require_open(order)
    told = Notice(
        "notice.chased", (Audience.SUPERVISOR, *order.crew), {"number": order.number, "by_id": by.id}, group="group.chased"
    )
    return Decision(order, (Entry("order.chased", {}, "ROL-4"),), (told,))


def chase_case(case: C, *, by: Person) -> Ruling[C]:
    """The same for a complaint or a task: whose turn it is hears (SUR-6)."""
    require(by, Deed.CHASE, case.ties)
    if not case.is_open:
        raise Refused("case-closed", rule="REC-1", number=shown_number(case))
    told = Notice("notice.chased", (*case.owners, Audience.SUPERVISOR), {"number": shown_number(case), "by_id": by.id})
    return Ruling(case, (Entry("case.chased", {}, "SUR-6"),), (told,))
