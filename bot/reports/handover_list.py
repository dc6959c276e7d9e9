"""The hand-over list as a paper: what was handed over to whom, and the three who signed it (STF-13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.reports.scribe import Cells, Facts, Scribe, first_up
from handlers.handover_cards import state_of
from rules.handovers import Handover
from storage import journal


@dataclass(frozen=True)
class HandoverList:
    """Collects the facts of one hand-over in one language, for the template `sheet`."""

    scribe: Scribe
    handover: Handover

    def facts(self) -> Facts:
        """What the template wants."""
        handover, state = self.handover, f"handover.stage.{self.handover.stage}"
        head = self.scribe.head(
            "paper.handover-list", handover.number, footer="paper.handover-footer", state=state, is_well=not handover.is_open
        )
        columns = [("paper.handover-what", 2, "l"), ("paper.handover-state", 1, "l"), ("paper.handover-quantity", 0, "r")]
        columns.append(("paper.handover-to", 1, "l"))
        return head | {
            "about": self.scribe.pairs(
                ("paper.handover-giver", self.scribe.name(handover.person)),
                ("paper.handover-last-day", self.scribe.on(handover.last_day)),
            ),
            "sections": [self.scribe.table("paper.handover-points", columns, list(self._points()))],
            "photos": [],
            "signers": list(self._signers()),
            "proof": list(self._journal()),
            "labels": {"proof": self.scribe.say("paper.journal")},
        }

    def made_at(self) -> datetime:
        """The date that the paper bears: when it was closed, so that a repeat is the same file."""
        return (self.handover.closed_at or self.handover.opened_at).astimezone(UTC)

    def _points(self) -> Iterator[Cells]:
        for one in self.handover.points:
            yield [one.label, first_up(self.scribe.say(state_of(one))), one.quantity, self.scribe.name(one.to)]

    def _signers(self) -> Iterator[Facts]:
        """Giver, who received, witness; where nobody stands above, there is no witness. Who has not yet has room to sign."""
        handover = self.handover
        signed = [("giver", handover.person, handover.given_at)]
        signed += [("receiver", one.by, one.at) for one in handover.received]
        signed += [("witness", handover.witnessed.by, handover.witnessed.at)] if handover.witnessed else []
        for part, person, at in signed:
            name = self.scribe.name(person) if at else ""
            yield {"label": self.scribe.say(f"paper.handover-{part}"), "name": name, "at": self.scribe.dated(at)}

    def _journal(self) -> Iterator[Cells]:
        lines = journal.lines(self.scribe.connection, self.handover.subject)
        if lines:
            yield [self.scribe.say("paper.lines", n=len(lines)), lines[-1].hash]
