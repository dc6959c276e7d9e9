"""Contracts, their renewal, routes and rounds: the conversations (MNT)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.rounds import Finding, Route, points_of

LIMITS = ("usual", "2wh", "4wh", "8wh", "4h", "24h")


@dataclass(frozen=True)
class Signed:
    """A contract as it was told."""

    customer: dict[str, str]
    address: str
    products: tuple[str, ...]
    starts_on: date
    ends_on: date
    n_visits: int
    price: Decimal
    limit: str
    checklist: str
    seller: int | None


@dataclass(frozen=True)
class Walked:
    """A round as it was walked: what was measured, what was found."""

    values: dict[str, str]
    findings: tuple[Finding, ...]


async def contract(ask: Ask, desk: Desk) -> Signed:
    """A maintenance contract (MNT-2): whose, for which machines, how long, how many visits, for how much."""
    customer = await ask.contact("customer")
    phone = customer.get("phone") or await ask.phone("phone")
    address = await ask.location("address")
    products = [await ask.text("product1", at_most=100)]
    for n in range(2, 11):
        more = await ask.text(f"product{n}", at_most=100, optional=True)
        if not more:
            break
        products.append(more)
    starts_on, ends_on = await _day(ask, "starts_on"), await _day(ask, "ends_on")
    n_visits = await ask.number("n_visits", at_most=60, is_whole=True)
    price = await ask.number("price")
    limit = await ask.choice("limit", LIMITS)
    lists = list(desk.turn.terms.policy.rounds.checklists)
    labels = {one: desk.named(f"safety.list.{one}") for one in lists}
    checklist = await ask.choice("checklist", lists, labels=labels, optional=True) if lists else None
    names = desk.names()
    seller = await ask.choice("seller", list(names), labels=names, optional=True)
    await ask.confirm()
    return Signed(
        customer | {"phone": phone}, address["address"], tuple(products), starts_on, ends_on, int(n_visits or 0),
        price or Decimal(0), "" if limit == "usual" else limit, checklist or "", int(seller) if seller else None,
    )  # fmt: skip


async def renewal_talk(ask: Ask, desk: Desk) -> Words:
    """What was talked over, without an answer yet (MNT-1)."""
    return Words(await ask.text("words", at_most=500))


async def renewal_no(ask: Ask, desk: Desk) -> Words:
    """Why the customer does not go on (MNT-1)."""
    return Words(await ask.text("words", at_most=500))


async def renewal_yes(ask: Ask, desk: Desk) -> Words:
    """Until when and for how much it goes on (MNT-1)."""
    ends_on = await _day(ask, "ends_on")
    price = await ask.number("price")
    return Words("", picked=(ends_on, price or Decimal(0)))


async def route(ask: Ask, desk: Desk) -> Words:
    """A route: which checklist, over which machines, who walks it (MNT-4)."""
    lists = list(desk.turn.terms.policy.rounds.checklists)
    labels = {one: desk.named(f"safety.list.{one}") for one in lists}
    checklist = await ask.choice("checklist", lists, labels=labels)
    machines = await ask.text("machines", at_most=1000)
    names = desk.names()
    person = await ask.choice("person", list(names), labels=names, optional=True)
    await ask.confirm()
    return Words(machines, checklist, picked=int(person) if person else None)


async def round_(ask: Ask, desk: Desk) -> Walked:
    """Machine by machine: measure, then all well or what is not (MNT-4)."""
    subject = desk.about(Route)
    points = points_of(subject, desk.turn.terms.policy)
    names: list[str] = [one.name for one in points]
    labels = {one: desk.named(f"safety.point.{one}") for one in names}
    values: dict[str, str] = {}
    findings: list[Finding] = []
    for m, machine in enumerate(subject.machines, 1):
        for n, point in enumerate(points, 1):
            if point.is_number:
                what = {"machine": machine, "what": {"text": f"safety.point.{point.name}"}}
                value = await ask.number(f"value{m}0{n}", at_most=1_000_000, facts=what)
                values[f"{machine}/{point.name}"] = format(value or Decimal(0), "f")
        facts = {"machine": machine, "points": [{"text": f"safety.point.{one}"} for one in names]}
        while await ask.choice(f"state{m}0{len(findings)}", ["well", "wrong"], facts=facts) == "wrong":
            k = f"{m}0{len(findings)}"
            which = await ask.choice(f"which{k}", names, labels=labels, facts=facts)
            words = await ask.text(f"words{k}", at_most=300, facts=facts)
            photo = await ask.photo(f"photo{k}", optional=True)
            findings.append(Finding(machine, which, words, photo["photo"] if photo else ""))
    return Walked(values, tuple(findings))


async def _day(ask: Ask, key: str) -> Any:
    return datetime.fromisoformat(await ask.moment(key)).date()
