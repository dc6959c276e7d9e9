"""Advances and expense claims: the conversations (DSP-7, CLS-6)."""

from dataclasses import dataclass

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.expenses import MOST_VOUCHERS, ExpenseKind, Voucher
from rules.money import Money, total


@dataclass(frozen=True)
class AdvanceAsked:
    """How much, what for, on which order, and why although one is overdue."""

    amount: Money
    purpose: str
    trip: str
    reason: str


@dataclass(frozen=True)
class Claimed:
    """Vouchers, what for, on which order."""

    vouchers: tuple[Voucher, ...]
    currency: str
    purpose: str
    trip: str


async def advance(ask: Ask, desk: Desk) -> AdvanceAsked:
    """Amount, purpose, job; with one overdue, the reason that the manager will read (DSP-7)."""
    overdue = desk.args.get("overdue") or []
    reason = await ask.text("reason", at_most=300, facts={"numbers": overdue}) if overdue else ""
    amount = await ask.amount("amount", desk.turn.terms.policy.currency)
    purpose = await ask.text("purpose", at_most=200)
    trip = await ask.text("trip", at_most=20, optional=True)
    await ask.confirm()
    return AdvanceAsked(amount, purpose, trip or "", reason)


async def expense(ask: Ask, desk: Desk) -> Claimed:
    """Voucher by voucher: what for, how much, its photo; then the trip (CLS-6)."""
    currency, vouchers = desk.turn.terms.policy.currency, list[Voucher]()
    for n in range(1, MOST_VOUCHERS + 1):
        kind = ExpenseKind(await ask.choice(f"kind{n}", list(ExpenseKind)))
        amount = await ask.amount(f"amount{n}", currency)
        photo = await ask.photo(f"photo{n}")
        vouchers.append(Voucher(kind, amount.minor, photo["photo"]))
        if not await ask.yes_no(f"more{n}", in_summary=False):
            break
    purpose = await ask.text("purpose", at_most=200)
    trip = await ask.text("trip", at_most=20, optional=True)
    sum_ = total((Money(one.minor, currency) for one in vouchers), currency)
    await ask.confirm(facts={"total": str(sum_)})
    return Claimed(tuple(vouchers), currency, purpose, trip or "")


async def expense_back(ask: Ask, desk: Desk) -> Words:
    """Why it goes back (CLS-6)."""
    return Words(await ask.text("words", at_most=300))
