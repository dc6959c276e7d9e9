"""Whether a product is inside its guarantee, and which class of service follows from that, with the grounds (WAR, TYP)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.contract_dates import months_after
from rules.money_policy import WarrantyPolicy, WarrantyTerm
from rules.orders import ServiceClass, Step, WorkOrder
from rules.policies import Policy

Ground = Mapping[str, Any]
"""One reason in words: a text id and its facts."""
_USAGE = (("mileage", "mileage"), ("hours", "operating_time"))
"""What of a term is measured by which counter."""


class Verdict(StrEnum):
    """Inside, outside, to be decided by the supervisor, or nobody knows when it was sold."""

    IN = "in"
    OUT = "out"
    UNCLEAR = "unclear"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Assessment:
    """What follows from date, usage, cause and tampering (WAR-1)."""

    verdict: Verdict
    grounds: tuple[Ground, ...]


@dataclass(frozen=True)
class Proposal:
    """The class that is proposed; None where the supervisor has to say (TYP-1)."""

    service_class: ServiceClass | None
    verdict: Verdict
    grounds: tuple[Ground, ...]


def term_of(model: str, policy: WarrantyPolicy) -> WarrantyTerm:
    """The term of a model: that of the longest name that it begins with, else the usual one."""
    told = model.casefold().strip()
    names = [name for name in policy.models if told.startswith(name.casefold().strip())]
    return policy.models[max(names, key=len)] if names else policy.usual


def ends_on(purchased_on: date, term: WarrantyTerm) -> date:
    """The last day that is free of charge: the same day of the month, which is the customer's still (X-8's favour)."""
    return months_after(purchased_on, term.months)


def assess(order: WorkOrder, policy: WarrantyPolicy, *, on: date) -> Assessment:
    """The verdict on a day: time and usage, whichever ends first (WAR-1); opened before is unclear, not outside (WAR-3)."""
    if order.found(Step.LOOK).get("tampered"):
        return Assessment(Verdict.UNCLEAR, (_ground("tampered"),))
    cause = str(order.found(Step.CHECK).get("cause_class") or "")
    if cause in policy.excluded:
        return Assessment(Verdict.OUT, (_ground("excluded", cause={"text": f"check.cause_class.{cause}"}),))
    if order.purchased_on is None:
        return Assessment(Verdict.UNKNOWN, (_ground("no-date"),))
    term = term_of(order.report.model, policy)
    until = ends_on(order.purchased_on, term)
    if on > until:
        return Assessment(Verdict.OUT, (_ground("over", since=order.purchased_on, until=until, months=term.months),))
    for name, counter in _USAGE:
        most, used = getattr(term, name), usage(order, counter)
        if most and used is not None and used > most:
            return Assessment(Verdict.OUT, (_ground(f"over-{name}", used=used, most=most),))
    return Assessment(Verdict.IN, (_ground("inside", since=order.purchased_on, until=until, months=term.months),))


def usage(order: WorkOrder, counter: str) -> Decimal | None:
    """What a counter says: as it was read on site, else as the customer told it."""
    found = order.found(Step.LOOK).get(f"{counter}_read") or order.found(Step.LISTEN).get(counter)
    return Decimal(str(found)) if found else None


def propose(order: WorkOrder, policy: Policy, *, on: date) -> Proposal:
    """The class of an order from contract, guarantee and what the technician saw (TYP-1). Two who differ leave it open."""
    if order.contract is not None:
        return Proposal(ServiceClass.B, Verdict.UNKNOWN, (_ground("contract"),))
    if order.follows:
        return Proposal(ServiceClass.D, Verdict.UNKNOWN, (_ground("own-work"),))
    computed = assess(order, policy.warranty, on=on)
    look = order.found(Step.LOOK)
    seen = str(look.get("technician_verdict") or look.get("warranty_verdict") or "")
    grounds = computed.grounds
    if seen:
        grounds = (*grounds, _ground("seen", verdict={"text": f"look.warranty_verdict.{seen}"}))
    verdict = computed.verdict
    if verdict is Verdict.UNKNOWN and seen:
        verdict = Verdict(seen)
    elif seen and seen != verdict:
        verdict = Verdict.UNCLEAR
    return Proposal(_class_of(verdict, policy), verdict, (*grounds, *_in_this_line(verdict, policy)))


def _class_of(verdict: Verdict, policy: Policy) -> ServiceClass | None:
    if verdict is Verdict.OUT and ServiceClass.A in policy.fees.types:
        return ServiceClass.A
    return ServiceClass.C if verdict in (Verdict.IN, Verdict.OUT) else None


def _in_this_line(verdict: Verdict, policy: Policy) -> tuple[Ground, ...]:
    """Where nothing is charged in this line of business, what is outside is free as well (X-25)."""
    return (_ground("no-charges"),) if verdict is Verdict.OUT and ServiceClass.A not in policy.fees.types else ()


def _ground(name: str, **facts: Any) -> Ground:
    return {"text": f"ground.{name}", "facts": facts}
