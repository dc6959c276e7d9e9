"""Absence without leave: three days in a row, or more than six a year (STF-7)."""

from datetime import date, timedelta

import pytest

from rules.attendance import Day, Missed, missed
from tests.cast import terms_of

FIGURES = terms_of("appliance").policy.hours
FIRST = date(2026, 11, 2)


def days(marks: str) -> list[Day]:
    """`-` for a day missed, `x` for one there."""
    return [Day(FIRST + timedelta(days=n), mark == "x") for n, mark in enumerate(marks)]


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ("", None),
        ("xx--", None),
        ("x---", (3, 3)),
        ("x----", (4, 4)),
        ("---x", None),  # he is back
        ("-x-x-x-x-x-", None),  # six a year are not more than six
        ("-x-x-x-x-x-x-", (1, 7)),
    ],
)
def test_hr_hears_of_three_days_in_a_row_or_more_than_six_a_year(marks, told):
    found = missed(days(marks), FIGURES)

    assert found == (told and Missed(*told, FIRST + timedelta(days=len(marks) - 1)))
