"""Papers of figures by name, such as `figures-pdf:2026-11:a`: a picture, a PDF, a workbook (KPI-15)."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module

from sqlalchemy import Connection

from bot.pictures import drawn
from bot.reports.figures_facts import LONG_TREND, SHORT_TREND, FiguresReport
from bot.reports.press import Press
from handlers.turn import Company
from rules.figure_scopes import read_scope
from rules.months import read_period
from storage import figures

FAMILY = "figures-"
_SHARP = 200  # dots an inch: 1,111 across, twice what a telephone shows


class FiguresPapers:
    """Makes the papers of figures as they stand now."""

    def __init__(self, company: Callable[[], Company], press: Press, now: Callable[[], datetime]) -> None:
        self._company, self._press, self._now = company, press, now

    def made(self, connection: Connection, paper: str, language: str) -> tuple[bytes, str]:
        """(content, file name). Raises ValueError for what names nothing, typst.TypstError."""
        kind, key, token = paper.removeprefix(FAMILY).split(":")
        scope = read_scope(token, figures.branches(connection))
        report = FiguresReport(connection, self._company(), read_period(key), scope, language, self._now())
        name = report.say("figures.file-name", title=report.title, period=key)
        if kind == "picture":
            facts = report.facts(n_months=SHORT_TREND)
            return drawn(self._press.png("figures_picture", facts, {}, ppi=_SHARP)[0]), f"{name}.png"
        if kind == "pdf":
            facts = report.facts(n_months=LONG_TREND)
            facts["number"] = f"{facts['number']} · {facts['scope']}"
            return self._press.pdf("figures", facts, {}, at=report.now), f"{name}.pdf"
        if kind == "xlsx":
            made = import_module("bot.reports.figures_workbook")  # its library is of no use until somebody wants a workbook
            content: bytes = made.workbook(report)
            return content, f"{name}.xlsx"
        raise ValueError(f"{paper} is no paper of figures")
