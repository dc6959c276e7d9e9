"""What becomes of the conversations about goods taken in: load, decide, record (WKS)."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.flows.goods import GoodsSigned, Taken
from handlers.flows.papers import Words
from handlers.goods_cards import receipt_text
from handlers.stock_outcomes import follow_repair, require_balanced
from handlers.turn import Turn
from rules import goods as rules_of_goods
from rules import pickups, visits, workshop
from rules.decisions import Ruling
from rules.errands import invoice, owes_invoice
from rules.goods import Fitted, Goods, Signing
from rules.hours import day_bounds
from rules.orders import Stage, WorkOrder
from rules.people import Role
from rules.pickups import Pickup
from rules.refusals import Refused
from rules.tasks import open_task
from storage import cases, orders, people
from storage.numbers import yearly_number


def record(turn: Turn, goods: Goods, ruling: Ruling[Goods], done: str) -> Goods:
    after = turn.unit.record(goods, ruling, by=turn.person.id)
    turn.show(after.subject, done, number=after.number)
    return after


def taken(turn: Turn, order: WorkOrder | None, outcome: Taken) -> None:
    """Written down; the customer's signature comes next (WKS-2)."""
    noted = rules_of_goods.take_in(_drafted(turn, order, outcome), order, **turn.deed)
    kept = turn.unit.record(None, noted, by=turn.person.id)
    turn.show(kept.subject, "done.take_back", number=kept.number)


def _drafted(turn: Turn, order: WorkOrder | None, outcome: Taken) -> Goods:
    drafted = Goods(
        number="", branch=turn.person.branch or turn.company.branch, opened_at=turn.now, taken_by=turn.person.id,
        policy_version=turn.terms.policy.version, what=outcome.what, serial=outcome.serial, accessories=outcome.accessories,
        photos=outcome.photos, fault=outcome.reason, due_at=until(turn, outcome.planned), check_in=outcome.check_in,
    )  # fmt: skip
    if order is not None:
        n = len(cases.about(turn.connection, Goods, order.subject)) + 1
        return replace(
            drafted, number=f"{order.number}-W{n}", branch=order.branch, customer=order.customer, about=order.subject,
            order_number=order.number, customer_name=order.report.customer_name, address=order.report.address,
        )  # fmt: skip
    name, phone = outcome.customer["name"], outcome.customer["phone"]
    known = people.customer_by_phone(turn.connection, phone)
    known = known or people.add_person(turn.connection, name=name, roles=[Role.CUSTOMER], phone=phone, now=turn.now)
    number = yearly_number(turn.connection, "WK", turn.terms, turn.now)
    return replace(drafted, number=number, customer=known.id, customer_name=name)


def until(turn: Turn, planned: datetime) -> datetime:
    """A day that was named without a time is meant to the end of its work."""
    if planned.time() != time():
        return planned
    calendar = turn.terms.calendar
    here = planned.replace(tzinfo=planned.tzinfo or ZoneInfo(calendar.zone))
    day = calendar.local_day(here)
    return calendar.day_end(day) or day_bounds(day, calendar.zone)[1] - timedelta(minutes=1)


def of_id(turn: Turn, goods_id: int) -> Goods:
    found = cases.by_id(turn.connection, Goods, goods_id)
    if found is None or not found.seen_by(turn.person):
        raise Refused("no-such-case", rule="ROL-1")
    return found


def signed(turn: Turn, _subject: object, outcome: GoodsSigned) -> None:
    """The receipt is signed: from now on it is in our hands, and its order waits for the workshop (WKS-2)."""
    goods = of_id(turn, outcome.goods)
    ruling = rules_of_goods.sign_custody(goods, _signing(outcome), **turn.deed)
    after = record(turn, goods, ruling, "done.custody")
    order = orders.by_id(turn.connection, after.about_order or 0)
    if order is not None and order.stage is not Stage.TAKEN_BACK:
        waits = visits.wait(order, Stage.TAKEN_BACK, after.fault, receipt=after.number, **turn.deed)
        turn.unit.record(order, waits, by=turn.person.id)


def _signing(outcome: GoodsSigned) -> Signing:
    sent_at = datetime.fromisoformat(outcome.sent_at)
    return Signing(outcome.shown, outcome.picture, sent_at, outcome.signer, outcome.signer_role)


