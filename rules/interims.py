"""A temporary fix: work goes on with it only under a safe measure that was approved, and until a day (VIS-18)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import Stage, Step, WorkOrder, require_open
from rules.people import Deed, Person, on_behalf, require
from rules.policies import Base, Limit, Policy
from rules.refusals import Refused
from rules.safety_records import Interim
from rules.terms import Terms


def is_wanted(policy: Policy) -> bool:
    """Whether a temporary fix needs a measure that somebody approves in this line of business."""
    return "interim" in policy.visit.act


def is_waiting(order: WorkOrder) -> bool:
    """Whether somebody's approval is waited for."""
    return order.interim is not None and order.interim.approved_by is None and not order.interim.refused


def lacking(order: WorkOrder) -> tuple[str, ...]:
    """What a temporary fix lacks before anybody may sign for it: the approval, or another measure where it was refused."""
    if order.interim is None or order.interim.approved_by is not None:
        return ()
    return ("interim-refused.act",) if order.interim.refused else ("interim-waiting.card",)


def proposed(decision: Decision, step: Step, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """What was done is temporary: its measure and its day go to who approves, who hears at once (VIS-18).

    The technician goes on meanwhile, as far as the signature. What was approved stands until measure or day change.
    """
    order = decision.order
    if step is not Step.ACT or not is_wanted(terms.policy):
        return decision
    found = order.found(Step.ACT)
    if found.get("result") != "temporary":
        return replace(decision, after=replace(order, interim=None), deadlines={**decision.deadlines, **_over(order)})
    until = _day(found, now, terms)
    known, measure = order.interim, str(found["interim"])
    if known is not None and (known.measure, known.until, known.refused) == (measure, until, ""):
        return decision
    asked = Interim(measure, until, now, by.id, n=known.n + 1 if known else 1)
    facts = {"number": order.number, "technician_id": by.id, "measure": measure, "until": until}
    limit = Limit(timedelta(minutes=terms.policy.escalation.decision_minutes), Base.CLOCK, "VIS-18")
    clock = Deadline(promise(Clock.DECISION, limit, now, terms.calendar))
    return replace(
        decision,
        after=replace(order, interim=asked),
        journal=(*decision.journal, Entry("interim.proposed", {"until": until.isoformat()}, "VIS-18")),
        notices=(*decision.notices, Notice("notice.interim", (Audience.SUPERVISOR,), facts, is_urgent=True)),
        deadlines={**decision.deadlines, Clock.DECISION: clock},
    )


def _day(found: Mapping[str, Any], now: datetime, terms: Terms) -> date:
    """Until when it is to hold; the measure was looked at before. Raises Refused for a day that is over."""
    until = date.fromisoformat(str(found["until"])[:10])
    if until < terms.calendar.local_day(now):
        raise Refused("date-passed", rule="VIS-18", date=until)
    return until


def _over(order: WorkOrder) -> dict[str, Deadline | None]:
    """Nobody waits for this word any more; another one may still be waited for (VIS-8, ESC-3)."""
    has_problem = order.is_in_question or order.stage is Stage.AWAITING_DECISION
    return {Clock.DECISION: None} if is_waiting(order) and not has_problem else {}


def after_word(order: WorkOrder) -> dict[str, Deadline | None]:
    """The supervisor's word on a larger problem stops its clock, unless a temporary fix waits for one as well (VIS-8)."""
    return {} if is_waiting(order) else {Clock.DECISION: None}


def require_whole(answers: Mapping[str, Any], policy: Policy) -> None:
    """Raise Refused for a temporary fix without its safe measure or its day (VIS-18)."""
    is_whole = str(answers.get("interim") or "").strip() and answers.get("until")
    if is_wanted(policy) and answers.get("result") == "temporary" and not is_whole:
        raise Refused("interim-missing", rule="VIS-18", offer="act")


def require_waiting(order: WorkOrder) -> Interim:
    """The temporary fix that waits for a word. Raises Refused where there is none (VIS-18)."""
    require_open(order)
    if order.interim is None or not is_waiting(order):
        raise Refused("interim-none", rule="VIS-18", number=order.number)
    return order.interim


def _require_decider(order: WorkOrder, by: Person) -> Interim:
    require(by, Deed.DECIDE_PROBLEM, order.ties)
    found = require_waiting(order)
    if by.id in order.workers:
        raise Refused("not-your-own", rule="VIS-18")
    return found


def approve(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The measure is safe: work may go on with it until its day, when somebody sees to it again (VIS-18). Never one's own."""
    found = _require_decider(order, by)
    facts = {"number": order.number, "supervisor_id": by.id, "until": found.until}
    return Decision(
        replace(order, interim=replace(found, approved_by=by.id, approved_at=now)),
        (Entry("interim.approved", on_behalf(by, Deed.DECIDE_PROBLEM, order.ties), "VIS-18"),),
        (Notice("notice.interim-approved", (Audience.TECHNICIAN,), facts, is_urgent=True),),
        _over(order),
    )


def refuse(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """It may not go on like this: the technician hears why, and sees to another measure or a repair (VIS-18)."""
    found = _require_decider(order, by)
    if not reason.strip():
        raise Refused("reason-missing", rule="VIS-18")
    facts = {"number": order.number, "supervisor_id": by.id, "reason": reason}
    return Decision(
        replace(order, interim=replace(found, refused=reason)),
        (Entry("interim.refused", on_behalf(by, Deed.DECIDE_PROBLEM, order.ties), "VIS-18"),),
        (Notice("notice.interim-refused", (Audience.TECHNICIAN,), facts, is_urgent=True),),
        _over(order),
    )
