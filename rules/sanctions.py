"""What sanctions would come to: calculators, and proposals to people; the desk never imposes one (CMP-25..29, CMP-32, X-16)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from rules.complaint_records import Sanction
from rules.complaints import Complaint
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, require
from rules.refusals import Refused
from rules.terms import Terms

GROUNDS = (
    "wrong_notes", "financial_error", "off_specification", "rejects_mixed_in", "over_delivery", "production_data_cut",
    "demands_not_passed_on", "order_misread", "late_delivery", "wrong_shipment", "delivery_note_error", "storage_damage",
    "marking_off_specification", "inspection_mismatch", "other",
)  # fmt: skip
"""CMP-25: the grounds that the regulations list, as codes."""
WARNING_FROM, DEMERIT_BASE = Decimal(400), Decimal(800)
CAP = Decimal("0.5")
"""CMP-28: at most half of a month's efficiency bonus."""


def resale_loss(grade_a_price: Decimal, quantity: Decimal, resold_for: Decimal | None, actual_loss: Decimal) -> Decimal:
    """Sold within the month: the difference to the grade-A price; unsold: the actual loss (CMP-26)."""
    if resold_for is None:
        return actual_loss
    return max(grade_a_price * quantity - resold_for, Decimal(0))


def shared(loss: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Who bears how much: one person all of it, several by weight; the shares add up to the loss to the cent (CMP-26)."""
    if not weights or sum(weights.values()) != 100:
        raise Refused("shares-not-whole", rule="CMP-26", total=sum(weights.values()))
    parts = {who: _cents(loss * weight / 100) for who, weight in weights.items()}
    heaviest = max(weights, key=lambda who: weights[who])
    parts[heaviest] += _cents(loss) - sum(parts.values())
    return parts


def administrative(loss: Decimal) -> tuple[str, int]:
    """(warning | minor_demerit | none, how many): a warning from 400 on, a minor demerit for each 800 (CMP-27)."""
    if loss >= DEMERIT_BASE:
        return "minor_demerit", int(loss // DEMERIT_BASE)
    return ("warning", 1) if loss >= WARNING_FROM else ("none", 0)


def deduction(loss: Decimal, total_points: Decimal, own_points: Decimal) -> Decimal:
    """A person's part: loss over the department's base points, times his own, for each case (CMP-28)."""
    if total_points <= 0 or own_points < 0 or own_points > total_points:
        raise Refused("points-impossible", rule="CMP-28")
    return _cents(loss / total_points * own_points)


def instalments(amount: Decimal, bonuses: tuple[Decimal, ...]) -> tuple[tuple[Decimal, ...], Decimal]:
    """What each month takes, at most half of its bonus, and what is left for later months (CMP-28)."""
    left, months = amount, list[Decimal]()
    for bonus in bonuses:
        part = min(left, _cents(bonus * CAP))
        months.append(part)
        left -= part
    return tuple(months), left


@dataclass(frozen=True)
class Unit:
    """A unit that answers for a loss, the smallest one that is known."""

    level: str
    name: str


def smallest_unit(kind: str, *, person: str = "", group: str = "", section: str = "") -> Unit:
    """Manufacturing answers as a group, else as the section; sales and service as a person, else the department (CMP-29)."""
    if kind == "manufacturing":
        return Unit("group", group) if group else Unit("section", section)
    return Unit("person", person) if person else Unit("department", section)


def propose(
    case: Complaint, ground: str, unit: str, person: str, amount: Decimal, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Complaint]:
    """Put a sanction before the GM; it is no more than a proposal (CMP-25, CMP-28, CMP-32)."""
    require(by, Deed.PROPOSE_SANCTION, case.ties)
    if not case.is_decided:
        raise Refused("not-decided-yet", rule="CMP-25", number=case.number)
    if ground not in GROUNDS:
        raise Refused("ground-missing", rule="CMP-25")
    if amount < 0 or not unit.strip():
        raise Refused("sanction-incomplete", rule="CMP-29")
    regime, times = administrative(amount)
    proposal = Sanction(ground, unit, person, amount, f"{regime}:{times}", by.id, now)
    facts = {"number": case.number, "ground": {"text": f"ground.{ground}"}, "amount": amount, "unit": unit}
    told = (Notice("notice.sanction-proposed", (Audience.GM,), facts),)
    entry = Entry("sanction.proposed", {"ground": ground, "regime": regime}, "CMP-25")
    return Ruling(replace(case, sanctions=(*case.sanctions, proposal)), (entry,), told)


def decide(case: Complaint, n: int, is_approved: bool, *, by: Person, now: datetime, terms: Terms) -> Ruling[Complaint]:
    """The GM's word on a proposal, for people to carry out; nothing is published by it (CMP-25, CMP-28)."""
    require(by, Deed.DECIDE_SANCTION, case.ties)
    if not 0 <= n < len(case.sanctions):
        raise Refused("no-such-proposal", rule="CMP-25")
    found = case.sanctions[n]
    if found.is_approved is not None:
        raise Refused("proposal-decided", rule="CMP-25")
    if found.by == by.id:
        raise Refused("not-your-own", rule="CMP-28")
    decided = replace(found, is_approved=is_approved, decided_by=by.id)
    told = (Notice("notice.sanction-decided", (found.by,), {"number": case.number, "is_approved": is_approved}),)
    entry = Entry("sanction.decided", {"is_approved": is_approved}, "CMP-28")
    return Ruling(replace(case, sanctions=(*case.sanctions[:n], decided, *case.sanctions[n + 1 :])), (entry,), told)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
