"""Quotes: what a charge is for, consented to, shown to the customer, accepted or declined; extra work asked anew (FEE-3..5)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from rules.cases import Case, require_open
from rules.decisions import Audience, Decision, Entry, Notice, Ruling
from rules.money import MOST, Dues, Money, Unreadable
from rules.money_policy import FeesPolicy
from rules.orders import CLOSED, ServiceClass, Stage, WorkOrder
from rules.people import Deed, Person, Ties, may, on_behalf, require
from rules.refusals import Refused
from rules.terms import Terms

MOST_LINES = 20


class LineKind(StrEnum):
    """What is charged for (FEE-3)."""

    PART = "part"
    LABOUR = "labour"
    TRAVEL = "travel"
    OTHER = "other"


class QuoteStage(StrEnum):
    """Where a quote stands."""

    APPROVAL = "approval"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    SENT_BACK = "sent_back"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True)
class QuoteLine:
    """One thing that is charged for; `price` of one in smallest units, `listed` that of the catalogue or the price list."""

    kind: LineKind
    what: str
    quantity: int
    price: int
    part: int = 0  # the catalogue's part, 0 where it was typed
    listed: int | None = None

    @property
    def amount(self) -> int:
        return self.quantity * self.price


@dataclass(frozen=True, kw_only=True)
class Quote(Case):
    """What a customer is asked to pay for, and why."""

    kind: ClassVar[str] = "quote"
    stage: str = QuoteStage.OFFERED
    order_number: str
    customer_name: str = ""
    crew: tuple[int, ...] = ()
    by: int
    lines: tuple[QuoteLine, ...]
    currency: str
    tax: int = 0
    grounds: str  # why it costs something, in the words of whoever drew it up
    valid_until: date
    is_extra: bool = False  # beside what was accepted already (FEE-4)
    needs_manager: bool = False
    approved_by: int | None = None
    words: str = ""  # why it was declined or sent back
    consent: str = ""  # SHA-256 of the consent signed on paper
    signer: str = ""

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, self.customer, self.crew, barred=frozenset(self.barred), kind=self.kind)

    @property
    def net(self) -> Money:
        return Money(sum(one.amount for one in self.lines), self.currency)

    @property
    def total(self) -> Money:
        return self.net + Money(self.tax, self.currency)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.stage == QuoteStage.APPROVAL:
            return (Audience.MANAGER if self.needs_manager else Audience.SUPERVISOR,)
        return (self.customer,) if self.stage == QuoteStage.OFFERED else ()

    def seen_by(self, person: Person) -> bool:
        """Whoever sees the order; the customer once it is his to answer."""
        if person.id == self.customer and not person.is_staff:
            return self.stage not in (QuoteStage.APPROVAL, QuoteStage.SENT_BACK)
        return may(person, Deed.SEE_ORDER, self.ties) or may(person, Deed.SEE_MONEY, self.ties)


def require_chargeable(order: WorkOrder) -> None:
    """Raise Refused unless its class lets a customer be charged: no fee on any pretext under the guarantee (FEE-1)."""
    if order.service_class is None:
        raise Refused("class-first", rule="TYP-1", offer="classify")
    if order.service_class is not ServiceClass.A:
        told = {"text": f"class.{order.service_class}"}
        raise Refused("no-charge", rule="FEE-1", number=order.number, told=told)


def draw_up(quote: Quote, order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> tuple[Ruling[Quote], Decision]:
    """Draw a quote up: to the customer at once, or to the leader whose consent comes first (FEE-1, FEE-3)."""
    require(by, Deed.QUOTE, order.ties)
    _require_quotable(quote, order)
    policy = terms.policy.fees
    tax = quote.net.percent(policy.tax_percent).minor
    valid_until = terms.calendar.local_day(now) + timedelta(days=policy.quote_days)
    drawn = replace(quote, tax=tax, valid_until=valid_until, is_extra=order.dues.agreed > 0)
    drawn = replace(drawn, needs_manager=_is_above(drawn, policy))
    entry = Entry("quote.drawn", {"total": str(drawn.total), "n": len(drawn.lines), "order": order.number}, "FEE-3")
    needs = needs_consent(drawn, policy) and not _may_consent(drawn, by, order)
    drawn = replace(drawn, stage=QuoteStage.APPROVAL if needs else QuoteStage.OFFERED)
    told = _to_consent(drawn) if needs else offered(drawn)
    waiting = replace(order, dues=replace(order.dues, currency=drawn.currency, waiting=drawn.number))
    noted = Decision(waiting, (Entry("order.quoted", {"quote": drawn.number}, "FEE-3"),))
    return Ruling(drawn, (entry,), (told,)), noted


def _require_quotable(quote: Quote, order: WorkOrder) -> None:
    if order.stage in CLOSED:
        raise Refused("stage-passed", rule="REC-1", stage=str(order.stage))
    require_chargeable(order)
    if order.dues.waiting:
        raise Refused("quote-waiting", rule="FEE-3", quote=order.dues.waiting)
    if not quote.lines or not quote.grounds.strip() or quote.net.minor <= 0:
        raise Refused("quote-empty", rule="FEE-3")
    if len(quote.lines) > MOST_LINES or quote.net.minor > MOST:
        raise Refused("quote-too-large", rule="FEE-3", most=MOST_LINES)
    if any(one.quantity < 1 or one.price < 0 for one in quote.lines):
        raise Refused("quote-empty", rule="FEE-3")
    if order.dues.currency not in ("", quote.currency):
        raise Refused("currency-mix", rule="FEE-3", one=order.dues.currency, other=quote.currency)


def needs_consent(quote: Quote, policy: FeesPolicy) -> bool:
    """Whether the leader has to consent first: always, or where a price is above the list or not in it (FEE-1)."""
    if policy.need_approval == "never":
        return False
    return policy.need_approval == "always" or any(_is_dearer(one, quote.currency, policy.prices) for one in quote.lines)


def listed_price(price: Decimal | None, currency: str) -> int | None:
    """A price of the catalogue or the list in smallest units; None where there is none, or it is finer than these."""
    try:
        return None if price is None else Money.of(price, currency).minor
    except Unreadable:
        return None


def _is_dearer(line: QuoteLine, currency: str, prices: Mapping[str, Decimal]) -> bool:
    listed = {name.casefold().strip(): price for name, price in prices.items()}
    known = listed.get(line.what.casefold().strip())
    usual = line.listed if known is None else listed_price(known, currency)
    return usual is None or line.price > usual


def _is_above(quote: Quote, policy: FeesPolicy) -> bool:
    return policy.manager_above is not None and quote.total.minor > Money.of(policy.manager_above, quote.currency).minor


def _may_consent(quote: Quote, by: Person, order: WorkOrder) -> bool:
    """A leader who draws a quote up consents with it, as far as his authority reaches (X-11)."""
    return may(by, Deed.CONSENT_TO_CHARGE, order.ties) and (not quote.needs_manager or may(by, Deed.COUNTERSIGN))


def _to_consent(quote: Quote) -> Notice:
    return Notice("notice.quote-to-consent", quote.owners, _facts(quote) | {"by_id": quote.by})


def offered(quote: Quote) -> Notice:
    """The customer reads it with its grounds, and has it as a paper (FEE-3, FEE-5)."""
    text = "notice.quote-extra" if quote.is_extra else "notice.quote"
    return Notice(text, (quote.customer,), _facts(quote), papers=(f"quote:{quote.number}",))


def _facts(quote: Quote) -> dict[str, Any]:
    return {"quote": quote.number, "number": quote.order_number, "total": str(quote.total)}


def consent(quote: Quote, *, by: Person, now: datetime, terms: Terms) -> Ruling[Quote]:
    """The leader's consent, which has to come before (FEE-1); never to one's own quote, the manager's above a limit (X-11)."""
    require(by, Deed.CONSENT_TO_CHARGE, quote.ties)
    _require_at(quote, QuoteStage.APPROVAL)
    if by.id == quote.by:
        raise Refused("not-your-own", rule="CLS-5")
    if quote.needs_manager:
        require(by, Deed.COUNTERSIGN)
    agreed = replace(quote, stage=QuoteStage.OFFERED, approved_by=by.id)
    entry = Entry("quote.consented", on_behalf(by, Deed.CONSENT_TO_CHARGE, quote.ties), "FEE-1")
    crew = Notice("notice.quote-consented", (quote.by,), _facts(quote), is_must=False)
    return Ruling(agreed, (entry,), (offered(agreed), crew))


