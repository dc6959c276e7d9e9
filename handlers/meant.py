"""Which action and which order typed words mean: every button has words that do the same (DESIGN 10.2)."""

from handlers import actions, listing, words
from handlers.said import in_rows, literal_button
from handlers.turn import Turn
from rules import money_nexts
from rules.dispatch import is_under_way
from rules.nexts import next_actions
from rules.orders import CLOSED, Stage, WorkOrder
from rules.people import Deed, may
from rules.refusals import Refused
from storage import orders

_OPEN = frozenset(Stage) - CLOSED
_MOST_LOOKED_AT = 200
_MOST_OFFERED = 9


def action_of(turn: Turn, text: str) -> tuple[str, str]:
    """(action, order number) of a typed word; staff may also type what stands on a button. Empty texts for neither."""
    found, number = words.action_word(text)
    if not found and turn.person.is_staff:
        found, number = words.label_word(text)
    return (found, number) if found in {*actions.ACTIONS, *actions.STEPS} else ("", number)


class Nowhere(Exception):
    """No order is there for which the action could be meant."""


def order_of(turn: Turn, action: str, number: str) -> WorkOrder | None:
    """The order that a typed action is about: named, the only one that offers it, or the one in hand; else it is asked.

    Raises Nowhere where there is none to ask about.
    """
    if number:
        found = orders.by_number(turn.connection, number)
        if found is None or not may(turn.person, Deed.SEE_ORDER, found.ties):
            raise Refused("no-such-order", rule="ROL-1")
        return found
    known = actions.known_orders(turn)
    able = [one for one in known or _of_the_branch(turn) if _offers(turn, one, action)]
    if len(able) == 1:
        return able[0]
    in_hand = [one for one in known if is_under_way(one)]
    if len(known) == 1 or len(in_hand) == 1:
        return (in_hand or known)[0]
    if able:
        _ask_which(turn, action, able)
    elif known or not turn.person.is_staff:
        listing.show_mine(turn)
    else:
        raise Nowhere
    return None


def _of_the_branch(turn: Turn) -> list[WorkOrder]:
    """Whoever looks after a branch has no order of his own, but all of them."""
    if not may(turn.person, Deed.SEE_BRANCH):
        return []
    return orders.queue(turn.connection, visible_to=turn.person, stages=_OPEN, limit=_MOST_LOOKED_AT)


def _offers(turn: Turn, order: WorkOrder, action: str) -> bool:
    terms = turn.under(order).terms
    offered = (*next_actions(order, turn.person, terms), *money_nexts.of_order(order, turn.person, terms))
    return action in {one.action for one in offered} and action not in ("details", "why")


def _ask_which(turn: Turn, action: str, able: list[WorkOrder]) -> None:
    """Several offer it: one tap says which."""
    buttons = [literal_button(f"{one.number} {one.report.model[:12]}", f"o.{one.id}.{action}") for one in able[:_MOST_OFFERED]]
    turn.reply("meant.which", {"action": {"text": f"button.{action}"}}, rows=in_rows(buttons, 1))
