"""The ladder: who hears of a promise, when, and what quietens it (ESC-1..3, ESC-5, ESC-7, ESC-17)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from rules.clocks import OF_AN_ORDER, Clock, Promise
from rules.policies import Policy, quiet_hours


@dataclass(frozen=True)
class Watch:
    """A promise under watch. `rung` counts the rungs that are done."""

    promise: Promise
    rung: int = 0
    acknowledged_by: int | None = None
    acknowledged_at: datetime | None = None
    snoozed_until: datetime | None = None
    last_at: datetime | None = None
    breach_at: datetime | None = None


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: from when, for whom."""

    at: datetime
    audience: tuple[str, ...]
    percent: int
    is_breach: bool = False


@dataclass(frozen=True)
class Climb:
    """What is due now: the highest rung, what was skipped on the way, and the watch as it is afterwards."""

    rung: Rung
    number: int
    skipped: tuple[int, ...]
    watch: Watch
    next_at: datetime | None


_DAY = timedelta(days=1)
_MOST_ASKED = 6
MOST_REPEATS = 30
"""A reminder that is repeated daily ends at some time; by then it has been with the GM for weeks."""


def ladder(watch: Watch, policy: Policy) -> tuple[Rung, ...]:
    """Every rung of a promise in order, breach and what follows it included."""
    if watch.promise.clock not in OF_AN_ORDER:
        return _ladder_of_a_case(watch.promise, policy)
    points, step = dict(watch.promise.points), timedelta(minutes=policy.escalation.ack_minutes)
    due = watch.promise.due_at
    if watch.promise.clock is Clock.ACCEPTANCE:
        every = timedelta(minutes=policy.dispatch.accept_minutes)
        rungs = [Rung(due, ("technician",), 100, True), Rung(due + every, ("technician", "supervisor"), 200, True)]
        rungs += [Rung(due + every * (n + 2), ("supervisor", "manager"), 300, True) for n in range(policy.escalation.repeats)]
        return tuple(rungs)
    if watch.promise.clock is Clock.RESCUE:
        return _ladder_of_a_rescue(due, policy)
    if watch.promise.clock is Clock.DECISION:
        return tuple(
            Rung(due + step * n, who, 100 + 50 * n, True)
            for n, who in enumerate((("supervisor", "manager"), ("manager", "service_dept"), ("service_dept", "administrator")))
        )
    if watch.promise.clock is Clock.NEXT:  # no word where to go next: whoever has left is free (CLS-1)
        return (Rung(due, ("technician",), 100),)
    if watch.promise.clock is Clock.MIDWAY:
        return _ladder_of_a_visit(watch.promise, step)
    if watch.promise.clock is Clock.DISPATCH:
        return (Rung(due, ("supervisor",), 100, True), Rung(due + step, ("supervisor", "manager"), 150, True))
    first = (
        "clerk"
        if watch.promise.clock in (Clock.REPLY, Clock.ANSWER, Clock.WRITTEN_CONTACT, Clock.TELL_RESULT)
        else "technician"
    )
    rungs = [
        Rung(points[50], (first,), 50),
        Rung(points[80], (first, "supervisor"), 80),
        Rung(due, (first, "supervisor", "manager"), 100, True),
    ]
    upward = (("supervisor", "manager"), ("manager", "service_dept"), ("service_dept", "administrator"))
    steps = [due + step * (n + 1) for n in range(policy.escalation.repeats)]
    rungs += [Rung(at, upward[min(n, len(upward) - 1)], 100, True) for n, at in enumerate(steps)]
    rungs.append(Rung(max(points[150], due), ("service_dept",), 150, True))
    return tuple(sorted(rungs, key=lambda rung: rung.at))


def _ladder_of_a_rescue(due: datetime, policy: Policy) -> tuple[Rung, ...]:
    """Nobody on call has accepted: the supervisor, then upward every few minutes until somebody sees to it (DSP-11, ESC-13)."""
    every = timedelta(minutes=policy.emergency.accept_minutes)
    upward = (("supervisor",), ("supervisor", "manager"), ("manager", "service_dept"), ("service_dept", "administrator"))
    return tuple(Rung(due + every * n, who, 100, True) for n, who in enumerate(upward))


