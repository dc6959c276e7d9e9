"""What people say is kept, has its effect once, and is answered."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from tests.laws.promises.evidence import Evidence, canonical

TRIES = 3  # RELIABILITY 6
_QUESTION = re.compile(r'"q\.(\d+)\.(\d+)\.')


def nothing_acknowledged_is_lost(evidence: Evidence) -> Iterator[str]:
    """Every update that a messenger was told is received is in the inbox."""
    kept = {canonical(json.loads(row.raw).get("update", {})) for row in evidence.inbox}
    for update in evidence.received.confirmed:
        if canonical(update) not in kept:
            yield f"update {update['update_id']} was confirmed and is not kept"
    keys = {row.event_key.rpartition(":")[2] for row in evidence.inbox if row.channel == "web"}
    for key in evidence.received.acknowledged:
        if key not in keys:
            yield f"post {key} got its 200 and is not kept"


def everything_kept_is_handled(evidence: Evidence) -> Iterator[str]:
    """No update waits; what is set aside killed the process, or failed, so often as it may."""
    for row in evidence.inbox:
        if row.state == "waiting":
            yield f"inbox {row.id} was not handled"
        if row.state == "set_aside" and row.attempts <= TRIES:
            yield f"inbox {row.id} was set aside after {row.attempts} tries"


def each_has_its_effect_once(evidence: Evidence) -> Iterator[str]:
    """An update is in the inbox once, and no two turns have written journal lines for it."""
    stored = Counter(canonical(_told(row)) for row in evidence.inbox)
    for told, n in stored.items():
        if n > 1:
            yield f"an update is kept {n} times: {told[:80]}"
    turns: dict[str, Any] = {}
    for line in evidence.journal:
        if line.message and turns.setdefault(line.message, line.at) != line.at:
            yield f"two turns wrote for {line.message}: {turns[line.message]} and {line.at}"


def each_is_answered(evidence: Evidence) -> Iterator[str]:
    """The turn that handled an update put words for its sender into the outbox, in the same transaction.

    A button of a question that had been answered already may stay silent: the next question stands below it.
    """
    said = {(row.channel, row.chat, row.created_at) for row in evidence.outbox}
    asked = _first_asked(evidence)
    for row in evidence.inbox:
        is_answered = (row.channel, row.chat, row.done_at) in said
        if row.state != "waiting" and not is_answered and not _needs_no_answer(row) and not _has_passed(row, asked):
            yield f"inbox {row.id} of {row.channel} {row.chat} got no answer"


def _first_asked(evidence: Evidence) -> dict[tuple[str, str], datetime]:
    """When each turn of each conversation was put first, by what its buttons say."""
    first: dict[tuple[str, str], datetime] = {}
    for row in evidence.outbox:
        for conversation, turn in set(_QUESTION.findall(json.dumps(row.body))):
            first.setdefault((conversation, turn), row.created_at)
    return first


def _has_passed(row: Row[Any], asked: dict[tuple[str, str], datetime]) -> bool:
    """Whether it is a press on a question after which the next one had been put when it came."""
    pressed = _QUESTION.match(f'"{_token(row)}')
    if not pressed:
        return False
    after = asked.get((pressed[1], str(int(pressed[2]) + 1)))
    return after is not None and after < row.done_at


def _told(row: Row[Any]) -> dict[str, Any]:
    """An update without what we added; a web chat post is its key."""
    raw: dict[str, Any] = json.loads(row.raw)
    return raw.get("update") or {"key": raw.get("key")}


def _token(row: Row[Any]) -> str:
    raw = json.loads(row.raw)
    return str(raw.get("update", {}).get("callback_query", {}).get("data") or raw.get("token", ""))


def _needs_no_answer(row: Row[Any]) -> bool:
    """What means nothing to us, and the word that somebody has blocked the bot."""
    return row.error == "unknown" or "my_chat_member" in json.loads(row.raw).get("update", {})
