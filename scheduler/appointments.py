"""Both sides are reminded of an appointment: the evening before, and an hour before (INT-13)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from rules.appointments import LASTS, reminders
from rules.clocks import Clock
from rules.decisions import Audience
from rules.orders import WorkOrder
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import deadlines, people, subjects

_AHEAD = timedelta(hours=36)
"""No evening before is longer before its appointment than that."""


def remind(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """Each reminder once a person, however often somebody looks; returns how many were told."""
    n_told = 0
    for running in deadlines.due_between(connection, Clock.APPOINTMENT, now, now + _AHEAD + LASTS):
        order = subjects.by_name(connection, running.subject)
        if not isinstance(order, WorkOrder) or running.watch.promise.limit.rule != "INT-13":
            continue
        for which in reminders(order, running.watch.promise.started_at, terms.calendar.zone, now=now):
            n_told += sum(_tell(connection, order, reader, which, now) for reader in _readers(connection, order, now))
    return n_told


def _readers(connection: Connection, order: WorkOrder, now: datetime) -> list[int]:
    """The customer and who goes to him; the supervisor where nobody has been sent yet."""
    going = order.crew or tuple(people.audience(connection, Audience.SUPERVISOR, order.branch, now=now))
    return list(dict.fromkeys((order.customer, *going)))


def _tell(connection: Connection, order: WorkOrder, reader: int, which: str, now: datetime) -> bool:
    slot = f"{order.id}:{order.planned_for}"
    if not first_time(connection, f"appointment-{which}", slot, reader, now):
        return False
    text = f"appointment.{which}-customer" if reader == order.customer else f"appointment.{which}"
    card = {"label": {"text": "button.card"}, "token": f"o.{order.id}.card", "tone": "plain"}
    body = {"text": text, "facts": {"number": order.number, "at": order.planned_for}, "lines": [], "rows": [[card]]}
    post(connection, reader, body, now=now, subject=order.subject, dedup=f"appointment:{which}:{slot}:{reader}")
    return True
