"""What the house does for its people: trainings, the weekly agenda, one's own old work, sheets for HR (STF, CND-7, RET-17)."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from rules.people import Role
from rules.sheets import Sheet
from scheduler import hr, meetings
from storage import cases
from tests import plays
from tests.flows.test_story_13 import brings
from tests.room import at, played

STAFF = {
    "li": ("李主任", Role.SUPERVISOR),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhao": ("趙師傅", Role.TECHNICIAN),
    "fang": ("方人事", Role.HR),
}


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    with played("appliance", start="週五 10:00", **STAFF) as cast:
        yield cast


def plans_training(cast: SimpleNamespace, *, quiz: bool = True) -> Sheet:
    cast.li.says("表單").presses("＋ 教育訓練").says("冷媒回收").says("2026/11/28").says("14:00 會議室").presses("1.5 小時")
    cast.li.presses("技術員")
    if quiz:
        cast.li.presses("考一題").says("冷媒可以排放嗎？").says("不可以，要回收").says("可以")
    else:
        cast.li.presses("不用")
    cast.li.presses("沒問題，送出").sees("TN26-001 登記好了", "已參加 0/2")
    return cases.every(cast.room.connection, Sheet)[-1]


def test_a_training_is_attended_on_its_day_and_stands_in_the_daily_report_as_own_work(cast: SimpleNamespace) -> None:
    """STF-15."""
    training = plans_training(cast)
    cast.wang.sees("安排了教育訓練 TN26-001", "主題：冷媒回收", "[我參加了]")
    assert "不可以，要回收" not in cast.wang.transcript()
    cast.wang.presses("我參加了").sees("2026年11月28日", "規則 STF-15")

    cast.room.now = at("週六 16:00")
    cast.wang.presses_token(f"g.{training.id}.close").sees("冷媒可以排放嗎", "[不可以，要回收]", "[可以]")
    cast.wang.presses("不可以，要回收").sees("答對了")
    cast.wang.presses_token(f"g.{training.id}.close").sees("TN26-001")
    cast.zhao.presses_token(f"g.{training.id}.close").presses("可以").sees("正確答案是：不可以，要回收")

    cast.li.sees("教育訓練 TN26-001 結束了", "已參加 2/2", "小測驗答對 1/2")
    assert not cases.every(cast.room.connection, Sheet)[-1].is_open
    cast.wang.says("日報").sees("D　冷媒回收　90 分鐘")


def test_who_plans_a_training_ends_it_whoever_was_there(cast: SimpleNamespace) -> None:
    training = plans_training(cast, quiz=False)
    cast.chen.presses_token(f"g.{training.id}.card").sees("教育訓練")
    cast.room.now = at("週六 16:00")
    cast.wang.presses("我參加了").sees("記下您參加了")

    cast.li.presses("結束訓練").sees("已參加 1/2")

    cast.zhao.presses_token(f"g.{training.id}.close").sees("已經")
    cast.zhao.says("日報")
    assert "冷媒回收" not in cast.zhao.last().text


def test_one_s_own_old_work_is_listed_by_age_for_nobody_else(cast: SimpleNamespace) -> None:
    """CND-7."""
    cast.wang.says("積壓").sees("沒有等您處理的事")
    plays.dispatched(cast)
    cast.room.later(days=9)
    plays.reports(cast.zhang.says("報修"), "臥室冷氣不冷")

    cast.wang.says("積壓").sees("共 1 件", "只有您自己看得到", "14 天內 1", "2611-0001　大金 FTXV50　9 天", "[2611-0001]")

    cast.zhao.says("積壓").sees("沒有等您處理的事")
    cast.li.says("積壓").sees("2612-0001　大金 FTXV50　0 天")
    assert "2611-0001" not in cast.li.last().text
    cast.zhang.says("積壓")
    assert "9 天" not in cast.zhang.transcript()


def test_on_the_first_morning_of_a_week_the_supervisor_has_the_agenda(cast: SimpleNamespace) -> None:
    """STF-17."""
    plays.dispatched(cast)
    terms = cast.room.company.terms

    def looks(when: str) -> int:
        cast.room.now = at(when)
        return meetings.look(cast.room.connection, terms, now=cast.room.now)

    assert [looks(one) for one in ("下週一 08:29", "下週一 08:31", "下週一 09:30")] == [0, 1, 0]
    cast.li.sees("例會議程", "【逾時】1 件", "2611-0001", "【超過一週未結】0 件", "【處理中的客訴】0 件")

    cast.room.now = at("下週六 10:01")
    cast.li.says("例會").sees("【超過一週未結】1 件", "2611-0001　大金 FTXV50　8 天", "[2611-0001]")
    cast.wang.says("例會").sees("身分不能做")


def test_hr_has_each_technician_s_month_with_his_figures(cast: SimpleNamespace) -> None:
    """STF-8."""
    plays.on_site(cast)
    terms = cast.room.company.terms
    cast.room.now = at("下週二 08:31")

    assert hr.monthly(cast.room.connection, terms, now=cast.room.now) == 1
    assert hr.monthly(cast.room.connection, terms, now=cast.room.now) == 0

    cast.fang.sees("2026-11 個人月表，共 2 人", "王師傅：1 單", "趙師傅：0 單")
    papers = cast.room.raw("SELECT body FROM outbox WHERE body LIKE '%hr.sheets%'")
    assert str(papers).count("figures-pdf:2026-11:") == 1
    assert "個人月表" not in cast.li.transcript()


def test_a_shop_s_month_is_audited_for_its_heads_and_nothing_is_decided() -> None:
    """RET-17."""
    staff = {"lin": ("店員小林", Role.STORE_STAFF), "wu": ("吳店長", Role.MANAGER), "ops": ("營運部", Role.OPS_MANAGER)}
    with played("retail", start="週五 10:00", **staff) as shop:
        brings(shop.lin, "2026/11/20", special=True)
        shop.lin.presses("客戶不同意").says("要退錢")
        shop.wu.presses("做決定").presses("換貨").says("標示不清楚")
        shop.lin.says("退換修").presses("＋ 退換修").says("李小姐 0922-333-444").says("電鍋 R1").says("2026/12/30")
        shop.lin.says("取消")
        shop.room.now = at("下週二 09:01")

        assert hr.monthly(shop.room.connection, shop.room.company.terms, now=shop.room.now) == 2

        for head in (shop.wu, shop.ops):
            head.sees("2026-11 門市規章稽核：1 人", "店員小林：受理 1 件・改判 1・無購買憑證 0", "由主管決定")
        assert "稽核" not in shop.lin.transcript()
