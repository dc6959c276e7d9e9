"""One order on its way through the rules: each word of the play is a decision that is carried out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from rules import closing, dispatch, intake, signatures, visits
from rules.clocks import Promise
from rules.decisions import Audience, Decision
from rules.orders import LEADS_TO, FaultReport, Stage, Step, WorkOrder
from rules.people import Person
from rules.refusals import Refused
from rules.terms import Terms
from tests.cast import BRANCH, CHEN, LI, WANG, ZHANG, at, terms_of

REPORT = FaultReport(
    customer_name="張先生",
    address="台北市大安區和平東路一段 1 號",
    phone="+886912345678",
    model="大金 FTXV50",
    fault="客廳冷氣漏水",
    zone="urban",
)
FINDINGS: dict[Step, dict[str, Any]] = {
    Step.LISTEN: {"usage_conditions": "每天開", "before_fault": "正常", "after_fault": "滴水"},
    Step.LOOK: {"warranty_verdict": "in", "tampered": False},
    Step.CHECK: {"component": "排水管", "root_cause": "排水管堵塞", "cause_class": "wear"},
    Step.ACT: {"action_taken": "更換排水管", "responsibility": "none", "result": "fixed", "parts_used": True},
    Step.PARTS: {
        "lines": [{"name": "排水管 D16", "quantity": "1", "cause": "磨損", "old_part": "returned", "old_photo": "o1"}]
    },
    Step.TEST: {"customer_test": "pass"},
}
SUMMARY = "排水管堵塞，已更換排水管。"


@dataclass
class Job:
    """An order with the terms and the hour it is worked at; `clocks` are the promises that run, `past` what it was before."""

    order: WorkOrder
    terms: Terms
    now: datetime
    clocks: dict[str, Promise] = field(default_factory=dict)
    past: list[WorkOrder] = field(default_factory=list)

    def does(self, decide: Callable[..., Decision], *args: Any, by: Person, **more: Any) -> Decision:
        """Carry out a decision; the stage may only move as RULEBOOK 24 allows, one move for each journal line at most."""
        decision = decide(self.order, *args, by=by, now=self.now, terms=self.terms, **more)
        assert is_legal(self.order.stage, decision.order.stage, len(decision.journal))
        self.past.append(self.order)
        self.order = decision.order
        self.watches(decision)
        return decision

    def watches(self, decision: Decision) -> None:
        for clock, deadline in decision.deadlines.items():
            self.clocks.pop(clock, None)
            if deadline:
                self.clocks[clock] = deadline.promise

    def later(self, **length: float) -> "Job":
        self.now += timedelta(**length)
        return self

    def saves(self, step: Step, by: Person = WANG, **changed: Any) -> Decision:
        return self.does(visits.save, step, {**FINDINGS[step], **changed}, by=by)

    def signs(self, picture: str = "a1", *, by: Person = WANG, **more: Any) -> Decision:
        """The customer is shown the report and signs now, unless `taken_at` says when the picture was sent."""
        role = signatures.signers(self.order, self.terms.policy)[0]
        facts = {"picture": picture, "taken_at": self.now, "signer": "張先生", "signer_role": role, "summary": SUMMARY} | more
        self.does(signatures.preview, facts["summary"], "", by=by)
        return self.does(signatures.sign, by=by, **facts)


def is_legal(before: Stage, after: Stage, moves: int) -> bool:
    """Whether LEADS_TO joins two stages in at most so many moves."""
    reached = {before}
    for _ in range(moves):
        reached |= {stage for one in reached for stage in LEADS_TO[one]}
    return after in reached


@contextmanager
def refused(code: str, rule: str) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done inside is refused with this text, citing this rule."""
    with pytest.raises(Refused) as found:
        yield found
    assert (found.value.code, found.value.rule) == (code, rule)


def reported(profile: str = "appliance", when: str = "週五 16:00", *, by: Person = ZHANG, **report: Any) -> Job:
    """張先生's call, as it is registered."""
    terms, now = terms_of(profile), at(when)
    decision = intake.report_fault(
        replace(REPORT, **report),
        number="2611-0001",
        branch=BRANCH,
        customer=ZHANG.id,
        asset=None,
        by=by,
        now=now,
        terms=terms,
    )
    job = Job(replace(decision.order, id=1), terms, now)
    job.watches(decision)
    return job


def dispatched(profile: str = "appliance", *crew: Person, lead: Person | None = None, **report: Any) -> Job:
    job = reported(profile, **report)
    people = crew or (WANG,)
    job.does(dispatch.dispatch, tuple(one.id for one in people), lead=lead.id if lead else None, by=LI)
    return job


def accepted(profile: str = "appliance", **report: Any) -> Job:
    job = dispatched(profile, **report).later(minutes=5)
    job.does(dispatch.accept, by=WANG)
    return job


def ready(profile: str = "appliance", **report: Any) -> Job:
    job = accepted(profile, **report)
    for item in dispatch.required_items(job.terms.policy):
        job.does(dispatch.tick, item, by=WANG)
    return job


def on_the_way(profile: str = "appliance", **report: Any) -> Job:
    job = ready(profile, **report).later(minutes=10)
    job.does(dispatch.depart, by=WANG)
    return job


def arrived(profile: str = "appliance", **report: Any) -> Job:
    job = on_the_way(profile, **report).later(minutes=20)
    job.does(visits.arrive, {"met": "張先生"}, by=WANG)
    return job


def found(until: Step, profile: str = "appliance", **report: Any) -> Job:
    """On site with every step recorded up to and with this one."""
    job = arrived(profile, **report)
    for step in FINDINGS:
        job.later(minutes=5).does(visits.begin, step, by=WANG)
        job.saves(step)
        if step is until:
            break
    return job


def finished(profile: str = "appliance", **report: Any) -> Job:
    return found(Step.TEST, profile, **report)


def signed(profile: str = "appliance", **report: Any) -> Job:
    job = finished(profile, **report).later(minutes=5)
    job.signs()
    return job


def unsigned() -> Job:
    """Finished, and nobody there to sign."""
    job = finished().later(minutes=5)
    job.does(signatures.close_unsigned, "客戶出門", "照片.jpg", by=WANG)
    return job


def departed(profile: str = "appliance", **report: Any) -> Job:
    job = signed(profile, **report).later(minutes=5)
    job.does(closing.brief_report, "已更換排水管，測試正常。", by=WANG)
    return job


def filed(profile: str = "appliance") -> Job:
    job = departed(profile).later(minutes=30)
    job.does(closing.cancel_in_register, by=CHEN)
    return job


def approved() -> Job:
    job = filed().later(minutes=30)
    job.does(closing.approve, by=LI)
    return job


def told(decision: Decision, text: str) -> tuple[Audience | int, ...]:
    """To whom a notice goes; nobody when it isn't given."""
    return tuple(one for notice in decision.notices if notice.text == text for one in notice.to)


def journalled(decision: Decision) -> list[tuple[str, str]]:
    return [(entry.kind, entry.rule) for entry in decision.journal]


def goes_on(job: Job, by: Person = WANG) -> None:
    """Records what is left, and the try-out in any case."""
    while step := visits.next_step(job.order):
        job.does(visits.begin, step, by=by)
        job.later(minutes=5).saves(step, by)
    if job.order.stage is not Stage.FINISHED:
        job.does(visits.begin, Step.TEST, by=by)
        job.saves(Step.TEST, by)
