"""Papers of goods taken in: the customer's receipt, and the repair card with its code that hangs on them (WKS-2, WKS-4)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.reports.scribe import Album, Cells, Facts, Scribe
from handlers.turn import Company
from rules.goods import PAYLOAD, Goods, GoodsStage
from rules.orders import Seal

_PHOTO_SIDE, _SIGNATURE_SIDE, _MOST_PHOTOS = 640, 900, 4


@dataclass(frozen=True)
class GoodsPaper:
    """The facts of one thing in one language, for its two papers; missing pictures leave a frame."""

    scribe: Scribe
    goods: Goods
    album: Album

    def made_at(self) -> datetime:
        """The date that the paper bears, so that a repeat is the same file."""
        goods = self.goods
        moments = [goods.opened_at, goods.registered_at, goods.out_at, *(one.end for one in goods.works)]
        return max(one for one in moments if one is not None).astimezone(UTC)

    def receipt(self) -> Facts:
        """What the customer has in his hands; void once it is taken back (WKS-7)."""
        goods = self.goods
        state = f"paper.goods-{'void' if goods.receipt else 'valid' if goods.custody else 'unsigned'}"
        seal = goods.acceptance or goods.custody
        return self._head("paper.goods-receipt", state, is_well=bool(goods.custody) and not goods.receipt) | {
            "about": [*self._about(), *self._sheet(), *self._kept()],
            "photos": [{"path": self.album.photo(one, _PHOTO_SIDE), "label": ""} for one in goods.photos[:_MOST_PHOTOS]],
            "signature": self.album.photo(seal.signature, _SIGNATURE_SIDE) if seal else "",
            "signed": self._signed(goods.custody, "paper.goods-custody") + self._signed(goods.acceptance, "paper.goods-back"),
            "rule": self.scribe.say("paper.goods-rule"),
            "labels": {one: self.scribe.say(f"paper.{one.replace('_', '-')}") for one in _LABELS},
        }

    def card(self) -> Facts:
        """What hangs on the goods: its code opens the card, and there is room to write (WKS-4)."""
        goods = self.goods
        head = self._head("paper.repair-card", f"goods.stage.{goods.stage}", is_well=goods.stage == GoodsStage.READY)
        works = [
            [self.scribe.name(one.person), self.scribe.dated(one.start), self.scribe.dated(one.end), str(one.minutes)]
            for one in goods.works if one.end is not None
        ]  # fmt: skip
        seen = [f"{self.scribe.name(one.by)} · {self.scribe.dated(one.at)}" for one in goods.inspections if one.has_passed]
        return head | {
            "qr": self.album.code(code_of(self.scribe.company, goods)),
            "qr_label": self.scribe.say("paper.repair-scan"),
            "about": [*self._about(), [self.scribe.say("paper.goods-reason"), goods.fault]],
            "works_head": [self.scribe.say(f"paper.work-{one}") for one in ("who", "from", "until", "minutes")],
            "works": [*works, *([["", "", "", ""]] * max(4 - len(works), 0))],
            "parts_head": [self.scribe.say("paper.part"), self.scribe.say("paper.quantity")],
            "parts": [[one.name, str(one.quantity)] for one in goods.parts] + [["", ""]] * max(3 - len(goods.parts), 0),
            "done": goods.done,
            "inspected": seen[-1] if seen else "",
            "labels": {
                one: self.scribe.say(f"paper.{one.replace('_', '-')}") for one in ("works", "parts", "work_done", "inspected")
            },
        }

    def _head(self, title: str, state: str, *, is_well: bool) -> Facts:
        return self.scribe.head(title, self.goods.number, footer="paper.goods-footer", state=state, is_well=is_well)

    def _about(self) -> list[Cells]:
        goods = self.goods
        return self.scribe.pairs(
            ("paper.customer", goods.customer_name),
            ("paper.goods", goods.what),
            ("paper.goods-serial", goods.serial),
            ("paper.goods-accessories", goods.accessories),
            ("paper.goods-order", goods.order_number),
            ("paper.goods-due", self.scribe.dated(goods.due_at)),
        )

    def _sheet(self) -> list[Cells]:
        """A vehicle as it came, and at the hand-over (WKS-14)."""
        sheet, compared = self.goods.check_in, self.goods.compared
        if sheet is None:
            return []
        told = [
            ("mileage", f"{sheet.mileage} km"),
            ("fuel", self.scribe.say(f"check_in.fuel.{sheet.fuel}")),
            ("outside", sheet.outside),
            ("inside", sheet.inside),
            ("belongings", sheet.belongings),
            ("reminded", self.scribe.say("check_in.reminded.done") if sheet.is_reminded else ""),
        ]
        if compared is not None:
            told.append(("back", compared.differences or self.scribe.say("check_in.as-noted")))
        return [[self.scribe.say(f"check_in.{name}.label"), words or self.scribe.say("word.none")] for name, words in told]

    def _kept(self) -> list[Cells]:
        goods = self.goods
        found = [[self.scribe.say("paper.goods-by"), self.scribe.name(goods.taken_by)]]
        if goods.receipt:
            found.append([self.scribe.say("paper.goods-ended"), self.scribe.say(f"goods.receipt.{goods.receipt}")])
        return found

    def _signed(self, seal: Seal | None, label: str) -> list[Cells]:
        return [[self.scribe.say(label), f"{seal.signer} · {self.scribe.dated(seal.at)}"]] if seal else []


_LABELS = ("photos", "photo_missing", "signature", "no_signature")


def code_of(company: Company, goods: Goods) -> str:
    """What the code on a repair card says: a link into the chat, or the bare code where there is none (WKS-4)."""
    code = f"{PAYLOAD}{goods.number}"
    return company.invitation_link.replace("{code}", code) if "{code}" in company.invitation_link else f"/start {code}"
