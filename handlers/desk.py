"""What a flow may read while it asks (DESIGN 3): synchronous, and only what the person may see."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.summary import summary
from handlers.turn import Turn
from rules.orders import FaultReport, WorkOrder
from rules.people import Person, Role
from storage import orders, people


@dataclass(frozen=True)
class Desk:
    """A flow's window on the desk."""

    turn: Turn
    subject: WorkOrder | None
    args: dict[str, Any]

    @property
    def order(self) -> WorkOrder:
        """The order that the flow is about."""
        if self.subject is None:
            raise LookupError("this flow has no order")
        return self.subject

    @property
    def person(self) -> Person:
        return self.turn.person

    def technicians(self) -> list[tuple[Person, int]]:
        """Technicians of the order's branch with the number of their open orders, the least busy first (DSP-1)."""
        return proposals_for(self.turn.connection, self.order)

    def last_report(self) -> FaultReport:
        """What the person told at the latest call, whose address and telephone are offered again; empty when there is none."""
        return orders.last_report(self.turn.connection, self.person.id) or FaultReport()

    def summary(self) -> str:
        """The report as the customer reads it before signing, in his language (SIG-10)."""
        customer = people.person(self.turn.connection, self.order.customer)
        return summary(self.turn, self.order, customer.language or self.turn.company.language)


def proposals_for(connection: Connection, order: WorkOrder) -> list[tuple[Person, int]]:
    """Who could go: technicians of the branch, those who declined last, the least busy first (DSP-1)."""
    found = people.staff(connection, role=Role.TECHNICIAN, branch=order.branch)
    loads = orders.loads(connection)
    loaded = [(one, loads.get(one.id, 0)) for one in found]
    return sorted(loaded, key=lambda pair: (pair[0].id in order.declined_by, pair[1], pair[0].id))
