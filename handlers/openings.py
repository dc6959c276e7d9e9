"""Buttons of a card that ask something first: whoever may not, or comes too late, hears so before he types (story 11)."""

from collections.abc import Callable, Iterable

from handlers.flowbook import ENGINE
from handlers.turn import Turn
from rules import closing, interims, visits
from rules.appointments import OPEN_TO_IT
from rules.orders import BEFORE_ARRIVAL, CLOSED, LEADS_TO, ON_SITE, PAUSED, UNDISPATCHED, Stage, WorkOrder, require_stage
from rules.people import Deed, require

Action = Callable[[Turn, WorkOrder, str], None]

_OPEN = frozenset(Stage) - CLOSED
_GOING = BEFORE_ARRIVAL | ON_SITE
_GETTING_READY = frozenset({Stage.ACCEPTED, Stage.PREPARING})


def _before(stage: Stage) -> Iterable[Stage]:
    """The stages from which this one can be reached (RULEBOOK 24)."""
    return (one for one, coming in LEADS_TO.items() if stage in coming)


def _starts(flow: str, deed: Deed, at: Iterable[Stage] = Stage) -> Action:
    """An action that asks something first, at these stages only."""
    stages = tuple(at)
    return _when(flow, deed, lambda order: require_stage(order, *stages))


def _when(flow: str, deed: Deed, guard: Callable[[WorkOrder], object]) -> Action:
    """An action that asks something first, where a guard of the rules lets it."""

    def start(turn: Turn, order: WorkOrder, _arg: str) -> None:
        require(turn.person, deed, order.ties)
        guard(order)
        ENGINE.start(turn, flow, order=order.id)

    return start


ACTIONS: dict[str, Action] = {
    "decline": _starts("decline", Deed.DECLINE, UNDISPATCHED | {Stage.ASSIGNED} | _GETTING_READY),
    "object": _starts("object", Deed.OBJECT, _GOING),
    "refuse_unsafe": _starts("refuse_unsafe", Deed.REFUSE_UNSAFE, _GOING),
    "clean_up": _starts("clean_up", Deed.ORDER_CLEAN_UP),
    "override": _starts("override", Deed.PREPARE, _GETTING_READY),
    "nobody_there": _starts("nobody_there", Deed.RECORD_FINDINGS, (Stage.ARRIVED,)),
    "problem": _starts("problem", Deed.RAISE_PROBLEM, (ON_SITE - {Stage.ARRIVED}) | {Stage.FINISHED}),
    "injury": _starts("injury", Deed.RAISE_PROBLEM, _OPEN),
    "wait_parts": _starts("wait_parts", Deed.RECORD_FINDINGS, _before(Stage.WAITING_PARTS)),
    "late": _starts("late", Deed.RECORD_FINDINGS, _GOING | PAUSED),
    "attendant": _starts("attendant", Deed.BRIEF_REPORT, (Stage.SIGNED, Stage.UNSIGNED_CLOSED)),
    "unsure": _starts("unsure", Deed.RECORD_FINDINGS, _OPEN),
    "ask_back": _starts("ask_back", Deed.ASK_BACK, UNDISPATCHED),
    "answer": _starts("answer", Deed.ANSWER_CUSTOMER),
    "appoint": _starts("appoint", Deed.ASK_BACK, OPEN_TO_IT),
    "urgent": _starts("urgent", Deed.ASK_BACK, UNDISPATCHED),
    "correct": _starts("correct", Deed.CLARIFY, UNDISPATCHED | BEFORE_ARRIVAL),
    "rezone": _starts("rezone", Deed.ASK_BACK, UNDISPATCHED | BEFORE_ARRIVAL),
    "write_contact": _starts("write_contact", Deed.WRITE_CONTACT, _OPEN),
    "solve": _starts("solve", Deed.SOLVE_REMOTELY, _before(Stage.SOLVED_REMOTELY)),
    "hold": _starts("hold", Deed.HOLD, _OPEN),
    "decide": _when("decide", Deed.DECIDE_PROBLEM, visits.require_undecided),
    "interim_no": _when("interim_no", Deed.DECIDE_PROBLEM, interims.require_waiting),
    "misfit": _starts("misfit", Deed.RECORD_FINDINGS, ON_SITE | {Stage.AWAITING_DECISION}),
    "give_next": _when("give_next", Deed.GIVE_NEXT, closing.require_left),
    "return": _starts("return", Deed.RETURN_REPORT, (Stage.DEPARTED, Stage.REPORTED)),
    "dispute": _starts("dispute", Deed.DISPUTE),
}