def given_back(turn: Turn, _subject: object, outcome: GoodsSigned) -> None:
    """He has it: the receipt is void, nobody asks him to come any more, paid work is owed its invoice (WKS-7, SLA-15)."""
    goods = of_id(turn, outcome.goods)
    told = (outcome.receipt, outcome.declaration, _signing(outcome), outcome.compared)
    ruling = rules_of_goods.deliver(goods, *told, **turn.deed)
    after = record(turn, goods, ruling, "done.goods_back")
    waiting = pickup_of(turn, after)
    if waiting is not None:
        turn.unit.record(waiting, pickups.fetched(waiting, now=turn.now), by=turn.person.id)
    owed(turn, orders.by_id(turn.connection, after.about_order or 0), f"{after.number}-V")


def owed(turn: Turn, order: WorkOrder | None, number: str) -> None:
    """What is paid by invoice gets its invoice on this day (SLA-15)."""
    if order is not None and owes_invoice(order, turn.terms):
        task = invoice(order, number, turn.now, turn.terms, rule="SLA-15")
        turn.unit.record(None, open_task(task, now=turn.now), by=None)


def pickup_of(turn: Turn, goods: Goods) -> Pickup | None:
    """The notices that wait for an answer about these goods."""
    found = cases.about(turn.connection, Pickup, goods.subject)
    return next((one for one in found if one.is_open), None)


def of_pickup(turn: Turn, pickup: Pickup) -> Goods | None:
    """The goods that notices are about, None for what never was in the workshop."""
    kind, _, number = pickup.about.partition(":")
    return cases.by_id(turn.connection, Goods, int(number)) if kind == Goods.kind else None


def call_for(turn: Turn, goods: Goods) -> None:
    """It may go out: the customer hears at once; said twice he hears once (WKS-11)."""
    waiting = pickup_of(turn, goods)
    if waiting is not None:
        turn.show(waiting.subject)
        return
    n = len(cases.about(turn.connection, Pickup, goods.subject)) + 1
    ruling = pickups.ready(goods, f"{goods.number}-P{n}", **turn.deed)
    kept = turn.unit.record(None, ruling, by=turn.person.id)
    turn.show(kept.subject, "done.ready", number=kept.about_number)


def passed(turn: Turn, goods: Goods) -> None:
    """Inspected and well, its parts all answered for: it waits for its owner from now on (WKS-5, WKS-11, PRT-6)."""
    ruling = workshop.inspect(goods, True, "", **turn.deed)
    require_balanced(turn, goods)
    after = turn.unit.record(goods, ruling, by=turn.person.id)
    call_for(turn, after)


def failed(turn: Turn, goods: Goods, outcome: Words) -> None:
    record(turn, goods, workshop.inspect(goods, False, outcome.text, **turn.deed), "done.goods_failed")


def late(turn: Turn, goods: Goods, outcome: Words) -> None:
    ruling = rules_of_goods.cannot_keep(goods, outcome.text, until(turn, outcome.picked), **turn.deed)
    record(turn, goods, ruling, "done.goods_late")


def fitted(turn: Turn, goods: Goods, outcome: Fitted) -> None:
    """It is on the card, and out of the van of whoever fitted it (WKS-4, PRT-12)."""
    follow_repair(turn, record(turn, goods, workshop.fit(goods, outcome, **turn.deed), "done.goods_part"))


def settled(turn: Turn, goods: Goods, outcome: Words) -> None:
    """What goes back as it is waits for its owner like anything else (WKS-13)."""
    after = record(turn, goods, workshop.settle(goods, outcome.picked, outcome.text, **turn.deed), "done.goods_settle")
    if after.is_open:
        call_for(turn, after)


def hopeless(turn: Turn, goods: Goods, outcome: Words) -> None:
    record(turn, goods, workshop.cannot_repair(goods, outcome.text, **turn.deed), "done.goods_hopeless")


def done(turn: Turn, goods: Goods, outcome: Words) -> None:
    record(turn, goods, workshop.repaired(goods, outcome.text, **turn.deed), "done.goods_done")


def shown_text(turn: Turn, goods: Goods) -> str:
    """The receipt as the customer reads it before he signs, in his language."""
    customer = people.person(turn.connection, goods.customer)
    return receipt_text(goods, customer.language or turn.company.language, turn.company.zone)
