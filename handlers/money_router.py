"""Where a button about class or money goes: an order, a quote, a receipt, an invoice, goods brought back (DESIGN 3, FEE)."""

from collections.abc import Callable

from handlers import charging, expensing, returning
from handlers.flowbook import ENGINE
from handlers.turn import Turn
from rules import charges
from rules.charges import Receipt
from rules.expenses import Advance, Expense
from rules.invoices import Invoice
from rules.orders import WorkOrder
from rules.people import Deed, require
from rules.quotes import Quote, require_chargeable
from rules.returns import Return
from storage import cases

LETTERS: dict[str, type[Quote | Receipt | Invoice | Advance | Expense | Return]] = {
    "u": Quote,
    "rc": Receipt,
    "iv": Invoice,
    "a": Advance,
    "ex": Expense,
    "rt": Return,
}


def pressed(turn: Turn, letter: str, case_id: int, action: str, arg: str) -> None:
    """A button of a case about money; what it names is looked up and every right checked again (story 11)."""
    found = turn.case(LETTERS[letter], case_id)
    turn = turn.under(found)
    if action == "card":
        turn.show(found.subject)
    elif isinstance(found, Quote):
        _quote(turn, found, action)
    elif isinstance(found, Receipt):
        _receipt(turn, found, action)
    elif isinstance(found, Invoice):
        _invoice(turn, found, action)
    elif isinstance(found, Return):
        _return(turn, found, action)
    else:
        _own_money(turn, found, action)


def _quote(turn: Turn, quote: Quote, action: str) -> None:
    if action == "accept":
        charging.accept(turn, quote)
    elif action == "decline":
        require(turn.person, Deed.ANSWER_QUOTE, quote.ties)
        ENGINE.start(turn, "quote_decline", about=quote.subject)
    elif action == "consent":
        charging.consent(turn, quote)
    elif action == "send_back":
        require(turn.person, Deed.CONSENT_TO_CHARGE, quote.ties)
        ENGINE.start(turn, "quote_back", about=quote.subject)
    elif action == "paper":
        require(turn.person, Deed.QUOTE, quote.ties)
        ENGINE.start(turn, "quote_paper", about=quote.subject)
    elif action == "withdraw":
        charging.withdraw(turn, quote)
    else:
        turn.reply("talk.passed")


def _receipt(turn: Turn, receipt: Receipt, action: str) -> None:
    if action == "count":
        require(turn.person, Deed.COUNT_CASH, receipt.ties)
        ENGINE.start(turn, "hand_in", args={"person": receipt.by})
    elif action == "void":
        require(turn.person, Deed.COUNT_CASH, receipt.ties)
        ENGINE.start(turn, "receipt_void", about=receipt.subject)
    else:
        turn.reply("talk.passed")


def _invoice(turn: Turn, invoice: Invoice, action: str) -> None:
    if action == "issue":
        require(turn.person, Deed.ISSUE_INVOICE, invoice.ties)
        ENGINE.start(turn, "invoice_issue", about=invoice.subject)
    elif action == "send":
        require(turn.person, Deed.CONSENT_TO_CHARGE, invoice.ties)
        ENGINE.start(turn, "invoice_send", about=invoice.subject)
    elif action == "paid":
        if turn.person.id != invoice.collector:
            require(turn.person, Deed.ISSUE_INVOICE, invoice.ties)
        ENGINE.start(turn, "collect", about=invoice.subject)
    else:
        turn.reply("talk.passed")


def _own_money(turn: Turn, case: Advance | Expense, action: str) -> None:
    if action == "approve":
        expensing.approve(turn, case)
    elif action == "return":
        require(turn.person, Deed.APPROVE_EXPENSE, case.ties)
        ENGINE.start(turn, "expense_back", about=case.subject)
    elif action == "pay":
        expensing.pay(turn, case)
    elif action == "back" and isinstance(case, Advance):
        expensing.give_back(turn, case)
    else:
        turn.reply("talk.passed")


def _return(turn: Turn, case: Return, action: str) -> None:
    if action == "agree":
        returning.agree(turn, case)
    elif action == "insist":
        require(turn.person, Deed.TAKE_BACK_GOODS, case.ties)
        ENGINE.start(turn, "return_insist", about=case.subject)
    elif action == "word":
        require(turn.person, Deed.DECIDE_RETURN, case.ties)
        ENGINE.start(turn, "return_word", about=case.subject)
    else:
        turn.reply("talk.passed")


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
}
"""Buttons and words about an order's class and money."""
