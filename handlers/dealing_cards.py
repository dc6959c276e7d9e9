"""Living cards of transfers, freight, claims and back-orders (DESIGN 10.1, PRT-14, PRT-15, CLM, BKO)."""

from typing import Any

from handlers.said import Body, said
from handlers.stock_cards import line_of, rows_of
from handlers.turn import Company
from rules.backorders import Backorder
from rules.claims import Claim, lacking
from rules.people import Person
from rules.shipments import Shipment
from rules.stock_nexts import next_of_backorder, next_of_claim, next_of_shipment, next_of_transfer
from rules.transfers import Transfer

Line = dict[str, Any]


def transfer_card(transfer: Transfer, person: Person) -> Body:
    """What is on its way, and what has come."""
    lines = [line_of("card.stage", stage={"text": f"transfer.stage.{transfer.stage}"})]
    lines.append(line_of("card.transfer-to", place=transfer.target_name or {"text": "place.store"}, by_id=transfer.sender))
    lines += [line_of("card.transfer-line", part=one.label, sent=one.sent, arrived=one.arrived) for one in transfer.lines]
    title = line_of("card.transfer-title", number=transfer.number)
    return said("", {}, lines=lines, rows=rows_of(transfer.id, "transfer", next_of_transfer(transfer, person))) | {
        "title": title
    }


def shipment_card(shipment: Shipment, person: Person, company: Company) -> Body:
    """What was mailed, for how much, and who signed."""
    currency = company.terms.of(shipment.policy_version).policy.currency
    lines = [
        line_of("card.stage", stage={"text": f"shipment.stage.{shipment.stage}"}),
        line_of("card.shipment-what", words=shipment.words),
        line_of("card.shipment-with", carrier=shipment.carrier, tracking=shipment.tracking),
        line_of("card.shipment-cost", cost=shipment.cost, currency=currency),
        line_of("card.shipment-by", by_id=shipment.handler),
    ]
    lines += [line_of("card.req-approved", by_id=shipment.approved_by)] if shipment.approved_by is not None else []
    rows = rows_of(shipment.id, "shipment", next_of_shipment(shipment, person))
    return said("", {}, lines=lines, rows=rows) | {"title": line_of("card.shipment-title", number=shipment.number)}


def claim_card(claim: Claim, person: Person, company: Company) -> Body:
    """The claim file: what it is about, what it costs, how far it is."""
    policy = company.terms.of(claim.policy_version).policy
    currency = policy.currency
    lines = [line_of("card.stage", stage={"text": f"claim.stage.{claim.stage}"})]
    lines += [line_of("card.claim-supplier", supplier=claim.supplier)] if claim.supplier else []
    lines += [line_of("card.claim-part", part=one) for one in claim.parts]
    lines += [line_of("card.claim-photos", n=len(claim.photos))] if claim.photos else []
    lines += [line_of("card.claim-cause", cause=claim.cause)] if claim.cause else []
    lines += [line_of("card.claim-mileage", mileage=claim.mileage)] if claim.mileage else []
    missing = lacking(claim, policy) if claim.stage == "draft" else ()
    lines += [line_of("card.claim-lacks", missing=[{"text": f"claim.needs.{one}"} for one in missing])] if missing else []
    for name, amount in claim.costs.items():
        lines.append(line_of("card.claim-cost", what={"text": f"claim_fill.{name}.label"}, cost=amount, currency=currency))
    lines += [line_of("card.claim-back", date=claim.back_by)] if claim.back_by and not claim.shipped else []
    lines += [line_of("card.claim-shipped", words=claim.shipped)] if claim.shipped else []
    lines += [line_of("card.claim-granted", cost=claim.granted, currency=currency)] if claim.granted is not None else []
    lines += [line_of("card.req-remarks", words=claim.words)] if claim.words else []
    title = line_of("card.claim-title", number=claim.number, order=claim.about_number)
    return said("", {}, lines=lines, rows=rows_of(claim.id, "claim", next_of_claim(claim, person, policy))) | {"title": title}


def backorder_card(backorder: Backorder, person: Person) -> Body:
    """What is waited for; the store's side only for the store."""
    stage = {"text": f"backorder.stage.{backorder.stage}"}
    lines = [line_of("card.stage", stage=stage), line_of("card.backorder-what", what=backorder.article, n=backorder.quantity)]
    if backorder.promised_on:
        lines.append(line_of("card.backorder-date", date=backorder.promised_on))
    if person.is_staff:
        lines.append(line_of("card.backorder-who", customer=backorder.customer_name, phone=backorder.phone))
        lines += [line_of("card.backorder-source", source=backorder.source)] if backorder.source else []
        lines += [line_of("card.req-remarks", words=one) for one in backorder.contacts[-3:]]
    rows = rows_of(backorder.id, "backorder", next_of_backorder(backorder, person))
    return said("", {}, lines=lines, rows=rows) | {"title": line_of("card.backorder-title", number=backorder.number)}
