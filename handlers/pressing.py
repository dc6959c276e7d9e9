"""What a button of an order's card does: begin a conversation, or decide at once."""

from collections.abc import Callable

from handlers import outcomes
from handlers.flowbook import ENGINE
from handlers.turn import Turn
from rules.orders import WorkOrder
from rules.people import Deed, require

Action = Callable[[Turn, WorkOrder, str], None]


def starts(flow: str, deed: Deed) -> Action:
    """An action that asks something first; whoever may not do it hears so before he types."""

    def start(turn: Turn, order: WorkOrder, _arg: str) -> None:
        require(turn.person, deed, order.ties)
        ENGINE.start(turn, flow, order=order.id)

    return start


def decides(decide: Callable[..., object], done: str) -> Action:
    """An action that is decided and recorded with the press."""

    def act(turn: Turn, order: WorkOrder, _arg: str) -> None:
        outcomes.record(turn, order, decide(order, **turn.deed), done)  # type: ignore[arg-type]

    return act
