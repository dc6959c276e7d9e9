"""What the figures of a stretch of time are counted from: set-based reads by index, one a source (KPI-1..9, 12, 13)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, String, and_, case, cast, func, or_, select

from rules.clocks import Clock, Hold
from rules.complaints import Complaint
from rules.counting import (
    COUNTED_CLOCKS,
    COUNTED_RULES,
    REPAIR_RULES,
    REPEAT_WITHIN,
    Call,
    count_card,
    count_complaint,
    count_job,
    count_old_parts,
    count_opinion,
    count_promise,
    count_repair,
    repeated,
    repeats,
)
from rules.figure_scopes import Scope
from rules.figures import Card, Count, Ledger, Source
from rules.months import Period
from rules.orders import WORK, Stage, Step
from rules.part_uses import PartUse
from rules.tasks import Errand, Task
from rules.terms import Terms
from rules.timesheets import totals
from storage import cases as case_store
from storage import timebook
from storage.codec import load
from storage.tables import cases, crew, deadlines, journal, orders

_LONGEST = timedelta(days=400)
"""A complaint that came in longer ago than this is not looked for."""
_AT_ONCE = 500
_TECHNICIANS = (
    select(func.aggregate_strings(cast(crew.c.person_id, String), ","))
    .where(crew.c.order_id == orders.c.id, crew.c.tie == "crew")
    .scalar_subquery()
)
_SOURCE = (orders.c.id, orders.c.number, orders.c.branch, orders.c.model, _TECHNICIANS.label("technicians"))


def ledger(
    connection: Connection, start: datetime, end: datetime, terms: Terms, *, branch: str | None = None, now: datetime
) -> Ledger:
    """All that counts in [start, end) as it stands at `now`, of a branch, or of all where none is named."""
    until = min(end, now)
    jobs = [*_jobs(connection, start, until, branch)]
    counts = [*_promises(connection, start, until, branch), *_of_jobs(connection, jobs, until, now, terms)]
    cards = [*_cards(connection, start, until, branch)]
    formula = terms.policy.satisfaction.formula
    counts += [count_card(one.source, one.at, one.grades, formula) for one in cards]
    counts += _complaints(connection, start, until, branch, now)
    counts += _opinions(connection, start, until, branch, now)
    counts += [*_repairs(connection, start, until, branch), *_old_parts(connection, start, until, branch, terms)]
    return Ledger(tuple(counts), tuple(cards), _n_calls(connection, start, until, branch), len(jobs))


def of_period(connection: Connection, period: Period, terms: Terms, *, branch: str | None = None, now: datetime) -> Ledger:
    """The ledger of a month or week, by the company's own days."""
    return ledger(connection, *period.bounds(terms.calendar.zone), terms, branch=branch, now=now)


def minutes(connection: Connection, period: Period, scope: Scope) -> dict[str, int]:
    """Minutes by kind of work, as the daily reports of a scope have them; of a model nothing is reported (KPI-9)."""
    if scope.model:
        return {}
    reports = timebook.reports_of(connection, period.first, period.last).values()
    mine = (
        one for one in reports if (scope.branch is None or one.branch == scope.branch) and scope.technician in (0, one.person)
    )
    return totals(line for one in mine for line in one.lines)


def branches(connection: Connection) -> list[str]:
    """Every branch that ever had an order."""
    return sorted(connection.execute(select(orders.c.branch).distinct()).scalars())


def is_in_use(connection: Connection, before: datetime) -> bool:
    """Whether anything was reported before a moment."""
    found = select(orders.c.id).where(orders.c.reported_at < before).limit(1)
    return connection.execute(found).one_or_none() is not None


def audits(connection: Connection, technician: int, start: datetime, end: datetime) -> tuple[int, int]:
    """(approved reports, reports sent back) of the jobs that a technician completed in [start, end) (KPI-15, CLS-5)."""
    mine = and_(crew.c.order_id == orders.c.id, crew.c.person_id == technician, crew.c.tie == "crew")
    lines = journal.c.subject == "order:" + cast(orders.c.id, String)
    found = (
        select(journal.c.kind, func.count())
        .select_from(orders.join(crew, mine).join(journal, lines))
        .where(orders.c.finished_at >= start, orders.c.finished_at < end)
        .where(journal.c.kind.in_(("order.approved", "order.returned")))
        .group_by(journal.c.kind)
    )
    n: dict[str, int] = {row[0]: row[1] for row in connection.execute(found)}
    return n.get("order.approved", 0), n.get("order.returned", 0)


def held(connection: Connection, start: datetime, end: datetime, *, branch: str | None, now: datetime) -> tuple[int, timedelta]:
    """How many orders whose promises fell due in [start, end) were put on hold, and for how long in all (SLA-32)."""
    holds = orders.c.order["holds"]
    found = (
        select(orders.c.id, holds.label("holds"))
        .select_from(deadlines.join(orders, orders.c.id == _order_in(deadlines.c.subject)))
        .where(*_due(start, min(end, now), branch), cast(holds, String) != "[]")
    )
    by_order = {row.id: [load(Hold, one) for one in row.holds or ()] for row in connection.execute(found)}
    stretches = [(one.end or now) - one.start for every in by_order.values() for one in every]
    return sum(bool(one) for one in by_order.values()), sum(stretches, timedelta())


