"""Where a button about class or money goes: an order, a quote, a receipt, an invoice, goods brought back (DESIGN 3, FEE)."""

from collections.abc import Callable
from typing import Any

from handlers import charging, compensating, expensing, filing, returning
from handlers.flowbook import ENGINE
from handlers.turn import Turn
from rules import charges
from rules.cases import Case, require_open
from rules.charges import Receipt
from rules.compensations import Compensation, require_authority, require_proposer
from rules.expenses import Advance, Expense
from rules.invoices import Invoice
from rules.orders import WorkOrder
from rules.people import Deed, require
from rules.quotes import Quote, require_chargeable
from rules.returns import Return
from storage import cases

LETTERS: dict[str, type[Quote | Receipt | Invoice | Advance | Expense | Return | Compensation]] = {
    "u": Quote,
    "rc": Receipt,
    "iv": Invoice,
    "a": Advance,
    "ex": Expense,
    "rt": Return,
    "cp": Compensation,
}


def pressed(turn: Turn, letter: str, case_id: int, action: str, arg: str) -> None:
    """A button of a case about money; what it names is looked up and every right checked again (story 11)."""
    found = turn.case(LETTERS[letter], case_id)
    turn = turn.under(found)
    if action == "card":
        turn.show(found.subject)
    elif (does := PRESSES[type(found)].get(action)) is not None:
        does(turn, found)
    else:
        turn.reply("talk.passed")


def _asks(flow: str, deed: Deed) -> Callable[[Turn, Any], None]:
    """A button that asks something of whoever has the right; where it is over he hears so before he types."""

    def start(turn: Turn, case: Case) -> None:
        require(turn.person, deed, case.ties)
        if not isinstance(case, Receipt):  # one that was handed in may still be void (FEE-8)
            require_open(case)
        ENGINE.start(turn, flow, about=case.subject)

    return start


def _count(turn: Turn, receipt: Receipt) -> None:
    require(turn.person, Deed.COUNT_CASH, receipt.ties)
    ENGINE.start(turn, "hand_in", args={"person": receipt.by})


def _paid(turn: Turn, invoice: Invoice) -> None:
    if turn.person.id != invoice.collector:
        require(turn.person, Deed.ISSUE_INVOICE, invoice.ties)
    ENGINE.start(turn, "collect", about=invoice.subject)


def _pdf(name: str) -> Callable[[Turn, Any], None]:
    """The paper once more, for whoever sees the card."""
    return lambda turn, case: filing.send(turn, "filing.paper", [f"{name}{case.number}"], number=case.number)


def _deny(turn: Turn, case: Compensation) -> None:
    """Whoever has not the authority hears so before he types (FEE-13)."""
    require_authority(case, turn.person, turn.terms.policy)
    ENGINE.start(turn, "compensate_deny", about=case.subject)


_OWN: dict[str, Callable[[Turn, Any], None]] = {
    "approve": expensing.approve,
    "return": _asks("expense_back", Deed.APPROVE_EXPENSE),
    "pay": expensing.pay,
}
PRESSES: dict[type[Case], dict[str, Callable[[Turn, Any], None]]] = {
    Quote: {
        "accept": charging.accept,
        "decline": _asks("quote_decline", Deed.ANSWER_QUOTE),
        "consent": charging.consent,
        "send_back": _asks("quote_back", Deed.CONSENT_TO_CHARGE),
        "paper": _asks("quote_paper", Deed.QUOTE),
        "withdraw": charging.withdraw,
        "pdf": _pdf("quote:"),
    },
    Receipt: {"pdf": _pdf("receipt:"), "count": _count, "void": _asks("receipt_void", Deed.COUNT_CASH)},
    Invoice: {
        "issue": _asks("invoice_issue", Deed.ISSUE_INVOICE),
        "send": _asks("invoice_send", Deed.CONSENT_TO_CHARGE),
        "paid": _paid,
    },
    Return: {
        "agree": returning.agree,
        "insist": _asks("return_insist", Deed.TAKE_BACK_GOODS),
        "word": _asks("return_word", Deed.DECIDE_RETURN),
    },
    Compensation: {"grant": compensating.approve, "deny": _deny},
    Advance: _OWN | {"back": expensing.give_back},
    Expense: _OWN,
}
"""What each button of a paper about money does; whoever has not the right is refused by it."""


def _classify(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.CLASSIFY, order.ties)
    ENGINE.start(turn, "classify", order=order.id)


def _class_yes(turn: Turn, order: WorkOrder, _arg: str) -> None:
    charging.decide_class(turn, order, is_granted=True)


def _class_no(turn: Turn, order: WorkOrder, _arg: str) -> None:
    charging.decide_class(turn, order, is_granted=False)


def _start_quote(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Whoever may not charge hears so before he types (FEE-1)."""
    require(turn.person, Deed.QUOTE, order.ties)
    require_chargeable(order)
    ENGINE.start(turn, "quote", order=order.id)


def _collect(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Refused before anything is typed where nothing may be taken (FEE-1, FEE-6)."""
    require(turn.person, Deed.COLLECT, order.ties)
    charges.require_collectable(order, None, by=turn.person, terms=turn.terms)
    ENGINE.start(turn, "collect", order=order.id)


def _ask_invoice(turn: Turn, order: WorkOrder, _arg: str) -> None:
    charging.ask_invoice(turn, order)


def _accept_quote(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """The customer's typed yes to what waits for it."""
    require(turn.person, Deed.ANSWER_QUOTE, order.ties)
    charging.accept(turn, charging.waiting_quote(turn, order))


def _decline_quote(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require(turn.person, Deed.ANSWER_QUOTE, order.ties)
    ENGINE.start(turn, "quote_decline", about=charging.waiting_quote(turn, order).subject)


def _compensate(turn: Turn, order: WorkOrder, _arg: str) -> None:
    require_proposer(order, turn.person)
    ENGINE.start(turn, "compensate", order=order.id)


def _receipts(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """The newest receipt of an order, to be looked at again."""
    found = [one for one in cases.about(turn.connection, Receipt, order.subject) if one.seen_by(turn.person)]
    if not found:
        turn.reply("receipt.none", {"number": order.number})
        return
    turn.show(found[-1].subject)


ACTIONS: dict[str, Callable[[Turn, WorkOrder, str], None]] = {
    "classify": _classify,
    "class_yes": _class_yes,
    "class_no": _class_no,
    "quote": _start_quote,
    "accept_quote": _accept_quote,
    "decline_quote": _decline_quote,
    "collect": _collect,
    "ask_invoice": _ask_invoice,
    "receipts": _receipts,
    "compensate": _compensate,
}
"""Buttons and words about an order's class and money."""
