"""Signing in and out from one's own account, and what it comes to (STF-1, STF-3). There is no way of doing it for another."""

from datetime import timedelta
from typing import Any

from handlers.events import Kind
from handlers.said import button
from handlers.turn import Turn
from rules.decisions import Entry
from rules.people import Deed, require
from storage import journal, worktime

PLACE_WITHIN = timedelta(minutes=5)
"""How long after signing in or out a shared place is taken as where it was done."""


def punch(turn: Turn, *, is_in: bool) -> None:
    """Sign in or out, now. Signing in twice is told and changes nothing."""
    require(turn.person, Deed.PUNCH)
    last = worktime.last_punch(turn.connection, turn.person.id)
    was_in = last is not None and last.is_in
    if last is not None and was_in is is_in and turn.now - last.at < worktime.LONGEST:
        turn.reply("hours.in-already" if is_in else "hours.out-already", {"at": last.at})
        return
    if not is_in and not was_in:
        turn.reply("hours.not-in")
        return
    worktime.punch(turn.connection, turn.person.id, at=turn.now, is_in=is_in, account=turn.account.id)
    entry = Entry("punch.in" if is_in else "punch.out", {"account": turn.account.id}, "STF-1")
    journal.append(turn.connection, f"person:{turn.person.id}", (entry,), by=turn.person.id, at=turn.now)
    facts: dict[str, Any] = {"name": turn.person.name, "at": turn.now}
    if not is_in:
        facts["worked"] = worktime.workload_of(turn.connection, turn.person.id, turn.terms, now=turn.now).today
    turn.reply("hours.in" if is_in else "hours.out", facts, hint="location")


def takes_place(turn: Turn) -> bool:
    """Whether a shared place belongs to a signing in or out just now; if so, it is kept with it."""
    event = turn.event
    if event.kind is not Kind.LOCATION or event.place is None:
        return False
    place = (event.place.latitude, event.place.longitude)
    if not worktime.place_of_punch(turn.connection, turn.person.id, place, since=turn.now - PLACE_WITHIN):
        return False
    turn.reply("hours.place")
    return True


def show(turn: Turn) -> None:
    """One's own hours: today, this week, overtime this month, and the limits (X-9)."""
    require(turn.person, Deed.PUNCH)
    load = worktime.workload_of(turn.connection, turn.person.id, turn.terms, now=turn.now)
    hours, most = turn.terms.policy.hours, turn.terms.policy.overtime.month_max
    facts: dict[str, Any] = {"today": load.today, "week": load.week, "overtime": load.overtime}
    facts |= {"day_max": hours.day_max, "week_max": hours.week_max, "month_max": most}
    last = worktime.last_punch(turn.connection, turn.person.id)
    is_in = last is not None and last.is_in
    first = button("menu.out" if is_in else "menu.in", "m.out" if is_in else "m.in", tone="primary")
    turn.reply("hours.own", facts, rows=[[first]])
