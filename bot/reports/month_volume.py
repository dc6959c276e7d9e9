"""A month's service records bound into one volume: a cover, an index with the seals, each record in brief (CLS-7, REC-2)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.reports.month_lists import MonthList
from bot.reports.scribe import Cells, Facts
from handlers.summary import recorded
from rules.closing import open_points
from rules.filing import MOST_BOUND, parts_of
from rules.orders import Step, WorkOrder
from storage import journal, people, volumes
from storage.journal import Line

_STEPS = (Step.CHECK, Step.ACT)


@dataclass(frozen=True)
class MonthVolume(MonthList):
    """One file of a month's volume; `part` counts from 1.

    No customer's name, address or words are in it: what is copied to a department has to outlast that he is forgotten (REC-6).
    """

    part: int = 1

    def facts(self, now: datetime) -> Facts:
        """What the template `volume` wants."""
        scribe, say = self.scribe, self.scribe.say
        head = self.head("paper.volume", "paper.volume-footer", now)
        if self.n_parts > 1:
            head["number"] += f" · {self.part} / {self.n_parts}"
        shown = self._shown
        about = [
            *head["about"],
            [say("paper.volume-n"), f"{len(self._orders)}"],
            [say("paper.volume-signed"), f"{sum(1 for one in self._orders if one.seal)}"],
            [say("paper.volume-lacking"), f"{sum(1 for one in self._orders if self._lacking(one))}"],
        ]
        columns = [
            ("paper.case", 0, "l"),
            ("paper.volume-left", 0, "l"),
            ("paper.machine", 2, "l"),
            ("paper.technician", 0, "l"),
        ]
        columns += [("paper.volume-cause", 2, "l"), ("paper.volume-state", 2, "l")]
        index = scribe.table(
            "paper.volume-index", columns, [self._row(one) for one in shown], note="" if shown else say("paper.volume-none")
        )
        return head | {
            "about": about,
            "proof": list(self._proof()),
            "sections": [index],
            "records_label": say("paper.volume-records"),
            "records": [self._record(one) for one in shown],
            "seals_label": say("paper.volume-seals"),
            "seals_head": [say("paper.case"), say("paper.volume-seal")],
            "seals": [[one.number, volumes.seal_of(one) or say("paper.no-signature")] for one in shown],
        }

    @property
    def n_parts(self) -> int:
        return parts_of(len(self._orders))

    @cached_property
    def _orders(self) -> list[WorkOrder]:
        found = (self.period.first, self.period.last, self.scribe.company.terms)
        return volumes.orders_in(self.scribe.connection, *found, branch=self.branch)

    @property
    def _shown(self) -> Sequence[WorkOrder]:
        return self._orders[(self.part - 1) * MOST_BOUND : self.part * MOST_BOUND]

    @cached_property
    def _names(self) -> dict[int, str]:
        return people.names(self.scribe.connection, {one for order in self._shown for one in order.crew})

    def _lacking(self, order: WorkOrder) -> tuple[str, ...]:
        return open_points(order, self.scribe.company.terms.of(order.policy_version).policy)

    def _crew(self, order: WorkOrder) -> str:
        return self.scribe.show([self._names.get(one, "—") for one in order.crew])

    def _row(self, order: WorkOrder) -> Cells:
        cause, lacking = str(order.found(Step.CHECK).get("root_cause") or "—"), self._lacking(order)
        told = [self.scribe.say(f"open_point.{name}") for name in lacking]
        state = self.scribe.say("paper.volume-lacks", what=told) if told else self.scribe.say("paper.volume-whole")
        left = self.scribe.day(order.left_at)
        return [order.number, left, order.report.model, self._crew(order), cause, state]

    def _record(self, order: WorkOrder) -> Facts:
        """Fault, cause and remedy of one service, with the parts that it took."""
        scribe = self.scribe
        rows = scribe.pairs(
            ("paper.volume-left", scribe.dated(order.left_at)),
            ("paper.technician", self._crew(order)),
            ("paper.class", scribe.say(f"class.{order.service_class}") if order.service_class else ""),
        )
        for step in _STEPS:
            rows += [list(one) for one in recorded(step, order.found(step), scribe.language, scribe.company.zone)]
        parts = [f"{one.get('name', '')} × {one.get('quantity', '')}" for one in order.found_parts()]
        rows += scribe.pairs(("paper.parts", scribe.show(parts)))
        machine = " ".join(one for one in (order.report.model, order.report.serial) if one)
        return {"number": order.number, "machine": machine, "rows": rows}

    def _proof(self) -> Iterator[Cells]:
        """The seal of the whole month, beside that under which it was filed (CLS-7)."""
        if self.branch is not None or not self._orders:
            return
        now = volumes.digest((one.number, volumes.seal_of(one)) for one in self._orders)
        yield [self.scribe.say("paper.volume-digest"), now]
        filed: list[Line] = journal.lines(self.scribe.connection, volumes.subject(self.period.key))
        if filed:
            at, same = self.scribe.dated(filed[-1].at), filed[-1].facts["digest"] == now
            yield [
                self.scribe.say("paper.volume-filed"),
                self.scribe.say("paper.volume-same" if same else "paper.volume-changed", at=at),
            ]
