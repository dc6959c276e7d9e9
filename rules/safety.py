"""Safety gates: no work before the checklists are passed, and the right to refuse unsafe orders (RULEBOOK 21, ROL-8)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.duty_policy import Point, parse_point
from rules.orders import BEFORE_ARRIVAL, ON_SITE, Problem, Stage, Step, WorkOrder, require_stage, step_to
from rules.people import Deed, Person, require
from rules.policies import Base, Limit, Policy
from rules.refusals import Refused
from rules.safety_records import SafetyCheck
from rules.terms import Terms

Answers = Mapping[str, Any]


class Moment(StrEnum):
    """When checklists are due."""

    BEFORE_WORK = "before_work"
    BEFORE_TEST = "before_test"
    BEFORE_LEAVING = "before_leaving"


RULE_OF = {"gas": "SAF-1", "power_off": "SAF-2", "closing": "SAF-2", "isolation": "SAF-3", "test_run": "SAF-3", "vip": "VIS-19"}
GATED = {Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS, Step.TEST}
"""Steps that are work on the machine; listening to the customer is none."""
_CHECKABLE = ON_SITE | {Stage.FINISHED, Stage.SIGNED, Stage.UNSIGNED_CLOSED}


def checklists_at(moment: Moment, policy: Policy) -> tuple[str, ...]:
    """The checklists of a moment, in the profile's order."""
    named: tuple[str, ...] = getattr(policy.safety, moment)
    return named


def points_of(name: str, policy: Policy) -> tuple[Point, ...]:
    """The points of a checklist. Raises Refused for one that the profile does not have."""
    if name in policy.rounds.checklists:
        return tuple(parse_point(one) for one in policy.rounds.checklists[name][1:])
    if name not in policy.safety.checklists:
        raise Refused("no-such-item", rule="SAF-5")
    return tuple(parse_point(one) for one in policy.safety.checklists[name])


def open_at(order: WorkOrder, moment: Moment, policy: Policy) -> tuple[str, ...]:
    """Checklists of a moment that were not gone through yet, or were failed last time.

    The list of a planned visit has to be gone through before the try-out; what it finds is work and bars nothing (MNT-3).
    Who is important has lists of his own before anybody leaves (VIS-19).
    """
    done = order.safety
    special = policy.safety.vip if order.vip and moment is Moment.BEFORE_LEAVING else ()
    left = tuple(name for name in (*checklists_at(moment, policy), *special) if name not in done or done[name].failed)
    is_planned = moment is Moment.BEFORE_TEST and order.plan in policy.rounds.checklists and order.plan not in done
    return (*left, order.plan) if is_planned else left


def next_open(order: WorkOrder, policy: Policy) -> str:
    """The checklist that comes next where the order stands; empty when the way is free."""
    moments = [Moment.BEFORE_WORK, Moment.BEFORE_TEST] if order.stage in ON_SITE else []
    moments += [Moment.BEFORE_LEAVING] if order.stage in _CHECKABLE - ON_SITE else []
    left = [name for moment in moments for name in open_at(order, moment, policy)]
    return left[0] if left else ""


def require_safe(order: WorkOrder, moment: Moment, policy: Policy) -> None:
    """Raise Refused while a checklist of a moment is open or failed (SAF-1..3): it names the points that bar the way."""
    left = open_at(order, moment, policy)
    if not left:
        return
    failed = order.safety[left[0]].failed if left[0] in order.safety else ()
    missing = [{"text": f"safety.point.{one}"} for one in failed] or [{"text": f"safety.list.{one}"} for one in left]
    code = "safety-failed" if failed else "safety-open"
    raise Refused(code, rule=RULE_OF.get(left[0], "SAF-5"), offer="safety", missing=missing)


def require_safe_step(order: WorkOrder, step: Step, policy: Policy) -> None:
    """The gate before a step on site: work wants the first lists, a try-out those before a test run too: the operator is told
    before it (SAF-3, VIS-12)."""
    if step in GATED:
        require_safe(order, Moment.BEFORE_WORK, policy)
    if step is Step.TEST:
        require_safe(order, Moment.BEFORE_TEST, policy)


