"""Goods taken in: what is asked when they are taken, signed for, mended, inspected, settled and given back (WKS)."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.goods import RECEIPTS
from rules.workshop import SETTLEMENTS


@dataclass(frozen=True)
class Taken:
    """What is taken, in which condition, until when."""

    reason: str
    what: str
    serial: str
    accessories: str
    photos: tuple[str, ...]
    planned: datetime
    customer: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class GoodsSigned:
    """The customer's signature on goods: when they are taken, or when he has them back."""

    goods: int
    shown: str
    signer: str
    signer_role: str
    picture: str
    sent_at: str
    receipt: str = ""
    declaration: str = ""


async def take_back(ask: Ask, desk: Desk) -> Taken:
    """What is taken along from an order (WKS-1, WKS-2)."""
    return await _taken(ask, {})


async def take_in(ask: Ask, desk: Desk) -> Taken:
    """The same over the counter, with whose it is."""
    customer = await ask.contact("customer")
    phone = customer.get("phone") or await ask.phone("phone")
    return await _taken(ask, {"name": str(customer["name"]), "phone": str(phone)})


async def _taken(ask: Ask, customer: dict[str, str]) -> Taken:
    reason = await ask.text("reason", at_most=500)
    what = await ask.text("what", at_most=100)
    serial = await ask.text("serial", at_most=60, optional=True)
    accessories = await ask.text("accessories", at_most=300, optional=True)
    photos = await ask.photos("photos", at_most=6, optional=False)
    planned = datetime.fromisoformat(await ask.moment("planned"))
    await ask.confirm()
    return Taken(reason, what, serial or "", accessories or "", tuple(photos), planned, customer)


async def custody(ask: Ask, desk: Desk) -> GoodsSigned:
    """The customer reads the receipt and signs for what is taken (WKS-2)."""
    return await _signed(ask, desk, "", "")


async def goods_back(ask: Ask, desk: Desk) -> GoodsSigned:
    """The receipt comes back or is declared lost, then he signs that he has it (WKS-7)."""
    receipt = await ask.choice("receipt", list(RECEIPTS))
    declared = await ask.photo("declaration") if receipt == "lost" else None
    return await _signed(ask, desk, receipt, declared["photo"] if declared else "")


async def _signed(ask: Ask, desk: Desk, receipt: str, declaration: str) -> GoodsSigned:
    policy = desk.turn.terms.policy.signature
    facts = {"shown": desk.args["shown"]}
    signer = await ask.text("signer", at_most=60, facts=facts)
    role = await ask.choice("signer_role", list(policy.signer_roles), family="sign.signer_role")
    is_drawn = bool(desk.args.get("may_be_drawn")) and policy.photo_or_drawn != "photo"
    photo = await ask.photo("picture", may_be_drawn=is_drawn)
    signed = (signer, role, photo["photo"], photo["sent_at"])
    return GoodsSigned(int(desk.args["goods"]), facts["shown"], *signed, receipt=receipt, declaration=declaration)


async def goods_late(ask: Ask, desk: Desk) -> Words:
    """Why it won't be ready, and when it will (WKS-10)."""
    reason = await ask.text("reason", at_most=300)
    return Words(reason, picked=datetime.fromisoformat(await ask.moment("new_date")))


async def goods_part(ask: Ask, desk: Desk) -> Words:
    """A part that was changed (WKS-4)."""
    name = await ask.text("name", at_most=100)
    return Words(name, picked=int(await ask.number("quantity", at_least=1, at_most=999, is_whole=True) or 0))


async def goods_done(ask: Ask, desk: Desk) -> Words:
    """What was done (WKS-4)."""
    return Words(await ask.text("words", at_most=500))


async def goods_failed(ask: Ask, desk: Desk) -> Words:
    """What is still wrong (WKS-5)."""
    return Words(await ask.text("words", at_most=500))


async def goods_hopeless(ask: Ask, desk: Desk) -> Words:
    """Why it can't be mended (WKS-13)."""
    return Words(await ask.text("reason", at_most=500))


async def goods_settle(ask: Ask, desk: Desk) -> Words:
    """What the customer gets instead, and the words that ask his understanding (WKS-13)."""
    picked = await ask.choice("settlement", list(SETTLEMENTS), family="goods.settle")
    return Words(await ask.text("words", at_most=500), picked=picked)
