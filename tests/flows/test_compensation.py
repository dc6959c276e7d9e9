"""Compensation: an amount with its reason, approved by whose authority it is, promised to nobody before (FEE-13)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from rules.compensations import Compensation
from rules.people import Role
from storage import cases
from tests import plays
from tests.room import played

STAFF = {
    "li": ("李主任", Role.SUPERVISOR),
    "wu": ("吳經理", Role.MANAGER),
    "guo": ("郭總", Role.GM),
    "chen": ("陳小姐", Role.CLERK),
    "wang": ("王師傅", Role.TECHNICIAN),
    "zhou": ("周會計", Role.ACCOUNTANT),
}


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """王師傅 has flooded a floor; the manager may decide up to 5,000."""
    with played("appliance", **STAFF) as cast:
        terms = cast.room.company.terms
        limits = replace(terms.policy.complaint, limits={"manager": Decimal(5000)})
        cast.room.company = replace(cast.room.company, terms=replace(terms, policy=replace(terms.policy, complaint=limits)))
        plays.on_site(cast)
        plays.has_read(cast.zhang)
        yield cast


def proposes(cast: SimpleNamespace, amount: str = "3000") -> Compensation:
    cast.wang.says("申請賠償").says(amount).says("地板泡水").presses("沒問題，送出").sees("等核准", "別答應客戶")
    return cases.every(cast.room.connection, Compensation)[-1]


def test_the_customer_hears_of_it_with_the_approval_and_not_before(cast: SimpleNamespace) -> None:
    paper = proposes(cast)
    cast.zhang.sees_nothing_new()
    cast.li.presses_token(f"cp.{paper.id}.grant").sees("超過您的核決權限", "經理", "FEE-13")
    cast.zhang.presses_token(f"cp.{paper.id}.card").sees("查不到")
    cast.wu.sees("王師傅 申請賠償 CP26-001", "3,000 TWD", "地板泡水").presses("核准").sees("CP26-001 核准了")

    cast.zhang.sees("我們賠償您 3,000 TWD")
    cast.zhou.sees("CP26-001", "請付給客戶")
    cast.wang.sees("已由 吳經理 核准")


def test_nobody_promises_the_customer_what_is_not_approved(cast: SimpleNamespace) -> None:
    proposes(cast)
    order = cast.room.order()
    cast.chen.presses_token(f"o.{order.id}.answer").says("我們會賠您三千").sees("還沒核准", "FEE-13")
    cast.chen.presses_token(f"o.{order.id}.answer").says("地板的 3,000 元沒問題").sees("還沒核准")
    cast.chen.presses_token(f"o.{order.id}.answer").says("地板的３，０００元沒問題").sees("還沒核准")
    cast.chen.presses_token(f"o.{order.id}.answer").says("地板的三千塊沒問題").sees("還沒核准")
    cast.chen.presses_token(f"o.{order.id}.answer").says("地板叁仟元沒問題").sees("還沒核准")
    cast.wang.says("已跟客戶說會賠償").presses("轉給客戶").sees("還沒核准")
    cast.zhang.sees_nothing_new()

    cast.chen.presses_token(f"o.{order.id}.answer").says("損失我們在查，明天 10 點前回覆您")

    cast.zhang.sees("明天 10 點前回覆您")


def test_what_is_not_approved_is_told_to_whoever_proposed_it_only(cast: SimpleNamespace) -> None:
    paper = proposes(cast)
    cast.wu.presses("不准").says("是舊損壞").sees("不准")

    cast.wang.sees("沒有核准（吳經理）：是舊損壞", "請別答應客戶")
    cast.zhang.sees_nothing_new()
    cast.wu.presses_token(f"cp.{paper.id}.grant").sees("REC-1")


def test_an_amount_above_the_manager_s_is_the_general_manager_s_and_never_the_proposer_s(cast: SimpleNamespace) -> None:
    paper = proposes(cast, "8000")
    cast.wu.presses_token(f"cp.{paper.id}.deny").sees("超過您的核決權限", "總經理")
    cast.guo.sees("CP26-001").presses("核准")
    order = cast.room.order()
    cast.wu.presses_token(f"o.{order.id}.compensate").says("1000").says("牆面").presses("沒問題，送出")
    second = cases.every(cast.room.connection, Compensation)[-1]

    cast.wu.presses_token(f"cp.{second.id}.grant").sees("FEE-13")

    assert [one.stage for one in cases.every(cast.room.connection, Compensation)] == ["approved", "proposed"]


def test_an_approved_compensation_stands_in_the_report_that_is_signed(cast: SimpleNamespace) -> None:
    """VIS-7: amount, reason, approver."""
    proposes(cast)
    cast.wu.presses("核准")
    for step in (plays.listens, plays.looks, plays.checks, plays.acts, plays.tries_it):
        step(cast.wang)

    cast.wang.presses("簽名").sees("賠償：3,000 TWD，地板泡水（核准：吳經理）")


def test_nothing_is_proposed_without_an_amount_or_by_a_stranger(cast: SimpleNamespace) -> None:
    order = cast.room.order()
    cast.stranger.presses_token(f"o.{order.id}.compensate").sees("查不到")
    cast.zhang.presses_token(f"o.{order.id}.compensate").sees("不能做")
    cast.wang.presses_token(f"o.{order.id}.compensate").says("0").says("賠一點")

    assert cases.every(cast.room.connection, Compensation) == []


def test_without_a_table_of_authority_nobody_below_the_general_manager_is_guessed_to_have_it(cast: SimpleNamespace) -> None:
    """RULEBOOK 0.1: not configured is said, not guessed."""
    terms = cast.room.company.terms
    none = replace(terms.policy, complaint=replace(terms.policy.complaint, limits={}))
    cast.room.company = replace(cast.room.company, terms=replace(terms, policy=none))
    paper = proposes(cast)

    cast.wu.presses_token(f"cp.{paper.id}.grant").sees("核決權限表還沒設定", "FEE-13")
    cast.guo.presses("核准")

    assert cases.every(cast.room.connection, Compensation)[0].stage == "approved"
