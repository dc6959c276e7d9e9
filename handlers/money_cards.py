"""Living cards of quotes, receipts and invoices, and what an order's card says of money (DESIGN 10.1, FEE)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.said import Body, Row, button, said
from handlers.turn import Company
from rules.charges import Receipt, ReceiptStage
from rules.invoices import Invoice, InvoiceStage
from rules.money import Money
from rules.money_nexts import of_invoice, of_quote, of_receipt
from rules.nexts import Next
from rules.orders import WorkOrder
from rules.people import Person
from rules.quotes import Quote
from storage import people

Line = dict[str, Any]


def _line(text: str, **facts: Any) -> Line:
    return {"text": text, "facts": facts}


def quote_card(connection: Connection, quote: Quote, person: Person, company: Company, *, now: datetime) -> Body:
    """What is charged for, line by line, why, how long it holds; the customer's two buttons, or the leader's (FEE-3, FEE-5)."""
    if not quote.seen_by(person):
        return said("card.out-of-sight", {"number": quote.number})
    lines = [_line("card.stage", stage={"text": f"quote.stage.{quote.stage}"}), _line("card.quote-outside")]
    lines += [_quote_line(quote, n) for n in range(len(quote.lines))]
    if quote.tax:
        lines.append(_line("card.quote-tax", tax=str(Money(quote.tax, quote.currency))))
    lines += [_line("card.quote-total", total=str(quote.total)), _line("card.quote-grounds", grounds=quote.grounds)]
    lines.append(_line("card.quote-until", until=quote.valid_until))
    if person.is_staff:
        lines += [_line("card.quote-by", by_id=quote.by)]
        lines += [_line("card.quote-words", words=quote.words)] if quote.words else []
        lines += [_line("card.quote-paper", signer=quote.signer)] if quote.consent else []
    has_chat = bool(quote.customer) and people.account_for(connection, quote.customer) is not None
    rows = _rows(f"u.{quote.id}", of_quote(quote, person, has_chat=has_chat))
    rows.append([button("button.card", f"o.{quote.about_order}.card"), button("button.money.pdf", f"u.{quote.id}.pdf")])
    return said("", {}, lines=lines, rows=rows) | {"title": _title("quote", quote.number, quote.order_number)}


def _quote_line(quote: Quote, n: int) -> Line:
    one = quote.lines[n]
    facts = {"kind": {"text": f"quote.kind.{one.kind}"}, "what": one.what, "n": one.quantity}
    return _line("card.quote-line", **facts, price=str(Money(one.price, quote.currency)),
                 amount=str(Money(one.amount, quote.currency)))  # fmt: skip


def receipt_card(receipt: Receipt, person: Person) -> Body:
    """How much, from whom, in whose hands it is; the accountant's buttons (FEE-7, FEE-8)."""
    if not receipt.seen_by(person):
        return said("card.out-of-sight", {"number": receipt.number})
    lines = [_line("card.receipt-amount", amount=str(receipt.money), method={"text": f"collect.method.{receipt.method}"})]
    if person.is_staff:
        lines.insert(0, _line("card.stage", stage={"text": f"receipt.stage.{receipt.stage}"}))
        lines += [_line("card.customer", customer=receipt.customer_name), _line("card.receipt-by", by_id=receipt.by)]
    if receipt.stage == ReceiptStage.VOID:
        lines.append(_line("card.receipt-void", reason=receipt.void_reason))
    rows = [*_rows(f"rc.{receipt.id}", of_receipt(receipt, person)), [button("button.money.pdf", f"rc.{receipt.id}.pdf")]]
    return said("", {}, lines=lines, rows=rows) | {"title": _title("receipt", receipt.number, receipt.order_number)}


def invoice_card(invoice: Invoice, person: Person) -> Body:
    """How much is to be invoiced and by when; issued as, collected by whom (FEE-7)."""
    if not invoice.seen_by(person):
        return said("card.out-of-sight", {"number": invoice.number})
    lines = [
        _line("card.stage", stage={"text": f"invoice.stage.{invoice.stage}"}),
        _line("card.customer", customer=invoice.customer_name),
        _line("card.invoice-amount", amount=str(invoice.money)),
    ]
    if invoice.stage != InvoiceStage.ASKED and invoice.issued_as:
        lines.append(_line("card.invoice-as", invoice=invoice.issued_as))
    if invoice.collector is not None and invoice.is_open:
        lines.append(_line("card.invoice-collector", collector_id=invoice.collector))
    rows = _rows(f"iv.{invoice.id}", of_invoice(invoice, person))
    return said("", {}, lines=lines, rows=rows) | {"title": _title("invoice", invoice.number, invoice.order_number)}


def _title(kind: str, number: str, order: str) -> Line:
    return _line(f"card.{kind}-title", number=number, order=order)


def _rows(stem: str, actions: tuple[Next, ...]) -> list[Row]:
    tone = {(True, False): "primary", (False, True): "danger"}
    found = [
        button(f"button.money.{one.action}", f"{stem}.{one.action}", tone=tone.get((one.is_primary, one.is_danger), "plain"))
        for one in actions
    ]
    return [found[n : n + 2] for n in range(0, len(found), 2)]


def of_order(order: WorkOrder, person: Person) -> list[Line]:
    """Class and money of an order, for whoever sees its card (FEE-3, TYP-1)."""
    found = []
    if order.service_class is not None and person.is_staff:
        found.append(_line("card.class", **{"class": {"text": f"class.{order.service_class}"}}))
    if order.class_request is not None and person.is_staff:
        asked = order.class_request
        found.append(_line("card.class-asked", wanted={"text": f"class.{asked.wanted}"}, by_id=asked.by, reason=asked.reason))
    dues = order.dues
    if dues.waiting and (person.is_staff or person.id == order.customer):
        found.append(_line("card.quote-waiting", quote=dues.waiting))
    if dues.agreed:
        paid = str(Money(dues.paid, dues.currency))
        found.append(_line("card.dues", agreed=str(dues.total), paid=paid, open=str(dues.outstanding)))
    return found
