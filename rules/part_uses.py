"""What of an order's parts was used, what became of the old ones, and the write-off (PRT-4, PRT-5, PRT-7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from rules.cases import Case, require_for, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.goods import Goods, GoodsStage
from rules.orders import WorkOrder
from rules.people import Deed, Person, may
from rules.policies import Policy
from rules.refusals import Refused
from rules.stock import Move, MoveKind, Part, Place, move
from rules.terms import Terms

OLD_PARTS = ("returned", "to_be_returned", "customer_kept", "lost", "none_existed", "mailed_not_recoverable")
"""What can have become of an old part (PRT-5)."""
_AGREED = frozenset({"customer_kept", "lost"})
BROUGHT_BACK = ("returned", "to_be_returned")
"""An old part that comes back has a tag, and a picture where it has to come back (VIS-9)."""


class Disposal(StrEnum):
    """What is done with an old part (PRT-7)."""

    CLAIM = "claim"
    REUSE = "reuse"
    SCRAP = "scrap"
    TO_CUSTOMER = "to_customer"


@dataclass(frozen=True)
class Used:
    """One line of the report with what the store made of it."""

    name: str
    quantity: int
    old_part: str = ""  # empty: not answered yet
    reason: str = ""
    agreed_by: int | None = None  # who let it pass that the old part doesn't come back
    received_by: int | None = None  # who has the old part in the store
    disposal: str = ""
    photo: str = ""  # of the old part as it was packed (VIS-9)

    @property
    def label(self) -> str:
        return f"{self.name} × {self.quantity}"


@dataclass(frozen=True)
class Booked:
    """How many of a part were booked out of a place for this order."""

    place: int
    part: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class PartUse(Case):
    """The account of the parts of one order or of one repair in the workshop, up to the write-off (備用件銷帳)."""

    kind: ClassVar[str] = "part_use"
    stage: str = "open"  # open | written_off
    technician: int
    about_number: str
    lines: tuple[Used, ...] = ()
    parts: Mapping[str, int] = field(default_factory=dict)  # a line's words -> the catalogue's part
    booked: tuple[Booked, ...] = ()
    store: int = 0  # where its old parts lie
    written_off_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.WAREHOUSE,) if self.is_open else ()

    def seen_by(self, person: Person) -> bool:
        """Whoever used them, and who has to do with it in the branch."""
        return person.id == self.technician or may(person, Deed.SEE_STOCK, self.ties)

    @property
    def wanted(self) -> dict[int, int]:
        """part -> pieces that the report says were used, as far as they have a catalogue number."""
        found: dict[int, int] = {}
        for line in self.lines:
            if line.name in self.parts:
                found[self.parts[line.name]] = found.get(self.parts[line.name], 0) + line.quantity
        return found

    @property
    def used(self) -> dict[int, int]:
        """part -> pieces that were booked out."""
        found: dict[int, int] = {}
        for one in self.booked:
            found[one.part] = found.get(one.part, 0) + one.quantity
        return found

    @property
    def unbooked(self) -> tuple[Used, ...]:
        """Lines without a catalogue number, or of a part of which nobody had enough."""
        short = {part for part, n in self.wanted.items() if self.used.get(part, 0) < n}
        return tuple(line for line in self.lines if self.parts.get(line.name) is None or self.parts[line.name] in short)


def tag_of(order_number: str, n: int) -> str:
    """What is written on the tag of an order's n-th old part, from 1 (VIS-9)."""
    return f"{order_number}-P-{n}"


def require_old_parts(order: WorkOrder, policy: Policy) -> None:
    """Nobody leaves with an old part that is not answered for (PRT-5). Raises Refused."""
    left = [f"{one['name']} × {one['quantity']}" for one in order.found_parts() if not one.get("old_part")]
    if left and policy.parts.old_part != "off":
        raise Refused("old-part-open", rule="PRT-5", offer="parts", parts=left)


def tell(
    use: PartUse,
    lines: Sequence[Mapping[str, Any]],
    held: Mapping[tuple[int, int], int],
    vans: Sequence[int],
    *,
    has_catalogue: bool = True,
) -> Ruling[PartUse]:
    """Follow the report: what it says was used is booked out of the technicians' vans, as far as they have it (PRT-6, PRT-12).

    `held` are the balances by (place, part). What nobody has on his account stays unbooked: the report says what happened, and
    the storekeeper hears of it, in a company that has a catalogue. Nothing is ever taken that is not there (PRT-2).
    """
    known = dict(use.parts) | {str(one["name"]): int(one["part"]) for one in lines if one.get("part")}
    after = replace(use, lines=tuple(_line(one, use.lines) for one in lines), parts=known)
    ruling = _booked(use, after, held, vans)
    return ruling if has_catalogue else replace(ruling, notices=())


