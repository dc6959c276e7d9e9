"""What becomes of the conversations about classes and money: load, decide, record (TYP, FEE)."""

from datetime import date

from handlers.flows.money import Classed, Collected, Counted, Quoted
from handlers.flows.papers import Words
from handlers.turn import Turn
from rules import charges, classes, invoices, quotes
from rules.charges import Receipt
from rules.decisions import Decision, Ruling
from rules.invoices import Invoice
from rules.orders import WorkOrder
from rules.people import Deed, require
from rules.quotes import Quote
from rules.refusals import Refused
from storage import cases, orders
from storage.numbers import yearly_number


def classed(turn: Turn, order: WorkOrder | None, outcome: Classed) -> None:
    """When it was bought is kept first; the class then follows, or waits for the supervisor (TYP-1)."""
    assert order is not None
    if outcome.purchased_on is not None:
        order = turn.unit.record(order, classes.note_purchase(order, outcome.purchased_on, **turn.deed), by=turn.person.id)
    decision = classes.classify(order, outcome.wanted, outcome.reason, **turn.deed)
    after = turn.unit.record(order, decision, by=turn.person.id)
    done = "done.class-asked" if after.class_request else "done.classed"
    turn.show_card(after.id, done, **{"class": {"text": f"class.{outcome.wanted}"}})


def decide_class(turn: Turn, order: WorkOrder, *, is_granted: bool) -> None:
    after = turn.unit.record(order, classes.decide_class(order, is_granted, **turn.deed), by=turn.person.id)
    turn.show_card(after.id, "done.class-granted" if is_granted else "done.class-refused")


def quoted(turn: Turn, order: WorkOrder | None, outcome: Quoted) -> None:
    """A quote is drawn up, and goes to whoever has to say something next (FEE-1, FEE-3)."""
    assert order is not None
    drafted = Quote(
        number=yearly_number(turn.connection, "Q", turn.terms, turn.now), branch=order.branch, opened_at=turn.now,
        policy_version=order.policy_version, customer=order.customer, about=order.subject, order_number=order.number,
        customer_name=order.report.customer_name, crew=order.crew, by=turn.person.id, lines=outcome.lines,
        currency=outcome.currency, grounds=outcome.grounds, valid_until=date.min,
    )  # fmt: skip
    ruling, noted = quotes.draw_up(drafted, order, **turn.deed)
    kept = turn.unit.record(None, ruling, by=turn.person.id)
    turn.unit.record(order, noted, by=turn.person.id)
    waits = kept.stage == quotes.QuoteStage.APPROVAL
    turn.show(kept.subject, "done.quote-consent" if waits else "done.quote", quote=kept.number)


