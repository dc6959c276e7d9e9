"""What is done with parts: load, decide, record (PRT)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.flows.papers import Words
from handlers.flows.stock import Asked, Delivered, Numbers
from handlers.said import button
from handlers.turn import Turn
from rules import counts, errands, part_uses, receipts, requisitions
from rules.counts import Count, Counted
from rules.decisions import Audience, Ruling
from rules.goods import Goods
from rules.orders import Step, WorkOrder
from rules.part_uses import Disposal, PartUse
from rules.people import Deed, may, require
from rules.receipts import Arrival, GoodsReceipt
from rules.requisitions import Line, Requisition
from rules.stock import Part, Place
from rules.tasks import open_task
from storage import cases, people, stock, subjects
from storage.numbers import yearly_number


def branch_of(turn: Turn) -> str:
    return turn.person.branch or turn.company.branch


def store_for(turn: Turn, branch: str) -> Place:
    return stock.store_of(turn.connection, branch, now=turn.now)


def follow_report(turn: Turn, order: WorkOrder) -> None:
    """After a report of parts: what was used leaves the vans, and requisitions know what became of theirs (PRT-6, PRT-12)."""
    if order.found_parts() or cases.about(turn.connection, PartUse, order.subject):
        _follow(turn, order, order.found_parts(), order.findings[Step.PARTS].by)


def follow_repair(turn: Turn, goods: Goods) -> None:
    """The same after a part was fitted in the workshop (WKS-4)."""
    lines = [{name: getattr(one, name) for name in _FITTED} for one in goods.parts]
    _follow(turn, goods, lines, goods.parts[-1].by)


_FITTED = ("name", "quantity", "part", "old_part", "old_reason", "old_photo")


def _follow(turn: Turn, about: WorkOrder | Goods, lines: Sequence[Mapping[str, Any]], by: int) -> None:
    known = cases.about(turn.connection, PartUse, about.subject)
    use = known[0] if known else None
    drafted = use or PartUse(
        number=f"{about.number}-P", branch=about.branch, opened_at=turn.now, about=about.subject, about_number=about.number,
        technician=by, policy_version=turn.terms.policy.version,
    )  # fmt: skip
    vans = _vans(turn, about, by)
    held, has_catalogue = stock.held(turn.connection, vans), stock.has_catalogue(turn.connection)
    ruling = part_uses.tell(drafted, lines, held, vans, has_catalogue=has_catalogue)
    _count_use(turn, turn.unit.record(use, ruling, by=turn.person.id))


def _vans(turn: Turn, about: WorkOrder | Goods, first: int) -> list[int]:
    """The vans of who was there or worked on it, that of who reports first."""
    people_there = about.repairers if isinstance(about, Goods) else about.crew
    found = stock.vans(turn.connection, {first, *people_there})
    return [one.id for one in sorted(found, key=lambda one: one.person != first)]


def _count_use(turn: Turn, use: PartUse) -> None:
    left = use.used
    for one in cases.about(turn.connection, Requisition, use.about):
        ruling = requisitions.count_use(one, left, now=turn.now)
        after = turn.unit.record(one, ruling, by=turn.person.id)
        left = {part: n - sum(line.used for line in after.lines if line.part == part) for part, n in left.items()}


def require_balanced(turn: Turn, about: WorkOrder | Goods) -> None:
    """Nobody closes a trip or a repair whose parts are not answered for (PRT-6). Raises Refused."""
    requisitions.require_balanced(cases.about(turn.connection, Requisition, about.subject))


def parts_asked(turn: Turn, about: WorkOrder | Goods | None, outcome: Asked) -> None:
    """A requisition goes to the superior; the parts will be issued to whoever asked (PRT-1)."""
    require(turn.person, Deed.ASK_PARTS)
    wanted: dict[int, Line] = {}
    for part, n in outcome.lines:
        before = wanted.get(part.id)
        wanted[part.id] = Line(part.id, part.number, part.name, n + (before.asked if before else 0))
    branch = branch_of(turn)
    van = stock.van_of(turn.connection, turn.person.id, branch, now=turn.now)
    drafted = Requisition(
        number=yearly_number(turn.connection, "L", turn.terms, turn.now), branch=branch, opened_at=turn.now,
        requester=turn.person.id, lines=tuple(wanted.values()), proposal=outcome.proposal, van=van.id,
        about=about.subject if about else "", about_number=about.number if about else "",
        policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, requisitions.ask(drafted, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.requisition", number=kept.number)


def record(turn: Turn, case: cases.C, ruling: Ruling[cases.C], done: str, **facts: Any) -> cases.C:
    """Store a ruling and show the one who gave it the card, headed by what was done."""
    after = turn.unit.record(case, ruling, by=turn.person.id)
    if not any(turn.person.id in notice.to for notice in ruling.notices):
        turn.show(after.subject, done, number=after.number, **facts)
    return after


def rejected(turn: Turn, requisition: Requisition, outcome: Words) -> None:
    record(turn, requisition, requisitions.reject(requisition, outcome.text, **turn.deed), "done.req-rejected")


def issue(turn: Turn, requisition: Requisition, quantities: dict[int, int]) -> None:
    """Hand parts over from the branch's store."""
    store = store_for(turn, requisition.branch)
    record(turn, requisition, requisitions.issue(requisition, quantities, store, **turn.deed), "done.req-issued")


