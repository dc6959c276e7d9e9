"""Papers of an order, and of figures, by name: made, kept by their hash, called something that a person recognises."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
import typst
from sqlalchemy import Connection

from bot.reports.figures_papers import FAMILY, FiguresPapers
from bot.reports.press import Press
from bot.reports.service_report import LoadFile, ServiceReport
from handlers.turn import Company
from rules.orders import WorkOrder
from storage import orders
from texts import catalog

log = structlog.get_logger()


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

    def __call__(self, connection: Connection, paper: str, order_id: int, language: str) -> Printed | None:
        if paper.startswith(FAMILY):
            return self._of_figures(connection, paper, language)
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

    def _of_figures(self, connection: Connection, paper: str, language: str) -> Printed | None:
        try:
            content, name = self._figures.made(connection, paper, language)
        except (typst.TypstError, ValueError) as error:
            log.error("paper.failed", paper=paper, error=type(error).__name__)
            return None
        return Printed(self._keep(content), name, is_picture=name.endswith(".png"))

    def service_report(self, connection: Connection, order: WorkOrder, language: str) -> bytes:
        """The service report as PDF. Raises typst.TypstError."""
        report = ServiceReport(connection, self._company(), order, language, self._load_file)
        return self._press.pdf("service_report", report.facts(), report.pictures, at=_date_of(order))


def _date_of(order: WorkOrder) -> datetime:
    """The date that a report bears: when it was signed, else when it was last added to, so that a repeat is the same file."""
    moments = [order.reported_at, *(found.at for found in order.findings.values()), *(seal.at for seal in order.seals)]
    return max(moments).astimezone(UTC)