def _ladder_of_a_visit(promise: Promise, step: timedelta) -> tuple[Rung, ...]:
    """Whoever is on site is asked how it stands, again and again; without an answer the dispatcher calls (VIS-10)."""
    asked = [promise.due_at + promise.limit.length * n for n in range(_MOST_ASKED)]
    rungs = [rung for at in asked for rung in (Rung(at, ("technician",), 100), Rung(at + step, ("supervisor",), 100, True))]
    return tuple(sorted(rungs, key=lambda rung: rung.at))


def _ladder_of_a_case(promise: Promise, policy: Policy) -> tuple[Rung, ...]:
    """Complaints and their stages, surveys, tasks, statements; "owner" is whose turn it is."""
    clock, due, points = promise.clock, promise.due_at, dict(promise.points)
    step = timedelta(minutes=policy.escalation.ack_minutes)
    if clock is Clock.SURVEY:
        return (Rung(due, (), 100),)
    if clock is Clock.SURVEY_ANSWER:
        return (Rung(due, (), 100), Rung(due + _DAY * max(policy.survey.lapse_days - policy.survey.remind_days, 1), (), 150))
    if clock is Clock.READING:
        return (Rung(due, ("deputy_gm", "gm"), 100, True), Rung(due + step, ("gm", "administrator"), 150, True))
    if clock is Clock.STATEMENT:  # drafted on the 1st, reminded on the 5th and 8th, escalated on the 10th (CMP-16)
        early = [Rung(due - _DAY * 5, ("owner",), 50), Rung(due - _DAY * 2, ("owner",), 80)]
        return (*early, *_daily(due, ("owner", "deputy_gm", "gm")))
    if clock is Clock.ROUND:  # missed: the leader hears while the shift lasts, and when it is over (MNT-4)
        return (
            Rung(points[50], ("owner",), 50),
            Rung(points[80], ("owner", "supervisor"), 80),
            Rung(due, ("supervisor",), 100, True),
        )
    if clock is Clock.RENEWAL:
        early = [Rung(points[50], ("owner",), 50), Rung(points[80], ("owner", "supervisor"), 80)]
        return (*early, Rung(due, ("owner", "supervisor"), 100, True))
    if clock is Clock.HANDOVER:  # day 3 and day 5, then daily the supervisor as well, who answers for it (STF-12)
        remind = promise.started_at + _DAY * policy.handover.remind_day
        asked = (Rung(min(remind, due), ("owner",), 60), Rung(due, ("owner",), 100, True))
        return (*asked, *_daily(due + _DAY, ("owner", "supervisor"), times=5))
    if clock is Clock.HAZARD:  # until somebody has taken it, and again while it is not removed (SAF-6, ESC-14, ESC-16)
        upward = (("owner",), ("owner", "manager"), ("owner", "manager", "gm"), ("owner", "gm", "administrator"))
        climbs = tuple(Rung(due + step * n, who, 100, True) for n, who in enumerate(upward))
        return (*climbs, *_daily(due + _DAY, upward[2], times=5))
    if clock is Clock.CLEAN_UP:  # not cleaned: that team cleans it daily until it is (SAF-7)
        return _daily(due, ("owner", "supervisor"))
    if clock is Clock.PICKUP:  # each notice starts it anew; after the third it climbs in rules.pickups (SLA-10, ESC-8)
        return (Rung(due, (), 100),)
    if clock is Clock.ABOVE:  # the store's manager has it; then the area, then operations (ESC-9)
        above = (("area_supervisor", "manager"), ("ops_manager", "area_supervisor"), ("ops_manager", "administrator"))
        return tuple(Rung(due + step * n, who, 100, True) for n, who in enumerate(above))
    if clock in (Clock.CASH, Clock.INVOICE, Clock.ADVANCE):  # reminded before, then daily with the supervisor (FEE-7, SLA-14)
        return (Rung(points[80], ("owner",), 80), *_daily(due, ("owner", "supervisor"), times=10))
    if clock is Clock.CHECK_IN:  # brought back and not in the register on the same day (WKS-3)
        return _daily(due, ("owner", "clerk", "supervisor"), times=5)
    if clock is Clock.REPAIR:  # the supervisor is asked for help before the day, and at once when it is over (WKS-8, ESC-4)
        early = [Rung(points[50], ("owner",), 50), Rung(points[80], ("owner", "supervisor"), 80)]
        return (*early, *_daily(due, ("supervisor", "owner"), times=10))
    if clock is Clock.FOLLOW_UP:
        return (Rung(due, ("owner",), 100), *_daily(due + _DAY, ("owner", "supervisor"), times=3))
    if clock is Clock.CASE:  # over 13 or 17 days: the GM (ESC-7)
        return (Rung(points[80], ("owner", "case_office"), 80), *_daily(due, ("gm", "case_office", "owner", "manager")))
    if clock is Clock.INSPECTION:
        return (Rung(points[80], ("quality", "sales"), 80), *_daily(due, ("quality", "sales", "gm")))
    early = [Rung(points[50], ("owner",), 50), Rung(points[80], ("owner",), 80)]
    return (*early, *_daily(due, ("owner", "manager"), times=5 if clock is Clock.TASK else MOST_REPEATS))


