"""Promises: which clocks a call starts, when they fall due, and why (SLA-1..9, SLA-12, SLA-13, SLA-28, SLA-29, SLA-32)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.calendars import WorkingCalendar
from rules.policies import Base, Limit, Policy


class Clock(StrEnum):
    """What is promised: of an order, then of a complaint with its stages, of surveys, tasks and statements."""

    ARRIVAL = "arrival"
    REPLY = "reply"
    WRITTEN_CONTACT = "written_contact"
    TELL_RESULT = "tell_result"
    ACCEPTANCE = "acceptance"
    DISPATCH = "dispatch"
    APPOINTMENT = "appointment"
    COMPLETION = "completion"
    DECISION = "decision"
    ANSWER = "answer"
    RESCUE = "rescue"
    NEXT = "next"
    MIDWAY = "midway"
    CASE = "case"
    FORM = "form"
    OFFICE = "office"
    QUALITY = "quality"
    MANUFACTURING = "manufacturing"
    RND = "rnd"
    SALES = "sales"
    SYNTHESIS = "synthesis"
    VISIT = "visit"
    HANDLING = "handling"
    APPROVAL = "approval"
    EXECUTION = "execution"
    INSPECTION = "inspection"
    READING = "reading"
    SURVEY = "survey"
    SURVEY_ANSWER = "survey_answer"
    TASK = "task"
    FOLLOW_UP = "follow_up"
    STATEMENT = "statement"
    RENEWAL = "renewal"
    ROUND = "round"
    HANDOVER = "handover"
    HAZARD = "hazard"
    CLEAN_UP = "clean_up"
    PICKUP = "pickup"
    ABOVE = "above"
    LOAN = "loan"
    CHECK_IN = "check_in"
    REPAIR = "repair"
    CLAIM = "claim"
    BACKORDER = "backorder"
    INVOICE = "invoice"
    CASH = "cash"
    ADVANCE = "advance"


OF_AN_ORDER = tuple(Clock)[: tuple(Clock).index(Clock.CASE)]
OF_A_COMPLAINT = tuple(Clock)[tuple(Clock).index(Clock.CASE) : tuple(Clock).index(Clock.SURVEY)]

PAUSED_BY: dict[str, frozenset[Clock]] = {
    "customer_rescheduled": frozenset({Clock.ARRIVAL, Clock.APPOINTMENT, Clock.COMPLETION}),
    "waiting_payment": frozenset({Clock.ARRIVAL, Clock.COMPLETION}),
    "force_majeure": frozenset(OF_AN_ORDER),
    "waiting_parts": frozenset({Clock.COMPLETION}),
}
"""SLA-32: what each reason pauses. Waiting for parts never pauses an arrival."""

HOLD_REASONS = ("customer_rescheduled", "waiting_payment", "force_majeure")
POINTS = (50, 80, 100, 150)
"""SLA-31, ESC-1: per cent of the limit at which somebody hears of it."""


@dataclass(frozen=True)
class CallFacts:
    """What of a call picks its clocks (INT-7, INT-8)."""

    zone: str = ""
    distance_km: Decimal | None = None
    fault_kind: str = ""
    supplier_needed: bool = False
    reported_to_marketing: bool = False
    urgent: bool = False
    is_work: bool = False  # nothing is broken: the day is agreed on, and no limit for faults runs (DSP-9)


@dataclass(frozen=True)
class Hold:
    """A stretch of time that does not count, with author and evidence (SLA-32). Open while `end` is None."""

    reason: str
    start: datetime
    end: datetime | None
    by: int
    evidence: str


@dataclass(frozen=True)
class Promise:
    """One promise: when it falls due and the moments at 50, 80, 100 and 150 per cent."""

    clock: Clock
    limit: Limit
    started_at: datetime
    due_at: datetime
    points: tuple[tuple[int, datetime], ...]


def limits_on_report(facts: CallFacts, policy: Policy) -> dict[Clock, Limit]:
    """Clocks that start when a call is registered (SLA-1..5, SLA-12). No arrival limit is invented (SLA-29, DSP-9)."""
    sla, found = policy.sla, dict[Clock, Limit]()
    if facts.is_work:
        return {Clock.REPLY: sla.reply.named("SLA-12")} if sla.reply else {}
    if sla.by_distance:
        is_far = facts.distance_km is not None and facts.distance_km > sla.near_km
        if facts.fault_kind == "chassis_engine":
            found[Clock.WRITTEN_CONTACT] = sla.written_contact.named("SLA-3")
        elif is_far or facts.supplier_needed:
            found[Clock.REPLY] = sla.reply_far.named("SLA-2")
        if facts.fault_kind != "chassis_engine" and not is_far and sla.arrival:
            found[Clock.ARRIVAL] = sla.arrival.named("SLA-1")
        if is_far and sla.arrival_far:
            found[Clock.ARRIVAL] = sla.arrival_far.named("SLA-29")
    elif facts.zone == "suburban" and sla.arrival_suburban:
        found[Clock.ARRIVAL] = sla.arrival_suburban.named("SLA-5")
    elif sla.arrival_urban:
        found[Clock.ARRIVAL] = sla.arrival_urban.named("SLA-4")
    if not found and sla.reply:
        found[Clock.REPLY] = sla.reply.named("SLA-12")
    if sla.repair_done:
        found[Clock.COMPLETION] = sla.repair_done.named("SLA-9")
    return found


def limits_on_dispatch(facts: CallFacts, policy: Policy) -> dict[Clock, Limit]:
    """Clocks that start when the technician gets the slip (SLA-6..8, DSP-6)."""
    found = {Clock.ACCEPTANCE: Limit(timedelta(minutes=policy.dispatch.accept_minutes), Base.CLOCK, "DSP-6")}
    near, far = policy.sla.arrival_near, policy.sla.arrival_slip_far
    if facts.is_work:
        return found
    if facts.urgent and (policy.sla.arrival_urgent or near):
        found[Clock.ARRIVAL] = (policy.sla.arrival_urgent or near or far).named("SLA-8")  # type: ignore[union-attr]
    elif facts.zone == "far" and far:
        found[Clock.ARRIVAL] = far.named("SLA-6")
    elif near:
        found[Clock.ARRIVAL] = near.named("SLA-7")
    return found


def promise(
    clock: Clock,
    limit: Limit,
    started_at: datetime,
    calendar: WorkingCalendar,
    holds: Iterable[Hold] = (),
    now: datetime | None = None,
) -> Promise:
    """When a limit falls due. Held time that would have counted is added once, however many holds overlap (SLA-32)."""
    stretches = _held(clock, holds, started_at, now)
    points = tuple((point, _after(limit, point, started_at, calendar, stretches)) for point in POINTS)
    if limit.warn_after is not None:
        early = _after(Limit(limit.warn_after, limit.base, limit.rule), 100, started_at, calendar, stretches)
        points = tuple(sorted({**dict(points), 80: early}.items()))
    return Promise(clock, limit, started_at.astimezone(UTC), dict(points)[100], points)


def first_thing(day: date, calendar: WorkingCalendar) -> datetime:
    """When the next working day after `day` begins (SLA-13)."""
    start = calendar.day_start(calendar.next_workday(day))
    assert start is not None  # next_workday gives working days only
    return start


def promised_at(clock: Clock, due_at: datetime, started_at: datetime, rule: str) -> Promise:
    """A promise of a fixed moment, such as an appointment, warned of at 50 and 80 per cent of the way and never after it.

    What is due within a minute counts as a minute long, so that the rungs after it don't come all at once.
    """
    length = max(due_at - started_at, timedelta(minutes=1))
    until = {point: min(started_at + length * point / 100, due_at) for point in POINTS}
    after = {point: due_at + length * (point - 100) / 100 for point in POINTS if point > 100}
    return Promise(clock, Limit(length, Base.CLOCK, rule), started_at, due_at, tuple((until | after).items()))


@dataclass(frozen=True)
class Counted:
    """A stretch that counted towards a promise, or was held."""

    start: datetime
    end: datetime
    is_held: bool = False


def explain(found: Promise, calendar: WorkingCalendar, holds: Iterable[Hold] = ()) -> tuple[Counted, ...]:
    """Which stretches make up the time from start to due: the answer to "why is it due then" (DESIGN 10.6)."""
    held = _held(found.clock, holds, found.started_at, found.due_at)
    if found.limit.base is not Base.WORKING:
        stretches = [(found.started_at, found.due_at)]
    else:
        day, last = calendar.local_day(found.started_at), calendar.local_day(found.due_at)
        stretches = []
        while day <= last:
            for start, end in calendar.spans(day):
                start, end = max(start, found.started_at), min(end, found.due_at)
                if end > start:
                    stretches.append((start, end))
            day += timedelta(days=1)
    counted = [Counted(start, end) for one in stretches for start, end in _without(one, held)]
    return tuple(sorted([*counted, *(Counted(start, end, True) for start, end in held)], key=lambda one: one.start))


Stretch = tuple[datetime, datetime]


def _after(limit: Limit, per_cent: int, start: datetime, calendar: WorkingCalendar, held: list[Stretch]) -> datetime:
    """The moment at which `per_cent` of a limit has counted, skipping held stretches."""
    left, at = limit.length * per_cent / 100, start.astimezone(UTC)
    for begin, end in held:
        due = _add(limit.base, at, left, calendar)
        if due <= begin:
            return due
        left -= _between(limit.base, at, begin, calendar)
        at = end
    return _add(limit.base, at, left, calendar)


def _add(base: Base, start: datetime, length: timedelta, calendar: WorkingCalendar) -> datetime:
    return calendar.add(start, length) if base is Base.WORKING else start + length


def _between(base: Base, start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    return calendar.between(start, end) if base is Base.WORKING else max(end - start, timedelta())


def _held(clock: Clock, holds: Iterable[Hold], since: datetime, now: datetime | None) -> list[Stretch]:
    """Holds that pause this clock, joined where they overlap, in order."""
    stretches = sorted(
        (max(hold.start, since), hold.end or now or hold.start)
        for hold in holds
        if clock in PAUSED_BY.get(hold.reason, frozenset())
    )
    joined: list[Stretch] = []
    for start, end in stretches:
        if end <= start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def _without(stretch: Stretch, held: list[Stretch]) -> list[Stretch]:
    """A stretch without what of it was held."""
    start, end = stretch
    left = []
    for begin, until in held:
        if begin >= end or until <= start:
            continue
        if begin > start:
            left.append((start, begin))
        start = max(start, until)
    return [*left, (start, end)] if start < end else left
