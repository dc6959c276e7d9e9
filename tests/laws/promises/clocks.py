"""What falls due is announced: never early, never later than half a minute while somebody is up, and to somebody."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from rules.escalation import Watch, ladder
from storage.codec import load
from tests.laws.promises.evidence import Evidence

AT_MOST = timedelta(seconds=30)
KINDS = ("escalation.warned", "escalation.breached")


def every_climb_is_told(evidence: Evidence) -> Iterator[str]:
    """A rung that was climbed is in the journal, and in the same transaction somebody's outbox has it.

    Where a zone is put right and back again the promise is the one that it was, and nobody is told the same of it once more.
    """
    told = {(row.created_at, (row.dedup or "").rpartition(":")[0]) for row in evidence.outbox if row.dedup}
    at = {moment for moment, dedup in told if dedup.startswith("catch-up")}
    esc = [(moment, dedup.split(":")) for moment, dedup in told if dedup.startswith("esc:")]
    single = {(moment, f"{kind}:{number}", clock) for moment, (_esc, kind, number, clock, *_due) in esc}
    newest: dict[tuple[str, str], int] = {}
    for line in _climbs(evidence):
        clock = line.facts["clock"]
        newest[line.subject, clock] = line.facts["rung"]
        if (line.at, line.subject, clock) not in single and line.at not in at and not _was_told(evidence, line, esc):
            yield f"rung {line.facts['rung']} of {clock}, {line.subject}, was climbed and nobody was told"
    for row in evidence.deadlines:
        is_told = not row.subject.startswith("survey:")  # a card goes out or lapses by itself
        if is_told and row.rung and newest.get((row.subject, row.clock)) != row.rung - 1:
            yield f"{row.clock} of {row.subject} stands at rung {row.rung}, which no line tells of"


def nothing_is_announced_before_its_time(evidence: Evidence) -> Iterator[str]:
    """No rung is climbed before its moment, and nobody is told of a breach before what was promised is due."""
    for line, moment in _moments(evidence):
        if line.at < moment:
            yield f"rung {line.facts['rung']} of {line.facts['clock']} was climbed {moment - line.at} early"
    for row in evidence.outbox:
        if (row.dedup or "").startswith("esc:") and row.body["text"] == "escalation.breach":
            due = datetime.fromisoformat(":".join(row.dedup.split(":")[4:-2]))
            if row.created_at < due:
                yield f"outbox {row.id} tells of a breach {due - row.created_at} early"


def everything_due_is_announced_in_time(evidence: Evidence) -> Iterator[str]:
    """Within half a minute of its moment, or of the start when nobody was up then. One that was taken on may be quiet."""
    taken_on = {(line.subject, line.facts["clock"]) for line in evidence.journal if line.kind == "escalation.acknowledged"}
    for line, moment in _moments(evidence):
        late = line.at - max(moment, _up_since(evidence, line.at))
        if late > AT_MOST and (line.subject, line.facts["clock"]) not in taken_on:
            yield f"rung {line.facts['rung']} of {line.facts['clock']} was climbed {late} late"
    for row in evidence.deadlines:
        if row.state == "running" and row.next_at is not None and row.next_at < evidence.at - AT_MOST:
            yield f"{row.clock} of {row.subject} fell due at {row.next_at} and was not looked at"


def _was_told(evidence: Evidence, line: Row[Any], esc: list[tuple[datetime, list[str]]]) -> bool:
    """Whether somebody heard of this rung before the zone was put back as it had been."""
    zones = [one.at for one in evidence.journal if one.kind == "order.rezoned" and one.subject == line.subject]
    since = sorted(moment for moment in zones if moment <= line.at)[-2:]
    name = [*line.subject.split(":"), line.facts["clock"]]
    return len(since) == 2 and any(
        moment < since[0] and parts[1:4] == name and parts[-1] == str(line.facts["rung"]) for moment, parts in esc
    )


def _climbs(evidence: Evidence) -> Iterator[Row[Any]]:
    yield from (line for line in evidence.journal if line.kind in KINDS)


def _moments(evidence: Evidence) -> Iterator[tuple[Row[Any], datetime]]:
    """Each climb of a promise that still stands as it was made, with the moment of its rung.

    A zone that was put right makes the promise anew, and it counts from the call all the same (INT-8).
    """
    watches = {(row.subject, row.clock): load(Watch, row.watch) for row in evidence.deadlines}
    renewed = {line.subject: line.at for line in evidence.journal if line.kind == "order.rezoned"}
    for line in _climbs(evidence):
        watch = watches.get((line.subject, line.facts["clock"]))
        if watch is None:
            continue
        since = max(watch.promise.started_at, renewed.get(line.subject, watch.promise.started_at))
        if since <= line.at:
            rungs = ladder(watch, evidence.policy)
            if line.facts["rung"] < watch.rung:
                yield line, max(since, rungs[line.facts["rung"]].at)


def _up_since(evidence: Evidence, moment: datetime) -> datetime:
    """When the process began that was up at a moment."""
    begun = [start for start, end in evidence.received.lives if start <= moment and (end is None or moment <= end)]
    return min(begun, default=moment)