def issued(turn: Turn, requisition: Requisition, outcome: Numbers) -> None:
    issue(turn, requisition, outcome.quantities)


def came_back(turn: Turn, requisition: Requisition, outcome: Numbers) -> None:
    store, ((part, n),) = store_for(turn, requisition.branch), outcome.quantities.items()
    record(turn, requisition, requisitions.take_back(requisition, part, n, store, **turn.deed), "done.req-back")


def lost(turn: Turn, requisition: Requisition, outcome: Numbers) -> None:
    ((part, n),) = outcome.quantities.items()
    ruling = requisitions.report_loss(requisition, part, n, outcome.words, **turn.deed)
    record(turn, requisition, ruling, "done.req-loss")


def numbered(turn: Turn, use: PartUse, outcome: Words) -> None:
    """A free text has its catalogue number; it is booked out of the technician's van (PRT-8)."""
    part = outcome.picked
    assert isinstance(part, Part)  # the flow goes on until one is found
    vans = _vans(turn, _about(turn, use), use.technician)
    held = stock.held(turn.connection, vans)
    after = record(turn, use, part_uses.give_number(use, outcome.text, part, held, vans, **turn.deed), "done.use-number")
    _count_use(turn, after)


def _about(turn: Turn, use: PartUse) -> WorkOrder | Goods:
    """The order or the repair whose parts these are."""
    found = subjects.by_name(turn.connection, use.about)
    assert isinstance(found, WorkOrder | Goods)  # an account of parts begins with one of them
    return found


def write_off(turn: Turn, use: PartUse) -> None:
    left = requisitions.unbalanced(cases.about(turn.connection, Requisition, use.about))
    record(turn, use, part_uses.write_off(use, _about(turn, use), left, **turn.deed), "done.use-written-off")


def disposed(turn: Turn, use: PartUse, outcome: Words) -> None:
    record(turn, use, part_uses.dispose(use, outcome.picked, Disposal(outcome.more), **turn.deed), "done.use-disposed")


def received(turn: Turn, _subject: object, outcome: Delivered) -> None:
    """Goods are in the book the same moment; two copies go out (PRT-9, PRT-12)."""
    require(turn.person, Deed.KEEP_STOCK)
    branch = branch_of(turn)
    store = store_for(turn, branch)
    drafted = GoodsReceipt(
        number=yearly_number(turn.connection, "GR", turn.terms, turn.now), branch=branch, opened_at=turn.now,
        closed_at=turn.now, source=outcome.source, supplier=outcome.supplier,
        lines=tuple(Arrival(**line) for line in outcome.lines), store=store.id, received_by=turn.person.id,
        policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, receipts.receive(drafted, store, **turn.deed), by=turn.person.id)
    _see_to_refused(turn, kept)
    turn.show(kept.subject, "done.stock-in", number=kept.number)


