"""In a hotel an attendant leads the technician in, and confirms before he leaves (VIS-2)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from rules.decisions import Decision, Entry
from rules.orders import Stage, Step, WorkOrder, require_stage
from rules.people import Deed, Person, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

OUT = "attendant"
"""Among an order's overrides: who confirmed that the technician left the room in order."""


def is_wanted(policy: Policy) -> bool:
    """Whether rooms are entered with an attendant only in this line of business."""
    return "attendant" in policy.visit.arrive


def is_missing(order: WorkOrder, policy: Policy) -> bool:
    """Whether nobody is named who led the technician in."""
    return is_wanted(policy) and not order.found(Step.ARRIVE).get("attendant")


def require_led_in(order: WorkOrder, policy: Policy) -> None:
    """Raise Refused while nobody is named who led the technician in: nothing is begun before (VIS-2)."""
    if is_missing(order, policy):
        raise Refused("attendant-missing", rule="VIS-2", offer="arrive")


def check(answers: Mapping[str, Any], policy: Policy) -> None:
    """Raise Refused for an arrival without the attendant's name (VIS-2)."""
    if is_wanted(policy) and not str(answers.get("attendant") or "").strip():
        raise Refused("attendant-missing", rule="VIS-2", offer="arrive")


def confirm(order: WorkOrder, name: str, picture: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The attendant confirms with a signature that the technician may go; never the technician himself (VIS-2)."""
    require(by, Deed.BRIEF_REPORT, order.ties)
    require_stage(order, Stage.SIGNED, Stage.UNSIGNED_CLOSED)
    if not name.strip() or not picture:
        raise Refused("attendant-unconfirmed", rule="VIS-2", offer=OUT)
    if name.strip() == by.name:
        raise Refused("not-your-own", rule="VIS-2")
    done = replace(order, overrides={**order.overrides, OUT: name.strip()})
    return Decision(done, (Entry("attendant.confirmed", {"picture": picture}, "VIS-2"),))


def require_confirmed(order: WorkOrder, policy: Policy) -> None:
    """Raise Refused before the attendant has confirmed: nobody leaves an occupied room unseen (VIS-2)."""
    if is_wanted(policy) and OUT not in order.overrides:
        raise Refused("attendant-unconfirmed", rule="VIS-2", offer=OUT)
