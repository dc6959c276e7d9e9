"""The call comes in: registered, clarified, answered, called off (INT, SLA-2, SLA-3, SLA-12, SLA-30, DSP-2)."""

from dataclasses import fields, replace
from datetime import datetime

from rules.clocks import OF_AN_ORDER, Clock, Promise, limits_on_report, promise
from rules.decisions import Audience, Deadline, Decision, Entry, Notice
from rules.orders import BEFORE_ARRIVAL, UNDISPATCHED, FaultReport, Stage, WorkOrder, require_open, require_stage, step_to
from rules.people import Deed, Person, Role, Ties, may, require
from rules.policies import Limit, Policy
from rules.refusals import Refused
from rules.terms import Terms

CONTRACTOR = "contractor_warranty"
"""The kind of a call that the builder's contractor repairs (INT-14)."""
_EVERYBODY = (Audience.CUSTOMER, Audience.TECHNICIAN, Audience.SUPERVISOR, Audience.CLERK)


def missing(report: FaultReport, policy: Policy) -> tuple[str, ...]:
    """Which required fields of a call are empty (INT-1)."""
    return tuple(name for name in policy.intake.required if not getattr(report, name))


INDOORS = frozenset({"campus", "factory", "hotel", "mall", "mine", "plant", "property"})
"""Lines of business whose machines stand in the house: a place there is a room or a shop floor, no address on a map."""


def zones(policy: Policy) -> tuple[str, ...]:
    """The zones that pick the clock in this line of business (INT-8)."""
    if policy.sla.by_distance:
        return ()
    if policy.sla.arrival_suburban:
        return ("urban", "suburban")
    return ("near", "far") if policy.sla.arrival_slip_far else ()


def zone_of(address: str, policy: Policy) -> str:
    """The zone by the table of addresses; the longest name counts, and nothing is guessed where none fits (INT-8)."""
    found = [(len(name), zone) for zone, names in policy.intake.zones.items() for name in names if name and name in address]
    return max(found, default=(0, ""))[1]


def report_fault(
    report: FaultReport,
    *,
    number: str,
    branch: str,
    customer: int,
    asset: int | None,
    by: Person,
    now: datetime,
    terms: Terms,
) -> Decision:
    """Register a call and start its clocks (INT-1, SLA-1..5, 12). Incomplete calls are registered and asked about (INT-3)."""
    if by.id == customer:
        require(by, Deed.REPORT_FAULT)
    else:
        require(by, Deed.REGISTER_CALL, Ties(branch, customer))
    lacking = missing(report, terms.policy)
    order = WorkOrder(
        id=0,
        number=number,
        stage=Stage.NEEDS_CLARIFICATION if lacking else Stage.QUEUED,
        branch=branch,
        profile=terms.policy.profile,
        policy_version=terms.policy.version,
        customer=customer,
        report=report,
        reported_at=now,
        asset=asset,
        questions=",".join(lacking),
    )
    running = {
        clock: promise(clock, limit, now, terms.calendar)
        for clock, limit in limits_on_report(report.facts(), terms.policy).items()
    }
    first = running.get(Clock.ARRIVAL) or running.get(Clock.REPLY) or running.get(Clock.WRITTEN_CONTACT)
    entries = (
        Entry("order.registered", {"branch": branch, "n_photos": len(report.photos)}, "INT-1"),
        Entry("order.needs_clarification", {"missing": lacking}, "INT-3") if lacking else Entry("order.queued"),
    )
    told = [
        Notice(_registered(first), (Audience.CUSTOMER,), {"number": number, "due": first.due_at if first else ""}),
        Notice(
            "notice.urgent-call" if report.is_urgent else "notice.new-call",
            (Audience.SUPERVISOR, Audience.CLERK),
            {"number": number},
            photos=report.photos,
            voices=report.voices,
            is_urgent=report.is_urgent,
            can_wait=not report.is_urgent,
            group="group.urgent-call" if report.is_urgent else "group.new-call",
        ),
    ]
    if lacking:
        told.append(Notice("notice.facts-wanted", (Audience.CUSTOMER,), {"number": number, "missing": _fields(lacking)}))
    return Decision(order, entries, tuple(told), {clock: Deadline(one) for clock, one in running.items()})


def _fields(names: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"text": f"field.{name}"} for name in names]


def require_complete(order: WorkOrder, policy: Policy) -> None:
    """Raise Refused while a required field of the call is empty: nobody is sent off with half an address (INT-1)."""
    lacking = missing(order.report, policy)
    if lacking:
        raise Refused("call-incomplete", rule="INT-1", offer="ask_back", missing=_fields(lacking))


def _registered(first: Promise | None) -> str:
    if first is None:
        return "notice.registered"
    return "notice.registered-arrival" if first.clock is Clock.ARRIVAL else "notice.registered-reply"