def _due(
    start: datetime,
    until: datetime,
    branch: str | None,
    clocks: Iterable[Clock] = COUNTED_CLOCKS,
    rules: Iterable[str] = COUNTED_RULES,
) -> tuple[ColumnElement[bool], ...]:
    """Arrivals and replies that fell due, or what else is named; what was called off counts for nobody."""
    return (
        deadlines.c.clock.in_([str(one) for one in clocks]),
        deadlines.c.due_at >= start,
        deadlines.c.due_at < until,
        deadlines.c.state != "dropped",
        deadlines.c.watch["promise"]["limit"]["rule"].as_string().in_(list(rules)),
        _of(orders.c.branch, branch),
    )


def _promises(connection: Connection, start: datetime, until: datetime, branch: str | None) -> Iterator[Count]:
    found = (
        select(deadlines.c.clock, deadlines.c.due_at, deadlines.c.met_at, *_SOURCE)
        .select_from(deadlines.join(orders, orders.c.id == _order_in(deadlines.c.subject)))
        .where(*_due(start, until, branch))
        .order_by(deadlines.c.id)
    )
    for row in connection.execute(found):
        yield count_promise(_source(row), row.clock, due_at=row.due_at, met_at=row.met_at)


def _repairs(connection: Connection, start: datetime, until: datetime, branch: str | None) -> Iterator[Count]:
    """Repairs of a shop whose week was over in the time (KPI-13)."""
    found = (
        select(deadlines.c.due_at, deadlines.c.met_at, *_SOURCE)
        .select_from(deadlines.join(orders, orders.c.id == _order_in(deadlines.c.subject)))
        .where(*_due(start, until, branch, (Clock.COMPLETION,), REPAIR_RULES))
        .order_by(deadlines.c.id)
    )
    for row in connection.execute(found):
        yield count_repair(_source(row), due_at=row.due_at, met_at=row.met_at)


def _old_parts(connection: Connection, start: datetime, until: datetime, branch: str | None, terms: Terms) -> Iterator[Count]:
    """What of the parts that were used in the time had an old one, where those come back at all (KPI-12)."""
    used = [one for one in case_store.opened_between(connection, PartUse, start, until) if branch in (None, one.branch)]
    used = [one for one in used if terms.of(one.policy_version).policy.parts.old_part != "off"]
    abouts = _sources(connection, (one.about_order for one in used))
    for one in used:
        source = abouts.get(one.about_order or 0) or Source(one.subject, one.about_number, one.branch)
        yield from count_old_parts(source, one.opened_at, one.lines)


def _jobs(connection: Connection, start: datetime, until: datetime, branch: str | None) -> Iterator[Any]:
    """Jobs that were completed, on site or without a visit."""
    found = (
        select(orders.c.finished_at, orders.c.customer_id, orders.c.serial, *_SOURCE)
        .where(orders.c.finished_at >= start, orders.c.finished_at < until, orders.c.stage != str(Stage.CANCELLED))
        .where(_of(orders.c.branch, branch))
        .order_by(orders.c.id)
    )
    yield from connection.execute(found)


def _of_jobs(connection: Connection, jobs: Iterable[Any], until: datetime, now: datetime, terms: Terms) -> Iterator[Count]:
    rows = list(jobs)
    if not rows:
        return
    first, last = min(row.finished_at for row in rows), min(until + REPEAT_WITHIN, now)
    works = _works(connection, first, last) if set(terms.policy.intake.kinds) & set(WORK) else frozenset()
    done = [Call(row.id, row.finished_at, row.customer_id, row.model, row.serial) for row in rows if row.id not in works]
    found = repeats(done, (one for one in _calls(connection, first, last) if one.order not in works))
    again = repeated(found, _components(connection, {*found, *(one for every in found.values() for one in every)}))
    for row in rows:
        yield from count_job(_source(row), row.finished_at, is_repeated=row.id in again, is_repair=row.id not in works)


def _works(connection: Connection, first: datetime, last: datetime) -> frozenset[int]:
    """Jobs at which nothing was broken, that were reported or completed meanwhile: they repeat nothing (DSP-9, KPI-7)."""
    meanwhile = or_(orders.c.reported_at.between(first, last), orders.c.finished_at.between(first, last))
    found = select(orders.c.id).where(meanwhile, orders.c.order["report"]["kind"].as_string().in_(WORK))
    return frozenset(connection.execute(found).scalars())


