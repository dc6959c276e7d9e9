"""Of what somebody may see the figures: headquarters of all, whoever leads of the branch, a technician of himself (KPI-15)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256

from rules.figures import Card, Count, Figure, Ledger, Source
from rules.people import EVERY_BRANCH, MAY, Deed, Person, may, require, roles_that_may
from rules.refusals import Refused

OF_A_TECHNICIAN = (Figure.TIMELINESS, Figure.SATISFACTION, Figure.COMPLAINTS, Figure.FIRST_FIX)
"""What of the figures is one person's work."""
OPEN_TO_A_TECHNICIAN = frozenset({Figure.TIMELINESS, Figure.FIRST_FIX})
"""Whose orders he may open: not who graded or complained (SUR-3, ESC-6)."""


@dataclass(frozen=True)
class Scope:
    """A branch (None: all), a technician (0: all), a model by its mark (empty: all). `is_own`: a technician's own look."""

    branch: str | None = None
    technician: int = 0
    model: str = ""
    is_own: bool = False

    def covers(self, source: Source) -> bool:
        """Whether something belongs to it."""
        return (
            (self.branch is None or source.branch == self.branch)
            and (not self.technician or self.technician in source.technicians)
            and (not self.model or mark_of(source.model) == self.model)
        )

    @property
    def token(self) -> str:
        """Its name in buttons and papers, of letters and digits: `a`, `b1f2e3d4c-t12`."""
        parts = [f"b{mark_of(self.branch)}"] if self.branch is not None else []
        parts += [f"{'o' if self.is_own else 't'}{self.technician}"] if self.technician else []
        parts += [f"m{self.model}"] if self.model else []
        return "-".join(parts) or "a"

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Which figures it has."""
        return OF_A_TECHNICIAN if self.technician else tuple(Figure)

    @property
    def opens(self) -> frozenset[Figure]:
        """Which of them open to their orders."""
        return OPEN_TO_A_TECHNICIAN if self.is_own else frozenset(self.figures)


def mark_of(name: str) -> str:
    """A short name of a branch or a model for buttons, whatever it is called."""
    return sha256(name.encode()).hexdigest()[:8]


def read_scope(token: str, branches: Iterable[str]) -> Scope:
    """The scope of a token, its branch looked for among `branches`. Raises ValueError for what is none."""
    scope = Scope()
    for part in token.split("-") if token != "a" else ():
        kind, rest = part[:1], part[1:]
        if kind == "b":
            scope = replace(scope, branch=_of_mark(rest, branches))
        elif kind in ("t", "o"):
            scope = replace(scope, technician=int(rest), is_own=kind == "o")
        elif kind == "m" and rest:
            scope = replace(scope, model=rest)
        else:
            raise ValueError(f"{token} names nothing")
    return scope


def _of_mark(mark: str, branches: Iterable[str]) -> str:
    found = next((one for one in branches if mark_of(one) == mark), None)
    if found is None:
        raise ValueError(f"no branch is called {mark}")
    return found


def widest(by: Person) -> Scope:
    """The widest that somebody may see. Raises Refused for whom figures are none of his business (ROL-1)."""
    if any(by.holds(role) and Deed.SEE_FIGURES in MAY[role] for role in EVERY_BRANCH):
        return Scope()
    if may(by, Deed.SEE_FIGURES):
        return Scope(branch=by.branch)
    if may(by, Deed.SEE_OWN_SHEET):
        return Scope(technician=by.id, is_own=True)
    require(by, Deed.SEE_FIGURES)
    raise AssertionError("whoever may see figures has a scope")


def narrowed(by: Person, asked: Scope) -> Scope:
    """What was asked for, if it lies within what somebody may see. Raises Refused otherwise."""
    widest_one = widest(by)
    if widest_one.is_own:
        if asked.technician not in (0, by.id):
            raise Refused("not-yours", rule="KPI-15", roles=[str(role) for role in roles_that_may(Deed.SEE_FIGURES)])
        return widest_one
    if widest_one.branch is not None and asked.branch not in (None, widest_one.branch):
        raise Refused("not-yours", rule="ROL-1", roles=[str(role) for role in roles_that_may(Deed.SEE_FIGURES)])
    return replace(asked, branch=asked.branch if widest_one.branch is None else widest_one.branch, is_own=False)


def within(ledger: Ledger, scope: Scope) -> Ledger:
    """What of a ledger belongs to a scope; how many calls came in is known of whole branches alone."""
    if not scope.technician and not scope.model:
        return ledger
    counts: tuple[Count, ...] = tuple(one for one in ledger.counts if scope.covers(one.source))
    cards: tuple[Card, ...] = tuple(one for one in ledger.cards if scope.covers(one.source))
    n_done = sum(one.figure is Figure.FIRST_FIX for one in counts)
    return Ledger(counts, cards, 0, n_done)
