"""Likely causes of a fault and what mended it, from earlier jobs of the same model, the most frequent first (DSP-4)."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rules.usual_parts import are_alike

MOST = 3
LEAST_JOBS = 2
"""How many jobs of a model had a cause that is worth a word; one is enough where the fault was the same."""


@dataclass(frozen=True)
class PastFinding:
    """A completed job of the same model: the fault as it was told, where the cause was found, and what mended it, if it did."""

    fault: str
    component: str
    cause: str
    remedy: str = ""


@dataclass(frozen=True)
class LikelyCause:
    """A cause in the words used most, with the remedy used most; on how many jobs, and on how many with a like fault."""

    component: str
    cause: str
    remedy: str
    n_jobs: int
    n_alike: int


def likely(fault: str, past: Iterable[PastFinding], *, most: int = MOST) -> tuple[LikelyCause, ...]:
    """What to look at first: by like faults, then by how often at all. `past` begins with the latest job."""
    groups: list[list[PastFinding]] = []
    for one in past:
        if not one.cause.strip():
            continue
        group = next((known for known in groups if _is_same(known[0], one)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    found = [_summed(fault, group) for group in groups]
    worth = [one for one in found if one.n_alike or one.n_jobs >= LEAST_JOBS]
    return tuple(sorted(worth, key=lambda one: (-one.n_alike, -one.n_jobs))[:most])


def _is_same(one: PastFinding, other: PastFinding) -> bool:
    """Two technicians write the same cause in different words; what was found in different components is not the same."""
    if one.component and other.component and _plain(one.component) != _plain(other.component):
        return False
    return _plain(one.cause) == _plain(other.cause) or are_alike(one.cause, other.cause)


def _summed(fault: str, group: list[PastFinding]) -> LikelyCause:
    return LikelyCause(
        _commonest(one.component for one in group), _commonest(one.cause for one in group),
        _commonest(one.remedy for one in group), len(group), sum(are_alike(fault, one.fault) for one in group),
    )  # fmt: skip


def _commonest(words: Iterable[str]) -> str:
    """The words that were used most, the latest of several; empty when there are none."""
    counted = Counter(word for word in words if word.strip())
    return counted.most_common(1)[0][0] if counted else ""


def _plain(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold().strip()
