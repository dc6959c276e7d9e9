"""A shop's day in figures (DLY-12)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from rules.backorders import Backorder
from rules.charges import DayLine
from rules.goods import Goods, GoodsStage, Inspected
from rules.invoices import Invoice
from rules.orders import Stage
from rules.returns import Answer, Fault, Outcome, Return, ReturnStage
from rules.returns import Goods as Article
from rules.shop_days import Happened, ShopDay, sum_up
from tests.cast import BRANCH, LI, WANG, at
from tests.rules.job import departed, reported

START, END = at("週五 00:00"), at("週六 00:00")
NOON, DAY = at("週五 12:00"), at("週五 12:00").date()
ARTICLE = Article("電鍋", DAY, Fault.YES, "不熱")


def counted(**happened: Any) -> ShopDay:
    return sum_up(BRANCH, DAY, Happened(START, END, **happened))


def back(outcome: Outcome, stage: ReturnStage = ReturnStage.AGREED, order_number: str = "") -> Return:
    return Return(
        number="J26-001", branch=BRANCH, opened_at=NOON, customer_name="張先生", goods=ARTICLE, stage=stage,
        answer=Answer(outcome, ("RET-2",)), by=LI.id, order_number=order_number,
    )  # fmt: skip


def in_hand(**changed: Any) -> Goods:
    made = Goods(number="W26-001", branch=BRANCH, opened_at=NOON, what="電視", fault="不亮", due_at=END, taken_by=LI.id)
    return replace(made, stage=GoodsStage.REGISTERED, **changed)


def test_what_was_agreed_on_is_returned_exchanged_or_refused_and_what_is_asked_waits() -> None:
    agreed = [back(Outcome.RETURN), back(Outcome.EXCHANGE), back(Outcome.EXCHANGE), back(Outcome.REFUSE)]
    asked = [back(Outcome.REFUSE, ReturnStage.ASKED), back(Outcome.RETURN, ReturnStage.DECIDED)]

    numbers = counted(agreed=agreed, disputed=asked, brought=[*agreed, *asked]).numbers

    assert [numbers[one] for one in ("brought", "returned", "exchanged", "refused", "disputed")] == [6, 1, 2, 1, 1]


def test_a_repair_that_a_return_began_with_is_accepted_once() -> None:
    call = reported().order
    repair = back(Outcome.REPAIR_FREE, order_number=call.number)

    numbers = counted(brought=[repair], agreed=[repair], calls=[call, replace(call, number="other")]).numbers

    assert (numbers["accepted"], numbers["brought"], numbers["calls"]) == (2, 1, 1)


def test_repaired_are_jobs_that_were_done_and_goods_from_the_counter_that_passed() -> None:
    done = departed().order
    passed = in_hand(inspections=(Inspected(LI.id, NOON, True),))
    failed, earlier = in_hand(inspections=(Inspected(LI.id, NOON, False),)), Inspected(LI.id, START - timedelta(hours=1), True)
    goods = [passed, failed, in_hand(inspections=(earlier,)), replace(passed, about="order:1")]
    finished = [done, replace(done, stage=Stage.SOLVED_REMOTELY), replace(done, stage=Stage.CANCELLED)]

    numbers = counted(finished=finished, goods=[*goods, replace(passed, stage=GoodsStage.DROPPED, inspections=())]).numbers

    assert (numbers["repaired"], numbers["handed_in"]) == (2, 3)


def test_money_is_summed_by_currency_with_what_is_not_handed_in() -> None:
    lines = [DayLine(WANG.id, DAY, "TWD", 2, 50000, 20000), DayLine(LI.id, DAY, "TWD", 1, 10000, 10000)]
    lines.append(DayLine(LI.id, DAY, "USD", 1, 500, 0))
    asked = Invoice(number="V26-001", branch=BRANCH, opened_at=NOON, order_number="1", minor=120000, currency="TWD")

    day = counted(receipts=lines, invoices=[asked])

    assert [(one.n, str(one.money), str(one.in_hand)) for one in day.collected] == [
        (3, "600 TWD", "300 TWD"), (1, "5 USD", "5 USD"),
    ]  # fmt: skip
    assert [(one.n, str(one.money)) for one in day.invoiced] == [(1, "1,200 TWD")]


def test_back_orders_are_new_awaited_or_here() -> None:
    new = Backorder(number="B26-001", branch=BRANCH, opened_at=NOON, article="電鍋", quantity=1, customer_name="張", phone="1")
    old = replace(new, opened_at=START - timedelta(days=3))

    numbers = counted(backorders=[new, old, replace(old, stage="arrived"), replace(new, closed_at=NOON)]).numbers

    assert [numbers[one] for one in ("ordered", "awaited", "arrived")] == [2, 2, 1]
