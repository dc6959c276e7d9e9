"""The month's most frequent faults go back to those who can improve the product (CLS-8)."""

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection

from rules.hours import day_bounds, month_start
from rules.orders import Step, WorkOrder
from rules.people import Role
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from scheduler.tending import opening
from storage import orders, people

MOST, OFTEN = 5, 2
"""How many faults are named, and how often one has to have been found to be one of them."""
_READERS = (Role.QUALITY, Role.RND, Role.SERVICE_DEPT, Role.MANAGER)


def monthly(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """On the first working morning of a month, or as soon as somebody looks: last month's, once a person; returns how many."""
    today = terms.calendar.local_day(now)
    if not terms.calendar.is_workday(today) or now < opening(today, terms):
        return 0
    end = day_bounds(month_start(today), terms.calendar.zone)[0]
    start = day_bounds(month_start(terms.calendar.local_day(end - timedelta(minutes=1))), terms.calendar.zone)[0]
    if not first_time(connection, "faults", f"{terms.calendar.local_day(start):%Y-%m}", 0, now):
        return 0
    found = often(orders.all_between(connection, start, end))
    if not found:
        return 0
    lines = [{"text": "faults.line", "facts": {"model": model, "part": part, "n": n}} for model, part, n in found]
    write = {"label": {"text": "sheet.new.improve"}, "token": "g.0.new.improve", "tone": "primary"}
    body = {
        "text": "faults.head",
        "facts": {"month": f"{terms.calendar.local_day(start):%Y-%m}"},
        "lines": lines,
        "rows": [[write]],
    }
    readers = [one.id for role in _READERS for one in people.staff(connection, role=role)]
    for reader in dict.fromkeys(readers):
        post(connection, reader, body, now=now, dedup=f"faults:{start.isoformat()}:{reader}")
    return len(set(readers))


def often(calls: list[WorkOrder]) -> list[tuple[str, str, int]]:
    """(model, component, how often) of what was found most, by what the technicians recorded."""
    counted = Counter(
        (one.report.model.strip(), str(one.found(Step.CHECK).get("component") or "").strip())
        for one in calls
        if one.found(Step.CHECK).get("component") and one.report.model
    )
    return [(model, part, n) for (model, part), n in counted.most_common(MOST) if n >= OFTEN]
