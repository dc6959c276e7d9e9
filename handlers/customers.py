"""What is known of a customer besides his orders: the lines of his file, his quality complaints by article (INT-12)."""

from typing import Any

from handlers.said import button
from handlers.turn import Turn
from rules import customer_files
from rules.complaints import Complaint
from rules.decisions import Entry
from rules.people import Deed, Person, Role, may
from storage import cases, journal, people
from storage import customer_files as kept
from texts import catalog

_MOST = 100


def show(turn: Turn, person: Person) -> None:
    """A customer's file, with a button for those who may write in it."""
    customer_files.require_shown(turn.person, turn.terms.policy.customers)
    if person.is_staff or Role.CUSTOMER not in person.roles:
        turn.reply("customer.none")
        return
    told = kept.lines_of(turn.connection, person.id)
    lines = [_line(turn, field, told.get(field, "—")) for field in turn.terms.policy.customers.fields]
    past = cases.of_customer(turn.connection, Complaint, person.id, limit=_MOST)
    lines += [
        {"text": "customer.complaints", "facts": {"model": model, "numbers": list(numbers), "n": len(numbers)}}
        for model, numbers in customer_files.by_model(past)
    ]
    may_write = may(turn.person, Deed.FILE_COMPLAINT)
    rows = [[button("button.customer_note", f"m.customer.{person.id}.note")]] if may_write else []
    turn.reply("customer.head", {"name": person.name or "—"}, lines=lines, rows=rows)


def _line(turn: Turn, field: str, value: str) -> dict[str, Any]:
    text = f"customer.field.{field}"
    label: Any = {"text": text} if catalog.has(text) else field
    return {"text": "customer.line", "facts": {"label": label, "value": value}}


def found(turn: Turn, phone: str) -> None:
    """The file of whoever has this telephone."""
    known = people.customer_by_phone(turn.connection, phone)
    if known is None:
        customer_files.require_shown(turn.person, turn.terms.policy.customers)
        turn.reply("customer.none")
        return
    show(turn, known)


def note(turn: Turn, person: int, field: str, value: str) -> None:
    """Write a line of a file; who wrote which is in the journal, what is written is not."""
    customer_files.require_noted(field, value, by=turn.person, policy=turn.terms.policy.customers)
    kept.note(turn.connection, person, field, value.strip())
    entry = Entry("customer.noted", {"field": field}, "INT-12")
    journal.append(turn.connection, f"person:{person}", (entry,), by=turn.person.id, at=turn.now)
    show(turn, people.person(turn.connection, person))
