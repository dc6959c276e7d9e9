"""Lists of a month for one branch: old parts and what became of them, money by who took it (PRT-7, FEE-7)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from bot.reports.scribe import Cells, Facts, Scribe, first_up
from rules.charges import Method, Payment
from rules.figure_scopes import Scope
from rules.figure_words import scope_words
from rules.money import total
from rules.months import Period
from rules.part_uses import PartUse, Used
from storage import cases, journal, ledger
from texts import catalog

LONGEST = timedelta(days=400)
"""What an order of longer ago than this used is not looked for."""
_COMES = ("", "returned", "to_be_returned")


@dataclass(frozen=True)
class OldPart:
    """One line of an order's parts, with when its old part came in and when it was decided on."""

    use: PartUse
    line: Used
    received_at: datetime | None
    disposed_at: datetime | None
    disposed_by: int | None


@dataclass(frozen=True)
class MonthList:
    """What the lists of a month have in common."""

    scribe: Scribe
    period: Period
    branch: str | None  # None: the whole company

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        return self.period.bounds(self.scribe.company.zone)

    def head(self, title: str, footer: str, now: datetime) -> Facts:
        """Month, branch and when it was made; a month that is not over says so."""
        words, is_over = scope_words(Scope(self.branch), {}), self.bounds[1] <= now
        reach = self.scribe.say(words["text"], **words["facts"])
        number = f"{catalog.month(self.scribe.language, self.period.first)} · {reach}"
        state = "" if is_over else "paper.month-runs"
        head = self.scribe.head(title, number, footer=footer, state=state, is_well=is_over)
        about = self.scribe.pairs(("paper.made-at", self.scribe.dated(now)))
        return head | {"about": about, "photos": [], "labels": {}, "signers": []}

    def signers(self, *labels: str) -> list[Facts]:
        """Room to sign for each post."""
        return [{"label": self.scribe.say(label), "name": "", "at": ""} for label in labels]


@dataclass(frozen=True)
class OldPartsList(MonthList):
    """Old parts that wait for a decision, those that are still with somebody, and what was decided in the month (PRT-7)."""

    def facts(self, now: datetime) -> Facts:
        """What the template `sheet` wants."""
        say, (start, end) = self.scribe.say, self.bounds
        waiting = [one for one in self._every if one.line.received_by is not None and not one.line.disposal]
        owed = [one for one in self._every if one.line.received_by is None and one.line.old_part in _COMES and one.use.is_open]
        settled = [one for one in self._every if one.disposed_at is not None and start <= one.disposed_at < end]
        sections = [
            self._section("waiting", waiting, ("received", "by"), self._came),
            self._section("owed", owed, ("state",), self._where),
            self._section("settled", settled, ("disposal", "on", "by"), self._decided),
        ]
        sums = [[say(f"paper.old-{name}"), f"{sum(one.line.quantity for one in found)}"]
                for name, found in (("waiting", waiting), ("owed", owed), ("settled", settled))]  # fmt: skip
        head = self.head("paper.old-parts", "paper.store-footer", now)
        return head | {
            "about": [*head["about"], *sums],
            "sections": sections,
            "signers": self.signers("paper.old-keeper", "paper.old-leader"),
        }

    def _section(self, name: str, found: Sequence[OldPart], last: Sequence[str], tells: Callable[[OldPart], Cells]) -> Facts:
        columns = [("paper.case", 0, "l"), ("paper.part", 1, "l"), ("paper.quantity", 0, "r"), ("paper.technician", 0, "l")]
        columns += [(f"paper.old-{one}", 0, "l") for one in last]
        rows = [
            [one.use.about_number, one.line.name, f"{one.line.quantity}", self.scribe.name(one.use.technician), *tells(one)]
            for one in found
        ]
        note = "" if rows else self.scribe.say("paper.none")
        return self.scribe.table(f"paper.old-{name}", columns, rows, note=note)

    def _came(self, one: OldPart) -> Cells:
        return [self.scribe.day(one.received_at), self.scribe.name(one.line.received_by)]

    def _where(self, one: OldPart) -> Cells:
        return [self.scribe.say(f"parts.old_part.{one.line.old_part or 'open'}")]

    def _decided(self, one: OldPart) -> Cells:
        what = self.scribe.say(f"use_dispose.disposal.{one.line.disposal}")
        return [what, self.scribe.day(one.disposed_at), self.scribe.name(one.disposed_by)]

    @cached_property
    def _every(self) -> list[OldPart]:
        start, end = self.bounds
        found = cases.opened_between(self.scribe.connection, PartUse, start - LONGEST, end)
        return [one for use in found if self.branch in (None, use.branch) for one in self._of(use)]

    def _of(self, use: PartUse) -> Iterator[OldPart]:
        came: dict[int, datetime] = {}
        decided: dict[int, tuple[datetime, int | None]] = {}
        if any(one.received_by is not None for one in use.lines):
            for entry in journal.lines(self.scribe.connection, use.subject):
                if entry.kind == "part_use.old_received":
                    came[entry.facts["line"]] = entry.at
                elif entry.kind == "part_use.disposed":
                    decided[entry.facts["line"]] = (entry.at, entry.by)
        for n, line in enumerate(use.lines):
            at, by = decided.get(n, (None, None))
            yield OldPart(use, line, came.get(n), at if line.disposal else None, by)


