"""Hazards: dangers, vandalism, disputes: told at once to whoever has to know, until removed (SAF-6, ESC-14, ESC-16)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling, Stamp
from rules.people import Deed, Person, may, require
from rules.refusals import Refused
from rules.terms import Terms


class HazardSort(StrEnum):
    """What somebody has come upon."""

    DANGER = "danger"  # a hidden danger
    WIRING = "wiring"  # unsafe wiring
    VANDALISM = "vandalism"
    DISPUTE = "dispute"  # a serious dispute
    EVENT = "event"  # something sudden


_HEADS = (Audience.SUPERVISOR, Audience.GM)
_MANAGERS = (Audience.SUPERVISOR, Audience.MANAGER)
TOLD = {
    HazardSort.DANGER: _HEADS,
    HazardSort.WIRING: _HEADS,
    HazardSort.VANDALISM: _HEADS,
    HazardSort.DISPUTE: _MANAGERS,
    HazardSort.EVENT: _MANAGERS,
}
"""Workshop head and company head (ESC-16); the department's manager, then the mall's business manager (ESC-14)."""
RULE = {
    HazardSort.DANGER: "SAF-6",
    HazardSort.WIRING: "ESC-16",
    HazardSort.VANDALISM: "ESC-16",
    HazardSort.DISPUTE: "ESC-14",
    HazardSort.EVENT: "ESC-14",
}


@dataclass(frozen=True, kw_only=True)
class Hazard(Case):
    """Something that must not stay as it is."""

    kind: ClassVar[str] = "hazard"
    stage: str = "open"
    sort: HazardSort
    place: str
    words: str
    photos: tuple[str, ...] = ()
    reported_by: int
    remedy: str = ""
    removed: Stamp | None = None

    @property
    def is_urgent(self) -> bool:
        """Quiet hours don't count."""
        return True

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return TOLD[self.sort]

    def seen_by(self, person: Person) -> bool:
        """Whoever reported it, as long as he works here, and the heads."""
        return (person.id == self.reported_by and person.holds_any_post) or may(person, Deed.CLEAR_HAZARD, self.ties)


def report(hazard: Hazard, *, by: Person, now: datetime, terms: Terms) -> Ruling[Hazard]:
    """Somebody has come upon something: those who have to know hear it at once, and it climbs until somebody takes it."""
    require(by, Deed.REPORT_HAZARD)
    if hazard.sort not in terms.policy.hazards.sorts:
        raise Refused("no-such-item", rule=RULE[hazard.sort])
    if not hazard.words.strip():
        raise Refused("words-missing", rule=RULE[hazard.sort])
    facts = {
        "number": hazard.number, "sort": {"text": f"hazard.sort.{hazard.sort}"}, "place": hazard.place, "words": hazard.words,
        "by_id": by.id,
    }  # fmt: skip
    told = Notice("notice.hazard", TOLD[hazard.sort], facts, photos=hazard.photos, is_urgent=True)
    due = now + timedelta(minutes=terms.policy.escalation.decision_minutes)
    clock = Deadline(promised_at(Clock.HAZARD, due, now, RULE[hazard.sort]))
    entry = Entry("hazard.reported", {"sort": hazard.sort}, RULE[hazard.sort])
    return Ruling(hazard, (entry,), (told,), {Clock.HAZARD: clock})


def remove(hazard: Hazard, remedy: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Hazard]:
    """It is no more, and how; whoever reported it hears so (SAF-6)."""
    require(by, Deed.CLEAR_HAZARD, hazard.ties)
    require_open(hazard)
    if not remedy.strip():
        raise Refused("words-missing", rule=RULE[hazard.sort])
    gone = replace(hazard, stage="removed", remedy=remedy, removed=Stamp(by.id, now), closed_at=now)
    facts = {"number": hazard.number, "remedy": remedy, "by_id": by.id}
    told = (Notice("notice.hazard-removed", (hazard.reported_by, *TOLD[hazard.sort]), facts, is_must=False),)
    return Ruling(gone, (Entry("hazard.removed", {}, RULE[hazard.sort]),), told, {Clock.HAZARD: None})
