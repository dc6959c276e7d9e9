"""What is done with safety checks and emergencies: load, decide, record (RULEBOOK 21)."""

from handlers import fitness, outcomes
from handlers.flows.papers import Words
from handlers.flows.safety import Checked
from handlers.turn import Turn
from rules import emergencies, safety
from rules.orders import WorkOrder


def checked(turn: Turn, order: WorkOrder | None, outcome: Checked) -> None:
    """A checklist was gone through; the card shows what comes next, or why the work waits."""
    assert order is not None
    decision = safety.check(order, outcome.name, outcome.answers, **turn.deed)
    failed = decision.order.safety[outcome.name].failed
    outcomes.record(turn, order, decision, "done.safety-failed" if failed else "done.safety")


def declared(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    assert order is not None
    declare(turn, order, outcome.picked)


def declare(turn: Turn, order: WorkOrder, kind: str) -> None:
    """Call everybody on call to an order that was known already (DSP-11)."""
    called = fitness.on_call(turn.connection, order.branch, terms=turn.terms, now=turn.now)
    outcomes.record(turn, order, emergencies.declare(order, kind, called, **turn.deed), "done.declare")


def refused(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """Who has refused may not see the order any more, unless he is on site."""
    assert order is not None
    after = turn.unit.record(order, safety.refuse_unsafe(order, outcome.text, **turn.deed), by=turn.person.id)
    turn.reply("done.refuse_unsafe", {"number": after.number})
