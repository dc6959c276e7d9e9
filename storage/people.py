"""People, their accounts at the messengers, and invitations."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, delete, insert, or_, select, update
from sqlalchemy.exc import NoResultFound

from rules.decisions import Audience
from rules.people import EVERY_BRANCH, Person, Role, Standing
from rules.roster import hearers
from rules.standins import NEVER_LENT
from storage import roster
from storage.prepared import Prepared, named
from storage.tables import accounts, people


@dataclass(frozen=True)
class Account:
    """Where a person can be reached."""

    id: int
    person: int
    channel: str
    address: str
    chat: str
    is_reachable: bool
    seen_at: datetime = field(compare=False)


def _person(row: Any) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        roles=frozenset(Role(role) for role in row.roles),
        branch=row.branch,
        language=row.language,
        standing=Standing(row.standing),
        phone=row.phone,
    )


_KNOWN = tuple(people.c[name] for name in ("id", "name", "roles", "branch", "language", "standing", "phone"))
_ONE = select(*_KNOWN).where(people.c.id == bindparam("person"))
_PERSON, _LOCKED = Prepared(_ONE), _ONE.with_for_update(key_share=True)


def person(connection: Connection, person_id: int, *, now: datetime | None = None) -> Person:
    """One person, at a moment also with the posts that he holds for others. Raises sqlalchemy.exc.NoResultFound."""
    row = _PERSON.first(connection, person=person_id)
    if row is None:
        raise NoResultFound(f"person {person_id}")
    return _person(row) if now is None else _acting(connection, _person(row), now)


def _acting(connection: Connection, one: Person, now: datetime) -> Person:
    """The same person with the posts of colleagues for whom he stands in (ROL-6)."""
    if not one.is_staff:
        return one
    held = roster.posts_held_for(connection, one.id, now)
    acting = {role: of for of, roles in held.items() for role in roles - NEVER_LENT - one.roles}
    return replace(one, acting=acting) if acting else one


_NAME = Prepared(select(people.c.name).where(people.c.id == bindparam("person")))


def locked(connection: Connection, person_id: int) -> Person:
    """One person, who is not changed by others until this transaction ends. Raises sqlalchemy.exc.NoResultFound."""
    return _person(connection.execute(_LOCKED, {"person": person_id}).one())


def names(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Names by id."""
    found = {one: _NAME.scalar(connection, person=one) for one in ids}
    return {one: name for one, name in found.items() if name is not None}


_LANGUAGE = Prepared(select(people.c.language).where(people.c.id == bindparam("person")))


def language_of(connection: Connection, person_id: int) -> str:
    """The language that a person has chosen, empty when he has not."""
    return _LANGUAGE.scalar(connection, person=person_id) or ""


def name_of(connection: Connection, person_id: int) -> str:
    """A person's name, empty when there is nobody of that number."""
    return _NAME.scalar(connection, person=person_id) or ""


def add_person(
    connection: Connection,
    *,
    name: str,
    roles: Iterable[Role],
    now: datetime,
    branch: str = "",
    language: str = "",
    phone: str = "",
    standing: Standing = Standing.ACTIVE,
) -> Person:
    """A new person."""
    values: dict[str, object] = {"name": name, "roles": sorted(roles), "branch": branch, "language": language}
    values |= {"phone": phone, "standing": standing, "created_at": now, "facts": {}, "is_staff": _are_staff(roles)}
    return _person(_ADD.first(connection, **values))


_ADD = Prepared(
    insert(people)
    .values(**named("name", "roles", "branch", "language", "phone", "standing", "created_at", "facts", "is_staff"))
    .returning(people)
)


def _are_staff(roles: Iterable[Role]) -> bool:
    return bool(set(roles) - {Role.CUSTOMER})


def change_person(connection: Connection, person_id: int, **values: object) -> Person:
    """Change columns of a person; `roles` may be any iterable of Role."""
    if "roles" in values:
        roles = sorted(values["roles"])  # type: ignore[call-overload]
        values |= {"roles": roles, "is_staff": _are_staff(roles)}
    connection.execute(update(people).where(people.c.id == person_id).values(**values))
    return person(connection, person_id)


def account_of(connection: Connection, channel: str, address: str) -> Account | None:
    """The account that an address belongs to, None for a stranger."""
    row = _ACCOUNT.first(connection, channel=channel, address=address)
    return _account(row) if row else None


