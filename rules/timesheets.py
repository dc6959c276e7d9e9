"""Time by kind of work, A to D: what the desk's own timers say, and what somebody enters (DLY-1, DLY-2, KPI-9)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from rules.dispatch import is_under_way
from rules.orders import ServiceClass, Stage, Step, WorkOrder
from rules.policies import Policy
from rules.refusals import Refused

KINDS = tuple(str(one) for one in ServiceClass)
OWN = str(ServiceClass.D)
UNKNOWN = ""
DAY_MINUTES = 24 * 60
_ALSO_OUT = frozenset({Stage.AWAITING_DECISION, Stage.UNSIGNED_CLOSED})


@dataclass(frozen=True)
class TimeLine:
    """Minutes of one kind of work: on an order, or with words on what is no order (D)."""

    kind: str
    minutes: int
    number: str = ""
    words: str = ""


def is_out(order: WorkOrder) -> bool:
    """Whether its crew is out on it: from setting off until they leave, waiting for a word on site included."""
    return is_under_way(order) or order.stage in _ALSO_OUT


def kind_of(order: WorkOrder, policy: Policy) -> str:
    """The kind of an order's work: as it was set, else by its contract, else by the warranty; unknown where that is open."""
    verdict = order.found(Step.LOOK).get("warranty_verdict")
    found = UNKNOWN
    if order.service_class is not None:
        found = str(order.service_class)
    elif order.contract is not None:
        found = str(ServiceClass.B)
    elif verdict in ("in", "out"):
        found = str(ServiceClass.C if verdict == "in" else ServiceClass.A)
    return found if found in policy.fees.types else UNKNOWN


def prefilled(spent: Mapping[str, timedelta], kinds: Mapping[str, str]) -> tuple[TimeLine, ...]:
    """Lines by order number from the timers, rounded to whole minutes; what came to nothing is left out."""
    lines = [
        TimeLine(kinds.get(number, UNKNOWN), round(length.total_seconds() / 60), number) for number, length in spent.items()
    ]
    return tuple(one for one in lines if one.minutes)


def require_sound(lines: Iterable[TimeLine], policy: Policy) -> None:
    """Raise Refused for a day that can't be: an unknown kind, no time at all, more than a day has (DLY-1)."""
    every = tuple(lines)
    for one in every:
        if one.kind not in policy.fees.types:
            raise Refused("kind-missing", rule="DLY-1", number=one.number or one.words or "—")
        if one.minutes <= 0:
            raise Refused("minutes-missing", rule="DLY-1", number=one.number or one.words or "—")
        if one.kind == OWN and not one.number and not one.words.strip():
            raise Refused("own-work-needs-words", rule="DLY-1")
    if sum(one.minutes for one in every) > DAY_MINUTES:
        raise Refused("more-than-a-day", rule="DLY-1")


def totals(lines: Iterable[TimeLine]) -> dict[str, int]:
    """Minutes by kind, every kind named (DLY-2)."""
    found = dict.fromkeys(KINDS, 0)
    for one in lines:
        if one.kind in found:
            found[one.kind] += one.minutes
    return found
