"""One-shot buttons of a card: each decides and records, or opens a conversation (DESIGN 3)."""

from collections.abc import Callable

from handlers import departing, fitness, goods, listing, money_router, openings, outcomes, safety_outcomes, usual_parts
from handlers.cards import button_of
from handlers.desk import Desk, proposals_for
from handlers.flowbook import ENGINE
from handlers.said import button, in_rows, said
from handlers.turn import Turn
from rules import (
    analyses,
    appointments,
    attendants,
    chasing,
    closing,
    dispatch,
    emergencies,
    holds,
    intake,
    interims,
    safety,
    signatures,
    visits,
)
from rules.clocks import Clock
from rules.nexts import next_actions
from rules.orders import ON_SITE, UNDISPATCHED, Stage, Step, WorkOrder, require_stage
from rules.people import Deed, may, require
from rules.refusals import Refused
from rules.sheet_shapes import SheetKind
from rules.sheets import require_kind
from storage import deadlines, orders
from texts import catalog

Action = Callable[[Turn, WorkOrder, str], None]
STEPS = {"listen", "look", "check", "act", "parts", "test"}


def run(turn: Turn, order: WorkOrder, action: str, arg: str = "") -> None:
    """Do an action on an order. Raises Refused; an unknown action has passed."""
    turn = turn.under(order)
    if action in STEPS:
        _begin_step(turn, order, Step(action))
    elif found := ACTIONS.get(action):
        found(turn, order, arg)
    else:
        turn.reply("talk.passed")


def _begin_step(turn: Turn, order: WorkOrder, step: Step) -> None:
    """Open a step's flow; one that was recorded opens at its summary, to be corrected (VIS)."""
    decision = visits.begin(order, step, **turn.deed)
    after = turn.unit.record(order, decision, by=turn.person.id)
    ENGINE.start(turn, str(step), order=after.id, answers=_recorded(after, step))


def _recorded(order: WorkOrder, step: Step) -> dict[str, object]:
    """A recorded step's answers as its flow keys them; parts are asked anew, line by line, from what is there.

    A try-out is nothing to be corrected: it is done again, else one that failed would fail for ever (VIS-11).
    """
    if step is Step.TEST:
        return {}
    answers: dict[str, object] = dict(order.found(step))
    if "technician_verdict" in answers:  # what he said himself, not what the supervisor has to decide (WAR-3)
        answers["warranty_verdict"] = answers.pop("technician_verdict")
    if step is not Step.PARTS:
        if words := answers.pop("photo_words", ""):
            answers["photos"] = [*order.found(step).get("photos", ()), {"words": words}]
        return answers
    answers = {}
    lines = order.found_parts()
    for n, line in enumerate(lines, 1):
        kept = ("name", "quantity", "cause", "old_part", "old_reason", "cost")
        answers |= {f"{key}{n}": line[key] for key in kept if line.get(key)}
        answers |= {f"name{n}": f"#{line['part']}"} if line.get("part") else {}
        answers |= {f"old_photo{n}": {"photo": line["old_photo"], "sent_at": ""}} if line.get("old_photo") else {}
        answers[f"more{n}"] = n < len(lines)
    return answers


def _decides(decide: Callable[..., object], done: str) -> Action:
    def act(turn: Turn, order: WorkOrder, _arg: str) -> None:
        outcomes.record(turn, order, decide(order, **turn.deed), done)  # type: ignore[arg-type]

    return act


def _card(turn: Turn, order: WorkOrder, _arg: str) -> None:
    turn.show_card(order.id)


def _accept(turn: Turn, order: WorkOrder, _arg: str) -> None:
    outcomes.record(turn, order, dispatch.accept(order, **turn.deed), "done.accept")


