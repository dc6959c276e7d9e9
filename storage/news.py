"""Who wants advice and news (SUR-12)."""

from sqlalchemy import Connection, select, update

from storage.tables import people


def want_news(connection: Connection, person_id: int, *, is_wanted: bool) -> None:
    """Whether somebody wants advice and news; nobody gets them who did not say so (SUR-12)."""
    facts = connection.execute(select(people.c.facts).where(people.c.id == person_id)).scalar_one()
    connection.execute(update(people).where(people.c.id == person_id).values(facts={**facts, "news": is_wanted}))


def who_want_news(connection: Connection) -> list[int]:
    """Customers who asked for news."""
    rows = connection.execute(select(people.c.id, people.c.facts).where(~people.c.is_staff).order_by(people.c.id))
    return [row.id for row in rows if row.facts.get("news")]
