"""Words that are about no order: a greeting, thanks, a way out of nothing; and the customer's "how long yet?" (DESIGN 10.7)."""

from functools import cache

from handlers import actions, listing, menu
from handlers.said import button
from handlers.turn import Turn
from handlers.words import control_word
from rules.orders import WorkOrder
from texts import catalog

_MOST_ASKED = 40
"""Characters of a message that only asks when somebody comes; a longer one tells something besides."""


@cache
def _words(text: str) -> frozenset[str]:
    return frozenset(catalog.words(text))


def answers(turn: Turn, text: str, order: WorkOrder | None, choices: list[WorkOrder]) -> bool:
    """Whether it was no report and no note; if so, it is answered here. Whoever says hello reports no fault yet."""
    word, is_alone = catalog.fold(text), order is None and not choices
    if word in _words("words.hello") and (is_alone or turn.person.is_staff):
        menu.welcome(turn)
    elif word in _words("words.thanks") and is_alone:
        turn.reply("talk.thanks", rows=[] if turn.person.is_staff else [[button("menu.report", "m.report")]])
    elif control_word(text) == "cancel":
        _cancel(turn, order, is_alone=is_alone)
    elif control_word(text) and is_alone:
        turn.reply("talk.nothing-parked")
    else:
        return False
    return True


def _cancel(turn: Turn, order: WorkOrder | None, *, is_alone: bool) -> None:
    """A customer who is asked nothing means the call itself; staff would name it."""
    if turn.person.is_staff or is_alone:
        turn.reply("talk.nothing-parked")
    elif order is not None:
        actions.run(turn, order, "cancel")
    else:
        listing.show_mine(turn)


def asks_when(text: str) -> bool:
    """Whether a customer asks how long it takes, which the card with its promise answers."""
    asked = catalog.fold(text)
    return len(asked) <= _MOST_ASKED and any(one in asked for one in _words("words.how-long"))
