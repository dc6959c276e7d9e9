"""Parts sent to service stations and back: an account of their own, confirmed by both sides (PRT-14)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, may
from rules.refusals import Refused
from rules.stock import MoveKind, Place, PlaceKind, move, whole
from rules.terms import Terms


@dataclass(frozen=True)
class Sent:
    """One part on its way."""

    part: int
    label: str
    sent: int
    arrived: int = 0

    @property
    def missing(self) -> int:
        return self.sent - self.arrived


@dataclass(frozen=True, kw_only=True)
class Transfer(Case):
    """Parts from one account to another of the branch, in transit until whoever gets them has said so."""

    kind: ClassVar[str] = "transfer"
    stage: str = "sent"  # sent | partial | arrived
    source: int
    target: int
    target_name: str = ""  # empty: the branch's store
    keeper: int | None = None  # whose station the target is; empty for the store
    lines: tuple[Sent, ...]
    sender: int = 0
    confirmed_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if not self.is_open:
            return ()
        return (self.keeper,) if self.keeper is not None else (Audience.STATION if self.target_name else Audience.WAREHOUSE,)

    def seen_by(self, person: Person) -> bool:
        """Both sides."""
        is_side = person.id in (self.sender, self.keeper) or may(person, Deed.CONFIRM_ARRIVAL, self.ties)
        return is_side or may(person, Deed.SEE_STOCK, self.ties)


def send(transfer: Transfer, target: Place, *, by: Person, now: datetime, terms: Terms) -> Ruling[Transfer]:
    """Send parts off: they have left one account and are not in the other before it is confirmed (PRT-14)."""
    require_for(transfer, by, Deed.KEEP_STOCK)
    if not transfer.lines:
        raise Refused("requisition-empty", rule="PRT-14", most=30)
    moves = tuple(
        move(MoveKind.SENT, line.part, whole(line.sent, part=line.label), source=transfer.source, target=transfer.target)
        for line in transfer.lines
    )
    facts: dict[str, object] = {"number": transfer.number, "place": target.name if target.kind is PlaceKind.STATION else "—"}
    facts |= {"lines": [f"{line.label} × {line.sent}" for line in transfer.lines]}
    entry = Entry("transfer.sent", {"lines": [[one.part, one.quantity] for one in moves]}, "PRT-14")
    told = Notice("notice.transfer", transfer.owners, facts)
    return Ruling(replace(transfer, sender=by.id), (entry,), (told,), moves=moves)


def confirm(transfer: Transfer, quantities: Mapping[int, int], *, by: Person, now: datetime, terms: Terms) -> Ruling[Transfer]:
    """The other side says what came, never who sent it. What is missing stays in transit; the sender hears of it (PRT-14)."""
    if by.id != transfer.keeper:
        require_for(transfer, by, Deed.CONFIRM_ARRIVAL if transfer.target_name else Deed.KEEP_STOCK)
    require_open(transfer)
    if by.id == transfer.sender:
        raise Refused("not-your-own", rule="PRT-14")
    lines, moves = [], []
    for line in transfer.lines:
        n = whole(quantities.get(line.part, 0), part=line.label, least=0)
        if n > line.missing:
            raise Refused("return-too-much", rule="PRT-14", part=line.label, quantity=n, open=line.missing)
        lines.append(replace(line, arrived=line.arrived + n))
        moves += [move(MoveKind.ARRIVED, line.part, n, source=transfer.target, target=transfer.target)] if n else []
    if not moves:
        raise Refused("nothing-to-issue", rule="PRT-14", number=transfer.number)
    missing = [f"{line.label} × {line.missing}" for line in lines if line.missing]
    after = replace(transfer, lines=tuple(lines), confirmed_by=by.id, stage="partial" if missing else "arrived")
    after = after if missing else replace(after, closed_at=now)
    text = "notice.transfer-short" if missing else "notice.transfer-arrived"
    facts = {"number": transfer.number, "lines": missing} if missing else {"number": transfer.number}
    entry = Entry("transfer.confirmed", {"lines": [[one.part, one.quantity] for one in moves]}, "PRT-14")
    return Ruling(after, (entry,), (Notice(text, (transfer.sender,), facts),), moves=tuple(moves))
