"""What of a policy concerns complaints and surveys; read with the others in rules/policies.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class SurveyPolicy:
    """How opinions are asked for (SUR). `remind_days` and `lapse_days` count from the day it was sent."""

    mode: Literal["every_call", "on_site", "periodic"] = "every_call"
    when: Literal["closed", "call_day"] = "closed"
    aspects: tuple[Literal["attitude", "technique", "arrival_time", "promises"], ...] = (
        "attitude",
        "technique",
        "arrival_time",
        "promises",
    )
    levels: Literal[4] = 4
    remind_days: int = 3
    lapse_days: int = 14
    follow_up_days: tuple[int, ...] = (3, 30)
    least_ratings: int = 3
    half_yearly: bool = False  # besides, every customer each half year (SUR-11)


@dataclass(frozen=True)
class CustomerPolicy:
    """The lines of a customer's file (INT-12): monthly_usage, models_used, quality_demands, or the company's own words."""

    fields: tuple[str, ...] = ()


MOST_FIELDS, LONGEST_FIELD = 12, 30


def check_fields(policy: CustomerPolicy) -> None:
    """Raise ValueError for lines that stand twice, say nothing, or are more than fit on a card."""
    if len(set(policy.fields)) != len(policy.fields) or len(policy.fields) > MOST_FIELDS:
        raise ValueError(f"at most {MOST_FIELDS} different lines")
    for one in policy.fields:
        if not 0 < len(one.strip()) <= LONGEST_FIELD:
            raise ValueError(f"{one!r} has to have 1 to {LONGEST_FIELD} characters")


@dataclass(frozen=True)
class ComplaintPolicy:
    synthesis_days: Decimal = Decimal(1)
    synthesis_target_days: Decimal = Decimal("0.5")
    day_kind: Literal["calendar", "working"] = "calendar"
    copies: tuple[Literal["quality", "manufacturing", "sales", "accounting", "gm_office"], ...] = (
        "quality",
        "manufacturing",
        "sales",
        "accounting",
        "gm_office",
    )
    domestic_days: int = 13
    foreign_days: int = 17
    route: Literal["service", "product"] = "service"
    form_days: Decimal = Decimal(1)
    office_days: Decimal = Decimal("0.5")
    quality_days: Decimal = Decimal(1)
    manufacturing_days: Decimal = Decimal(1)
    rnd_days: Decimal = Decimal(1)
    sales_days: Decimal = Decimal(5)
    sales_foreign_days: Decimal = Decimal(12)
    visit_days: Decimal = Decimal(2)
    decision_days: Decimal = Decimal(2)
    execution_days: Decimal = Decimal(3)
    inspection_days: Decimal = Decimal(3)
    effect_days: int = 30
    limits: Mapping[Literal["manager", "deputy_gm"], Decimal] = field(default_factory=dict)
    return_tolerance_percent: Decimal = Decimal(0)
    return_proofs: tuple[str, ...] = ("original_invoice", "invoice_copy", "return_certificate")
    allowance_proofs: tuple[str, ...] = ("original_invoice", "allowance_certificate")
