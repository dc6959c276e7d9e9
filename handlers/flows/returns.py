"""Goods brought back to the shop: the conversations (RET-11, INT-11)."""

from dataclasses import dataclass
from datetime import datetime

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.returns import Fault, Goods, Outcome


@dataclass(frozen=True)
class Brought:
    """Whose, and what it is like."""

    name: str
    phone: str
    goods: Goods


async def return_goods(ask: Ask, desk: Desk) -> Brought:
    """Goods and receipt first, then listen, then look (RET-11): only what can decide is asked."""
    customer = await ask.contact("customer")
    phone = customer.get("phone") or await ask.phone("phone")
    article = await ask.text("article", at_most=100)
    bought_on = datetime.fromisoformat(await ask.moment("bought_on", is_past=True)).date()
    proof = await ask.photo("proof", optional=True)
    no_proof = "" if proof else await ask.text("no_proof", at_most=300)
    words = await ask.text("words", at_most=500)
    is_special = await ask.yes_no("is_special")
    by_customer = not is_special and await ask.yes_no("by_customer")
    fault, is_custom, is_used, is_complete = Fault.UNSURE, False, False, True
    if not by_customer:
        fault = Fault(await ask.choice("fault", list(Fault)))
    if fault is Fault.NO and not is_special:
        is_custom = await ask.yes_no("is_custom")
        is_used = await ask.yes_no("is_used")
    if fault is not Fault.UNSURE and not is_special:
        is_complete = await ask.yes_no("is_complete")
    photos = await ask.photos("photos", at_most=6)
    await ask.confirm()
    goods = Goods(
        article, bought_on, fault, ask.words("photos", words), proof["photo"] if proof else "", no_proof, tuple(photos),
        is_used, is_custom, is_complete, by_customer, is_special,
    )  # fmt: skip
    return Brought(customer["name"], phone, goods)


async def return_insist(ask: Ask, desk: Desk) -> Words:
    """What the customer wants instead (RET-11)."""
    return Words(await ask.text("words", at_most=300))


async def return_word(ask: Ask, desk: Desk) -> Words:
    """The superior's word and why (RET-11, RET-12)."""
    outcome = await ask.choice("outcome", [one for one in Outcome if one is not Outcome.ASK], family="returns.outcome")
    return Words(await ask.text("words", at_most=300), picked=outcome)
