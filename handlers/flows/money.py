"""Class of service, quotes, receipts, invoices: the conversations (TYP, FEE)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import usual_parts
from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from handlers.flows.parts import choose_part
from handlers.picking import MOST_SHOWN, Shelf
from rules.charges import Method
from rules.classes import chosen_from
from rules.invoices import Invoice
from rules.money import Dues, Money, total
from rules.orders import ServiceClass
from rules.quotes import MOST_LINES, LineKind, QuoteLine, listed_price
from rules.warranty import propose


@dataclass(frozen=True)
class Classed:
    """Which class it is, why if it differs from the proposal, and when the product was bought."""

    wanted: ServiceClass
    reason: str
    purchased_on: date | None


@dataclass(frozen=True)
class Quoted:
    """What is charged for, and why."""

    lines: tuple[QuoteLine, ...]
    currency: str
    grounds: str


@dataclass(frozen=True)
class Collected:
    """How much was taken, and how."""

    amount: Money
    method: Method


@dataclass(frozen=True)
class Counted:
    """Whose cash was counted, and what it came to."""

    person: int
    amount: Money


@dataclass(frozen=True)
class Harm:
    """How much is to be paid for which harm."""

    amount: Money
    reason: str


async def classify(ask: Ask, desk: Desk) -> Classed:
    """The proposal with its grounds in words, and what it is to be (TYP-1)."""
    order, policy, bought = desk.order, desk.turn.terms.policy, None
    if order.purchased_on is None:
        told = await ask.moment("purchased_on", optional=True, is_past=True)
        bought = datetime.fromisoformat(told).date() if told else None
    known = replace(order, purchased_on=bought or order.purchased_on)
    found = propose(known, policy, on=desk.turn.terms.calendar.local_day(desk.turn.now))
    proposal = {"text": f"class.{found.service_class}"} if found.service_class else {"text": "class.open"}
    facts = {"proposal": proposal, "grounds": list(found.grounds)}
    options = [str(one) for one in chosen_from(order, policy)]
    wanted = ServiceClass(await ask.choice("wanted", options, family="class", facts=facts))
    reason = "" if wanted is found.service_class else await ask.text("reason", at_most=300)
    return Classed(wanted, reason, bought)


async def quote(ask: Ask, desk: Desk) -> Quoted:
    """Line by line what is charged for, then why; confirmed with the sum (FEE-3, FEE-5)."""
    policy, lines = desk.turn.terms.policy, list[QuoteLine]()
    for n in range(1, MOST_LINES + 1):
        lines.append(await _quote_line(ask, desk, str(n)))
        if not await ask.yes_no(f"more{n}", in_summary=False):
            break
    grounds = await ask.text("grounds", at_most=500)
    net = total((Money(one.amount, policy.currency) for one in lines), policy.currency)
    tax = net.percent(policy.fees.tax_percent)
    await ask.confirm(facts={"total": str(net + tax), "tax": str(tax)})
    return Quoted(tuple(lines), policy.currency, grounds)


async def _quote_line(ask: Ask, desk: Desk, n: str) -> QuoteLine:
    """One line: out of the catalogue or the price list, whose price is one tap then, or typed (FEE-3, FEE-5)."""
    policy = desk.turn.terms.policy
    kind = LineKind(await ask.choice(f"kind{n}", list(LineKind)))
    what, part, listed, typed = await (_part(ask, desk, n) if kind is LineKind.PART else _other(ask, desk, n))
    quantity = typed or await ask.number(f"quantity{n}", at_least=1, at_most=999, is_whole=True)
    price = await ask.amount(f"price{n}", policy.currency, suggestion=listed, may_be_zero=True)
    return QuoteLine(kind, what, int(quantity or 1), price.minor, part, listed)


_Told = tuple[str, int, int | None, str]
"""What it is, the catalogue's part, its listed price in smallest units, and how many where that was typed along."""


async def _part(ask: Ask, desk: Desk, n: str) -> _Told:
    """A part, first those that the model usually needs; what the catalogue does not know stays as it was typed."""
    shelf, currency = Shelf(desk.turn), desk.turn.terms.policy.currency
    usual = [part for part, _one in usual_parts.of_model(desk.turn.connection, desk.order)]
    labels = shelf.to_quote(usual, also=str(ask.given.get(f"what{n}", "")))
    chosen = await choose_part(ask, shelf, "what", n, labels, must_be_known=False)
    part = chosen.part
    listed = listed_price(part.price, currency) if part else None
    return chosen.name, part.id if part else 0, listed, chosen.quantity


async def _other(ask: Ask, desk: Desk, n: str) -> _Told:
    """Work, a way or anything else, with what the price list names as buttons."""
    fees, currency = desk.turn.terms.policy.fees, desk.turn.terms.policy.currency
    names = {name: name for name in list(fees.prices)[:MOST_SHOWN]}
    what = str(await ask.pick(f"what{n}", names))
    return what, 0, listed_price(fees.prices.get(what), currency), ""


async def quote_decline(ask: Ask, desk: Desk) -> Words:
    """Why the customer does not want it; he need not say."""
    return Words(await ask.text("words", at_most=300, optional=True) or "")


async def quote_back(ask: Ask, desk: Desk) -> Words:
    """Why the leader does not consent (FEE-1)."""
    return Words(await ask.text("words", at_most=300))


async def quote_paper(ask: Ask, desk: Desk) -> Words:
    """The consent that the customer signed on paper (FEE-3)."""
    signer = await ask.text("signer", at_most=60)
    photo = await ask.photo("photo")
    return Words(signer, picked=photo["photo"])


async def collect(ask: Ask, desk: Desk) -> Collected:
    """How much, with what is open as a button, and how (FEE-8)."""
    dues = _dues(desk)
    amount = await ask.amount("amount", dues.currency, suggestion=dues.outstanding.minor, facts={"open": str(dues.outstanding)})
    return Collected(amount, Method(await ask.choice("method", list(Method))))


def _dues(desk: Desk) -> Dues:
    about = desk.subject
    if isinstance(about, Invoice):
        return Dues(about.currency, agreed=about.minor)
    return desk.order.dues


async def hand_in(ask: Ask, desk: Desk) -> Counted:
    """What the accountant counted (FEE-7): she is not told beforehand how much it should be."""
    return Counted(desk.args["person"], await ask.amount("counted", desk.turn.terms.policy.currency))


async def receipt_void(ask: Ask, desk: Desk) -> Words:
    """Why a receipt is cancelled (FEE-8)."""
    return Words(await ask.text("words", at_most=300))


async def invoice_issue(ask: Ask, desk: Desk) -> Words:
    """The number on the invoice (FEE-7)."""
    return Words(await ask.text("issued_as", at_most=40))


async def invoice_send(ask: Ask, desk: Desk) -> Words:
    """Who goes for the money (FEE-7)."""
    names = desk.names()
    return Words("", picked=int(await ask.choice("person", list(names), labels=names)))


async def compensate(ask: Ask, desk: Desk) -> Harm:
    """How much, and for what harm (FEE-13)."""
    amount = await ask.amount("amount", desk.turn.terms.policy.currency)
    reason = await ask.text("reason", at_most=500)
    await ask.confirm()
    return Harm(amount, reason)


async def compensate_deny(ask: Ask, desk: Desk) -> Words:
    """Why it is not approved (FEE-13)."""
    return Words(await ask.text("words", at_most=300))