def _line(told: Mapping[str, Any], before: Iterable[Used]) -> Used:
    """A line as the report has it now; what the store did with the same line before stays."""
    line = Used(
        str(told["name"]), int(told["quantity"]), str(told.get("old_part") or ""), str(told.get("old_reason") or ""),
        photo=str(told.get("old_photo") or ""),
    )  # fmt: skip
    same = (one for one in before if (one.name, one.quantity, one.old_part) == (line.name, line.quantity, line.old_part))
    return next((replace(one, reason=line.reason, photo=line.photo) for one in same), line)


def give_number(
    use: PartUse, name: str, part: Part, held: Mapping[tuple[int, int], int], vans: Sequence[int],
    *, by: Person, now: datetime, terms: Terms,
) -> Ruling[PartUse]:  # fmt: skip
    """Say which catalogue number a free text is; it is booked like any other then, or refused when nobody has it (PRT-2)."""
    require_for(use, by, Deed.KEEP_STOCK)
    require_open(use)
    if name not in {line.name for line in use.lines}:
        raise Refused("no-such-line", rule="PRT-8")
    ruling = _booked(use, replace(use, parts={**use.parts, name: part.id}), held, vans)
    if part.id in {ruling.after.parts.get(line.name) for line in ruling.after.unbooked}:
        missing = ruling.after.wanted[part.id] - ruling.after.used.get(part.id, 0)
        raise Refused("not-in-hand", rule="PRT-2", part=part.label, quantity=missing)
    entry = Entry("part_use.numbered", {"part": part.id}, "PRT-8")
    return replace(ruling, journal=(entry, *ruling.journal), notices=())


def _booked(before: PartUse, after: PartUse, held: Mapping[tuple[int, int], int], vans: Sequence[int]) -> Ruling[PartUse]:
    """Bring what is booked in line with what is wanted, part by part."""
    moves: list[Move] = []
    booked = {(one.place, one.part): one.quantity for one in before.booked}
    for part in {*before.used, *after.wanted}:
        change = after.wanted.get(part, 0) - before.used.get(part, 0)
        for place in vans if change > 0 else [place for place, one in booked if one == part]:
            have = held.get((place, part), 0) if change > 0 else booked[place, part]
            n = min(abs(change), have) * (1 if change > 0 else -1)
            if not n:
                continue
            booked[place, part] = booked.get((place, part), 0) + n
            change -= n
            moves.append(move(MoveKind.USED, part, n, source=place) if n > 0 else move(MoveKind.UNUSED, part, -n, target=place))
            if not change:
                break
    kept = tuple(Booked(place, part, n) for (place, part), n in booked.items() if n)
    after = replace(after, booked=kept)
    facts = {"moves": [[str(one.kind), one.part, one.quantity] for one in moves], "n_unbooked": len(after.unbooked)}
    told: tuple[Notice, ...] = ()
    if after.unbooked and after.unbooked != before.unbooked:
        names = [line.label for line in after.unbooked]
        told = (Notice("notice.parts-unbooked", (Audience.WAREHOUSE,), {"number": after.about_number, "parts": names}),)
    return Ruling(after, (Entry("part_use.booked", facts, "PRT-12"),) if moves or told else (), told, moves=tuple(moves))


def agree(use: PartUse, *, by: Person, now: datetime, terms: Terms) -> Ruling[PartUse]:
    """A superior lets it pass that the customer kept an old part or that it was lost; never who used it (PRT-5)."""
    require_for(use, by, Deed.APPROVE_PARTS)
    require_open(use)
    if by.id == use.technician:
        raise Refused("not-your-own", rule="PRT-5")
    lines = tuple(replace(one, agreed_by=by.id) if needs_word(one, terms.policy) else one for one in use.lines)
    if lines == use.lines:
        raise Refused("nothing-to-agree", rule="PRT-5", number=use.about_number)
    told = Notice("notice.old-parts-agreed", (use.technician,), {"number": use.about_number}, is_must=False)
    n = sum(one != other for one, other in zip(lines, use.lines, strict=True))
    return Ruling(replace(use, lines=lines), (Entry("part_use.agreed", {"n": n}, "PRT-5"),), (told,))


def needs_word(line: Used, policy: Policy) -> bool:
    """Whether a superior has to let it pass that the old part of a line doesn't come back."""
    strict = frozenset(OLD_PARTS[2:]) if policy.parts.old_part == "required" else _AGREED
    return line.agreed_by is None and line.old_part in strict and policy.parts.old_part != "off"


