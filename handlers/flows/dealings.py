"""What the store does with others: stations, carriers, suppliers, waiting customers, borrowers of tools (PRT, CLM, BKO)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from handlers.flows.parts import choose_part
from handlers.flows.stock import Numbers
from handlers.picking import Shelf
from rules.claims import ANSWERS, COSTS, Claim
from rules.stock import Part, PlaceKind
from rules.transfers import Transfer
from storage import stock

_NEW = "new"


@dataclass(frozen=True)
class Sending:
    """What goes to which place; a station that is not known yet is named, perhaps with who keeps it."""

    place: int | None
    name: str
    keeper: int | None
    lines: tuple[tuple[Part, int], ...]


@dataclass(frozen=True)
class Posted:
    """What was mailed, with whom, for how much."""

    words: str
    carrier: str
    tracking: str
    cost: Decimal


@dataclass(frozen=True)
class Costs:
    """What is claimed from whom."""

    supplier: str
    costs: dict[str, Decimal]
    back_by: date | None


@dataclass(frozen=True)
class Examined:
    """What the claims clerk saw for himself."""

    cause: str
    mileage: str
    tag: str
    photos: tuple[str, ...]


@dataclass(frozen=True)
class Wanted:
    """What a customer waits for."""

    customer: dict[str, str]
    article: str
    quantity: int
    source: str
    promised_on: date | None


async def _lines(ask: Ask, shelf: Shelf) -> tuple[tuple[Part, int], ...]:
    lines: list[tuple[Part, int]] = []
    for n in range(1, 31):
        labels = shelf.to_draw(also=str(ask.given.get(f"name{n}", "")))
        chosen = await choose_part(ask, shelf, "name", str(n), labels, must_be_known=True)
        quantity = chosen.quantity or await ask.number(f"quantity{n}", at_least=1, at_most=99_999, is_whole=True)
        assert chosen.part is not None  # what is typed has to lead to the catalogue
        lines.append((chosen.part, int(quantity or 0)))
        if not await ask.yes_no(f"more{n}", in_summary=False):
            break
    return tuple(lines)


async def transfer(ask: Ask, desk: Desk) -> Sending:
    """Parts for a station: which, and what (PRT-14)."""
    branch = desk.person.branch or desk.turn.company.branch
    known = {str(one.id): one.name for one in stock.places_in(desk.turn.connection, branch, PlaceKind.STATION)}
    place = await ask.choice("place", [*known, _NEW], labels=known)
    name, keeper = known.get(place, ""), None
    if place == _NEW:
        name = await ask.text("station", at_most=60)
        names = desk.names()
        keeper = await ask.choice("keeper", list(names), labels=names, optional=True)
    lines = await _lines(ask, Shelf(desk.turn))
    await ask.confirm()
    return Sending(None if place == _NEW else int(place), name, int(keeper) if keeper else None, lines)


async def transfer_some(ask: Ask, desk: Desk) -> Numbers:
    """How many of each came (PRT-14)."""
    given: dict[int, int] = {}
    for line in (one for one in desk.about(Transfer).lines if one.missing):
        facts = {"part": line.label, "sent": line.missing}
        number = await ask.number(f"quantity{line.part}", at_most=line.missing, is_whole=True, facts=facts)
        given[line.part] = int(number or 0)
    return Numbers(given)


async def shipment(ask: Ask, desk: Desk) -> Posted:
    """What was mailed: carrier, number, cost (PRT-15)."""
    words = await ask.text("words", at_most=200)
    carrier = await ask.text("carrier", at_most=60)
    tracking = await ask.text("tracking", at_most=60)
    cost = await ask.number("cost")
    await ask.confirm()
    return Posted(words, carrier, tracking, cost or Decimal(0))


async def claim_fill(ask: Ask, desk: Desk) -> Costs:
    """From whom, for how much, and by when the old parts have to be there (CLM-1, CLM-2)."""
    supplier = await ask.text("supplier", at_most=60)
    costs = {one: await ask.number(one) or Decimal(0) for one in COSTS}
    back_by = await _day(ask, "back_by")
    await ask.confirm()
    return Costs(supplier, {one: n for one, n in costs.items() if n}, back_by)


async def claim_examine(ask: Ask, desk: Desk) -> Examined:
    """What is looked at before a claim is handed in; what the visit recorded may stay (WAR-4)."""
    claim, needs = desk.about(Claim), desk.turn.terms.policy.parts.claim_needs
    cause = await ask.text("cause", at_most=500, optional=bool(claim.cause), facts={"known": claim.cause or "—"})
    mileage: Decimal | None = None
    if "mileage" in needs:
        facts = {"known": claim.mileage or "—"}
        mileage = await ask.number("mileage", optional=bool(claim.mileage), unit="km", facts=facts)
    tag = ""
    if "old_part_tag" in needs and not claim.parts:
        tag = await ask.text("tag", at_most=100)
    photos = await ask.photos("photos", at_most=10, optional=bool(claim.photos) or "photo" not in needs)
    await ask.confirm()
    return Examined(ask.words("photos", cause), "" if mileage is None else format(mileage, "f"), tag, tuple(photos))


async def claim_parts(ask: Ask, desk: Desk) -> Words:
    """With whom the old parts went back."""
    return Words(await ask.text("words", at_most=200))


async def claim_answer(ask: Ask, desk: Desk) -> Words:
    """What the supplier says, and for how much (CLM-2)."""
    answer = await ask.choice("answer", ANSWERS)
    granted = await ask.number("granted", facts={"total": desk.about(Claim).total}) if answer == "partial" else None
    return Words(await ask.text("words", at_most=500, optional=True) or "", more=answer, picked=granted or Decimal(0))


async def backorder(ask: Ask, desk: Desk) -> Wanted:
    """What a customer waits for: article, quantity, telephone, which store has it, when it comes (BKO-1)."""
    article = await ask.text("article", at_most=100)
    quantity = await ask.number("quantity", at_least=1, at_most=999, is_whole=True)
    customer = await ask.contact("customer")
    phone = customer.get("phone") or await ask.phone("phone")
    source = await ask.text("source", at_most=60, optional=True)
    promised_on = await _day(ask, "promised_on") if source else None
    await ask.confirm()
    return Wanted(customer | {"phone": phone}, article, int(quantity or 0), source or "", promised_on)


async def backorder_find(ask: Ask, desk: Desk) -> Words:
    """Which store has it, and by when it would be here."""
    source = await ask.text("source", at_most=60)
    return Words(source, picked=await _day(ask, "promised_on"))


async def backorder_words(ask: Ask, desk: Desk) -> Words:
    """What was said with the customer."""
    return Words(await ask.text("words", at_most=500))


async def backorder_sure(ask: Ask, desk: Desk) -> Words:
    """What the customer said on the telephone when he was asked once more (BKO-2)."""
    return Words(await ask.text("words", at_most=500))


async def tool_lend(ask: Ask, desk: Desk) -> Words:
    """Which tool goes to whom (PRT-19)."""
    chosen = await choose_part(ask, Shelf(desk.turn), "name", "", {}, must_be_known=True)
    names = {key: name for key, name in desk.names().items() if int(key) != desk.person.id}
    person = await ask.choice("person", list(names), labels=names)
    number = await ask.number("quantity", at_least=1, at_most=999, is_whole=True)
    return Words("", more=str(number), picked=(chosen.part, int(person)))


async def _day(ask: Ask, key: str) -> date | None:
    told = await ask.moment(key, optional=True)
    return datetime.fromisoformat(told).date() if told else None
