"""Mended, or come in for a customer, and not fetched: told at once, again after three days, three times; then the store, the
company, the post (SLA-10, BKO-4)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from rules.backorders import Backorder
from rules.cases import Case, require_for, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.goods import Goods, GoodsStage
from rules.hours import day_bounds
from rules.people import Deed, Person, may, require
from rules.refusals import Refused
from rules.terms import Terms


@dataclass(frozen=True, kw_only=True)
class Pickup(Case):
    """A customer's thing that is ready for him. `notices` are the moments at which he was told."""

    kind: ClassVar[str] = "pickup"
    stage: str = "ready"
    about_number: str
    what: str
    address: str = ""
    notices: tuple[datetime, ...] = ()
    excuse: str = ""  # why he can't come before a day, in his words
    shipped_as: str = ""
    escalated_at: datetime | None = None
    is_mended: bool = True  # else it goes back as it is (WKS-13)
    words: str = ""  # what its owner answered last

    @property
    def is_bought(self) -> bool:
        """Whether it is what he waited for, and not what he gave us to mend (BKO-4)."""
        return self.about.startswith(f"{Backorder.kind}:")

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.CLERK,)

    def seen_by(self, person: Person) -> bool:
        """Whoever keeps such things in the branch, and the customer."""
        return person.id == self.customer or may(person, Deed.MARK_READY, self.ties)


