"""What is done with the outcome of a flow: load, decide, record, in the transaction of the last answer (DESIGN 2, 3)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from handlers import fitness, listing
from handlers.confirming import ask_administrators, known_as
from handlers.dealing_outcomes import draft_claim
from handlers.flows.papers import Signed, Unsigned, Words
from handlers.flows.report import Reported
from handlers.flows.visit import Found, Nobody
from handlers.said import said
from handlers.stock_outcomes import follow_report, require_balanced
from handlers.turn import Turn
from rules import analyses, appointments, closing, dispatch, holds, intake, nobody_there, repeats, signatures, vips, visits
from rules.clocks import Clock
from rules.contracts import Contract, under_contract
from rules.decisions import Audience, Decision
from rules.jobs import is_repair
from rules.orders import BEFORE_ARRIVAL, FaultReport, Stage, Step, WorkOrder
from rules.people import Role, Standing
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet
from rules.tasks import Task, ask_expert, clean_up
from storage import cases, deadlines, files, orders, people, seals
from storage.near import distance
from storage.numbers import order_number
from storage.outbox import COURTESY
from texts import catalog

_MOST_PAST = 20
NEAR_BITS = 28
"""Pictures up to this far apart (of 256 bits) are taken for the same one (LIBRARIES: same ≤ 16, different ≥ 51)."""


def number_for(turn: Turn) -> str:
    """The next order number: year and month, then four digits that start anew each month."""
    return order_number(turn.connection, turn.terms, turn.now)


def reported(turn: Turn, _order: WorkOrder | None, outcome: Reported) -> None:
    """A call is registered; whoever telephoned becomes a customer, recognised by telephone (INT-10, REC-3)."""
    customer = turn.person
    if intake.may_register_for_others(turn.person):
        known = people.customer_by_phone(turn.connection, outcome.report.phone)
        customer = known or people.add_person(
            turn.connection, name=outcome.report.customer_name, roles=[Role.CUSTOMER], phone=outcome.report.phone, now=turn.now
        )
    else:
        told = {"name": outcome.report.customer_name, "phone": outcome.report.phone}
        if new := {key: value for key, value in told.items() if value and not getattr(customer, key)}:
            people.change_person(turn.connection, customer.id, **new)
    branch = turn.person.branch or turn.company.branch
    decision = intake.report_fault(
        vips.raised(outcome.report, vip_sheet(turn, outcome.report, branch)),
        number=number_for(turn),
        branch=branch,
        customer=customer.id,
        asset=None,
        **turn.deed,
    )
    decision = _flagged(turn, decision)
    contract = covering(turn, customer.id, outcome.report)
    if contract is not None:
        decision = under_contract(decision, contract, now=turn.now, terms=turn.terms)
    order = turn.unit.record(None, decision, by=turn.person.id)
    if customer.id != turn.person.id:
        turn.show_card(order.id, "done.registered", number=order.number)


def _flagged(turn: Turn, decision: Decision) -> Decision:
    """The same product may have been mended a short while ago (WKS-17); it may be about somebody important (VIS-19)."""
    order = decision.order
    decision = vips.flagged(decision, vip_sheet(turn, order.report, order.branch))
    past = orders.history(turn.connection, customer=order.customer, serial=order.report.serial, limit=_MOST_PAST)
    return repeats.flagged(decision, past)


def vip_sheet(turn: Turn, report: FaultReport, branch: str) -> Sheet | None:
    """The sheet of the important guest, machine or room that a call is about (VIS-19)."""
    if SheetKind.VIP not in turn.terms.policy.sheets.kinds:
        return None
    return vips.sheet_of(report, cases.every_open(turn.connection, Sheet), branch)


def covering(turn: Turn, customer: int, report: FaultReport) -> Contract | None:
    """The contract that a customer's machine is under now (MNT-2)."""
    today = turn.terms.calendar.local_day(turn.now)
    found = cases.of_customer(turn.connection, Contract, customer)
    return next((one for one in found if one.is_open and one.covers(report.model, report.serial, today)), None)


