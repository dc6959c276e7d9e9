"""Advances and expenses in chat: lists, cards, buttons, and what becomes of their conversations (DSP-7, CLS-6)."""

from typing import Any

from handlers.flows.expenses import AdvanceAsked, Claimed
from handlers.flows.papers import Words
from handlers.said import Body, Row, button, in_rows, literal_button, said
from handlers.turn import Turn
from rules import expenses
from rules.expenses import Advance, Expense, OutStage
from rules.money import Money
from rules.people import Deed, Person, may, require
from storage import cases, ledger
from storage.numbers import yearly_number

MOST = 12
LETTER = {"advance": "a", "expense": "ex"}


def own_advances(turn: Turn) -> list[Advance]:
    """One's own advances that are not settled."""
    return [one for one in cases.every_open(turn.connection, Advance) if one.by == turn.person.id]


def show(turn: Turn, _arg: str = "") -> None:
    """One's own, and what waits for one's word or payment (DSP-7, CLS-6)."""
    require(turn.person, Deed.CLAIM_EXPENSE) if not may(turn.person, Deed.PAY_EXPENSE) else None
    every: list[Advance | Expense] = [*cases.every_open(turn.connection, Advance), *cases.every_open(turn.connection, Expense)]
    found = [one for one in every if one.seen_by(turn.person)][:MOST]
    lines = [
        {
            "text": f"expense.line-{one.kind}",
            "facts": {"number": one.number, "by_id": one.by, "amount": str(one.money),
                      "stage": {"text": f"expense.stage.{one.stage}"}},
        }
        for one in found
    ]  # fmt: skip
    rows: list[Row] = []
    if may(turn.person, Deed.CLAIM_EXPENSE):
        rows.append([button("expense.ask", "w.advance", tone="primary"), button("expense.claim", "w.expense", tone="primary")])
    rows += in_rows([literal_button(one.number, f"{LETTER[one.kind]}.{one.id}.card") for one in found], 3)
    turn.reply("expense.list" if found else "expense.list-none", lines=lines, rows=rows)


def asked(turn: Turn, _about: object, outcome: AdvanceAsked) -> None:
    drafted = Advance(
        number=yearly_number(turn.connection, "A", turn.terms, turn.now), branch=turn.person.branch or turn.company.branch,
        opened_at=turn.now, policy_version=turn.terms.policy.version, by=turn.person.id, minor=outcome.amount.minor,
        currency=outcome.amount.currency, purpose=outcome.purpose, trip=outcome.trip, reason=outcome.reason,
    )  # fmt: skip
    ruling = expenses.ask_advance(drafted, own_advances(turn), **turn.deed)
    turn.show(turn.unit.record(None, ruling, by=turn.person.id).subject, "done.advance", number=drafted.number)


def claimed(turn: Turn, _about: object, outcome: Claimed) -> None:
    """The claim is kept with its vouchers; pictures that were handed in before are named (CLS-6)."""
    number = yearly_number(turn.connection, "E", turn.terms, turn.now)
    drafted = Expense(
        number=number, branch=turn.person.branch or turn.company.branch, opened_at=turn.now,
        policy_version=turn.terms.policy.version, by=turn.person.id, currency=outcome.currency, purpose=outcome.purpose,
        trip=outcome.trip, vouchers=outcome.vouchers,
        doubled=ledger.claimed_on(turn.connection, [one.photo for one in outcome.vouchers]),
    )  # fmt: skip
    kept = turn.unit.record(None, expenses.claim(drafted, **turn.deed), by=turn.person.id)
    lines = [(str(n), one.photo, kept.currency, one.minor) for n, one in enumerate(kept.vouchers, 1)]
    ledger.keep_vouchers(turn.connection, number, lines, now=turn.now)
    turn.show(kept.subject, "done.claim", number=number)


