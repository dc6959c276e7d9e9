"""Photos that come later: the step is saved without them, and the signature waits for them (VIS-21)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from rules.decisions import Decision, Entry
from rules.orders import SIGNED_STEPS, Step, WorkOrder
from rules.people import Deed, Person, require
from rules.terms import Terms

MARK = "photos_later"
"""Among a step's answers: its photos were promised for later."""


def awaited(order: WorkOrder) -> tuple[Step, ...]:
    """Steps whose photos were promised and of which none has come yet."""
    return tuple(one for one in _promised(order) if not order.found(one).get("photos"))


def _promised(order: WorkOrder) -> Iterable[Step]:
    return (one for one in SIGNED_STEPS if order.found(one).get(MARK))


def takes(order: WorkOrder) -> Step | None:
    """The step that a photo belongs to which comes by itself, None where none is waited for or it was signed already."""
    if order.seal is not None or not order.is_open:
        return None
    return next(iter((*awaited(order), *_promised(order))), None)


def add(order: WorkOrder, step: Step, photo: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """A photo that was promised has come; it is part of what is signed (VIS-21, SIG-1)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    found = order.findings[step]
    photos = [*dict.fromkeys((*found.answers.get("photos", ()), photo))]
    after = replace(found, answers={**found.answers, "photos": photos}, version=found.version + 1, at=now, by=by.id)
    kept = replace(order, findings={**order.findings, step: after}, preview="")
    return Decision(kept, (Entry("step.photo_added", {"step": step, "version": after.version}, "VIS-21"),))
