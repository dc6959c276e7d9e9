"""Credited against sold, costs against a budget (KPI-10, KPI-11)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from rules.books import Account, ratios
from rules.complaint_records import Handling, Outcome
from rules.complaints import Complaint
from rules.figure_words import account_lines, ratio_line
from rules.money import Money
from tests.rules.affair import OPINION, decided, up_for_decision


def case(customer: str = "華新電子", amount: int = 8000, handling: Handling = Handling.RETURN, **opinion: object) -> Complaint:
    found = decided(replace(OPINION, handling=handling, amount=Decimal(amount), **opinion)).case  # type: ignore[arg-type]
    return replace(found, customer_name=customer)


def test_returns_and_credit_notes_are_summed_by_customer_and_compared_with_his_sales() -> None:
    found = ratios(
        [case(), case(amount=2000, handling=Handling.ALLOWANCE), case("大同", 500)],
        {"華新 電子": Decimal(200000), "大同": Decimal(0), "別家": Decimal(50000)},
    )

    assert [(one.customer, one.n, one.credited, one.value) for one in found] == [
        ("華新電子", 2, 10000, Fraction(5, 100)),
        ("大同", 1, 500, None),
        ("", 3, 10500, Fraction(42, 1000)),
    ]


@pytest.mark.parametrize(
    "other",
    [
        case(handling=Handling.EXCHANGE),
        replace(case(), opinion=replace(OPINION, outcome=Outcome.REFUSED)),
        replace(up_for_decision().case, customer_name="華新電子"),
    ],
    ids=["exchanged", "refused", "not decided yet"],
)
def test_what_was_not_credited_counts_for_nothing(other: Complaint) -> None:
    assert ratios([other], {}) == ()


def test_without_sales_on_record_the_line_says_so_and_nothing_is_divided() -> None:
    each, whole = ratios([case()], {})

    assert (each.value, whole.value) == (None, None)
    assert ratio_line(each, "TWD")["text"] == "statement.no-sales"
    assert ratio_line(whole, "TWD")["facts"]["customer"] == {"text": "statement.all-customers"}


def twd(amount: int) -> Money:
    return Money(amount * 100, "TWD")


@pytest.mark.parametrize(
    ("budget", "texts"),
    [
        (twd(1000), ["figures.account", "figures.budget"]),
        (twd(899), ["figures.account", "figures.over-budget"]),
        (twd(0), ["figures.account", "figures.no-budget"]),
        (None, ["figures.account", "figures.no-budget"]),
    ],
)
def test_costs_are_set_against_the_budget_where_there_is_one(budget: Money | None, texts: list[str]) -> None:
    account = Account(twd(5000), twd(500), twd(100), twd(300), budget)

    lines = account_lines(account)

    assert [one["text"] for one in lines] == texts
    assert lines[0]["facts"]["costs"] == "900 TWD"


def test_of_a_month_without_money_nothing_is_said() -> None:
    nothing = twd(0)

    assert account_lines(Account(nothing, nothing, nothing, nothing, None)) == []
