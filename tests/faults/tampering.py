"""Evidence with something wrong in it, one way for each promise, to show that its checker would see it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import Row

from tests.laws.promises import (
    Promise,
    each_has_its_effect_once,
    each_is_answered,
    every_climb_is_told,
    every_file_is_what_it_was,
    every_move_is_legal,
    everything_due_is_announced_in_time,
    everything_kept_is_handled,
    everything_said_arrives_or_somebody_is_told,
    no_more_than_one_copy_a_crash,
    nothing_acknowledged_is_lost,
    nothing_is_announced_before_its_time,
    order_is_kept_in_each_chat,
    the_journal_follows,
)
from tests.laws.promises.evidence import Evidence, Shown


def _with(rows: Sequence[Row[Any]], n: int, **values: Any) -> list[Any]:
    """The rows, one of them changed."""
    copies: list[Any] = list(rows)
    copies[n] = SimpleNamespace(**(dict(rows[n]._mapping) | values))
    return copies


def _where(rows: Sequence[Row[Any]], fits: Callable[[Any], bool]) -> int:
    """The last row that fits."""
    return max(n for n, row in enumerate(rows) if fits(row))


def loses_an_update(evidence: Evidence) -> Evidence:
    n = _where(evidence.inbox, lambda row: row.channel == "telegram")
    return replace(evidence, inbox=[row for row in evidence.inbox if row is not evidence.inbox[n]])


def leaves_an_update(evidence: Evidence) -> Evidence:
    return replace(evidence, inbox=_with(evidence.inbox, -1, state="waiting"))


def handles_an_update_twice(evidence: Evidence) -> Evidence:
    n = _where(evidence.journal, lambda line: line.message != "")
    later = SimpleNamespace(**(dict(evidence.journal[n]._mapping) | {"at": evidence.journal[n].at + timedelta(seconds=1)}))
    return replace(evidence, journal=[*evidence.journal, later])


def answers_nobody(evidence: Evidence) -> Evidence:
    return replace(evidence, outbox=[])


def marks_what_was_never_sent(evidence: Evidence) -> Evidence:
    n = _where(evidence.outbox, lambda row: row.state == "sent" and row.kind == "say")
    return replace(evidence, outbox=_with(evidence.outbox, n, ref=""))


def sends_a_copy(evidence: Evidence) -> Evidence:
    shown = dict(evidence.received.shown)
    chat, messages = next((chat, messages) for chat, messages in shown.items() if messages)
    shown[chat] = [*messages, Shown(2**61, messages[-1].text)]
    return replace(evidence, received=replace(evidence.received, shown=shown))


def turns_two_messages_round(evidence: Evidence) -> Evidence:
    chat = next((row.channel, row.chat) for row in evidence.outbox if row.state == "sent" and row.kind == "say")
    mine = [
        n
        for n, row in enumerate(evidence.outbox)
        if (row.channel, row.chat, row.kind, row.state) == (*chat, "say", "sent") and row.not_before == row.created_at
    ]
    first, last = mine[0], mine[-1]
    swapped = _with(evidence.outbox, first, ref=evidence.outbox[last].ref)
    swapped[last] = SimpleNamespace(**(dict(evidence.outbox[last]._mapping) | {"ref": evidence.outbox[first].ref}))
    return replace(evidence, outbox=swapped)


def announces_too_early(evidence: Evidence) -> Evidence:
    told = evidence.at - timedelta(hours=1)
    dedup = f"esc:order:1:arrival:{evidence.at.isoformat()}:1:1"
    early = SimpleNamespace(id=2**61, dedup=dedup, body={"text": "escalation.breach"}, created_at=told)
    return replace(evidence, outbox=[*evidence.outbox, cast(Row[Any], early)])


def announces_too_late(evidence: Evidence) -> Evidence:
    n = _where(evidence.deadlines, lambda row: True)
    late = evidence.at - timedelta(minutes=1)
    return replace(evidence, deadlines=_with(evidence.deadlines, n, state="running", next_at=late))


def announces_to_nobody(evidence: Evidence) -> Evidence:
    return replace(evidence, outbox=[row for row in evidence.outbox if not row.dedup])


def jumps_a_stage(evidence: Evidence) -> Evidence:
    n = _where(evidence.orders, lambda row: row.stage != "approved")
    return replace(evidence, orders=_with(evidence.orders, n, stage="approved"))


def breaks_the_chain(evidence: Evidence) -> Evidence:
    return replace(evidence, flaws=[("order:1", 3, "altered")])


def mislays_the_files(evidence: Evidence) -> Evidence:
    return replace(evidence, shelf=Path("/nowhere"))


TAMPERINGS: dict[Promise, Callable[[Evidence], Evidence]] = {
    nothing_acknowledged_is_lost: loses_an_update,
    everything_kept_is_handled: leaves_an_update,
    each_has_its_effect_once: handles_an_update_twice,
    each_is_answered: answers_nobody,
    everything_said_arrives_or_somebody_is_told: marks_what_was_never_sent,
    no_more_than_one_copy_a_crash: sends_a_copy,
    order_is_kept_in_each_chat: turns_two_messages_round,
    nothing_is_announced_before_its_time: announces_too_early,
    everything_due_is_announced_in_time: announces_too_late,
    every_climb_is_told: announces_to_nobody,
    every_move_is_legal: jumps_a_stage,
    the_journal_follows: breaks_the_chain,
    every_file_is_what_it_was: mislays_the_files,
}
