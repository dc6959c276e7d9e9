"""The service report as a paper: company, order, times against promise, 聽看查處理, photos, signature (VIS-16, SIG-10)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.reports.money_papers import money_table
from bot.reports.scribe import Album, Cells, Facts, Scribe, first_up
from handlers.summary import recorded
from handlers.turn import Company
from rules.orders import Seal, Step, WorkOrder
from rules.paper_cards import payload
from storage import deadlines, journal, people
from texts import catalog

_STEPS = (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.TEST)
_MOST_PHOTOS = 12
_PHOTO_SIDE, _SIGNATURE_SIDE = 640, 900  # pixels


@dataclass(frozen=True)
class ServiceReport:
    """Collects the facts of one report in one language. Pictures that can't be had leave an empty frame (never an error)."""

    scribe: Scribe
    order: WorkOrder
    album: Album
    is_private: bool = False

    def facts(self) -> Facts:
        """What the template `service_report` wants; the album is filled on the way."""
        scribe, order, seal = self.scribe, self.order, self.order.seals[-1] if self.order.seals else None
        state, is_well = self._state(seal)
        address = verification_address(scribe.company.public_url, seal)
        opinion = opinion_address(scribe.company, seal)
        head = scribe.head("paper.service-report", order.number, footer="paper.footer", state=state, is_well=is_well)
        return head | {
            "qr": self.album.code(address) if address else "",
            "qr_label": scribe.say("paper.verify") if address else "",
            "opinion": self.album.code(opinion, "opinion.svg") if opinion else "",
            "opinion_label": scribe.say("paper.opinion"),
            "about": self._about(),
            "times": list(self._times()),
            "steps": [one for step in _STEPS if (one := self._step(step))],
            "parts": [self._part(line) for line in order.found_parts()],
            "money": money_table(order, scribe),
            "photos": list(self._photos()),
            "more_photos": scribe.say("paper.more-photos", n=len(self._taken) - _MOST_PHOTOS)
            if self._taken[_MOST_PHOTOS:]
            else "",
            "signature": self.album.photo(seal.signature, _SIGNATURE_SIDE) if seal and seal.signature else "",
            "void": scribe.say("paper.void") if seal and seal.is_void else "",
            "signed": self._signed(seal),
            "journal": list(self._journal()),
            "labels": self._labels(),
        }

    def made_at(self) -> datetime:
        """The date that it bears: when it was signed, else when it was last added to, so that a repeat is the same file."""
        order = self.order
        moments = [order.reported_at, *(found.at for found in order.findings.values()), *(seal.at for seal in order.seals)]
        return max(moments).astimezone(UTC)

    def _state(self, seal: Seal | None) -> tuple[str, bool]:
        if seal is None:
            return ("paper.unsigned-closed" if self.order.closing_reason else "paper.unsigned"), False
        return ("paper.void", False) if seal.is_void else ("paper.signed", True)

    def _about(self) -> list[Cells]:
        told, order, scribe = self.order.report, self.order, self.scribe
        names = people.names(scribe.connection, order.crew)
        return scribe.pairs(
            ("paper.customer", told.customer_name),
            ("paper.machine", " ".join(part for part in (told.model, told.serial) if part)),
            ("paper.address", "" if self.is_private else told.address),
            ("paper.contact", "" if self.is_private else " ".join(part for part in (told.contact, told.phone) if part)),
            ("paper.technician", scribe.show([names.get(one, "—") for one in order.crew])),
            ("paper.class", scribe.say(f"class.{order.service_class}") if order.service_class else ""),
            ("paper.reported", scribe.dated(order.reported_at)),
            ("paper.fault", told.fault),
        )

    def _times(self) -> Iterator[Cells]:
        """Each promise beside what came of it (SLA-1..9)."""
        for clock, kept in deadlines.kept(self.scribe.connection, self.order.subject).items():
            if clock in ("arrival", "reply", "completion", "written_contact"):
                met = self.scribe.dated(kept.met_at) if kept.met_at else "—"
                verdict = "paper.in-time" if kept.is_in_time else "paper.late" if kept.met_at else "paper.running"
                words = (self.scribe.say(f"clock.{clock}"), self.scribe.dated(kept.due_at), met, self.scribe.say(verdict))
                yield [first_up(one) for one in words]

    def _step(self, step: Step) -> Facts | None:
        found, scribe = self.order.found(step), self.scribe
        name = scribe.say(f"step.{step}")
        told = recorded(step, found, scribe.language, scribe.company.zone)
        rows = [["" if label == name else label, value] for label, value in told]
        return {"name": name, "rows": rows} if rows else None

    def _part(self, line: Mapping[str, Any]) -> Cells:
        cause, old = f"parts.cause.{line.get('cause')}", f"parts.old_part.{line.get('old_part') or 'open'}"
        told = self.scribe.say(cause) if catalog.has(cause) else str(line.get("cause") or "")
        return [str(line.get("name", "")), self.scribe.show(line.get("quantity", "")), told, self.scribe.say(old)]

    @property
    def _taken(self) -> list[tuple[str, str]]:
        """Every photo with the text of where it belongs: those of the report first, then step by step."""
        taken = [(sha256, "paper.photo-reported") for sha256 in self.order.report.photos]
        return taken + [(one, f"step.{step}") for step in _STEPS for one in self.order.found(step).get("photos") or ()]

    def _photos(self) -> Iterator[dict[str, str]]:
        for sha256, label in self._taken[:_MOST_PHOTOS]:
            yield {"path": self.album.photo(sha256, _PHOTO_SIDE), "label": self.scribe.say(label)}

    def _signed(self, seal: Seal | None) -> list[Cells]:
        if seal is None:
            return [[self.scribe.say("paper.reason"), self._why_unsigned()]]
        role = f"sign.signer_role.{seal.signer_role}"
        who = f"{seal.signer} · {self.scribe.say(role)}" if catalog.has(role) else seal.signer
        found = [("paper.signer", who), ("paper.signed-at", self.scribe.dated(seal.at)), ("paper.comment", seal.comment or "—")]
        return [[self.scribe.say(label), value] for label, value in found]

    def _why_unsigned(self) -> str:
        """Nobody there, unwilling, or not yet (SIG-7)."""
        reason = self.order.closing_reason
        known = f"unsigned.reason.{reason}"
        return self.scribe.say(known) if catalog.has(known) else reason or self.scribe.say("paper.unsigned")

    def _journal(self) -> Iterator[Cells]:
        """What proves the paper: the seal of each version that was signed, and the head of the order's chain (SIG-3)."""
        for seal in self.order.seals:
            yield [
                self.scribe.say("paper.version-void" if seal.is_void else "paper.version", version=seal.version),
                seal.digest,
            ]
        lines = journal.lines(self.scribe.connection, f"order:{self.order.id}")
        if lines:
            yield [self.scribe.say("paper.lines", n=len(lines)), lines[-1].hash]

    def _labels(self) -> dict[str, Any]:
        names = ("times", "steps", "parts", "photos", "photo_missing", "signature", "no_signature", "journal")
        heads = {
            "times_head": ("what", "promised", "actual", "verdict"),
            "parts_head": ("part", "quantity", "cause", "old-part"),
        }
        return {one: self.scribe.say(f"paper.{one.replace('_', '-')}") for one in names} | {
            head: [self.scribe.say(f"paper.{one}") for one in columns] for head, columns in heads.items()
        }


def verification_address(public_url: str, seal: Seal | None) -> str:
    """Where anybody who holds the paper can see that it is genuine; empty when the desk can't be reached from outside."""
    return f"{public_url}/verify/{seal.digest}" if public_url and seal else ""


def opinion_address(company: Company, seal: Seal | None) -> str:
    """Where the customer's opinion card opens, from the code on his copy; empty for a paper that nobody signed (SUR-8)."""
    if seal is None or seal.is_void or not seal.signature or "{code}" not in company.invitation_link:
        return ""
    return company.invitation_link.replace("{code}", payload(seal.digest))
