"""Money that goes out to one's own people: advances before a trip, expense claims with vouchers after it (DSP-7, CLS-6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from rules.cases import Case, require_open
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.hours import day_bounds
from rules.money import MOST, Money, total
from rules.people import Deed, Person, Ties, may, on_behalf, require
from rules.refusals import Refused
from rules.terms import Terms

MOST_VOUCHERS = 30


class ExpenseKind(StrEnum):
    """What money was spent on."""

    TRAVEL = "travel"
    LODGING = "lodging"
    MEALS = "meals"
    PARTS = "parts"
    OTHER = "other"


class OutStage(StrEnum):
    """Where an advance or a claim stands."""

    ASKED = "asked"
    APPROVED = "approved"
    RETURNED = "returned"
    PAID = "paid"  # an advance, until it is settled
    SETTLED = "settled"


@dataclass(frozen=True)
class Voucher:
    """One voucher: what for, how much in smallest units, and the photo of it."""

    kind: ExpenseKind
    minor: int
    photo: str


@dataclass(frozen=True, kw_only=True)
class OwnMoney(Case):
    """What an advance and a claim have in common: whose it is, who approved it, who paid."""

    kind: ClassVar[str] = "own_money"
    stage: str = OutStage.ASKED
    by: int
    currency: str
    purpose: str
    trip: str = ""  # the number of the order that it belongs to
    needs_manager: bool = False
    approved_by: int | None = None
    paid_by: int | None = None
    words: str = ""  # why it was returned

    @property
    def ties(self) -> Ties:
        return Ties(self.branch, 0, barred=frozenset(self.barred), kind=self.kind)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        if self.stage == OutStage.ASKED:
            return (Audience.MANAGER if self.needs_manager else Audience.SUPERVISOR,)
        return (Audience.ACCOUNTANT,) if self.stage == OutStage.APPROVED else (self.by,)

    def seen_by(self, person: Person) -> bool:
        """Whose it is, and who approves and pays."""
        is_office = may(person, Deed.APPROVE_EXPENSE, self.ties) or may(person, Deed.PAY_EXPENSE, self.ties)
        return person.id == self.by or is_office


@dataclass(frozen=True, kw_only=True)
class Advance(OwnMoney):
    """Money drawn before leaving (DSP-7)."""

    kind: ClassVar[str] = "advance"
    minor: int
    due_at: datetime | None = None  # by when it has to be settled, once it was paid out
    reason: str = ""  # why another one while one is overdue

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency)

    def is_overdue(self, now: datetime) -> bool:
        return self.stage == OutStage.PAID and self.due_at is not None and now > self.due_at


@dataclass(frozen=True, kw_only=True)
class Expense(OwnMoney):
    """What somebody spent, voucher by voucher (CLS-6). `doubled` names the claim on which a photo was handed in before."""

    kind: ClassVar[str] = "expense"
    vouchers: tuple[Voucher, ...]
    doubled: Mapping[str, str] = field(default_factory=dict)
    set_off: int = 0
    advances: tuple[str, ...] = ()

    @property
    def money(self) -> Money:
        return total((Money(one.minor, self.currency) for one in self.vouchers), self.currency)

    @property
    def balance(self) -> Money:
        """What is to be paid to him; negative: what he gives back."""
        return self.money - Money(self.set_off, self.currency)


M = TypeVar("M", Advance, Expense)


def ask_advance(advance: Advance, own: Iterable[Advance], *, by: Person, now: datetime, terms: Terms) -> Ruling[Advance]:
    """Ask for money before leaving: amount, purpose, job (DSP-7). While one is overdue, it takes the manager and a reason."""
    require(by, Deed.CLAIM_EXPENSE)
    if not 0 < advance.minor <= MOST or not advance.purpose.strip():
        raise Refused("advance-incomplete", rule="DSP-7")
    overdue = [one.number for one in own if one.is_overdue(now)]
    if overdue and not advance.reason.strip():
        raise Refused("advance-overdue", rule="DSP-7", numbers=overdue)
    asked = replace(advance, needs_manager=bool(overdue))
    entry = Entry("advance.asked", {"amount": str(advance.money), "overdue": overdue}, "DSP-7")
    return Ruling(asked, (entry,), (Notice("notice.advance-asked", asked.owners, _facts(asked) | {"by_id": by.id}),))


def claim(expense: Expense, *, by: Person, now: datetime, terms: Terms) -> Ruling[Expense]:
    """Hand in vouchers (CLS-6). A photo that was handed in before is flagged for whoever approves, not refused."""
    require(by, Deed.CLAIM_EXPENSE)
    if not expense.vouchers or not expense.purpose.strip() or len(expense.vouchers) > MOST_VOUCHERS:
        raise Refused("claim-empty", rule="CLS-6", most=MOST_VOUCHERS)
    if any(not one.photo or one.minor <= 0 for one in expense.vouchers) or expense.money.minor > MOST:
        raise Refused("voucher-missing", rule="CLS-6")
    seen, twice = set[str](), dict[str, str]()
    for one in expense.vouchers:
        if one.photo in seen:
            twice[one.photo] = expense.number
        seen.add(one.photo)
    asked = replace(expense, doubled={**expense.doubled, **twice})
    photos = tuple(one.photo for one in asked.vouchers)
    text = "notice.claim-doubled" if asked.doubled else "notice.claim-asked"
    facts = _facts(asked) | {"by_id": by.id, "doubled": sorted(set(asked.doubled.values()))}
    entry = Entry("expense.claimed", {"amount": str(asked.money), "n": len(photos), "doubled": len(asked.doubled)}, "CLS-6")
    return Ruling(asked, (entry,), (Notice(text, asked.owners, facts, photos=photos),))


def approve(case: M, *, by: Person, now: datetime, terms: Terms) -> Ruling[M]:
    """The leader has looked at it; never one's own (DSP-7, CLS-6, CLS-5)."""
    _require_reviewer(case, by)
    approved = replace(case, stage=OutStage.APPROVED, approved_by=by.id)
    told = Notice("notice.to-pay-out", (Audience.ACCOUNTANT,), _facts(case) | {"by_id": case.by})
    behalf = on_behalf(by, Deed.APPROVE_EXPENSE, case.ties)
    return Ruling(approved, (Entry(f"{case.kind}.approved", behalf, "CLS-6"),), (told, _heard("notice.claim-approved", case)))


