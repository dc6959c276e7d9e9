"""A customer's goods in our hands: receipt and custody, register, planned day, and back to him (WKS-1..3, WKS-6..10)."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.check_ins import CheckIn, Compared, require_compared, require_sheet
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.hours import day_bounds
from rules.orders import Seal, Stage, WorkOrder, step_to
from rules.people import EVERY_BRANCH, Deed, Person, may, require
from rules.refusals import Refused
from rules.terms import Terms

RECEIPT, CARD = "goods-receipt:", "repair-card:"
"""Papers of goods; the id stands behind the name."""
PAYLOAD = "wk_"
"""How the code on a repair card begins; the number stands behind it."""


class GoodsStage(StrEnum):
    """Where a customer's goods are."""

    NOTED = "noted"  # written down, the receipt is not signed yet
    TAKEN = "taken"
    REGISTERED = "registered"
    IN_REPAIR = "in_repair"
    REPAIRED = "repaired"  # waits for the inspection
    READY = "ready"
    CANNOT_REPAIR = "cannot_repair"
    SETTLED = "settled"
    RETURNED = "returned"
    MAILED = "mailed"
    DROPPED = "dropped"  # written down and then not taken after all


_S = GoodsStage
IN_WORK = (_S.TAKEN, _S.REGISTERED, _S.IN_REPAIR, _S.REPAIRED)
RECEIPTS = ("returned", "lost")


@dataclass(frozen=True)
class Work:
    """A stretch of work on it; open while `end` is None."""

    person: int
    start: datetime
    end: datetime | None = None

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds() // 60) if self.end else 0


@dataclass(frozen=True)
class Fitted:
    """A part that went in, with the words of the same line in a visit's report."""

    name: str
    quantity: int
    by: int
    part: int = 0  # its number in the catalogue, 0 where it is told in words
    cause: str = ""
    old_part: str = ""
    old_reason: str = ""
    old_photo: str = ""  # of the old part as it was packed (VIS-9)


@dataclass(frozen=True)
class Signing:
    """A signature as it was given: on which text, by whom, on which picture, sent when."""

    shown: str
    picture: str
    taken_at: datetime
    signer: str
    signer_role: str


@dataclass(frozen=True)
class Inspected:
    """The supervisor's look at what was mended (WKS-5)."""

    by: int
    at: datetime
    has_passed: bool
    words: str = ""


@dataclass(frozen=True, kw_only=True)
class Goods(Case):
    """One thing of a customer's. `receipt` is how the paper in his hands ended: returned, lost, settled or mailed."""

    kind: ClassVar[str] = "goods"
    stage: str = GoodsStage.NOTED
    order_number: str = ""
    what: str
    serial: str = ""
    accessories: str = ""
    photos: tuple[str, ...] = ()
    fault: str
    due_at: datetime
    customer_name: str = ""
    address: str = ""
    taken_by: int
    holder: int | None = None  # in whose hands it is; nobody's while it stands in the workshop
    custody: Seal | None = None
    registered_at: datetime | None = None
    registered_by: int | None = None
    works: tuple[Work, ...] = ()
    parts: tuple[Fitted, ...] = ()
    done: str = ""
    inspections: tuple[Inspected, ...] = ()
    settlement: str = ""
    acceptance: Seal | None = None
    receipt: str = ""
    declaration: str = ""  # the signed declaration that the receipt is lost
    out_at: datetime | None = None
    n_delays: int = 0
    check_in: CheckIn | None = None  # of a vehicle (WKS-14)
    compared: Compared | None = None  # the same sheet at the hand-over

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.holder is not None:
            return (self.holder,)
        return (Audience.CLERK,) if self.stage in (_S.NOTED, _S.TAKEN, _S.READY) else (Audience.SUPERVISOR,)

    @property
    def at_work(self) -> Work | None:
        """The work that goes on now."""
        return self.works[-1] if self.works and self.works[-1].end is None else None

    @property
    def minutes(self) -> int:
        """The time that was actually used (WKS-4)."""
        return sum(one.minutes for one in self.works)

    @property
    def repairers(self) -> frozenset[int]:
        """Everybody who worked on it: none of them inspects it (WKS-5)."""
        return frozenset({*(one.person for one in self.works), *(one.by for one in self.parts)})

    def seen_by(self, person: Person) -> bool:
        """Its owner, and whoever mends or keeps such things in the branch."""
        return person.id == self.customer or any(is_near(person, deed, self) for deed in _WORKSHOP)


_WORKSHOP = (Deed.REPAIR_GOODS, Deed.REGISTER_GOODS, Deed.INSPECT_GOODS)


def is_near(person: Person, deed: Deed, goods: Goods) -> bool:
    """Whether somebody may do this to goods of that branch."""
    return may(person, deed) and (person.branch == goods.branch or any(person.holds(role) for role in EVERY_BRANCH))


def require_near(by: Person, deed: Deed, goods: Goods) -> None:
    """Raise Refused unless somebody may do this to goods of his branch."""
    require(by, deed)
    if not is_near(by, deed, goods):
        raise Refused("no-such-case", rule="ROL-1")


