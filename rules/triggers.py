"""What is put before the supervisor by itself, though nobody reported a larger problem (ESC-3, ESC-10, ESC-15, SLA-34)."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import CLOSED, Problem, Stage, Step, WorkOrder, require_stage
from rules.people import Deed, Person, require
from rules.policies import Base, Limit, Policy
from rules.refusals import Refused
from rules.terms import Terms


class Trigger(StrEnum):
    """What happened. The first ones are graver."""

    INJURY = "injury"
    COMPENSATION = "compensation"
    UNREPAIRABLE = "unrepairable"
    PART_COST = "part_cost"
    THIRD_VISIT = "third_visit"


RULE = {Trigger.UNREPAIRABLE: "ESC-10", Trigger.COMPENSATION: "ESC-15"}
_TO = {Trigger.INJURY: (Audience.SUPERVISOR, Audience.MANAGER), Trigger.COMPENSATION: (Audience.SUPERVISOR, Audience.MANAGER)}


def found_in(before: WorkOrder, after: WorkOrder, step: Step, policy: Policy) -> tuple[Trigger, ...]:
    """What a step that was just saved shows and had not shown before, the gravest first."""
    if step is Step.ARRIVE:
        return ()
    was, now = _shown(before, policy), _shown(after, policy)
    return tuple(one for one in Trigger if one in now - was)


def _shown(order: WorkOrder, policy: Policy) -> frozenset[Trigger]:
    act, limit = order.found(Step.ACT), policy.escalation.part_cost_limit
    shown = set[Trigger]()
    if act.get("demand") == "compensation":
        shown.add(Trigger.COMPENSATION)
    if act.get("result") == "not_fixable":
        shown.add(Trigger.UNREPAIRABLE)
    if limit and part_cost(order) > limit:
        shown.add(Trigger.PART_COST)
    return frozenset(shown)


def part_cost(order: WorkOrder) -> Decimal:
    """What the parts of an order cost together, as far as somebody said."""
    return sum((Decimal(str(one.get("cost") or 0)) for one in order.found_parts()), Decimal(0))


def put_before(decision: Decision, triggers: tuple[Trigger, ...], *, by: int, now: datetime, terms: Terms) -> Decision:
    """The supervisor hears at once, of money or an injury the manager too; without a word in half an hour it climbs (ESC-3).

    The technician goes on meanwhile. A larger problem that he reported himself stays as it is.
    """
    if not triggers:
        return decision
    order, first = decision.order, triggers[0]
    act = order.found(Step.ACT)
    proposal, demand = str(act.get("action_taken") or "—"), str(act.get("user_words") or "—")
    facts: dict[str, object] = {
        "number": order.number, "technician_id": by, "what": [{"text": f"trigger.{one}"} for one in triggers],
        "proposal": proposal, "demand": demand,
    }  # fmt: skip
    to = tuple(dict.fromkeys(one for trigger in triggers for one in _TO.get(trigger, (Audience.SUPERVISOR,))))
    told = Notice("notice.trigger", to, facts, is_urgent=True)
    entries = tuple(Entry("problem.triggered", {"cause": one}, RULE.get(one, "ESC-3")) for one in triggers)
    if order.stage is not Stage.AWAITING_DECISION:
        problem = Problem(proposal, demand, now, by, order.stage, cause=first)
        order = replace(order, problem=problem)
    limit = Limit(timedelta(minutes=terms.policy.escalation.decision_minutes), Base.CLOCK, "ESC-3")
    clock: dict[str, Deadline | None] = {Clock.DECISION: Deadline(promise(Clock.DECISION, limit, now, terms.calendar))}
    return replace(
        decision, after=order, journal=(*decision.journal, *entries), notices=(*decision.notices, told),
        deadlines={**decision.deadlines, **clock},
    )  # fmt: skip


def injured(order: WorkOrder, words: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Somebody was hurt: supervisor and manager at once, and somebody has to answer (ESC-3)."""
    require(by, Deed.RAISE_PROBLEM, order.ties)
    require_stage(order, *(stage for stage in Stage if stage not in CLOSED))
    if not words.strip():
        raise Refused("reason-missing", rule="ESC-3")
    plain = Decision(order, (Entry("problem.injury", {}, "ESC-3"),), (), {})
    raised = put_before(plain, (Trigger.INJURY,), by=by.id, now=now, terms=terms)
    told = replace(raised.notices[-1], facts={**raised.notices[-1].facts, "demand": words})
    problem = replace(raised.order.problem, demand=words) if raised.order.is_in_question and raised.order.problem else None
    after = replace(raised.order, problem=problem) if problem else raised.order
    return replace(raised, after=after, notices=(*raised.notices[:-1], told))


def kept_slot(order: WorkOrder) -> timedelta | None:
    """How late somebody came to what was agreed on, nothing when in time; None where no time was agreed on (SLA-34)."""
    until = order.planned_until or order.planned_for
    if until is None or order.arrived_at is None:
        return None
    return max(order.arrived_at - until, timedelta())


def slot_entry(order: WorkOrder) -> tuple[Entry, ...]:
    """The journal's line about an appointment, kept or missed (SLA-34)."""
    late = kept_slot(order)
    if late is None:
        return ()
    kind = "appointment.missed" if late else "appointment.kept"
    return (Entry(kind, {"late_minutes": int(late.total_seconds() // 60)}, "SLA-34"),)