def clarified(turn: Turn, order: WorkOrder | None, outcome: Reported) -> None:
    """The customer's answer counts even when somebody was sent while it was being written (INT-3, INT-8)."""
    assert order is not None
    decide = intake.amend if order.stage in BEFORE_ARRIVAL else intake.clarify
    record(turn, order, _flagged(turn, decide(order, outcome.report, **turn.deed)), "done.clarified")


def corrected(turn: Turn, order: WorkOrder | None, outcome: Reported) -> None:
    assert order is not None
    record(turn, order, _flagged(turn, intake.amend(order, outcome.report, **turn.deed)), "done.corrected")


def arrived(turn: Turn, order: WorkOrder | None, outcome: Found | Nobody) -> None:
    """Whom he met, or that nobody was there (VIS-1)."""
    if isinstance(outcome, Nobody):
        nobody_met(turn, order, outcome)
    else:
        found(turn, order, outcome)


def nobody_met(turn: Turn, order: WorkOrder | None, outcome: Nobody) -> None:
    """The supervisor decides, and the customer is asked to answer."""
    assert order is not None
    if outcome.late_reason:
        deadlines.note_reason(turn.connection, order.subject, Clock.ARRIVAL, outcome.late_reason)
    words = outcome.words or catalog.say(turn.company.language, f"nobody.tried.{outcome.tried}")
    record(turn, order, nobody_there.report(order, words, outcome.picture, **turn.deed), "done.nobody_there")


def found(turn: Turn, order: WorkOrder | None, outcome: Found) -> None:
    """A step is saved at once; the card comes down with the next one first."""
    assert order is not None
    if outcome.answers.get("late_reason"):
        deadlines.note_reason(turn.connection, order.subject, Clock.ARRIVAL, outcome.answers["late_reason"])
    failed = "-failed" if outcome.answers.get("customer_test") == "fail" else ""
    done = "done.arrive-work" if outcome.step is Step.ARRIVE and not is_repair(order) else f"done.{outcome.step}{failed}"
    after = record(turn, order, visits.save(order, outcome.step, outcome.answers, **turn.deed), done)
    if outcome.step is Step.PARTS:
        follow_report(turn, after)
    if after.analysis == "wrong" and order.analysis != "wrong":  # a thread with somebody who knows (VIS-10)
        found_here = after.found(Step.CHECK)
        _ask_expert(turn, after, f"{after.briefing} ≠ {found_here.get('component', '')} {found_here['root_cause']}")