def failures(points: tuple[Point, ...], answers: Answers) -> tuple[str, ...]:
    """Points whose answers bar the work: no tick, or a number beyond its limit; the limit itself is allowed (SAF-1).

    Raises Refused for a point without an answer, or without its photo.
    """
    failed = []
    for point in points:
        answer = answers.get(point.name)
        if answer is None or (point.needs_photo and answer is not False and not answers.get(f"{point.name}_photo")):
            raise Refused("safety-incomplete", rule="SAF-5", missing=[{"text": f"safety.point.{point.name}"}])
        if point.is_number:
            value = Decimal(str(answer))
            is_wrong = (point.at_most is not None and value > point.at_most) or (
                point.at_least is not None and value < point.at_least
            )
        else:
            is_wrong = not answer
        failed += [point.name] if is_wrong else []
    return tuple(failed)


def check(order: WorkOrder, name: str, answers: Answers, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Go through a checklist; what fails is told to the supervisor at once, and the work waits (SAF-1..3)."""
    require(by, Deed.CHECK_SAFETY, order.ties)
    require_stage(order, *_CHECKABLE)
    failed = failures(points_of(name, terms.policy), answers)
    kept = replace(order, safety={**order.safety, name: SafetyCheck(dict(answers), failed, by.id, now)})
    rule = RULE_OF.get(name, "SAF-5")
    entry = Entry("safety.checked", {"list": name, "failed": failed}, rule)
    if not failed:
        return Decision(kept, (entry,))
    if name == order.plan:
        return Decision(kept, (entry,))
    what = [{"text": f"safety.point.{one}"} for one in failed]
    values = [str(answers[one]) for one in failed if not isinstance(answers[one], bool)]
    facts = {"number": order.number, "technician_id": by.id, "what": what, "values": values or "✗"}
    alarm = Notice("notice.safety-failed", (Audience.SUPERVISOR, Audience.MANAGER), facts, is_urgent=True)
    return Decision(kept, (entry,), (alarm,))


def refuse_unsafe(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """An order that breaks safety rules may be refused (ROL-8, SAF-5): the supervisor hears it at once.

    Who has not arrived is off the job, so that no late arrival is his; on site the work waits for the supervisor's word. It is
    no declining either.
    """
    require(by, Deed.REFUSE_UNSAFE, order.ties)
    require_stage(order, *BEFORE_ARRIVAL, *ON_SITE)
    if not reason.strip():
        raise Refused("reason-missing", rule="ROL-8", offer="refuse_unsafe")
    entry = Entry("order.refused_unsafe", {"length": len(reason)}, "ROL-8")
    facts = {"number": order.number, "technician_id": by.id, "reason": reason}
    told = (Notice("notice.unsafe", (Audience.SUPERVISOR,), facts, is_urgent=True),)
    marked = replace(order, overrides={**order.overrides, "unsafe": reason})
    if order.stage in ON_SITE:
        limit = Limit(timedelta(minutes=terms.policy.escalation.decision_minutes), Base.CLOCK, "ROL-8")
        waits = replace(
            marked, stage=step_to(order, Stage.AWAITING_DECISION), problem=Problem(reason, "—", now, by.id, order.stage)
        )
        clock = Deadline(promise(Clock.DECISION, limit, now, terms.calendar))
        return Decision(waits, (entry,), told, {Clock.DECISION: clock})
    left = tuple(one for one in order.crew if one != by.id)
    if left and by.id != order.lead:
        return Decision(replace(marked, crew=left), (entry,), told)
    off = (Notice("notice.taken-off", left, {"number": order.number}, with_card=False),) if left else ()
    back = replace(marked, stage=step_to(order, Stage.QUEUED), crew=(), lead=None, accepted_at=None, checklist=())
    return Decision(back, (entry, Entry("order.queued")), (*told, *off), {Clock.ACCEPTANCE: None})
