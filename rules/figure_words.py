"""How figures are said in chat: text ids, facts and buttons, without a language (KPI-1..8, KPI-14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from rules.books import Account, Ratio
from rules.figure_scopes import Scope, mark_of, within
from rules.figures import OF_SOME, Count, Figure, Ledger, Mean, Measure, means, measures, percent, plain_percent, shares
from rules.months import Period

PROMISED = frozenset({Figure.TIMELINESS, Figure.CLOSING, Figure.STAGES, Figure.OPINIONS})
"""What is met or missed by a moment."""
Line = dict[str, Any]
Row = list[dict[str, Any]]


@dataclass(frozen=True)
class Picture:
    """The figures of a period and scope, ready to be shown. `least`: fewer grades than this are not shown (SUR-3).

    `minutes` are those reported of each kind of work (KPI-9).
    """

    period: Period
    scope: Scope
    ledger: Ledger
    least: int = 1
    minutes: Mapping[str, int] = field(default_factory=dict)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Those that may be shown, whether there is data or not."""
        every = (one for one in measures(self.ledger.counts) if one.figure in self.scope.figures)
        shown = [one for one in every if one.n or one.figure not in OF_SOME]
        if not self.scope.is_own or len(self.ledger.cards) >= self.least:
            return tuple(shown)
        return tuple(Measure(one.figure, 0, 0, 0, 0) if one.figure is Figure.SATISFACTION else one for one in shown)

    @property
    def means(self) -> tuple[Mean, ...]:
        return means(self.ledger.cards, least=self.least if self.scope.is_own else 1)


def picture_of(
    period: Period, scope: Scope, ledger: Ledger, *, least: int, minutes: Mapping[str, int] | None = None
) -> Picture:
    """What of a ledger somebody sees who looks at a scope."""
    return Picture(period, scope, within(ledger, scope), least, minutes or {})


def period_words(period: Period) -> Line:
    """The month or week in words."""
    if period.is_month:
        return {"text": "figures.month", "facts": {"year": period.first.year, "month": period.first.month}}
    return {"text": "figures.week", "facts": {"first": f"{period.first:%m-%d}", "last": f"{period.last:%m-%d}"}}


def scope_words(scope: Scope, models: Mapping[str, str]) -> Line:
    """Of what the figures are; `models` are the names of models by their marks."""
    if scope.technician:
        return {"text": "figures.scope-technician", "facts": {"technician_id": scope.technician}}
    if scope.model:
        return {"text": "figures.scope-model", "facts": {"model": models.get(scope.model) or {"text": "figures.no-model"}}}
    if scope.branch is not None:
        return {"text": "figures.scope-branch", "facts": {"branch": branch_words(scope.branch)}}
    return {"text": "figures.scope-all", "facts": {}}


def branch_words(branch: str) -> Any:
    """A branch's name; the only branch of a company that named none is its main one."""
    return {"text": "figures.main-branch"} if branch in ("", "main") else branch


def heading(found: Picture, models: Mapping[str, str]) -> Line:
    """The first line: period, scope, how many calls and jobs; of an empty one that there were none (KPI-14)."""
    facts: dict[str, Any] = {"period": period_words(found.period), "scope": scope_words(found.scope, models)}
    if found.ledger.is_empty:
        return {"text": "figures.none-month" if found.period.is_month else "figures.none-week", "facts": facts}
    facts |= {"n_calls": found.ledger.n_calls, "n_done": found.ledger.n_done}
    is_whole = not found.scope.technician and not found.scope.model
    return {"text": "figures.head" if is_whole else "figures.head-part", "facts": facts}


def line_of(one: Measure) -> Line:
    """A figure in a line: met, missed, without a target, without data."""
    name = {"text": f"figure.{one.figure}"}
    if one.value is None:
        return {"text": "figures.line-empty", "facts": {"name": name}}
    facts = {"name": name, "percent": percent(one), "n": one.n}
    if one.is_met is None:
        return {"text": "figures.line-plain", "facts": facts}
    facts["target"] = {"text": f"target.{one.figure}"}
    return {"text": "figures.line-met" if one.is_met else "figures.line-missed", "facts": facts}


