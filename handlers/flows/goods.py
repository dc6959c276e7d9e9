"""Goods taken in: what is asked when they are taken, signed for, mended, inspected, settled and given back (WKS)."""

from dataclasses import dataclass, field
from datetime import datetime

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.check_in import check_in, compare
from handlers.flows.papers import Words
from handlers.flows.parts import part_line
from rules.check_ins import CheckIn, Compared
from rules.goods import RECEIPTS, Fitted
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
    check_in: CheckIn | None = None


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
    compared: Compared | None = None


async def take_back(ask: Ask, desk: Desk) -> Taken:
    """What is taken along from an order (WKS-1, WKS-2)."""
    return await _taken(ask, desk, {})


async def take_in(ask: Ask, desk: Desk) -> Taken:
    """The same over the counter, with whose it is."""
    customer = await ask.contact("customer")
    phone = customer.get("phone") or await ask.phone("phone")
    return await _taken(ask, desk, {"name": str(customer["name"]), "phone": str(phone)})


async def _taken(ask: Ask, desk: Desk, customer: dict[str, str]) -> Taken:
    reason = await ask.text("reason", at_most=500)
    what = await ask.text("what", at_most=100)
    serial = await ask.serial("serial", optional=True)
    sheet = await check_in(ask, desk)
    accessories = "" if sheet else await ask.text("accessories", at_most=300, optional=True)
    photos = await ask.photos("photos", at_most=6, optional=sheet is not None)
    planned = datetime.fromisoformat(await ask.moment("planned"))
    await ask.confirm()
    sides = [photo for _side, photo in sheet.sides] if sheet else []
    reason = ask.words("photos", reason)
    return Taken(reason, what, serial or "", accessories or "", (*sides, *photos), planned, customer, sheet)


async def custody(ask: Ask, desk: Desk) -> GoodsSigned:
    """The customer reads the receipt and signs for what is taken (WKS-2)."""
    return await _signed(ask, desk, "", "", None)


async def goods_back(ask: Ask, desk: Desk) -> GoodsSigned:
    """A vehicle's sheet is gone through, the receipt comes back or is lost, he signs that he has it (WKS-7, WKS-14)."""
    compared = await compare(ask, desk, desk.args["shown"])
    receipt = await ask.choice("receipt", list(RECEIPTS))
    declared = await ask.photo("declaration") if receipt == "lost" else None
    return await _signed(ask, desk, receipt, declared["photo"] if declared else "", compared)


async def _signed(ask: Ask, desk: Desk, receipt: str, declaration: str, compared: Compared | None) -> GoodsSigned:
    policy = desk.turn.terms.policy.signature
    facts = {"shown": desk.args["shown"]}
    signer = await ask.text("signer", at_most=60, facts=facts, suggestions=(desk.args.get("customer", ""),))
    role = await ask.choice("signer_role", list(policy.signer_roles), family="sign.signer_role")
    is_drawn = bool(desk.args.get("may_be_drawn")) and policy.photo_or_drawn != "photo"
    photo = await ask.photo("picture", may_be_drawn=is_drawn)
    signed = (signer, role, photo["photo"], photo["sent_at"])
    ended = {"receipt": receipt, "declaration": declaration}
    return GoodsSigned(int(desk.args["goods"]), facts["shown"], *signed, **ended, compared=compared)


async def goods_late(ask: Ask, desk: Desk) -> Words:
    """Why it won't be ready, and when it will (WKS-10)."""
    reason = await ask.text("reason", at_most=300)
    return Words(reason, picked=datetime.fromisoformat(await ask.moment("new_date")))


async def goods_part(ask: Ask, desk: Desk) -> Fitted:
    """A part that was changed, as in a visit's report (WKS-4, PRT-5)."""
    line = await part_line(ask, desk, is_quick=True, is_old_here=True)
    told = {name: str(line.get(name) or "") for name in ("cause", "old_part", "old_reason", "old_photo")}
    return Fitted(line["name"], int(line["quantity"]), desk.person.id, int(line.get("part", 0)), **told)


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
