"""Maintenance contracts: what they cover, their planned visits, and their renewal (MNT-1..3, ESC-12)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, promise, promised_at
from rules.contract_dates import notice_on, visit_days
from rules.decisions import Audience, Deadline, Decision, Entry, Notice, Ruling
from rules.hours import day_bounds
from rules.orders import FaultReport, ServiceClass, Stage, WorkOrder
from rules.people import Deed, Person, may, require
from rules.policies import parse_limit
from rules.refusals import Refused
from rules.terms import Terms

MOST_VISITS = 60
LONGEST = timedelta(days=3660)
BEFORE = 0
"""In the place of an order: a visit that was due before the desk knew the contract."""
MAINTENANCE = "maintenance"
"""The kind of a planned visit's report."""


class ContractStage(StrEnum):
    """Where a contract stands."""

    RUNNING = "running"
    RENEWING = "renewing"
    RENEWED = "renewed"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True)
class PlannedVisit:
    """One visit that is included: when it is due, and the order that it became."""

    due_on: date
    order: int | None = None
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Contract(Case):
    """A customer's machines under care for a time and a price."""

    kind: ClassVar[str] = "contract"
    stage: str = ContractStage.RUNNING
    customer_name: str
    phone: str = ""
    address: str
    products: tuple[str, ...]
    starts_on: date
    ends_on: date
    n_visits: int = 0
    price: Decimal = Decimal(0)
    limit: str = ""  # how soon somebody has to be there, such as 4wh; empty: as for everybody
    checklist: str = ""  # what is gone through at each planned visit
    seller: int | None = None  # who is to win the renewal; empty: the clerk
    visits: tuple[PlannedVisit, ...] = ()
    talks: tuple[str, ...] = ()  # what came of talking about the renewal, the newest last
    renewed_as: str = ""

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.stage != ContractStage.RENEWING:
            return ()
        return (self.seller,) if self.seller is not None else (Audience.CLERK,)

    def seen_by(self, person: Person) -> bool:
        """The office of its branch, whoever is to renew it, and the customer."""
        return may(person, Deed.SEE_CONTRACTS, self.ties) or person.id in (self.seller, self.customer)

    def covers(self, model: str, serial: str, on: date) -> bool:
        """Whether a machine is under this contract on a day: one that is named, by model or serial number."""
        if not self.starts_on <= on <= self.ends_on:
            return False
        told = [word.casefold() for word in (serial, model) if word]
        return any(word in one.casefold() or one.casefold() in word for one in self.products for word in told)


def sign_contract(contract: Contract, *, by: Person, now: datetime, terms: Terms) -> Ruling[Contract]:
    """Take a contract on and plan its visits (MNT-2, MNT-3). Whoever wins a renewal signs it. Raises Refused."""
    if not (contract.about and by.id == contract.seller):
        require(by, Deed.KEEP_CONTRACTS, contract.ties)
    _require_sound(contract, terms, terms.calendar.local_day(now))
    days = visit_days(contract.starts_on, contract.ends_on, contract.n_visits, terms.calendar) if contract.n_visits else ()
    today = terms.calendar.local_day(now)
    signed = replace(contract, visits=tuple(PlannedVisit(day, None if day >= today else BEFORE) for day in days))
    entry = Entry("contract.signed", {"n_visits": len(days), "until": contract.ends_on}, "MNT-2")
    facts = {"number": contract.number, "start": contract.starts_on, "end": contract.ends_on, "n": len(days)}
    return Ruling(signed, (entry,), (Notice("notice.contract", (Audience.CUSTOMER,), facts),))