def require_at(goods: Goods, *stages: GoodsStage) -> None:
    """Raise Refused unless the goods stand at one of these stages."""
    require_open(goods)
    if goods.stage not in stages:
        raise Refused("goods-stage", rule="WKS-3", number=goods.number, now={"text": f"goods.stage.{goods.stage}"})


def take_in(goods: Goods, order: WorkOrder | None, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """Write down what is taken, in which condition and until when; where a week is promised no longer (WKS-1, WKS-2, WKS-9)."""
    if order is None:
        require(by, Deed.REGISTER_GOODS)
    else:
        require_takable(order, by=by)
    if not goods.what.strip() or not goods.fault.strip() or not goods.photos:
        raise Refused("receipt-incomplete", rule="WKS-2")
    require_sheet(goods.check_in, terms.policy.workshop)
    if goods.due_at <= now:
        raise Refused("date-passed", rule="WKS-2", date=goods.due_at)
    week = terms.policy.sla.repair_done
    if week is not None and goods.due_at > day_bounds(terms.calendar.local_day(now + week.length), terms.calendar.zone)[1]:
        raise Refused("repair-week", rule="WKS-9", date=now + week.length)
    return Ruling(replace(goods, holder=by.id), (Entry("goods.noted", {}, "WKS-1"),))


def require_takable(order: WorkOrder, *, by: Person) -> None:
    """Raise Refused unless something may be taken along from an order now (WKS-1)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    step_to(order, Stage.TAKEN_BACK)


def drop(goods: Goods, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """It is not taken after all: a receipt that nobody signed is void."""
    if by.id != goods.taken_by:
        require_near(by, Deed.REGISTER_GOODS, goods)
    require_at(goods, GoodsStage.NOTED)
    dropped = replace(goods, stage=GoodsStage.DROPPED, receipt="dropped", holder=None, closed_at=now)
    return Ruling(dropped, (Entry("goods.dropped", {}, "WKS-2"),))


def sign_custody(goods: Goods, signing: Signing, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """The customer hands it over and has his receipt; over the counter it stands in the register at once (WKS-2, WKS-3)."""
    if by.id != goods.taken_by:
        require_near(by, Deed.REGISTER_GOODS, goods)
    require_at(goods, GoodsStage.NOTED)
    seal = sealed(goods, signing, by=by, now=now)
    is_here = not goods.about and is_near(by, Deed.REGISTER_GOODS, goods)
    stage = GoodsStage.REGISTERED if is_here else GoodsStage.TAKEN
    taken = replace(goods, stage=stage, custody=seal, holder=None if is_here else by.id)
    clocks: dict[str, Deadline | None] = {Clock.REPAIR: _planned(goods.due_at, now)}
    if is_here:
        taken = replace(taken, registered_at=now, registered_by=by.id)
    else:
        clocks[Clock.CHECK_IN] = Deadline(promised_at(Clock.CHECK_IN, _same_day(now, terms), now, "WKS-3"))
    facts = {"number": goods.number, "what": goods.what, "date": goods.due_at, "by_id": by.id}
    told = (
        Notice("notice.goods-receipt", (Audience.CUSTOMER,), facts, papers=(f"{RECEIPT}{goods.id}",)),
        Notice("notice.goods-taken", (Audience.SUPERVISOR, Audience.CLERK), facts, is_must=False),
    )
    return Ruling(taken, (Entry("goods.taken", {"digest": seal.digest}, "WKS-2"),), told, clocks)


def sealed(goods: Goods, signing: Signing, *, by: Person, now: datetime) -> Seal:
    """A signature on what was shown (SIG-2). Raises Refused for a picture from before it was written down or inspected."""
    before = [goods.opened_at, *(one.at for one in goods.inspections)]
    since = max(before if goods.custody is None else [*before, goods.custody.at])
    is_old = goods.custody is not None and signing.picture == goods.custody.signature
    if not signing.picture or not signing.signer.strip():
        raise Refused("custody-missing", rule="WKS-2")
    if is_old or signing.taken_at.replace(microsecond=0) < since.replace(microsecond=0):
        raise Refused("goods-photo-old", rule="SIG-2", since=since)
    covered: dict[str, object] = {
        "number": goods.number, "what": goods.what, "serial": goods.serial, "accessories": goods.accessories,
        "photos": goods.photos, "due": goods.due_at.isoformat(), "done": goods.done,
    }  # fmt: skip
    sheets = {"check_in": goods.check_in, "compared": goods.compared}
    covered |= {name: asdict(one) for name, one in sheets.items() if one is not None}
    text = json.dumps(covered, ensure_ascii=False, sort_keys=True)
    digest = hashlib.sha256(f"{text}\n{signing.shown}".encode()).hexdigest()
    version = 1 if goods.custody is None else 2
    return Seal(version, digest, signing.shown, signing.picture, signing.signer, signing.signer_role, "", now, by.id)


def _same_day(now: datetime, terms: Terms) -> datetime:
    """The end of this working day, after it the end of the day."""
    day = terms.calendar.local_day(now)
    ends = terms.calendar.day_end(day)
    return ends if ends is not None and ends > now else day_bounds(day, terms.calendar.zone)[1]


def _planned(due_at: datetime, now: datetime) -> Deadline:
    return Deadline(promised_at(Clock.REPAIR, due_at, now, "WKS-8"))


def register(goods: Goods, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """The clerk has it in his hands and enters it; nobody confirms what he brought himself (WKS-3)."""
    require_near(by, Deed.REGISTER_GOODS, goods)
    require_at(goods, GoodsStage.TAKEN)
    if by.id == goods.holder:
        raise Refused("not-your-own", rule="WKS-3")
    here = replace(goods, stage=GoodsStage.REGISTERED, holder=None, registered_at=now, registered_by=by.id)
    facts = {"number": goods.number, "what": goods.what, "date": goods.due_at}
    told = (Notice("notice.goods-in", (Audience.SUPERVISOR,), facts, is_must=False),)
    return Ruling(here, (Entry("goods.registered", {}, "WKS-3"),), told, {Clock.CHECK_IN: None})


def cannot_keep(goods: Goods, reason: str, new_date: datetime, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """The planned day can't be met: the supervisor at once, the customer with reason and new day (WKS-8, WKS-10, ESC-4)."""
    deed = Deed.REPAIR_GOODS if may(by, Deed.REPAIR_GOODS) else Deed.REGISTER_GOODS
    require_near(by, deed, goods)
    require_at(goods, *IN_WORK)
    if not reason.strip():
        raise Refused("reason-missing", rule="WKS-10")
    if new_date <= now:
        raise Refused("date-passed", rule="WKS-10", date=new_date)
    later = replace(goods, due_at=new_date, n_delays=goods.n_delays + 1)
    facts = {"number": goods.number, "what": goods.what, "reason": reason, "date": new_date, "by_id": by.id}
    told = (
        Notice("notice.goods-late", (Audience.SUPERVISOR,), facts, is_urgent=True),
        Notice("notice.goods-new-date", (Audience.CUSTOMER,), facts),
    )
    entry = Entry("goods.will_be_late", {"date": new_date, "was": goods.due_at}, "WKS-10")
    return Ruling(later, (entry,), told, {Clock.REPAIR: _planned(new_date, now)})


def require_returnable(goods: Goods, *, by: Person) -> None:
    """Raise Refused unless it may go out now: inspected, or decided to go back as it is (WKS-5)."""
    require_near(by, Deed.HAND_BACK_GOODS, goods)
    require_open(goods)
    if goods.stage != GoodsStage.READY:
        raise Refused("goods-not-inspected", rule="WKS-5", number=goods.number)


def deliver(
    goods: Goods, receipt: str, declaration: str, signing: Signing, compared: Compared | None = None,
    *, by: Person, now: datetime, terms: Terms,
) -> Ruling[Goods]:  # fmt: skip
    """Back to its owner: he signs, his receipt is void or declared lost, the day is noted (WKS-6, WKS-7, SIG-8).

    A vehicle's sheet is gone through once more; what is not as it was noted the supervisor hears at once (WKS-14).
    """
    require_returnable(goods, by=by)
    require_compared(goods.check_in, compared)
    goods = replace(goods, compared=compared)
    if receipt not in RECEIPTS or (receipt == "lost" and not declaration):
        raise Refused("receipt-not-void", rule="WKS-7", number=goods.number)
    seal = sealed(goods, signing, by=by, now=now)
    gone = replace(
        goods, stage=GoodsStage.RETURNED, acceptance=seal, receipt=receipt, declaration=declaration, out_at=now, closed_at=now,
        holder=None,
    )  # fmt: skip
    facts = {"number": goods.number, "what": goods.what}
    entries = [
        Entry("goods.returned", {"digest": seal.digest}, "WKS-7"),
        Entry("goods.receipt_void", {"how": receipt}, "WKS-7"),
    ]
    entries += [Entry("goods.compared", {"as_noted": compared.is_as_noted}, "WKS-14")] if compared is not None else []
    told = [Notice("notice.goods-back", (Audience.CUSTOMER,), facts, papers=(f"{RECEIPT}{goods.id}",))]
    if compared is not None and not compared.is_as_noted:
        words = facts | {"words": compared.differences, "by_id": by.id}
        told.append(Notice("notice.check-in-differs", (Audience.SUPERVISOR,), words, is_urgent=True))
    if goods.order_number:
        told.append(Notice("notice.goods-gone", (goods.taken_by,), facts | {"order": goods.order_number}))
    return Ruling(gone, tuple(entries), tuple(told), {Clock.REPAIR: None, Clock.CHECK_IN: None})


def sent_by_post(goods: Goods, *, now: datetime) -> Ruling[Goods]:
    """Three notices and nobody came: it has gone by post, and the receipt counts no more (WKS-12)."""
    gone = replace(goods, stage=GoodsStage.MAILED, receipt="mailed", out_at=now, closed_at=now, holder=None)
    return Ruling(gone, (Entry("goods.mailed", {}, "WKS-12"),), (), {Clock.REPAIR: None})
