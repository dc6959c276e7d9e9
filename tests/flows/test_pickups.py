"""What is ready for its owner, invoices, promised days and appointments by the clock (SLA-10, SLA-14, SLA-15, SLA-33)."""

from dataclasses import replace
from types import SimpleNamespace

from rules.clocks import Clock, promised_at
from rules.decisions import Decision
from rules.escalation import Watch
from rules.invoices import Invoice
from rules.orders import WorkOrder
from rules.people import Role
from rules.pickups import Pickup
from rules.tasks import Errand, Task
from rules.triggers import kept_slot
from scheduler import promised, sweep
from storage import cases, deadlines
from storage.unit import Unit
from tests import plays
from tests.flows.test_story_4 import quotes
from tests.flows.test_the_clock import sweeps
from tests.room import at


def taken_back(cast: SimpleNamespace) -> None:
    """Looked at on the spot, out of warranty, taken along, repaired and inspected: the customer is told at once."""
    plays.on_site(cast)
    plays.listens(cast.wang)
    cast.wang.presses("看：外觀與保固").presses("已過保").presses("否").presses("就這些").presses("沒問題，送出")
    plays.takes_back(cast.wang)
    plays.mends(cast)


def waiting(cast: SimpleNamespace) -> Pickup:
    return cases.every(cast.room.connection, Pickup)[-1]


def test_what_is_ready_is_told_at_once_and_again_after_three_days_three_times(cast: SimpleNamespace) -> None:
    taken_back(cast)

    cast.li.sees("2611-0001：已通知客戶來取")

    cast.zhang.sees("修好了（2611-0001），請來取")
    sweeps(cast, "下週一 16:30")
    assert len(waiting(cast).notices) == 2
    cast.zhang.sees("這是第 2 次通知")
    sweeps(cast, "下週四 16:30")
    cast.zhang.sees("這是第 3 次通知，也是最後一次", "寄到您留的地址")
    sweeps(cast, "下週四 16:31")
    assert [one.day for one in waiting(cast).notices] == [27, 30, 3]


def test_after_three_notices_the_store_s_manager_hears_then_the_company(cast: SimpleNamespace) -> None:
    manager, company = cast.room.person("孫經理", Role.MANAGER), cast.room.person("吳服務", Role.SERVICE_DEPT, branch="總部")
    taken_back(cast)
    cast.chen.presses_token(f"e.{waiting(cast).id}.mail").sees("才通知了 1 次", "規則 ESC-8")
    for when in ("下週一 16:30", "下週四 16:30", "下週日 16:30"):
        sweeps(cast, when)

    manager.sees("通知了 3 次客戶都沒來取", "和平東路")
    company.sees_nothing_new()
    cast.room.later(days=1)
    sweep.sweep(cast.room.connection, cast.room.company.terms, now=cast.room.now)
    company.sees("通知了 3 次客戶都沒來取")
    cast.chen.says("說明").presses_token(f"e.{waiting(cast).id}.mail").says("RR123TW").sees("記下了")
    cast.zhang.sees("寄出了", "RR123TW")
    assert (waiting(cast).stage, waiting(cast).is_open) == ("mailed", False)


def test_what_the_owner_answers_stands_on_the_card_of_whoever_would_send_it(cast: SimpleNamespace) -> None:
    taken_back(cast)

    cast.zhang.says("我出差，請等我到下週五").sees("已加到 2611-0001")

    cast.li.sees("我出差，請等我到下週五")
    cast.chen.presses_token(f"e.{waiting(cast).id}.card").sees("💬 回覆：我出差，請等我到下週五", "[客戶晚點來]")


def test_a_long_answer_leaves_room_for_the_card_s_buttons(cast: SimpleNamespace) -> None:
    taken_back(cast)
    cast.zhang.says("等我回來" + "很長" * 900)

    cast.chen.presses_token(f"e.{waiting(cast).id}.card").sees("💬 回覆：等我回來很長", "…")
    assert len(cast.chen.last().text) < 400


