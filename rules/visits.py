"""On site: arrive, 聽 listen, 看 look, 查 check, 作出處理 act, parts, the customer's try-out (VIS)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from typing import Any

from rules import analyses, attendants, damages, interims
from rules.classes import after_step
from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.jobs import redone, require_step, steps_of
from rules.orders import ON_SITE, PAUSED, Findings, Problem, Stage, Step, WorkOrder, require_stage, step_to, without
from rules.part_uses import BROUGHT_BACK
from rules.people import Deed, Person, on_behalf, require
from rules.policies import Base, Limit, Policy
from rules.quotes import require_agreed
from rules.refusals import Refused
from rules.safety import require_safe_step
from rules.terms import Terms
from rules.triggers import Trigger, found_in, put_before, slot_entry

Answers = Mapping[str, Any]
_STAGE_OF = {Step.LISTEN: Stage.LISTENING, Step.LOOK: Stage.LOOKING, Step.CHECK: Stage.CHECKING, Step.ACT: Stage.ACTING}
_REOPENABLE = ON_SITE | {
    Stage.FINISHED,
    Stage.SIGNED,
    Stage.DEPARTED,
    Stage.REPORTED,
    Stage.CANCELLED_IN_REGISTER,
    Stage.UNSIGNED_CLOSED,
}
EARTH_M = 6_371_000
LISTENED = ("operating_time", "mileage", "usage_conditions", "before_fault", "after_fault")
"""What the user is asked beside his own account (VIS-3)."""


def arrive(order: WorkOrder, answers: Answers, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Arrived (VIS-1): the arrival clock stops when the button was pressed. A far place is shown, never a bar."""
    require(by, Deed.ARRIVE, order.ties)
    require_stage(order, Stage.EN_ROUTE)
    entries = [Entry("order.arrived", {}, "VIS-1")]
    notices = [
        Notice("notice.arrived", (Audience.SUPERVISOR,), {"number": order.number, "technician_id": by.id}, is_must=False)
    ]
    entries += _far_entry(order, answers, terms)
    notices += _far_notice(order, answers, by, terms)
    arrived = replace(order, stage=Stage.ARRIVED, arrived_at=now, n_arrivals=order.n_arrivals + 1)
    entries += slot_entry(arrived)
    if answers:
        arrived = _kept(arrived, Step.ARRIVE, answers, by, now)
    clocks: dict[str, Deadline | None] = {Clock.ARRIVAL: None, Clock.APPOINTMENT: None}
    here = Decision(arrived, tuple(entries), tuple(notices), clocks | analyses.contact(now, terms))
    is_third = arrived.n_arrivals == terms.policy.escalation.visits_alert
    return put_before(here, (Trigger.THIRD_VISIT,) if is_third else (), by=by.id, now=now, terms=terms)


def _far_entry(order: WorkOrder, answers: Answers, terms: Terms) -> list[Entry]:
    """An arrival far from the address is written down and told, never refused (VIS-1)."""
    metres = distance_m(order, answers.get("place"))
    is_far = metres is not None and metres > terms.policy.visit.far_from_address_m
    return [Entry("arrival.far", {"metres": metres}, "VIS-1")] if is_far else []


def _far_notice(order: WorkOrder, answers: Answers, by: Person, terms: Terms) -> list[Notice]:
    facts = {"number": order.number, "technician_id": by.id}
    return [
        Notice("notice.arrived-far", (Audience.SUPERVISOR,), {**facts, **entry.facts})
        for entry in _far_entry(order, answers, terms)
    ]


def distance_m(order: WorkOrder, place: Any) -> int | None:
    """Metres between where the technician says he is and the address, by the haversine; None when either is unknown."""
    here = (order.report.latitude, order.report.longitude)
    if not isinstance(place, Mapping) or place.get("latitude") is None or here[0] is None or here[1] is None:
        return None
    lat1, lon1, lat2, lon2 = (radians(float(one)) for one in (here[0], here[1], place["latitude"], place["longitude"]))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return round(2 * EARTH_M * asin(sqrt(half)))


