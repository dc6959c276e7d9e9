"""Hours: who signed in and out, and how long each was out on which job (STF-1, STF-3, DLY-1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, bindparam, func, insert, select, update

from rules.hours import Punch, Stretch, Workload, day_bounds, month_start, presence, week_start, worked, workload
from rules.orders import WorkOrder
from rules.terms import Terms
from rules.timesheets import is_out
from storage.tables import punches, stints

LONGEST = timedelta(hours=16)
"""What nobody ended counts no longer than this, presence or job: somebody forgot, and it shows in the daily report."""


@dataclass(frozen=True)
class Stint:
    """A stretch of time that somebody was out on an order; open while `end` is None."""

    person: int
    order: int
    start: datetime
    end: datetime | None

    def until(self, now: datetime) -> datetime:
        """When it ended, or how far it counts by now."""
        return min(self.end or now, self.start + LONGEST)


def punch(
    connection: Connection, person: int, *, at: datetime, is_in: bool, account: int, place: tuple[float, float] | None = None
) -> None:
    """Sign somebody in or out."""
    latitude, longitude = place or (None, None)
    values = {"person_id": person, "at": at, "is_in": is_in, "account_id": account}
    connection.execute(insert(punches).values(**values, latitude=latitude, longitude=longitude))


def place_of_punch(connection: Connection, person: int, place: tuple[float, float], *, since: datetime) -> bool:
    """Keep where somebody signed in or out last, if that was since a moment and no place was told; whether it was."""
    last = select(func.max(punches.c.id)).where(punches.c.person_id == person, punches.c.at >= since).scalar_subquery()
    statement = update(punches).where(punches.c.id == last, punches.c.latitude.is_(None))
    return connection.execute(statement.values(latitude=place[0], longitude=place[1])).rowcount == 1


def last_punch(connection: Connection, person: int) -> Punch | None:
    found = select(punches).where(punches.c.person_id == person).order_by(punches.c.at.desc(), punches.c.id.desc()).limit(1)
    row = connection.execute(found).one_or_none()
    return Punch(row.at, row.is_in) if row else None


def punches_of(connection: Connection, person: int, *, since: datetime, until: datetime) -> list[Punch]:
    """A person's signing in and out within [since, until), in order."""
    inside = (punches.c.person_id == person) & (punches.c.at >= since) & (punches.c.at < until)
    return [Punch(row.at, row.is_in) for row in connection.execute(select(punches).where(inside).order_by(punches.c.at))]


_END = (
    update(stints)
    .where(stints.c.order_id == bindparam("of"), stints.c.person_id == bindparam("who"), stints.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)


def follow(connection: Connection, before: WorkOrder | None, after: WorkOrder, now: datetime) -> None:
    """Start and stop the clocks of those who are out on an order, as it moves (DLY-1)."""
    were, are = _out(before), _out(after)
    for person in were - are:
        connection.execute(_END, {"of": after.id, "who": person, "now": now})
    rows = [{"person_id": person, "order_id": after.id, "started_at": now} for person in sorted(are - were)]
    if rows:
        connection.execute(insert(stints), rows)


def _out(order: WorkOrder | None) -> frozenset[int]:
    return frozenset(order.crew) if order is not None and is_out(order) else frozenset()


def stints_of(connection: Connection, people: Iterable[int], *, since: datetime, until: datetime) -> list[Stint]:
    """What some people were out on and that touches [since, until), in order."""
    begun_by = (stints.c.started_at < until) & (stints.c.started_at >= since - LONGEST)
    mine = stints.c.person_id.in_(list(people)) & begun_by
    rows = connection.execute(select(stints).where(mine).order_by(stints.c.started_at, stints.c.id))
    found = [Stint(row.person_id, row.order_id, row.started_at, row.ended_at) for row in rows]
    return [one for one in found if one.until(until) > since]


def hours_of(connection: Connection, person: int, terms: Terms, *, since: datetime, until: datetime) -> list[Stretch]:
    """What somebody worked and that touches [since, until)."""
    there = presence(punches_of(connection, person, since=since - LONGEST, until=until), now=until, most=LONGEST)
    jobs = [(one.start, one.until(until)) for one in stints_of(connection, [person], since=since, until=until)]
    return worked(there, jobs, terms.calendar)


def workload_of(connection: Connection, person: int, terms: Terms, *, now: datetime) -> Workload:
    """Where somebody stands now, today, this week and this month (STF-3)."""
    today = terms.calendar.local_day(now)
    first: date = min(week_start(today), month_start(today))
    since, _ = day_bounds(first, terms.calendar.zone)
    stretches = hours_of(connection, person, terms, since=since, until=now)
    return workload(person, stretches, terms.calendar, terms.policy, now=now)
