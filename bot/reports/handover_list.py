"""The hand-over list as a paper: what was handed over to whom, and the three who signed it (STF-13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from handlers.handover_cards import state_of
from handlers.turn import Company
from rules.handovers import Handover
from storage import journal, people
from texts import catalog

Cells = list[str]


@dataclass(frozen=True)
class HandoverList:
    """Collects the facts of one hand-over in one language, for the template `handover_list`."""

    connection: Connection
    company: Company
    handover: Handover
    language: str

    def facts(self) -> dict[str, Any]:
        """What the template wants."""
        handover = self.handover
        return {
            "language": self.language,
            "company": self.company.name,
            "title": self._say("paper.handover-list"),
            "number": handover.number,
            "state": self._say(f"handover.stage.{handover.stage}"),
            "is_well": not handover.is_open,
            "qr": "",
            "footer": self._say("paper.handover-footer", company=self.company.name),
            "about": [
                [self._say("paper.handover-giver"), self._name(handover.person)],
                [self._say("paper.handover-last-day"), self._show(handover.last_day)],
            ],
            "points_label": self._say("paper.handover-points"),
            "points_head": [self._say(f"paper.handover-{one}") for one in ("what", "state", "quantity", "to")],
            "points": list(self._points()),
            "signed_label": self._say("paper.handover-signed"),
            "signed": list(self._signed()),
            "journal_label": self._say("paper.journal"),
            "journal": list(self._journal()),
        }

    def made_at(self) -> datetime:
        """The date that the paper bears: when it was closed, so that a repeat is the same file."""
        return (self.handover.closed_at or self.handover.opened_at).astimezone(UTC)

    def _say(self, text: str, **facts: Any) -> str:
        return catalog.say(self.language, text, facts, zone=self.company.zone)

    def _show(self, value: Any) -> str:
        return catalog.show(self.language, value, zone=self.company.zone)

    def _name(self, person: int | None) -> str:
        return (people.name_of(self.connection, person) if person else "") or "—"

    def _points(self) -> Iterator[Cells]:
        for one in self.handover.points:
            yield [one.label, self._say(state_of(one)), one.quantity, self._name(one.to)]

    def _signed(self) -> Iterator[Cells]:
        """Giver, who received, witness; where nobody stands above, there is no witness."""
        handover = self.handover
        signed = [("giver", handover.person, handover.given_at)]
        signed += [("receiver", one.by, one.at) for one in handover.received]
        signed += [("witness", handover.witnessed.by, handover.witnessed.at)] if handover.witnessed else []
        for part, person, at in signed:
            dated = catalog.dated(self.language, at, zone=self.company.zone) if at else "—"
            yield [self._say(f"paper.handover-{part}"), f"{self._name(person)} · {dated}"]

    def _journal(self) -> Iterator[Cells]:
        lines = journal.lines(self.connection, self.handover.subject)
        if lines:
            yield [self._say("paper.lines", n=len(lines)), lines[-1].hash]