def begin(order: WorkOrder, step: Step, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Open a step: in its order the first time, again at will until the report is approved (VIS, RULEBOOK 24's guards)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    if order.stage not in _REOPENABLE:
        raise Refused("not-on-site", rule="VIS-1", stage=str(order.stage), offer="arrive")
    _guard(order, step)
    if step is not Step.ARRIVE:
        attendants.require_led_in(order, terms.policy)
    require_safe_step(order, step, terms.policy)
    if step is Step.ACT and step not in order.findings:
        require_agreed(order)
    here = replace(order, stage=step_to(order, _gone_on(order)))
    if step not in order.findings and step in _STAGE_OF and order.stage in ON_SITE:
        here = replace(here, stage=step_to(here, _STAGE_OF[step]))
    return Decision(here, (Entry("step.opened", {"step": step}),))


def _gone_on(order: WorkOrder) -> Stage:
    """A second visit goes on where the first one ended."""
    recorded = [_STAGE_OF[step] for step in _STAGE_OF if step in order.findings]
    return recorded[-1] if recorded and order.stage is Stage.ARRIVED else order.stage


def _guard(order: WorkOrder, step: Step) -> None:
    """What has to be recorded before a step (VIS-4, VIS-5)."""
    require_step(order, step)
    steps = steps_of(order)
    known = Step.ACT if step is Step.PARTS else step
    before = steps[: steps.index(known)] if known in steps else ()
    open_steps = [one for one in before if one not in order.findings]
    if open_steps:
        rule = "VIS-5" if Step.CHECK in open_steps else "VIS-4"
        raise Refused("step-first", rule=rule, offer=open_steps[0], missing=[{"text": f"step.{one}"} for one in open_steps])
    if step is Step.TEST and _has_failed(order):
        again = redone(order)
        raise Refused("step-first", rule="VIS-11", offer=again, missing=[{"text": f"step.{again}"}])


def _has_failed(order: WorkOrder) -> bool:
    """Whether the customer's try-out failed and the cause was not looked for again since, or the work not redone (VIS-11)."""
    failed, checked = order.findings.get(Step.TEST), order.findings.get(redone(order))
    if failed is None or checked is None or failed.answers.get("customer_test") != "fail":
        return False
    return checked.at <= failed.at


def save(order: WorkOrder, step: Step, answers: Answers, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Keep what a step recorded, at once and as a new version; a signed report becomes unsigned by it (VIS, SIG-3)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    if order.stage not in _REOPENABLE:
        raise Refused("not-on-site", rule="VIS-1", stage=str(order.stage), offer="arrive")
    _guard(order, step)
    _CHECKS.get(step, lambda _answers, _policy: None)(answers, terms.policy)
    if step is Step.LOOK:
        answers = _verdict(answers)
    kept = _kept(order, step, answers, by, now)
    entries = [Entry("step.saved", {"step": step, "version": kept.findings[step].version}, _RULES[step])]
    notices = list(_remarkable(order, kept, step, by))
    if step is Step.ARRIVE:
        entries += _far_entry(order, answers, terms)
        notices += _far_notice(order, answers, by, terms)
    kept, classed, told = after_step(kept, step, now=now, terms=terms)
    entries += classed
    notices += told
    if order.seal is not None:
        kept, voided = _break_seal(kept, step)
        entries.append(voided)
        notices.append(Notice("notice.seal-broken", (by.id,), {"number": order.number}))
    elif "unsigned" in order.overrides:  # the supervisor let another report stand (SIG-3, SIG-7)
        kept = replace(kept, stage=Stage.FINISHED, overrides=without(order, "unsigned"))
    elif step in _STAGE_OF and kept.stage in ON_SITE:
        kept = replace(kept, stage=_furthest(kept.stage, _STAGE_OF[step]))
    met: dict[str, Deadline | None] = {}
    if step is Step.TEST and answers.get("customer_test") == "fail":
        kept = replace(kept, stage=Stage.CHECKING, finished_at=None)
        entries.append(Entry("customer_test.failed", {}, "VIS-11"))
        met = analyses.contact(now, terms)
    elif not still_open(kept):
        if kept.stage in ON_SITE:
            kept = replace(kept, stage=Stage.FINISHED, finished_at=now)
            entries.append(Entry("service.finished", {}, "SIG-2"))
            met = {**analyses.over(terms), Clock.COMPLETION: None}
        elif kept.stage is Stage.FINISHED:
            kept = replace(kept, finished_at=kept.finished_at or now)
    saved = analyses.noted(Decision(kept, tuple(entries), tuple(notices), met), step)
    saved = interims.proposed(saved, step, by=by, now=now, terms=terms)
    return put_before(saved, found_in(order, saved.order, step, terms.policy), by=by.id, now=now, terms=terms)


def still_open(order: WorkOrder) -> tuple[Step, ...]:
    """Steps that have to be recorded before the service counts as finished (SIG-2)."""
    needed = list(steps_of(order))
    if order.found(Step.ACT).get("parts_used"):
        needed.insert(needed.index(Step.ACT) + 1, Step.PARTS)
    left = [step for step in needed if step not in order.findings or (step is redone(order) and _has_failed(order))]
    if Step.TEST in needed and Step.TEST not in left and not _is_tried(order):
        left.append(Step.TEST)
    return tuple(left)


def is_unrepaired(order: WorkOrder) -> bool:
    """Whether nothing was repaired that a customer could try: it can't be, or he does not want it (VIS-6, VIS-11)."""
    return order.found(Step.ACT).get("result") in ("not_fixable", "refused")


def _is_tried(order: WorkOrder) -> bool:
    told = order.found(Step.TEST).get("customer_test")
    return told == "pass" or (told == "none" and is_unrepaired(order))


def next_step(order: WorkOrder) -> Step | None:
    """The step that comes next on site, None when all are recorded."""
    left = still_open(order)
    return left[0] if left else None


def raise_problem(order: WorkOrder, proposal: str, demand: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """A larger problem, with the technician's own proposal and the user's demand (VIS-8, ESC-3)."""
    require(by, Deed.RAISE_PROBLEM, order.ties)
    if not proposal.strip() or not demand.strip():
        raise Refused("proposal-and-demand", rule="VIS-8", offer="problem")
    require_stage(order, *(ON_SITE - {Stage.ARRIVED}), Stage.FINISHED)
    limit = Limit(timedelta(minutes=terms.policy.escalation.decision_minutes), Base.CLOCK, "ESC-3")
    facts = {"number": order.number, "technician_id": by.id, "proposal": proposal, "demand": demand}
    problem = Problem(proposal, demand, now, by.id, order.stage)
    return Decision(
        replace(order, stage=step_to(order, Stage.AWAITING_DECISION), problem=problem),
        (Entry("problem.raised", {}, "VIS-8"),),
        (Notice("notice.problem", (Audience.SUPERVISOR,), facts, is_urgent=True),),
        {Clock.DECISION: Deadline(promise(Clock.DECISION, limit, now, terms.calendar))},
    )


def require_undecided(order: WorkOrder) -> None:
    """Raise Refused unless the order waits for a word, or something of it is in question while work goes on (VIS-8, ESC-3)."""
    if not order.is_in_question:
        require_stage(order, Stage.AWAITING_DECISION)


def decide_problem(order: WorkOrder, decision: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The supervisor's word on a larger problem; the technician goes on where he was (VIS-8)."""
    require(by, Deed.DECIDE_PROBLEM, order.ties)
    require_undecided(order)
    if not decision.strip() or order.problem is None:
        raise Refused("decision-missing", rule="VIS-8")
    facts = {"number": order.number, "decision": decision, "supervisor_id": by.id}
    stage = order.stage if order.is_in_question else step_to(order, order.problem.came_from)
    return Decision(
        replace(order, stage=stage, problem=replace(order.problem, decision=decision)),
        (Entry("problem.decided", on_behalf(by, Deed.DECIDE_PROBLEM, order.ties), "VIS-8"),),
        (Notice("notice.decided", (Audience.TECHNICIAN,), facts, is_urgent=True),),
        interims.after_word(order),
    )


def wait(
    order: WorkOrder, stage: Stage, reason: str, *, receipt: str = "", by: Person, now: datetime, terms: Terms
) -> Decision:
    """Not to be finished today: waiting for parts, or taken to the workshop (WKS-1). Customer and supervisor are told.

    Nothing is taken along without the number of a `receipt` that the customer signed (WKS-2).
    """
    require(by, Deed.RECORD_FINDINGS, order.ties)
    if stage not in (Stage.WAITING_PARTS, Stage.TAKEN_BACK):
        raise Refused("stage-order", rule="24", stage=str(order.stage), wanted=str(stage))
    if not reason.strip():
        raise Refused("reason-missing", rule="WKS-1")
    if stage is Stage.TAKEN_BACK and not receipt:
        raise Refused("receipt-missing", rule="WKS-2", number=order.number, offer="take_back")
    facts = {"number": order.number, "reason": reason}
    marks = {**order.overrides, "taken_back": reason} if stage is Stage.TAKEN_BACK else order.overrides
    return Decision(
        replace(order, stage=step_to(order, stage), overrides=marks),
        (Entry("order.waiting", {"stage": stage}, "WKS-1"),),
        (Notice(f"notice.{stage}", (Audience.CUSTOMER, Audience.SUPERVISOR), facts),),
        analyses.over(terms),
    )


def resume(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Go on after a wait, with the step that comes next."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    require_stage(order, *(PAUSED - {Stage.AWAITING_DECISION}))
    coming = next_step(order)
    stage = _STAGE_OF.get(coming, Stage.ACTING) if coming else Stage.ACTING
    return Decision(replace(order, stage=step_to(order, stage)), (Entry("order.resumed"),), (), analyses.contact(now, terms))


def _kept(order: WorkOrder, step: Step, answers: Answers, by: Person, now: datetime) -> WorkOrder:
    version = order.findings[step].version + 1 if step in order.findings else 1
    found = Findings(version, dict(answers), by.id, now)
    return replace(order, findings={**order.findings, step: found}, preview="")


def _break_seal(order: WorkOrder, step: Step) -> tuple[WorkOrder, Entry]:
    """SIG-3: a changed report is an unsigned report; the old version and its signature stay readable."""
    broken = replace(order.seals[-1], is_void=True, void_reason=f"changed:{step}")
    changed = replace(order, seals=(*order.seals[:-1], broken), stage=Stage.FINISHED, comment_asked_at=None)
    return changed, Entry("seal.voided", {"version": broken.version, "step": step}, "SIG-3")


def _furthest(stage: Stage, other: Stage) -> Stage:
    """The later of two stages on site: opening an earlier step does not move the order back."""
    line = list(Stage)
    return max(stage, other, key=line.index)


def _remarkable(before: WorkOrder, order: WorkOrder, step: Step, by: Person) -> list[Notice]:
    """What the supervisor sees at once: tampering (WAR-3), told and read values that differ (VIS-4), a failed test."""
    found, told = order.found(step), []
    facts: dict[str, Any] = {"number": order.number, "technician_id": by.id}
    if step is Step.LOOK:
        if found.get("tampered"):
            told.append(Notice("notice.tampered", (Audience.SUPERVISOR,), facts, is_must=False))
        for name in ("operating_time", "mileage"):
            said, read = order.found(Step.LISTEN).get(name), found.get(f"{name}_read")
            if said and read and Decimal(said) != Decimal(read):
                more = {"what": {"text": f"field.{name}"}, "told": said, "read": read}
                told.append(Notice("notice.told-and-read", (Audience.SUPERVISOR, by.id), facts | more, is_must=False))
    handed = {"whom": found.get("hand_off"), "words": found.get("hand_off_words")}
    if step is Step.ACT and handed["whom"] and before.found(step).get("hand_off_words") != handed["words"]:
        told.append(Notice("notice.hand-off", (Audience.SUPERVISOR, Audience.CLERK), facts | handed))
    if step is Step.ACT:
        told += damages.notices(before, order, by.id)
    if step is Step.TEST and found.get("customer_test") == "fail":
        told.append(Notice("notice.test-failed", (Audience.SUPERVISOR,), facts, is_must=False))
    return told


def _verdict(answers: Answers) -> Answers:
    """Where somebody opened it before, the warranty is the supervisor's to decide; the technician's view is kept (WAR-3)."""
    if not answers.get("tampered"):
        return answers
    return {**answers, "warranty_verdict": "unclear", "technician_verdict": answers.get("warranty_verdict")}


def _check_listen(answers: Answers, policy: Policy) -> None:
    """Where the user's account has to be whole, what is not known or does not apply takes a reason, `na1` to `na5` (VIS-3)."""
    wanted = {n: name for n, name in enumerate(LISTENED, 1) if policy.visit.listen_required and name in policy.visit.listen}
    missing = [name for n, name in wanted.items() if not answers.get(name) and not answers.get(f"na{n}")]
    if missing:
        told = [{"text": f"listen.{name}.label"} for name in missing]
        raise Refused("listen-incomplete", rule="VIS-3", offer="listen", missing=told)


def _check_check(answers: Answers, _policy: Policy) -> None:
    if not answers.get("root_cause"):
        raise Refused("cause-missing", rule="VIS-5", offer="check")
    if answers.get("cause_class") == "unknown" and not answers.get("next_step"):
        raise Refused("unknown-needs-next-step", rule="VIS-5", offer="check")


def _check_act(answers: Answers, policy: Policy) -> None:
    """Where guests live, what can't be mended is handed on: to whom, and what was said there (VIS-17); what is temporary
    is made safe (VIS-18), and who is responsible for what is public is told (VIS-20)."""
    interims.require_whole(answers, policy)
    damages.require_whole(answers, policy)
    is_handed = all(str(answers.get(one) or "").strip() for one in ("hand_off", "hand_off_words"))
    if "hand_off" in policy.visit.act and answers.get("result") == "not_fixable" and not is_handed:
        raise Refused("hand-off-missing", rule="VIS-17", offer="act")


def _check_parts(answers: Answers, policy: Policy) -> None:
    lines: list[dict[str, Any]] = list(answers.get("lines") or ({},))
    for line in lines:
        if not line.get("name") or not line.get("cause") or Decimal(str(line.get("quantity") or 0)) <= 0:
            raise Refused("part-line-incomplete", rule="VIS-7", offer="parts", part=line.get("name") or "?")
        is_back = policy.parts.old_part == "required" and line.get("old_part") in BROUGHT_BACK
        if is_back and not line.get("old_photo"):
            raise Refused("old-photo-missing", rule="VIS-9", offer="parts", part=line["name"])


_CHECKS = {
    Step.ARRIVE: attendants.check,
    Step.LISTEN: _check_listen,
    Step.CHECK: _check_check,
    Step.ACT: _check_act,
    Step.PARTS: _check_parts,
}
_RULES = {
    Step.ARRIVE: "VIS-1",
    Step.LISTEN: "VIS-3",
    Step.LOOK: "VIS-4",
    Step.CHECK: "VIS-5",
    Step.ACT: "VIS-6",
    Step.PARTS: "VIS-7",
    Step.TEST: "VIS-11",
}