def send_back(quote: Quote, words: str, order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> "Answered":
    """No consent: whoever drew it up reads why, and may draw up another one (FEE-1)."""
    require(by, Deed.CONSENT_TO_CHARGE, quote.ties)
    _require_at(quote, QuoteStage.APPROVAL)
    if not words.strip():
        raise Refused("reason-missing", rule="FEE-1")
    after = replace(quote, stage=QuoteStage.SENT_BACK, words=words, closed_at=now)
    told = Notice("notice.quote-sent-back", (quote.by,), _facts(quote) | {"reason": words})
    return Ruling(after, (Entry("quote.sent_back", {}, "FEE-1"),), (told,)), _no_longer_waiting(order, quote)


Answered = tuple[Ruling[Quote], Decision]


def accept(quote: Quote, order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Answered:
    """The customer's own yes, in his own chat (FEE-3)."""
    require(by, Deed.ANSWER_QUOTE, quote.ties)
    _require_answerable(quote, terms.calendar.local_day(now))
    return _accepted(quote, order, by, now)


def accept_on_paper(
    quote: Quote, order: WorkOrder, photo: str, signer: str, *, by: Person, now: datetime, terms: Terms
) -> Answered:
    """The customer signed the consent on paper, which is kept as a photo (FEE-3, SIG's third kind)."""
    require(by, Deed.QUOTE, quote.ties)
    _require_answerable(quote, terms.calendar.local_day(now))
    if not photo or not signer.strip():
        raise Refused("consent-missing", rule="FEE-3")
    return _accepted(replace(quote, consent=photo, signer=signer), order, by, now)


def decline(quote: Quote, order: WorkOrder, words: str, *, by: Person, now: datetime, terms: Terms) -> Answered:
    """The customer's no: nothing that is charged for is begun (FEE-3)."""
    require(by, Deed.ANSWER_QUOTE, quote.ties)
    _require_at(quote, QuoteStage.OFFERED)
    after = replace(quote, stage=QuoteStage.DECLINED, words=words, closed_at=now)
    told = Notice(
        "notice.quote-declined", (*quote.crew, quote.by, Audience.SUPERVISOR), _facts(quote) | {"reason": words or "—"}
    )
    return Ruling(after, (Entry("quote.declined", {}, "FEE-3"),), (told,)), _no_longer_waiting(order, quote)


def withdraw(quote: Quote, order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Answered:
    """Taken back, also after it was accepted, as long as nothing was paid: a receipt stands (FEE-8)."""
    require(by, Deed.QUOTE, quote.ties)
    dues = order.dues
    if quote.stage == QuoteStage.ACCEPTED:
        if dues.paid or dues.invoiced:
            raise Refused("receipt-issued", rule="FEE-8")
        dues = replace(dues, agreed=dues.agreed - quote.total.minor)
    else:
        _require_at(quote, QuoteStage.APPROVAL, QuoteStage.OFFERED)
        dues = replace(dues, waiting="")
    was_told = quote.stage != QuoteStage.APPROVAL
    after = replace(quote, stage=QuoteStage.WITHDRAWN, closed_at=now)
    told = (Notice("notice.quote-withdrawn", (quote.customer,), _facts(quote)),) if was_told else ()
    noted = Decision(replace(order, dues=dues), (Entry("order.quote_withdrawn", {"quote": quote.number}, "FEE-4"),))
    return Ruling(after, (Entry("quote.withdrawn", {}, "FEE-4"),), told), noted


def expire(quote: Quote, order: WorkOrder, *, now: datetime) -> Answered:
    """Its last day is over without an answer; another one may be drawn up (FEE-3)."""
    after = replace(quote, stage=QuoteStage.EXPIRED, closed_at=now)
    told = Notice("notice.quote-expired", (quote.customer, quote.by), _facts(quote), is_must=False)
    return Ruling(after, (Entry("quote.expired", {}, "FEE-3"),), (told,)), _no_longer_waiting(order, quote)


def is_over(quote: Quote, today: date) -> bool:
    """Whether it waits for an answer that would come too late."""
    return quote.stage in (QuoteStage.OFFERED, QuoteStage.APPROVAL) and today > quote.valid_until


def _accepted(quote: Quote, order: WorkOrder, by: Person, now: datetime) -> Answered:
    after = replace(quote, stage=QuoteStage.ACCEPTED, closed_at=now)
    dues = replace(order.dues, agreed=order.dues.agreed + quote.total.minor, waiting="")
    told = Notice("notice.quote-accepted", (*quote.crew, quote.by, Audience.SUPERVISOR, *_paid_first(order)), _facts(quote))
    entry = Entry("order.charge_agreed", {"quote": quote.number, "total": str(quote.total)}, "FEE-3")
    is_paper = Entry("quote.accepted", {"by": by.id, "on_paper": bool(quote.consent)}, "FEE-3")
    return Ruling(after, (is_paper,), (told,)), Decision(replace(order, dues=dues), (entry,))


def _paid_first(order: WorkOrder) -> tuple[Audience, ...]:
    """Before anybody is sent the accountant may have to see the money (DSP-10)."""
    return (Audience.ACCOUNTANT,) if order.stage in (Stage.REGISTERED, Stage.QUEUED, Stage.CARRIED_OVER) else ()


def _no_longer_waiting(order: WorkOrder, quote: Quote) -> Decision:
    freed = replace(order, dues=replace(order.dues, waiting="" if order.dues.waiting == quote.number else order.dues.waiting))
    return Decision(freed, (Entry("order.quote_closed", {"quote": quote.number}, "FEE-3"),))


def _require_answerable(quote: Quote, today: date) -> None:
    _require_at(quote, QuoteStage.OFFERED)
    if today > quote.valid_until:
        raise Refused("quote-expired", rule="FEE-3", until=quote.valid_until)


def _require_at(quote: Quote, *stages: QuoteStage) -> None:
    require_open(quote)
    if quote.stage not in stages:
        raise Refused("quote-answered", rule="FEE-3", quote=quote.number, told={"text": f"quote.stage.{quote.stage}"})


def require_agreed(order: WorkOrder) -> None:
    """Raise Refused when chargeable work would begin without the customer's yes (FEE-3), or while extra work waits (FEE-4)."""
    if order.service_class is not ServiceClass.A or order.is_emergency:
        return
    if order.dues == Dues() or (not order.dues.agreed and not order.dues.waiting):
        raise Refused("quote-first", rule="FEE-3", offer="quote")
    if order.dues.waiting:
        raise Refused("quote-unanswered", rule="FEE-4" if order.dues.agreed else "FEE-3", quote=order.dues.waiting)
