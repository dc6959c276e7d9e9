"""Turns of duty, leave, and who stands in for whom: the calendar of the staff."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, bindparam, delete, insert, literal, select, union_all, update

from rules.absences import Absence, LeaveState
from rules.people import Role
from rules.roster import Duty
from rules.standins import StandIn
from storage.engine import UtcTime
from storage.prepared import Prepared
from storage.tables import absences, duties, people, standins


def add(connection: Connection, turns: Iterable[Duty], *, by: int | None) -> None:
    """Plan turns; two equal ones raise IntegrityError."""
    rows = [
        {"person_id": one.person, "role": one.role, "branch": one.branch, "starts_at": one.start, "ends_at": one.end, "by": by}
        for one in turns
    ]
    connection.execute(insert(duties), rows)


def remove(connection: Connection, duty: int) -> None:
    connection.execute(delete(duties).where(duties.c.id == duty))


def by_id(connection: Connection, duty: int) -> Duty | None:
    row = connection.execute(select(duties).where(duties.c.id == duty)).one_or_none()
    return _duty(row) if row else None


def between(connection: Connection, start: datetime, end: datetime, *, branch: str, limit: int = 200) -> list[Duty]:
    """Turns of a branch that touch [start, end), in order."""
    inside = (duties.c.starts_at < end) & (duties.c.ends_at > start) & (duties.c.branch == branch)
    found = select(duties).where(inside).order_by(duties.c.starts_at, duties.c.id).limit(limit)
    return [_duty(row) for row in connection.execute(found)]


_ON_DUTY = select(duties.c.id).where(
    duties.c.person_id == bindparam("person"), duties.c.starts_at <= bindparam("at"), duties.c.ends_at > bindparam("at")
)


def has_duty(connection: Connection, person: int, moment: datetime) -> bool:
    """Whether somebody is on duty at a moment, in whatever post."""
    return connection.execute(_ON_DUTY.limit(1), {"person": person, "at": moment}).first() is not None


def of(connection: Connection, people_ids: Iterable[int], *, since: datetime) -> list[Duty]:
    """Turns of some people that end after a moment, in order."""
    inside = duties.c.person_id.in_(list(people_ids)) & (duties.c.ends_at > since)
    return [_duty(row) for row in connection.execute(select(duties).where(inside).order_by(duties.c.starts_at, duties.c.id))]


def ask_leave(connection: Connection, absence: Absence, *, now: datetime) -> Absence:
    """Keep a request; returns it with its number."""
    values = {"person_id": absence.person, "starts_at": absence.start, "ends_at": absence.end, "kind": absence.kind}
    values |= {"reason": absence.reason, "state": absence.state, "at": now, "decided_by": absence.decided_by}
    return _absence(connection.execute(insert(absences).values(values).returning(absences)).one())


def change_leave(connection: Connection, before: Absence, after: Absence, *, now: datetime) -> bool:
    """Keep a decision; False when somebody else decided in between."""
    same = (absences.c.id == before.id) & (absences.c.state == before.state)
    values = {"state": after.state, "decided_by": after.decided_by, "decided_at": now}
    return connection.execute(update(absences).where(same).values(values)).rowcount == 1


def leave_by_id(connection: Connection, absence: int) -> Absence | None:
    row = connection.execute(select(absences).where(absences.c.id == absence)).one_or_none()
    return _absence(row) if row else None


def leave_of(connection: Connection, person: int, *, since: datetime) -> list[Absence]:
    """A person's leave that ends after a moment, whatever became of it."""
    return _absences(connection, (absences.c.person_id == person) & (absences.c.ends_at > since))


def leave_asked(connection: Connection, branch: str, *, since: datetime) -> list[Absence]:
    """Requests of a branch that wait for a word."""
    mine = absences.c.person_id.in_(select(people.c.id).where(people.c.branch == branch))
    return _absences(connection, mine & (absences.c.state == LeaveState.ASKED) & (absences.c.ends_at > since))


_AWAY = Prepared(
    select(absences.c.person_id).where(
        absences.c.state == LeaveState.GRANTED,
        absences.c.starts_at <= bindparam("at"),
        absences.c.ends_at > bindparam("at"),
    )
)


def away(connection: Connection, moment: datetime) -> frozenset[int]:
    """Who is on leave, or has left, at a moment (DSP-3)."""
    return frozenset(row.person_id for row in _AWAY.all(connection, at=moment))


