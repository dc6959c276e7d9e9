"""Short ways to the rows that storage tests are about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from rules.clocks import Clock, Promise
from rules.escalation import Watch
from rules.orders import FaultReport, Stage, WorkOrder
from rules.people import Person, Role
from rules.policies import Base, Limit
from storage import orders, people

NOW = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
"""Monday, nine o'clock in Taipei."""


def after(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def somebody(connection: Connection, name: str = "張先生", *roles: Role, **others: Any) -> Person:
    return people.add_person(connection, name=name, roles=roles or (Role.CUSTOMER,), now=NOW, **others)


def an_order(connection: Connection, number: str = "2611-0001", customer: Person | None = None, **others: Any) -> WorkOrder:
    """A stored order; `phone`, `serial` and `customer_name` go into its report."""
    told = {key: others.pop(key) for key in ("phone", "serial", "customer_name") if key in others}
    order = WorkOrder(
        id=0,
        number=number,
        stage=Stage.QUEUED,
        branch="north",
        profile="appliance",
        policy_version="1",
        customer=(customer or somebody(connection)).id,
        report=FaultReport(**told),
        reported_at=NOW,
    )
    return orders.add(connection, replace(order, **others))


def a_watch(due_in: float = 60, **others: Any) -> Watch:
    """A promise that falls due so many minutes after NOW."""
    points = tuple((percent, after(due_in * percent / 100)) for percent in (50, 80, 100, 150))
    limit = Limit(timedelta(minutes=due_in), Base.CLOCK, "SLA-5")
    return Watch(Promise(Clock.ARRIVAL, limit, NOW, after(due_in), points), **others)
