"""Amounts in running text (FEE-13)."""

from decimal import Decimal

import pytest

from rules.numerals import amounts_in, names


@pytest.mark.parametrize(
    ("words", "amount"),
    [
        ("賠您三百元", 300),
        ("兩千塊給您", 2000),
        ("两千块", 2000),
        ("新台幣壹仟元整", 1000),
        ("壹萬貳仟參佰肆拾伍元", 12345),
        ("十五", 15),
        ("廿五", 25),
        ("三百零五", 305),
        ("三百五", 350),
        ("一千零五十", 1050),
        ("一萬二", 12000),
        ("一萬零二", 10002),
        ("二十萬", 200000),
        ("一億二千萬", 120000000),
        ("三〇〇元", 300),
        ("３百塊", 300),
        ("1.5萬", 15000),
        ("1萬2", 12000),
        ("2千500", 2500),
        ("NT$ 1,200", 1200),
        ("1200元", 1200),
        ("百元", 100),
    ],
)
def test_an_amount_is_read_in_figures_and_in_chinese(words: str, amount: int) -> None:
    assert Decimal(amount) in amounts_in(words)


def test_each_amount_of_a_text_is_read() -> None:
    assert amounts_in("工資 500，零件兩百，共七百元，不含 12.50") == {500, 200, 700, Decimal("12.5")}


@pytest.mark.parametrize(("words", "is_named"), [("三百五十元五角", True), ("350", True), ("3500", False), ("三十五", False)])
def test_a_text_names_an_amount_with_or_without_its_fraction(words: str, is_named: bool) -> None:
    assert names(words, Decimal("350.50")) is is_named


def test_a_text_without_numbers_names_none() -> None:
    assert amounts_in("我們會盡快處理") == frozenset()
