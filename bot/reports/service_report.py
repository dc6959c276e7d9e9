"""The service report as a paper: company, order, times against promise, 聽看查處理, photos, signature (VIS-16, SIG-10)."""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from sqlalchemy import Connection

from bot.pictures import NotAPicture, small
from bot.reports.money_papers import money_rows
from handlers.summary import recorded
from handlers.turn import Company
from rules.orders import Seal, Step, WorkOrder
from rules.paper_cards import payload
from storage import deadlines, journal, people
from texts import catalog

LoadFile = Callable[[str], bytes]
Cells = list[str]

_STEPS = (Step.LISTEN, Step.LOOK, Step.CHECK, Step.ACT, Step.TEST)
_MOST_PHOTOS = 12
_PHOTO_SIDE, _SIGNATURE_SIDE = 640, 900  # pixels
_SHORT = 14  # characters of a value that stands beside another


@dataclass
class ServiceReport:
    """Collects the facts of one report in one language. Pictures that can't be had leave an empty frame (never an error)."""

    connection: Connection
    company: Company
    order: WorkOrder
    language: str
    load_file: LoadFile

    def __post_init__(self) -> None:
        self.pictures: dict[str, bytes] = {}

    def facts(self) -> dict[str, Any]:
        """What the template `service_report` wants; `pictures` is filled on the way."""
        order, seal = self.order, self.order.seals[-1] if self.order.seals else None
        state, is_well = self._state(seal)
        address = verification_address(self.company.public_url, seal)
        return {
            "language": self.language,
            "company": self.company.name,
            "title": self._say("paper.service-report"),
            "number": order.number,
            "state": self._say(state),
            "is_well": is_well,
            "qr": self._qr(address) if address else "",
            "qr_label": self._say("paper.verify") if address else "",
            "opinion": self._qr(opinion, "opinion.svg") if (opinion := opinion_address(self.company, seal)) else "",
            "opinion_label": self._say("paper.opinion"),
            "footer": self._say("paper.footer", company=self.company.name),
            "about": self._about(),
            "times": list(self._times()),
            "steps": [one for step in _STEPS if (one := self._step(step))],
            "parts": [self._part(line) for line in order.found_parts()],
            "money": money_rows(self.connection, order, self.language),
            "photos": list(self._photos()),
            "signature": self._picture(seal.signature, _SIGNATURE_SIDE) if seal and seal.signature else "",
            "signed": self._signed(seal),
            "journal": list(self._journal(seal)),
            "labels": self._labels(),
        }

    def _say(self, text: str, **facts: Any) -> str:
        return catalog.say(self.language, text, facts, zone=self.company.zone)

    def _dated(self, moment: datetime) -> str:
        return catalog.dated(self.language, moment, zone=self.company.zone)

    def _show(self, value: Any) -> str:
        return catalog.show(self.language, value, zone=self.company.zone)

    def _state(self, seal: Seal | None) -> tuple[str, bool]:
        if seal is None:
            return ("paper.unsigned-closed" if self.order.closing_reason else "paper.unsigned"), False
        return ("paper.void", False) if seal.is_void else ("paper.signed", True)

    def _about(self) -> list[Cells]:
        told, order = self.order.report, self.order
        names = people.names(self.connection, order.crew)
        found = [
            ("paper.customer", told.customer_name),
            ("paper.machine", " ".join(part for part in (told.model, told.serial) if part)),
            ("paper.address", told.address),
            ("paper.contact", " ".join(part for part in (told.contact, told.phone) if part)),
            ("paper.technician", "、".join(names.get(one, "—") for one in order.crew)),
            ("paper.class", self._say(f"class.{order.service_class}") if order.service_class else ""),
            ("paper.reported", self._dated(order.reported_at)),
            ("paper.fault", told.fault),
        ]
        return [[self._say(label), value] for label, value in found if value]

    def _times(self) -> Iterator[Cells]:
        """Each promise beside what came of it (SLA-1..9)."""
        for clock, kept in deadlines.kept(self.connection, self.order.subject).items():
            if clock in ("arrival", "reply", "completion", "written_contact"):
                met = self._dated(kept.met_at) if kept.met_at else "—"
                verdict = "paper.in-time" if kept.is_in_time else "paper.late" if kept.met_at else "paper.running"
                yield [self._say(f"clock.{clock}"), self._dated(kept.due_at), met, self._say(verdict)]

    def _step(self, step: Step) -> dict[str, Any] | None:
        rows = [[label, value] for label, value in recorded(step, self.order.found(step), self.language, self.company.zone)]
        if not rows:
            return None
        short = [row for row in rows if len(row[1]) <= _SHORT]
        return {"name": self._say(f"step.{step}"), "short": short, "long": [row for row in rows if row not in short]}

    def _part(self, line: Mapping[str, Any]) -> Cells:
        cause, old = f"parts.cause.{line.get('cause')}", f"parts.old_part.{line.get('old_part') or 'open'}"
        told = self._say(cause) if catalog.has(cause) else str(line.get("cause") or "")
        return [str(line.get("name", "")), self._show(line.get("quantity", "")), told, self._say(old)]

    def _photos(self) -> Iterator[dict[str, str]]:
        """Those of the report first, then step by step."""
        taken = [(sha256, "paper.photo-reported") for sha256 in self.order.report.photos]
        taken += [(one, f"step.{step}") for step in _STEPS for one in self.order.found(step).get("photos") or ()]
        for sha256, label in taken[:_MOST_PHOTOS]:
            yield {"path": self._picture(sha256, _PHOTO_SIDE), "label": self._say(label)}

    def _signed(self, seal: Seal | None) -> list[Cells]:
        if seal is None:
            return [[self._say("paper.reason"), self.order.closing_reason or self._say("paper.unsigned")]]
        role = f"sign.signer_role.{seal.signer_role}"
        who = f"{seal.signer} · {self._say(role)}" if catalog.has(role) else seal.signer
        found = [("paper.signer", who), ("paper.signed-at", self._dated(seal.at)), ("paper.comment", seal.comment or "—")]
        return [[self._say(label), value] for label, value in found]

    def _journal(self, seal: Seal | None) -> Iterator[Cells]:
        """What proves the paper: the seal of what was signed, and the head of the order's chain (SIG-3)."""
        if seal is not None:
            yield [self._say("paper.version", version=seal.version), seal.digest]
        lines = journal.lines(self.connection, f"order:{self.order.id}")
        if lines:
            yield [self._say("paper.lines", n=len(lines)), lines[-1].hash]

    def _labels(self) -> dict[str, Any]:
        names = ("times", "parts", "money", "photos", "photo_missing", "signature", "no_signature", "journal")
        heads = {
            "times_head": ("what", "promised", "actual", "verdict"),
            "parts_head": ("part", "quantity", "cause", "old-part"),
            "money_head": ("what", "quantity", "price", "amount"),
        }
        return {one: self._say(f"paper.{one.replace('_', '-')}") for one in names} | {
            head: [self._say(f"paper.{one}") for one in columns] for head, columns in heads.items()
        }

    def _picture(self, sha256: str, side: int) -> str:
        name = f"{hashlib.sha256(f'{sha256}{side}'.encode()).hexdigest()[:16]}.jpg"
        if name not in self.pictures:
            try:
                self.pictures[name] = small(self.load_file(sha256), side)
            except (OSError, LookupError, NotAPicture):
                return ""
        return name

    def _qr(self, address: str, name: str = "qr.svg") -> str:
        drawn = io.BytesIO()
        segno.make(address, error="m").save(drawn, kind="svg", border=0, dark="#10201d")
        self.pictures[name] = drawn.getvalue()
        return name


def verification_address(public_url: str, seal: Seal | None) -> str:
    """Where anybody who holds the paper can see that it is genuine; empty when the desk can't be reached from outside."""
    return f"{public_url}/verify/{seal.digest}" if public_url and seal else ""


def opinion_address(company: Company, seal: Seal | None) -> str:
    """Where the customer's opinion card opens, from the code on his copy; empty for a paper that nobody signed (SUR-8)."""
    if seal is None or seal.is_void or not seal.signature or "{code}" not in company.invitation_link:
        return ""
    return company.invitation_link.replace("{code}", payload(seal.digest))