def lines_of(found: Picture) -> list[Line]:
    """Every figure in a line, then what the customers' grades come to."""
    if found.ledger.is_empty:
        return []
    marks = [
        {"text": "ratings.mark", "facts": {"aspect": {"text": f"aspect.{one.aspect}"}, "mean": mean_of(one), "n": one.n}}
        for one in found.means
    ]
    lines = [line_of(one) for one in found.measures]
    lines += [{"text": "figures.means", "facts": {"marks": marks}}] if marks else []
    times = [
        {"text": "figures.time", "facts": {"kind": kind, "percent": per_cent, "n": n}}
        for kind, (n, per_cent) in shares(found.minutes).items()
    ]
    return [*lines, {"text": "figures.times", "facts": {"times": times}}] if times else lines


def account_lines(account: Account) -> list[Line]:
    """What a department charged and spent, and how much of its budget that is; nothing where there is nothing (KPI-11)."""
    if account.is_empty:
        return []
    names = ("fees", "costs", "expenses", "freight", "compensation")
    spent = {"text": "figures.account", "facts": {name: str(getattr(account, name)) for name in names}}
    if account.budget is None or account.used is None:
        return [spent, {"text": "figures.no-budget", "facts": {}}]
    over = account.costs - account.budget
    facts = {"budget": str(account.budget), "percent": plain_percent(account.used), "over": str(over)}
    return [spent, {"text": "figures.over-budget" if over.minor > 0 else "figures.budget", "facts": facts}]


def ratio_line(one: Ratio, currency: str) -> Line:
    """What a customer was credited against what was sold to him; without sales it says so (KPI-10, KPI-14)."""
    facts: dict[str, Any] = {"n": one.n, "credited": one.credited, "currency": currency}
    facts["customer"] = one.customer or {"text": "statement.all-customers"}
    if one.value is None:
        return {"text": "statement.no-sales", "facts": facts}
    return {"text": "statement.ratio", "facts": facts | {"sales": one.sales, "percent": plain_percent(one.value)}}


def mean_of(one: Mean) -> str:
    """A mean with two decimals."""
    hundredths = round(one.value * 100)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def stem(period: Period, scope: Scope) -> str:
    """How every button of a report begins."""
    return f"m.figures.{period.key}.{scope.token}"


def paper(kind: str, period: Period, scope: Scope) -> str:
    """The name of a paper of figures: `figures-pdf:2026-11:a`."""
    return f"figures-{kind}:{period.key}:{scope.token}"


def figure_rows(found: Picture) -> list[Row]:
    """A button a figure that opens to its orders, and the files."""
    start = stem(found.period, found.scope)
    figures = [one.figure for one in found.measures if one.n and one.figure in found.scope.opens]
    buttons = [_button(f"figure.{one}", f"{start}.{one}.x.0") for one in figures]
    rows = [buttons[n : n + 2] for n in range(0, len(buttons), 2)]
    return [*rows, [_button("button.figures.files", f"{start}.files")]] if not found.ledger.is_empty else rows


def _button(label: str, token: str) -> dict[str, Any]:
    return {"label": {"text": label, "facts": {}}, "token": token, "tone": "plain"}


def entry_line(one: Count) -> Line:
    """A line of a list of orders: which, about what, and what was wrong with it."""
    facts: dict[str, Any] = {"number": one.source.number, "what": entry_words(one)}
    if one.figure is Figure.SATISFACTION:
        return {"text": "figures.entry-answers", "facts": facts | {"n": one.n, "n_against": one.n_against}}
    if one.late is not None:
        return {"text": "figures.entry-late", "facts": facts | {"late": max(one.late, timedelta(minutes=1))}}
    if one.figure in PROMISED and one.n_against:
        return {"text": "figures.entry-not-yet", "facts": facts}
    return {"text": "figures.entry", "facts": facts}


def entry_words(one: Count) -> Any:
    """About which machine it is, and which promise where there are several."""
    model = one.source.model or {"text": "figures.no-model"}
    return {"text": "figures.promise", "facts": {"model": model, "promise": {"text": one.what}}} if one.what else model


def group_lines(groups: Sequence[tuple[Line, Iterable[Count]]]) -> list[Line]:
    """A line for each technician, branch or model: jobs and the figures that have data."""
    found = []
    for name, counts in groups:
        every = measures(counts)
        told = [
            {"text": "figures.short", "facts": {"name": {"text": f"figure.{one.figure}"}, "percent": percent(one), "n": one.n}}
            for one in every
            if one.value is not None and one.figure in (Figure.TIMELINESS, Figure.SATISFACTION, Figure.FIRST_FIX)
        ]
        found.append({"text": "figures.group", "facts": {"name": name, "figures": told or "—"}})
    return found


def models_of(ledger: Ledger) -> dict[str, str]:
    """Names of models by their marks."""
    return {mark_of(name): name for name in {one.source.model for one in ledger.counts}}
