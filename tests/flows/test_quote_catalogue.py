"""A quote takes its lines from catalogue and price list, one tap each; typed ones are as good (FEE-3, FEE-5)."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from rules.quotes import LineKind, Quote, QuoteLine
from rules.stock import Part
from storage import cases, stock
from tests import depot, plays


@pytest.fixture
def cast() -> Iterator[SimpleNamespace]:
    """王師傅 is at a paid job; the catalogue knows what a compressor costs."""
    with depot.branch() as cast:
        for part in (Part(0, "C-7", "壓縮機", price=Decimal("3200")), Part(0, "C-8", "小螺絲", price=Decimal("0.123"))):
            stock.keep_part(cast.room.connection, part, now=cast.room.now)
        plays.on_site(cast)
        plays.listens(cast.wang)
        cast.wang.presses("看：外觀與保固").presses("已過保固").presses("否").presses("就這些").presses("沒問題，送出")
        yield cast


def quote(cast: SimpleNamespace) -> Quote:
    return cases.every(cast.room.connection, Quote)[-1]


def test_a_part_of_the_catalogue_brings_its_price(cast: SimpleNamespace) -> None:
    cast.wang.presses("💰 報價").presses("零件").says("2 個 C-7").presses("3,200 TWD").presses("否").says("壓縮機磨損")
    cast.wang.sees("6,400").presses("沒問題，送出")

    known = stock.by_number(cast.room.connection, "C-7")
    assert known is not None
    assert quote(cast).lines == (QuoteLine(LineKind.PART, "C-7 壓縮機", 2, 320_000, known.id, 320_000),)
    assert quote(cast).stage == "offered"  # it costs what the catalogue says: nobody has to consent first


def test_above_the_price_of_the_catalogue_the_leader_consents_first(cast: SimpleNamespace) -> None:
    cast.wang.presses("💰 報價").presses("零件").says("C-7").says("1").says("3500").presses("否").says("壓縮機磨損")
    cast.wang.presses("沒問題，送出")

    assert quote(cast).stage == "approval"


def test_a_label_is_as_good_as_its_number(cast: SimpleNamespace) -> None:
    cast.wang.presses("💰 報價").presses("零件").sends_photo("標籤", codes=("C-7",)).presses("C-7 壓縮機").says("1")
    cast.wang.presses("3,200 TWD").presses("否").says("壓縮機磨損").presses("沒問題，送出")

    assert quote(cast).lines[0].what == "C-7 壓縮機"


def test_what_the_catalogue_does_not_know_or_can_not_price_is_typed_as_ever(cast: SimpleNamespace) -> None:
    cast.wang.presses("💰 報價").presses("零件").says("進口閥門").says("1").says("900").presses("是")
    cast.wang.presses("零件").says("C-8").says("10").says("1").presses("否").says("客戶要求").presses("沒問題，送出")

    assert [(line.what, line.part > 0, line.price, line.listed) for line in quote(cast).lines] == [
        ("進口閥門", False, 90_000, None),
        ("C-8 小螺絲", True, 100, None),
    ]


def test_work_that_the_price_list_names_is_one_tap(cast: SimpleNamespace) -> None:
    room = cast.room
    policy = room.company.terms.policy
    listed = replace(policy, fees=replace(policy.fees, prices={"檢修工資": Decimal(500)}))
    room.company = replace(room.company, terms=replace(room.company.terms, policy=listed))

    cast.wang.presses("💰 報價").presses("工資").presses("檢修工資").says("1").presses("500 TWD").presses("否").says("出工一趟")
    cast.wang.presses("沒問題，送出")

    assert quote(cast).lines == (QuoteLine(LineKind.LABOUR, "檢修工資", 1, 50_000, 0, 50_000),)
