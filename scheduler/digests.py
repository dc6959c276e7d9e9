"""Morning digests and the end of the day: what is pending, overdue, undispatched (ESC-18, DSP-2, SLA-13)."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from rules.clocks import Clock, first_thing, promised_at
from rules.intake import carry_over
from rules.orders import AFTER_VISIT, CLOSED, UNDISPATCHED, Stage, WorkOrder
from rules.people import Person, Role
from rules.terms import Terms
from scheduler.telling import post
from storage import deadlines, orders, people
from storage.engine import insert
from storage.tables import digests
from storage.unit import Unit

_KEPT = frozenset(Stage) - UNDISPATCHED


def end_of_day(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """After closing whatever was not dispatched is carried over and due first thing next working day (DSP-2, DLY-4, SLA-13).

    That is so on each day anew, and for calls that wait for an answer too.

    Returns how many were carried over. Done once a day, however often it is called.
    """
    day = terms.calendar.local_day(now)
    ends = terms.calendar.day_end(day)
    if ends is None or now < ends:
        day = _last_workday(terms, day)
        ends = terms.calendar.day_end(day)
    if ends is None:
        return 0
    n_carried = 0
    for order in orders.undispatched(connection):
        if order.reported_at <= ends and order.carried_over_on != day.isoformat():
            own = terms.of(order.policy_version)
            due = promised_at(Clock.DISPATCH, first_thing(day, own.calendar), ends, "SLA-13")
            Unit(connection, now, own).record(order, carry_over(order, day.isoformat(), due=due), by=None)
            n_carried += 1
    return n_carried


def _last_workday(terms: Terms, day: date) -> date:
    for n in range(1, 30):
        earlier = day - timedelta(days=n)
        if terms.calendar.is_workday(earlier):
            return earlier
    return day - timedelta(days=1)


def morning(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """At the start of a working day everybody gets what is pending and overdue, the supervisors their branch's (ESC-18)."""
    day = terms.calendar.local_day(now)
    begins, ends = terms.calendar.day_start(day), terms.calendar.day_end(day)
    if begins is None or ends is None or not begins <= now < ends:
        return 0
    n_sent = 0
    for person in people.staff(connection):
        if first_time(connection, "morning", day.isoformat(), person.id, now):
            n_sent += _tell(connection, terms, person, now)
    return n_sent


def _tell(connection: Connection, terms: Terms, person: Person, now: datetime) -> int:
    if person.roles & {Role.SUPERVISOR, Role.CLERK, Role.MANAGER}:
        waiting = orders.queue(connection, visible_to=person, stages=UNDISPATCHED, limit=40)
        others = orders.queue(connection, visible_to=person, stages=_open_stages(), limit=60)
        text = "digest.office"
    elif Role.TECHNICIAN in person.roles:
        waiting, others, text = [], orders.open_for(connection, person), "digest.technician"
    else:
        return 0
    if not waiting and not others:
        return 0
    overdue = [one for one in (*waiting, *others) if _is_overdue(connection, one, now)]
    facts = {"name": person.name, "n_waiting": len(waiting), "n_open": len(others), "n_overdue": len(overdue)}
    lines = [_line(connection, one, now) for one in (*overdue, *(w for w in (*waiting, *others) if w not in overdue))][:20]
    buttons = [
        {"label": {"literal": one.number}, "token": f"o.{one.id}.card", "tone": "plain"}
        for one in (*overdue, *waiting, *others)
    ]
    unique = list({one["token"]: one for one in buttons}.values())[:9]
    rows = [unique[n : n + 3] for n in range(0, len(unique), 3)]
    body: dict[str, Any] = {"text": text, "facts": facts, "lines": lines, "rows": rows}
    post(connection, person.id, body, now=now, dedup=f"morning:{terms.calendar.local_day(now)}:{person.id}")
    return 1


def _open_stages() -> frozenset[Stage]:
    return _KEPT - CLOSED | AFTER_VISIT


def _is_overdue(connection: Connection, order: WorkOrder, now: datetime) -> bool:
    return any(one.watch.promise.due_at < now for one in deadlines.of(connection, order.subject).values())


def _line(connection: Connection, order: WorkOrder, now: datetime) -> dict[str, Any]:
    running = deadlines.of(connection, order.subject).values()
    first = min((one.watch.promise.due_at for one in running), default=None)
    facts: dict[str, Any] = {"number": order.number, "stage": {"text": f"stage.{order.stage}"}, "what": order.report.model}
    if order.stage is Stage.CARRIED_OVER:
        return {"text": "digest.carried-over", "facts": facts}
    if first is None:
        return {"text": "digest.line", "facts": facts}
    if first < now:
        return {"text": "digest.overdue", "facts": facts | {"late": now - first}}
    return {"text": "digest.due", "facts": facts | {"due": first}}


def first_time(connection: Connection, kind: str, period: str, person: int, now: datetime) -> bool:
    """Whether this digest has not been sent yet; from now on it has (unique per digest, period and person)."""
    statement = insert(connection, digests).values(kind=kind, period=period, person_id=person, at=now)
    done = connection.execute(statement.on_conflict_do_nothing().returning(digests.c.kind))
    return done.one_or_none() is not None


def told(connection: Connection, kind: str, period: str, person: int) -> bool:
    """Whether this digest has been sent already; nothing is written."""
    of_it = (digests.c.kind == kind) & (digests.c.period == period) & (digests.c.person_id == person)
    return connection.execute(select(digests.c.kind).where(of_it)).one_or_none() is not None