def _calls(connection: Connection, start: datetime, end: datetime) -> Iterator[Call]:
    """Calls of every branch that were not called off: the next one may have come elsewhere."""
    found = select(orders.c.id, orders.c.reported_at, orders.c.customer_id, orders.c.model, orders.c.serial).where(
        orders.c.reported_at > start, orders.c.reported_at <= end, orders.c.stage != str(Stage.CANCELLED)
    )
    return (Call(*row) for row in connection.execute(found))


def _components(connection: Connection, ids: Iterable[int]) -> dict[int, str]:
    """Where the cause was found, of orders that say so."""
    path = orders.c.order["findings"][str(Step.CHECK)]["answers"]["component"].as_string()
    known, found = sorted(ids), dict[int, str]()
    for n in range(0, len(known), _AT_ONCE):
        rows = connection.execute(select(orders.c.id, path).where(orders.c.id.in_(known[n : n + _AT_ONCE])))
        found |= {order: component for order, component in rows if component}
    return found


def _cards(connection: Connection, start: datetime, until: datetime, branch: str | None) -> Iterator[Card]:
    """Opinion cards that came in, whole or as far as they were answered: what was counted once is never counted otherwise.

    Those that were answered while the job was under way again are left out (SUR-3).
    """
    about = _order_in(cases.c.about)
    source = (about.label("id"), cases.c.number, cases.c.branch, func.coalesce(orders.c.model, "").label("model"))
    told = [cases.c.body[name].label(name) for name in ("grades", "technicians")]
    found = (
        select(cases.c.closed_at, *told, *source)
        .select_from(cases.outerjoin(orders, orders.c.id == about))
        .where(cases.c.kind == "survey", cases.c.closed_at >= start, cases.c.closed_at < until)
        .where(cases.c.body["is_early"].as_boolean().is_not(True), _of(cases.c.branch, branch))
        .order_by(cases.c.id)
    )
    for row in connection.execute(found):
        if row.grades:
            technicians = tuple(row.technicians or ())
            yield Card(Source(f"order:{row.id}", row.number, row.branch, row.model, technicians), row.closed_at, row.grades)


def _complaints(connection: Connection, start: datetime, until: datetime, branch: str | None, now: datetime) -> list[Count]:
    known = case_store.opened_between(connection, Complaint, start - _LONGEST, until)
    mine = [one for one in known if branch is None or one.branch == branch]
    abouts = _sources(connection, (one.about_order for one in mine))
    counts = [count_complaint(one, _about(one, abouts.get(one.about_order or 0)), now=now) for one in mine]
    return [count for every in counts for count in every if start <= count.at < until]


def _opinions(connection: Connection, start: datetime, until: datetime, branch: str | None, now: datetime) -> list[Count]:
    """Customers' comments, each a task that is closed with an answer and with nothing less (KPI-6, SUR-4)."""
    found = (
        select(cases.c.body)
        .where(cases.c.kind == "task", cases.c.opened_at >= start, cases.c.opened_at < until, _of(cases.c.branch, branch))
        .where(cases.c.body["errand"].as_string() == str(Errand.COMMENT))
        .order_by(cases.c.id)
    )
    mine = [load(Task, plain) for plain in connection.execute(found).scalars()]
    abouts, counts = _sources(connection, (one.about_order for one in mine)), list[Count]()
    for one in mine:
        source = abouts.get(one.about_order or 0) or Source(one.subject, one.about_number, one.branch)
        counts += count_opinion(source, one.opened_at, due_at=one.due_at, done_at=one.closed_at, now=now)
    return counts


def _about(case: Complaint, order: Source | None) -> Source:
    """A complaint under its own number, grouped like the order that it is about."""
    return Source(case.subject, case.number, case.branch, order.model if order else "", order.technicians if order else ())


def _sources(connection: Connection, wanted: Iterable[int | None]) -> Mapping[int, Source]:
    ids, found = sorted({one for one in wanted if one is not None}), dict[int, Source]()
    for n in range(0, len(ids), _AT_ONCE):
        rows = connection.execute(select(*_SOURCE).where(orders.c.id.in_(ids[n : n + _AT_ONCE])))
        found |= {row.id: _source(row) for row in rows}
    return found


def _source(row: Any) -> Source:
    technicians = tuple(sorted(int(one) for one in row.technicians.split(","))) if row.technicians else ()
    return Source(f"order:{row.id}", row.number, row.branch, row.model, technicians)


def _n_calls(connection: Connection, start: datetime, until: datetime, branch: str | None) -> int:
    found = select(func.count()).where(orders.c.reported_at >= start, orders.c.reported_at < until)
    return int(connection.execute(found.where(_of(orders.c.branch, branch))).scalar_one())


def _of(column: ColumnElement[str], branch: str | None) -> ColumnElement[bool]:
    return column == branch if branch is not None else column.is_not(None)


def _order_in(subject: ColumnElement[str]) -> ColumnElement[int]:
    """The number in `order:12`; nothing for any other subject."""
    return case((subject.like("order:%"), cast(func.substr(subject, 7), BigInteger)))
