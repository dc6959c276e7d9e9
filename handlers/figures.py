"""The figures of a month or week in chat; each opens to the orders behind it (KPI-1..8, KPI-14, KPI-15)."""

from dataclasses import dataclass, replace
from typing import Any

from handlers.said import Row, button, in_rows, literal_button, said
from handlers.turn import Turn
from rules import figure_words
from rules.figure_scopes import Scope, mark_of, narrowed, read_scope, widest
from rules.figure_words import Line, Picture, entry_line, picture_of, stem
from rules.figures import Count, Figure, by_branch, by_model, by_technician, listed, measures
from rules.months import Period, month_of, read_period, week_of
from storage import books, figures, people

ON_A_PAGE = 9
_MOST_GROUPS = 12
_LETTERS = {"order": "o", "complaint": "c", "task": "t"}


@dataclass(frozen=True)
class Asked:
    """What a button or word asks for: `view` is empty for the report, else a figure, a way of grouping, or the files."""

    period: Period
    scope: Scope
    view: str = ""
    is_against: bool = True
    page: int = 0


def show(turn: Turn, arg: str = "") -> None:
    """The report, or whatever of it a button names. Raises Refused for whom it is none of his business."""
    widest(turn.person)
    asked = _read(turn, arg)
    found = _picture(turn, asked)
    if asked.view == "files":
        _files(turn, asked)
    elif asked.view in _GROUPS:
        _groups(turn, asked, found)
    elif asked.view:
        _orders(turn, asked, found)
    else:
        _report(turn, asked, found)


def _read(turn: Turn, arg: str) -> Asked:
    """Raises ValueError for what names nothing, Refused for what is out of reach."""
    key, token, view, side, page = (*arg.split("."), "", "", "", "", "")[:5]
    period = read_period(key) if key else month_of(turn.terms.calendar.local_day(turn.now))
    scope = read_scope(token or "a", figures.branches(turn.connection) if "b" in token else ())
    return Asked(period, narrowed(turn.person, scope), view, side != "v", int(page or 0))


def _picture(turn: Turn, asked: Asked) -> Picture:
    found = figures.of_period(turn.connection, asked.period, turn.terms, branch=asked.scope.branch, now=turn.now)
    minutes = figures.minutes(turn.connection, asked.period, asked.scope)
    return picture_of(asked.period, asked.scope, found, least=turn.terms.policy.survey.least_ratings, minutes=minutes)


def _report(turn: Turn, asked: Asked, found: Picture) -> None:
    """The picture, every figure in a line, and a button for each."""
    head = figure_words.heading(found, figure_words.models_of(found.ledger))
    rows = [*figure_words.figure_rows(found), *_elsewhere(turn, asked, found)]
    papers = [] if found.ledger.is_empty else [figure_words.paper("picture", asked.period, asked.scope)]
    lines = [*figure_words.lines_of(found), *_account(turn, asked)]
    turn.reply_body(said(head["text"], head["facts"], lines=lines, rows=rows, papers=papers))


def _account(turn: Turn, asked: Asked) -> list[Line]:
    """Charges and costs of a month against the budget, of a branch or the whole company (KPI-11)."""
    if asked.scope.technician or asked.scope.model or not asked.period.is_month:
        return []
    return figure_words.account_lines(books.account_of(turn.connection, asked.period, asked.scope.branch, turn.terms))


def _elsewhere(turn: Turn, asked: Asked, found: Picture) -> list[Row]:
    """By whom or what it may be looked at, the months beside it, this week."""
    start, scope = stem(asked.period, asked.scope), asked.scope
    groups = []
    if not found.ledger.is_empty and not scope.technician and not scope.model:
        names = ("technician", "model", "branch") if scope.branch is None else ("technician", "model")
        groups = [button(f"button.figures.by-{one}", f"{start}.{one}") for one in names]
    today = turn.terms.calendar.local_day(turn.now)
    beside = [literal_button(f"◀ {asked.period.before.key}", stem(asked.period.before, scope))]
    if asked.period.after.first <= today:
        beside.append(literal_button(f"{asked.period.after.key} ▶", stem(asked.period.after, scope)))
    other = week_of(today) if asked.period.is_month else month_of(today)
    label = "button.figures.week" if asked.period.is_month else "button.figures.month"
    return [*([groups] if groups else []), [*beside, button(label, stem(other, scope))]]


