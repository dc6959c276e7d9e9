"""What somebody may do next with an order: the buttons of a card, first the one that comes next (DESIGN 10.1).

The list only mirrors the decisions; each of them checks again when the button is pressed.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules import analyses, attendants, interims
from rules.closing import held_by
from rules.dispatch import DISPATCHABLE, unticked
from rules.holds import current
from rules.intake import CONTRACTOR
from rules.orders import BEFORE_ARRIVAL, ON_SITE, PAUSED, UNDISPATCHED, Stage, Step, WorkOrder
from rules.people import Deed, Person, may
from rules.safety import GATED, Moment, next_open, open_at
from rules.signatures import is_settled
from rules.terms import Terms
from rules.visits import next_step


@dataclass(frozen=True)
class Next:
    """One legal action. Those that are seldom wanted stand together behind one button, which `fold` names."""

    action: str
    is_primary: bool = False
    is_danger: bool = False
    fold: str = ""


MORE, STUCK = "more", "stuck"
"""What is seldom wanted of an office, and of a technician who can't finish."""


def folded(actions: Iterable[Next]) -> tuple[Next, ...]:
    """The actions with those of a fold as one, `fold.more`, in the place of the first; a fold of one is that one."""
    every = tuple(actions)
    size = Counter(one.fold for one in every)
    seen = (Next(f"fold.{one.fold}") if one.fold and size[one.fold] > 1 else one for one in every)
    return tuple(dict.fromkeys(seen))


def next_actions(order: WorkOrder, person: Person, terms: Terms) -> tuple[Next, ...]:
    """Legal actions of a person on an order, the next one first and marked."""
    ties = order.ties
    if person.id in order.crew and may(person, Deed.RECORD_FINDINGS, ties):
        return (*_technician(order, terms), *_above(order, person, terms))
    if person.id in order.offered_to and may(person, Deed.TAKE_OFFER, ties):
        return (Next("take", is_primary=True), Next("details"))
    if may(person, Deed.DISPATCH, ties):
        return (
            *_in_question(order),
            *_interim(order, person),
            *_supervisor(order),
            *_contractor(order, terms),
            *_ready(order),
            *_above(order, person, terms),
        )
    if may(person, Deed.CANCEL_IN_REGISTER, ties):
        return (*_clerk(order), *_contractor(order, terms), *_ready(order), *_above(order, person, terms))
    if person.id == order.customer:
        return _customer(order)
    if may(person, Deed.CHASE, ties) and order.is_open:
        return (Next("chase", is_primary=True), Next("details"))
    return (Next("details"),) if may(person, Deed.SEE_ORDER, ties) else ()


def _in_question(order: WorkOrder) -> tuple[Next, ...]:
    """A word is waited for while the work goes on (ESC-3)."""
    return (Next("decide", is_primary=True),) if order.is_in_question and order.stage is not Stage.AWAITING_DECISION else ()


def _interim(order: WorkOrder, person: Person) -> tuple[Next, ...]:
    """A temporary fix waits for somebody's approval, never its own maker's (VIS-18)."""
    is_waiting = order.is_open and interims.is_waiting(order) and person.id not in order.workers
    return (Next("interim_yes", is_primary=True), Next("interim_no", is_danger=True)) if is_waiting else ()


def _above(order: WorkOrder, person: Person, terms: Terms) -> tuple[Next, ...]:
    """Where a customer insists those above are asked, in lines of business that have that way (ESC-9)."""
    is_asked = order.is_open and "above" in terms.policy.sheets.kinds and may(person, Deed.ASK_ABOVE, order.ties)
    return (Next("above"),) if is_asked else ()


def _contractor(order: WorkOrder, terms: Terms) -> tuple[Next, ...]:
    """Where builders guarantee what they built, their contractor may have to come (INT-14)."""
    is_passable = "contractor" in terms.policy.sheets.kinds and order.stage in UNDISPATCHED and order.report.kind != CONTRACTOR
    return (Next("contractor", fold=MORE),) if is_passable else ()


