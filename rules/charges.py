"""Money that comes in: receipts at once, cash handed in and counted, what keeps an order from closing (FEE-6..8, CLS-10)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from rules.cases import Case
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Decision, Entry, Notice, Ruling
from rules.money import Money, total
from rules.orders import WorkOrder
from rules.people import Deed, Person, Ties, may, require
from rules.policies import Policy
from rules.quotes import require_chargeable
from rules.refusals import Refused
from rules.terms import Terms

HAND_IN_BY = time(12)
"""FEE-7: cash is handed in by noon of the next working day."""


class Method(StrEnum):
    """How somebody paid."""

    CASH = "cash"
    TRANSFER = "transfer"
    CARD = "card"


class ReceiptStage(StrEnum):
    """Where the money of a receipt is."""

    IN_HAND = "in_hand"  # cash with whoever collected it
    HANDED_IN = "handed_in"
    RECEIVED = "received"  # it came to the company straight away
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class Receipt(Case):
    """A numbered receipt: a customer paid, and this much (FEE-8). `minor` counts smallest units."""

    kind: ClassVar[str] = "receipt"
    order_number: str
    customer_name: str = ""
    crew: tuple[int, ...] = ()
    minor: int
    currency: str
    method: Method
    by: int
    counted_by: int | None = None
    void_reason: str = ""

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, self.customer, self.crew, barred=frozenset(self.barred), kind=self.kind)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (self.by,) if self.stage == ReceiptStage.IN_HAND else ()

    def seen_by(self, person: Person) -> bool:
        return person.id in (self.customer, self.by) or may(person, Deed.SEE_MONEY, self.ties)


def require_collectable(order: WorkOrder, method: Method | None, *, by: Person, terms: Terms, sent_for: bool = False) -> None:
    """Raise Refused unless money may be taken now: class, quote, moment and amount (FEE-1, FEE-3, FEE-6, FEE-7).

    `sent_for` says that this person was sent to collect what was invoiced; `method` None is not chosen yet.
    """
    if not sent_for:
        require(by, Deed.COLLECT, order.ties)
    require_chargeable(order)
    if not order.dues.agreed:
        raise Refused("quote-first", rule="FEE-3", offer="quote")
    if not order.dues.outstanding.minor:
        raise Refused("all-paid", rule="FEE-8", number=order.number)
    require_voucher(order, terms.policy)
    if may(by, Deed.ISSUE_INVOICE):  # the accountant confirms what has come, whenever it does
        return
    fees = terms.policy.fees
    if fees.timing == "prepaid" and not sent_for:
        raise Refused("accountant-confirms", rule="FEE-6")
    if fees.timing == "after_service" and order.finished_at is None:
        raise Refused("service-first", rule="RET-14")
    limit = Money.of(fees.on_site_cash_limit, order.dues.currency)
    if fees.timing == "on_site_or_invoice" and method is Method.CASH and not sent_for and order.dues.agreed > limit.minor:
        facts = {"total": str(order.dues.total), "limit": str(limit)}
        raise Refused("above-cash-limit", rule="FEE-7", offer="ask_invoice", **facts)


def has_voucher(order: WorkOrder, policy: Policy) -> bool:
    """Whether whoever pays has signed for it, where money waits for that (SIG-9)."""
    wanted = policy.fees.signed_by
    return not wanted or (order.seal is not None and order.seal.signer_role in wanted)


def require_voucher(order: WorkOrder, policy: Policy) -> None:
    """Raise Refused for money without a voucher that whoever pays has signed (SIG-9)."""
    if not has_voucher(order, policy):
        who = [{"text": f"sign.signer_role.{one}"} for one in policy.fees.signed_by]
        raise Refused("voucher-unsigned", rule="SIG-9", offer="sign", number=order.number, who=who)


def collect(
    order: WorkOrder,
    amount: Money,
    method: Method,
    number: str,
    *,
    by: Person,
    now: datetime,
    terms: Terms,
    sent_for: bool = False,
) -> tuple[Ruling[Receipt], Decision]:
    """The customer has the number of his receipt at once (FEE-8); cash is handed in by the next noon (FEE-7)."""
    require_collectable(order, method, by=by, terms=terms, sent_for=sent_for)
    dues = order.dues
    if amount.currency != dues.currency:
        raise Refused("currency-mix", rule="FEE-8", one=dues.currency, other=amount.currency)
    if not 0 < amount.minor <= dues.outstanding.minor:
        raise Refused("more-than-agreed", rule="FEE-4", offer="quote", outstanding=str(dues.outstanding))
    in_hand = method is Method.CASH and not may(by, Deed.COUNT_CASH)
    receipt = Receipt(
        number=number, branch=order.branch, opened_at=now, stage=ReceiptStage.IN_HAND if in_hand else ReceiptStage.RECEIVED,
        policy_version=order.policy_version, customer=order.customer, about=order.subject, order_number=order.number,
        customer_name=order.report.customer_name, crew=order.crew, minor=amount.minor, currency=amount.currency,
        method=method, by=by.id, closed_at=None if in_hand else now,
    )  # fmt: skip
    paid = replace(order, dues=replace(dues, paid=dues.paid + amount.minor, invoiced=max(dues.invoiced - amount.minor, 0)))
    facts = _facts(receipt)
    told = [Notice("notice.receipt", (order.customer,), facts, papers=(f"receipt:{number}",))]
    told.append(Notice("notice.money-came", (Audience.ACCOUNTANT, *order.crew), facts | {"by_id": by.id}, is_must=False))
    clocks: dict[str, Deadline | None] = {}
    if in_hand:
        due = hand_in_due(now, terms)
        clocks = {Clock.CASH: Deadline(promised_at(Clock.CASH, due, now, "FEE-7"))}
    entry = Entry("receipt.given", {"amount": str(amount), "method": method, "order": order.number}, "FEE-8")
    noted = Entry("order.paid", {"receipt": number, "amount": str(amount)}, "FEE-8")
    return Ruling(receipt, (entry,), tuple(told), clocks), Decision(paid, (noted,))


def _facts(receipt: Receipt) -> dict[str, Any]:
    return {"receipt": receipt.number, "number": receipt.order_number, "amount": str(receipt.money)}


def hand_in_due(now: datetime, terms: Terms) -> datetime:
    """Noon of the next working day (FEE-7)."""
    calendar = terms.calendar
    day = calendar.next_workday(calendar.local_day(now))
    return datetime.combine(day, HAND_IN_BY, ZoneInfo(calendar.zone))


def count_in(receipt: Receipt, *, by: Person, now: datetime, terms: Terms) -> Ruling[Receipt]:
    """The accountant has counted the cash and has it; never one's own (FEE-7, CLS-5)."""
    require(by, Deed.COUNT_CASH, receipt.ties)
    if by.id == receipt.by:
        raise Refused("not-your-own", rule="CLS-5")
    if receipt.stage != ReceiptStage.IN_HAND:
        raise Refused("cash-counted", rule="FEE-7", receipt=receipt.number)
    after = replace(receipt, stage=ReceiptStage.HANDED_IN, counted_by=by.id, closed_at=now)
    told = Notice("notice.cash-counted", (receipt.by,), _facts(receipt) | {"accountant_id": by.id}, is_must=False)
    return Ruling(after, (Entry("receipt.counted", {"by": by.id}, "FEE-7"),), (told,), {Clock.CASH: None})