def _orders(turn: Turn, asked: Asked, found: Picture) -> None:
    """The orders that count against a figure, or for it, a page at a time; each opens."""
    figure = Figure(asked.view)
    if figure not in asked.scope.opens:
        turn.reply("figures.stays-closed")
        return
    entries = listed(figure, found.ledger.counts, is_against=asked.is_against)
    shown = entries[asked.page * ON_A_PAGE :][:ON_A_PAGE]
    line = figure_words.line_of(next(one for one in found.measures if one.figure is figure))
    text = "figures.against" if asked.is_against else "figures.for"
    facts = {
        "figure": line,
        "n": len(entries),
        "first": asked.page * ON_A_PAGE + 1,
        "last": asked.page * ON_A_PAGE + len(shown),
    }
    rows = in_rows([literal_button(one.source.number, _token(one)) for one in shown], 3)
    rows.append(_around(asked, len(entries)))
    text = text if shown else f"{text}-none"
    turn.reply(text, facts, lines=[entry_line(one) for one in shown], rows=rows)


def _token(one: Count) -> str:
    kind, _, number = one.source.subject.partition(":")
    return f"{_LETTERS[kind]}.{number}.card"


def _around(asked: Asked, n: int) -> Row:
    """The pages beside this one, the other side, the way back."""
    start = f"{stem(asked.period, asked.scope)}.{asked.view}"
    side = "x" if asked.is_against else "v"
    found = []
    if asked.page:
        found.append(literal_button("◀", f"{start}.{side}.{asked.page - 1}"))
    if (asked.page + 1) * ON_A_PAGE < n:
        found.append(literal_button("▶", f"{start}.{side}.{asked.page + 1}"))
    other, label = ("v", "button.figures.for") if asked.is_against else ("x", "button.figures.against")
    return [*found, button(label, f"{start}.{other}.0"), button("button.figures.back", stem(asked.period, asked.scope))]


def _groups(turn: Turn, asked: Asked, found: Picture) -> None:
    """A line and a button for each technician, model or branch, whoever has most to do first."""
    groups = _GROUPS[asked.view](turn, asked.scope, found)
    groups = sorted(groups, key=lambda one: -_n_jobs(one[2]))[:_MOST_GROUPS]
    lines = figure_words.group_lines([(name, counts) for _scope, name, counts in groups])
    rows = in_rows([_opens(name, stem(asked.period, scope)) for scope, name, _counts in groups], 3)
    rows.append([button("button.figures.back", stem(asked.period, asked.scope))])
    facts = {"period": figure_words.period_words(asked.period)}
    turn.reply(f"figures.by-{asked.view}", facts, lines=lines, rows=rows)


Group = tuple[Scope, Line, list[Count]]


def _technicians(turn: Turn, scope: Scope, found: Picture) -> list[Group]:
    groups = by_technician(found.ledger.counts).items()
    return [
        (replace(scope, technician=one), _named(people.name_of(turn.connection, one) or "—"), counts) for one, counts in groups
    ]


def _models(_turn: Turn, scope: Scope, found: Picture) -> list[Group]:
    groups = by_model(found.ledger.counts).items()
    no_model = {"text": "figures.no-model"}
    return [(replace(scope, model=mark_of(one)), _named(one or no_model), counts) for one, counts in groups]


def _branches(_turn: Turn, scope: Scope, found: Picture) -> list[Group]:
    groups = by_branch(found.ledger.counts).items()
    return [(replace(scope, branch=one), _named(figure_words.branch_words(one)), counts) for one, counts in groups]


def _named(name: Any) -> Line:
    return {"text": "figures.name", "facts": {"name": name}}


_GROUPS = {"technician": _technicians, "model": _models, "branch": _branches}


def _opens(name: Line, token: str) -> dict[str, Any]:
    """A button with the name of a technician, model or branch."""
    return button(name["text"], token, **name["facts"])


def _n_jobs(counts: list[Count]) -> int:
    return next(one.n for one in measures(counts) if one.figure is Figure.FIRST_FIX)


def _files(turn: Turn, asked: Asked) -> None:
    """The report as PDF and as a workbook."""
    papers = [figure_words.paper(kind, asked.period, asked.scope) for kind in ("pdf", "xlsx")]
    back: list[Row] = [[button("button.figures.back", stem(asked.period, asked.scope))]]
    turn.reply("figures.files", {"period": figure_words.period_words(asked.period)}, rows=back, papers=papers)