def _ready(order: WorkOrder) -> tuple[Next, ...]:
    """What was taken to the workshop may be ready for its owner (SLA-10)."""
    return (Next("ready"),) if order.stage is Stage.TAKEN_BACK else ()


def _technician(order: WorkOrder, terms: Terms) -> tuple[Next, ...]:
    stage = order.stage
    if stage is Stage.ASSIGNED:
        return (Next("accept", is_primary=True), Next("decline", is_danger=True), Next("details"))
    if stage in (Stage.ACCEPTED, Stage.PREPARING):
        refusing = (Next("decline", is_danger=True), *_unsafe(terms), Next("details"))
        if order.is_emergency or not unticked(order, terms.policy):
            return (Next("depart", is_primary=True), Next("prepare"), *refusing)
        return (Next("prepare", is_primary=True), Next("ask_parts"), *refusing)
    if stage is Stage.EN_ROUTE:
        return (Next("arrive", is_primary=True), Next("late"), *_unsafe(terms), Next("details"))
    if stage in ON_SITE:
        return _on_site(order, terms)
    if stage is Stage.FINISHED:
        if interims.lacking(order):
            again = (Next("act", is_primary=True),) if order.interim and order.interim.refused else ()
            return (*again, Next("reopen"), Next("problem"), Next("details"))
        return (Next("sign", is_primary=True), Next("unsigned"), Next("reopen"), Next("problem"), Next("details"))
    if is_settled(order):
        first = "safety" if next_open(order, terms.policy) else "leave"
        if attendants.is_wanted(terms.policy) and attendants.OUT not in order.overrides:
            first = attendants.OUT
        return (Next(first, is_primary=True), Next("reopen"), Next("details"))
    if stage is Stage.UNSIGNED_CLOSED:
        return (Next("sign"), Next("details")) if order.is_open else (Next("details"),)
    if stage in PAUSED and stage is not Stage.AWAITING_DECISION:
        return (Next("resume", is_primary=True), Next("ask_parts"), Next("details"))
    if stage is Stage.DEPARTED and order.return_remarks:
        return (Next("reopen", is_primary=True), Next("details"))
    return (Next("details"),)


def _unsafe(terms: Terms) -> tuple[Next, ...]:
    """The refusal of unsafe orders as a button, where the work is dangerous; the word does it everywhere (ROL-8)."""
    return (Next("refuse_unsafe", is_danger=True),) if terms.policy.safety.before_work else ()


def _on_site(order: WorkOrder, terms: Terms) -> tuple[Next, ...]:
    coming = next_step(order) or Step.TEST
    moment = Moment.BEFORE_TEST if coming is Step.TEST else Moment.BEFORE_WORK
    is_barred = coming in GATED and bool(
        open_at(order, Moment.BEFORE_WORK, terms.policy) or open_at(order, moment, terms.policy)
    )
    found = [Next("safety", is_primary=True)] if is_barred else [Next(str(coming), is_primary=True)]
    if attendants.is_missing(order, terms.policy):
        found = [Next("arrive", is_primary=True)]
    if coming is Step.PARTS and not is_barred:
        found = [Next("use_part", is_primary=True)]
    elif Step.CHECK in order.findings:
        found.append(Next("use_part"))
    if order.stage is not Stage.ARRIVED:
        found.append(Next("ask_parts"))
    if order.findings.keys() - {Step.ARRIVE}:
        found.append(Next("reopen"))
    if order.stage is not Stage.ARRIVED:
        found += [Next(one, fold=STUCK) for one in ("wait_parts", "take_back", "problem")]
        found.append(Next("injury", is_danger=True))
    elif Step.ARRIVE not in order.findings:
        found.append(Next("nobody_there"))
    doubt = [Next("misfit")] if analyses.is_wanted(order, terms.policy) and order.analysis != "wrong" else []
    return (*found, *doubt, Next("unsure"), *_unsafe(terms), Next("details"))


