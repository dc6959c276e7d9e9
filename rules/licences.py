"""Licences: what work needs which, and who has a good one (DSP-14, STF-16)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from rules.orders import FaultReport
from rules.policies import Policy
from rules.refusals import Refused

ALL_WORK = "*"


@dataclass(frozen=True)
class Licence:
    """A person's licence; good to the end of the day on which it expires."""

    person: int
    kind: str
    number: str
    expires_on: date
    id: int = 0


def needed(report: FaultReport, policy: Policy) -> tuple[str, ...]:
    """Licences that this work needs, by the words of its fault and machine (DSP-14)."""
    told = f"{report.fault} {report.model} {report.state_when_failed}".casefold()
    return tuple(
        kind
        for kind, words in policy.licences.needed.items()
        if any(word == ALL_WORK or word.casefold() in told for word in words)
    )


def require_licensed(
    report: FaultReport, crew: Iterable[int], held: Mapping[int, Iterable[Licence]], policy: Policy, *, today: date
) -> None:
    """Raise Refused unless everybody who goes has every licence that this work needs, in force today (DSP-14)."""
    for kind in needed(report, policy):
        for person in crew:
            own = [one for one in held.get(person, ()) if one.kind == kind]
            if not own:
                raise Refused("licence-missing", rule="DSP-14", technician_id=person, licence=_named(kind))
            last = max(one.expires_on for one in own)
            if last < today:
                raise Refused("licence-expired", rule="DSP-14", technician_id=person, licence=_named(kind), expired=last)


def _named(kind: str) -> dict[str, str]:
    return {"text": f"licence.{kind}"}


def expiring(licences: Iterable[Licence], policy: Policy, *, today: date) -> tuple[Licence, ...]:
    """Licences that end within the warning time and are not replaced by a later one."""
    every = tuple(licences)
    until = today + timedelta(days=policy.licences.warn_days)
    last: dict[tuple[int, str], date] = {}
    for one in every:
        last[one.person, one.kind] = max(one.expires_on, last.get((one.person, one.kind), one.expires_on))
    return tuple(one for one in every if one.expires_on == last[one.person, one.kind] and today <= one.expires_on <= until)