def _arrive(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """The clock stops with the press; who was met is asked afterwards, once more where nobody was named (VIS-1, VIS-2)."""
    is_told = Step.ARRIVE in order.findings and not attendants.is_missing(order, turn.terms.policy)
    if order.arrived_at is not None and order.stage in ON_SITE and not is_told:
        require(turn.person, Deed.RECORD_FINDINGS, order.ties)
        ENGINE.start(turn, "arrive", order=order.id, args={"is_late": False})
        return
    running = deadlines.of(turn.connection, order.subject)
    decision = visits.arrive(order, {}, **turn.deed)
    after = turn.unit.record(order, decision, by=turn.person.id)
    due = running.get(Clock.ARRIVAL)
    is_late = due is not None and turn.now > due.watch.promise.due_at
    ENGINE.start(turn, "arrive", order=after.id, args={"is_late": is_late})


def _use_part(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """One more part, in three taps (VIS-7)."""
    after = turn.unit.record(order, visits.begin(order, Step.PARTS, **turn.deed), by=turn.person.id)
    ENGINE.start(turn, "use_part", order=after.id)


def _ask_parts(turn: Turn, order: WorkOrder, arg: str) -> None:
    """A requisition for this order, perhaps of usual parts; who is sent needs no right to the stock (PRT-1, DSP-8)."""
    require(turn.person, Deed.SEE_ORDER, order.ties)
    require(turn.person, Deed.ASK_PARTS)
    known = usual_parts.answers(turn, order) if arg == "usual" else {}
    ENGINE.start(turn, "ask_parts", order=order.id, answers=known)


def _sign(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """What the customer is shown is kept: what he signs has to be just that (SIG-10)."""
    signatures.gate(order, by=turn.person)
    shown = Desk(turn, order, {}).summary()
    turn.unit.record(order, signatures.preview(order, shown, "", **turn.deed), by=turn.person.id)
    ENGINE.start(turn, "sign", order=order.id, args={"shown": shown})


def _unsigned(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.CLOSE_UNSIGNED, order.ties)
    missing = signatures.lacking(order)
    if missing:
        raise Refused("sign-too-early", rule="SIG-2", missing=[{"text": one} for one in missing])
    require_stage(order, Stage.FINISHED)
    ENGINE.start(turn, "unsigned", order=order.id)


def _leave(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.BRIEF_REPORT, order.ties)
    if not signatures.is_settled(order):
        raise Refused("not-signed", rule="CLS-10", offer="sign", stage=str(order.stage))
    attendants.require_confirmed(order, turn.terms.policy)
    ENGINE.start(turn, "leave", order=order.id)


def _reopen(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Which recorded step is to be put right (until the report is approved)."""
    require(turn.person, Deed.RECORD_FINDINGS, order.ties)
    known = [step for step in (*STEPS_IN_ORDER,) if step in order.findings]
    buttons = [button(f"step.{step}", f"o.{order.id}.{step}") for step in known]
    turn.reply("reopen.ask", {"number": order.number}, rows=in_rows(buttons, 3))


STEPS_IN_ORDER = (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.PARTS, Step.TEST)


def _send(turn: Turn, order: WorkOrder, arg: str) -> None:
    """Send the proposed technician with one tap, unless something speaks against it that takes a reason (DSP-2, STF-3)."""
    require(turn.person, Deed.DISPATCH, order.ties)
    crew = (int(arg),)
    found = fitness.concerns(turn.connection, order, crew, terms=turn.terms, now=turn.now)
    if found:
        ENGINE.start(turn, "send", order=order.id, args={"concerns": found, "crew": list(crew)})
        return
    outcomes.send_out(turn, order, crew)


def _dispatch(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.DISPATCH, order.ties)
    require_stage(order, *dispatch.DISPATCHABLE)
    lacking = intake.missing(order.report, turn.terms.policy)
    if lacking and not order.is_emergency:
        missing = [{"text": f"field.{one}"} for one in lacking]
        raise Refused("call-incomplete", rule="INT-1", offer="ask_back", missing=missing)
    ENGINE.start(turn, "dispatch", order=order.id)


def _offer(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Put it up for all technicians of the branch; the first one takes it."""
    pool = tuple(one.id for one, _load in proposals_for(turn.connection, order, now=turn.now))
    outcomes.record(turn, order, dispatch.offer(order, pool, **turn.deed), "done.offer")


def _take(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """The first one has it, if he may go at all (DSP-11, STF-3)."""
    decision = dispatch.take(order, **turn.deed)
    fitness.require_fit_taker(turn.connection, order, turn.person.id, terms=turn.terms, now=turn.now)
    outcomes.record(turn, order, decision, "done.accept")


def _safety(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Go through the checklist that comes next; when all are passed, one may be gone through again (SAF-1)."""
    require(turn.person, Deed.CHECK_SAFETY, order.ties)
    policy = turn.terms.policy
    name = safety.next_open(order, policy) or next(iter(policy.safety.before_work), "")
    if not name:
        turn.reply("safety.none", {"number": order.number})
        return
    ENGINE.start(turn, "safety", order=order.id, args={"list": name})


def _declare(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.DECLARE_EMERGENCY, order.ties)
    kinds = turn.terms.policy.emergency.kinds
    if len(kinds) == 1:
        safety_outcomes.declare(turn, order, kinds[0])
        return
    ENGINE.start(turn, "declare", order=order.id)


def _stand_down(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """The customer says so with one tap, the staff with a reason."""
    require(turn.person, Deed.STAND_DOWN, order.ties)
    if turn.person.id == order.customer and not turn.person.is_staff:
        reason = catalog.say(turn.company.language, "alarm.by-customer")
        outcomes.record(turn, order, emergencies.stand_down(order, reason, **turn.deed), "done.stand_down")
        return
    ENGINE.start(turn, "stand_down", order=order.id)


def _step(turn: Turn, order: WorkOrder, step: str) -> None:
    outcomes.record(turn, order, emergencies.step_done(order, step, **turn.deed), "done.rescue")


def _release(turn: Turn, order: WorkOrder, _arg: str) -> None:
    running = {clock: one.watch.promise for clock, one in deadlines.of(turn.connection, order.subject).items()}
    outcomes.record(turn, order, holds.release(order, running, **turn.deed), "done.release")


def _approve(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Approve; a report with a flagged signature asks first what was found out (SIG-4)."""
    if closing.held_by(order) and may(turn.person, Deed.APPROVE_REPORT, order.ties):
        why = [{"text": f"hold.{one}"} for one in closing.held_by(order)]
        turn.reply("refused.approval-held", {"why": why})
        ENGINE.start(turn, "clear", order=order.id)
        return
    outcomes.approve(turn, order)


def _details(turn: Turn, order: WorkOrder, _arg: str) -> None:
    listing.show_details(turn, order)


def _why(turn: Turn, order: WorkOrder, _arg: str) -> None:
    listing.show_why(turn, order)


def _copy(turn: Turn, order: WorkOrder, _arg: str) -> None:
    listing.show_copy(turn, order)


def _cancel(turn: Turn, order: WorkOrder, _arg: str) -> None:
    intake.require_cancellable(order, turn.person)
    ENGINE.start(turn, "cancel", order=order.id)


def _talk(turn: Turn, order: WorkOrder, _arg: str) -> None:
    ENGINE.start(turn, "talk", order=order.id)


def _breach(turn: Turn, order: WorkOrder, clock: str) -> None:
    """Whoever it was promised through says why it was not kept (SLA-31)."""
    require(turn.person, Deed.ACKNOWLEDGE, order.ties)
    if clock not in set(Clock):
        turn.reply("talk.passed")
        return
    ENGINE.start(turn, "breach", order=order.id, args={"clock": clock})


def _clarify(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.CLARIFY, order.ties)
    require_stage(order, Stage.NEEDS_CLARIFICATION)
    ENGINE.start(turn, "clarify", order=order.id, args={"questions": order.questions})


def _chase(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Nothing changes but that it was asked, and when (ROL-4)."""
    turn.unit.record(order, chasing.chase(order, by=turn.person), by=turn.person.id)
    turn.show_card(order.id, "done.chase", number=order.number)


def _above(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """No agreement with the customer: those above are asked (ESC-9)."""
    require(turn.person, Deed.ASK_ABOVE, order.ties)
    require_kind(SheetKind.ABOVE, by=turn.person, terms=turn.terms)
    ENGINE.start(turn, "sheet", order=order.id, args={"kind": SheetKind.ABOVE})


def _contractor(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """The builder's guarantee covers it: the contractor is called (INT-14)."""
    require(turn.person, Deed.SOLVE_REMOTELY, order.ties)
    require_stage(order, *UNDISPATCHED)
    require_kind(SheetKind.CONTRACTOR, by=turn.person, terms=turn.terms)
    ENGINE.start(turn, "sheet", order=order.id, args={"kind": SheetKind.CONTRACTOR})


def _fold(turn: Turn, order: WorkOrder, name: str) -> None:
    """What stands together behind one button of the card."""
    found = [one for one in next_actions(order, turn.person, turn.terms) if one.fold == name]
    if not found:
        turn.reply("talk.passed")
        return
    turn.reply("fold.ask", {"number": order.number}, rows=in_rows([button_of(order, one) for one in found]))


def _remark(turn: Turn, order: WorkOrder, _arg: str) -> None:
    turn.reply_body(said("remark.how", {"number": order.number}), subject=f"order:{order.id}")


ACTIONS: dict[str, Action] = {
    **openings.ACTIONS,
    **money_router.ACTIONS,
    "card": _card,
    "fold": _fold,
    "accept": _accept,
    "take": _take,
    "safety": _safety,
    "declare": _declare,
    "rescue": _step,
    "stand_down": _stand_down,
    "prepare": departing.prepare,
    "tick": departing.tick,
    "called": departing.called,
    "depart": _decides(dispatch.depart, "done.depart"),
    "arrive": _arrive,
    "ready": goods.ready,
    "chase": _chase,
    "above": _above,
    "contractor": _contractor,
    "take_back": goods.take_back,
    "resume": _decides(visits.resume, "done.resume"),
    "use_part": _use_part,
    "ask_parts": _ask_parts,
    "reopen": _reopen,
    "sign": _sign,
    "unsigned": _unsigned,
    "leave": _leave,
    "send": _send,
    "dispatch": _dispatch,
    "dispatch_other": _dispatch,
    "redispatch": _dispatch,
    "offer": _offer,
    "slot": lambda turn, order, arg: outcomes.picked(turn, order, arg),
    "no_slot": _decides(appointments.none_fits, "done.no-slot"),
    "cancel": _cancel,
    "release": _release,
    "file": _decides(closing.cancel_in_register, "done.file"),
    "approve": _approve,
    "fits": _decides(analyses.fits, "done.fits"),
    "interim_yes": _decides(interims.approve, "done.interim_yes"),
    "approve_unsigned": _decides(signatures.approve_unsigned, "done.approve_unsigned"),
    "clarify": _clarify,
    "copy": _copy,
    "talk": _talk,
    "remark": _remark,
    "why": _why,
    "breach": _breach,
    "details": _details,
}


def known_orders(turn: Turn) -> list[WorkOrder]:
    """Orders that an unaddressed word may be about, the one in hand first."""
    found = orders.open_for(turn.connection, turn.person)
    return sorted(found, key=lambda order: not dispatch.is_under_way(order))
