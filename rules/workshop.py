"""Goods in the workshop: time and parts on the card, inspection, what can't be mended (WKS-4, WKS-5, WKS-13)."""

from dataclasses import replace
from datetime import datetime

from rules.clocks import Clock
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.goods import Fitted, Goods, GoodsStage, Inspected, Work, require_at, require_near
from rules.people import Deed, Person
from rules.refusals import Refused
from rules.terms import Terms

SETTLEMENTS = ("exchange", "refund", "discount", "return")
_KEPT = ("exchange", "refund")
"""Settlements after which the goods stay with us."""


def start(goods: Goods, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """Somebody begins to work on it: it is in his hands, and his minutes count (WKS-4)."""
    require_near(by, Deed.REPAIR_GOODS, goods)
    require_at(goods, GoodsStage.REGISTERED, GoodsStage.IN_REPAIR)
    if goods.at_work is not None:
        raise Refused("in-work", rule="WKS-4", number=goods.number, person_id=goods.at_work.person)
    begun = replace(goods, stage=GoodsStage.IN_REPAIR, holder=by.id, works=(*goods.works, Work(by.id, now)))
    return Ruling(begun, (Entry("goods.work_started", {}, "WKS-4"),))


def stop(goods: Goods, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """Work stops for now; the time goes on the card (WKS-4)."""
    require_near(by, Deed.REPAIR_GOODS, goods)
    require_at(goods, GoodsStage.IN_REPAIR)
    if goods.at_work is None:
        raise Refused("not-in-work", rule="WKS-4", number=goods.number)
    stopped = _stopped(goods, now)
    return Ruling(stopped, (Entry("goods.work_stopped", {"minutes": stopped.works[-1].minutes}, "WKS-4"),))


def _stopped(goods: Goods, now: datetime) -> Goods:
    work = goods.at_work
    return goods if work is None else replace(goods, works=(*goods.works[:-1], replace(work, end=now)))


def fit(goods: Goods, line: Fitted, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """A part that was changed goes on the card, and what became of the old one, which is at hand here (WKS-4, PRT-5)."""
    require_near(by, Deed.REPAIR_GOODS, goods)
    require_at(goods, GoodsStage.IN_REPAIR)
    if not line.name.strip() or line.quantity <= 0 or (not line.old_part and terms.policy.parts.old_part != "off"):
        raise Refused("part-line-incomplete", rule="WKS-4", part=line.name or "?")
    fitted = replace(goods, parts=(*goods.parts, replace(line, by=by.id)))
    return Ruling(fitted, (Entry("goods.part_fitted", {"part": line.part, "quantity": line.quantity}, "WKS-4"),))


def repaired(goods: Goods, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """Mended; the supervisor looks at it next. Without time on the card it can't have been (WKS-4, WKS-5)."""
    require_near(by, Deed.REPAIR_GOODS, goods)
    require_at(goods, GoodsStage.IN_REPAIR)
    if not goods.works:
        raise Refused("not-in-work", rule="WKS-4", number=goods.number)
    if not words.strip():
        raise Refused("reason-missing", rule="WKS-4")
    mended = replace(_stopped(goods, now), stage=GoodsStage.REPAIRED, done=words, holder=None)
    facts = {"number": goods.number, "what": goods.what, "by_id": by.id, "words": words}
    told = (Notice("notice.goods-repaired", (Audience.SUPERVISOR,), facts),)
    return Ruling(mended, (Entry("goods.repaired", {"minutes": mended.minutes}, "WKS-4"),), told)


def require_inspector(goods: Goods, *, by: Person) -> None:
    """Raise Refused unless somebody may look at it now: never who worked on it (WKS-5)."""
    require_near(by, Deed.INSPECT_GOODS, goods)
    require_at(goods, GoodsStage.REPAIRED)
    if by.id in goods.repairers:
        raise Refused("not-your-own", rule="WKS-5")


def inspect(goods: Goods, has_passed: bool, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """The supervisor has looked: it may go out, or goes back to whoever mended it (WKS-5)."""
    require_inspector(goods, by=by)
    if not has_passed and not words.strip():
        raise Refused("reason-missing", rule="WKS-5")
    seen = replace(goods, inspections=(*goods.inspections, Inspected(by.id, now, has_passed, words)))
    entry = Entry("goods.inspected", {"has_passed": has_passed}, "WKS-5")
    if has_passed:
        return Ruling(replace(seen, stage=GoodsStage.READY), (entry,), (), {Clock.REPAIR: None})
    last = goods.works[-1].person
    facts = {"number": goods.number, "what": goods.what, "words": words}
    back = replace(seen, stage=GoodsStage.IN_REPAIR, holder=last)
    return Ruling(back, (entry,), (Notice("notice.goods-failed", (last,), facts),))


def cannot_repair(goods: Goods, reason: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """It can't be mended: the supervisor decides at once what the customer gets (WKS-13, ESC-10)."""
    require_near(by, Deed.REPAIR_GOODS, goods)
    require_at(goods, GoodsStage.REGISTERED, GoodsStage.IN_REPAIR)
    if not reason.strip():
        raise Refused("reason-missing", rule="WKS-13")
    stuck = replace(_stopped(goods, now), stage=GoodsStage.CANNOT_REPAIR, done=reason, holder=None)
    facts = {"number": goods.number, "what": goods.what, "reason": reason, "by_id": by.id}
    told = (Notice("notice.goods-hopeless", (Audience.SUPERVISOR,), facts, is_urgent=True),)
    return Ruling(stuck, (Entry("goods.cannot_repair", {}, "WKS-13"),), told)


def settle(goods: Goods, settlement: str, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Goods]:
    """Exchange, refund, discount or return, in words that ask the customer's understanding (WKS-13)."""
    require_near(by, Deed.SETTLE_GOODS, goods)
    require_at(goods, GoodsStage.CANNOT_REPAIR)
    if settlement not in SETTLEMENTS or not words.strip():
        raise Refused("decision-missing", rule="WKS-13")
    facts = {"number": goods.number, "what": goods.what, "words": words, "settlement": {"text": f"goods.settle.{settlement}"}}
    told = (Notice("notice.goods-settled", (Audience.CUSTOMER,), facts),)
    entry = Entry("goods.settled", {"settlement": settlement}, "WKS-13")
    decided = replace(goods, settlement=settlement)
    if settlement in _KEPT:
        kept = replace(decided, stage=GoodsStage.SETTLED, receipt="settled", closed_at=now)
        return Ruling(kept, (entry,), told, {Clock.REPAIR: None})
    return Ruling(replace(decided, stage=GoodsStage.READY), (entry,), told, {Clock.REPAIR: None})
