"""Goods in: the goods receipt in two copies, booked the same moment (PRT-9..11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rules.cases import Case, require_for
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, may
from rules.refusals import Refused
from rules.stock import Move, MoveKind, Place, move, whole
from rules.terms import Terms

SOURCES = ("supplier", "main_store", "reimbursement", "claim")
"""Where goods come from (PRT-10)."""


@dataclass(frozen=True)
class Arrival:
    """One part that came: how many were announced, how many are taken, how many are refused and why (PRT-11)."""

    part: int
    label: str
    taken: int
    ordered: int | None = None
    refused: int = 0
    reason: str = ""
    photo: str = ""


@dataclass(frozen=True, kw_only=True)
class GoodsReceipt(Case):
    """A spare-part receipt (備用件接收單), one copy for the store and one for purchasing."""

    kind: ClassVar[str] = "goods_receipt"
    stage: str = "booked"
    source: str
    supplier: str = ""
    lines: tuple[Arrival, ...]
    store: int = 0
    received_by: int = 0

    def seen_by(self, person: Person) -> bool:
        return may(person, Deed.SEE_STOCK, self.ties)


def receive(receipt: GoodsReceipt, store: Place, *, by: Person, now: datetime, terms: Terms) -> Ruling[GoodsReceipt]:
    """Take goods in: what is good is stock, what is refused lies in quarantine; planner and buyer hear (PRT-9, 11, 16).

    It stands on the stock card the same moment, not only the same day (SLA-26).
    """
    require_for(receipt, by, Deed.KEEP_STOCK)
    if receipt.source not in SOURCES or not receipt.lines:
        raise Refused("stock-in-empty", rule="PRT-9")
    moves: list[Move] = []
    for line in receipt.lines:
        taken, refused = whole(line.taken, part=line.label, least=0), whole(line.refused, part=line.label, least=0)
        if not taken and not refused:
            raise Refused("quantity-range", rule="PRT-9", quantity=0, part=line.label, least=1, most=99_999)
        if refused and not line.reason.strip():
            raise Refused("refusal-needs-reason", rule="PRT-11", part=line.label)
        moves += [move(MoveKind.RECEIVED, line.part, taken, target=store.id, note=receipt.source)] if taken else []
        moves += [move(MoveKind.REJECTED, line.part, refused, target=store.id)] if refused else []
    facts: dict[str, object] = {"number": receipt.number, "supplier": receipt.supplier or "—"}
    facts |= {"lines": [f"{line.label} × {line.taken}" for line in receipt.lines if line.taken]}
    told = [Notice("notice.stock-in", (by.id, Audience.WAREHOUSE, Audience.BUYER), facts)]
    if bad := [f"{line.label} × {line.refused}" for line in receipt.lines if line.refused]:
        more: dict[str, object] = {"number": receipt.number, "lines": bad}
        more |= {"reasons": [line.reason for line in receipt.lines if line.refused]}
        photos = tuple(line.photo for line in receipt.lines if line.photo)
        told.append(Notice("notice.goods-refused", (Audience.PLANNER, Audience.BUYER), more, photos=photos))
    entry = Entry("goods_receipt.booked", {"source": receipt.source, "n": len(receipt.lines)}, "PRT-9")
    return Ruling(receipt, (entry,), tuple(told), moves=tuple(moves))
