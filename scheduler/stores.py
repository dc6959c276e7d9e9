"""The store's calendar: recounts of what moved, stocktakes, old parts, levels and the month's table (PRT-7, 12, 13, 17, 19)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rules.counts import Count, Counted, begin
from rules.decisions import Audience
from rules.filing import OLD_PARTS, of_month
from rules.months import month_of
from rules.part_uses import PartUse
from rules.stock import MoveKind, Place
from rules.terms import Terms
from scheduler.digests import first_time
from scheduler.telling import post
from scheduler.tending import opening
from storage import cases, people, stock
from storage.numbers import yearly_number
from storage.unit import Unit

DAY = timedelta(days=1)
STILL = timedelta(days=180)
"""How long something has to lie there before it is pointed out (PRT-17)."""
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
_MOST_LINES = 40
_QUARTERS = (1, 4, 7, 10)


def daily(connection: Connection, terms: Terms, *, now: datetime) -> int:
    """What the calendar asks of the stores today, once, caught up with whenever somebody looks; returns how much was done."""
    day = terms.calendar.local_day(now)
    if now < opening(day, terms) or not first_time(connection, "stores", day.isoformat(), 0, now):
        return 0
    n = 0
    for store in stock.stores(connection):
        n += _recount(connection, terms, store, day, now)
        if first_time(connection, "stores-month", f"{day:%Y-%m}:{store.id}", 0, now):
            n += _count(connection, terms, store, day, now) + _old_parts(connection, store, day, now)
            n += _month(connection, terms, store, day, now)
        if first_time(connection, "stores-week", f"{day:%G-%V}:{store.id}", 0, now):
            n += _levels(connection, store, day, now)
    return n


def _moment(day: date, terms: Terms) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(terms.calendar.zone))


def _tell(
    connection: Connection, store: Place, to: Iterable[Audience], text: str, facts: dict[str, Any], lines: list[dict[str, Any]],
    day: date, now: datetime, *, papers: tuple[str, ...] = (),
) -> int:  # fmt: skip
    body = {"text": text, "facts": facts, "lines": lines[:_MOST_LINES], "rows": [], "papers": list(papers)}
    readers = [one for post_ in to for one in people.audience(connection, post_, store.branch, now=now)]
    for reader in dict.fromkeys(readers):
        post(connection, reader, body, now=now, dedup=f"{text}:{store.id}:{day}:{reader}")
    return len(set(readers))


def _recount(connection: Connection, terms: Terms, store: Place, day: date, now: datetime) -> int:
    """What moved yesterday is looked at again, so that book, card and goods agree (PRT-12)."""
    moved = stock.moved_since(connection, store.id, _moment(day - DAY, terms), _moment(day, terms))
    if not moved:
        return 0
    facts = {"parts": [part.label for part in moved[:_MOST_LINES]]}
    return _tell(connection, store, (Audience.WAREHOUSE,), "stock.recount", facts, [], day, now)


def _count(connection: Connection, terms: Terms, store: Place, day: date, now: datetime) -> int:
    """A stocktake opens with each month and quarter; nobody opens a second one beside one that is under way (PRT-13)."""
    if any(one.place == store.id for one in cases.every_open(connection, Count)):
        return 0
    if not stock.moved_since(connection, store.id, _EVER, _moment(day.replace(day=1), terms)):
        return 0  # it began in the course of this month
    lines = tuple(Counted(part.id, part.label) for part, _n in stock.kept(connection, store.id))
    if not lines:
        return 0
    drafted = Count(
        number=yearly_number(connection, "I", terms, now), branch=store.branch, opened_at=now, place=store.id, lines=lines,
        reason="quarter" if day.month in _QUARTERS else "month", policy_version=terms.policy.version,
    )  # fmt: skip
    Unit(connection, now, terms).record(None, begin(drafted, by=None, now=now, terms=terms), by=None)
    return 1


def _old_parts(connection: Connection, store: Place, day: date, now: datetime) -> int:
    """Each month: old parts of which nobody has said what becomes of them (PRT-7, SLA-25)."""
    waiting = [
        (use.about_number, line.label)
        for use in cases.every(connection, PartUse)
        if use.branch == store.branch
        for line in use.lines
        if line.received_by is not None and not line.disposal
    ]
    if not waiting:
        return 0
    lines = [{"text": "stock.old-part", "facts": {"number": number, "part": part}} for number, part in waiting]
    posts, papers = (Audience.WAREHOUSE, Audience.SUPERVISOR), (of_month(OLD_PARTS, month_of(day).before, store.branch),)
    return _tell(connection, store, posts, "stock.old-parts", {"n": len(waiting)}, lines, day, now, papers=papers)


def _levels(connection: Connection, store: Place, day: date, now: datetime) -> int:
    """Each week: too few, too many, and what has not moved for long, to the planner (PRT-17)."""
    kept = {part.id: (part, n) for part, n in stock.kept(connection, store.id, limit=5000)}
    few = [(part, n) for part, n in stock.leveled(connection, store.id) if n < part.least]
    many = [(part, n) for part, n in kept.values() if part.most and n > part.most]
    moved = {part.id for part in stock.moved_since(connection, store.id, now - STILL, now)}
    still = [(part, n) for part, n in kept.values() if part.id not in moved]
    if not (few or many or still):
        return 0
    lines = [{"text": "stock.too-few", "facts": {"part": one.label, "n": n, "least": one.least}} for one, n in few]
    lines += [{"text": "stock.too-many", "facts": {"part": one.label, "n": n, "most": one.most}} for one, n in many]
    lines += [{"text": "stock.still", "facts": {"part": one.label, "n": n}} for one, n in still]
    facts = {"n_few": len(few), "n_many": len(many), "n_still": len(still)}
    return _tell(connection, store, (Audience.PLANNER,), "stock.levels", facts, lines, day, now)


def _month(connection: Connection, terms: Terms, store: Place, day: date, now: datetime) -> int:
    """The month's table of material in, used and left (材料進消存報表, PRT-19)."""
    last = (day.replace(day=1) - DAY).replace(day=1)
    sums = stock.sums(connection, store.branch, _moment(last, terms), _moment(day.replace(day=1), terms))
    parts = stock.parts_of(connection, {part for part, _kind in sums})
    if not parts:
        return 0
    lines = [
        {
            "text": "stock.month-line",
            "facts": {
                "part": part.label, "came": sums.get((one, MoveKind.RECEIVED), 0),
                "used": sums.get((one, MoveKind.USED), 0) - sums.get((one, MoveKind.UNUSED), 0),
                "left": stock.balance(connection, store.id, one),
            },
        }
        for one, part in sorted(parts.items(), key=lambda pair: pair[1].number)
    ]  # fmt: skip
    posts = (Audience.WAREHOUSE, Audience.SUPERVISOR)
    return _tell(connection, store, posts, "stock.month", {"month": f"{last:%Y-%m}"}, lines, day, now)
