"""What a flow may read while it asks (DESIGN 3): synchronous, and only what the person may see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from handlers.fitness import Concern, concerns
from handlers.summary import summary
from handlers.turn import Turn
from rules.cases import Case
from rules.complaints import Complaint
from rules.handovers import Handover, Point
from rules.hours import day_bounds
from rules.orders import FaultReport, Step, WorkOrder
from rules.people import EVERY_BRANCH, Person, Role
from rules.tasks import Task
from storage import openings, orders, people, roster, worktime
from texts import catalog

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """A flow's window on the desk."""

    turn: Turn
    subject: WorkOrder | Case | None
    args: dict[str, Any]
    asked: str = ""  # the question that waits for its answer: it is not taken away because the desk has changed meanwhile

    @property
    def order(self) -> WorkOrder:
        """The order that the flow is about."""
        return self._about(WorkOrder)

    @property
    def complaint(self) -> Complaint:
        """The complaint that the flow is about."""
        return self._about(Complaint)

    @property
    def task(self) -> Task:
        """The task that the flow is about."""
        return self._about(Task)

    def _about(self, kind: type[T]) -> T:
        if not isinstance(self.subject, kind):
            raise LookupError(f"this flow has no {kind.__name__}")
        return self.subject

    @property
    def person(self) -> Person:
        return self.turn.person

    def technicians(self) -> list[tuple[Person, int]]:
        """Technicians of the order's branch with the number of their open orders, the least busy first (DSP-1)."""
        return proposals_for(self.turn.connection, self.order, now=self.turn.now)

    def labels(self) -> dict[str, str]:
        """The same by number, named for buttons: how many jobs somebody has, and whether he is on leave (DSP-3)."""
        away = roster.away(self.turn.connection, self.turn.now)
        word = catalog.say(self.person.language or self.turn.company.language, "word.away")
        return {str(one.id): f"{one.name}（{load}{'・' + word if one.id in away else ''}）" for one, load in self.technicians()}

    def about(self, kind: type[T]) -> T:
        """The case that the flow is about."""
        return self._about(kind)

    def named(self, text: str) -> str:
        """A text in this person's language, for buttons whose labels are data."""
        return catalog.say(self.person.language or self.turn.company.language, text)

    def names(self, branch: str = "") -> dict[str, str]:
        """Names of the staff of one's own or another branch by number, for buttons."""
        branch = branch or self.person.branch or self.turn.company.branch
        own = [one for one in people.staff(self.turn.connection, branch=branch) if one.branch == branch]
        return {str(one.id): one.name for one in own}

    def staff_in_reach(self) -> dict[str, str]:
        """Names of everybody who works in one's branch, for headquarters in any, by number; but for oneself (ROL-4)."""
        if not self.person.every_role & EVERY_BRANCH:
            return {number: name for number, name in self.names().items() if number != str(self.person.id)}
        found = [one for one in people.staff(self.turn.connection) if one.id != self.person.id]
        branches = {one.branch for one in found}
        return {str(one.id): f"{one.name}（{one.branch}）" if len(branches) > 1 else one.name for one in found}

    def branch_of(self, person: int) -> str:
        return people.person(self.turn.connection, person).branch

    def to_hand_over(self, handover: Handover) -> tuple[Point, ...]:
        """What a leaver has in hand by now, with who gets it."""
        return openings.to_hand_over(self.turn.connection, handover)

    def licence_kinds(self) -> list[str]:
        """Licences that this line of business knows; the usual ones where it names none (DSP-14)."""
        return list(self.turn.terms.policy.licences.needed) or ["electrician"]

    def concerns(self, crew: list[int]) -> list[Concern]:
        """What speaks against sending these people and takes a reason; once that is asked it is, whatever is over since."""
        found = concerns(self.turn.connection, self.order, crew, terms=self.turn.terms, now=self.turn.now)
        return found or ([{"text": "concern.gone"}] if self.asked == "reason" else [])

    def trip(self) -> list[str]:
        """What the person was out on today, an order a line (CLS-4)."""
        terms, now = self.turn.terms, self.turn.now
        since = day_bounds(terms.calendar.local_day(now), terms.calendar.zone)[0]
        out = worktime.stints_of(self.turn.connection, [self.person.id], since=since, until=now)
        found = orders.by_ids(self.turn.connection, {one.order for one in out})
        done = [(one, one.found(Step.ACT).get("action_taken") or one.report.fault) for one in found.values()]
        return [f"{one.number} {one.report.model}：{words}" for one, words in sorted(done, key=lambda pair: pair[0].number)]

    def last_report(self) -> FaultReport:
        """What the person told at the latest call, whose address and telephone are offered again; empty when there is none."""
        return orders.last_report(self.turn.connection, self.person.id) or FaultReport()

    def recent_calls(self) -> list[WorkOrder]:
        """The person's own latest calls, among which a complaint's can be picked."""
        return orders.history(self.turn.connection, customer=self.person.id, limit=4)

    def colleagues(self) -> list[Person]:
        """Who could be sent: staff of the case's branch whom it is not about (SUR-5)."""
        case = self.subject
        assert isinstance(case, Case)
        found = people.staff(self.turn.connection, branch=case.branch)
        return [one for one in found if one.id not in case.barred][:20]

    def has_chat(self, person: int) -> bool:
        """Whether somebody can be reached in a chat."""
        return person != 0 and people.account_for(self.turn.connection, person) is not None

    def has_text(self, text: str) -> bool:
        return catalog.has(text)

    def summary(self) -> str:
        """The report as the customer reads it before signing, in his language (SIG-10)."""
        customer = people.person(self.turn.connection, self.order.customer)
        return summary(self.turn, self.order, customer.language or self.turn.company.language)


def proposals_for(connection: Connection, order: WorkOrder, *, now: datetime) -> list[tuple[Person, int]]:
    """Who could go: technicians of the branch, those away or who declined last, the least busy first (DSP-1, DSP-3)."""
    found = people.staff(connection, role=Role.TECHNICIAN, branch=order.branch)
    away, loads = roster.away(connection, now), orders.loads(connection)
    loaded = [(one, loads.get(one.id, 0)) for one in found if Role.TECHNICIAN in one.roles]
    return sorted(loaded, key=lambda pair: (pair[0].id in away, pair[0].id in order.declined_by, pair[1], pair[0].id))
