"""What a customer owes the company by its books, and the reminder that after-sales helps to collect it with (FEE-11)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rules.clocks import first_thing
from rules.decisions import Audience
from rules.money import Money
from rules.tasks import Errand, Task
from rules.terms import Terms


@dataclass(frozen=True)
class Balance:
    """How much is overdue in smallest units, and since which day."""

    minor: int
    currency: str
    since: date

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)


def number_of(customer: int, balance: Balance) -> str:
    """The reminder's number: one for each customer and day since which he owes."""
    return f"BAL-{customer}-{balance.since:%y%m%d}"


def reminder(customer: int, name: str, branch: str, balance: Balance, *, now: datetime, terms: Terms) -> Task:
    """Somebody of after-sales reminds the customer, with the accountants' figures, within two working days (FEE-11)."""
    due_at = first_thing(terms.calendar.local_day(now) + timedelta(days=2), terms.calendar)
    number = number_of(customer, balance)
    return Task(
        number=number, branch=branch, opened_at=now, customer=customer, about_number=number, errand=Errand.BALANCE,
        due_at=due_at, post=Audience.CLERK, words=f"{name} {balance.money} ({balance.since.isoformat()})",
        policy_version=terms.policy.version,
    )  # fmt: skip
