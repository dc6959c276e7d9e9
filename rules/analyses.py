"""Whether the analysis that somebody was sent with fits what he finds; asked for now and then on site (PRE-4, VIS-10)."""

from dataclasses import replace
from datetime import datetime

from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import ON_SITE, Advice, Stage, Step, WorkOrder, require_stage
from rules.people import Deed, Person, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms


def is_wanted(order: WorkOrder, policy: Policy) -> bool:
    """Whether the technician says if the analysis fits: where he was sent with one (PRE-4)."""
    return "analysis" in policy.visit.check and bool(order.briefing)


def contact(now: datetime, terms: Terms) -> dict[str, Deadline | None]:
    """While somebody is on site he is asked from time to time how it stands, where the profile names how often (VIS-10)."""
    limit = terms.policy.sla.midway
    if limit is None:
        return {}
    return {Clock.MIDWAY: Deadline(promise(Clock.MIDWAY, limit.named("VIS-10"), now, terms.calendar))}


def over(terms: Terms) -> dict[str, Deadline | None]:
    """Nobody is asked any more: the work is done, or waits."""
    return {Clock.MIDWAY: None} if terms.policy.sla.midway is not None else {}


def fits(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The dispatcher hears that it is as was thought; after a while he is asked again (VIS-10)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    require_stage(order, *ON_SITE, Stage.AWAITING_DECISION)
    facts = {"number": order.number, "technician_id": by.id}
    return Decision(
        replace(order, analysis="fits"),
        (Entry("analysis.fits", {}, "VIS-10"),),
        (Notice("notice.analysis-fits", (Audience.SUPERVISOR,), facts, is_must=False),),
        contact(now, terms),
    )


def doubt(order: WorkOrder, words: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """It is not as was thought: what is found instead goes to somebody who knows, whose answer stands on the order (VIS-10)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    require_stage(order, *ON_SITE, Stage.AWAITING_DECISION)
    if not words.strip():
        raise Refused("words-missing", rule="VIS-10")
    return Decision(
        replace(order, analysis="wrong"), (Entry("analysis.wrong", {"length": len(words)}, "VIS-10"),), (), contact(now, terms)
    )


def noted(decision: Decision, step: Step) -> Decision:
    """What the technician said of the analysis when he had found the cause (PRE-4)."""
    said = str(decision.order.found(Step.CHECK).get("analysis") or "")
    if step is not Step.CHECK or not said or said == decision.order.analysis:
        return decision
    entry = Entry(f"analysis.{said}", {}, "PRE-4")
    return replace(decision, after=replace(decision.order, analysis=said), journal=(*decision.journal, entry))


def advised(order: WorkOrder, words: str, answer: str, *, by: Person, now: datetime) -> Decision:
    """What somebody who knows has answered is agreed on and stands on the order (VIS-10, VIS-14)."""
    kept = replace(order, advice=(*order.advice, Advice(words, answer, by.id, now)))
    return Decision(kept, (Entry("order.advised", {"length": len(answer)}, "VIS-10"),))
