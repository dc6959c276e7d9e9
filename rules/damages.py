"""Damage to public fittings: who is responsible is written down, and those concerned hear of it (VIS-20)."""

from collections.abc import Mapping
from typing import Any

from rules.decisions import Audience, Notice
from rules.orders import Step, WorkOrder
from rules.policies import Policy
from rules.refusals import Refused

BY_SOMEBODY = frozenset({"user", "third_party"})
"""Responsibilities that ask whether it was public and who did it."""


def is_wanted(policy: Policy) -> bool:
    """Whether fittings are public in this line of business."""
    return "damage" in policy.visit.act


def told(order: WorkOrder) -> tuple[str, str]:
    """Who is responsible and who has to hear of it; empty where no public fitting was damaged."""
    found = order.found(Step.ACT)
    return str(found.get("damage_responsible") or "").strip(), str(found.get("damage_tell") or "").strip()


def require_whole(answers: Mapping[str, Any], policy: Policy) -> None:
    """Raise Refused for somebody responsible without anybody who has to be told (VIS-20)."""
    is_named = bool(str(answers.get("damage_responsible") or "").strip())
    if is_wanted(policy) and is_named and not str(answers.get("damage_tell") or "").strip():
        raise Refused("damage-untold", rule="VIS-20", offer="act")


def notices(before: WorkOrder, after: WorkOrder, technician: int) -> tuple[Notice, ...]:
    """The supervisor reads who did it and who has to hear of it, whoever reported that it is followed up; once (VIS-20)."""
    who, whom = told(after)
    if not who or told(before) == (who, whom):
        return ()
    facts = {"number": after.number, "technician_id": technician, "who": who, "whom": whom}
    return (
        Notice("notice.damage", (Audience.SUPERVISOR,), facts),
        Notice("notice.damage-customer", (Audience.CUSTOMER,), {"number": after.number}, is_must=False, with_card=False),
    )
