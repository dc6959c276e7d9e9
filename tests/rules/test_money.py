"""Amounts as people write them, to the cent, in one currency (FEE)."""

from decimal import Decimal

import pytest

from rules.money import MOST, CurrencyMix, Dues, Money, Unreadable, places, read_amount, total


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("500", 50000),
        ("１，２００", 120000),
        ("1,200.50", 120050),
        ("1,234,567", 123456700),
        ("NT$ 1,200", 120000),
        ("＄１８０元", 18000),
        ("180 塊錢", 18000),
        ("新台幣 1 200 元整", 120000),
        ("TWD 0.05", 5),
        ("12.500", 1250),
    ],
)
def test_digits_of_any_width_separators_and_the_name_of_the_currency_are_understood(typed: str, minor: int) -> None:
    assert read_amount(typed, "TWD") == Money(minor, "TWD")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("人民幣 500", "other-currency"),
        ("US$500", "other-currency"),
        ("￥500", "other-currency"),
        ("NT$500 RMB", "mixed"),
        ("-500", "negative"),
        ("負 500", "negative"),
        ("12.345", "too-fine"),
        ("999,999,999,999", "too-large"),
        ("1,20", "amount"),
        ("1.200,50", "amount"),
        ("五百", "amount"),
        ("500 或 600", "amount"),
        ("", "amount"),
        ("1" * 5000, "too-large"),
    ],
)
def test_what_can_t_be_taken_says_why(typed: str, code: str) -> None:
    with pytest.raises(Unreadable) as found:
        read_amount(typed, "TWD")

    assert found.value.code == code


def test_a_yen_sign_means_what_the_company_reckons_in() -> None:
    assert read_amount("¥500", "CNY") == Money(50000, "CNY")
    assert read_amount("¥500", "JPY") == Money(500, "JPY")
    assert places("JPY") == 0
    with pytest.raises(Unreadable):
        read_amount("¥500.5", "JPY")


def test_the_largest_amount_is_taken_and_no_more() -> None:
    most = Money(MOST, "TWD")

    assert read_amount(str(most), "TWD") == most


def test_two_currencies_never_add_up() -> None:
    with pytest.raises(CurrencyMix):
        Money(1, "TWD") + Money(1, "CNY")
    with pytest.raises(CurrencyMix):
        total([Money(1, "TWD"), Money(1, "CNY")], "TWD")
    assert total([], "TWD") == Money(0, "TWD")


def test_an_amount_is_exact_and_reads_well() -> None:
    assert Money.of(Decimal("1200.5"), "TWD") == Money(120050, "TWD")
    assert (str(Money(120050, "TWD")), str(Money(50000, "TWD")), Money(50000, "TWD").exact) == (
        "1,200.50 TWD",
        "500 TWD",
        "500.00",
    )
    assert Money(1, "TWD").percent(Decimal(50)) == Money(1, "TWD")
    with pytest.raises(Unreadable):
        Money.of(Decimal("0.001"), "TWD")


def test_what_is_open_is_what_was_agreed_less_what_was_paid() -> None:
    dues = Dues("TWD", agreed=1200, paid=200)

    assert dues.outstanding == Money(1000, "TWD")
    assert not dues.is_settled and not dues.is_paid
    assert Dues("TWD", agreed=1200, paid=200, invoiced=1000).is_settled
    assert Dues("TWD", agreed=1200, paid=1200).is_paid
    assert Dues().is_settled and not Dues().is_paid
