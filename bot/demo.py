"""The small invented company that an empty desk without a messenger shows itself with."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.channels.webchat_door import Seat
from rules.people import Role
from storage import people
from storage.tables import meta
from storage.tables import people as people_table

_KEY = "demo"
SEATS = {
    "customer": Seat("demo-customer", "張先生"),
    "supervisor": Seat("demo-supervisor", "李主任"),
    "technician": Seat("demo-technician", "王師傅"),
}
_ROLES = {
    "customer": [Role.CUSTOMER],
    "supervisor": [Role.SUPERVISOR, Role.ADMINISTRATOR],
    "technician": [Role.TECHNICIAN],
}


def seed(connection: Connection, branch: str, *, language: str, now: datetime) -> None:
    """Three people with a seat each, and a second technician to choose from. Does nothing in a desk that has people."""
    if connection.execute(select(func.count()).select_from(people_table)).scalar_one():
        return
    for name, seat in SEATS.items():
        person = people.add_person(
            connection,
            name=seat.name,
            roles=_ROLES[name],
            branch="" if name == "customer" else branch,
            language=language,
            now=now,
        )
        account = people.add_account(connection, person.id, channel="web", address=seat.address, chat=seat.address, now=now)
        people.seen(connection, account, now)
    people.add_person(connection, name="趙師傅", roles=[Role.TECHNICIAN], branch=branch, language=language, now=now)
    connection.execute(meta.insert().values(key=_KEY, value="1"))


def is_demo(connection: Connection) -> bool:
    """Whether this desk was seeded; only such a desk gives out the three seats."""
    return connection.execute(select(meta.c.value).where(meta.c.key == _KEY)).scalar_one_or_none() is not None
