"""The requisition: asked for, approved, drawn, used, brought back (PRT-1..3, PRT-6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_for, require_open
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Deed, Person, may, on_behalf, require
from rules.refusals import Refused
from rules.stock import MoveKind, Place, move, whole
from rules.terms import Terms

MOST_LINES = 30


class RequisitionStage(StrEnum):
    """Where a requisition stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    RELEASED = "released"  # signed by the allocator, where the profile has one (PRT-3)
    PARTIAL = "partial"
    ISSUED = "issued"
    SETTLED = "settled"  # every issued piece is used, back or accounted for
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = RequisitionStage


@dataclass(frozen=True)
class Line:
    """One part that was asked for, and what became of it."""

    part: int
    number: str
    name: str
    asked: int
    issued: int = 0
    used: int = 0
    returned: int = 0
    lost: int = 0

    @property
    def open(self) -> int:
        """Pieces in the technician's hands that are not answered for."""
        return self.issued - self.used - self.returned - self.lost

    @property
    def owed(self) -> int:
        """Pieces that are still to be issued."""
        return self.asked - self.issued

    @property
    def label(self) -> str:
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True)
class Loss:
    """Pieces that were lost, as whoever had them says; it counts when a superior has agreed."""

    part: int
    quantity: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Requisition(Case):
    """A spare-part requisition (備用件領料單)."""

    kind: ClassVar[str] = "requisition"
    stage: str = RequisitionStage.REQUESTED
    requester: int
    lines: tuple[Line, ...]
    proposal: str = ""  # how the fault is to be handled (PRT-1)
    about_number: str = ""
    van: int = 0  # the place that the parts are issued to
    approved_by: int | None = None
    released_by: int | None = None
    issued_by: int | None = None
    remarks: str = ""
    losses: tuple[Loss, ...] = ()

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.stage == _S.REQUESTED:
            return (Audience.SUPERVISOR,)
        return (Audience.WAREHOUSE,) if self.is_open else ()

    def seen_by(self, person: Person) -> bool:
        """Whoever asked, and who has to do with it in the branch."""
        return person.id == self.requester or may(person, Deed.SEE_STOCK, self.ties)

    def line(self, part: int) -> Line:
        """The line of a part. Raises Refused for one that was not asked for."""
        for one in self.lines:
            if one.part == part:
                return one
        raise Refused("part-not-asked", rule="PRT-2", number=self.number)