_IS_ADDRESS = (accounts.c.channel == bindparam("channel")) & (accounts.c.address == bindparam("address"))
_ACCOUNT = Prepared(select(accounts).where(_IS_ADDRESS))
_WHO = Prepared(
    select(
        *_KNOWN, people.c.home, accounts.c.id.label("account"), accounts.c.chat, accounts.c.unreachable_at, accounts.c.seen_at
    )
    .join(accounts, accounts.c.person_id == people.c.id)
    .where(_IS_ADDRESS)
    .with_for_update(of=people, key_share=True)
)
_SEEN_EVERY = timedelta(seconds=30)


def who(connection: Connection, channel: str, address: str, now: datetime) -> tuple[Person, Account] | None:
    """Who writes from an address, where notices go from now on; None for a stranger.

    The turns of one person never run at the same time, from whichever accounts: the row is locked until this one ends.
    """
    row = _WHO.first(connection, channel=channel, address=address)
    if row is None:
        return None
    account = Account(row.account, row.id, channel, address, row.chat, True, row.seen_at)
    if row.home != account.id:
        seen(connection, account, now)
    elif row.unreachable_at is not None or now - row.seen_at >= _SEEN_EVERY:
        _SEEN.run(connection, account=account.id, now=now)
    return _acting(connection, _person(row), now), account


def add_account(connection: Connection, person_id: int, *, channel: str, address: str, chat: str, now: datetime) -> Account:
    """Bind an address to a person, one to one (ROL-5); an address that had another person moves."""
    connection.execute(delete(accounts).where(accounts.c.channel == channel, accounts.c.address == address))
    values = {"person_id": person_id, "channel": channel, "address": address, "chat": chat, "seen_at": now}
    row = connection.execute(insert(accounts).values(values).returning(accounts)).one()
    connection.execute(update(people).where(people.c.id == person_id).values(home=row.id))
    return _account(row)


_SEEN = Prepared(
    update(accounts).where(accounts.c.id == bindparam("account")).values(seen_at=bindparam("now"), unreachable_at=None)
)
_COMES_HOME = Prepared(
    update(people)
    .where(people.c.id == bindparam("person"), or_(people.c.home.is_(None), people.c.home != bindparam("account")))
    .values(home=bindparam("account"))
)


def seen(connection: Connection, account: Account, now: datetime) -> None:
    """Somebody was active here: notices come here from now on."""
    _SEEN.run(connection, account=account.id, now=now)
    _COMES_HOME.run(connection, person=account.person, account=account.id)


def accounts_of(connection: Connection, person_id: int) -> list[Account]:
    """Every account of a person, the one used last first."""
    return [_account(row) for row in _ACCOUNTS.all(connection, person=person_id)]


_ACCOUNTS = Prepared(
    select(accounts)
    .where(accounts.c.person_id == bindparam("person"))
    .order_by(accounts.c.seen_at.desc(), accounts.c.id.desc())
)


def mark_unreachable(connection: Connection, channel: str, chat: str, now: datetime) -> None:
    """The messenger said never: blocked, left, gone."""
    connection.execute(
        update(accounts).where(accounts.c.channel == channel, accounts.c.chat == chat).values(unreachable_at=now)
    )


def account_for(connection: Connection, person_id: int, *, but_not: Iterable[str] = ()) -> Account | None:
    """Where to reach a person: last active account first, reachable ones only."""
    skip = set(but_not)
    found = accounts_of(connection, person_id)
    return next((one for one in found if one.is_reachable and one.channel not in skip), None)


def staff(connection: Connection, *, role: Role | None = None, branch: str | None = None) -> list[Person]:
    """Active staff, of a role and branch where given. People of headquarters roles belong to every branch."""
    found = map(_person, _STAFF.all(connection, holding=f'%"{role}"%' if role else "%"))
    return [one for one in found if branch is None or one.branch == branch or bool(one.roles & EVERY_BRANCH)]


_STAFF = Prepared(
    select(*_KNOWN)
    .where(people.c.is_staff, people.c.standing == Standing.ACTIVE, cast(people.c.roles, Text).like(bindparam("holding")))
    .order_by(people.c.id)
)


def known_since(connection: Connection, person_id: int) -> datetime:
    """When the desk first met a person. Raises sqlalchemy.exc.NoResultFound."""
    found: datetime = connection.execute(select(people.c.created_at).where(people.c.id == person_id)).scalar_one()
    return found


