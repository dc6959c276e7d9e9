"""Papers of the store: the spare-part requisition and the goods receipt (PRT-1, PRT-2, PRT-6, PRT-9, PRT-11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.reports.scribe import Album, Cells, Facts, Scribe
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition, RequisitionStage
from storage import journal, orders, stock
from storage.journal import Line

_PHOTO_SIDE, _MOST_PHOTOS = 640, 8
_OVER = (RequisitionStage.REJECTED, RequisitionStage.WITHDRAWN)


@dataclass(frozen=True)
class RequisitionPaper:
    """A requisition with its lines, what they are for, and each signature that it has so far (備用件領料單)."""

    scribe: Scribe
    requisition: Requisition

    def facts(self) -> Facts:
        """What the template `sheet` wants."""
        asked, say = self.requisition, self.scribe.say
        order = orders.by_id(self.scribe.connection, asked.about_order or 0)
        head = self.scribe.head(
            "paper.requisition", asked.number, footer="paper.store-footer",
            state=f"requisition.stage.{asked.stage}", is_well=asked.stage not in _OVER,
        )  # fmt: skip
        about = self.scribe.pairs(
            ("paper.req-by", self.scribe.name(asked.requester)),
            ("paper.date", self.scribe.dated(asked.opened_at)),
            ("paper.case", asked.about_number),
            ("paper.machine", " ".join(one for one in (order.report.model, order.report.serial) if one) if order else ""),
            ("paper.req-proposal", asked.proposal),
            ("paper.req-remarks", asked.remarks),
        )
        history = list(self._history())
        sections = [self._lines()]
        if history:
            columns = [("paper.req-when", 0, "l"), ("paper.req-what", 0, "l")]
            columns += [("paper.req-which", 1, "l"), ("paper.req-who", 0, "l")]
            sections.append(self.scribe.table("paper.req-history", columns, history))
        losses = [f"{asked.line(one.part).label} × {one.quantity}: {one.reason}" for one in asked.losses]
        sections[0]["note"] = say("paper.req-losses", losses=losses) if losses else ""
        return head | {"about": about, "sections": sections, "photos": [], "signers": list(self._signers()), "labels": {}}

    def made_at(self) -> datetime:
        """The date that the paper bears: of the last thing that happened to it, so that a repeat is the same file."""
        lines = journal.lines(self.scribe.connection, self.requisition.subject)
        return (lines[-1].at if lines else self.requisition.opened_at).astimezone(UTC)

    def _lines(self) -> Facts:
        known = stock.parts_of(self.scribe.connection, [one.part for one in self.requisition.lines])
        has_losses = any(one.lost for one in self.requisition.lines)
        counted = ["asked", "issued", "used", "returned", *(["lost"] if has_losses else []), "open"]
        rows = []
        for n, one in enumerate(self.requisition.lines, 1):
            part = known.get(one.part)
            spec, unit = (part.spec, part.unit) if part else ("", "")
            name = f"{one.name}　{spec}" if spec else one.name
            rows.append([f"{n}", one.number, name, unit, *(f"{getattr(one, what)}" for what in counted)])
        columns = [("paper.line-n", 0, "r"), ("paper.part-number", 0, "l"), ("paper.part", 1, "l"), ("paper.unit", 0, "l")]
        columns += [(f"paper.req-{what}", 0, "r") for what in counted]
        return self.scribe.table("paper.req-lines", columns, rows)

    def _history(self) -> Iterator[Cells]:
        """What was issued, brought back and lost, when and by whom, as the journal has it."""
        for line in journal.lines(self.scribe.connection, self.requisition.subject):
            kind = line.kind.removeprefix("requisition.")
            if kind in ("issued", "lost"):
                moved = [(part, n) for part, n in line.facts["lines"]]
            elif kind == "returned":
                moved = [(line.facts["part"], line.facts["quantity"])]
            else:
                continue
            what = self.scribe.show([f"{self.requisition.line(part).label} × {n}" for part, n in moved])
            yield [self.scribe.dated(line.at), self.scribe.say(f"paper.req-{kind}"), what, self.scribe.name(line.by)]

    def _signers(self) -> Iterator[Facts]:
        """Who asked, approved, released, issued; whoever is still to come has room to sign (PRT-3)."""
        asked, at = self.requisition, self._moments()
        yield self._signer("asker", asked.requester, asked.opened_at)
        if asked.stage == RequisitionStage.REJECTED:
            yield self._signer("rejecter", asked.approved_by, at.get("rejected"))
        if asked.stage in _OVER:
            return
        yield self._signer("approver", asked.approved_by, at.get("approved"))
        if asked.released_by is not None:
            yield self._signer("releaser", asked.released_by, at.get("released"))
        yield self._signer("issuer", asked.issued_by, at.get("issued"))
        yield self._signer("taker", None if asked.issued_by is None else asked.requester, at.get("issued"))

    def _signer(self, part: str, person: int | None, moment: datetime | None) -> Facts:
        name = self.scribe.name(person) if person is not None else ""
        return {"label": self.scribe.say(f"paper.req-{part}"), "name": name, "at": self.scribe.dated(moment) if name else ""}

    def _moments(self) -> dict[str, datetime]:
        lines: list[Line] = journal.lines(self.scribe.connection, self.requisition.subject)
        return {line.kind.removeprefix("requisition."): line.at for line in lines}


@dataclass(frozen=True)
class GoodsInPaper:
    """A goods receipt, one copy for the store and one for purchasing (備用件接收單, 一式二份)."""

    scribe: Scribe
    receipt: GoodsReceipt
    album: Album

    def facts(self) -> Facts:
        """What the template `sheet` wants."""
        receipt, scribe = self.receipt, self.scribe
        head = scribe.head("paper.goods-in", receipt.number, footer="paper.goods-in-footer", state="paper.goods-in-booked")
        about = scribe.pairs(
            ("paper.goods-in-source", scribe.say(f"goods_receipt.source.{receipt.source}")),
            ("paper.goods-in-supplier", receipt.supplier),
            ("paper.goods-in-at", scribe.dated(receipt.opened_at)),
            ("paper.goods-in-by", scribe.name(receipt.received_by)),
        )
        return head | {
            "about": about,
            "sections": [self._lines()],
            "photos": list(self._photos()),
            "signers": [
                {"label": scribe.say("paper.goods-in-keeper"), "name": scribe.name(receipt.received_by),
                 "at": scribe.dated(receipt.opened_at)},
                *({"label": scribe.say(f"paper.goods-in-{one}"), "name": "", "at": ""} for one in ("checker", "deliverer")),
            ],
            "labels": {"photos": scribe.say("paper.goods-in-photos"), "photo_missing": scribe.say("paper.photo-missing")},
        }  # fmt: skip

    def made_at(self) -> datetime:
        return self.receipt.opened_at.astimezone(UTC)

    def _lines(self) -> Facts:
        scribe, lines = self.scribe, self.receipt.lines
        known = stock.parts_of(scribe.connection, [one.part for one in lines])
        has_ordered, has_refused = any(one.ordered is not None for one in lines), any(one.refused for one in lines)
        rows = []
        for n, one in enumerate(lines, 1):
            part = known.get(one.part)
            number, name = (part.number, f"{part.name}　{part.spec}".rstrip("　")) if part else ("", one.label)
            row = [f"{n}", number, name, part.unit if part else "", part.bin if part else ""]
            row += [f"{one.ordered}" if one.ordered is not None else "—"] if has_ordered else []
            row += [f"{one.taken}"]
            row += [f"{one.refused}", one.reason] if has_refused else []
            rows.append(row)
        columns: list[tuple[str, int, str]] = [("paper.line-n", 0, "r"), ("paper.part-number", 0, "l"), ("paper.part", 3, "l")]
        columns += [("paper.unit", 0, "l"), ("paper.bin", 0, "l")]
        columns += [("paper.goods-in-ordered", 0, "r")] if has_ordered else []
        columns += [("paper.goods-in-taken", 0, "r")]
        columns += [("paper.goods-in-refused", 0, "r"), ("paper.goods-in-reason", 2, "l")] if has_refused else []
        sums: list[Any] = [[scribe.say("paper.goods-in-sum"), f"{sum(one.taken for one in lines)}"]]
        return scribe.table("paper.goods-in-lines", columns, rows, sums=sums)

    def _photos(self) -> Iterator[dict[str, str]]:
        for one in [line for line in self.receipt.lines if line.photo][:_MOST_PHOTOS]:
            yield {"path": self.album.photo(one.photo, _PHOTO_SIDE), "label": f"{one.label}: {one.reason}"}