@dataclass(frozen=True)
class CashMonth(MonthList):
    """What each person took in a month, receipt by receipt, what of it was handed in and what is open (FEE-7)."""

    def facts(self, now: datetime) -> Facts:
        """What the template `sheet` wants."""
        found = ledger.entries(self.scribe.connection, self.period.first, self.period.last, branch=self.branch or "")
        people = defaultdict[tuple[int, str], list[Payment]](list)
        for one in found:
            people[one.person, one.money.currency].append(one)
        summary = [self._sum(person, own) for (person, _currency), own in people.items()]
        columns = [("paper.cash-who", 1, "l"), ("paper.cash-n", 0, "r")]
        columns += [(f"collect.method.{one}", 1, "r") for one in Method] + [
            ("paper.total", 1, "r"),
            ("paper.cash-open", 1, "r"),
        ]
        note = "" if summary else self.scribe.say("paper.cash-none")
        sections = [self.scribe.table("paper.cash-summary", columns, summary, sums=list(self._totals(found)), note=note)]
        sections += [self._receipts(person, own) for (person, _currency), own in people.items()]
        head = self.head("paper.cash-month", "paper.cash-footer", now)
        return head | {"sections": sections, "signers": self.signers("paper.cash-accountant", "paper.old-leader")}

    def _sum(self, person: int, own: list[Payment]) -> Cells:
        counted = [one for one in own if not one.is_void]
        by_method = [_exact((one for one in counted if one.method is method), own) for method in Method]
        still = _exact((one for one in counted if one.is_in_hand), own)
        return [self.scribe.name(person), f"{len(counted)}", *by_method, _exact(counted, own), still]

    def _totals(self, found: list[Payment]) -> Iterator[Cells]:
        for currency in dict.fromkeys(one.money.currency for one in found):
            own = [one for one in found if one.money.currency == currency and not one.is_void]
            for label, some in (("cash-open", [one for one in own if one.is_in_hand]), ("total", own)):
                yield [self.scribe.say(f"paper.{label}"), f"{total((one.money for one in some), currency).exact} {currency}"]

    def _receipts(self, person: int, own: list[Payment]) -> Facts:
        columns = [("paper.cash-at", 0, "l"), ("paper.receipt", 0, "l"), ("paper.case", 0, "l"), ("paper.method", 0, "l")]
        columns += [("paper.amount", 1, "r"), ("paper.cash-handed-in", 0, "l"), ("paper.cash-counted-by", 0, "l")]
        rows = [
            [self.scribe.dated(one.at), one.number, one.order_number, self.scribe.say(f"collect.method.{one.method}"),
             f"{one.money.exact} {one.money.currency}", self._state(one), self.scribe.name(one.counted_by)]
            for one in own
        ]  # fmt: skip
        return self.scribe.table("", columns, rows) | {"title": self.scribe.name(person)}

    def _state(self, one: Payment) -> str:
        """Void, in hand, come straight to the company, or when it was handed in."""
        if not one.is_void and one.handed_in_at is not None and one.counted_by is not None:
            return self.scribe.dated(one.handed_in_at)
        state = "void" if one.is_void else "in_hand" if one.handed_in_at is None else "received"
        return first_up(self.scribe.say(f"receipt.stage.{state}"))


def _exact(some: Iterable[Payment], own: list[Payment]) -> str:
    return total((one.money for one in some), own[0].money.currency).exact