def awaiting(connection: Connection) -> list[Person]:
    """People with a code who await the administrator's word."""
    rows = connection.execute(select(*_KNOWN).where(people.c.standing == Standing.PENDING).order_by(people.c.id))
    return [_person(row) for row in rows]


def audience(
    connection: Connection, who: Audience, branch: str, *, but_not: Collection[int] = (), now: datetime | None = None
) -> list[int]:
    """Ids of the staff meant by an audience in a branch; an empty post falls to the next one up, so nobody is nobody's.

    Whoever is in `but_not` counts as absent: a complaint about the only supervisor goes to the manager (SUR-5). At a moment it
    is whoever of them is on duty, or is not away, with those who stand in (STF-5, ESC-17, ROL-6).
    """
    role: Role | None = Role(who)
    while role is not None:
        post = [one.id for one in staff(connection, role=role, branch=branch) if one.id not in but_not]
        if post:
            heard = post if now is None else _hearers(connection, post, role, branch, now)
            return [one for one in heard if one not in but_not]
        role = _ABOVE.get(role)
    return []


def technicians_now(connection: Connection, branch: str, now: datetime) -> list[int]:
    """Technicians on duty at a moment; where the roster says nothing, those who are not away; nobody stands in for them."""
    post = [one.id for one in staff(connection, role=Role.TECHNICIAN, branch=branch) if Role.TECHNICIAN in one.roles]
    return _hearers(connection, post, Role.TECHNICIAN, branch, now)


def _hearers(connection: Connection, post: list[int], role: Role, branch: str, now: datetime) -> list[int]:
    present = roster.present(connection, branch, role, now)
    deputies = [present.deputies[one] for one in post if one in present.deputies]
    return list(hearers(list(dict.fromkeys([*post, *deputies])), present.duties, present.away, now))


_ABOVE = {
    Role.CLERK: Role.SUPERVISOR,
    Role.ADVISER: Role.SUPERVISOR,
    Role.WAREHOUSE: Role.SUPERVISOR,
    Role.ALLOCATOR: Role.SUPERVISOR,
    Role.PLANNER: Role.SUPERVISOR,
    Role.BUYER: Role.SUPERVISOR,
    Role.CLAIMS: Role.SUPERVISOR,
    Role.STATION: Role.SUPERVISOR,
    Role.ACCOUNTANT: Role.MANAGER,
    Role.SUPERVISOR: Role.MANAGER,
    Role.MANAGER: Role.SERVICE_DEPT,
    Role.AREA_SUPERVISOR: Role.OPS_MANAGER,
    Role.OPS_MANAGER: Role.SERVICE_DEPT,
    Role.QUALITY: Role.MANAGER,
    Role.MANUFACTURING: Role.MANAGER,
    Role.RND: Role.MANAGER,
    Role.SALES: Role.MANAGER,
    Role.SERVICE_DEPT: Role.DEPUTY_GM,
    Role.CASE_OFFICE: Role.DEPUTY_GM,
    Role.HR: Role.MANAGER,
    Role.DEPUTY_GM: Role.GM,
    Role.GM: Role.ADMINISTRATOR,
}
"""Who stands in for a post that nobody holds (ESC-17)."""
_HIGHEST = (Role.GM, Role.DEPUTY_GM, Role.SERVICE_DEPT, Role.MANAGER, Role.SUPERVISOR)


def head_of(person: Person) -> Role:
    """The post above somebody's highest one: the head of his section, and so on upward (STF-13)."""
    own = (*(role for role in _HIGHEST if role in person.roles), *sorted(person.roles))
    return next((_ABOVE[role] for role in own if role in _ABOVE), Role.SUPERVISOR)


def has_administrator(connection: Connection) -> bool:
    """Whether anybody may set the desk up; if not, the start prints an owner code."""
    return bool(staff(connection, role=Role.ADMINISTRATOR))


def customer_by_phone(connection: Connection, phone: str) -> Person | None:
    """INT-10: customers are recognised by their telephone."""
    if not phone:
        return None
    rows = connection.execute(select(people).where(people.c.phone == phone).order_by(people.c.id))
    return next((one for one in map(_person, rows) if Role.CUSTOMER in one.roles), None)


def _account(row: Any) -> Account:
    return Account(row.id, row.person_id, row.channel, row.address, row.chat, row.unreachable_at is None, row.seen_at)
