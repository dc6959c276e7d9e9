"""Out of stock: registered, found elsewhere, asked again before goods move, told when they are here (BKO, SLA-11)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.people import Deed, Person, may, require
from rules.refusals import Refused
from rules.stock import whole
from rules.terms import Terms

WEEK = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Backorder(Case):
    """A backorder registration (缺貨登記)."""

    kind: ClassVar[str] = "backorder"
    stage: str = "registered"  # registered | found | confirmed | moving | arrived | collected | cancelled
    article: str
    quantity: int
    customer_name: str
    phone: str
    source: str = ""  # the store that has it
    promised_on: date | None = None
    contacts: tuple[str, ...] = ()  # what was said to the customer, the newest last
    keeper: int = 0

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (self.keeper,) if self.is_open else ()

    def seen_by(self, person: Person) -> bool:
        """The customer, whoever registered it, and his colleagues."""
        return person.id in (self.customer, self.keeper) or may(person, Deed.KEEP_BACKORDERS, self.ties)


def register(backorder: Backorder, *, by: Person, now: datetime, terms: Terms) -> Ruling[Backorder]:
    """Take it down; within a week the customer hears again, whether the goods came or not (BKO-1, BKO-3, SLA-11)."""
    require(by, Deed.KEEP_BACKORDERS)
    whole(backorder.quantity, part=backorder.article)
    if not backorder.article.strip() or not backorder.customer_name.strip() or not backorder.phone:
        raise Refused("backorder-incomplete", rule="BKO-1")
    facts = {"number": backorder.number, "article": backorder.article, "n": backorder.quantity}
    told = Notice("notice.backorder", (Audience.CUSTOMER,), facts)
    return Ruling(backorder, (Entry("backorder.registered", {"n": backorder.quantity}, "BKO-1"),), (told,), _again(now))


def find(
    backorder: Backorder, source: str, promised_on: date | None, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Backorder]:
    """Somebody has it: the customer is asked again before anything moves (BKO-2)."""
    require_for(backorder, by, Deed.KEEP_BACKORDERS)
    require_at(backorder, "registered", "found")
    if not source.strip():
        raise Refused("backorder-incomplete", rule="BKO-1")
    after = replace(backorder, stage="found", source=source, promised_on=promised_on)
    facts = {"number": after.number, "article": after.article, "date": promised_on or "—"}
    told = Notice("notice.backorder-found", (Audience.CUSTOMER,), facts)
    return Ruling(after, (Entry("backorder.found", {}, "BKO-1"),), (told,), _again(now))


def confirm(backorder: Backorder, words: str = "", *, by: Person, now: datetime, terms: Terms) -> Ruling[Backorder]:
    """The customer still wants it: he says so in chat, or a colleague writes down what he said on the telephone (BKO-2)."""
    if by.id != backorder.customer:
        require_for(backorder, by, Deed.KEEP_BACKORDERS)
        if not words.strip():
            raise Refused("contact-words", rule="BKO-2")
    require_at(backorder, "found")
    after = replace(backorder, stage="confirmed", contacts=(*backorder.contacts, *([words] if words else [])))
    told = Notice("notice.backorder-wanted", (backorder.keeper,), {"number": after.number, "article": after.article})
    entry = Entry("backorder.confirmed", {"in_chat": by.id == backorder.customer}, "BKO-2")
    return Ruling(after, (entry,), (told,) if by.id != backorder.keeper else ())


def start_transfer(backorder: Backorder, *, by: Person, now: datetime, terms: Terms) -> Ruling[Backorder]:
    """Goods move when the customer has said once more that he wants them, and not before (BKO-2)."""
    require_for(backorder, by, Deed.KEEP_BACKORDERS)
    if backorder.is_open and backorder.stage in ("registered", "found"):
        raise Refused("ask-customer-first", rule="BKO-2", number=backorder.number)
    require_at(backorder, "confirmed")
    return Ruling(replace(backorder, stage="moving"), (Entry("backorder.moving", {}, "BKO-2"),))


def arrive(backorder: Backorder, *, by: Person, now: datetime, terms: Terms) -> Ruling[Backorder]:
    """Goods are in the store; the customer hears at once with the first notice of `pickups.here` (BKO-4)."""
    require_for(backorder, by, Deed.KEEP_BACKORDERS)
    require_at(backorder, "moving")
    after = replace(backorder, stage="arrived")
    return Ruling(after, (Entry("backorder.arrived", {}, "BKO-4"),), (), {Clock.BACKORDER: None})


def handed_over(backorder: Backorder, *, now: datetime) -> Ruling[Backorder]:
    """He has fetched it, or it went to him by post (BKO-4)."""
    after = replace(backorder, stage="collected", closed_at=now)
    return Ruling(after, (Entry("backorder.collected", {}, "BKO-4"),), (), {Clock.BACKORDER: None})


def contact(backorder: Backorder, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Backorder]:
    """The customer was told how it stands; he hears again within a week (BKO-3)."""
    require_for(backorder, by, Deed.KEEP_BACKORDERS)
    require_open(backorder)
    if not words.strip():
        raise Refused("contact-words", rule="BKO-3")
    after = replace(backorder, contacts=(*backorder.contacts, words))
    told = Notice("notice.backorder-news", (Audience.CUSTOMER,), {"number": after.number, "words": words})
    due = {} if backorder.stage == "arrived" else _again(now)
    return Ruling(after, (Entry("backorder.contacted", {}, "BKO-3"),), (told,), due)


def close(backorder: Backorder, *, by: Person, now: datetime, terms: Terms) -> Ruling[Backorder]:
    """Collected, or called off by the customer or for him."""
    if by.id != backorder.customer:
        require_for(backorder, by, Deed.KEEP_BACKORDERS)
    require_open(backorder)
    is_collected = backorder.stage == "arrived" and by.id != backorder.customer
    after = replace(backorder, stage="collected" if is_collected else "cancelled", closed_at=now)
    told = Notice("notice.backorder-off", (backorder.keeper,), {"number": after.number, "article": after.article})
    entry = Entry(f"backorder.{after.stage}", {}, "BKO-2")
    return Ruling(after, (entry,), (told,) if by.id == backorder.customer else (), {Clock.BACKORDER: None})


def _again(now: datetime) -> dict[str, Deadline | None]:
    """Within a week of the last word (SLA-11)."""
    return {Clock.BACKORDER: Deadline(promised_at(Clock.BACKORDER, now + WEEK, now, "SLA-11"))}


def require_at(backorder: Backorder, *stages: str) -> None:
    """Raise Refused when it has moved on, and is not at one of these stages."""
    require_open(backorder)
    if backorder.stage not in stages:
        raise Refused("requisition-passed", rule="BKO-1", number=backorder.number)
