"""Whatever people quote, pay, hand in and cancel: every sum comes out to the cent, wherever it is looked up (FEE)."""

import random
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules import charges, quotes
from rules.charges import Method, Receipt, ReceiptStage
from rules.money import Money
from rules.orders import ServiceClass, WorkOrder
from rules.people import Role
from rules.quotes import LineKind, Quote, QuoteLine
from rules.refusals import Refused
from storage import cases, journal, ledger, orders, staffing
from storage.numbers import yearly_number
from storage.unit import Unit
from tests import plays
from tests.room import Phone, Room

STEPS = 120


class Walk:
    """Two technicians, an accountant and a customer with three paid orders."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.room = Room.open(start="週五 10:00")
        self.zhang = self.room.person("張先生")
        li, wang, zhao = (self.room.person(name, role) for name, role in (
            ("李主任", Role.SUPERVISOR), ("王師傅", Role.TECHNICIAN), ("趙師傅", Role.TECHNICIAN)))  # fmt: skip
        self.zhou, self.takers = self.room.person("周會計", Role.ACCOUNTANT), (wang, zhao)
        plays.brought_on_site(self.room, self.zhang, li, wang)
        first = self.room.order()
        paid = replace(first, service_class=ServiceClass.A, crew=(wang.id, zhao.id), finished_at=self.room.now)
        first = orders.change(self.room.connection, first, paid)
        more = [orders.add(self.room.connection, replace(paid, id=0, number=f"2611-900{n}", version=0)) for n in (2, 3)]
        self.ids = [one.id for one in (first, *more)]
        self.li = li

    @property
    def unit(self) -> Unit:
        return Unit(self.room.connection, self.room.now, self.room.company.terms)

    def order(self) -> WorkOrder:
        found = orders.by_id(self.room.connection, self.random.choice(self.ids))
        assert found is not None
        return found

    def deed(self, phone: Phone) -> dict[str, object]:
        return {"by": phone.who(), "now": self.room.now, "terms": self.room.company.terms}

    def quote(self) -> None:
        order = self.order()
        lines = tuple(
            QuoteLine(LineKind.PART, "零件", self.random.randrange(1, 4), self.random.randrange(0, 9999))
            for _ in range(self.random.randrange(1, 4))
        )
        drafted = Quote(
            number=yearly_number(self.room.connection, "Q", self.unit.terms, self.room.now), branch="main",
            opened_at=self.room.now, customer=order.customer, about=order.subject, order_number=order.number, crew=order.crew,
            by=self.li.id, lines=lines, currency="TWD", grounds="已過保固", valid_until=date.min,
        )  # fmt: skip
        ruling, noted = quotes.draw_up(drafted, order, **self.deed(self.li))  # type: ignore[arg-type]
        kept = self.unit.record(None, ruling, by=self.li.id)
        order = self.unit.record(order, noted, by=self.li.id)
        answer = self.random.choice((quotes.accept, quotes.accept, quotes.accept, quotes.withdraw))
        by = self.zhang if answer is quotes.accept else self.li
        said, meant = answer(kept, order, **self.deed(by))  # type: ignore[arg-type]
        self.unit.record(kept, said, by=by.id)
        self.unit.record(order, meant, by=by.id)

    def pay(self) -> None:
        order, taker = self.order(), self.random.choice((*self.takers, self.zhou))
        amount = Money(self.random.choice((1, 99, 5000, order.dues.outstanding.minor, order.dues.outstanding.minor + 1)), "TWD")
        number = yearly_number(self.room.connection, "RC", self.unit.terms, self.room.now)
        given, paid = charges.collect(order, amount, self.random.choice(list(Method)), number, **self.deed(taker))  # type: ignore[arg-type]
        self.unit.record(None, given, by=taker.id)
        self.unit.record(order, paid, by=taker.id)

    def count(self) -> None:
        one = self.random.choice(cases.every(self.room.connection, Receipt) or [None])
        if one is not None:
            self.unit.record(one, charges.count_in(one, **self.deed(self.zhou)), by=self.zhou.id)  # type: ignore[arg-type]

    def void(self) -> None:
        one = self.random.choice(cases.every(self.room.connection, Receipt) or [None])
        if one is not None:
            order = orders.by_id(self.room.connection, one.about_order or 0)
            assert order is not None
            ruling, owing = charges.void(one, order, "開錯", **self.deed(self.zhou))  # type: ignore[arg-type]
            self.unit.record(one, ruling, by=self.zhou.id)
            self.unit.record(order, owing, by=self.zhou.id)

    def step(self) -> None:
        self.room.now += timedelta(hours=self.random.choice((0, 0, 1, 9)))
        with suppress(Refused):
            self.random.choice((self.quote, self.pay, self.pay, self.pay, self.count, self.void))()

    def reconciles(self) -> None:
        connection = self.room.connection
        receipts = [one for one in cases.every(connection, Receipt) if one.stage != ReceiptStage.VOID]
        for number in self.ids:
            order = orders.by_id(connection, number)
            assert order is not None
            accepted = [one for one in cases.about(connection, Quote, order.subject) if one.stage == "accepted"]
            assert order.dues.agreed == sum(one.total.minor for one in accepted)
            assert order.dues.paid == ledger.paid_for(connection, number).get("TWD", 0)
            assert order.dues.paid == sum(one.minor for one in receipts if one.about_order == number)
            assert order.dues.paid >= 0
        days = ledger.by_day(connection, date(2026, 1, 1), date(2027, 12, 31))
        for person in (*self.takers, self.zhou):
            own = [one for one in receipts if one.by == person.id]
            assert sum(one.collected for one in days if one.person == person.id) == sum(one.minor for one in own)
            in_hand = {one.number: str(one.money) for one in own if one.stage == ReceiptStage.IN_HAND}
            assert {one.label: one.quantity for one in staffing.held_by(connection, person.id)} == in_hand
            open_ = sum((one.in_hand.amount for one in days if one.person == person.id), Decimal(0))
            assert open_ == sum((one.money.amount for one in own if one.stage == ReceiptStage.IN_HAND), Decimal(0))


@pytest.mark.parametrize("seed", range(3))
def test_every_sum_comes_out_to_the_cent(seed: int) -> None:
    walk = Walk(seed)

    for _ in range(STEPS):
        walk.step()
        walk.reconciles()

    assert len(cases.every(walk.room.connection, Receipt)) > 10
    assert list(journal.flaws(walk.room.connection)) == []
    walk.room.close()
