"""Leaving, filing, approving (CLS)."""

from dataclasses import replace
from datetime import datetime, timedelta

from rules.attendants import require_confirmed
from rules.charges import require_settled
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import Stage, WorkOrder, require_stage, step_to
from rules.part_uses import require_old_parts
from rules.people import Deed, Person, may, on_behalf, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.safety import Moment, require_safe
from rules.signatures import is_settled
from rules.terms import Terms


def brief_report(order: WorkOrder, text: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Before leaving: the result in one to three sentences, and whether there is another task (CLS-1, CLS-9)."""
    require(by, Deed.BRIEF_REPORT, order.ties)
    if order.stage is Stage.UNSIGNED_CLOSED and not is_settled(order):
        raise Refused("unsigned-not-approved", rule="SIG-7")
    if not is_settled(order):
        raise Refused("not-signed", rule="CLS-10", offer="sign", stage=str(order.stage))
    require_safe(order, Moment.BEFORE_LEAVING, terms.policy)
    require_old_parts(order, terms.policy)
    require_confirmed(order, terms.policy)
    if not text.strip():
        raise Refused("brief-missing", rule="CLS-1", offer="leave")
    facts = {"number": order.number, "technician_id": by.id, "brief": text}
    return Decision(
        replace(order, stage=step_to(order, Stage.DEPARTED), brief=text, left_at=now),
        (Entry("order.left", {"length": len(text)}, "CLS-1"),),
        (
            Notice("notice.brief-report", (Audience.SUPERVISOR, Audience.CLERK), facts, can_wait=True),
            Notice("notice.visit-ended", (Audience.CUSTOMER,), {"number": order.number}, is_must=False),
        ),
        _waits_for_a_word(now, terms),
    )


def _waits_for_a_word(now: datetime, terms: Terms) -> dict[str, Deadline | None]:
    """For how long somebody who has left waits to hear where to go next; then he is free (CLS-1)."""
    minutes = terms.policy.close.free_after_minutes
    until = promised_at(Clock.NEXT, now + timedelta(minutes=minutes), now, "CLS-1")
    return {Clock.NEXT: Deadline(until)} if minutes else {}


def give_next(order: WorkOrder, words: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The supervisor's answer to a brief report: nothing more, or where to go next (CLS-1)."""
    require(by, Deed.GIVE_NEXT, order.ties)
    require_left(order)
    text = "notice.next-job" if words else "notice.no-next-job"
    return Decision(
        replace(order, next_word=words or "-") if order.is_open else order,
        (Entry("order.next_given", {"is_free": not words}, "CLS-1"),),
        (Notice(text, (Audience.TECHNICIAN,), {"number": order.number, "words": words}, with_card=False),),
        {Clock.NEXT: None},
    )


def require_left(order: WorkOrder) -> None:
    """Raise Refused while nobody has left, who could be told where to go next (CLS-1)."""
    if order.left_at is None or not order.crew:
        raise Refused("stage-passed", rule="CLS-1", stage=str(order.stage))


def cancel_in_register(order: WorkOrder, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The clerk strikes the line off the call register and files the voucher (CLS-2); the report goes to the supervisor."""
    require(by, Deed.CANCEL_IN_REGISTER, order.ties)
    require_stage(order, Stage.DEPARTED)
    return Decision(
        replace(order, stage=Stage.REPORTED, register_cancelled_by=by.id),
        (
            Entry("order.cancelled_in_register", on_behalf(by, Deed.CANCEL_IN_REGISTER, order.ties), "CLS-2"),
            Entry("order.reported", {}, "CLS-5"),
        ),
        (Notice("notice.to-approve", (Audience.SUPERVISOR,), {"number": order.number}, can_wait=True),),
    )


def held_by(order: WorkOrder) -> tuple[str, ...]:
    """Why approval waits: a signature that has to be looked into, or the customer's objection (SIG-4)."""
    flags = order.seal.flags if order.seal else ()
    return (*flags, *(("disputed",) if order.disputes else ()))


def approve(order: WorkOrder, cleared: str = "", *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Approve a report, never one's own (CLS-5), by one's own account (SIG-6); it is archived when nothing is open (CLS-10).

    Whoever may also strike lines off the register may do both at once (ROL-6); both are journalled.
    """
    require(by, Deed.APPROVE_REPORT, order.ties)
    if by.id in order.workers:
        raise Refused("not-your-own", rule="CLS-5")
    require_stage(order, Stage.DEPARTED, Stage.REPORTED)
    entries = []
    if order.stage is Stage.DEPARTED:
        if not may(by, Deed.CANCEL_IN_REGISTER, order.ties):
            raise Refused("not-filed", rule="CLS-2")
        entries = [Entry("order.cancelled_in_register", {"stands_in": True}, "CLS-2"), Entry("order.reported", {}, "CLS-5")]
    if held_by(order) and not cleared.strip():
        raise Refused("approval-held", rule="SIG-4", offer="approve", why=[{"text": f"hold.{one}"} for one in held_by(order)])
    require_settled(order)
    behalf = on_behalf(by, Deed.APPROVE_REPORT, order.ties)
    entries.append(Entry("order.approved", {"cleared": held_by(order)} | behalf, "CLS-5"))
    done = replace(
        order,
        stage=Stage.APPROVED,
        approved_by=by.id,
        register_cancelled_by=order.register_cancelled_by or by.id,
        overrides={**order.overrides, **({"cleared": cleared} if cleared else {})},
    )
    if not open_points(done, terms.policy):
        done = replace(done, stage=Stage.ARCHIVED)
        entries.append(Entry("order.archived", {}, "REC-1"))
    number = {"number": order.number}
    return Decision(
        done,
        tuple(entries),
        (
            Notice("notice.approved", (Audience.TECHNICIAN,), number, is_must=False),
            Notice("notice.closed", (Audience.CUSTOMER,), number, is_must=False),
        ),
        {},
    )


def note_time(order: WorkOrder, person: int, *, now: datetime, terms: Terms) -> Decision:
    """Somebody has entered his time on an order; the last open point lets an approved one into the archive (CLS-10, DLY-1)."""
    timed = replace(order, timed_by=tuple(dict.fromkeys((*order.timed_by, person))))
    entries = [Entry("order.time_entered", {}, "DLY-1")] if timed != order else []
    if timed.stage is Stage.APPROVED and not open_points(timed, terms.policy):
        timed = replace(timed, stage=Stage.ARCHIVED)
        entries.append(Entry("order.archived", {}, "REC-1"))
    return Decision(timed, tuple(entries))


def return_report(order: WorkOrder, remarks: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Send a report back with remarks (CLS-5). What is then changed has to be signed again (SIG-3)."""
    require(by, Deed.RETURN_REPORT, order.ties)
    require_stage(order, Stage.DEPARTED, Stage.REPORTED)
    if not remarks.strip():
        raise Refused("remarks-missing", rule="CLS-5")
    facts = {"number": order.number, "remarks": remarks, "supervisor_id": by.id}
    return Decision(
        replace(order, stage=Stage.DEPARTED, return_remarks=remarks),
        (Entry("order.returned", {"length": len(remarks)} | on_behalf(by, Deed.RETURN_REPORT, order.ties), "CLS-5"),),
        (Notice("notice.returned", (Audience.TECHNICIAN,), facts),),
    )


def open_points(order: WorkOrder, policy: Policy) -> tuple[str, ...]:
    """What keeps an order from the archive (CLS-10), as far as the desk keeps it."""
    points = []
    if order.seal is None and "unsigned" not in order.overrides:
        points.append("signature")
    if not order.brief:
        points.append("brief")
    if order.register_cancelled_by is None:
        points.append("register")
    if policy.parts.old_part != "off":
        lines = order.found_parts()
        points += ["old_parts"] if any(not line.get("old_part") for line in lines) else []
    were_there = {found.by for found in order.findings.values()} & set(order.crew)
    if policy.daily.technician and were_there - set(order.timed_by):
        points.append("time")
    return tuple(points)
