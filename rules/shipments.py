"""Postage and freight of parts that were mailed: written off when two have signed (PRT-15)."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, may, require
from rules.refusals import Refused
from rules.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Shipment(Case):
    """What was sent, by whom, for how much; the cost in the currency of the profile."""

    kind: ClassVar[str] = "shipment"
    stage: str = "signed"  # signed by the handler | approved | written_off
    words: str
    carrier: str
    tracking: str
    cost: Decimal
    handler: int
    approved_by: int | None = None
    written_off_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return {"signed": (Audience.SUPERVISOR,), "approved": (Audience.ACCOUNTANT,)}.get(self.stage, ())

    def seen_by(self, person: Person) -> bool:
        return person.id == self.handler or may(person, Deed.SEE_STOCK, self.ties)


def ship(shipment: Shipment, *, by: Person, now: datetime, terms: Terms) -> Ruling[Shipment]:
    """The handler signs for what he sent: carrier, number and cost (PRT-15)."""
    if not may(by, Deed.KEEP_STOCK):
        require(by, Deed.ASK_PARTS)
    if shipment.cost <= 0 or not shipment.carrier.strip() or not shipment.tracking.strip():
        raise Refused("shipment-incomplete", rule="PRT-15")
    facts = {"number": shipment.number, "words": shipment.words, "cost": shipment.cost, "currency": terms.policy.currency}
    entry = Entry("shipment.signed", {"cost": shipment.cost}, "PRT-15")
    return Ruling(shipment, (entry,), (Notice("notice.shipment", (Audience.SUPERVISOR,), facts | {"by_id": by.id}),))


def approve(shipment: Shipment, *, by: Person, now: datetime, terms: Terms) -> Ruling[Shipment]:
    """The leader signs as well; never who sent it (PRT-15)."""
    require_for(shipment, by, Deed.APPROVE_PARTS)
    require_open(shipment)
    if by.id == shipment.handler:
        raise Refused("not-your-own", rule="PRT-15")
    if shipment.stage != "signed":
        raise Refused("requisition-passed", rule="PRT-15", number=shipment.number)
    told = Notice("notice.shipment-approved", (shipment.handler, Audience.ACCOUNTANT), {"number": shipment.number})
    after = replace(shipment, stage="approved", approved_by=by.id)
    return Ruling(after, (Entry("shipment.approved", {}, "PRT-15"),), (told,))


def write_off(shipment: Shipment, *, by: Person, now: datetime, terms: Terms) -> Ruling[Shipment]:
    """Written off when both have signed, and not before (PRT-15)."""
    require_for(shipment, by, Deed.WRITE_OFF)
    require_open(shipment)
    if shipment.approved_by is None:
        raise Refused("two-signatures", rule="PRT-15", number=shipment.number)
    after = replace(shipment, stage="written_off", closed_at=now, written_off_by=by.id)
    return Ruling(after, (Entry("shipment.written_off", {"cost": shipment.cost}, "PRT-15"),))
