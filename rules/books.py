"""What the company's books say of a month beside what the desk knows: credited against sold, costs against a budget.

Sales and budgets are taken in from lists; without them a figure says so, and nothing is divided (KPI-10, KPI-11, DLY-9).
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from rules.complaint_records import Handling, Outcome
from rules.complaints import Complaint
from rules.money import Money

CREDITED = frozenset({Handling.ALLOWANCE, Handling.RETURN})
"""How a complaint is put right so that its amount is taken off what was sold (KPI-10)."""


class Book(StrEnum):
    """Which list of a month something stands in: what a customer bought, or what a branch may spend."""

    SALES = "sales"
    BUDGET = "budget"


@dataclass(frozen=True)
class Ratio:
    """What a customer was credited in a month against what was sold to him; an empty name stands for all of them."""

    customer: str
    n: int
    credited: Decimal
    sales: Decimal | None

    @property
    def value(self) -> Fraction | None:
        """None where no sales are on record (KPI-14)."""
        return Fraction(self.credited) / Fraction(self.sales) if self.sales else None


def ratios(cases: Iterable[Complaint], sales: Mapping[str, Decimal]) -> tuple[Ratio, ...]:
    """Each customer who was credited, the most first, then all of them together where there is anything (KPI-10).

    `cases` are those decided in the month, `sales` what was sold in it by customer. Customers are told apart by their names.
    """
    sold: dict[str, Decimal] = {}
    for name, sum_sold in sales.items():
        sold[plain(name)] = sold.get(plain(name), Decimal(0)) + sum_sold
    found: dict[str, Ratio] = {}
    for case in cases:
        if (amount := credited(case)) is not None:
            key = plain(case.customer_name)
            so_far = found.get(key) or Ratio(case.customer_name, 0, Decimal(0), sold.get(key))
            found[key] = Ratio(so_far.customer, so_far.n + 1, so_far.credited + amount, so_far.sales)
    each = sorted(found.values(), key=lambda one: (-one.credited, one.customer))
    if not each and not sold:
        return ()
    everything = sum(sold.values(), Decimal(0))
    n, amount = sum(one.n for one in each), sum((one.credited for one in each), Decimal(0))
    return (*each, Ratio("", n, amount, everything or None))


def credited(case: Complaint) -> Decimal | None:
    """What was taken back or allowed by the decision of a complaint; None where nothing was."""
    opinion = case.opinion
    if case.verdict is None or opinion is None or opinion.outcome is not Outcome.UPHELD or opinion.handling not in CREDITED:
        return None
    return opinion.amount


def plain(name: str) -> str:
    """A customer's name as it is compared: without spaces, full-width as half-width, case ignored."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True)
class Account:
    """A department's month: what it charged, what it spent and for what, and what it might (KPI-11)."""

    fees: Money
    expenses: Money
    freight: Money
    compensation: Money
    budget: Money | None

    @property
    def costs(self) -> Money:
        return self.expenses + self.freight + self.compensation

    @property
    def used(self) -> Fraction | None:
        """How much of the budget was spent; None without one (KPI-14)."""
        return Fraction(self.costs.minor, self.budget.minor) if self.budget and self.budget.minor else None

    @property
    def is_empty(self) -> bool:
        return not self.fees.minor and not self.costs.minor and self.budget is None
