"""Money at a glance: cash in whose hands, invoices to be issued and collected, each person's day (FEE-7, FEE-12)."""

from datetime import timedelta

from handlers import charging, filing
from handlers.flowbook import ENGINE
from handlers.said import Row, button, in_rows, literal_button
from handlers.turn import Turn
from rules.invoices import Invoice, InvoiceStage
from rules.money import total
from rules.people import Deed, may, require
from storage import cases, ledger, people

MOST = 12
DAYS = timedelta(days=6)


def show(turn: Turn, arg: str = "") -> None:
    """The list; with `count.<person>` the counting of somebody's cash, with `paper.<month>` the reconciliation on paper."""
    require(turn.person, Deed.SEE_MONEY)
    what, _, whose = arg.partition(".")
    if what == "paper":
        filing.show_cash(turn, whose)
        return
    if what == "count" and whose.isdigit():
        require(turn.person, Deed.COUNT_CASH)
        ENGINE.start(turn, "hand_in", args={"person": int(whose)})
        return
    lines, rows = _in_hand(turn)
    more, further = _invoices(turn)
    days = _days(turn)
    lines, rows = [*lines, *more, *days], [*rows, *further, filing.cash_row(turn)]
    turn.reply("money.list" if lines else "money.list-none", lines=lines, rows=rows)


def _in_hand(turn: Turn) -> tuple[list[dict[str, object]], list[Row]]:
    """Whoever has cash in hand, with what the receipts say it comes to, and a button that counts it."""
    found = charging.in_hand(turn)
    lines, buttons = list[dict[str, object]](), []
    for person in dict.fromkeys(one.by for one in found):
        own = [one for one in found if one.by == person]
        amount = str(total((one.money for one in own), own[0].currency))
        facts = {"person_id": person, "amount": amount, "n": len(own), "receipts": [one.number for one in own[:MOST]]}
        lines.append({"text": "money.in-hand", "facts": facts})
        if may(turn.person, Deed.COUNT_CASH) and person != turn.person.id:
            name = people.name_of(turn.connection, person)
            buttons.append(button("money.count", f"m.money.count.{person}", tone="primary", name=name))
    return lines, in_rows(buttons)


def _invoices(turn: Turn) -> tuple[list[dict[str, object]], list[Row]]:
    """Finished and not settled: to be issued first, then to be collected (FEE-12)."""
    found = cases.open_ones(turn.connection, Invoice, visible_to=turn.person)[:MOST]
    found = sorted(found, key=lambda one: one.stage != InvoiceStage.ASKED)
    lines: list[dict[str, object]] = [
        {"text": f"money.invoice-{one.stage}", "facts": {"invoice": one.issued_as or one.number, "number": one.order_number,
                                                         "customer": one.customer_name, "amount": str(one.money)}}
        for one in found
    ]  # fmt: skip
    return lines, in_rows([literal_button(one.number, f"iv.{one.id}.card") for one in found], 3)


def _days(turn: Turn) -> list[dict[str, object]]:
    """Collected, handed in and still in hand, by person and day, of the last week (FEE-7)."""
    today = turn.terms.calendar.local_day(turn.now)
    found = ledger.by_day(turn.connection, today - DAYS, today, branch=filing.cash_reach(turn) or "")[:MOST]
    return [
        {"text": "money.day", "facts": {"person_id": one.person, "day": one.day, "n": one.n_receipts,
                                        "collected": str(one.money), "open": str(one.in_hand)}}
        for one in found
    ]  # fmt: skip
