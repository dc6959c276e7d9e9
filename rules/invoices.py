"""Invoices: asked for the day a visit ends, issued by the accountant, collected on a trip of their own (FEE-7, FEE-9)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.charges import has_voucher, require_voucher
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Decision, Entry, Notice, Ruling
from rules.hours import day_bounds
from rules.money import Money
from rules.orders import Stage, WorkOrder
from rules.people import Deed, Person, Ties, may, require
from rules.policies import Policy
from rules.quotes import require_chargeable
from rules.refusals import Refused
from rules.terms import Terms


class InvoiceStage(StrEnum):
    """Where an invoice stands."""

    ASKED = "asked"
    ISSUED = "issued"
    PAID = "paid"


@dataclass(frozen=True, kw_only=True)
class Invoice(Case):
    """The voucher is with the accountant, who issues the invoice the same day; collecting is another trip (FEE-7, FEE-9)."""

    kind: ClassVar[str] = "invoice"
    stage: str = InvoiceStage.ASKED
    order_number: str
    customer_name: str = ""
    crew: tuple[int, ...] = ()
    minor: int
    currency: str
    issued_as: str = ""  # the number on the invoice itself
    collector: int | None = None

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, self.customer, self.crew, barred=frozenset(self.barred), kind=self.kind)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.ACCOUNTANT,) if self.stage == InvoiceStage.ASKED else ()

    def seen_by(self, person: Person) -> bool:
        return person.id == self.collector or may(person, Deed.SEE_ORDER, self.ties) or may(person, Deed.SEE_MONEY, self.ties)


def ask_invoice(
    order: WorkOrder, number: str, *, by: Person | None, now: datetime, terms: Terms
) -> tuple[Ruling[Invoice], Decision]:
    """The voucher goes to the accountant, who issues the invoice the same working day (FEE-7, SLA-14; FEE-9, SLA-15).

    Nobody asks (`by` None) when a visit ends with money open.
    """
    if by is not None:
        require(by, Deed.ASK_INVOICE, order.ties)
        require_chargeable(order)
        require_voucher(order, terms.policy)
    dues = order.dues
    open_now = Money(dues.outstanding.minor - dues.invoiced, dues.currency)
    if open_now.minor <= 0:
        code = "invoice-asked" if dues.invoiced else "quote-first" if not dues.agreed else "all-paid"
        raise Refused(code, rule="FEE-7", number=order.number)
    invoice = Invoice(
        number=number, branch=order.branch, opened_at=now, policy_version=order.policy_version, customer=order.customer,
        about=order.subject, order_number=order.number, customer_name=order.report.customer_name, crew=order.crew,
        minor=open_now.minor, currency=dues.currency,
    )  # fmt: skip
    facts = {"invoice": number, "number": order.number, "amount": str(open_now), "customer": order.report.customer_name}
    rule = "SLA-15" if was_taken_back(order) else "SLA-14"
    due = Deadline(promised_at(Clock.INVOICE, end_of_day(now, terms), now, rule))
    asked = Decision(replace(order, dues=replace(dues, invoiced=dues.invoiced + open_now.minor)),
                     (Entry("order.invoice_asked", {"invoice": number}, "FEE-7"),))  # fmt: skip
    ruling = Ruling(
        invoice, (Entry("invoice.asked", {"amount": str(open_now)}, "FEE-7"),),
        (Notice("notice.invoice-asked", (Audience.ACCOUNTANT,), facts),), {Clock.INVOICE: due},
    )  # fmt: skip
    return ruling, asked


def was_taken_back(order: WorkOrder) -> bool:
    """Whether the machine went to the workshop and came back (FEE-9)."""
    return "taken_back" in order.overrides


def end_of_day(now: datetime, terms: Terms) -> datetime:
    """When today's work ends; after hours or on a day off, when the next working day's does (SLA-14)."""
    calendar, day = terms.calendar, terms.calendar.local_day(now)
    ends = calendar.day_end(day)
    if ends is not None and ends > now:
        return ends
    following = calendar.next_workday(day)
    return calendar.day_end(following) or day_bounds(following, calendar.zone)[1] - timedelta(minutes=1)


def issue(invoice: Invoice, issued_as: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Invoice]:
    """The invoice is out, with its number; the customer hears it (FEE-7, FEE-9)."""
    require(by, Deed.ISSUE_INVOICE, invoice.ties)
    if invoice.stage != InvoiceStage.ASKED:
        raise Refused("invoice-issued", rule="FEE-7", invoice=invoice.issued_as)
    if not issued_as.strip():
        raise Refused("invoice-number-missing", rule="FEE-8")
    after = replace(invoice, stage=InvoiceStage.ISSUED, issued_as=issued_as.strip())
    facts = {"invoice": after.issued_as, "number": invoice.order_number, "amount": str(invoice.money)}
    told = Notice("notice.invoice", (invoice.customer, *invoice.crew), facts)
    return Ruling(after, (Entry("invoice.issued", {"as": after.issued_as}, "FEE-7"),), (told,), {Clock.INVOICE: None})


def send_to_collect(invoice: Invoice, person: int, *, by: Person, now: datetime, terms: Terms) -> Ruling[Invoice]:
    """Somebody makes a trip for the money (FEE-7)."""
    require(by, Deed.CONSENT_TO_CHARGE, invoice.ties)
    require_open(invoice)
    if invoice.stage != InvoiceStage.ISSUED:
        raise Refused("invoice-not-issued", rule="FEE-7")
    facts = {"invoice": invoice.issued_as, "number": invoice.order_number, "amount": str(invoice.money),
             "customer": invoice.customer_name}  # fmt: skip
    told = Notice("notice.to-collect", (person,), facts)
    return Ruling(replace(invoice, collector=person), (Entry("invoice.collector", {"person": person}, "FEE-7"),), (told,))


def settle(invoice: Invoice, *, now: datetime) -> Ruling[Invoice]:
    """All of it has come (FEE-7)."""
    after = replace(invoice, stage=InvoiceStage.PAID, closed_at=now)
    return Ruling(after, (Entry("invoice.paid", {}, "FEE-7"),), (), {Clock.INVOICE: None})


def is_left_owing(before: WorkOrder | None, after: WorkOrder, policy: Policy) -> bool:
    """Whether a visit has just ended with money that is neither paid nor invoiced, and may be (FEE-7, CLS-10, SIG-9)."""
    has_left = before is not None and before.left_at is None and after.left_at is not None and after.stage is Stage.DEPARTED
    return has_left and not after.dues.is_settled and has_voucher(after, policy)