def _daily(due: datetime, audience: tuple[str, ...], *, times: int = MOST_REPEATS) -> tuple[Rung, ...]:
    """A breach, and again each day (CMP-13)."""
    return tuple(Rung(due + _DAY * n, audience, 100, True) for n in range(times))


def next_moment(watch: Watch, policy: Policy) -> datetime | None:
    """When somebody has to look at this promise again, None when the ladder is at its end."""
    return _next_of(watch, ladder(watch, policy))


def _next_of(watch: Watch, rungs: tuple[Rung, ...]) -> datetime | None:
    if watch.rung >= len(rungs):
        return None
    at = rungs[watch.rung].at
    return max(at, watch.snoozed_until) if watch.snoozed_until else at


def climb(watch: Watch, policy: Policy, *, now: datetime) -> Climb | None:
    """The highest rung that is due at `now`; lower ones that nobody heard of are skipped, to be journalled. None: nothing."""
    rungs = ladder(watch, policy)
    moment = _next_of(watch, rungs)
    if moment is None or moment > now:
        return None
    due = [number for number, rung in enumerate(rungs) if number >= watch.rung and rung.at <= now]
    number = due[-1]
    breached = rungs[number].is_breach and watch.breach_at is None
    after = replace(
        watch,
        rung=number + 1,
        snoozed_until=None,
        acknowledged_by=None,
        last_at=now,
        breach_at=now if breached else watch.breach_at,
    )
    return Climb(rungs[number], number, tuple(due[:-1]), after, _next_of(after, rungs))


def acknowledge(watch: Watch, *, by: int, now: datetime, policy: Policy) -> Watch:
    """Somebody has taken it: quiet for everybody, until the pause is over and it asks back (DESIGN 10.5)."""
    pause = timedelta(minutes=policy.escalation.pause_minutes)
    return replace(watch, acknowledged_by=by, acknowledged_at=now, snoozed_until=now + pause)


def quiet_until(at: datetime, policy: Policy, zone: str, *, is_urgent: bool) -> datetime:
    """When a notice may go: at once if urgent, else after the quiet hours (ESC-17)."""
    if is_urgent:
        return at
    start, end = quiet_hours(policy)
    local = at.astimezone(ZoneInfo(zone))
    clock = local.time()
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if not inside:
        return at
    day = local.date() + timedelta(days=1) if clock >= start and start > end else local.date()
    return datetime.combine(day, time(end.hour, end.minute), ZoneInfo(zone)).astimezone(at.tzinfo)


def rest_of(watches: Mapping[str, Watch]) -> dict[str, Promise]:
    """Promises by clock, for decisions that recompute them."""
    return {clock: watch.promise for clock, watch in watches.items()}
