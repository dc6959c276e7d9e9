"""Papers of an order by name: made, kept by their hash, called something that a person recognises."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
import typst
from sqlalchemy import Connection

from bot.reports.money_papers import MoneyPaper
from bot.reports.press import Press
from bot.reports.service_report import LoadFile, ServiceReport
from handlers.turn import Company
from rules.charges import Receipt
from rules.orders import WorkOrder
from rules.quotes import Quote
from storage import cases, orders
from texts import catalog

log = structlog.get_logger()


@dataclass(frozen=True)
class Printed:
    """A paper that is kept: its hash and its file name."""

    sha256: str
    name: str


# Makes a paper of an order in a language; None when there is nothing to print.
Print = Callable[[Connection, str, int, str], Printed | None]


class Printer:
    """`keep` stores bytes and gives their hash, `load_file` gives the bytes of a kept picture; both may raise OSError."""

    def __init__(self, company: Callable[[], Company], *, keep: Callable[[bytes], str], load_file: LoadFile) -> None:
        self._company, self._keep, self._load_file = company, keep, load_file
        self._press = Press()

    def __call__(self, connection: Connection, paper: str, order_id: int, language: str) -> Printed | None:
        if paper.startswith(("quote:", "receipt:")):
            return self._about_money(connection, paper, language)
        order = orders.by_id(connection, order_id)
        if order is None or paper != "service-report":
            return None
        try:
            content = self.service_report(connection, order, language)
        except typst.TypstError as error:  # the words of a message matter more than its paper
            log.error("paper.failed", paper=paper, order=order.number, error=type(error).__name__)
            return None
        name = catalog.say(language, "paper.file-name", {"number": order.number})
        return Printed(self._keep(content), f"{name}.pdf")

    def _about_money(self, connection: Connection, paper: str, language: str) -> Printed | None:
        """A quote or a receipt by its number."""
        kind, _, number = paper.partition(":")
        found: Quote | Receipt | None
        found = cases.by_number(connection, Quote, number) if kind == "quote" else cases.by_number(connection, Receipt, number)
        if found is None:
            return None
        try:
            content = self.money_paper(connection, found, language)
        except typst.TypstError as error:
            log.error("paper.failed", paper=kind, number=number, error=type(error).__name__)
            return None
        name = catalog.say(language, f"paper.{kind}-file", {"number": number})
        return Printed(self._keep(content), f"{name}.pdf")

    def money_paper(self, connection: Connection, case: Quote | Receipt, language: str) -> bytes:
        """A quote or a receipt as PDF. Raises typst.TypstError."""
        made = MoneyPaper(connection, self._company(), language)
        facts = made.quote(case) if isinstance(case, Quote) else made.receipt(case)
        return self._press.pdf("money_paper", facts, {}, at=case.opened_at.astimezone(UTC))

    def service_report(self, connection: Connection, order: WorkOrder, language: str) -> bytes:
        """The service report as PDF. Raises typst.TypstError."""
        report = ServiceReport(connection, self._company(), order, language, self._load_file)
        return self._press.pdf("service_report", report.facts(), report.pictures, at=_date_of(order))


def _date_of(order: WorkOrder) -> datetime:
    """The date that a report bears: when it was signed, else when it was last added to, so that a repeat is the same file."""
    moments = [order.reported_at, *(found.at for found in order.findings.values()), *(seal.at for seal in order.seals)]
    return max(moments).astimezone(UTC)
