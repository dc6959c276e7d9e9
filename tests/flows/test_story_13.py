"""RULEBOOK 26's story 13 as a room play on either engine: goods brought back to the shop (RET, X-8)."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from rules.orders import ServiceClass
from rules.people import Role
from rules.policies import StatutoryPolicy
from rules.returns import Return
from rules.tasks import Task
from scheduler import sweep
from storage import cases, journal, people
from tests.room import Phone, Room


def shop(url: str) -> SimpleNamespace:
    room = Room.open("retail", url=url, start="週五 10:00")
    return SimpleNamespace(
        room=room, staff=room.person("店員小林", Role.STORE_STAFF), manager=room.person("吳店長", Role.MANAGER)
    )


def brings(staff: Phone, bought: str, *, special: bool = False) -> None:
    staff.says("退換修").presses("＋ 退換修").says("張先生 0912-345-678").says("電鍋 R1").says(bought).sends_photo(
        f"小票{bought}"
    )
    staff.says("煮不熟").presses("是" if special else "否")
    if not special:
        staff.presses("否")
    staff.presses("是品質問題")
    if not special:
        staff.presses("是")
    staff.presses("就這些").presses("沒問題，送出")


@pytest.mark.parametrize(
    ("bought", "outcome", "rule"),
    [
        ("2026/11/12", "退貨退款", "RET-2"),  # day 15
        ("2026/11/11", "換貨", "RET-3"),  # day 16
        ("2026/10/28", "換貨", "RET-18"),  # day 30, in the customer's favour
        ("2026/8/27", "免費維修", "RET-18"),  # three months to the day
        ("2026/8/26", "收費維修", "RET-5"),
    ],
)
def test_story_13_a_fault_is_answered_by_its_day(database_url: str, bought: str, outcome: str, rule: str) -> None:
    desk = shop(database_url)
    brings(desk.staff, bought)

    desk.staff.sees(f"判定：{outcome}", f"規則 {rule}", "[客戶同意] [客戶不同意]")
    desk.room.close()


def test_story_13_a_special_offer_is_refused_in_plain_words_with_the_rule(database_url: str) -> None:
    desk = shop(database_url)
    brings(desk.staff, "2026/11/20", special=True)
    desk.staff.sees("判定：不能退換", "特價品和贈品不退不換（規則 RET-10）", "可以改為：免費維修")

    desk.staff.presses("客戶不同意").says("標示不清楚，要退錢").sees("已請主管決定")
    desk.manager.sees("應「不能退換」，客戶不同意：標示不清楚").presses("做決定").presses("換貨").says(
        "標示確實不清楚，換一個給他"
    )
    desk.staff.sees("決定：換貨。標示確實不清楚").presses("客戶同意").sees("處理完成")

    assert not cases.every(desk.room.connection, Return)[0].is_open
    assert list(journal.flaws(desk.room.connection)) == []
    desk.room.close()


def of_customer(desk: SimpleNamespace) -> Phone:
    """張先生, whose telephone the desk knows."""
    zhang = desk.room.person("張先生")
    people.change_person(desk.room.connection, zhang.id, phone="+886912345678")
    return zhang


def test_story_13_the_customer_reads_a_no_with_its_rule_and_what_remains() -> None:
    desk = shop("")
    zhang = of_customer(desk)
    brings(desk.staff, "2026/11/20", special=True)

    zhang.sees("電鍋 R1", "不能退換：特價品和贈品不退不換。我們可以為您免費維修。", "馬上請主管決定")
    desk.staff.presses("客戶不同意").says("標示不清楚，要退錢")
    desk.manager.presses("做決定").presses("換貨").says("標示確實不清楚，換一個給他")
    zhang.sees("您的 電鍋 R1", "主管看過了，決定是：換貨。標示確實不清楚")
    zhang.sees("判定：換貨", "主管決定；規則原本是：特價品和贈品不退不換（規則 RET-10）")
    desk.room.close()


def test_story_13_where_nobody_can_tell_the_customer_hears_that_the_manager_decides() -> None:
    desk = shop("")
    zhang = of_customer(desk)
    desk.staff.says("退換修").presses("＋ 退換修").says("張先生 0912-345-678").says("電鍋 R1").says("2026/11/20")
    desk.staff.sends_photo("小票").says("煮不熟").presses("否").presses("否").presses("看不出來").presses("就這些")
    desk.staff.presses("沒問題，送出")

    zhang.sees("還看不出是不是品質問題，已請主管決定")
    zhang.says("我的案件").sees("J26-001　電鍋 R1　待主管決定")
    zhang.says("到底好了沒").sees("已轉給處理 J26-001 的同事")
    desk.manager.sees("J26-001 客戶 張先生：到底好了沒")
    desk.room.close()


def test_story_13_what_was_forgotten_at_the_counter_swallows_no_report_days_later() -> None:
    desk = shop("")
    zhang = of_customer(desk)
    brings(desk.staff, "2026/11/20", special=True)
    zhang.says("標示寫得不清楚").sees("已轉給處理 J26-001 的同事")
    desk.staff.sees("J26-001 客戶 張先生：標示寫得不清楚")

    desk.room.later(days=3)

    zhang.says("冷氣漏水").sees("有照片的話請傳過來")
    desk.room.close()


def test_story_13_a_repair_becomes_an_order_of_its_class(database_url: str) -> None:
    desk = shop(database_url)
    brings(desk.staff, "2026/9/1")
    desk.staff.presses("客戶同意").sees("已開維修單 2611-0001")
    brings(desk.staff, "2026/6/1")
    desk.staff.presses("客戶同意").sees("已開維修單 2611-0002")

    first, second = desk.room.order("2611-0001"), desk.room.order("2611-0002")
    assert (first.service_class, second.service_class) == (ServiceClass.C, ServiceClass.A)
    assert first.customer == second.customer
    assert first.report.address == desk.room.company.name
    desk.room.close()


def test_after_goods_were_exchanged_the_customer_is_asked_how_satisfied_he_is() -> None:
    """RET-15: some days later, by another than who handled it."""
    desk = shop("")
    clerk = desk.room.person("陳小姐", Role.CLERK)
    brings(desk.staff, "2026/11/12")
    desk.staff.presses("客戶同意").sees("處理完成")
    clerk.sees_nothing_new()
    desk.room.now += timedelta(days=3)
    sweep.sweep(desk.room.connection, desk.room.company.terms, now=desk.room.now)

    clerk.sees("回訪").presses("看這個案子").sees("電鍋 R1, 張先生, +886912345678").presses("完成，回報").says(
        "很滿意，下次再來"
    )

    (task,) = cases.every(desk.room.connection, Task)
    assert (task.is_open, task.result, task.about) == (
        False,
        "很滿意，下次再來",
        cases.every(desk.room.connection, Return)[0].subject,
    )
    desk.room.close()


def test_a_law_above_the_house_s_rules_is_cited_where_it_gives_more() -> None:
    """RET-16."""
    desk = shop("")
    terms, law = desk.room.company.terms, StatutoryPolicy("商品三包規定", fault_days=30)
    policy = replace(terms.policy, retail=replace(terms.policy.retail, statutory=law))
    desk.room.company = replace(desk.room.company, terms=replace(terms, policy=policy))

    brings(desk.staff, "2026/11/11")

    desk.staff.sees("判定：退貨退款", "規則 RET-2", "規則 RET-16", "法律依據：商品三包規定")
    desk.room.close()
