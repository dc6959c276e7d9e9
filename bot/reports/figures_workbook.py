"""The figures as a workbook: totals, by technician, branch, model and month, and every order that counts (KPI-1..7)."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bot.reports.figures_facts import LONG_TREND, FiguresReport
from rules.figure_words import mean_of
from rules.figures import TARGETS, Count, Figure, Measure, by_month, measures
from rules.months import months_to
from storage import people

_WIDTHS = (26, 14, 14, 16, 16, 16, 16, 16, 16, 16)


class Workbook:
    """Writes one report. What people wrote goes in as text, never as a formula; numbers go in as numbers."""

    def __init__(self, report: FiguresReport) -> None:
        self._report = report
        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True})
        self._bold = self._book.add_format({"bold": True, "bottom": 1, "font_color": "#0d7363", "text_wrap": True})
        self._percent = self._book.add_format({"num_format": "0.00%"})
        self._missed = self._book.add_format({"num_format": "0.00%", "font_color": "#b3402a", "bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})

    def made(self) -> bytes:
        """The whole file."""
        report = self._report
        self._book.set_properties(
            {"title": report.title, "company": report.company.name, "created": report.now.replace(tzinfo=None)}
        )
        self._summary()
        for table in report.tables():
            rows = [(row["name"], row["jobs"], row["measures"]) for row in table["every"]]
            self._table(table["title"], report.say("figures.col-name"), rows)
        self._months()
        self._orders()
        self._book.close()
        return self._out.getvalue()

    def _sheet(self, name: str, head: Iterable[str]) -> Worksheet:
        sheet = self._book.add_worksheet(name[:31])
        for n, words in enumerate(head):
            sheet.write_string(0, n, words, self._bold)
            sheet.set_column(n, n, _WIDTHS[min(n, len(_WIDTHS) - 1)])
        sheet.freeze_panes(1, 1)
        return sheet

    def _summary(self) -> None:
        say, report = self._report.say, self._report
        columns = ("figure", "value", "target", "verdict", "hits", "out-of", "n")
        sheet = self._sheet(say("figures.summary"), [say(f"figures.col-{one}") for one in columns])
        for n, one in enumerate(report.found.measures, 1):
            sheet.write_string(n, 0, say(f"figure.{one.figure}"))
            self._value(sheet, n, 1, one)
            sheet.write_string(n, 2, say(f"target.{one.figure}") if one.figure in TARGETS else "")
            words = {True: "met", False: "missed"}.get(one.is_met) if one.is_met is not None else None
            sheet.write_string(n, 3, say(f"figures.{words}") if words else "")
            for column, number in enumerate((one.hits, one.out_of, one.n), 4):
                sheet.write_number(n, column, number)
        row = len(report.found.measures) + 2
        for mean in report.found.means:
            sheet.write_string(row, 0, say(f"aspect.{mean.aspect}"))
            sheet.write_number(row, 1, float(mean_of(mean)))
            sheet.write_number(row, 6, mean.n)
            row += 1
        for kind, n in report.found.minutes.items() if any(report.found.minutes.values()) else ():
            sheet.write_string(row, 0, say(f"class.{kind}"))
            sheet.write_number(row, 1, n / sum(report.found.minutes.values()), self._percent)
            sheet.write_number(row, 4, n)
            row += 1
        told = [f"{report.company.name} · {report.title}", f"{report.period_name} · {report.scope_name}"]
        for words in (
            *told,
            report.say("figures.exact"),
            report.say("figures.footer", company=report.company.name, at=report.made_at),
        ):
            row += 1
            sheet.write_string(row, 0, words)

    def _value(self, sheet: Worksheet, row: int, column: int, one: Measure) -> None:
        """A percentage as a number, what has no data in words."""
        if one.value is None:
            sheet.write_string(row, column, self._report.say("figures.no-data"))
            return
        look: Format = self._missed if one.is_met is False else self._percent
        sheet.write_number(row, column, float(one.value), look)

    def _table(self, name: str, first: str, rows: Sequence[tuple[str, int, Sequence[Measure]]]) -> None:
        say = self._report.say
        head = [first, say("figures.col-jobs"), *(say(f"figure.{one}") for one in Figure)]
        sheet = self._sheet(name, head)
        for n, (label, n_jobs, known) in enumerate(rows, 1):
            sheet.write_string(n, 0, label)
            sheet.write_number(n, 1, n_jobs)
            for column, one in enumerate(known, 2):
                self._value(sheet, n, column, one)

    def _months(self) -> None:
        report, months = self._report, months_to(self._report.period, LONG_TREND)
        split = by_month(report.since(months).counts, report.company.zone)
        rows = []
        for month in months:
            known = measures(split.get(month, ()))
            shown = [one if one.figure in report.scope.figures else Measure(one.figure, 0, 0, 0, 0) for one in known]
            rows.append((month.key, next(one.n for one in known if one.figure is Figure.FIRST_FIX), shown))
        self._table(report.say("figures.months"), report.say("figures.months"), rows)

    def _orders(self) -> None:
        """Every order that counts, for or against: whoever looks can add it up himself."""
        report = self._report
        columns = ("figure", "number", "side", "late", "date", "model", "branch", "technician")
        sheet = self._sheet(report.say("figures.orders"), [report.say(f"figures.col-{one}") for one in columns])
        counts = [one for one in report.found.ledger.counts if one.figure in report.scope.opens]
        names = people.names(report.connection, {who for one in counts for who in one.source.technicians})
        ordered = sorted(counts, key=lambda one: (list(Figure).index(one.figure), one.at, one.source.number))
        for n, one in enumerate(ordered, 1):
            self._order(sheet, n, one, names)
        sheet.autofilter(0, 0, max(1, len(ordered)), len(columns) - 1)

    def _order(self, sheet: Worksheet, row: int, one: Count, names: dict[int, str]) -> None:
        report = self._report
        side = report.say("figures.side-against" if one.n_against else "figures.side-for")
        who = "、".join(names.get(technician, "—") for technician in one.source.technicians)
        cells: list[Any] = [report.say(f"figure.{one.figure}"), one.source.number, side, report.late(one)]
        for column, words in enumerate((*cells, "", one.source.model, one.source.branch, who)):
            sheet.write_string(row, column, words)
        sheet.write_datetime(row, 4, report.local(one.at), self._day)


def workbook(report: FiguresReport) -> bytes:
    """The report as XLSX."""
    return Workbook(report).made()