def returned(turn: Turn, case: Advance | Expense, outcome: Words) -> None:
    if isinstance(case, Advance):
        kept: Advance | Expense = turn.unit.record(case, expenses.send_back(case, outcome.text, **turn.deed), by=turn.person.id)
    else:
        kept = turn.unit.record(case, expenses.send_back(case, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.claim-returned", number=kept.number)


def approve(turn: Turn, case: Advance | Expense) -> None:
    if isinstance(case, Advance):
        turn.unit.record(case, expenses.approve(case, **turn.deed), by=turn.person.id)
    else:
        turn.unit.record(case, expenses.approve(case, **turn.deed), by=turn.person.id)
    turn.show(case.subject, "done.claim-approved", number=case.number)


def pay(turn: Turn, case: Advance | Expense) -> None:
    """An advance is handed over; a claim is settled with every advance that is out (CLS-6)."""
    if isinstance(case, Advance):
        turn.unit.record(case, expenses.pay_out(case, **turn.deed), by=turn.person.id)
        turn.show(case.subject, "done.advance-paid", amount=str(case.money))
        return
    ruling, settled = expenses.settle(case, cases.every_open(turn.connection, Advance), **turn.deed)
    for one in settled:
        turn.unit.record(cases.by_id(turn.connection, Advance, one.after.id), one, by=turn.person.id)
    kept = turn.unit.record(case, ruling, by=turn.person.id)
    text = "done.claim-give-back" if kept.balance.minor < 0 else "done.claim-paid"
    turn.show(kept.subject, text, balance=str(Money(abs(kept.balance.minor), kept.currency)))


def give_back(turn: Turn, advance: Advance) -> None:
    turn.unit.record(advance, expenses.give_back(advance, **turn.deed), by=turn.person.id)
    turn.show(advance.subject, "done.advance-back", amount=str(advance.money))


def card(case: Advance | Expense, person: Person) -> Body:
    """Whose, how much, what for, where it stands; the buttons of whoever comes next."""
    if not case.seen_by(person):
        return said("card.out-of-sight", {"number": case.number})
    lines = [
        _line("card.stage", stage={"text": f"expense.stage.{case.stage}"}),
        _line("card.expense-amount", amount=str(case.money), by_id=case.by),
        _line("card.expense-purpose", purpose=case.purpose, trip=case.trip or "—"),
    ]
    if isinstance(case, Expense):
        lines += [
            _line("card.expense-line", kind={"text": f"expense.kind.{one.kind}"}, amount=str(Money(one.minor, case.currency)))
            for one in case.vouchers
        ]
        lines += [_line("card.expense-doubled", numbers=sorted(set(case.doubled.values())))] if case.doubled else []
        lines += [_line("card.expense-balance", balance=str(case.balance))] if case.stage == OutStage.SETTLED else []
    elif case.due_at is not None and case.is_open:
        lines.append(_line("card.advance-due", due=case.due_at))
    if isinstance(case, Advance) and case.reason:
        lines.append(_line("card.advance-reason", reason=case.reason))
    lines += [_line("card.quote-words", words=case.words)] if case.words else []
    title = _line(f"card.{case.kind}-title", number=case.number)
    return said("", {}, lines=lines, rows=_rows(case, person)) | {"title": title}


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def _rows(case: Advance | Expense, person: Person) -> list[Row]:
    stem, is_own = f"{LETTER[case.kind]}.{case.id}", person.id == case.by
    if is_own or not case.is_open:
        return []
    if case.stage == OutStage.ASKED and may(person, Deed.APPROVE_EXPENSE, case.ties):
        return [[button("button.money.approve", f"{stem}.approve", tone="primary"),
                 button("button.money.return", f"{stem}.return", tone="danger")]]  # fmt: skip
    if case.stage == OutStage.APPROVED and may(person, Deed.PAY_EXPENSE, case.ties):
        return [[button("button.money.pay", f"{stem}.pay", tone="primary")]]
    if case.stage == OutStage.PAID and may(person, Deed.PAY_EXPENSE, case.ties):
        return [[button("button.money.back", f"{stem}.back")]]
    return []