def _require_sound(contract: Contract, terms: Terms, today: date) -> None:
    if str(ServiceClass.B) not in terms.policy.fees.types:
        raise Refused("contracts-off", rule="X-25")
    if contract.ends_on <= contract.starts_on or contract.ends_on - contract.starts_on > LONGEST:
        raise Refused("contract-period", rule="MNT-2", start=contract.starts_on, end=contract.ends_on)
    if contract.ends_on < today:
        raise Refused("contract-over", rule="MNT-2", end=contract.ends_on)
    if not contract.products or not contract.customer_name.strip() or not contract.address.strip():
        raise Refused("contract-incomplete", rule="MNT-2")
    if not 0 <= contract.n_visits <= min(MOST_VISITS, (contract.ends_on - contract.starts_on).days):
        raise Refused("contract-visits", rule="MNT-3", most=MOST_VISITS)
    if contract.checklist and contract.checklist not in terms.policy.rounds.checklists:
        raise Refused("no-such-item", rule="MNT-3")


def is_ending(contract: Contract, today: date, terms: Terms) -> bool:
    """Whether its end has to be announced (MNT-1)."""
    return contract.stage == ContractStage.RUNNING and notice_on(contract.ends_on, terms.policy.contract) <= today


def announce(contract: Contract, *, now: datetime, terms: Terms) -> Ruling[Contract]:
    """A month before its end: the expiry notice to the customer, and the renewal to a named person (MNT-1, ESC-12, SLA-17)."""
    require_open(contract)
    ending = replace(contract, stage=ContractStage.RENEWING)
    facts = {"number": contract.number, "end": contract.ends_on, "customer": contract.customer_name}
    sent = Notice("notice.contract-ends", (Audience.CUSTOMER,), facts | {"products": list(contract.products)})
    task = Notice("notice.renew", (*ending.owners, Audience.CLERK), facts)
    due = promised_at(Clock.RENEWAL, day_bounds(contract.ends_on, terms.calendar.zone)[1], now, "MNT-1")
    entry = Entry("contract.announced", {"until": contract.ends_on}, "MNT-1")
    return Ruling(ending, (entry,), (sent, task), {Clock.RENEWAL: Deadline(due)})


def _require_seller(contract: Contract, by: Person) -> None:
    if by.id != contract.seller:
        require(by, Deed.KEEP_CONTRACTS, contract.ties)
    require_open(contract)
    if contract.stage not in (ContractStage.RUNNING, ContractStage.RENEWING):
        raise Refused("contract-answered", rule="MNT-1", number=contract.number)


def still_talking(contract: Contract, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Contract]:
    """No answer yet: what was talked over is kept, and the clock goes on (MNT-1)."""
    _require_seller(contract, by)
    if not words.strip():
        raise Refused("answer-missing", rule="MNT-1")
    return Ruling(
        replace(contract, talks=(*contract.talks, words)), (Entry("contract.talked", {"n": len(contract.talks) + 1}, "MNT-1"),)
    )


def decline(contract: Contract, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Contract]:
    """The customer does not go on; the contract runs out on its day (MNT-1)."""
    _require_seller(contract, by)
    if not words.strip():
        raise Refused("reason-missing", rule="MNT-1")
    facts = {"number": contract.number, "customer": contract.customer_name, "reason": words}
    return Ruling(
        replace(contract, stage=ContractStage.DECLINED, talks=(*contract.talks, words)),
        (Entry("contract.declined", {}, "MNT-1"),),
        (Notice("notice.contract-declined", (Audience.SUPERVISOR,), facts, is_must=False),),
        {Clock.RENEWAL: None},
    )


def renewal_of(contract: Contract, ends_on: date, price: Decimal, number: str, *, now: datetime) -> Contract:
    """The contract that follows: from the day after, on the same terms but for its end and price."""
    return replace(
        contract, id=0, version=0, number=number, opened_at=now, stage=ContractStage.RUNNING, about=contract.subject,
        starts_on=contract.ends_on + timedelta(days=1), ends_on=ends_on, price=price, visits=(), talks=(), renewed_as="",
    )  # fmt: skip


def renew(contract: Contract, number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Contract]:
    """It goes on as another contract (MNT-1)."""
    _require_seller(contract, by)
    facts = {"number": contract.number, "next": number, "customer": contract.customer_name}
    return Ruling(
        replace(contract, stage=ContractStage.RENEWED, renewed_as=number),
        (Entry("contract.renewed", {"as": number}, "MNT-1"),),
        (Notice("notice.contract-renewed", (Audience.SUPERVISOR,), facts, is_must=False),),
        {Clock.RENEWAL: None},
    )


