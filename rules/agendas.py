"""What has grown old: one's own open work by its age (CND-7), and what a branch talks about once a week (STF-17)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from rules.figure_words import branch_words, entry_line
from rules.figures import Count

OLD_AFTER = timedelta(days=7)
"""From this age on something stands on the agenda of the weekly meeting."""
_STEPS = ((3, "fresh"), (7, "week"), (14, "fortnight"))
_MOST_LINES, _MOST_BUTTONS = 8, 9
Line = dict[str, Any]


@dataclass(frozen=True)
class Aged:
    """Something open: its number, what it is about, the button that opens it, and for how long it has been open."""

    number: str
    what: str
    token: str
    age: timedelta

    @property
    def days(self) -> int:
        return self.age // timedelta(days=1)

    @property
    def step(self) -> str:
        """Which of four ages it has: up to 3, 7, 14 days, or older."""
        return next((name for most, name in _STEPS if self.days <= most), "older")


def aging_lines(found: Iterable[Aged]) -> list[Line]:
    """How many there are of each age, then the oldest first (CND-7)."""
    every = sorted(found, key=lambda one: (-one.age, one.number))
    steps = [one.step for one in every]
    counted: Line = {
        "text": "aging.steps",
        "facts": {name: steps.count(name) for name in ("fresh", "week", "fortnight", "older")},
    }
    return [counted, *map(_line, every[:_MOST_LINES])] if every else []


def _line(one: Aged) -> Line:
    return {"text": "aging.line", "facts": {"number": one.number, "what": one.what or "—", "n": one.days}}


def buttons(found: Iterable[Aged]) -> list[list[Line]]:
    """One for each of the oldest, three in a row."""
    every = sorted(found, key=lambda one: (-one.age, one.number))[:_MOST_BUTTONS]
    made = [{"label": {"literal": one.number}, "token": one.token, "tone": "plain"} for one in every]
    return [made[n : n + 3] for n in range(0, len(made), 3)]


@dataclass(frozen=True)
class Agenda:
    """A branch's week: promises that were broken in it, what has been open for more than a week, complaints (STF-17)."""

    branch: str
    first: date
    last: date
    breaches: Sequence[Count] = ()
    old: Sequence[Aged] = ()
    complaints: Sequence[Aged] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.breaches or self.old or self.complaints)


def body_of(agenda: Agenda) -> dict[str, Any]:
    """The agenda as a message: three points with their numbers, the worst of each, and buttons to open what is old."""
    facts = {"branch": branch_words(agenda.branch), "first": agenda.first, "last": agenda.last}
    if agenda.is_empty:
        return {"text": "agenda.empty", "facts": facts, "lines": [], "rows": []}
    late = sorted(agenda.breaches, key=lambda one: one.late or timedelta.max, reverse=True)
    lines: list[Line] = [_point("breaches", len(late)), *map(entry_line, late[:_MOST_LINES])]
    for name, found in (("old", agenda.old), ("complaints", agenda.complaints)):
        every = sorted(found, key=lambda one: (-one.age, one.number))
        lines += [_point(name, len(every)), *map(_line, every[:_MOST_LINES])]
    return {"text": "agenda.head", "facts": facts, "lines": lines, "rows": buttons([*agenda.old, *agenda.complaints])}


def _point(name: str, n: int) -> Line:
    return {"text": f"agenda.{name}", "facts": {"n": n}}
