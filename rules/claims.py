"""Secondary claims: the cost of warranty work with bought-in parts, claimed back from the supplier (CLM-1, CLM-2, WAR-4)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.hours import day_bounds
from rules.orders import Step, WorkOrder
from rules.part_uses import PartUse, tag_of
from rules.people import Deed, Person, may
from rules.policies import Policy
from rules.refusals import Refused
from rules.tasks import Errand, Task
from rules.terms import Terms

COSTS = ("parts", "labour", "travel", "freight")
ANSWERS = ("accepted", "partial", "rejected")
RETURN_DAYS = 7
"""Within how many days old parts go back to a supplier who names no day."""


@dataclass(frozen=True, kw_only=True)
class Claim(Case):
    """A claim file (索賠檔案). Amounts are in the currency of the profile."""

    kind: ClassVar[str] = "claim"
    stage: str = "draft"  # draft | submitted | parts_sent | accepted | partial | rejected | credited
    supplier: str = ""
    about_number: str = ""
    parts: tuple[str, ...] = ()  # what was replaced, with the tags of the old parts
    costs: Mapping[str, Decimal] = field(default_factory=dict)
    photos: tuple[str, ...] = ()
    cause: str = ""
    mileage: str = ""  # as it was read on the vehicle, else as it was told
    back_by: date | None = None  # when this supplier wants the old parts
    shipped: str = ""
    granted: Decimal | None = None
    words: str = ""

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.CLAIMS,) if self.is_open else ()

    def seen_by(self, person: Person) -> bool:
        return may(person, Deed.SEE_STOCK, self.ties)

    @property
    def total(self) -> Decimal:
        return sum(self.costs.values(), Decimal(0))


def is_claimable(order: WorkOrder) -> bool:
    """Whether a fault was that of a bought-in part, or is the supplier's affair (CLM-1)."""
    by_cause = order.found(Step.CHECK).get("cause_class") == "bought_in"
    return by_cause or order.found(Step.ACT).get("responsibility") == "supplier"


def draft(order: WorkOrder, use: PartUse | None, number: str, *, now: datetime, terms: Terms) -> Ruling[Claim]:
    """A draft with parts, old-part tags and photos of the visit; costs are filled in by whoever keeps the claims (CLM-1)."""
    tags = [f"{tag_of(order.number, n)}: {line.label}" for n, line in enumerate(use.lines, 1)] if use else []
    photos = [photo for step in (Step.LOOK, Step.CHECK, Step.ACT) for photo in order.found(step).get("photos") or ()]
    photos += [line.photo for line in use.lines if line.photo] if use else []
    mileage = order.found(Step.LOOK).get("mileage_read") or order.found(Step.LISTEN).get("mileage") or ""
    claim = Claim(
        number=number, branch=order.branch, opened_at=now, about=order.subject, about_number=order.number, parts=tuple(tags),
        photos=tuple(photos), cause=str(order.found(Step.CHECK).get("root_cause") or ""), mileage=str(mileage),
        policy_version=terms.policy.version,
    )  # fmt: skip
    told = Notice("notice.claim-draft", (Audience.CLAIMS,), {"number": number, "order": order.number})
    return Ruling(claim, (Entry("claim.drafted", {"n": len(tags)}, "CLM-1"),), (told,))


def fill(
    claim: Claim, supplier: str, costs: Mapping[str, Decimal], back_by: date | None, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Claim]:
    """Supplier, costs, and by when he wants the old parts back (CLM-1, CLM-2)."""
    require_for(claim, by, Deed.KEEP_CLAIMS)
    require_at(claim, "draft")
    if not supplier.strip() or sum(costs.values()) <= 0 or any(one < 0 for one in costs.values()):
        raise Refused("claim-incomplete", rule="CLM-1")
    if back_by is not None and back_by < terms.calendar.local_day(now):
        raise Refused("date-passed", rule="CLM-2", date=back_by)
    after = replace(claim, supplier=supplier.strip(), costs=dict(costs), back_by=back_by)
    return Ruling(after, (Entry("claim.filled", {"total": after.total}, "CLM-1"),))


def lacking(claim: Claim, policy: Policy) -> tuple[str, ...]:
    """What the file still needs before it can be handed in, of what this line of business asks for (WAR-4)."""
    held = {"photo": claim.photos, "mileage": claim.mileage, "cause": claim.cause, "old_part_tag": claim.parts}
    return tuple(one for one in policy.parts.claim_needs if not held[one])


