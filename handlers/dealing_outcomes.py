"""What is done about stations, freight, claims, back-orders and tools: load, decide, record (PRT-14, 15, 19, CLM, BKO)."""

from handlers.flows.dealings import Costs, Examined, Posted, Sending, Wanted
from handlers.flows.papers import Words
from handlers.flows.stock import Numbers
from handlers.said import said
from handlers.stock_outcomes import branch_of, record, store_for
from handlers.turn import Turn
from rules import backorders, claims, pickups, requisitions, shipments, transfers
from rules.backorders import Backorder
from rules.claims import Claim, is_claimable
from rules.orders import WorkOrder
from rules.part_uses import PartUse
from rules.people import Deed, Role, require
from rules.pickups import Pickup
from rules.refusals import Refused
from rules.requisitions import Requisition
from rules.shipments import Shipment
from rules.stock import MoveKind, Part, PartKind, Quality, move
from rules.tasks import Task, met, open_task
from rules.transfers import Sent, Transfer
from storage import cases, orders, people, stock
from storage.numbers import yearly_number
from storage.outbox import MUST


def sent(turn: Turn, _subject: object, outcome: Sending) -> None:
    """Parts leave for a station; its account has them when it has said so (PRT-14)."""
    require(turn.person, Deed.KEEP_STOCK)
    branch = branch_of(turn)
    store = store_for(turn, branch)
    station = stock.station(turn.connection, branch, outcome.name, outcome.keeper, now=turn.now)
    wanted: dict[int, Sent] = {}
    for part, n in outcome.lines:
        before = wanted.get(part.id)
        wanted[part.id] = Sent(part.id, part.label, n + (before.sent if before else 0))
    drafted = Transfer(
        number=yearly_number(turn.connection, "T", turn.terms, turn.now), branch=branch, opened_at=turn.now, source=store.id,
        target=station.id, target_name=station.name, keeper=station.person, lines=tuple(wanted.values()),
        policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, transfers.send(drafted, station, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.transfer", number=kept.number)


def all_came(turn: Turn, transfer: Transfer) -> None:
    confirm(turn, transfer, {line.part: line.missing for line in transfer.lines})


def some_came(turn: Turn, transfer: Transfer, outcome: Numbers) -> None:
    confirm(turn, transfer, outcome.quantities)


def confirm(turn: Turn, transfer: Transfer, quantities: dict[int, int]) -> None:
    record(turn, transfer, transfers.confirm(transfer, quantities, **turn.deed), "done.transfer-confirmed")


def shipped(turn: Turn, _subject: object, outcome: Posted) -> None:
    drafted = Shipment(
        number=yearly_number(turn.connection, "Y", turn.terms, turn.now), branch=branch_of(turn), opened_at=turn.now,
        words=outcome.words, carrier=outcome.carrier, tracking=outcome.tracking, cost=outcome.cost, handler=turn.person.id,
        policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, shipments.ship(drafted, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.shipment", number=kept.number)


def draft_claim(turn: Turn, order: WorkOrder) -> None:
    """When a report is approved whose fault is the supplier's, the claim is there already (CLM-1)."""
    if not is_claimable(order) or cases.about(turn.connection, Claim, order.subject):
        return
    uses = cases.about(turn.connection, PartUse, order.subject)
    number = yearly_number(turn.connection, "C", turn.terms, turn.now)
    ruling = claims.draft(order, uses[0] if uses else None, number, now=turn.now, terms=turn.terms)
    turn.unit.record(None, ruling, by=turn.person.id)


def filled(turn: Turn, claim: Claim, outcome: Costs) -> None:
    """A supplier's day is that of his last claim where none is named (CLM-2)."""
    last = [one.back_by for one in cases.every(turn.connection, Claim) if one.supplier == outcome.supplier and one.back_by]
    back_by = outcome.back_by or (max(last) if last and max(last) > turn.terms.calendar.local_day(turn.now) else None)
    ruling = claims.fill(claim, outcome.supplier, outcome.costs, back_by, **turn.deed)
    record(turn, claim, ruling, "done.claim-filled")


def examined(turn: Turn, claim: Claim, outcome: Examined) -> None:
    ruling = claims.examine(claim, outcome.cause, outcome.mileage, outcome.tag, outcome.photos, **turn.deed)
    record(turn, claim, ruling, "done.claim-examined")


def submitted(turn: Turn, claim: Claim) -> None:
    """Handed in; the storekeeper has the old parts to send back (WAR-4)."""
    after = record(turn, claim, claims.submit(claim, **turn.deed), "done.claim-submitted")
    if after.parts:
        task = claims.return_task(after, now=turn.now, terms=turn.terms)
        turn.unit.record(None, open_task(task, now=turn.now), by=turn.person.id)


def parts_sent(turn: Turn, claim: Claim, outcome: Words) -> None:
    """Gone, and nobody is asked for them any more (WAR-4)."""
    record(turn, claim, claims.send_parts(claim, outcome.text, **turn.deed), "done.claim-sent")
    for task in cases.about(turn.connection, Task, claim.subject):
        if task.is_open:
            turn.unit.record(task, met(task, outcome.text, by=turn.person, now=turn.now), by=turn.person.id)


def returned(turn: Turn, task: Task) -> None:
    """The storekeeper has sent a claim's old parts back; the claim knows it (WAR-4)."""
    claim = cases.by_id(turn.connection, Claim, int(task.about.partition(":")[2]))
    if claim is not None and claim.stage == "submitted":
        turn.unit.record(claim, claims.parts_gone(claim, task.result), by=turn.person.id)


def answered(turn: Turn, claim: Claim, outcome: Words) -> None:
    ruling = claims.note_answer(claim, outcome.more, outcome.picked, outcome.text, **turn.deed)
    record(turn, claim, ruling, "done.claim-answered")


def registered(turn: Turn, _subject: object, outcome: Wanted) -> None:
    """Who waits is a customer, recognised by his telephone, so that he hears in chat where he has one (BKO-1)."""
    require(turn.person, Deed.KEEP_BACKORDERS)
    name, phone = outcome.customer["name"], outcome.customer["phone"]
    known = people.customer_by_phone(turn.connection, phone)
    customer = known or people.add_person(turn.connection, name=name, roles=[Role.CUSTOMER], phone=phone, now=turn.now)
    drafted = Backorder(
        number=yearly_number(turn.connection, "BK", turn.terms, turn.now), branch=branch_of(turn), opened_at=turn.now,
        article=outcome.article, quantity=outcome.quantity, customer=customer.id, customer_name=name, phone=phone,
        keeper=turn.person.id, policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, backorders.register(drafted, **turn.deed), by=turn.person.id)
    if outcome.source:
        ruling = backorders.find(kept, outcome.source, outcome.promised_on, **turn.deed)
        kept = turn.unit.record(kept, ruling, by=turn.person.id)
    turn.show(kept.subject, "done.backorder", number=kept.number)


def source_found(turn: Turn, backorder: Backorder, outcome: Words) -> None:
    ruling = backorders.find(backorder, outcome.text, outcome.picked, **turn.deed)
    record(turn, backorder, ruling, "done.backorder-found")


def customer_sure(turn: Turn, backorder: Backorder, outcome: Words) -> None:
    record(turn, backorder, backorders.confirm(backorder, outcome.text, **turn.deed), "done.backorder-sure")


def contacted(turn: Turn, backorder: Backorder, outcome: Words) -> None:
    record(turn, backorder, backorders.contact(backorder, outcome.text, **turn.deed), "done.backorder-told")


def arrived(turn: Turn, backorder: Backorder) -> None:
    """Goods are in: the customer hears at once, and again until he comes (BKO-4)."""
    after = turn.unit.record(backorder, backorders.arrive(backorder, **turn.deed), by=turn.person.id)
    known = orders.last_report(turn.connection, after.customer)
    ruling = pickups.here(after, f"{after.number}-P", known.address if known else "", **turn.deed)
    turn.unit.record(None, ruling, by=turn.person.id)
    turn.show(after.subject, "done.backorder-here", number=after.number)


def closed(turn: Turn, backorder: Backorder) -> None:
    """Collected or called off: nobody is asked to come any more (BKO-4)."""
    after = turn.unit.record(backorder, backorders.close(backorder, **turn.deed), by=turn.person.id)
    end = pickups.fetched if after.stage == "collected" else pickups.called_off
    for one in cases.about(turn.connection, Pickup, after.subject):
        if one.is_open:
            turn.unit.record(one, end(one, now=turn.now), by=turn.person.id)
    turn.show(after.subject, "done.backorder-closed", number=after.number)


def lent(turn: Turn, _subject: object, outcome: Words) -> None:
    """A tool is in somebody's hands, by the book and in his journal (PRT-19)."""
    require(turn.person, Deed.KEEP_STOCK)
    part, person = outcome.picked
    assert isinstance(part, Part)  # what is typed has to lead to the catalogue
    if part.kind is not PartKind.TOOL:
        raise Refused("no-tool", rule="PRT-19", part=part.label)
    if person == turn.person.id:
        raise Refused("not-your-own", rule="PRT-19")
    branch, n = branch_of(turn), int(outcome.more)
    store = store_for(turn, branch)
    van = stock.van_of(turn.connection, person, branch, now=turn.now)
    moved = move(MoveKind.LENT, part.id, n, source=store.id, target=van.id)
    stock.book(turn.connection, (moved,), subject=f"person:{person}", by=turn.person.id, at=turn.now)
    facts = {"part": part.label, "n": n, "person_id": person}
    turn.unit.say(person, said("notice.tool-lent", facts), priority=MUST)
    turn.reply("done.tool-lent", facts)


def hand_parts(turn: Turn, giver: int, account: str, to: int) -> None:
    """A leaver's parts, or a tool on loan, are in his successor's hands from now on (STF-11, PRT-19)."""
    van_id, part_id, quality = account.split("-")
    van, part = stock.place_of(turn.connection, int(van_id)), int(part_id)
    n = stock.balance(turn.connection, van.id, part, Quality(quality))
    if van.person != giver or not n:
        return
    target = stock.van_of(turn.connection, to, van.branch, now=turn.now)
    kind = MoveKind.HANDED if quality == Quality.GOOD else MoveKind.LOAN_HANDED
    moved = move(kind, part, n, source=van.id, target=target.id)
    stock.book(turn.connection, (moved,), subject=f"person:{giver}", by=turn.person.id, at=turn.now)
    for one in cases.every_open(turn.connection, Requisition) if kind is MoveKind.HANDED else ():
        if one.requester == giver and any(line.part == part and line.open for line in one.lines):
            turn.unit.record(one, requisitions.hand_on(one, part, now=turn.now), by=turn.person.id)


def brought_back(turn: Turn, arg: str) -> None:
    """A tool is back in the store, as many as were lent (PRT-19)."""
    require(turn.person, Deed.KEEP_STOCK)
    place_id, _, part_id = arg.partition("-")
    branch = branch_of(turn)
    place = next((one for one in stock.places_in(turn.connection, branch) if one.id == int(place_id)), None)
    n = stock.balance(turn.connection, int(place_id), int(part_id), Quality.LOANED)
    if place is None or not n:
        turn.reply("talk.passed")
        return
    if place.person == turn.person.id:
        raise Refused("not-your-own", rule="PRT-19")
    store = store_for(turn, branch)
    moved = move(MoveKind.BROUGHT_BACK, int(part_id), n, source=place.id, target=store.id)
    stock.book(turn.connection, (moved,), subject=f"person:{place.person}", by=turn.person.id, at=turn.now)
    turn.reply("done.tool-back", {"part": stock.part_of(turn.connection, int(part_id)).label, "n": n})
