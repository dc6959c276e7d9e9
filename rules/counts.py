"""Stocktakes: blind, explained, agreed to, then booked (PRT-12, PRT-13)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, may
from rules.refusals import Refused
from rules.stock import Move, MoveKind, move, whole
from rules.terms import Terms


@dataclass(frozen=True)
class Counted:
    """One part: what the book had when it was counted, and what was there. Nobody sees the book before he has counted."""

    part: int
    label: str
    counted: int | None = None
    book: int | None = None
    reason: str = ""

    @property
    def difference(self) -> int:
        return 0 if self.counted is None or self.book is None else self.counted - self.book


@dataclass(frozen=True, kw_only=True)
class Count(Case):
    """A stocktake of one place (盤點)."""

    kind: ClassVar[str] = "count"
    stage: str = "counting"  # counting | explained | booked
    place: int
    reason: str = "asked"  # asked | month | quarter | moved
    lines: tuple[Counted, ...]
    counters: tuple[int, ...] = ()
    agreed_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.stage == "explained":
            return (Audience.PLANNER,)
        return (Audience.WAREHOUSE,) if self.is_open else ()

    def seen_by(self, person: Person) -> bool:
        return may(person, Deed.SEE_STOCK, self.ties)

    @property
    def left(self) -> tuple[Counted, ...]:
        """What nobody has counted yet."""
        return tuple(line for line in self.lines if line.counted is None)

    @property
    def differences(self) -> tuple[Counted, ...]:
        return tuple(line for line in self.lines if line.difference)


def begin(count: Count, *, by: Person | None, now: datetime, terms: Terms) -> Ruling[Count]:
    """Open a stocktake; the calendar does it by itself at the beginning of a month and a quarter (PRT-13)."""
    if by is not None:
        require_for(count, by, Deed.COUNT_STOCK)
    if not count.lines:
        raise Refused("nothing-to-count", rule="PRT-13")
    told = Notice("notice.count", (Audience.WAREHOUSE,), {"number": count.number, "n": len(count.lines)})
    entry = Entry("count.opened", {"place": count.place, "reason": count.reason, "n": len(count.lines)}, "PRT-13")
    return Ruling(count, (entry,), () if by is not None else (told,))


def note(
    count: Count, counted: Mapping[int, int], book: Mapping[int, int], *, by: Person, now: datetime, terms: Terms
) -> Ruling[Count]:
    """What was counted, part by part, against the book of that moment (PRT-13)."""
    require_for(count, by, Deed.COUNT_STOCK)
    require_at(count, "counting")
    found = {part: whole(n, least=0) for part, n in counted.items()}
    lines = tuple(
        replace(line, counted=found[line.part], book=book.get(line.part, 0)) if line.part in found else line
        for line in count.lines
    )
    after = replace(count, lines=lines, counters=tuple(dict.fromkeys([*count.counters, by.id])))
    entry = Entry("count.noted", {"n": len(found)}, "PRT-13")
    if after.left or after.differences:
        return Ruling(after, (entry,))
    return Ruling(replace(after, stage="booked", closed_at=now), (entry, Entry("count.booked", {"n": 0}, "PRT-13")))


def explain(count: Count, reason: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Count]:
    """Whoever counted says where the differences come from; then another one has to agree (PRT-13)."""
    require_for(count, by, Deed.COUNT_STOCK)
    require_at(count, "counting")
    if count.left:
        raise Refused("count-unfinished", rule="PRT-13", parts=[line.label for line in count.left])
    if not reason.strip():
        raise Refused("reason-missing", rule="PRT-13")
    lines = tuple(replace(line, reason=reason) if line.difference else line for line in count.lines)
    after = replace(count, lines=lines, stage="explained")
    facts = {"number": count.number, "reason": reason, "by_id": by.id}
    facts |= {"lines": [f"{line.label} {line.difference:+d}" for line in count.differences]}
    entry = Entry("count.explained", {"n": len(count.differences)}, "PRT-13")
    return Ruling(after, (entry,), (Notice("notice.count-differs", (Audience.PLANNER, Audience.SUPERVISOR), facts),))


def adjust(count: Count, *, by: Person, now: datetime, terms: Terms) -> Ruling[Count]:
    """Agree to the differences, never to one's own count; the book then follows the shelf (PRT-13, PRT-16)."""
    require_for(count, by, Deed.ADJUST_STOCK)
    require_at(count, "explained")
    if by.id in count.counters:
        raise Refused("not-your-own", rule="PRT-13")
    moves: list[Move] = []
    for line in count.differences:
        n = line.difference
        where = {"target": count.place} if n > 0 else {"source": count.place}
        moves.append(move(MoveKind.FOUND if n > 0 else MoveKind.MISSED, line.part, abs(n), note=line.reason, **where))
    after = replace(count, stage="booked", closed_at=now, agreed_by=by.id)
    entry = Entry("count.booked", {"n": len(moves)}, "PRT-13")
    told = Notice("notice.count-booked", count.counters, {"number": count.number}, is_must=False)
    return Ruling(after, (entry,), (told,), moves=tuple(moves))


def count_again(count: Count, *, by: Person, now: datetime, terms: Terms) -> Ruling[Count]:
    """The differences are not believed: they are counted once more, blind again (PRT-13)."""
    require_for(count, by, Deed.ADJUST_STOCK)
    require_at(count, "explained")
    lines = tuple(replace(line, counted=None, book=None, reason="") if line.difference else line for line in count.lines)
    after = replace(count, lines=lines, stage="counting")
    told = Notice("notice.count", (Audience.WAREHOUSE,), {"number": count.number, "n": len(after.left)})
    return Ruling(after, (Entry("count.again", {"n": len(after.left)}, "PRT-13"),), (told,))


def require_at(count: Count, stage: str) -> None:
    """Raise Refused when it has moved on from this stage."""
    require_open(count)
    if count.stage != stage:
        raise Refused("count-passed", rule="PRT-13", number=count.number)