def send_back(case: M, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[M]:
    """Not like this: whose it is reads why, and may hand in another one (CLS-6)."""
    _require_reviewer(case, by)
    if not words.strip():
        raise Refused("reason-missing", rule="CLS-6")
    returned = replace(case, stage=OutStage.RETURNED, words=words, closed_at=now)
    told = Notice("notice.claim-returned", (case.by,), _facts(case) | {"reason": words})
    return Ruling(returned, (Entry(f"{case.kind}.returned", {}, "CLS-6"),), (told,))


def pay_out(advance: Advance, *, by: Person, now: datetime, terms: Terms) -> Ruling[Advance]:
    """The accountant hands the money over; from then on it is to be settled in time (DSP-7)."""
    _require_payer(advance, by)
    day = terms.calendar.local_day(now) + timedelta(days=terms.policy.expenses.settle_days)
    due = day_bounds(day, terms.calendar.zone)[1] - timedelta(minutes=1)
    paid = replace(advance, stage=OutStage.PAID, paid_by=by.id, due_at=due)
    clock = Deadline(promised_at(Clock.ADVANCE, due, now, "DSP-7"))
    told = Notice("notice.advance-paid", (advance.by,), _facts(advance) | {"due": day})
    return Ruling(paid, (Entry("advance.paid", {"amount": str(advance.money)}, "DSP-7"),), (told,), {Clock.ADVANCE: clock})


def settle(
    expense: Expense, advances: Iterable[Advance], *, by: Person, now: datetime, terms: Terms
) -> tuple[Ruling[Expense], tuple[Ruling[Advance], ...]]:
    """Reimbursed: what was spent less what was advanced is paid to him, or given back by him (CLS-6)."""
    _require_payer(expense, by)
    open_ones = tuple(one for one in advances if one.by == expense.by and one.stage == OutStage.PAID)
    if any(one.currency != expense.currency for one in open_ones):
        other = next(one.currency for one in open_ones if one.currency != expense.currency)
        raise Refused("currency-mix", rule="CLS-6", one=expense.currency, other=other)
    set_off = sum(one.minor for one in open_ones)
    numbers = tuple(one.number for one in open_ones)
    done = replace(expense, stage=OutStage.SETTLED, paid_by=by.id, set_off=set_off, advances=numbers, closed_at=now)
    text = "notice.claim-give-back" if done.balance.minor < 0 else "notice.claim-paid"
    amount = Money(abs(done.balance.minor), expense.currency)
    told = Notice(text, (expense.by,), _facts(expense) | {"balance": str(amount), "advances": list(numbers)})
    entry = Entry("expense.settled", {"amount": str(expense.money), "balance": str(done.balance), "advances": numbers}, "CLS-6")
    closed = tuple(_settled(one, expense.number, now) for one in open_ones)
    return Ruling(done, (entry,), (told,)), closed


def give_back(advance: Advance, *, by: Person, now: datetime, terms: Terms) -> Ruling[Advance]:
    """Nothing was spent: the whole advance came back to the accountant (DSP-7)."""
    require(by, Deed.PAY_EXPENSE, advance.ties)
    if advance.stage != OutStage.PAID:
        raise Refused("advance-not-out", rule="DSP-7", number=advance.number)
    if by.id == advance.by:
        raise Refused("not-your-own", rule="CLS-5")
    return _settled(advance, "", now)


def _settled(advance: Advance, claim_number: str, now: datetime) -> Ruling[Advance]:
    after = replace(advance, stage=OutStage.SETTLED, closed_at=now)
    return Ruling(after, (Entry("advance.settled", {"claim": claim_number}, "CLS-6"),), (), {Clock.ADVANCE: None})


def _require_reviewer(case: OwnMoney, by: Person) -> None:
    require(by, Deed.APPROVE_EXPENSE, case.ties)
    require_open(case)
    if by.id == case.by:
        raise Refused("not-your-own", rule="CLS-5")
    if case.stage != OutStage.ASKED:
        raise Refused("claim-decided", rule="CLS-6", number=case.number)
    if case.needs_manager:
        require(by, Deed.COUNTERSIGN)


def _require_payer(case: OwnMoney, by: Person) -> None:
    require(by, Deed.PAY_EXPENSE, case.ties)
    if by.id == case.by:
        raise Refused("not-your-own", rule="CLS-5")
    if case.stage != OutStage.APPROVED:
        raise Refused("claim-not-approved", rule="CLS-6", number=case.number)


def _heard(text: str, case: Advance | Expense) -> Notice:
    return Notice(text, (case.by,), _facts(case), is_must=False)


def _facts(case: Advance | Expense) -> dict[str, Any]:
    return {"number": case.number, "amount": str(case.money), "purpose": case.purpose}
