"""A month's or week's figures as facts for the press, in one language (KPI-1..8, KPI-14, KPI-15, SLA-32)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from handlers.turn import Company
from rules import figure_words
from rules.figure_scopes import Scope, within
from rules.figure_words import PROMISED, Picture, entry_words, mean_of, picture_of
from rules.figures import (
    RATES,
    TARGETS,
    Count,
    Figure,
    Ledger,
    Measure,
    by_branch,
    by_model,
    by_month,
    by_technician,
    listed,
    measure,
    measures,
    percent,
    shares,
)
from rules.months import Period, months_to
from storage import books, figures, people
from texts import catalog

Facts = dict[str, Any]
SHORT_TREND, LONG_TREND = 6, 12
IN_A_TABLE = (Figure.TIMELINESS, Figure.SATISFACTION, Figure.FIRST_FIX, Figure.COMPLAINTS)
_MOST_ROWS, _MOST_LISTED = 12, 24
_FULL_BAR_OF_A_RATE = 3  # times its limit


@dataclass
class FiguresReport:
    """The figures of one period and scope for one reader, as they stand at a moment."""

    connection: Connection
    company: Company
    period: Period
    scope: Scope
    language: str
    now: datetime

    @cached_property
    def found(self) -> Picture:
        """What is reported."""
        least = self._terms.policy.survey.least_ratings
        minutes = figures.minutes(self.connection, self.period, self.scope)
        return picture_of(self.period, self.scope, self.whole, least=least, minutes=minutes)

    @cached_property
    def whole(self) -> Ledger:
        """All of the branch, of which a technician or a model may be a part."""
        return figures.of_period(self.connection, self.period, self._terms, branch=self.scope.branch, now=self.now)

    @cached_property
    def models(self) -> Mapping[str, str]:
        return figure_words.models_of(self.whole)

    @property
    def _terms(self) -> Any:
        return self.company.terms

    def facts(self, *, n_months: int) -> Facts:
        """What both templates want; the trend goes back `n_months`."""
        return {
            "language": self.language,
            "company": self.company.name,
            "title": self.title,
            "number": self.period_name,
            "scope": self.scope_name,
            "state": "",
            "is_well": True,
            "qr": "",
            "footer": self.say("figures.footer", company=self.company.name, at=self.made_at),
            "footer_short": self.say("figures.footer-short", at=self.made_at),
            "totals": list(self._totals()),
            "cards": [self._card(one) for one in self.found.measures],
            "ratings": [self._rating(one.aspect, mean_of(one), float(one.value), one.n) for one in self.found.means],
            "times": list(self._times()),
            "trend": self._trend(months_to(self.period, n_months)),
            "tables": list(self.tables()),
            "behind": list(self._behind()),
            "remarks": list(self._remarks()),
            "exact": self.say("figures.exact"),
            "empty": self._empty(),
            "labels": self._labels(),
        }

    def _empty(self) -> str:
        """What is said instead of figures where nothing happened (KPI-14)."""
        if not self.found.ledger.is_empty:
            return ""
        return self.say("figures.empty" if self.period.is_month else "figures.empty-week")

    @property
    def title(self) -> str:
        kind = "sheet" if self.scope.technician else "month" if self.period.is_month else "week"
        return self.say(f"figures.title-{kind}")

    @property
    def period_name(self) -> str:
        if self.period.is_month:
            return catalog.month(self.language, self.period.first)
        return self.words(figure_words.period_words(self.period))

    @property
    def scope_name(self) -> str:
        if self.scope.technician:
            return people.name_of(self.connection, self.scope.technician) or "—"
        return self.words(figure_words.scope_words(self.scope, self.models))

    @property
    def made_at(self) -> str:
        return catalog.dated(self.language, self.now, zone=self.company.zone)

    def say(self, text: str, **facts: Any) -> str:
        return catalog.say(self.language, text, facts, zone=self.company.zone)

    def words(self, line: Mapping[str, Any]) -> str:
        return catalog.say(self.language, line["text"], line["facts"], zone=self.company.zone)

    def _totals(self) -> Iterator[Facts]:
        if not self.scope.technician and not self.scope.model:
            yield {"name": self.say("figures.calls"), "n": f"{self.found.ledger.n_calls}"}
        yield {"name": self.say("figures.done"), "n": f"{self.found.ledger.n_done}"}

    def _card(self, one: Measure) -> Facts:
        target = TARGETS.get(one.figure)
        verdict = {True: "met", False: "missed", None: "plain"}[one.is_met] if one.n else "empty"
        full = float(target.limit) * _FULL_BAR_OF_A_RATE if target and one.figure in RATES else 1.0
        return {
            "name": self.say(f"figure.{one.figure}"),
            "value": f"{percent(one)}%" if one.value is not None else "—",
            "note": self._note(one),
            "verdict": verdict,
            "verdict_words": self.say(f"figures.{verdict}") if verdict in ("met", "missed") else "",
            "target": self.say(f"target.{one.figure}") if target else "",
            "share": min(1.0, float(one.value) / full) if one.value is not None else 0.0,
            "limit": min(1.0, float(target.limit) / full) if target else None,
            "is_rate": one.figure in RATES,
        }

    def _note(self, one: Measure) -> str:
        """Out of how many: of points there is only how many answers they came from."""
        if not one.out_of:
            return self.say("figures.no-data")
        if one.figure is Figure.SATISFACTION and one.out_of != one.n:
            return self.say("figures.answers", n=one.n)
        return self.say("figures.ratio", hits=one.hits, out_of=one.out_of)

    def _rating(self, aspect: str, mean: str, value: float, n: int) -> Facts:
        return {"name": self.say(f"aspect.{aspect}"), "value": mean, "share": value / 4, "n": f"{n}"}

    def _times(self) -> Iterator[Facts]:
        """Each kind of work with its part of the time that was reported (KPI-9)."""
        total = sum(self.found.minutes.values())
        for kind, (n, per_cent) in shares(self.found.minutes).items():
            length = self.say("figures.hours", hours=n // 60, minutes=f"{n % 60:02d}")
            yield {"name": self.say(f"class.{kind}"), "value": f"{per_cent}%", "n": length, "share": n / total}

    def since(self, months: tuple[Period, ...]) -> Ledger:
        """All that counts in these months."""
        start, end = months[0].bounds(self.company.zone)[0], months[-1].bounds(self.company.zone)[1]
        found = figures.ledger(self.connection, start, end, self._terms, branch=self.scope.branch, now=self.now)
        return within(found, self.scope)

    def local(self, moment: datetime) -> datetime:
        """A moment as clocks show it here, without its zone: workbooks have none."""
        return moment.astimezone(ZoneInfo(self.company.zone)).replace(tzinfo=None)

    def _trend(self, months: tuple[Period, ...]) -> Facts:
        """Two figures month by month; a month without data is a gap."""
        split = by_month(self.since(months).counts, self.company.zone)
        shown = {month: {one.figure: one for one in measures(split.get(month, ()))} for month in months}
        series = [
            {
                "name": self.say(f"figure.{figure}"),
                "values": [self._point(shown[month][figure]) for month in months],
                "limit": float(TARGETS[figure].limit),
                "target": self.say(f"target.{figure}"),
            }
            for figure in (Figure.TIMELINESS, Figure.SATISFACTION)
            if not (self.scope.is_own and figure is Figure.SATISFACTION)
        ]
        names = [catalog.month(self.language, month.first, with_year=False) for month in months]
        return {"months": names, "series": series, "title": self.say("figures.trend", n=len(months))}

    def _point(self, one: Measure) -> Facts | None:
        if one.value is None:
            return None
        return {"share": float(one.value), "label": f"{percent(one)}", "is_met": one.is_met}

    def tables(self) -> Iterator[Facts]:
        """By technician, branch and model; of a technician or model there is nothing more to divide."""
        if self.scope.technician or self.scope.model:
            return
        counts = self.found.ledger.counts
        names = people.names(self.connection, by_technician(counts))
        yield self._table("technicians", by_technician(counts).items(), lambda one: names.get(one, "—"))
        if self.scope.branch is None and len(by_branch(counts)) > 1:
            yield self._table("branches", by_branch(counts).items(), self._branch)
        models = [(name, own) for name, own in by_model(counts).items() if name or measure(Figure.FIRST_FIX, own).n]
        yield self._table("models", models, lambda one: one or self.say("figures.no-model"))

    def _branch(self, branch: str) -> str:
        return self.say("figures.name", name=figure_words.branch_words(branch))

    def _table(self, name: str, groups: Iterable[tuple[Any, list[Count]]], label: Callable[[Any], str]) -> Facts:
        rows = sorted((self._row(label(key), counts) for key, counts in groups), key=lambda row: (-row["jobs"], row["name"]))
        head = [self.say("figures.col-name"), self.say("figures.col-jobs"), *(self.say(f"figure.{one}") for one in IN_A_TABLE)]
        return {"title": self.say(f"figures.{name}"), "head": head, "rows": rows[:_MOST_ROWS], "every": rows}

    def _row(self, name: str, counts: list[Count]) -> Facts:
        known = {one.figure: one for one in measures(counts)}
        cells = [self._card(known[figure]) for figure in IN_A_TABLE]
        return {"name": name, "jobs": known[Figure.FIRST_FIX].n, "cells": cells, "measures": tuple(known.values())}

    def _behind(self) -> Iterator[Facts]:
        """The orders that count against each figure, the latest first (every figure opens to its orders)."""
        for figure in self.scope.figures:
            found = listed(figure, self.found.ledger.counts, is_against=True) if figure in self.scope.opens else []
            if found:
                title = self.say("figures.per-figure", figure=self.say(f"figure.{figure}"), n=len(found))
                shown = [(one.source.number, self.say("figures.name", name=entry_words(one)), self.late(one)) for one in found]
                n_more = max(0, len(found) - _MOST_LISTED)
                more = self.say("figures.more", n=n_more) if n_more else ""
                yield {"title": title, "rows": shown[:_MOST_LISTED], "more": more}

    def late(self, one: Count) -> str:
        """By how much a promise was missed, or how many answers were low."""
        if one.figure is Figure.SATISFACTION:
            return f"{one.n_against} / {one.n}"
        if one.late is not None:
            return catalog.length(self.language, max(one.late, timedelta(minutes=1)))
        return self.say("figures.not-yet") if one.figure in PROMISED and one.n_against else ""

    def _remarks(self) -> Iterator[str]:
        start, end = self.period.bounds(self.company.zone)
        if self.scope.technician:
            n_approved, n_returned = figures.audits(self.connection, self.scope.technician, start, min(end, self.now))
            yield self.say("figures.audits", n_approved=n_approved, n_returned=n_returned)
        elif not self.scope.model:
            n, length = figures.held(self.connection, start, end, branch=self.scope.branch, now=self.now)
            if n:
                yield self.say("figures.held", n=n, held=length)
            if self.period.is_month:
                account = books.account_of(self.connection, self.period, self.scope.branch, self._terms)
                yield from map(self.words, figure_words.account_lines(account))

    def _labels(self) -> dict[str, str]:
        names = ("target", "ratings", "behind", "summary", "by-kind")
        columns = ("figure", "value", "target", "verdict", "n", "number", "model", "late")
        return {one.replace("-", "_"): self.say(f"figures.{one}") for one in names} | {
            f"col_{one}": self.say(f"figures.col-{one}") for one in columns
        }