def cleared(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """A report whose signature was looked into is approved, when its parts are answered for (SIG-4, PRT-6)."""
    assert order is not None
    approve(turn, order, outcome.text)


def approve(turn: Turn, order: WorkOrder, words: str = "") -> None:
    """Approve a report; first who may say it at all, then whether the parts are all answered for (CLS-5, PRT-6)."""
    decision = closing.approve(order, words, **turn.deed)
    require_balanced(turn, order)
    is_whole = decision.order.stage is Stage.ARCHIVED
    draft_claim(turn, record(turn, order, decision, "done.approve" if is_whole else "done.approve-open"))


def signed(turn: Turn, order: WorkOrder | None, outcome: Signed) -> None:
    """The picture is compared with those on other orders before it is taken (SIG-4)."""
    assert order is not None
    near_hash, looked = _looks(turn, outcome.picture)
    resembles = tuple(
        dict.fromkeys(
            number
            for other, number in seals.near_pictures(turn.connection, but_not=order.id)
            if near_hash and distance(near_hash, other) <= NEAR_BITS
        )
    )
    staff = [one.name for one in people.staff(turn.connection, branch=order.branch)]
    decision = signatures.sign(
        order,
        picture=outcome.picture,
        taken_at=datetime.fromisoformat(outcome.sent_at),
        signer=outcome.signer,
        signer_role=outcome.signer_role,
        summary=outcome.summary,
        comment=outcome.comment,
        reused_on=seals.same_picture(turn.connection, outcome.picture, but_not=order.id),
        resembles=resembles,
        doubts=signatures.doubts(order, outcome.signer, outcome.signer_role, looked, staff, terms=turn.terms),
        **turn.deed,
    )
    after = record(turn, order, decision, "done.sign")
    seals.note_near_hash(turn.connection, after.id, len(after.seals), near_hash)


def _looks(turn: Turn, sha256: str) -> tuple[str, Mapping[str, Any]]:
    known = files.known(turn.connection, sha256)
    return (known.near_hash, known.meta) if known else ("", {})


def unsigned(turn: Turn, order: WorkOrder | None, outcome: Unsigned) -> None:
    assert order is not None
    reason = reason_text(turn, "unsigned", outcome.reason, "")
    record(turn, order, signatures.close_unsigned(order, reason, outcome.evidence, **turn.deed), "done.unsigned")


def left(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    record(turn, order, closing.brief_report(order, outcome.text, **turn.deed), "done.leave")


def dispatched(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    crew, lead = tuple(outcome.picked["crew"]), outcome.picked["lead"]
    send_out(turn, order, crew, lead=lead, briefing=outcome.text, reason=outcome.more)


def sent(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    send_out(turn, order, tuple(outcome.picked), reason=outcome.more)


def to_clean_up(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """The same team sees to what it left (SAF-7)."""
    assert order is not None
    n_known = len(cases.about(turn.connection, Task, order.subject))
    task = clean_up(order, f"{order.number}-C{n_known + 1}", outcome.text, **turn.deed)
    turn.unit.record(None, task, by=turn.person.id)
    turn.reply("done.clean_up", {"number": order.number, "technician_id": order.lead})


def unsure(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """What a technician can't answer for certain goes to somebody who can (VIS-14)."""
    assert order is not None
    _ask_expert(turn, order, outcome.text)
    turn.show_card(order.id, "done.unsure", number=order.number)


def doubted(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """The analysis does not fit: what is found instead goes to somebody who knows (VIS-10)."""
    assert order is not None
    after = turn.unit.record(order, analyses.doubt(order, outcome.text, **turn.deed), by=turn.person.id)
    _ask_expert(turn, after, outcome.text)
    turn.show_card(after.id, "done.misfit", number=after.number)


def _ask_expert(turn: Turn, order: WorkOrder, words: str) -> None:
    n_known = len(cases.about(turn.connection, Task, order.subject))
    task = ask_expert(order, f"{order.number}-X{n_known + 1}", words, **turn.deed)
    turn.unit.record(None, task, by=turn.person.id)


def appointed(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    record(turn, order, appointments.propose(order, outcome.picked, **turn.deed), "done.appoint")


def rezoned(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    record(turn, order, intake.rezone(order, outcome.picked, outcome.text, **turn.deed), "done.rezone")


def picked(turn: Turn, order: WorkOrder, arg: str) -> None:
    """One of the times that were proposed, named by its second: an older button means no other time (INT-13)."""
    slot = next((one for one in order.slots if f"{one.timestamp():.0f}" == arg), None)
    record(turn, order, appointments.confirm(order, slot, **turn.deed), "done.slot")


def send_out(turn: Turn, order: WorkOrder, crew: tuple[int, ...], *, reason: str = "", **how: Any) -> None:
    """Dispatch whoever may go: an old button may name one who has left, and a long day has its end (DSP-1, STF-3)."""
    found = fitness.concerns(turn.connection, order, crew, terms=turn.terms, now=turn.now)
    older = fitness.passed_over(turn.connection, order)
    despite = tuple(one["text"].removeprefix("concern.") for one in found if one["text"] not in _ASKED_ANYWAY)
    decision = dispatch.dispatch(order, crew, passed_over=older, despite=despite, reason=reason, **how, **turn.deed)
    fitness.require_fit(turn.connection, order, crew, word=reason, terms=turn.terms, now=turn.now)
    record(turn, order, decision, "done.dispatch")


_ASKED_ANYWAY = ("concern.carried-over", "concern.production")
"""What the rule of dispatch asks a reason for by itself."""


def held(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    after = record(turn, order, holds.hold(order, outcome.picked, outcome.text, **turn.deed), "done.hold")
    for clock, running in deadlines.of(turn.connection, order.subject).items():
        if holds.is_paused(after, clock):
            deadlines.keep(turn.connection, running, running.watch, next_at=None)


def late(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    record(turn, order, holds.cannot_finish_in_time(order, outcome.text, outcome.picked, **turn.deed), "done.late")


def declined(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    reason = reason_text(turn, "decline", outcome.picked, outcome.text)
    turn.unit.record(order, dispatch.decline(order, reason, **turn.deed), by=turn.person.id)
    turn.reply("done.decline", {"number": order.number})


def cancelled(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    reason = reason_text(turn, "cancel", outcome.picked, outcome.text)
    record(turn, order, intake.cancel(order, reason, **turn.deed), "done.cancel")


def reason_text(turn: Turn, flow: str, picked: str, words: str) -> str:
    """A reason as it is kept: the person's own words, or the chosen one in the company's language."""
    return words or catalog.say(turn.company.language, f"{flow}.reason.{picked}")


def simply(decide: Callable[..., Decision], done: str) -> Callable[[Turn, WorkOrder | None, Words], None]:
    """The outcome of a flow whose only answer is a text that a decision takes."""

    def apply(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
        assert order is not None
        texts = (outcome.text, outcome.more) if outcome.more else (outcome.text,)
        record(turn, order, decide(order, *texts, **turn.deed), done)

    return apply


def waits(stage: Stage) -> Callable[[Turn, WorkOrder | None, Words], None]:
    def apply(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
        assert order is not None
        record(turn, order, visits.wait(order, stage, outcome.text, **turn.deed), "done.wait")

    return apply


def breach_explained(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """The assignee's reason for a broken promise is kept beside it, and the supervisor reads it (SLA-31)."""
    assert order is not None
    deadlines.note_reason(turn.connection, order.subject, outcome.more, outcome.text)
    clock = {"text": f"clock.{outcome.more}"}
    told = said("notice.breach", {"number": order.number, "by_id": turn.person.id, "clock": clock, "reason": outcome.text})
    for person in people.audience(turn.connection, Audience.SUPERVISOR, order.branch, now=turn.now):
        if person != turn.person.id:
            turn.unit.say(person, told, priority=COURTESY, order=order.id)
    turn.reply("done.breach", {"number": order.number})


def searched(turn: Turn, _order: WorkOrder | None, outcome: Words) -> None:
    listing.show_found(turn, outcome.text)


def invited(turn: Turn, _order: WorkOrder | None, outcome: Words) -> None:
    listing.show_invitation(turn, Role(outcome.picked))


def talked(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """The customer asked for a person: supervisor and clerk hear it, with the order where there is one."""
    listing.ask_for_person(turn, order, outcome.text)


def named(turn: Turn, _order: WorkOrder | None, outcome: Words) -> None:
    changed = people.change_person(turn.connection, turn.person.id, name=outcome.text)
    role = next(iter(sorted(changed.roles)))
    if turn.person.name or not changed.is_staff:
        turn.reply("done.name", {"name": outcome.text})
    elif changed.standing is Standing.PENDING:
        turn.reply("enrol.waiting", known_as(changed.name, role))
        ask_administrators(turn, changed, role)
    else:
        is_owner = Role.ADMINISTRATOR in changed.roles
        turn.reply("enrol.welcome-owner" if is_owner else "enrol.welcome", known_as(changed.name, role))


def record(turn: Turn, order: WorkOrder, decision: Decision, done: str) -> WorkOrder:
    """Store a decision and show the one who decided his card, headed by what was done."""
    after = turn.unit.record(order, decision, by=turn.person.id)
    told = any(turn.person.id in notice.to for notice in decision.notices)
    if not told:
        turn.show_card(after.id, done, number=after.number)
    return after


def eta(minutes: Any) -> timedelta | None:
    return timedelta(minutes=int(minutes)) if minutes else None