def require_counted(receipts: Iterable[Receipt], counted: Money) -> None:
    """Raise Refused unless what was counted is what the receipts say, to the cent; the difference is named (FEE-7)."""
    every = tuple(receipts)
    if not every:
        raise Refused("nothing-in-hand", rule="FEE-7")
    expected = total((one.money for one in every), every[0].currency)
    if counted.currency != expected.currency:
        raise Refused("currency-mix", rule="FEE-7", one=expected.currency, other=counted.currency)
    if counted != expected:
        difference = counted - expected
        raise Refused("count-differs", rule="FEE-7", expected=str(expected), counted=str(counted), difference=str(difference))


def void(
    receipt: Receipt, order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms
) -> tuple[Ruling[Receipt], Decision]:
    """A wrong receipt is cancelled with a reason, never changed: what it said stays readable (FEE-8). Never one's own."""
    require(by, Deed.COUNT_CASH, receipt.ties)
    if by.id == receipt.by:
        raise Refused("not-your-own", rule="CLS-5")
    if receipt.stage == ReceiptStage.VOID:
        raise Refused("receipt-void", rule="FEE-8", receipt=receipt.number)
    if not reason.strip():
        raise Refused("reason-missing", rule="FEE-8")
    after = replace(receipt, stage=ReceiptStage.VOID, void_reason=reason, closed_at=receipt.closed_at or now)
    facts = _facts(receipt) | {"reason": reason}
    told = (Notice("notice.receipt-void", (receipt.customer, receipt.by, Audience.SUPERVISOR), facts),)
    owing = replace(order, dues=replace(order.dues, paid=order.dues.paid - receipt.minor))
    noted = Decision(owing, (Entry("order.receipt_void", {"receipt": receipt.number}, "FEE-8"),))
    return Ruling(after, (Entry("receipt.void", {"length": len(reason)}, "FEE-8"),), told, {Clock.CASH: None}), noted


def require_settled(order: WorkOrder) -> None:
    """Raise Refused while money keeps an order from closing: a quote without an answer, or money open (CLS-10)."""
    if order.dues.waiting:
        raise Refused("quote-unanswered", rule="CLS-10", quote=order.dues.waiting)
    if not order.dues.is_settled:
        raise Refused("money-open", rule="CLS-10", offer="ask_invoice", outstanding=str(order.dues.outstanding))


@dataclass(frozen=True)
class DayLine:
    """What somebody collected on one day, in one currency, and how much of it is still in his hands (FEE-7)."""

    person: int
    day: date
    currency: str
    n_receipts: int
    collected: int
    handed_in: int

    @property
    def money(self) -> Money:
        return Money(self.collected, self.currency)

    @property
    def in_hand(self) -> Money:
        return Money(self.collected - self.handed_in, self.currency)


@dataclass(frozen=True)
class Payment:
    """One receipt as the ledger has it: who took how much, whether it is cash that is still in his hands (FEE-7)."""

    number: str
    order_number: str
    person: int
    money: Money
    method: Method
    at: datetime
    handed_in_at: datetime | None = None
    counted_by: int | None = None
    is_void: bool = False

    @property
    def is_in_hand(self) -> bool:
        return not self.is_void and self.handed_in_at is None
