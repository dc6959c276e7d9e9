"""What differs from company to company about money: fees, terms of the guarantee, expenses (RULEBOOK 0.1, 22, 23)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from rules.visit_policy import SignerRole


@dataclass(frozen=True)
class FeesPolicy:
    """When a customer pays and whose consent a charge needs. `prices` is the price list, by what is charged for.

    `signed_by` are those whose signature on the voucher money waits for; none: it waits for no signature (SIG-9).
    """

    timing: Literal["prepaid", "after_service", "on_site_or_invoice"] = "after_service"
    on_site_cash_limit: Decimal = Decimal(200)
    need_approval: Literal["always", "above_list_price", "never"] = "above_list_price"
    receipt: Literal["required", "optional"] = "required"
    signed_by: tuple[SignerRole, ...] = ()
    types: tuple[Literal["A", "B", "C", "D"], ...] = ("A", "B", "C", "D")
    prices: Mapping[str, Decimal] = field(default_factory=dict)
    tax_percent: Decimal = Decimal(0)  # on top of the prices; 0: they include it
    quote_days: int = 14  # how long a quote holds
    manager_above: Decimal | None = None  # above it the manager consents, not the supervisor


@dataclass(frozen=True)
class WarrantyTerm:
    """How long a model is free of charge, whichever ends first; 0 is no limit for mileage and hours."""

    months: int = 12
    mileage: int = 0
    hours: int = 0


@dataclass(frozen=True)
class WarrantyPolicy:
    """The usual term, those of models by the beginning of their name, and causes that are not covered."""

    months: int = 12
    mileage: int = 0
    hours: int = 0
    models: Mapping[str, WarrantyTerm] = field(default_factory=dict)
    excluded: tuple[Literal["misuse", "third_party", "installation", "wear"], ...] = ("misuse", "third_party")

    @property
    def usual(self) -> WarrantyTerm:
        return WarrantyTerm(self.months, self.mileage, self.hours)


@dataclass(frozen=True)
class ExpensePolicy:
    """How long after it was paid out an advance has to be settled."""

    settle_days: int = 14