def _supervisor(order: WorkOrder) -> tuple[Next, ...]:
    stage = order.stage
    if stage in UNDISPATCHED:
        first = Next("ask_back", is_primary=True) if stage is Stage.NEEDS_CLARIFICATION else Next("dispatch", is_primary=True)
        danger = Next("stand_down" if order.is_emergency else "declare", is_danger=True)
        rest = [
            Next("offer"),
            Next("ask_back"),
            danger,
            Next("cancel", is_danger=True),
            *(Next(one, fold=MORE) for one in ("appoint", "answer", "solve", "correct", "urgent")),
            *_zone(order),
        ]
        rest.append(Next("details"))
        return (first, *(one for one in rest if one.action != first.action))
    if stage is Stage.AWAITING_DECISION:
        return (Next("decide", is_primary=True), Next("dispatch"), Next("details"))
    if stage is Stage.UNSIGNED_CLOSED and not is_settled(order):
        return (Next("approve_unsigned", is_primary=True), Next("details"))
    if stage in (Stage.DEPARTED, Stage.REPORTED):
        buttons = [Next("approve", is_primary=not held_by(order)), Next("return", is_danger=True)]
        if not order.next_word:
            buttons.append(Next("give_next"))
        return (*buttons, Next("clean_up"), Next("details"))
    buttons = [Next("clean_up")] if stage in (Stage.APPROVED, Stage.ARCHIVED) and order.crew else []
    if stage in DISPATCHABLE:
        buttons.append(Next("redispatch"))
        buttons += [Next("appoint", fold=MORE), Next("correct", fold=MORE), *_zone(order)] if stage in BEFORE_ARRIVAL else []
    if order.is_open:
        buttons += [Next("release") if current(order) else Next("hold"), Next("why")]
        buttons += [Next("stand_down", is_danger=True)] if order.is_emergency else []
        if stage not in (Stage.FINISHED, Stage.SIGNED, Stage.UNSIGNED_CLOSED):
            buttons.append(Next("cancel", is_danger=True))
    return (*buttons, Next("details"))


def _zone(order: WorkOrder) -> tuple[Next, ...]:
    """Where a zone picks the clock the office may put it right (INT-8)."""
    return (Next("rezone", fold=MORE),) if order.report.zone else ()


def _clerk(order: WorkOrder) -> tuple[Next, ...]:
    if order.stage is Stage.DEPARTED:
        return (Next("file", is_primary=True), Next("details"))
    if order.stage in UNDISPATCHED:
        appoint = (Next("ask_back"), Next("appoint"), Next("answer"))
        return (*appoint, Next("solve"), Next("correct"), *_zone(order), Next("cancel", is_danger=True), Next("details"))
    if order.stage in BEFORE_ARRIVAL:
        return (Next("answer"), Next("correct"), *_zone(order), Next("details"))
    return (Next("answer"), Next("details")) if order.is_open else (Next("details"),)


def _customer(order: WorkOrder) -> tuple[Next, ...]:
    if order.is_emergency:
        return (Next("stand_down", is_danger=True), Next("talk"))
    if order.stage is Stage.NEEDS_CLARIFICATION:
        return (Next("clarify", is_primary=True), Next("cancel", is_danger=True))
    if order.stage in UNDISPATCHED:
        return (Next("why"), Next("correct"), Next("talk"), Next("cancel", is_danger=True))
    if order.seals and order.is_open:
        return (Next("copy"), Next("dispute", is_danger=True), Next("talk"))
    if order.is_open:
        return (Next("why"), *((Next("correct"),) if order.stage in BEFORE_ARRIVAL else ()), Next("talk"))
    return (
        (Next("copy"), Next("dispute", is_danger=True))
        if order.seals and order.stage is Stage.APPROVED
        else ((Next("copy"),) if order.seals else ())
    )