def clarify(order: WorkOrder, report: FaultReport, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The missing facts have come (INT-3). The clocks never stopped; changed facts may add one (SLA-1..5)."""
    require(by, Deed.CLARIFY, order.ties)
    require_stage(order, *UNDISPATCHED)
    lacking = missing(report, terms.policy)
    ready = Stage.CARRIED_OVER if order.carried_over_on else Stage.QUEUED
    return Decision(
        replace(order, report=report, stage=Stage.NEEDS_CLARIFICATION if lacking else ready, questions=",".join(lacking)),
        (Entry("order.clarified", {"missing": lacking}, "INT-3"),),
        (
            Notice(
                "notice.clarified",
                (Audience.SUPERVISOR, Audience.CLERK),
                {"number": order.number},
                photos=report.photos,
                can_wait=not order.report.is_urgent,
            ),
        ),
        _moved(order, report, terms),
    )


def amend(order: WorkOrder, report: FaultReport, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Put a call right until somebody has arrived (INT-8): who is on the way hears of it, changed facts change the clocks."""
    require(by, Deed.CLARIFY, order.ties)
    require_stage(order, *UNDISPATCHED, *BEFORE_ARRIVAL)
    if missing(report, terms.policy) and order.stage not in UNDISPATCHED:
        raise Refused("call-incomplete", rule="INT-1", missing=_fields(missing(report, terms.policy)))
    changed = tuple(one.name for one in fields(report) if getattr(report, one.name) != getattr(order.report, one.name))
    return Decision(
        replace(order, report=report),
        (Entry("order.amended", {"fields": changed}, "INT-8"),),
        (Notice("notice.amended", (Audience.TECHNICIAN, Audience.SUPERVISOR), {"number": order.number}),),
        _moved(order, report, terms),
    )


def rezone(order: WorkOrder, zone: str, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """The office puts the zone right, with a reason; clocks begin anew from the call, the customer hears (INT-8, SLA-33)."""
    require(by, Deed.ASK_BACK, order.ties)
    require_stage(order, *UNDISPATCHED, *BEFORE_ARRIVAL)
    if zone not in zones(terms.policy):
        raise Refused("zone-off", rule="INT-8", offer="details")
    if not reason.strip():
        raise Refused("reason-missing", rule="INT-8")
    if zone == order.report.zone:
        raise Refused("zone-same", rule="INT-8", offer="why", zone={"text": f"register.zone.{zone}"})
    report = replace(order.report, zone=zone)
    facts = {"number": order.number, "zone": {"text": f"register.zone.{zone}"}, "reason": reason}
    return Decision(
        replace(order, report=report, zone_reason=reason),
        (Entry("order.rezoned", {"from": order.report.zone, "to": zone}, "INT-8"),),
        (Notice("notice.rezoned", (Audience.CUSTOMER, Audience.TECHNICIAN, Audience.SUPERVISOR), facts),),
        _moved(order, report, terms),
    )


def _moved(order: WorkOrder, report: FaultReport, terms: Terms) -> dict[str, Deadline | None]:
    """Clocks that changed facts start anew, from the moment of the call, or drop; the others are left as they run."""
    before = limits_on_report(order.report.facts(), terms.policy)
    after = limits_on_report(report.facts(), terms.policy)
    gone: dict[str, Deadline | None] = dict.fromkeys(before.keys() - after.keys())
    return gone | {
        clock: Deadline(promise(clock, limit, order.reported_at, terms.calendar, order.holds))
        for clock, limit in after.items()
        if before.get(clock) != limit
    }


def ask_back(order: WorkOrder, questions: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Put questions to the customer; the clocks go on running (INT-3)."""
    require(by, Deed.ASK_BACK, order.ties)
    require_stage(order, *UNDISPATCHED)
    if not questions.strip():
        raise Refused("question-missing", rule="INT-3")
    asked = replace(order, stage=step_to(order, Stage.NEEDS_CLARIFICATION), questions=questions)
    return Decision(
        asked,
        (Entry("order.needs_clarification", {"by_hand": True}, "INT-3"),),
        (Notice("notice.questions", (Audience.CUSTOMER,), {"number": order.number, "questions": questions}),),
    )


def cancel(order: WorkOrder, reason: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Call it off: the customer until somebody is dispatched, the office until the work is finished."""
    require_cancellable(order, by)
    if not reason.strip():
        raise Refused("reason-missing", rule="24")
    done = replace(order, stage=step_to(order, Stage.CANCELLED), closing_reason=reason, offered_to=())
    to: tuple[Audience | int, ...] = (*_EVERYBODY, *order.offered_to)
    return Decision(
        done,
        (Entry("order.cancelled", {"by_customer": by.id == order.customer}, "24"),),
        (Notice("notice.cancelled", to, {"number": order.number, "reason": reason}),),
        dict.fromkeys(OF_AN_ORDER),
    )


def require_cancellable(order: WorkOrder, by: Person) -> None:
    """Raise Refused when it is too late for this person to call the order off (RULEBOOK 24)."""
    require(by, Deed.CANCEL_ORDER, order.ties)
    if by.id == order.customer and not by.is_staff and order.stage not in UNDISPATCHED:
        raise Refused("cancel-too-late", rule="24", offer="talk")
    if order.finished_at is not None:
        raise Refused("cancel-finished", rule="24", offer="details")


def solve_remotely(order: WorkOrder, answer: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Not every call needs a visit (INT-15); it counts for the survey all the same."""
    require(by, Deed.SOLVE_REMOTELY, order.ties)
    require_open(order)
    if not answer.strip():
        raise Refused("answer-missing", rule="INT-15")
    stage = step_to(order, Stage.SOLVED_REMOTELY)
    done = replace(order, stage=stage, closing_reason=answer, offered_to=(), finished_at=now)
    to: tuple[Audience | int, ...] = (Audience.CUSTOMER, Audience.TECHNICIAN, *order.offered_to)
    return Decision(
        done,
        (Entry("order.solved_remotely", {}, "INT-15"),),
        (Notice("notice.solved", to, {"number": order.number, "answer": answer}),),
        dict.fromkeys(OF_AN_ORDER),
    )


def answer_customer(order: WorkOrder, answer: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """A substantive answer stops the reply clock (SLA-2, SLA-12) and tells the result where that was owed (SLA-30)."""
    require(by, Deed.ANSWER_CUSTOMER, order.ties)
    if not answer.strip():
        raise Refused("answer-missing", rule="SLA-12")
    return Decision(
        order,
        (Entry("order.answered", {"length": len(answer)}, "SLA-12"),),
        (Notice("notice.answer", (Audience.CUSTOMER,), {"number": order.number, "answer": answer}),),
        {Clock.REPLY: None, Clock.TELL_RESULT: None},
    )


def write_contact(order: WorkOrder, text: str, recipient: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Written contact with the maker or its station: text and recipient, or the clock goes on (SLA-3, SLA-30)."""
    require(by, Deed.WRITE_CONTACT, order.ties)
    require_open(order)
    if not text.strip() or not recipient.strip():
        raise Refused("written-contact-needs-text", rule="SLA-30", offer="write_contact")
    limit: Limit = terms.policy.sla.written_contact.named("SLA-30")
    tell = promise(Clock.TELL_RESULT, limit, now, terms.calendar)
    return Decision(
        order,
        (Entry("order.written_contact", {"length": len(text)}, "SLA-30"),),
        (Notice("notice.written-contact", (Audience.SUPERVISOR,), {"number": order.number, "recipient": recipient}),),
        {Clock.WRITTEN_CONTACT: None, Clock.TELL_RESULT: Deadline(tell)},
    )


def to_contractor(order: WorkOrder, whom: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """Inside the builder's guarantee the construction contractor repairs; the customer hears who (INT-14, WAR-5).

    The call stays open until that is done, and no clock of ours runs for somebody else's arrival.
    """
    require(by, Deed.SOLVE_REMOTELY, order.ties)
    require_stage(order, *UNDISPATCHED)
    passed = replace(order, report=replace(order.report, kind=CONTRACTOR), offered_to=())
    told = Notice("notice.to-contractor", (Audience.CUSTOMER,), {"number": order.number, "whom": whom})
    entry = Entry("order.to_contractor", {}, "INT-14")
    return Decision(passed, (entry,), (told,), dict.fromkeys((Clock.ARRIVAL, Clock.REPLY, Clock.DISPATCH)))


def carry_over(order: WorkOrder, day: str, *, due: Promise) -> Decision:
    """Not dispatched today: first tomorrow (DSP-2, SLA-13). Done by the clock, in nobody's name.

    A call that still waits for the customer's answer is marked, and heads the queue once he has answered.
    """
    require_stage(order, *UNDISPATCHED)
    stage = order.stage if order.stage is Stage.NEEDS_CLARIFICATION else Stage.CARRIED_OVER
    return Decision(
        replace(order, stage=stage, carried_over_on=day),
        (Entry("order.carried_over", {"day": day}, "DSP-2"),),
        (),
        {Clock.DISPATCH: Deadline(due)},
    )


def dispute(order: WorkOrder, words: str, *, by: Person, now: datetime, terms: Terms) -> Decision:
    """ "That wasn't me", "that isn't right": approval is held, supervisor and manager hear at once (SIG-4, ESC-6)."""
    require(by, Deed.DISPUTE, order.ties)
    if not order.seals and not _was_unsigned(order):
        raise Refused("nothing-signed", rule="SIG-4", offer="remark")
    return Decision(
        replace(order, disputes=(*order.disputes, words)),
        (Entry("order.disputed", {"n": len(order.disputes) + 1}, "SIG-4"),),
        (Notice("notice.disputed", (Audience.SUPERVISOR, Audience.MANAGER), {"number": order.number, "words": words}),),
    )


def _was_unsigned(order: WorkOrder) -> bool:
    """Whether the visit was closed without a signature, which can be objected to as well."""
    return order.stage is Stage.UNSIGNED_CLOSED or "unsigned" in order.overrides


def may_register_for_others(by: Person) -> bool:
    """Whether somebody may enter a call for a customer who telephoned."""
    return may(by, Deed.REGISTER_CALL) and not by.holds(Role.CUSTOMER)
