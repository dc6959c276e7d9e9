"""What is written down holds: moves, journal, files."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from rules.orders import LEADS_TO, ON_SITE, Stage
from tests.laws.promises.evidence import Evidence

_S = Stage
_SITE = frozenset({*ON_SITE, _S.FINISHED})
STEPS = {"listen": _S.LISTENING, "look": _S.LOOKING, "check": _S.CHECKING, "act": _S.ACTING}

MOVES: Mapping[str, frozenset[Stage]] = {
    "order.registered": frozenset({_S.REGISTERED}),
    "order.needs_clarification": frozenset({_S.NEEDS_CLARIFICATION}),
    "order.queued": frozenset({_S.QUEUED}),
    "order.clarified": frozenset({_S.NEEDS_CLARIFICATION, _S.QUEUED, _S.CARRIED_OVER}),
    "order.offered": frozenset({_S.QUEUED, _S.CARRIED_OVER}),
    "order.dispatched": frozenset({_S.ASSIGNED}),
    "order.taken": frozenset({_S.ACCEPTED}),
    "order.accepted": frozenset({_S.ACCEPTED}),
    "checklist.ticked": frozenset({_S.PREPARING}),
    "checklist.unticked": frozenset({_S.PREPARING}),
    "checklist.overridden": frozenset({_S.PREPARING}),
    "user.called": frozenset({_S.PREPARING}),
    "order.departed_for_customer": frozenset({_S.EN_ROUTE}),
    "order.arrived": frozenset({_S.ARRIVED}),
    "service.finished": frozenset({_S.FINISHED}),
    "seal.voided": frozenset({_S.FINISHED}),
    "customer_test.failed": frozenset({_S.CHECKING}),
    "problem.raised": frozenset({_S.AWAITING_DECISION}),
    "problem.decided": _SITE - {_S.ARRIVED},
    "order.waiting": frozenset({_S.WAITING_PARTS, _S.TAKEN_BACK}),
    "order.resumed": frozenset(STEPS.values()),
    "order.signed": frozenset({_S.SIGNED}),
    "order.unsigned": frozenset({_S.UNSIGNED_CLOSED}),
    "order.left": frozenset({_S.DEPARTED}),
    "order.cancelled_in_register": frozenset({_S.CANCELLED_IN_REGISTER}),
    "order.reported": frozenset({_S.REPORTED}),
    "order.approved": frozenset({_S.APPROVED}),
    "order.archived": frozenset({_S.ARCHIVED}),
    "order.returned": frozenset({_S.DEPARTED}),
    "order.cancelled": frozenset({_S.CANCELLED}),
    "order.solved_remotely": frozenset({_S.SOLVED_REMOTELY}),
    "emergency.raised": frozenset(_S)
    - {_S.REGISTERED, _S.NEEDS_CLARIFICATION, _S.CARRIED_OVER},  # DSP-11: sent at once, or goes on
    "order.refused_unsafe": frozenset({_S.QUEUED}),
    "order.carried_over": frozenset({_S.CARRIED_OVER, _S.NEEDS_CLARIFICATION}),
    "step.opened": _SITE | {_S.SIGNED, _S.UNSIGNED_CLOSED, _S.DEPARTED, _S.CANCELLED_IN_REGISTER, _S.REPORTED},
    "step.saved": _SITE | {_S.SIGNED, _S.UNSIGNED_CLOSED, _S.DEPARTED, _S.CANCELLED_IN_REGISTER, _S.REPORTED},
}
"""Where a line of an order's journal leaves it; a line of another kind leaves it where it was."""


def every_move_is_legal(evidence: Evidence) -> Iterator[str]:
    """Followed line by line, each order's journal goes only where RULEBOOK 24 lets it, and ends where the order stands."""
    stands = {f"order:{row.id}": row.stage for row in evidence.orders}
    possible = {subject: frozenset({_S.NEW}) for subject in stands}
    for line in sorted(evidence.journal, key=lambda one: (one.subject, one.seq)):
        if possible.get(line.subject):
            possible[line.subject] = moved(possible[line.subject], line.kind)
            if not possible[line.subject]:
                yield f"{line.subject}, line {line.seq}: {line.kind} leads nowhere"
    for subject, found in possible.items():
        if found and stands[subject] not in found:
            yield f"{subject} stands at {stands[subject]}, its journal ends at {', '.join(sorted(found))}"


def moved(possible: frozenset[Stage], kind: str) -> frozenset[Stage]:
    """Where an order may stand after a line of its journal."""
    if kind not in MOVES:
        return possible
    near = possible.union(*(LEADS_TO[stage] for stage in possible))
    if kind.startswith("step."):  # a second visit goes on where the first one ended, with the step after that
        near = near.union(*(LEADS_TO[stage] for stage in near & ON_SITE))
    return near & MOVES[kind]


def the_journal_follows(evidence: Evidence) -> Iterator[str]:
    """Every line follows from the one before it, and none is missing."""
    for subject, seq, what in evidence.flaws:
        yield f"journal {subject} line {seq}: {what}"


def every_file_is_what_it_was(evidence: Evidence) -> Iterator[str]:
    """Each kept file has the bytes that its name is the hash of, and every picture that something names is kept."""
    kept = {row.sha256 for row in evidence.files}
    for sha256 in kept:
        path = evidence.shelf / sha256[:2] / sha256
        if not path.is_file():
            yield f"file {sha256[:12]} is not on the shelf"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            yield f"file {sha256[:12]} was changed"
    named = {sha256 for row in evidence.orders for sha256 in _pictures(row.order)}
    named |= {row.sha256 for row in evidence.remarks if row.sha256}
    named |= {one for row in evidence.cases for one in (*row.body.get("photos", ()), *row.body.get("voices", ()))}
    for sha256 in named - kept:
        yield f"picture {sha256[:12]} is named and not kept"


def _pictures(order: Any) -> Iterator[str]:
    """Hashes anywhere in an order's photos, voices and signatures."""
    report = order["report"]
    yield from (*report["photos"], *report["voices"])
    yield from (seal["signature"] for seal in order["seals"] if seal["signature"])
    for found in order["findings"].values():
        for answer in found["answers"].values():
            if isinstance(answer, list):
                yield from (one for one in answer if isinstance(one, str) and len(one) == 64)