def test_a_proper_reason_stops_the_notices_until_its_day_is_over(cast: SimpleNamespace) -> None:
    taken_back(cast)
    cast.chen.presses_token(f"e.{waiting(cast).id}.excuse").says("出國").says("2026/12/2").sees(
        "到那天前不再催", "晚點來的原因：出國"
    )

    sweeps(cast, "下週三 23:00")
    assert len(waiting(cast).notices) == 1
    sweeps(cast, "下週四 00:01")

    assert len(waiting(cast).notices) == 2


def test_on_the_day_of_its_return_paid_work_has_its_invoice_asked_for(cast: SimpleNamespace) -> None:
    zhou = cast.room.person("周會計", Role.ACCOUNTANT)
    taken_back(cast)

    cast.chen.presses_token(f"e.{waiting(cast).id}.collected")
    plays.gives_back(cast.chen)
    cast.chen.sees("收據作廢")

    zhou.sees("2611-0001 已取回，要開發票", "11月27日 週五 17:30")
    zhou.presses("完成，回報").says("AB12345678").sees("完成")
    assert cases.every(cast.room.connection, Task)[0].errand is Errand.INVOICE_RETURN


def test_paid_work_that_was_not_settled_on_the_spot_has_its_invoice_on_the_same_day(cast: SimpleNamespace) -> None:
    zhou = cast.room.person("周會計", Role.ACCOUNTANT)
    plays.on_site(cast)
    plays.listens(cast.wang)
    cast.wang.presses("看：外觀與保固").presses("已過保").presses("否").presses("就這些").presses("沒問題，送出")
    plays.checks(cast.wang)
    quotes(cast.wang)
    cast.li.presses("核准報價")
    cast.zhang.presses("接受報價")
    for step in (plays.acts, plays.tries_it):
        step(cast.wang)
    cast.room.later(minutes=1)
    plays.signs(cast.wang)

    cast.wang.presses("離場簡報").presses("就這樣回報")

    zhou.sees("2611-0001 張先生：180 TWD，請今天開發票")
    (asked,) = cases.every(cast.room.connection, Invoice)
    running = deadlines.of(cast.room.connection, asked.subject)[Clock.INVOICE]
    assert running.watch.promise.due_at == at("週五 17:30")
    sweeps(cast, "下週一 09:00")
    zhou.sees("開發票")


def test_in_the_morning_of_the_promised_day_whoever_has_the_unfinished_order_is_asked(cast: SimpleNamespace) -> None:
    plays.on_site(cast)
    order, due = cast.room.order(), at("週六 17:00")
    watch = Watch(promised_at(Clock.COMPLETION, due, cast.room.now, "SLA-33"))
    deadlines.start(cast.room.connection, order.subject, Clock.COMPLETION, watch, next_at=due)
    cast.room.now = at("週六 08:30")

    day = cast.room.company.terms.calendar.local_day(cast.room.now)
    assert [promised.daily(cast.room.connection, cast.room.company.terms, day, now=cast.room.now) for _ in range(2)] == [1, 0]

    cast.wang.sees("2611-0001 答應客戶今天", "還沒做完", "[會晚到]")
    cast.wang.presses("會晚到").says("等零件").says("2026/12/1 15:00")
    cast.zhang.sees("12月1日 週二 15:00", "等零件")
    cast.li.sees("等零件")


def test_an_appointment_is_a_commitment_and_the_arrival_is_held_against_it(cast: SimpleNamespace) -> None:
    plays.dispatched(cast)
    plays.gets_ready(cast.wang)
    order = cast.room.order()
    agreed = orders_with(order, planned_for=at("週五 15:00"), planned_until=at("週五 15:40"))
    Unit(cast.room.connection, cast.room.now, cast.room.company.terms).record(order, agreed, by=None)

    plays.arrives(cast.wang)

    assert kept_slot(cast.room.order()) == at("週五 16:00") - at("週五 15:40")
    cast.li.presses_token(f"o.{order.id}.card").sees("比約定晚到 20 分")
    cast.li.presses_token(f"o.{order.id}.details").sees("赴約遲到")


def orders_with(order: WorkOrder, **changed: object) -> Decision:
    """A change that nobody decided, for what comes of it."""
    return Decision(replace(order, **changed))  # type: ignore[arg-type]