def examine(
    claim: Claim, cause: str, mileage: str, tag: str, photos: tuple[str, ...], *, by: Person, now: datetime, terms: Terms
) -> Ruling[Claim]:
    """What the claims clerk saw for himself is added; what the visit recorded stays where nothing else is said (WAR-4)."""
    require_for(claim, by, Deed.KEEP_CLAIMS)
    require_at(claim, "draft")
    tags = (*claim.parts, tag.strip()) if tag.strip() else claim.parts
    after = replace(
        claim, cause=cause.strip() or claim.cause, mileage=mileage or claim.mileage, parts=tags,
        photos=tuple(dict.fromkeys((*claim.photos, *photos))),
    )  # fmt: skip
    return Ruling(after, (Entry("claim.examined", {"n_photos": len(photos)}, "WAR-4"),))


def submit(claim: Claim, *, by: Person, now: datetime, terms: Terms) -> Ruling[Claim]:
    """Hand it in, whole; the day on which the old parts have to be back is watched from now on (CLM-2, WAR-4)."""
    require_for(claim, by, Deed.KEEP_CLAIMS)
    require_at(claim, "draft")
    if not claim.supplier or claim.total <= 0:
        raise Refused("claim-incomplete", rule="CLM-1")
    if missing := lacking(claim, terms.policy):
        raise Refused("claim-lacks", rule="WAR-4", missing=[{"text": f"claim.needs.{one}"} for one in missing])
    due: dict[str, Deadline | None] = {}
    if claim.back_by is not None:
        moment = max(day_bounds(claim.back_by, terms.calendar.zone)[1], now)
        due = {Clock.CLAIM: Deadline(promised_at(Clock.CLAIM, moment, now, "CLM-2"))}
    return Ruling(replace(claim, stage="submitted"), (Entry("claim.submitted", {"total": claim.total}, "CLM-2"),), (), due)


def return_task(claim: Claim, *, now: datetime, terms: Terms) -> Task:
    """The storekeeper packs the old parts of a claim that was handed in and sends them back by the supplier's day (WAR-4)."""
    calendar = terms.calendar
    day = claim.back_by or calendar.local_day(now) + timedelta(days=RETURN_DAYS)
    due_at = max(day_bounds(day, calendar.zone)[1] - timedelta(minutes=1), now)
    return Task(
        number=f"{claim.number}-R", branch=claim.branch, opened_at=now, about=claim.subject, about_number=claim.number,
        errand=Errand.CLAIM_RETURN, due_at=due_at, post=Audience.WAREHOUSE, words="; ".join((claim.supplier, *claim.parts)),
        policy_version=claim.policy_version,
    )  # fmt: skip


def send_parts(claim: Claim, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Claim]:
    """The old parts went back to the supplier: carrier and number (CLM-2)."""
    require_for(claim, by, Deed.KEEP_CLAIMS)
    return parts_gone(claim, words)


def parts_gone(claim: Claim, words: str) -> Ruling[Claim]:
    """The same where the storekeeper's task says so (WAR-4)."""
    require_at(claim, "submitted")
    if not words.strip():
        raise Refused("shipment-incomplete", rule="CLM-2")
    after = replace(claim, stage="parts_sent", shipped=words)
    return Ruling(after, (Entry("claim.parts_sent", {}, "CLM-2"),), (), {Clock.CLAIM: None})


def note_answer(
    claim: Claim, answer: str, granted: Decimal, words: str, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Claim]:
    """What the supplier says: all, some or none of it (CLM-2)."""
    require_for(claim, by, Deed.KEEP_CLAIMS)
    require_at(claim, "submitted", "parts_sent")
    amount = {"accepted": claim.total, "rejected": Decimal(0)}.get(answer, granted)
    if answer not in ANSWERS or (answer == "partial" and not 0 < amount < claim.total):
        raise Refused("claim-amount", rule="CLM-2", total=claim.total)
    after = replace(claim, stage=answer, granted=amount, words=words)
    after = replace(after, closed_at=now) if answer == "rejected" else after
    return Ruling(after, (Entry("claim.answered", {"answer": answer, "granted": amount}, "CLM-2"),), (), {Clock.CLAIM: None})


def credit(claim: Claim, *, by: Person, now: datetime, terms: Terms) -> Ruling[Claim]:
    """The money or the goods are here; the file is closed (CLM-2)."""
    require_for(claim, by, Deed.KEEP_CLAIMS)
    require_at(claim, "accepted", "partial")
    after = replace(claim, stage="credited", closed_at=now)
    return Ruling(after, (Entry("claim.credited", {"granted": claim.granted}, "CLM-2"),))


def require_at(claim: Claim, *stages: str) -> None:
    """Raise Refused when it has moved on, and is not at one of these stages."""
    require_open(claim)
    if claim.stage not in stages:
        raise Refused("requisition-passed", rule="CLM-2", number=claim.number)
