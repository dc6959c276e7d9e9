"""What a shop's staff did against the rules on returns, back-orders and pick-ups, as a report and nothing more (RET-17)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rules.returns import Return

SECTIONS = ("RET-", "BKO-", "WKS-")
ALONE = ("INT-11",)
"""The rules that all store staff keep."""


@dataclass(frozen=True)
class Audited:
    """One person's month: what was refused to him by rule, cases decided otherwise than he told, cases without proof."""

    person: int
    refused: Mapping[str, int] = field(default_factory=dict)
    n_overruled: int = 0
    n_without_proof: int = 0
    n_cases: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.refused or self.n_overruled or self.n_without_proof)


def is_audited(rule: str) -> bool:
    return rule.startswith(SECTIONS) or rule in ALONE


def audit(refused: Iterable[tuple[int, str, int]], returns: Iterable[Return]) -> tuple[Audited, ...]:
    """Everybody with something to say of, by number. `refused` are (person, rule, how often) of the month."""
    known: dict[int, Audited] = {}
    for person, rule, n in refused:
        if is_audited(rule):
            so_far = known.get(person, Audited(person))
            known[person] = replace(so_far, refused={**so_far.refused, rule: n})
    for one in returns:
        so_far = known.get(one.by, Audited(one.by))
        known[one.by] = replace(
            so_far, n_cases=so_far.n_cases + 1, n_overruled=so_far.n_overruled + (one.overruled_by is not None),
            n_without_proof=so_far.n_without_proof + (not one.goods.proof),
        )  # fmt: skip
    return tuple(one for _, one in sorted(known.items()) if not one.is_clean)


def lines_of(found: Iterable[Audited]) -> list[dict[str, Any]]:
    """A line for each, with the rules and how often."""
    return [
        {
            "text": "audit.line",
            "facts": {
                "person_id": one.person, "n": one.n_cases, "n_overruled": one.n_overruled, "n_without": one.n_without_proof,
                "rules": [f"{rule} × {n}" for rule, n in sorted(one.refused.items())] or "—",
            },
        }
        for one in found
    ]  # fmt: skip
