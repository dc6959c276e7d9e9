"""Money: exact amounts of one currency, counted in its smallest unit, and how people write them (FEE)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MOST = 100_000_000_000
"""The largest amount that is taken, in smallest units: whatever is above is a slip of the finger."""
_WITHOUT_CENTS = frozenset({"JPY", "KRW", "VND"})
_NAMES = {
    "TWD": ("nt$", "ntd", "twd", "新台幣", "新臺幣", "台幣", "臺幣", "新台币", "台币"),
    "CNY": ("rmb", "cny", "cn¥", "人民幣", "人民币", "yuan"),
    "HKD": ("hk$", "hkd", "港幣", "港币", "港元"),
    "USD": ("us$", "usd", "美元", "美金"),
    "JPY": ("jpy", "日圓", "日元", "日幣", "日币"),
    "EUR": ("eur", "€", "歐元", "欧元"),
    "": ("塊錢", "块钱", "元整", "元", "圓", "圆", "塊", "块", "$", "dollars", "整"),
}
"""How currencies are called; those under the empty code mean whatever the company reckons in."""
_YEN_SIGN = ("CNY", "JPY")
_KNOWN = sorted(((name, code) for code, names in _NAMES.items() for name in names), key=lambda pair: -len(pair[0]))
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?")


class Unreadable(ValueError):
    """An amount that can't be taken; `code` says what is wrong with it, for the sentence that tells."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CurrencyMix(ValueError):
    """Two currencies in one sum."""


def places(currency: str) -> int:
    """How many decimals a currency has."""
    return 0 if currency in _WITHOUT_CENTS else 2


@dataclass(frozen=True)
class Money:
    """An amount in smallest units of a currency. Sums of two currencies raise CurrencyMix."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """From an exact decimal. Raises Unreadable("too-fine") for fractions of the smallest unit."""
        scaled = amount.scaleb(places(currency))
        if scaled != scaled.to_integral_value():
            raise Unreadable("too-fine")
        return cls(int(scaled), currency)

    @property
    def amount(self) -> Decimal:
        return Decimal(self.minor).scaleb(-places(self.currency))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other), self.currency)

    def __str__(self) -> str:
        """As it is said: 500 TWD, 1,200.50 TWD."""
        decimals = 0 if self.amount == self.amount.to_integral_value() else places(self.currency)
        return f"{self.amount:,.{decimals}f} {self.currency}"

    @property
    def exact(self) -> str:
        """As it stands in a column: 1,200.00."""
        return f"{self.amount:,.{places(self.currency)}f}"

    def percent(self, rate: Decimal) -> "Money":
        """A rate of it, such as a tax of 5, rounded half up to the smallest unit."""
        return Money(int((Decimal(self.minor) * rate / 100).quantize(Decimal(1), ROUND_HALF_UP)), self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise CurrencyMix(f"{self.currency} and {other.currency}")
        return other.minor


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum; nothing adds up to nothing of that currency."""
    found = Money(0, currency)
    for one in amounts:
        found += one
    return found


def read_amount(text: str, currency: str) -> Money:
    """What somebody typed, such as `１，２００元`, `NT$ 1,200.50` or `500`. Raises Unreadable with what is wrong.

    Full-width digits and thousands separators are understood; another currency, a mix, and fractions of a cent are not taken.
    """
    rest = unicodedata.normalize("NFKC", text).casefold().strip()
    rest, named = _without_names(rest, currency)
    if len(named) > 1:
        raise Unreadable("mixed")
    if named and named != {currency}:
        raise Unreadable("other-currency")
    rest = rest.replace(" ", "").removeprefix("+")
    if rest.startswith(("-", "−", "負", "负")):
        raise Unreadable("negative")
    match = _AMOUNT.fullmatch(rest)
    if match is None:
        raise Unreadable("amount")
    whole, fraction = match[1].replace(",", ""), (match[2] or "").rstrip("0")
    if len(fraction) > places(currency):
        raise Unreadable("too-fine")
    if len(whole) > len(str(MOST)):
        raise Unreadable("too-large")
    found = Money.of(Decimal(f"{whole}.{fraction or 0}"), currency)
    if found.minor > MOST:
        raise Unreadable("too-large")
    return found


def _without_names(text: str, currency: str) -> tuple[str, set[str]]:
    """The text without what currencies are called, and which of them were named."""
    named: set[str] = set()
    for name, code in _KNOWN:
        if name in text:
            text = text.replace(name, " ")
            named |= {code} if code else set()
    if "¥" in text:
        text = text.replace("¥", " ")
        named.add(currency if currency in _YEN_SIGN else "CNY")
    return text, named


@dataclass(frozen=True)
class Dues:
    """What an order's customer owes, in smallest units: accepted in quotes, paid against receipts, asked for by invoice."""

    currency: str = ""
    agreed: int = 0
    paid: int = 0
    invoiced: int = 0
    waiting: str = ""  # the number of the quote that has no answer yet

    @property
    def outstanding(self) -> Money:
        return Money(max(self.agreed - self.paid, 0), self.currency)

    @property
    def total(self) -> Money:
        return Money(self.agreed, self.currency)

    @property
    def is_paid(self) -> bool:
        """Whether something was agreed on and all of it has come."""
        return 0 < self.agreed <= self.paid

    @property
    def is_settled(self) -> bool:
        """Paid, or asked for by invoice; nothing agreed on is settled as well (CLS-10)."""
        return self.outstanding.minor <= self.invoiced
