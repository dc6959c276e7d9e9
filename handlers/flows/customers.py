"""A customer's file: whose it is, and what is written in it (INT-12)."""

from dataclasses import dataclass

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from texts import catalog


@dataclass(frozen=True)
class Noted:
    """A line of a customer's file."""

    person: int
    field: str
    value: str


async def customer(ask: Ask, desk: Desk) -> Words:
    """Whose file, by his telephone (INT-10)."""
    return Words(await ask.phone("phone"))


async def customer_note(ask: Ask, desk: Desk) -> Noted:
    """Which line, and what is to stand there."""
    fields = desk.turn.terms.policy.customers.fields
    labels = {one: desk.named(text) if catalog.has(text := f"customer.field.{one}") else one for one in fields}
    field = await ask.choice("field", list(labels), labels=labels)
    value = await ask.text("value", at_most=300, facts={"field": labels[field]})
    return Noted(int(desk.args["person"]), field, value)