def receive_old(use: PartUse, n: int, store: Place, *, by: Person, now: datetime, terms: Terms) -> Ruling[PartUse]:
    """An old part is in the store: never received by who should have brought it, when that is another's post (PRT-4)."""
    require_for(use, by, Deed.KEEP_STOCK)
    require_open(use)
    line = _numbered(use, n)
    if line.received_by is not None:
        raise Refused("old-part-here", rule="PRT-4", part=line.label)
    if by.id == use.technician:
        raise Refused("not-your-own", rule="PRT-4")
    answered = line.old_part if line.old_part in ("returned", "to_be_returned") else "returned"
    after = _with(use, n, replace(line, received_by=by.id, old_part=answered))
    part = use.parts.get(line.name)
    moves = (move(MoveKind.OLD_IN, part, line.quantity, target=store.id),) if part else ()
    entry = Entry("part_use.old_received", {"line": n, "quantity": line.quantity}, "PRT-4")
    told = Notice(
        "notice.old-part-received", (use.technician,), {"number": use.about_number, "part": line.label}, is_must=False
    )
    return Ruling(replace(after, store=store.id), (entry,), (told,), moves=moves)


def dispose(use: PartUse, n: int, disposal: Disposal, *, by: Person, now: datetime, terms: Terms) -> Ruling[PartUse]:
    """What becomes of an old part: claimed, repaired and used again, scrapped, or given to the customer (PRT-7, PRT-20)."""
    require_for(use, by, Deed.KEEP_STOCK)
    line = _numbered(use, n)
    if line.received_by is None or line.disposal:
        raise Refused("old-part-not-here", rule="PRT-7", part=line.label)
    part = use.parts.get(line.name)
    moves: list[Move] = []
    if part and use.store:
        moves = [move(MoveKind.OLD_OUT, part, line.quantity, source=use.store, note=str(disposal))]
        if disposal is Disposal.REUSE:
            moves.append(move(MoveKind.RECEIVED, part, line.quantity, target=use.store, note=str(disposal)))
    entry = Entry("part_use.disposed", {"line": n, "disposal": disposal}, "PRT-7")
    return Ruling(_with(use, n, replace(line, disposal=str(disposal))), (entry,), moves=tuple(moves))


def lacking(use: PartUse, about: WorkOrder | Goods, policy: Policy, left: Sequence[str] = ()) -> list[dict[str, Any]]:
    """What the write-off still needs, as texts: signed report, leader's consent, each old part, parts not answered for (PRT-4).

    The approval of the requisition and this consent are two (X-26): the leader's word on the report after the use. Of a repair
    in the workshop these are the customer's signature at the return and the inspection.
    """
    is_signed, has_consent = _of_repair(about) if isinstance(about, Goods) else _of_visit(about)
    found: list[dict[str, Any]] = []
    if not is_signed:
        found.append({"text": "write_off.signed-report"})
    if not has_consent:
        found.append({"text": "write_off.consent"})
    for line in use.lines if policy.parts.old_part != "off" else ():
        if line.received_by is None and (line.old_part in ("", "returned", "to_be_returned") or needs_word(line, policy)):
            key = "agreement" if needs_word(line, policy) else "old-part"
            found.append({"text": f"write_off.{key}", "facts": {"part": line.label}})
    found += [{"text": "write_off.number", "facts": {"part": line.label}} for line in use.unbooked]
    return found + [{"text": "write_off.balance", "facts": {"part": one}} for one in left]


def _of_visit(order: WorkOrder) -> tuple[bool, bool]:
    return order.seal is not None or "unsigned" in order.overrides, order.approved_by is not None


def _of_repair(goods: Goods) -> tuple[bool, bool]:
    """What went by post nobody signs for, and what was settled otherwise is the supervisor's word already."""
    is_gone = goods.stage in (GoodsStage.MAILED, GoodsStage.SETTLED)
    has_passed = any(one.has_passed for one in goods.inspections) or bool(goods.settlement)
    return goods.acceptance is not None or is_gone, has_passed


def write_off(
    use: PartUse, about: WorkOrder | Goods, left: Sequence[str] = (), *, by: Person, now: datetime, terms: Terms
) -> Ruling[PartUse]:
    """Write the parts of an order or a repair off; what is missing is named (PRT-4)."""
    require_for(use, by, Deed.WRITE_OFF)
    require_open(use)
    if by.id == use.technician:
        raise Refused("not-your-own", rule="PRT-4")
    if missing := lacking(use, about, terms.policy, left):
        raise Refused("write-off-lacks", rule="PRT-4", missing=missing)
    after = replace(use, stage="written_off", closed_at=now, written_off_by=by.id)
    return Ruling(after, (Entry("part_use.written_off", {"n": len(use.lines)}, "PRT-4"),))


def _numbered(use: PartUse, n: int) -> Used:
    if not 0 <= n < len(use.lines):
        raise Refused("no-such-line", rule="PRT-4")
    return use.lines[n]


def _with(use: PartUse, n: int, line: Used) -> PartUse:
    return replace(use, lines=(*use.lines[:n], line, *use.lines[n + 1 :]))
