"""What somebody may do next about class and money: buttons of an order's card and of those of quotes, receipts, invoices.

The lists only mirror the rulings; each of them checks again when the button is pressed.
"""

from rules.charges import Receipt, ReceiptStage, has_voucher
from rules.invoices import Invoice, InvoiceStage
from rules.jobs import is_repair
from rules.money import Money
from rules.nexts import Next
from rules.orders import CLOSED, UNDISPATCHED, ServiceClass, Step, WorkOrder
from rules.people import Deed, Person, may
from rules.quotes import Quote, QuoteStage
from rules.terms import Terms


def of_order(order: WorkOrder, person: Person, terms: Terms) -> tuple[Next, ...]:
    """What an order's card offers besides the work itself."""
    ties = order.ties
    if order.stage in CLOSED or not person.is_staff:
        return ()
    found = []
    asked = order.class_request
    if asked is not None and asked.by != person.id and may(person, Deed.DECIDE_CLASS, ties):
        found += [Next("class_yes", is_primary=True), Next("class_no", is_danger=True)]
    elif _is_to_class(order, terms) and may(person, Deed.CLASSIFY, ties):
        found.append(Next("classify"))
    if order.service_class is ServiceClass.A:
        found += _charging(order, person, terms)
    if order.found(Step.ACT).get("demand") == "compensation" and _may_propose(order, person):
        found.append(Next("compensate"))
    return tuple(found)


def _may_propose(order: WorkOrder, person: Person) -> bool:
    """Whether somebody may put a compensation before those with the authority (FEE-13)."""
    return may(person, Deed.RAISE_PROBLEM if person.id in order.crew else Deed.FILE_COMPLAINT, order.ties)


def _is_to_class(order: WorkOrder, terms: Terms) -> bool:
    """Once it was looked at and nothing followed; before anybody is sent, where money comes first (DSP-10)."""
    if order.service_class is not None or order.class_request is not None:
        return False
    is_prepaid = terms.policy.fees.timing == "prepaid" and order.stage in UNDISPATCHED
    return is_prepaid or Step.LOOK in order.findings or (order.arrived_at is not None and not is_repair(order))


def _charging(order: WorkOrder, person: Person, terms: Terms) -> list[Next]:
    ties, dues, found = order.ties, order.dues, list[Next]()
    if may(person, Deed.QUOTE, ties) and not dues.waiting:
        found.append(Next("quote", is_primary=not dues.agreed))
    if dues.outstanding.minor and may(person, Deed.COLLECT, ties) and _may_collect_now(order, person, terms):
        found.append(Next("collect"))
    is_done = order.finished_at is not None and has_voucher(order, terms.policy)
    if dues.outstanding.minor > dues.invoiced and is_done and may(person, Deed.ASK_INVOICE, ties):
        found.append(Next("ask_invoice"))
    return found


def _may_collect_now(order: WorkOrder, person: Person, terms: Terms) -> bool:
    """Whether the button makes sense now; cash above the limit is said no to when it is pressed (FEE-6)."""
    if not has_voucher(order, terms.policy):
        return False
    if may(person, Deed.ISSUE_INVOICE):
        return True
    timing, dues = terms.policy.fees.timing, order.dues
    if timing == "on_site_or_invoice":
        return dues.agreed <= Money.of(terms.policy.fees.on_site_cash_limit, dues.currency).minor
    return timing == "after_service" and order.finished_at is not None


def of_quote(quote: Quote, person: Person, *, has_chat: bool = True) -> tuple[Next, ...]:
    """The leader's consent, the customer's answer, or taking it back. Where he has no chat his consent on paper comes first."""
    found = []
    if quote.stage == QuoteStage.APPROVAL and may(person, Deed.CONSENT_TO_CHARGE, quote.ties) and person.id != quote.by:
        found += [Next("consent", is_primary=True), Next("send_back", is_danger=True)]
    if quote.stage == QuoteStage.OFFERED and may(person, Deed.ANSWER_QUOTE, quote.ties):
        return (Next("accept", is_primary=True), Next("decline", is_danger=True))
    if may(person, Deed.QUOTE, quote.ties):
        if quote.stage == QuoteStage.OFFERED:
            found.append(Next("paper", is_primary=not has_chat))
        if quote.stage in (QuoteStage.APPROVAL, QuoteStage.OFFERED):
            found.append(Next("withdraw", is_danger=True))
    return tuple(found)


def of_receipt(receipt: Receipt, person: Person) -> tuple[Next, ...]:
    """Counting it in, or cancelling it; never one's own."""
    if not may(person, Deed.COUNT_CASH, receipt.ties) or person.id == receipt.by or receipt.stage == ReceiptStage.VOID:
        return ()
    counted = (Next("count", is_primary=True),) if receipt.stage == ReceiptStage.IN_HAND else ()
    return (*counted, Next("void", is_danger=True))


def of_invoice(invoice: Invoice, person: Person) -> tuple[Next, ...]:
    """Issuing it, sending somebody for the money, taking the money."""
    if not invoice.is_open:
        return ()
    found = []
    if invoice.stage == InvoiceStage.ASKED and may(person, Deed.ISSUE_INVOICE, invoice.ties):
        found.append(Next("issue", is_primary=True))
    if invoice.stage == InvoiceStage.ISSUED:
        if person.id == invoice.collector or may(person, Deed.ISSUE_INVOICE, invoice.ties):
            found.append(Next("paid", is_primary=True))
        if may(person, Deed.CONSENT_TO_CHARGE, invoice.ties):
            found.append(Next("send"))
    return tuple(found)
