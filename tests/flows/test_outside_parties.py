"""Contractors, other firms, first payers, makers: what is done with others, and chased (INT-14, CLM-3, CLM-4, CLS-8)."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from rules.orders import Stage, Step
from rules.people import Role
from rules.sheets import Sheet
from scheduler import digests, faults
from storage import cases
from tests import affairs, plays
from tests.flows.test_the_clock import sweeps
from tests.room import at, played

STAFF = {
    "li": ("李主任", Role.SUPERVISOR),
    "sun": ("孫經理", Role.MANAGER),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
}


@pytest.fixture
def estate() -> Iterator[SimpleNamespace]:
    with played("property", start="週五 10:00", **STAFF) as cast:
        cast.zhang.says("外牆滲水").presses("就這些").says("A 棟").says("A 棟 12 樓之 3").says("張先生").says("0912-345-678")
        cast.zhang.presses("沒問題，送出")
        yield cast


def sheet(cast: SimpleNamespace) -> Sheet:
    return cases.every(cast.room.connection, Sheet)[-1]


def to_the_contractor(cast: SimpleNamespace) -> None:
    cast.chen.presses("轉施工單位").says("大成營造").says("林工程師 02-2345-6789").says("外牆防水").says("2026/11/30")
    cast.chen.presses("沒問題，送出").sees("CW26-001", "施工單位：大成營造")


def test_what_the_builder_guarantees_is_the_contractor_s_and_is_chased_until_it_is_mended(estate: SimpleNamespace) -> None:
    """INT-14, WAR-5."""
    to_the_contractor(estate)
    estate.zhang.sees("還在施工保固期內，已通知 大成營造")
    sweeps(estate, "下週一 23:59")
    estate.chen.sees("CW26-001")
    estate.chen.presses_token(f"g.{sheet(estate).id}.close").presses("還沒，再催").says("下週才有人").says("2026/12/7")
    assert estate.room.order().is_open
    estate.chen.presses("催辦結果").presses("修好了").says("外牆重做防水，試水一天不漏")

    estate.zhang.sees("試水一天不漏")
    assert (sheet(estate).is_open, sheet(estate).n_again, estate.room.order().stage) == (False, 1, Stage.SOLVED_REMOTELY)


def test_what_is_the_contractor_s_is_not_before_the_supervisor_as_left_over(estate: SimpleNamespace) -> None:
    to_the_contractor(estate)
    estate.room.now = at("週五 23:30")

    assert digests.end_of_day(estate.room.connection, estate.room.company.terms, now=estate.room.now) == 0

    assert estate.room.order().stage is Stage.QUEUED


def test_whoever_sold_it_answers_first_and_what_comes_back_is_recorded() -> None:
    """CLM-4."""
    with played("mall", start="週五 10:00", **STAFF) as mall:
        mall.chen.says("表單").presses("＋ 先行負責").says("實木餐桌 T8").says("和風家具").says("退款 12,800").says("松木工廠")
        mall.chen.says("桌面開裂，原料含水率不合").presses("沒問題，送出").sees("FP26-001", "先行負責：和風家具")
        mall.sun.sees("FP26-001", "一個月內要追回")
        mall.chen.presses("記追回結果").presses("一部分").says("9,000").says("運費各半").sees("FP26-001 結束了")

        assert sheet(mall).found == {"back": "part", "sum": "9,000", "words": "運費各半"}


def test_another_firm_that_a_complaint_touches_is_dealt_with_together() -> None:
    """CLM-3."""
    with affairs.factory() as cast:
        affairs.to_quality(cast)
        case = affairs.case_of(cast)
        cast.ke.presses_token(f"c.{case.id}.external").sees("不能做")
        cast.fang.presses_token(f"c.{case.id}.external").presses("供應商").says("南華化工").says("何先生 0933-111-222")
        cast.fang.says("提供這批原料的檢驗報告").sees("外單位：供應商 南華化工（何先生 0933-111-222）")

        cast.qian.sees(f"{case.number} 涉及 南華化工", "提供這批原料的檢驗報告")
        cast.ke.sees("請共同處理")


def test_what_broke_most_in_a_month_goes_to_who_can_improve_it(cast: SimpleNamespace) -> None:
    """CLS-8."""
    ke = cast.room.person("柯品管", Role.QUALITY)
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.wang)
    terms = cast.room.company.terms
    assert faults.monthly(cast.room.connection, terms, now=at("下週二 08:31")) == 0  # once is not often
    once = cast.room.order()
    assert faults.often([once, once, replace(once, findings={})]) == [("大金 FTXV50", "排水管", 2)]
    assert once.found(Step.CHECK)["component"] == "排水管"
    ke.sees_nothing_new()


def test_the_month_s_list_leads_to_an_improvement_with_an_owner_and_a_day(cast: SimpleNamespace) -> None:
    """CLS-8: twice the same drain pipe in November; told once, on the first working morning of December."""
    ke = cast.room.person("柯品管", Role.QUALITY)
    plays.on_site(cast)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.wang)
    plays.reports(cast.room.person("林太太"), "又漏水")
    cast.li.presses("派 趙師傅")
    plays.gets_ready(cast.zhao)
    plays.arrives(cast.zhao)
    for step in (plays.listens, plays.looks, plays.checks):
        step(cast.zhao)
    terms = cast.room.company.terms
    cast.room.now = at("下週二 08:31")
    assert [faults.monthly(cast.room.connection, terms, now=cast.room.now) for _ in range(2)] == [1, 0]
    ke.sees("2026-11 最常見的故障", "大金 FTXV50 排水管：2 次").presses("＋ 改善單").says("FTXV50 排水管易堵").says("加大管徑")
    ke.presses("柯品管").says("2027/1/31").presses("沒問題，送出").sees("IM26-001", "期限：1月31日")
    ke.presses("填改善結果").presses("有改善").says("改 20 mm 排水管")

    assert (sheet(cast).is_open, sheet(cast).found["effect"]) == (False, "better")
