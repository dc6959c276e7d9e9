"""Parts that may be needed, from what was used on the same model before, with the same fault above all (DSP-8)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median_low

MOST = 5
LEAST_JOBS = 2
"""On how many jobs of a model a part was used to be worth a word; once is enough where the fault was the same."""
_ALIKE = 1 / 3
_CODE = re.compile(r"[a-z]*\d[a-z0-9-]*|[a-z]+\d[a-z0-9-]*")
_WORD = re.compile(r"[a-z]{3,}")
_CHINESE = re.compile("[\u3400-\u9fff]+")


@dataclass(frozen=True)
class PastJob:
    """A completed job of the same model: what was wrong, in all its words, and how many of which part went in."""

    fault: str
    used: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class UsualPart:
    """A part of the catalogue: on how many of the model's jobs it was used, how many of these had a like fault, how many
    pieces it usually takes."""

    part: int
    n_jobs: int
    n_alike: int
    pieces: int


def usual(fault: str, jobs: Iterable[PastJob], *, most: int = MOST) -> tuple[UsualPart, ...]:
    """What to think of before leaving, the likeliest first: by like faults, then by how often at all."""
    n_jobs, n_alike = Counter[int](), Counter[int]()
    pieces: dict[int, list[int]] = {}
    for job in jobs:
        is_alike = are_alike(fault, job.fault)
        for part, n in job.used.items():
            n_jobs[part] += 1
            n_alike[part] += is_alike
            pieces.setdefault(part, []).append(n)
    found = [UsualPart(part, n, n_alike[part], median_low(pieces[part])) for part, n in n_jobs.items()]
    worth = [one for one in found if one.n_alike or one.n_jobs >= LEAST_JOBS]
    return tuple(sorted(worth, key=lambda one: (-one.n_alike, -one.n_jobs, one.part))[:most])


def are_alike(one: str, other: str) -> bool:
    """Whether two faults may be the same: a fault code in common, or a third of the words of the shorter one."""
    first, second = _signs(one), _signs(other)
    if not first or not second:
        return False
    if any(_CODE.fullmatch(sign) for sign in first & second):
        return True
    return len(first & second) >= _ALIKE * min(len(first), len(second))


def _signs(text: str) -> frozenset[str]:
    """Fault codes, words of letters, and pairs of Chinese characters, which stand for words there."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    pairs = (run[n : n + 2] for run in _CHINESE.findall(plain) for n in range(len(run) - 1))
    return frozenset({*_CODE.findall(plain), *_WORD.findall(plain), *pairs})