def ask(requisition: Requisition, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """Ask for parts, with the proposal that they are for (PRT-1)."""
    require(by, Deed.ASK_PARTS)
    if not requisition.lines or len(requisition.lines) > MOST_LINES:
        raise Refused("requisition-empty", rule="PRT-1", most=MOST_LINES)
    if not requisition.proposal.strip():
        raise Refused("proposal-missing", rule="PRT-1")
    for line in requisition.lines:
        whole(line.asked, part=line.label)
    if len({line.part for line in requisition.lines}) < len(requisition.lines):
        raise Refused("part-twice", rule="PRT-1")
    entry = Entry("requisition.asked", {"lines": [[line.part, line.asked] for line in requisition.lines]}, "PRT-1")
    told = Notice("notice.requisition", (Audience.SUPERVISOR,), _facts(requisition) | {"technician_id": by.id})
    return Ruling(requisition, (entry,), (told,))


def approve(requisition: Requisition, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """Say yes, never to oneself (PRT-1, PRT-3)."""
    require_for(requisition, by, Deed.APPROVE_PARTS)
    require_at(requisition, _S.REQUESTED)
    if by.id == requisition.requester:
        raise Refused("not-your-own", rule="PRT-3")
    behalf = on_behalf(by, Deed.APPROVE_PARTS, requisition.ties)
    next_one = Audience.ALLOCATOR if terms.policy.parts.allocator else Audience.WAREHOUSE
    return Ruling(
        replace(requisition, stage=_S.APPROVED, approved_by=by.id),
        (Entry("requisition.approved", behalf, "PRT-1"),),
        (
            Notice("notice.requisition-approved", (requisition.requester,), _facts(requisition), is_must=False),
            Notice("notice.requisition-to-issue", (next_one,), _facts(requisition)),
        ),
    )


def reject(requisition: Requisition, reason: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """Say no, with the reason (PRT-1)."""
    require_for(requisition, by, Deed.APPROVE_PARTS)
    require_at(requisition, _S.REQUESTED)
    if not reason.strip():
        raise Refused("reason-missing", rule="PRT-1")
    after = replace(requisition, stage=_S.REJECTED, closed_at=now, remarks=reason, approved_by=by.id)
    told = Notice("notice.requisition-rejected", (requisition.requester,), _facts(requisition) | {"reason": reason})
    return Ruling(after, (Entry("requisition.rejected", on_behalf(by, Deed.APPROVE_PARTS, after.ties), "PRT-1"),), (told,))


def withdraw(requisition: Requisition, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """Whoever asked needs it no more; nothing was issued yet."""
    if by.id != requisition.requester:
        raise Refused("not-yours", rule="ROL-1", roles=["technician"])
    require_at(requisition, _S.REQUESTED, _S.APPROVED, _S.RELEASED)
    after = replace(requisition, stage=_S.WITHDRAWN, closed_at=now)
    return Ruling(after, (Entry("requisition.withdrawn", {}, "PRT-1"),))


def release(requisition: Requisition, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """The allocator signs the outbound request: another than asked and approved (PRT-3)."""
    require_for(requisition, by, Deed.RELEASE_PARTS)
    require_at(requisition, _S.APPROVED)
    if by.id in (requisition.requester, requisition.approved_by):
        raise Refused("another-person", rule="PRT-3")
    told = Notice("notice.requisition-to-issue", (Audience.WAREHOUSE,), _facts(requisition))
    after = replace(requisition, stage=_S.RELEASED, released_by=by.id)
    return Ruling(after, (Entry("requisition.released", {}, "PRT-3"),), (told,))


def issue(
    requisition: Requisition, quantities: Mapping[int, int], store: Place, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Requisition]:
    """Hand parts over from a store on an approved requisition, all or some; there is no other way, for nobody (PRT-2)."""
    require_for(requisition, by, Deed.ISSUE_PARTS)
    require_issuable(requisition, terms)
    if terms.policy.parts.allocator and by.id in (requisition.requester, requisition.approved_by, requisition.released_by):
        raise Refused("another-person", rule="PRT-3")
    lines, moves = [], []
    for line in requisition.lines:
        n = whole(quantities.get(line.part, 0), part=line.label, least=0)
        if n > line.owed:
            raise Refused("issue-too-much", rule="PRT-2", part=line.label, quantity=n, owed=line.owed)
        lines.append(replace(line, issued=line.issued + n))
        moves += [move(MoveKind.ISSUED, line.part, n, source=store.id, target=requisition.van)] if n else []
    if not moves:
        raise Refused("nothing-to-issue", rule="PRT-2", number=requisition.number)
    stage = _S.PARTIAL if any(line.owed for line in lines) else _S.ISSUED
    after = replace(requisition, stage=stage, lines=tuple(lines), issued_by=by.id)
    entry = Entry("requisition.issued", {"lines": [[one.part, one.quantity] for one in moves], "place": store.id}, "PRT-2")
    told = Notice("notice.requisition-issued", (requisition.requester,), _facts(after))
    return Ruling(after, (entry,), (told,), moves=tuple(moves))


def require_issuable(requisition: Requisition, terms: Terms) -> None:
    """Raise Refused unless it is approved, and released where the profile has an allocator (PRT-2, PRT-3)."""
    if requisition.stage == _S.REQUESTED:
        raise Refused("not-approved", rule="PRT-2", number=requisition.number)
    if terms.policy.parts.allocator and requisition.stage == _S.APPROVED:
        raise Refused("not-released", rule="PRT-3", number=requisition.number)
    require_at(requisition, _S.APPROVED, _S.RELEASED, _S.PARTIAL)


def take_back(
    requisition: Requisition, part: int, quantity: int, store: Place, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Requisition]:
    """Unused parts go back to a store: never more than are still out (PRT-6)."""
    require_for(requisition, by, Deed.KEEP_STOCK)
    line = requisition.line(part)
    n = whole(quantity, part=line.label)
    if n > line.open:
        raise Refused("return-too-much", rule="PRT-6", part=line.label, quantity=n, open=line.open)
    after = _changed(requisition, replace(line, returned=line.returned + n), now)
    entry = Entry("requisition.returned", {"part": part, "quantity": n}, "PRT-6")
    told = Notice("notice.parts-back", (requisition.requester,), _facts(after), is_must=False)
    booked = move(MoveKind.RETURNED, part, n, source=requisition.van, target=store.id)
    return Ruling(after, (entry,), (told,), moves=(booked,))


def report_loss(
    requisition: Requisition, part: int, quantity: int, reason: str, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Requisition]:
    """Pieces are lost, and a superior has to agree before it counts (PRT-6)."""
    if by.id != requisition.requester:
        require_for(requisition, by, Deed.KEEP_STOCK)
    line, told_already = requisition.line(part), sum(one.quantity for one in requisition.losses if one.part == part)
    n = whole(quantity, part=line.label)
    if n + told_already > line.open:
        raise Refused("return-too-much", rule="PRT-6", part=line.label, quantity=n, open=line.open - told_already)
    if not reason.strip():
        raise Refused("reason-missing", rule="PRT-6")
    after = replace(requisition, losses=(*requisition.losses, Loss(part, n, reason)))
    facts = _facts(after) | {"part": line.label, "quantity": n, "reason": reason, "by_id": by.id}
    entry = Entry("requisition.loss_told", {"part": part, "quantity": n}, "PRT-6")
    return Ruling(after, (entry,), (Notice("notice.parts-lost", (Audience.SUPERVISOR,), facts),))


def agree_to_losses(requisition: Requisition, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """A superior agrees that they are lost; never who had them (PRT-6)."""
    require_for(requisition, by, Deed.APPROVE_PARTS)
    if by.id == requisition.requester:
        raise Refused("not-your-own", rule="PRT-6")
    if not requisition.losses:
        raise Refused("nothing-lost", rule="PRT-6", number=requisition.number)
    after, moves = requisition, []
    for one in requisition.losses:
        line = after.line(one.part)
        if one.quantity > line.open:
            raise Refused("return-too-much", rule="PRT-6", part=line.label, quantity=one.quantity, open=line.open)
        after = _changed(after, replace(line, lost=line.lost + one.quantity), now)
        moves.append(move(MoveKind.LOST, one.part, one.quantity, source=requisition.van, note=one.reason))
    entry = Entry("requisition.lost", {"lines": [[one.part, one.quantity] for one in moves]}, "PRT-6")
    told = Notice("notice.loss-agreed", (requisition.requester,), _facts(after), is_must=False)
    return Ruling(replace(after, losses=()), (entry,), (told,), moves=tuple(moves))


def count_use(requisition: Requisition, used: Mapping[int, int], *, now: datetime) -> Ruling[Requisition]:
    """What its order's report says was used of what was issued on it; the parts themselves are booked there."""
    after = requisition
    for line in requisition.lines:
        n = min(used.get(line.part, 0), line.issued - line.returned - line.lost)
        after = _changed(after, replace(line, used=n), now)
    if after == requisition:
        return Ruling(requisition)
    return Ruling(after, (Entry("requisition.used", {"lines": [[one.part, one.used] for one in after.lines]}, "PRT-6"),))


def hand_on(requisition: Requisition, part: int, *, now: datetime) -> Ruling[Requisition]:
    """Whoever asked leaves: what he still has of a part is in his successor's van, and answered for (STF-11)."""
    line = requisition.line(part)
    after = _changed(requisition, replace(line, returned=line.returned + line.open), now)
    return Ruling(after, (Entry("requisition.handed_on", {"part": part, "quantity": line.open}, "STF-11"),))


def give_up(requisition: Requisition, *, by: Person, now: datetime, terms: Terms) -> Ruling[Requisition]:
    """What was not issued yet is not wanted any more."""
    require_for(requisition, by, Deed.ISSUE_PARTS)
    require_at(requisition, _S.PARTIAL)
    lines = tuple(replace(line, asked=line.issued) for line in requisition.lines)
    after = _settled(replace(requisition, lines=lines, stage=_S.ISSUED), now)
    return Ruling(after, (Entry("requisition.given_up", {}, "PRT-2"),))


def unbalanced(requisitions: Iterable[Requisition]) -> list[str]:
    """Parts that were issued and are not answered for, as people read them (PRT-6)."""
    return [f"{one.number}: {line.label} × {line.open}" for one in requisitions for line in one.lines if line.open > 0]


def require_balanced(requisitions: Iterable[Requisition]) -> None:
    """The trip is not closed before used, returned and lost make up what was issued (PRT-6). Raises Refused."""
    if left := unbalanced(requisitions):
        raise Refused("parts-not-balanced", rule="PRT-6", parts=left)


def _changed(requisition: Requisition, line: Line, now: datetime) -> Requisition:
    lines = tuple(line if one.part == line.part else one for one in requisition.lines)
    return _settled(replace(requisition, lines=lines), now)


def _settled(requisition: Requisition, now: datetime) -> Requisition:
    """Closed when nothing is owed and nothing is out; opened again when a report was corrected."""
    if requisition.stage not in (_S.ISSUED, _S.SETTLED):
        return requisition
    is_out = any(line.open for line in requisition.lines)
    if is_out:
        return replace(requisition, stage=_S.ISSUED, closed_at=None)
    return replace(requisition, stage=_S.SETTLED, closed_at=requisition.closed_at or now)


def require_at(requisition: Requisition, *stages: RequisitionStage) -> None:
    """Raise Refused when it has moved on, and is not at one of these stages."""
    if requisition.stage not in stages:
        require_open(requisition)
        raise Refused("requisition-passed", rule="PRT-1", number=requisition.number)


def _facts(requisition: Requisition) -> dict[str, object]:
    lines = [f"{line.label} × {line.asked}" for line in requisition.lines]
    return {"number": requisition.number, "order": requisition.about_number or "—", "lines": lines}
