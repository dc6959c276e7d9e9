"""What the desk says arrives, hardly ever twice, and in its order."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sqlalchemy import Row

from tests.laws.promises.evidence import Evidence, by_chat

_CASE = re.compile(r"(complaint|survey|task|statement):\d+")
_UNTOLD_REASONS = ("cannot-edit", "no-such-message")  # a message that can't be changed is sent anew


def everything_said_arrives_or_somebody_is_told(evidence: Evidence) -> Iterator[str]:
    """No outbox row waits past its time; what was sent stands in its chat; a must that died was told to a supervisor."""
    there = {(chat, one.id) for chat, shown in evidence.received.shown.items() for one in shown}
    for row in evidence.outbox:
        if row.state == "waiting" and row.not_before <= evidence.at:
            yield f"outbox {row.id} ({row.kind}) still waits"
        elif row.state == "sent" and row.kind != "settle" and ((row.channel, row.chat), _number(row.ref)) not in there:
            yield f"outbox {row.id} counts as sent and is not in chat {row.chat}"
        elif row.state == "dropped" and row.is_must and row.reason != "superseded":
            yield f"outbox {row.id} had to arrive and was dropped: {row.reason}"
        elif row.state == "dead" and row.is_must and not _is_told(evidence, row):
            yield f"outbox {row.id} will never arrive ({row.reason}) and nobody was told"


def _is_told(evidence: Evidence, dead: Row[Any]) -> bool:
    """Whether in the same transaction it went to the person's other account, or the supervisor was told within that hour."""
    if dead.reason in _UNTOLD_REASONS or dead.kind == "settle" or dead.person_id is None:
        return True
    alarm = f"unreachable:{dead.person_id}:{_about(dead)}:{dead.done_at:%Y%m%d%H}:"
    return any(
        (row.person_id == dead.person_id and row.created_at == dead.done_at) or (row.dedup or "").startswith(alarm)
        for row in evidence.outbox
    )


def _about(row: Row[Any]) -> str:
    if row.order_id:
        return f"order:{row.order_id}"
    found = _CASE.match(row.subject)
    return found[0] if found else ""


def no_more_than_one_copy_a_crash(evidence: Evidence) -> Iterator[str]:
    """A message that no row knows was sent when a process died, or when the messenger's answer got lost."""
    known = {((row.channel, row.chat), _number(row.ref)) for row in (*evidence.outbox, *evidence.cards)}
    for chat, shown in evidence.received.shown.items():
        for one, after in pairwise([*(message.id for message in shown), 2**62]):
            is_explained = one in evidence.received.unclear or any(
                one <= crash[chat[0]] < after for crash in evidence.received.crashes
            )
            if (chat, one) not in known and not is_explained:
                yield f"message {one} in {chat[1]} is a copy without a cause"


def order_is_kept_in_each_chat(evidence: Evidence) -> Iterator[str]:
    """Messages stand in the order in which they were put into the outbox; only a must goes past one that was put off.

    Of two that two processes put in at the same time either may come first.
    """
    for chat, rows in by_chat(evidence.outbox).items():
        sent = _first_sent(rows)
        newest = (0, -1)
        for row, message in sorted(sent.items(), key=lambda one: one[1]):
            earlier = newest
            newest = max(newest, (row, message))
            if earlier[0] > row and not (_was_overtaken(rows, row, earlier[0]) or (row, earlier[0]) in evidence.overlaps):
                yield f"outbox {row} came after {earlier[0]} in chat {chat[1]}"


def _first_sent(rows: list[Row[Any]]) -> dict[int, int]:
    """The message of each row that made one; a row that changed an older message made none."""
    first: dict[int, int] = {}
    for row in sorted((one for one in rows if one.state == "sent" and one.kind != "settle"), key=lambda one: one.done_at):
        first.setdefault(_number(row.ref), row.id)
    return {row: message for message, row in first.items()}


def _was_overtaken(rows: list[Row[Any]], late: int, other: int) -> bool:
    """Whether the other one is a must that went past a row that was put off, and past what waited behind that one.

    The moment counts and not the message: what was put off may end as a change of an older message.
    """
    must = next(row for row in rows if row.id == other)
    return must.is_must and any(
        row.id <= late and row.not_before > row.created_at and (row.state != "sent" or row.done_at > must.done_at)
        for row in rows
    )


def _number(ref: str) -> int:
    return int(ref) if ref.isdigit() else 0
