"""Papers of orders, goods, the store or figures, by name: made, kept by their hash, called something that a person knows."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
import typst
from sqlalchemy import Connection

from bot.reports.case_papers import CasePapers
from bot.reports.figures_papers import FAMILY, FiguresPapers
from bot.reports.filing_papers import FilingPapers
from bot.reports.goods_papers import GoodsPaper
from bot.reports.handover_list import HandoverList
from bot.reports.money_papers import MoneyPaper
from bot.reports.part_labels import facts_of
from bot.reports.press import Press
from bot.reports.scribe import Album, LoadFile, Scribe
from bot.reports.service_report import ServiceReport
from handlers.turn import Company
from rules import case_papers
from rules.charges import Receipt
from rules.filing import EVERY
from rules.goods import CARD, RECEIPT, Goods
from rules.handovers import PAPER, Handover
from rules.labels import SHEET
from rules.orders import WorkOrder
from rules.quotes import Quote
from storage import cases, orders, stock
from texts import catalog

log = structlog.get_logger()
_NO_NAME = re.compile(r"[^\w.-]+")
_EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""The date on what bears none, so that a repeat is the same file."""


@dataclass(frozen=True)
class Printed:
    """A paper that is kept: its hash and its file name; a picture is shown with the words instead of sent as a file."""

    sha256: str
    name: str
    is_picture: bool = False


# Makes a paper, of an order or of figures, in a language; None when there is nothing to print.
Print = Callable[[Connection, str, int, str], Printed | None]


class Printer:
    """`keep` stores bytes and gives their hash, `load_file` gives the bytes of a kept picture; both may raise OSError."""

    def __init__(
        self,
        company: Callable[[], Company],
        *,
        keep: Callable[[bytes], str],
        load_file: LoadFile,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._company, self._keep, self._load_file = company, keep, load_file
        self._press = Press()
        self._figures = FiguresPapers(company, self._press, now)
        self._filing = FilingPapers(company, self._press, load_file, now)
        self._cases = CasePapers(company, self._press, load_file)

    def __call__(self, connection: Connection, paper: str, order_id: int, language: str) -> Printed | None:
        try:
            made = self._make(connection, paper, order_id, language)
        except (typst.TypstError, ValueError) as error:  # the words of a message matter more than its paper
            log.error("paper.failed", paper=paper, order=order_id, error=type(error).__name__)
            return None
        return Printed(self._keep(made[0]), made[1], is_picture=made[1].endswith(".png")) if made else None

    def _make(self, connection: Connection, paper: str, order_id: int, language: str) -> tuple[bytes, str] | None:
        """A paper with its file's name; None when there is nothing to print."""
        if paper.startswith(FAMILY):
            return self._figures.made(connection, paper, language)
        if paper.startswith(EVERY):
            return self._filing.made(connection, paper, language)
        if paper.startswith(case_papers.EVERY):
            return self._cases.made(connection, paper, language)
        if paper.startswith(PAPER):
            handover = cases.by_id(connection, Handover, int(paper.removeprefix(PAPER)))
            if handover is None:
                return None
            name = catalog.say(language, "paper.handover-file", {"number": handover.number})
            return self.handover_list(connection, handover, language), f"{name}.pdf"
        if paper.startswith(("quote:", "receipt:")):
            return self._about_money(connection, paper, language)
        if paper.startswith((RECEIPT, CARD)):
            return self._of_goods(connection, paper, language)
        if paper.startswith(SHEET):
            return self._part_labels(connection, int(paper.removeprefix(SHEET)), language)
        order = orders.by_id(connection, order_id)
        if order is None or paper not in ("service-report", "service-record"):
            return None
        name = catalog.say(language, "paper.file-name", {"number": order.number})
        return self.service_report(connection, order, language, is_private=paper == "service-record"), f"{name}.pdf"

    def _of_goods(self, connection: Connection, paper: str, language: str) -> tuple[bytes, str] | None:
        kind, _, number = paper.partition(":")
        goods = cases.by_id(connection, Goods, int(number))
        if goods is None:
            return None
        name = catalog.say(language, f"paper.{kind}-file", {"number": goods.number})
        return self.goods_paper(connection, goods, language, is_card=f"{kind}:" == CARD), f"{name}.pdf"

    def goods_paper(self, connection: Connection, goods: Goods, language: str, *, is_card: bool) -> bytes:
        """The receipt or the repair card as PDF (WKS-2, WKS-4). Raises typst.TypstError."""
        made = GoodsPaper(self._scribe(connection, language), goods, Album(self._load_file))
        template, facts = ("repair_card", made.card()) if is_card else ("goods_receipt", made.receipt())
        return self._press.pdf(template, facts, made.album.kept, at=made.made_at())

    def _part_labels(self, connection: Connection, part: int, language: str) -> tuple[bytes, str] | None:
        found = stock.parts_of(connection, [part]).get(part)
        if found is None:
            return None
        album = Album(self._load_file)
        facts = facts_of(found, self._scribe(connection, language), album)
        name = catalog.say(language, "paper.part-labels-file", {"number": _NO_NAME.sub("-", found.number)})
        return self._press.pdf("part_labels", facts, album.kept, at=_EVER), f"{name}.pdf"

    def handover_list(self, connection: Connection, handover: Handover, language: str) -> bytes:
        """The hand-over list as PDF (STF-13). Raises typst.TypstError."""
        report = HandoverList(self._scribe(connection, language), handover)
        return self._press.pdf("sheet", report.facts(), {}, at=report.made_at())

    def filed(self, connection: Connection, paper: str, language: str) -> bytes:
        """A paper of a month as PDF. Raises ValueError for what names none, typst.TypstError."""
        made = self._filing.made(connection, paper, language)
        if made is None:
            raise ValueError(f"{paper} is no paper of a month")
        return made[0]

    def _about_money(self, connection: Connection, paper: str, language: str) -> tuple[bytes, str] | None:
        """A quote or a receipt by its number."""
        kind, _, number = paper.partition(":")
        found: Quote | Receipt | None
        found = cases.by_number(connection, Quote, number) if kind == "quote" else cases.by_number(connection, Receipt, number)
        if found is None:
            return None
        name = catalog.say(language, f"paper.{kind}-file", {"number": number})
        return self.money_paper(connection, found, language), f"{name}.pdf"

    def money_paper(self, connection: Connection, case: Quote | Receipt, language: str) -> bytes:
        """A quote or a receipt as PDF. Raises typst.TypstError."""
        made = MoneyPaper(self._scribe(connection, language))
        facts = made.quote(case) if isinstance(case, Quote) else made.receipt(case)
        return self._press.pdf("money_paper", facts, {}, at=case.opened_at.astimezone(UTC))

    def service_report(self, connection: Connection, order: WorkOrder, language: str, *, is_private: bool = False) -> bytes:
        """The service report as PDF, a private one without address and telephone (CND-2). Raises typst.TypstError."""
        report = ServiceReport(self._scribe(connection, language), order, Album(self._load_file), is_private)
        return self._press.pdf("service_report", report.facts(), report.album.kept, at=report.made_at())

    def _scribe(self, connection: Connection, language: str) -> Scribe:
        return Scribe(connection, self._company(), language)
