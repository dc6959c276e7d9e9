"""People who report faults: the same words for Fieldhand and for what it is compared with."""

import itertools
import time
from collections.abc import Iterator
from typing import Any

N_ANSWERS = 9
_numbers = itertools.count(1)


def words_of(report: int) -> tuple[str, ...]:
    """What somebody says to report a fault, from the first word to the confirmation; no two reports are alike.

    Buttons are answered by their numbers, which every messenger allows.
    """
    return (
        "報修",
        f"冷氣不冷，滴水 {report}",
        "1",  # no photos
        f"CS-25YB{report}",
        f"台北市信義路三段{report}號",
        f"張先生{report}",
        f"09{report % 100_000_000:08}",
        "1",  # in town
        "1",  # all is right
    )


def update(chat: int, words: str) -> dict[str, Any]:
    """What Telegram brings when somebody writes."""
    n = next(_numbers)
    return {
        "update_id": n,
        "message": {
            "message_id": n,
            "date": int(time.time()),
            "chat": {"id": chat, "type": "private", "first_name": "張先生"},
            "from": {"id": chat, "is_bot": False, "first_name": "張先生", "language_code": "zh-hant"},
            "text": words,
        },
    }


def talks(person: int) -> Iterator[str]:
    """Everything that one of a crowd says, report after report, for ever."""
    for n in itertools.count():
        yield from words_of(person * 10_000 + n)
