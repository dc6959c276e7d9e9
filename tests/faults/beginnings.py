"""How a town begins: people who have joined, and jobs at several points of their way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from rules import dispatch, intake, visits
from rules.orders import FaultReport, WorkOrder
from rules.people import Person, Role
from rules.terms import Terms
from storage import people
from storage.engine import next_number
from storage.unit import Unit

BRANCH = "main"


@dataclass(frozen=True)
class Beginning:
    """One transaction in which jobs are brought on their way, decided by the rules and recorded like any other."""

    connection: Connection
    terms: Terms
    now: datetime

    def joins(self, name: str, address: str, roles: Sequence[Role]) -> Person:
        """Somebody with a Telegram account; without roles a customer."""
        branch = BRANCH if roles else ""
        told = {"name": name, "roles": roles or [Role.CUSTOMER], "branch": branch, "language": "zh-Hant", "now": self.now}
        added = people.add_person(self.connection, **told)  # type: ignore[arg-type]
        people.add_account(self.connection, added.id, channel="telegram", address=address, chat=address, now=self.now)
        return added

    def reported(self, customer: Person, **other: str) -> WorkOrder:
        """A call that waits for somebody to be sent; `other` are facts of the report that are not the usual ones."""
        report = FaultReport(
            customer.name, "台北市大安區和平東路一段 1 號", "+886912345678", "大金 FTXV50", "S1", customer.name, "客廳冷氣漏水",
            zone="urban", distance_km=Decimal(5),
        )  # fmt: skip
        report = replace(report, **other)  # type: ignore[arg-type]
        month = f"{self.now.astimezone(ZoneInfo(self.terms.calendar.zone)):%y%m}"
        number = f"{month}-{next_number(self.connection, f'order:{month}'):04d}"
        by: Mapping[str, object] = {"by": customer, "now": self.now, "terms": self.terms}
        told = intake.report_fault(report, number=number, branch=BRANCH, customer=customer.id, asset=None, **by)  # type: ignore[arg-type]
        return self._record(None, told, customer)

    def dispatched(self, customer: Person, supervisor: Person, technician: Person) -> WorkOrder:
        order = self.reported(customer)
        return self._record(order, dispatch.dispatch(order, (technician.id,), **self._by(supervisor)), supervisor)

    def on_site(self, customer: Person, supervisor: Person, technician: Person) -> WorkOrder:
        order = self.dispatched(customer, supervisor, technician)
        by = self._by(technician)
        for decide in (
            lambda one: dispatch.accept(one, **by),
            lambda one: dispatch.override(one, "趕時間", **by),
            lambda one: dispatch.depart(one, **by),
            lambda one: visits.arrive(one, {"met": customer.name}, **by),
        ):
            order = self._record(order, decide(order), technician)
        return order

    def _by(self, person: Person) -> dict[str, object]:
        return {"by": person, "now": self.now, "terms": self.terms}

    def _record(self, before: WorkOrder | None, decision: object, by: Person) -> WorkOrder:
        unit = Unit(self.connection, self.now, self.terms)
        return unit.record(before, decision, by=by.id)  # type: ignore[arg-type]
