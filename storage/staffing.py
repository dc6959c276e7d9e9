"""What staff have and answer for: licences, tools and money in their hands; and the groups that a branch reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from rules.licences import Licence
from storage.engine import insert as insert_or
from storage.prepared import Prepared
from storage.tables import groups, holdings, licences


def keep_licence(connection: Connection, licence: Licence, *, by: int | None, now: datetime) -> None:
    """A licence, or the number of one that is known by its last day."""
    values = {"number": licence.number, "by": by, "at": now}
    key = {"person_id": licence.person, "kind": licence.kind, "expires_on": licence.expires_on.isoformat()}
    statement = insert_or(connection, licences).values(**key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def licences_of(connection: Connection, people: Iterable[int]) -> dict[int, list[Licence]]:
    """Licences of some people, those that end first coming first."""
    ids = list(people)
    found: dict[int, list[Licence]] = {one: [] for one in ids}
    mine = select(licences).where(licences.c.person_id.in_(ids)).order_by(licences.c.expires_on, licences.c.id)
    for row in connection.execute(mine):
        found[row.person_id].append(_licence(row))
    return found


def every_licence(connection: Connection) -> list[Licence]:
    return [_licence(row) for row in connection.execute(select(licences).order_by(licences.c.expires_on, licences.c.id))]


def _licence(row: Row[tuple[object, ...]]) -> Licence:
    m = row._mapping
    return Licence(m["person_id"], m["kind"], m["number"], date.fromisoformat(m["expires_on"]), m["id"])


@dataclass(frozen=True)
class Group:
    """A group chat of a branch."""

    channel: str
    chat: str
    branch: str


def bind_group(connection: Connection, group: Group, *, by: int, now: datetime) -> None:
    """A group reads a branch's notices from now on, instead of another's."""
    values = {"branch": group.branch, "by": by, "at": now}
    statement = insert_or(connection, groups).values(channel=group.channel, chat=group.chat, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["channel", "chat"], set_=values))


def unbind_group(connection: Connection, channel: str, chat: str) -> bool:
    """Away with it; whether it was bound."""
    return connection.execute(delete(groups).where(groups.c.channel == channel, groups.c.chat == chat)).rowcount == 1


def groups_of(connection: Connection, branch: str) -> list[Group]:
    return [Group(row.channel, row.chat, row.branch) for row in _GROUPS.all(connection, branch=branch)]


_GROUPS = Prepared(select(groups).where(groups.c.branch == bindparam("branch")).order_by(groups.c.at))


@dataclass(frozen=True)
class Holding:
    """Something of the company's in somebody's hands: a tool on loan, parts, an advance, cash, a file (STF-12)."""

    id: int
    person: int
    kind: str
    label: str
    quantity: str
    at: datetime


def lend(
    connection: Connection, person: int, kind: str, label: str, quantity: str, *, by: int | None, now: datetime
) -> Holding:
    """Put something into somebody's hands."""
    values = {"person_id": person, "kind": kind, "label": label, "quantity": quantity, "by": by, "at": now}
    return _holding(connection.execute(insert(holdings).values(values).returning(holdings)).one())


def held_by(connection: Connection, person: int) -> list[Holding]:
    """What somebody answers for, the oldest first."""
    mine = (holdings.c.person_id == person) & holdings.c.ended_at.is_(None)
    return [_holding(row) for row in connection.execute(select(holdings).where(mine).order_by(holdings.c.id))]


def holding(connection: Connection, holding_id: int) -> Holding | None:
    """Something that is in somebody's hands still."""
    row = connection.execute(select(holdings).where(holdings.c.id == holding_id, holdings.c.ended_at.is_(None))).one_or_none()
    return _holding(row) if row else None


def give_back(connection: Connection, holding_id: int, *, now: datetime) -> None:
    """It is the company's again."""
    connection.execute(update(holdings).where(holdings.c.id == holding_id).values(ended_at=now))


def pass_on(connection: Connection, one: Holding, to: int, *, by: int | None, now: datetime) -> Holding:
    """From one person's hands into another's."""
    connection.execute(update(holdings).where(holdings.c.id == one.id).values(ended_at=now, passed_to=to))
    return lend(connection, to, one.kind, one.label, one.quantity, by=by, now=now)


def _holding(row: Row[tuple[object, ...]]) -> Holding:
    m = row._mapping
    return Holding(m["id"], m["person_id"], m["kind"], m["label"], m["quantity"], m["at"])
