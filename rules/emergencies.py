"""Emergencies: everybody on call at once, the first one who accepts goes, each step timed (SAF-4, DSP-11, ESC-13)."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.intake import missing, report_fault
from rules.orders import CLOSED, UNDISPATCHED, FaultReport, Stage, WorkOrder, require_open, require_stage
from rules.people import Deed, Person, require
from rules.policies import Base, Limit
from rules.refusals import Refused
from rules.safety_records import STEPS, Emergency, StepDone
from rules.terms import Terms

OFFICE = (Audience.SUPERVISOR, Audience.MANAGER, Audience.CLERK)


def raise_alarm(
    report: FaultReport,
    kind: str,
    on_call: tuple[int, ...],
    *,
    number: str,
    branch: str,
    customer: int,
    by: Person,
    now: datetime,
    terms: Terms,
) -> Decision:
    """An emergency is reported: no question comes first, whatever is missing, and quiet hours don't count (INT-1, ESC-17)."""
    require_kind(kind, terms)
    called = report_fault(
        replace(report, is_urgent=True),
        number=number, branch=branch, customer=customer, asset=None, by=by, now=now, terms=terms,
    )  # fmt: skip
    order = replace(called.order, stage=Stage.QUEUED, questions="")
    alarm = _alarm(order, kind, on_call, by=by, now=now, terms=terms)
    guidance = Notice(f"notice.alarm-heard-{kind}", (Audience.CUSTOMER,), {"number": number}, is_urgent=True)
    entries = (called.journal[0], Entry("order.queued"), *alarm.journal)
    return replace(
        alarm, journal=entries, notices=(guidance, *alarm.notices), deadlines={**called.deadlines, **alarm.deadlines}
    )


def declare(order: WorkOrder, kind: str, on_call: tuple[int, ...], *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Make an emergency of an order that is known already; who is on the way with it goes on."""
    require(by, Deed.DECLARE_EMERGENCY, order.ties)
    require_open(order)
    require_kind(kind, terms)
    if order.emergency is not None and order.emergency.is_on:
        raise Refused("emergency-on", rule="DSP-11", number=order.number)
    urgent = replace(order, report=replace(order.report, is_urgent=True))
    if order.stage not in UNDISPATCHED:
        return _alarm(urgent, kind, (), by=by, now=now, terms=terms, is_under_way=True)
    return _alarm(replace(urgent, stage=Stage.QUEUED, questions=""), kind, on_call, by=by, now=now, terms=terms)


def require_kind(kind: str, terms: Terms) -> None:
    """Raise Refused for an emergency that this line of business does not have."""
    if kind not in terms.policy.emergency.kinds:
        raise Refused("no-such-item", rule="SAF-4")


def _alarm(
    order: WorkOrder,
    kind: str,
    on_call: tuple[int, ...],
    *,
    by: Person,
    now: datetime,
    terms: Terms,
    is_under_way: bool = False,
) -> Decision:
    """Everybody on call and the office at the same time; nobody within some minutes, and it climbs (DSP-11)."""
    told = StepDone(now, None)
    emergency = Emergency(kind, now, by.id, {"tell_supervisor": told})
    facts: dict[str, Any] = {"number": order.number, "kind": {"text": f"emergency.{kind}"}}
    media: dict[str, Any] = {"photos": order.report.photos, "voices": order.report.voices, "is_urgent": True}
    called = order.crew if is_under_way else on_call
    office = "notice.alarm-office" if called else "notice.alarm-nobody"
    group = "" if is_under_way else "group.alarm"
    notices = [Notice(office, OFFICE, facts | {"n": len(called)}, group=group, **media)]
    if called:
        notices.insert(0, Notice("notice.alarm", called, facts, **media))
    clocks: dict[str, Deadline | None] = {}
    if not is_under_way:
        limit = Limit(timedelta(minutes=terms.policy.emergency.accept_minutes), Base.CLOCK, "DSP-11")
        clocks = {Clock.RESCUE: Deadline(promise(Clock.RESCUE, limit, now, terms.calendar))}
    entry = Entry("emergency.raised", {"kind": kind, "n_called": len(called)}, "SAF-4")
    raised = replace(order, emergency=emergency, offered_to=order.offered_to if is_under_way else on_call)
    return Decision(raised, (entry,), tuple(notices), clocks)


def step_done(order: WorkOrder, step: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """A step was taken; its time is kept once (SAF-4). With the rescue the emergency is over and the times are told."""
    require(by, Deed.STEP_EMERGENCY, order.ties)
    emergency = _running(order)
    if step not in STEPS[emergency.kind]:
        raise Refused("no-such-item", rule="SAF-4")
    if step in emergency.steps:
        raise Refused("step-done", rule="SAF-4", at=emergency.steps[step].at)
    after = replace(emergency, steps={**emergency.steps, step: StepDone(now, by.id)})
    since = now - emergency.at
    entries = [Entry("emergency.step", {"what": step, "seconds": int(since.total_seconds())}, "SAF-4")]
    facts = {"number": order.number, "what": {"text": f"emergency.step.{step}"}, "since": since, "by_id": by.id}
    notices = [Notice("notice.alarm-step", OFFICE, facts, is_must=False)]
    if step == "rescue":
        after = replace(after, over_at=now)
        entries.append(Entry("emergency.over", {"seconds": int(since.total_seconds())}, "SAF-4"))
        notices = [Notice("notice.alarm-over", (*OFFICE, *order.crew), facts, is_urgent=True, group="group.alarm-over")]
    return Decision(replace(order, emergency=after), tuple(entries), tuple(notices))


def stand_down(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """It is no emergency: it goes on as an ordinary call, and whoever was called hears so."""
    require(by, Deed.STAND_DOWN, order.ties)
    emergency = _running(order)
    require_stage(order, *(stage for stage in Stage if stage not in CLOSED))
    if not reason.strip():
        raise Refused("reason-missing", rule="SAF-4", offer="stand_down")
    lacking = missing(order.report, terms.policy) if order.stage in UNDISPATCHED else ()
    calm = replace(
        order,
        stage=Stage.NEEDS_CLARIFICATION if lacking else order.stage,
        questions=",".join(lacking),
        emergency=replace(emergency, over_at=now, over_reason=reason),
        offered_to=(),
        report=replace(order.report, is_urgent=False),
    )
    facts = {"number": order.number, "reason": reason, "by_id": by.id}
    told = [Notice("notice.alarm-off", (*OFFICE, *order.crew, *order.offered_to), facts)]
    if lacking:
        wanted = {"number": order.number, "missing": [{"text": f"field.{name}"} for name in lacking]}
        told.append(Notice("notice.facts-wanted", (Audience.CUSTOMER,), wanted))
    entry = Entry("emergency.called_off", {"by_customer": by.id == order.customer}, "SAF-4")
    return Decision(calm, (entry,), tuple(told), {Clock.RESCUE: None})


def _running(order: WorkOrder) -> Emergency:
    if order.emergency is None or not order.emergency.is_on:
        raise Refused("no-emergency", rule="SAF-4", number=order.number)
    return order.emergency
