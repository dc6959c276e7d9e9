"""What stands on the buttons of the newest messages in a chat: typed, it does what a tap does (DESIGN 10.2)."""

from collections.abc import Iterator
from functools import partial

from handlers.every_card import card_of
from handlers.render import Reader
from handlers.said import Body
from handlers.turn import Turn
from handlers.words import plain
from storage import outbox, people

_NEWEST = 3
"""Messages whose buttons somebody may still mean."""

_LONGEST = 24


def token_of(turn: Turn, text: str) -> str:
    """The button whose words, or their beginning of three characters or more, were typed; empty where there is none."""
    typed = plain(text)
    if not 1 < len(typed) <= _LONGEST:
        return ""
    reader = Reader(turn.language, turn.company.zone, partial(people.name_of, turn.connection))
    buttons = [one for body in _bodies(turn) for row in body.get("rows", ()) for one in row if one.get("token")]
    known = [(plain(reader.words(one["label"])), str(one["token"])) for one in buttons]
    tapped = [token for label, token in known if label == typed]
    tapped += [token for label, token in known if len(typed) > 2 and label.startswith(typed)]
    return next((token for token in tapped if not token.startswith("q.")), "")


def _bodies(turn: Turn) -> Iterator[Body]:
    """The newest first; a card as it stands now."""
    at = turn.account
    for kind, subject, body in outbox.newest(turn.connection, turn.person.id, at.channel, at.chat, limit=_NEWEST):
        if kind == "card":
            yield card_of(turn.connection, subject, turn.person, turn.company, now=turn.now) or {}
        else:
            yield body
