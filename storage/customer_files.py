"""What is written in a customer's file, beside his name (INT-12)."""

from sqlalchemy import Connection, select, update

from storage.tables import people

_KEY = "file"


def lines_of(connection: Connection, person: int) -> dict[str, str]:
    """The lines of a customer's file by name; none where nothing was written."""
    facts = connection.execute(select(people.c.facts).where(people.c.id == person)).scalar_one()
    return {str(name): str(value) for name, value in facts.get(_KEY, {}).items()}


def note(connection: Connection, person: int, field: str, value: str) -> None:
    """Write a line of a file in the place of what stood there."""
    facts = connection.execute(select(people.c.facts).where(people.c.id == person)).scalar_one()
    kept = {**facts, _KEY: {**facts.get(_KEY, {}), field: value}}
    connection.execute(update(people).where(people.c.id == person).values(facts=kept))
