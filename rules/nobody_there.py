"""Somebody came, and nobody let him in: it is shown by a photo, and the supervisor says what next (VIS-1, VIS-8)."""

from dataclasses import replace
from datetime import datetime, timedelta

from rules.clocks import Clock, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import Problem, Stage, WorkOrder, require_stage, step_to
from rules.people import Deed, Person, require
from rules.policies import Base, Limit
from rules.refusals import Refused
from rules.terms import Terms


def report(order: WorkOrder, words: str, picture: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The work waits for the supervisor's word, who has as long as for a larger problem; the customer is asked to answer.

    Raises Refused without words and a picture, and when somebody has been spoken with already.
    """
    require(by, Deed.RECORD_FINDINGS, order.ties)
    require_stage(order, Stage.ARRIVED)
    if not words.strip() or not picture:
        raise Refused("nobody-there-needs-photo", rule="VIS-1", offer="nobody_there")
    limit = Limit(timedelta(minutes=terms.policy.escalation.decision_minutes), Base.CLOCK, "ESC-3")
    facts = {"number": order.number, "technician_id": by.id, "words": words}
    return Decision(
        replace(order, stage=step_to(order, Stage.AWAITING_DECISION), problem=Problem(words, "—", now, by.id, order.stage)),
        (Entry("problem.nobody_there", {"picture": picture}, "VIS-1"),),
        (
            Notice("notice.nobody-there", (Audience.SUPERVISOR,), facts, photos=(picture,), is_urgent=True),
            Notice("notice.nobody-there-customer", (Audience.CUSTOMER,), {"number": order.number}),
        ),
        {Clock.DECISION: Deadline(promise(Clock.DECISION, limit, now, terms.calendar))},
    )