def ready(goods: Goods, number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """The thing is back, whole and inspected: the customer hears at once (WKS-5, WKS-11, SLA-10)."""
    require(by, Deed.MARK_READY, goods.ties)
    if goods.stage != GoodsStage.READY:
        raise Refused("goods-not-inspected", rule="WKS-5", number=goods.number)
    first = Pickup(
        number=number, branch=goods.branch, opened_at=now, policy_version=terms.policy.version, customer=goods.customer,
        about=goods.subject, about_number=goods.order_number or goods.number, what=goods.what,
        address=goods.address, is_mended=not goods.settlement,
    )  # fmt: skip
    return _told(first, now, terms)


def here(backorder: Backorder, number: str, address: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """Goods that were out of stock are in the store: the customer hears at once, and again as of a repair (BKO-4, WKS-11)."""
    require_for(backorder, by, Deed.KEEP_BACKORDERS)
    if backorder.stage != "arrived":
        raise Refused("requisition-passed", rule="BKO-4", number=backorder.number)
    what = f"{backorder.article} × {backorder.quantity}"
    first = Pickup(
        number=number, branch=backorder.branch, opened_at=now, policy_version=terms.policy.version,
        customer=backorder.customer, about=backorder.subject, about_number=backorder.number, what=what, address=address,
    )  # fmt: skip
    return _told(first, now, terms)


def _told(pickup: Pickup, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """One more notice, and the clock anew (SLA-10)."""
    told = replace(pickup, notices=(*pickup.notices, now))
    n = len(told.notices)
    facts = {"number": told.about_number, "what": told.what, "n": n}
    text = _text(told, n, terms)
    entry = Entry("pickup.told", {"n": n}, "SLA-10")
    return Ruling(told, (entry,), (Notice(text, (Audience.CUSTOMER,), facts),), {Clock.PICKUP: _wait(now, terms)})


def _wait(now: datetime, terms: Terms) -> Deadline:
    return Deadline(promised_at(Clock.PICKUP, now + timedelta(days=terms.policy.records.pickup_days), now, "SLA-10"))


def _text(pickup: Pickup, n: int, terms: Terms) -> str:
    """What is true of it: not everything was mended, and what goes by post unless he comes is told as such (WKS-12)."""
    if n == 1 and pickup.is_bought:
        return "notice.backorder-here"
    if n == 1:
        return "notice.pickup" if pickup.is_mended else "notice.pickup-as-it-is"
    if n < terms.policy.records.pickup_notices or pickup.is_bought:
        return "notice.pickup-again"
    return "notice.pickup-last" if pickup.address else "notice.pickup-last-where"


def is_due(pickup: Pickup, *, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """Three days are over: told again, and after the last notice the store's manager, then the company, every day (ESC-8)."""
    if len(pickup.notices) < terms.policy.records.pickup_notices:
        return _told(pickup, now, terms)
    to = (Audience.MANAGER,) if pickup.escalated_at is None else (Audience.MANAGER, Audience.SERVICE_DEPT)
    facts = {"number": pickup.about_number, "what": pickup.what, "n": len(pickup.notices), "address": pickup.address or "—"}
    told = Notice("notice.pickup-nobody", (Audience.CLERK, *to), facts)
    after = replace(pickup, escalated_at=pickup.escalated_at or now)
    again = Deadline(promised_at(Clock.PICKUP, now + timedelta(days=1), now, "ESC-8"))
    return Ruling(after, (Entry("pickup.escalated", {"n": len(pickup.notices)}, "ESC-8"),), (told,), {Clock.PICKUP: again})


def answer(pickup: Pickup, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """What its owner answers stands on the card: whoever is about to send it by post reads it first (WKS-12)."""
    if by.id != pickup.customer:
        raise Refused("no-such-case", rule="ROL-1")
    require_open(pickup)
    return Ruling(replace(pickup, words=words), (Entry("pickup.answered", {"length": len(words)}, "WKS-12"),))


def excuse(pickup: Pickup, words: str, until: date, *, by: Person, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """He has a proper reason and says when he comes: nobody asks before that day is over (WKS-12)."""
    require(by, Deed.MARK_READY, pickup.ties)
    require_open(pickup)
    if not words.strip():
        raise Refused("reason-missing", rule="SLA-10")
    due_at = day_bounds(until, terms.calendar.zone)[1]
    if due_at <= now:
        raise Refused("date-passed", rule="SLA-10", date=until)
    excused = replace(pickup, excuse=words, escalated_at=None)
    clock = Deadline(promised_at(Clock.PICKUP, due_at, now, "SLA-10"))
    return Ruling(excused, (Entry("pickup.excused", {"until": until}, "SLA-10"),), (), {Clock.PICKUP: clock})


def collected(pickup: Pickup, *, by: Person, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """He has it."""
    require(by, Deed.MARK_READY, pickup.ties)
    require_open(pickup)
    return fetched(pickup, now=now)


def fetched(pickup: Pickup, *, now: datetime) -> Ruling[Pickup]:
    """The same where it was given back against a signature (WKS-7)."""
    done = replace(pickup, stage="collected", closed_at=now)
    return Ruling(done, (Entry("pickup.collected", {}, "SLA-10"),), (), {Clock.PICKUP: None})


def called_off(pickup: Pickup, *, now: datetime) -> Ruling[Pickup]:
    """He does not want it any more: nobody asks him to come (BKO-4)."""
    done = replace(pickup, stage="cancelled", closed_at=now)
    return Ruling(done, (Entry("pickup.cancelled", {}, "BKO-4"),), (), {Clock.PICKUP: None})


def require_mailable(pickup: Pickup, *, by: Person, terms: Terms) -> None:
    """Raise Refused unless it may go by post now."""
    require(by, Deed.MARK_READY, pickup.ties)
    require_open(pickup)
    wanted = terms.policy.records.pickup_notices
    if len(pickup.notices) < wanted:
        raise Refused("mail-too-early", rule="ESC-8", n=len(pickup.notices), wanted=wanted)


def mail(pickup: Pickup, number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Pickup]:
    """By post, after three notices and not before; the number of the parcel closes it (WKS-12)."""
    require_mailable(pickup, by=by, terms=terms)
    if not number.strip():
        raise Refused("reason-missing", rule="ESC-8")
    done = replace(pickup, stage="mailed", shipped_as=number, closed_at=now)
    facts = {"number": pickup.about_number, "what": pickup.what, "parcel": number}
    told = (Notice("notice.pickup-mailed", (Audience.CUSTOMER,), facts),)
    return Ruling(done, (Entry("pickup.mailed", {}, "ESC-8"),), told, {Clock.PICKUP: None})