def expire(contract: Contract, *, now: datetime) -> Ruling[Contract]:
    """Its last day is over."""
    stage = ContractStage.EXPIRED if contract.stage in (ContractStage.RUNNING, ContractStage.RENEWING) else contract.stage
    done = replace(contract, stage=stage, closed_at=now)
    return Ruling(done, (Entry("contract.over", {"stage": stage}, "MNT-1"),), (), {Clock.RENEWAL: None})


def next_visit(contract: Contract, today: date, terms: Terms) -> int | None:
    """Which planned visit has to become an order by now, None for none (MNT-3)."""
    ahead = today + timedelta(days=terms.policy.contract.plan_days_ahead)
    return next((n for n, one in enumerate(contract.visits) if one.order is None and one.due_on <= ahead), None)


def open_visit(contract: Contract, n: int, number: str, *, now: datetime, terms: Terms) -> Decision:
    """A planned visit becomes an order of type B, to be dispatched for its day (MNT-2, MNT-3). Nobody registers it."""
    due_on = contract.visits[n].due_on
    begins = terms.calendar.day_start(due_on) or day_bounds(due_on, terms.calendar.zone)[0]
    ends = terms.calendar.day_end(due_on) or day_bounds(due_on, terms.calendar.zone)[1]
    report = FaultReport(
        customer_name=contract.customer_name, address=contract.address, phone=contract.phone, contact=contract.customer_name,
        model=contract.products[0], kind=MAINTENANCE,
    )  # fmt: skip
    order = WorkOrder(
        id=0, number=number, stage=Stage.QUEUED, branch=contract.branch, profile=terms.policy.profile,
        policy_version=terms.policy.version, customer=contract.customer, report=report, reported_at=now,
        service_class=ServiceClass.B, contract=contract.id, planned_for=begins, planned_until=ends,
        plan=contract.checklist,
    )  # fmt: skip
    facts = {"number": number, "date": begins, "contract": contract.number}
    told = (
        Notice("notice.visit-planned", (Audience.CUSTOMER,), facts, is_must=False),
        Notice("notice.visit-to-dispatch", (Audience.SUPERVISOR, Audience.CLERK), facts, can_wait=True),
    )
    clock = Deadline(promised_at(Clock.APPOINTMENT, max(ends, now + timedelta(hours=1)), now, "MNT-3"))
    entry = Entry("order.registered", {"branch": contract.branch, "contract": contract.number, "visit": n + 1}, "MNT-3")
    return Decision(order, (entry, Entry("order.queued")), told, {Clock.APPOINTMENT: clock})


def visit_opened(contract: Contract, n: int, order: WorkOrder) -> Ruling[Contract]:
    """The visit knows its order, so that it is planned once (MNT-3)."""
    known = replace(contract.visits[n], order=order.id, number=order.number)
    visits = (*contract.visits[:n], known, *contract.visits[n + 1 :])
    return Ruling(replace(contract, visits=visits), (Entry("contract.visit", {"n": n + 1, "order": order.number}, "MNT-3"),))


def under_contract(called: Decision, contract: Contract, *, now: datetime, terms: Terms) -> Decision:
    """A call for a machine under contract is work of type B, and keeps the contract's response time (MNT-2)."""
    order = replace(called.order, contract=contract.id, service_class=ServiceClass.B)
    entry = Entry("order.under_contract", {"contract": contract.number}, "MNT-2")
    clocks = dict(called.deadlines)
    if contract.limit:
        limit = parse_limit(contract.limit).named("MNT-2")
        clocks[Clock.ARRIVAL] = Deadline(promise(Clock.ARRIVAL, limit, now, terms.calendar))
    return replace(called, after=order, journal=(*called.journal, entry), deadlines=clocks)