def leaves_on(connection: Connection, person: int) -> datetime | None:
    """From when on a person is gone for good; None for one who stays (STF-10)."""
    gone = (absences.c.person_id == person) & (absences.c.kind == "leaving") & (absences.c.state == LeaveState.GRANTED)
    return connection.execute(select(absences.c.starts_at).where(gone).limit(1)).scalar_one_or_none()


def stand_in(connection: Connection, one: StandIn, *, now: datetime) -> None:
    values = {"person_id": one.person, "deputy_id": one.deputy, "starts_at": one.start, "ends_at": one.end, "at": now}
    connection.execute(insert(standins).values(values))


def end_stand_in(connection: Connection, stand_in: int, *, now: datetime) -> None:
    """It ends now, or never began."""
    connection.execute(delete(standins).where(standins.c.id == stand_in, standins.c.starts_at >= now))
    connection.execute(update(standins).where(standins.c.id == stand_in, standins.c.ends_at > now).values(ends_at=now))


def stand_ins(connection: Connection, *, since: datetime, person: int | None = None) -> list[StandIn]:
    """Who stands in for whom, from a moment on."""
    found = select(standins).where(standins.c.ends_at > since).order_by(standins.c.starts_at)
    if person is not None:
        found = found.where((standins.c.person_id == person) | (standins.c.deputy_id == person))
    return [StandIn(row.person_id, row.deputy_id, row.starts_at, row.ends_at, row.id) for row in connection.execute(found)]


@dataclass(frozen=True)
class Present:
    """Who of a branch can hear something now: on duty in a post, away, and who stands in for whom."""

    duties: tuple[Duty, ...]
    away: frozenset[int]
    deputies: Mapping[int, int]


_NOW = Prepared(
    union_all(
        select(literal("duty").label("what"), duties.c.person_id, duties.c.id.label("other"))
        .where(duties.c.branch == bindparam("branch"), duties.c.role == bindparam("role"))
        .where(duties.c.starts_at <= bindparam("at", type_=UtcTime), duties.c.ends_at > bindparam("at", type_=UtcTime)),
        select(literal("away"), absences.c.person_id, literal(0))
        .where(absences.c.state == LeaveState.GRANTED)
        .where(absences.c.starts_at <= bindparam("at", type_=UtcTime), absences.c.ends_at > bindparam("at", type_=UtcTime)),
        select(literal("deputy"), standins.c.person_id, standins.c.deputy_id).where(
            standins.c.starts_at <= bindparam("at", type_=UtcTime), standins.c.ends_at > bindparam("at", type_=UtcTime)
        ),
    )
)


def present(connection: Connection, branch: str, role: Role, moment: datetime) -> Present:
    """All that decides who hears something that a post is told at a moment, in one look (ESC-17, ROL-6)."""
    on, gone, deputies = list[Duty](), set[int](), dict[int, int]()
    for row in _NOW.all(connection, branch=branch, role=role, at=moment):
        if row.what == "duty":
            on.append(Duty(row.person_id, role, branch, moment, moment + timedelta.resolution, row.other))
        elif row.what == "away":
            gone.add(row.person_id)
        else:
            deputies[row.person_id] = row.other
    return Present(tuple(on), frozenset(gone), deputies)


_ACTING = Prepared(
    select(standins.c.person_id, people.c.roles)
    .join(people, people.c.id == standins.c.person_id)
    .where(
        standins.c.deputy_id == bindparam("deputy"),
        standins.c.starts_at <= bindparam("at"),
        standins.c.ends_at > bindparam("at"),
        people.c.standing == "active",
    )
)


def posts_held_for(connection: Connection, deputy: int, moment: datetime) -> dict[int, frozenset[Role]]:
    """person -> the roles of his that somebody holds for him at a moment (ROL-6)."""
    rows = _ACTING.all(connection, deputy=deputy, at=moment)
    return {row.person_id: frozenset(Role(role) for role in row.roles) for row in rows}


def _duty(row: Row[tuple[object, ...]]) -> Duty:
    m = row._mapping
    return Duty(m["person_id"], Role(m["role"]), m["branch"], m["starts_at"], m["ends_at"], m["id"])


def _absences(connection: Connection, which: ColumnElement[bool]) -> list[Absence]:
    found = select(absences).where(which).order_by(absences.c.starts_at, absences.c.id)
    return [_absence(row) for row in connection.execute(found)]


def _absence(row: Row[tuple[object, ...]]) -> Absence:
    m = row._mapping
    state = LeaveState(m["state"])
    return Absence(m["person_id"], m["starts_at"], m["ends_at"], m["reason"], state, m["kind"], m["decided_by"], m["id"])
