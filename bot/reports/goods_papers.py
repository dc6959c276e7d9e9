"""Papers of goods taken in: the customer's receipt, and the repair card with its code that hangs on them (WKS-2, WKS-4)."""

import hashlib
import io
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import segno
from sqlalchemy import Connection

from bot.pictures import NotAPicture, small
from bot.reports.service_report import Cells, LoadFile
from handlers.turn import Company
from rules.goods import PAYLOAD, Goods, GoodsStage
from rules.orders import Seal
from storage import people
from texts import catalog

_PHOTO_SIDE, _SIGNATURE_SIDE, _MOST_PHOTOS = 640, 900, 4


@dataclass
class GoodsPaper:
    """Collects the facts of one thing in one language, for its two papers; missing pictures leave a frame."""

    connection: Connection
    company: Company
    goods: Goods
    language: str
    load_file: LoadFile
    pictures: dict[str, bytes] = field(default_factory=dict)

    def made_at(self) -> datetime:
        """The date that the paper bears, so that a repeat is the same file."""
        goods = self.goods
        moments = [goods.opened_at, goods.registered_at, goods.out_at, *(one.end for one in goods.works)]
        return max(one for one in moments if one is not None).astimezone(UTC)

    def receipt(self) -> dict[str, Any]:
        """What the customer has in his hands; void once it is taken back (WKS-7)."""
        goods = self.goods
        state = f"paper.goods-{'void' if goods.receipt else 'valid' if goods.custody else 'unsigned'}"
        seal = goods.acceptance or goods.custody
        return self._head("paper.goods-receipt", state, is_well=bool(goods.custody) and not goods.receipt) | {
            "about": [*self._about(), *self._sheet(), *self._kept()],
            "photos": [{"path": self._picture(one, _PHOTO_SIDE), "label": ""} for one in goods.photos[:_MOST_PHOTOS]],
            "signature": self._picture(seal.signature, _SIGNATURE_SIDE) if seal else "",
            "signed": self._signed(goods.custody, "paper.goods-custody") + self._signed(goods.acceptance, "paper.goods-back"),
            "rule": self._say("paper.goods-rule"),
            "labels": {one: self._say(f"paper.{one.replace('_', '-')}") for one in _LABELS},
        }

    def card(self) -> dict[str, Any]:
        """What hangs on the goods: its code opens the card, and there is room to write (WKS-4)."""
        goods = self.goods
        stage = self._say(f"goods.stage.{goods.stage}")
        head = self._head("paper.repair-card", "", is_well=goods.stage == GoodsStage.READY) | {"state": stage}
        works = [
            [self._name(one.person), self._dated(one.start), self._dated(one.end), str(one.minutes)]
            for one in goods.works if one.end is not None
        ]  # fmt: skip
        seen = [f"{self._name(one.by)} · {self._dated(one.at)}" for one in goods.inspections if one.has_passed]
        return head | {
            "qr": self._qr(code_of(self.company, goods)),
            "qr_label": self._say("paper.repair-scan"),
            "about": [*self._about(), [self._say("paper.goods-reason"), goods.fault]],
            "works_head": [self._say(f"paper.work-{one}") for one in ("who", "from", "until", "minutes")],
            "works": [*works, *([["", "", "", ""]] * max(4 - len(works), 0))],
            "parts_head": [self._say("paper.part"), self._say("paper.quantity")],
            "parts": [[one.name, str(one.quantity)] for one in goods.parts] + [["", ""]] * max(3 - len(goods.parts), 0),
            "done": goods.done,
            "inspected": seen[-1] if seen else "",
            "labels": {
                one: self._say(f"paper.{one.replace('_', '-')}") for one in ("works", "parts", "work_done", "inspected")
            },
        }

    def _head(self, title: str, state: str, *, is_well: bool) -> dict[str, Any]:
        return {
            "language": self.language,
            "company": self.company.name,
            "title": self._say(title),
            "number": self.goods.number,
            "state": self._say(state) if state else "",
            "is_well": is_well,
            "qr": "",
            "qr_label": "",
            "footer": self._say("paper.goods-footer", company=self.company.name),
        }

    def _about(self) -> list[Cells]:
        goods = self.goods
        found = [
            ("paper.customer", goods.customer_name),
            ("paper.goods", goods.what),
            ("paper.goods-serial", goods.serial),
            ("paper.goods-accessories", goods.accessories),
            ("paper.goods-order", goods.order_number),
            ("paper.goods-due", self._dated(goods.due_at)),
        ]
        return [[self._say(label), value] for label, value in found if value]

    def _sheet(self) -> list[Cells]:
        """A vehicle as it came, and at the hand-over (WKS-14)."""
        sheet, compared = self.goods.check_in, self.goods.compared
        if sheet is None:
            return []
        told = [
            ("mileage", f"{sheet.mileage} km"), ("fuel", self._say(f"check_in.fuel.{sheet.fuel}")), ("outside", sheet.outside),
            ("inside", sheet.inside), ("belongings", sheet.belongings),
        ]  # fmt: skip
        if compared is not None:
            told.append(("back", compared.differences or self._say("check_in.as-noted")))
        return [[self._say(f"check_in.{name}.label"), words or self._say("word.none")] for name, words in told]

    def _kept(self) -> list[Cells]:
        goods = self.goods
        found = [[self._say("paper.goods-by"), self._name(goods.taken_by)]]
        if goods.receipt:
            found.append([self._say("paper.goods-ended"), self._say(f"goods.receipt.{goods.receipt}")])
        return found

    def _signed(self, seal: Seal | None, label: str) -> list[Cells]:
        return [[self._say(label), f"{seal.signer} · {self._dated(seal.at)}"]] if seal else []

    def _picture(self, sha256: str, side: int) -> str:
        name = f"{hashlib.sha256(f'{sha256}{side}'.encode()).hexdigest()[:16]}.jpg"
        try:
            self.pictures[name] = small(self.load_file(sha256), side)
        except (OSError, LookupError, NotAPicture):
            return ""
        return name

    def _qr(self, code: str) -> str:
        drawn = io.BytesIO()
        segno.make(code, error="m").save(drawn, kind="svg", border=0, dark="#10201d")
        self.pictures["qr.svg"] = drawn.getvalue()
        return "qr.svg"

    def _say(self, text: str, **facts: Any) -> str:
        return catalog.say(self.language, text, facts, zone=self.company.zone)

    def _dated(self, moment: datetime | None) -> str:
        return catalog.dated(self.language, moment, zone=self.company.zone) if moment else ""

    def _name(self, person: int) -> str:
        return people.name_of(self.connection, person) or "—"


_ON_CARD = ("works", "parts", "work_done", "inspected")
_LABELS = ("photos", "photo_missing", "signature", "no_signature")


def code_of(company: Company, goods: Goods) -> str:
    """What the code on a repair card says: a link into the chat, or the bare code where there is none (WKS-4)."""
    code = f"{PAYLOAD}{goods.number}"
    return company.invitation_link.replace("{code}", code) if "{code}" in company.invitation_link else f"/start {code}"
