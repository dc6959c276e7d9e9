"""A fault is reported, or its missing facts are filled in (INT-1, INT-3, INT-6..8)."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from rules.intake import INDOORS, zone_of, zones
from rules.orders import WORK, FaultReport


@dataclass(frozen=True)
class Reported:
    """What the customer told."""

    report: FaultReport


async def report(ask: Ask, desk: Desk) -> Reported:
    """The customer's own call: what is wrong or wanted, then only what is not known yet."""
    work = await _work(ask, desk)
    fault = await ask.text_or_voice("fault", photos="photos", wording="report.wish" if work.get("kind") in WORK else "")
    photos = await ask.photos("photos", at_most=10)
    model = desk.args.get("model") or await ask.text(
        "model", at_most=100, photos="photos", wording=_indoors(desk, "report.model")
    )
    known = desk.last_report()
    before = desk.args.get("address") or known.address
    address = await ask.location("address", suggestion=before, wording=_indoors(desk, "report.address"))
    contact = await ask.contact("contact", suggestion=known.contact or known.customer_name or desk.person.name)
    phone = contact.get("phone") or await ask.phone("phone", suggestion=known.phone)
    kind = work | await _kind(ask, desk, address["address"], work)
    await ask.confirm()
    return Reported(_told(ask, _report(desk, fault, photos, model, address, contact, phone, kind)))


async def register(ask: Ask, desk: Desk) -> Reported:
    """A clerk enters a call that came by telephone (INT-1)."""
    contact = await ask.contact("contact")
    phone = contact.get("phone") or await ask.phone("phone")
    work = await _work(ask, desk)
    fault = await ask.text_or_voice("fault", photos="photos")
    model = await ask.text("model", at_most=100, photos="photos")
    serial = await ask.serial("serial", optional=True)
    address = await ask.location("address", wording=_indoors(desk, "report.address"))
    photos = await ask.photos("photos", at_most=10)
    kind = work | await _kind(ask, desk, address["address"], work)
    if kind.get("fault_kind") == "body":  # a fault in a bought-in part owes an answer too (INT-7, SLA-2)
        kind["supplier_needed"] = await ask.yes_no("supplier_needed")
    is_urgent = await ask.yes_no("urgent")
    await ask.confirm()
    told = _told(ask, _report(desk, fault, photos, model, address, contact, phone, kind))
    return Reported(replace(told, is_urgent=is_urgent, serial=serial or told.serial))


def _indoors(desk: Desk, text: str) -> str:
    """How a place or a thing in the house is asked for, empty where somebody drives to an address."""
    return f"{text}.indoors" if desk.turn.terms.policy.profile in INDOORS else ""


async def clarify(ask: Ask, desk: Desk) -> Reported:
    """Only what was missing, and the answer to what was asked back, when it began: another question is another conversation."""
    report = desk.order.report
    asked = str(desk.args.get("questions", desk.order.questions))
    missing = [one for one in asked.split(",") if hasattr(report, one)] if asked else []
    changes: dict[str, Any] = {}
    for name in missing:
        if name == "address":
            place = await ask.location("address")
            changes |= {"address": place["address"], "latitude": place.get("latitude"), "longitude": place.get("longitude")}
            changes["zone"] = zone_of(place["address"], desk.turn.terms.policy) or report.zone
        elif name == "phone":
            changes["phone"] = await ask.phone("phone")
        elif name == "serial":
            changes["serial"] = await ask.serial("serial")
        else:
            changes[name] = await ask.text(name, at_most=200)
    if not missing:
        answer = await ask.text("answer", facts={"questions": asked or {"text": "clarify.anything"}})
        changes["state_when_failed"] = f"{report.state_when_failed}\n{answer}".strip()
    photos = await ask.photos("photos", at_most=10)
    if words := ask.words("photos", changes.get("state_when_failed", report.state_when_failed)):
        changes["state_when_failed"] = words
    return Reported(replace(report, **changes, photos=(*report.photos, *photos)))


async def correct(ask: Ask, desk: Desk) -> Reported:
    """One thing that was told wrongly, by whoever told it or by the office, until somebody has arrived (INT-8)."""
    report = desk.order.report
    which = await ask.choice("which", ["phone", "contact", "address", "model", "fault"])
    if which == "phone":
        return Reported(replace(report, phone=await ask.phone("phone")))
    if which == "address":
        place = await ask.location("address", wording=_indoors(desk, "report.address"))
        zone = zone_of(place["address"], desk.turn.terms.policy) or report.zone
        where = {"latitude": place.get("latitude"), "longitude": place.get("longitude"), "zone": zone}
        return Reported(replace(report, address=place["address"], **where))
    words: dict[str, Any] = {which: await ask.text(which, at_most=2000 if which == "fault" else 100)}
    return Reported(replace(report, **words))


def _told(ask: Ask, report: FaultReport) -> FaultReport:
    """With what was written beside the photos."""
    return replace(report, fault=ask.words("photos", report.fault))


async def _work(ask: Ask, desk: Desk) -> dict[str, Any]:
    """What is to be done, where the profile names more than repairs (DSP-9)."""
    kinds = desk.turn.terms.policy.intake.kinds
    return {"kind": await ask.choice("work", list(kinds), family="kind")} if len(kinds) > 1 else {}


async def _kind(ask: Ask, desk: Desk, address: str, work: dict[str, Any]) -> dict[str, Any]:
    """What picks the clock in this line of business (INT-7, INT-8); none is picked where nothing is broken (DSP-9)."""
    policy = desk.turn.terms.policy
    if work.get("kind") in WORK:
        return {}
    if policy.sla.by_distance:
        kind = await ask.choice("fault_kind", ["body", "chassis_engine"])
        distance = await ask.number("distance_km", at_most=20_000)
        return {"fault_kind": kind, "distance_km": Decimal(distance or 0)}
    if known := zones(policy):
        return {"zone": zone_of(address, policy) or await ask.choice("zone", known)}
    return {}


def _report(
    desk: Desk, fault: Any, photos: list[str], model: str, address: Any, contact: Any, phone: str, kind: dict[str, Any]
) -> FaultReport:
    voices = (fault["voice"],) if isinstance(fault, dict) else ()
    return FaultReport(
        customer_name=contact["name"] or desk.person.name,
        contact=contact["name"],
        address=address["address"],
        latitude=address.get("latitude"),
        longitude=address.get("longitude"),
        phone=phone,
        model=model,
        serial=desk.args.get("serial", ""),
        fault="" if isinstance(fault, dict) else fault,
        photos=tuple(photos),
        voices=voices,
        **kind,
    )