def _see_to_refused(turn: Turn, receipt: GoodsReceipt) -> None:
    """What was refused is a task of the planner's and one of the buyer's; an empty post falls to whoever is above (PRT-16)."""
    posts = (Audience.PLANNER, Audience.BUYER)
    planner, buyer = (next(iter(people.audience(turn.connection, one, receipt.branch)), None) for one in posts)
    for task in errands.of_refused_goods(receipt, planner, buyer, turn.now, turn.terms):
        turn.unit.record(None, open_task(task, now=turn.now), by=turn.person.id)


def begin_count(turn: Turn, place: Place) -> None:
    """Somebody wants a place counted: whatever is there by the book, without its figures (PRT-13)."""
    require(turn.person, Deed.COUNT_STOCK)
    lines = tuple(Counted(part.id, part.label) for part, _n in stock.kept(turn.connection, place.id))
    drafted = Count(
        number=yearly_number(turn.connection, "I", turn.terms, turn.now), branch=place.branch, opened_at=turn.now,
        place=place.id, lines=lines, policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, counts.begin(drafted, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.count", number=kept.number)


def counted(turn: Turn, count: Count, outcome: Numbers) -> None:
    """What was counted is set beside the book of this moment."""
    held = stock.held(turn.connection, [count.place])
    book = {part: n for (_place, part), n in held.items()}
    record(turn, count, counts.note(count, outcome.quantities, book, **turn.deed), "done.count-noted")


def explained(turn: Turn, count: Count, outcome: Words) -> None:
    record(turn, count, counts.explain(count, outcome.text, **turn.deed), "done.count-explained")


def simply(decide: Callable[..., Ruling[cases.C]], done: str) -> Callable[[Turn, cases.C], None]:
    """A button that decides without asking."""

    def act(turn: Turn, case: cases.C) -> None:
        record(turn, case, decide(case, **turn.deed), done)

    return act


def receive_old(turn: Turn, use: PartUse, n: int) -> None:
    store = store_for(turn, use.branch)
    record(turn, use, part_uses.receive_old(use, n, store, **turn.deed), "done.use-old")


def name_of(turn: Turn, place: Place) -> object:
    """What people call a place."""
    if place.person is not None and place.kind == "van":
        return people.name_of(turn.connection, place.person)
    return {"text": "place.store"} if place.kind == "store" else place.name


def found(turn: Turn, _subject: object, outcome: Words) -> None:
    """A part's card: where it is, and what moved (PRT-12)."""
    require(turn.person, Deed.SEE_STOCK)
    show_part(turn, outcome.picked)


def show_part(turn: Turn, part: Part) -> None:
    """Where a part is kept, then the last lines of its card in the branch's store."""
    lines = [
        {"text": "stock.where", "facts": {"place": name_of(turn, place), "quality": {"text": f"quality.{quality}"}, "n": n}}
        for place, quality, n in stock.whereabouts(turn.connection, part.id)
    ]
    store = store_for(turn, branch_of(turn))
    for one in stock.card(turn.connection, store.id, part.id):
        kind = {"text": f"move.{one.kind}"}
        facts = {"at": one.at, "kind": kind, "change": f"{one.change:+d}", "balance": one.balance, "by_id": one.by or 0}
        lines.append({"text": "stock.card-line" if one.by else "stock.card-line-nobody", "facts": facts})
    facts = {"part": part.label, "spec": part.spec or "—", "bin": part.bin or "—"}
    rows = [[button("stock.labels", f"i.labels.{part.id}")]] if may(turn.person, Deed.KEEP_STOCK) else []
    turn.reply("stock.card", facts, lines=lines or [{"text": "stock.nowhere", "facts": {}}], rows=rows)
