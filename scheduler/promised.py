"""In the morning of a promised day: will it be ready? And heads who owe a work plan are reminded (SLA-33, DLY-11)."""

from datetime import date, datetime

from sqlalchemy import Connection

from rules.clocks import Clock
from rules.decisions import Audience
from rules.goods import Goods
from rules.hours import day_bounds, month_start
from rules.orders import UNDISPATCHED, WorkOrder
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from storage import cases, deadlines, orders, people, subjects, timebook
from storage.unit import whom

_FIRST_MONTHS = {"month": range(1, 13), "quarter": (1, 4, 7, 10), "year": (1,)}


def daily(connection: Connection, terms: Terms, day: date, *, now: datetime) -> int:
    """All of it, once a day; returns how many were asked."""
    return _ask(connection, terms, day, now) + _goods(connection, terms, day, now) + _plans(connection, terms, day, now)


def _ask(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """Whoever has an unfinished order that was promised for today is asked, where nobody has it the supervisor (SLA-33)."""
    start, end = day_bounds(day, terms.calendar.zone)
    n_asked = 0
    for running in deadlines.due_between(connection, Clock.COMPLETION, start, end):
        order = _order(connection, running.subject)
        if order is None or not _is_unfinished(order):
            continue
        readers = order.crew or tuple(people.audience(connection, Audience.SUPERVISOR, order.branch, now=now))
        for reader in readers:
            if first_time(connection, "promised", f"{day}:{order.id}", reader, now):
                _post(connection, order, reader, running.watch.promise.due_at, now)
                n_asked += 1
    return n_asked


def _goods(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """Whoever has goods that are planned to be ready today and are not is asked (SLA-33, WKS-8)."""
    start, end = day_bounds(day, terms.calendar.zone)
    n_asked = 0
    for running in deadlines.due_between(connection, Clock.REPAIR, start, end):
        goods = subjects.by_name(connection, running.subject)
        if not isinstance(goods, Goods):
            continue
        for reader in whom(connection, goods, goods.owners, now):
            if first_time(connection, "promised", f"{day}:{goods.subject}", reader, now):
                buttons = [("button.case", "card", "primary"), ("button.goods.late", "late", "danger")]
                row = [{"label": {"text": one}, "token": f"wk.{goods.id}.{to}", "tone": tone} for one, to, tone in buttons]
                facts = {"number": goods.number, "due": running.watch.promise.due_at}
                body = {"text": "promised.goods", "facts": facts, "lines": [], "rows": [row]}
                dedup = f"promised:{goods.subject}:{running.watch.promise.due_at.isoformat()}:{reader}"
                post(connection, reader, body, now=now, subject=goods.subject, dedup=dedup)
                n_asked += 1
    return n_asked


def _order(connection: Connection, subject: str) -> WorkOrder | None:
    kind, _, number = subject.partition(":")
    return orders.by_id(connection, int(number)) if kind == "order" else None


def _is_unfinished(order: WorkOrder) -> bool:
    return order.is_open and order.finished_at is None


def _post(connection: Connection, order: WorkOrder, reader: int, due_at: datetime, now: datetime) -> None:
    late = {"label": {"text": "button.late"}, "token": f"o.{order.id}.late", "tone": "danger"}
    card = {"label": {"text": "button.card"}, "token": f"o.{order.id}.card", "tone": "primary"}
    row = [card, late] if reader in order.crew and order.stage not in UNDISPATCHED else [card]
    body = {"text": "promised.today", "facts": {"number": order.number, "due": due_at}, "lines": [], "rows": [row]}
    post(connection, reader, body, now=now, subject=order.subject, dedup=f"promised:{order.id}:{due_at.isoformat()}:{reader}")


def _plans(connection: Connection, terms: Terms, day: date, now: datetime) -> int:
    """From the first day of a period on, once: heads of branches that have not handed in its plan (DLY-11)."""
    n_told = 0
    for period in terms.policy.sheets.plans:
        if day.month not in _FIRST_MONTHS[period]:
            continue
        since = day_bounds(month_start(day), terms.calendar.zone)[0]
        filed = {one.branch for one in cases.opened_between(connection, Sheet, since, now) if _is_plan(one, period)}
        for branch in set(timebook.branches(connection)) - filed:
            for head in people.audience(connection, Audience.SUPERVISOR, branch, now=now):
                if first_time(connection, "plan", f"{period}:{month_start(day)}", head, now):
                    write = {"label": {"text": "sheet.new.plan"}, "token": "g.0.new.plan", "tone": "primary"}
                    facts = {"period": {"text": f"sheet.plan_period.{period}"}}
                    body = {"text": "promised.plan", "facts": facts, "lines": [], "rows": [[write]]}
                    post(connection, head, body, now=now, dedup=f"plan:{period}:{month_start(day)}:{head}")
                    n_told += 1
    return n_told


def _is_plan(sheet: Sheet, period: str) -> bool:
    return sheet.sheet is SheetKind.PLAN and sheet.told.get("period") == period