def consent(turn: Turn, quote: Quote) -> None:
    kept = turn.unit.record(quote, quotes.consent(quote, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.quote-consented")


def accept(turn: Turn, quote: Quote) -> None:
    _both(turn, quote, quotes.accept(quote, _order_of(turn, quote), **turn.deed), "done.quote-accepted")


def withdraw(turn: Turn, quote: Quote) -> None:
    _both(turn, quote, quotes.withdraw(quote, _order_of(turn, quote), **turn.deed), "done.quote-withdrawn")


def declined(turn: Turn, quote: Quote, outcome: Words) -> None:
    _both(turn, quote, quotes.decline(quote, _order_of(turn, quote), outcome.text, **turn.deed), "done.quote-declined")


def sent_back(turn: Turn, quote: Quote, outcome: Words) -> None:
    _both(turn, quote, quotes.send_back(quote, outcome.text, _order_of(turn, quote), **turn.deed), "done.quote-back")


def accepted_on_paper(turn: Turn, quote: Quote, outcome: Words) -> None:
    order = _order_of(turn, quote)
    answered = quotes.accept_on_paper(quote, order, outcome.picked, outcome.text, **turn.deed)
    _both(turn, quote, answered, "done.quote-accepted")


def _both(turn: Turn, quote: Quote, answered: tuple[Ruling[Quote], Decision], done: str) -> None:
    """What was said of a quote, and what that means for its order, in one transaction."""
    ruling, noted = answered
    order = _order_of(turn, quote)
    kept = turn.unit.record(quote, ruling, by=turn.person.id)
    turn.unit.record(order, noted, by=turn.person.id)
    turn.show(kept.subject, done, quote=kept.number)


def _order_of(turn: Turn, case: Quote | Receipt | Invoice) -> WorkOrder:
    found = orders.by_id(turn.connection, case.about_order or 0)
    if found is None:
        raise Refused("no-such-order", rule="ROL-1")
    return found


def waiting_quote(turn: Turn, order: WorkOrder) -> Quote:
    """The quote of an order that waits for an answer. Raises Refused when there is none."""
    found = cases.by_number(turn.connection, Quote, order.dues.waiting) if order.dues.waiting else None
    if found is None or not found.seen_by(turn.person):
        raise Refused("quote-none", rule="FEE-3", number=order.number)
    return found


def collected(turn: Turn, about: WorkOrder | Invoice | None, outcome: Collected) -> None:
    """The receipt is given at once; invoices that are paid by it are closed (FEE-7, FEE-8)."""
    assert about is not None
    order = about if isinstance(about, WorkOrder) else _order_of(turn, about)
    sent_for = isinstance(about, Invoice) and about.collector == turn.person.id
    number = yearly_number(turn.connection, "RC", turn.terms, turn.now)
    given, paid = charges.collect(order, outcome.amount, outcome.method, number, sent_for=sent_for, **turn.deed)
    receipt = turn.unit.record(None, given, by=turn.person.id)
    after = turn.unit.record(order, paid, by=turn.person.id)
    _settle_invoices(turn, after)
    turn.show(receipt.subject, "done.money-in", receipt=receipt.number, amount=str(receipt.money))


def _settle_invoices(turn: Turn, order: WorkOrder) -> None:
    if order.dues.outstanding.minor:
        return
    for one in cases.about(turn.connection, Invoice, order.subject):
        if one.is_open:
            turn.unit.record(one, invoices.settle(one, now=turn.now), by=turn.person.id)


def handed_in(turn: Turn, _about: object, outcome: Counted) -> None:
    """All cash of one person is counted at once, and has to come out to the cent (FEE-7)."""
    require(turn.person, Deed.COUNT_CASH)
    person = outcome.person
    found = in_hand(turn, person)
    charges.require_counted(found, outcome.amount)
    for one in found:
        turn.unit.record(one, charges.count_in(one, **turn.deed), by=turn.person.id)
    turn.reply("done.counted", {"person_id": person, "amount": str(outcome.amount), "n": len(found)})


def in_hand(turn: Turn, person: int | None = None) -> list[Receipt]:
    """Receipts whose cash is still in somebody's hands, or in one person's."""
    found = cases.every_open(turn.connection, Receipt)
    return [one for one in found if (person is None or one.by == person) and one.seen_by(turn.person)]


def voided(turn: Turn, receipt: Receipt, outcome: Words) -> None:
    ruling, owing = charges.void(receipt, order := _order_of(turn, receipt), outcome.text, **turn.deed)
    kept = turn.unit.record(receipt, ruling, by=turn.person.id)
    turn.unit.record(order, owing, by=turn.person.id)
    turn.show(kept.subject, "done.receipt-void", receipt=kept.number)


def ask_invoice(turn: Turn, order: WorkOrder) -> None:
    number = yearly_number(turn.connection, "V", turn.terms, turn.now)
    asked, noted = invoices.ask_invoice(order, number, **turn.deed)
    turn.unit.record(None, asked, by=turn.person.id)
    after = turn.unit.record(order, noted, by=turn.person.id)
    turn.show_card(after.id, "done.invoice-asked", amount=str(asked.after.money))


def issued(turn: Turn, invoice: Invoice, outcome: Words) -> None:
    kept = turn.unit.record(invoice, invoices.issue(invoice, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.invoice-issued", invoice=kept.issued_as)


def collector_sent(turn: Turn, invoice: Invoice, outcome: Words) -> None:
    kept = turn.unit.record(invoice, invoices.send_to_collect(invoice, outcome.picked, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.collector", person_id=outcome.picked)
