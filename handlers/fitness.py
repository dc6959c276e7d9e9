"""Who can go: older calls, leave, hours and licences, looked at before anybody is sent (DSP-2, DSP-3, DSP-14, STF-3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from rules.hours import require_time
from rules.licences import needed, require_licensed
from rules.orders import Stage, WorkOrder
from rules.people import Role
from rules.refusals import Refused
from rules.terms import Terms
from storage import orders, people, roster, staffing, worktime

Concern = dict[str, Any]
_ANY_WORD = "…"


def passed_over(connection: Connection, order: WorkOrder) -> tuple[str, ...]:
    """Older carried-over orders of the branch that ought to be dispatched before this one (DSP-2)."""
    if order.stage is Stage.CARRIED_OVER or order.crew or order.is_emergency:
        return ()
    waiting = orders.undispatched(connection, order.branch)
    return tuple(one.number for one in waiting if one.stage is Stage.CARRIED_OVER and one.id != order.id)


def concerns(connection: Connection, order: WorkOrder, crew: Sequence[int], *, terms: Terms, now: datetime) -> list[Concern]:
    """What speaks against sending these people and can be overcome with the supervisor's reason.

    Older calls (DSP-2), production that was not asked (DSP-3), leave (STF-6), a day beyond ten hours and the hours of an
    emergency (STF-3), a rescue by one without a licence (DSP-14).
    """
    found: list[Concern] = []
    if older := passed_over(connection, order):
        found.append(_concern("carried-over", numbers=list(older)))
    if terms.policy.dispatch.consult_production and not order.is_emergency:
        found.append(_concern("production"))
    away = roster.away(connection, now)
    found += [_concern("away", technician_id=one) for one in crew if one in away]
    for one in crew:
        found += _long_day(connection, order, one, terms, now)
    if order.is_emergency:
        found += [
            _concern("unlicensed", technician_id=one) for one in crew if not is_licensed(connection, order, one, terms, now)
        ]
    return found


def _concern(code: str, **facts: Any) -> Concern:
    return {"text": f"concern.{code}", "facts": facts}


def _long_day(connection: Connection, order: WorkOrder, person: int, terms: Terms, now: datetime) -> list[Concern]:
    load = worktime.workload_of(connection, person, terms, now=now)
    try:
        is_long = require_time(load, terms.policy, is_emergency=order.is_emergency)
    except Refused as refused:
        if refused.code != "hours-emergency":
            return []  # no reason helps; whoever sends him hears so
        is_long = True
    facts = {"technician_id": person, "worked": load.today, "most": terms.policy.hours.day_max}
    return [_concern("long-day", **facts)] if is_long else []


def require_fit(
    connection: Connection, order: WorkOrder, crew: Sequence[int], *, word: str = "", terms: Terms, now: datetime
) -> None:
    """Raise Refused for whoever must not go: left or leaving, unlicensed, without time left (STF-10, DSP-14, STF-3)."""
    if not set(crew) <= {one.id for one in people.staff(connection, role=Role.TECHNICIAN)}:
        raise Refused("crew-gone", rule="DSP-1", offer="dispatch")
    for one in crew:
        gone = roster.leaves_on(connection, one)
        if gone is not None and gone <= max(now, order.planned_for or now):
            raise Refused("crew-leaving", rule="STF-10", technician_id=one, date=gone)
    if not order.is_emergency:
        held = staffing.licences_of(connection, crew)
        require_licensed(order.report, crew, held, terms.policy, today=terms.calendar.local_day(now))
    for one in crew:
        load = worktime.workload_of(connection, one, terms, now=now)
        require_time(load, terms.policy, is_emergency=order.is_emergency, word=word)


def require_fit_taker(connection: Connection, order: WorkOrder, person: int, *, terms: Terms, now: datetime) -> None:
    """The same for one who takes an offer himself; whoever was called to an emergency needs no further word (DSP-11)."""
    require_fit(connection, order, (person,), word=_ANY_WORD, terms=terms, now=now)


def is_licensed(connection: Connection, order: WorkOrder, person: int, terms: Terms, now: datetime) -> bool:
    """Whether somebody has every licence that an order's work needs."""
    if not needed(order.report, terms.policy):
        return True
    try:
        held = staffing.licences_of(connection, [person])
        require_licensed(order.report, [person], held, terms.policy, today=terms.calendar.local_day(now))
    except Refused:
        return False
    return True


def on_call(connection: Connection, branch: str, *, terms: Terms, now: datetime) -> tuple[int, ...]:
    """Technicians who are called to an emergency: those on duty, else all who are not away; nobody after his twelve hours."""
    called = people.technicians_now(connection, branch, now)
    rested = [one for one in called if _has_time(connection, one, terms, now)]
    return tuple(rested)


def _has_time(connection: Connection, person: int, terms: Terms, now: datetime) -> bool:
    try:
        require_time(worktime.workload_of(connection, person, terms, now=now), terms.policy, is_emergency=True, word=_ANY_WORD)
    except Refused:
        return False
    return True
