"""Quotes and receipts as papers, in the reader's language (FEE-3, FEE-5, FEE-8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.reports.scribe import Cells, Facts, Scribe
from rules.charges import Receipt, ReceiptStage
from rules.money import Money
from rules.orders import WorkOrder
from rules.quotes import Quote, QuoteStage
from storage import cases, journal, orders

_STANDING = (QuoteStage.OFFERED, QuoteStage.ACCEPTED)
_COLUMNS = (("paper.what", 3, "l"), ("paper.quantity", 0, "r"), ("paper.price", 0, "r"), ("paper.amount", 0, "r"))


@dataclass(frozen=True)
class MoneyPaper:
    """The facts of one paper about money in one language; the template is `money_paper`."""

    scribe: Scribe

    def quote(self, quote: Quote) -> Facts:
        """What is charged for and why, until when it holds, and where the customer may sign (FEE-3, FEE-5)."""
        accepted = quote.stage == QuoteStage.ACCEPTED
        state, is_well = f"quote.stage.{quote.stage}", quote.stage in _STANDING
        return self._facts("paper.quote", quote, state, quote_cells(quote, self.scribe), is_well=is_well) | {
            "about": [
                *self._about(quote),
                *self.scribe.pairs(
                    ("paper.valid-until", self.scribe.on(quote.valid_until)),
                    ("paper.accepted-by", self._accepted(quote) if accepted else ""),
                ),
            ],
            "notice": self.scribe.say("paper.outside-guarantee"),
            "sums": self._sums(quote),
            "grounds": quote.grounds,
            "sign": "" if accepted else self.scribe.say("paper.consent"),
        }

    def receipt(self, receipt: Receipt) -> Facts:
        """How much was paid, by whom, how, for what; a cancelled one says so (FEE-8)."""
        is_void = receipt.stage == ReceiptStage.VOID
        found = self.scribe.pairs(
            ("paper.method", self.scribe.say(f"collect.method.{receipt.method}")),
            ("paper.taken-by", self.scribe.name(receipt.by)),
        )
        quotes = accepted_quotes(self.scribe.connection, receipt.about)
        lines = [cells for one in quotes for cells in quote_cells(one, self.scribe)]
        order = orders.by_id(self.scribe.connection, receipt.about_order or 0)
        state = f"receipt.stage.{receipt.stage}" if is_void else "paper.paid"
        return self._facts("paper.receipt", receipt, state, lines, is_well=not is_void) | {
            "about": [*self._about(receipt), *found],
            "amount": f"{receipt.money.exact} {receipt.currency}",
            "sums": money_sums(order, self.scribe) if order else [],
            "grounds": receipt.void_reason,
        }

    def _facts(self, title: str, case: Quote | Receipt, state: str, lines: list[Cells], *, is_well: bool) -> Facts:
        head = self.scribe.head(title, case.number, footer="paper.money-footer", state=state, is_well=is_well)
        listing = self.scribe.table("paper.money", _COLUMNS, lines)
        listing["head"] = _in_currency(listing["head"], case.currency)
        labels = {one: self.scribe.say(f"paper.{one}") for one in ("grounds", "received")}
        return head | {"notice": "", "amount": "", "sign": "", "listing": listing, "labels": labels}

    def _about(self, case: Quote | Receipt) -> list[Cells]:
        order = orders.by_id(self.scribe.connection, case.about_order or 0)
        machine = " ".join(part for part in (order.report.model, order.report.serial) if part) if order else ""
        return self.scribe.pairs(
            ("paper.customer", case.customer_name),
            ("paper.case", case.order_number),
            ("paper.machine", machine),
            ("paper.date", self.scribe.dated(case.opened_at)),
        )

    def _accepted(self, quote: Quote) -> str:
        """Who said yes and when: the customer in his own chat, or whoever signed on paper."""
        found = [line for line in journal.lines(self.scribe.connection, quote.subject) if line.kind == "quote.accepted"]
        return " · ".join([quote.signer or quote.customer_name, *(self.scribe.dated(line.at) for line in found[-1:])])

    def _sums(self, quote: Quote) -> list[Cells]:
        say = self.scribe.say
        total = [say("paper.total"), f"{quote.total.exact} {quote.currency}"]
        if not quote.tax:
            return [total]
        return [[say("paper.net"), quote.net.exact], [say("paper.tax"), Money(quote.tax, quote.currency).exact], total]


def accepted_quotes(connection: Connection, subject: str) -> list[Quote]:
    """What the customer of an order has accepted, the oldest first."""
    return [one for one in cases.about(connection, Quote, subject) if one.stage == QuoteStage.ACCEPTED]


def quote_cells(quote: Quote, scribe: Scribe) -> list[Cells]:
    """The lines of a quote for a table: what, how many, price of one, amount."""

    def money(minor: int) -> str:
        return Money(minor, quote.currency).exact

    kinds = {one.kind: scribe.say(f"quote.kind.{one.kind}") for one in quote.lines}
    return [[f"{kinds[one.kind]} · {one.what}", str(one.quantity), money(one.price), money(one.amount)] for one in quote.lines]


def money_table(order: WorkOrder, scribe: Scribe) -> Facts:
    """Charges of an order for its service report, with the tax, the sum and the numbers of its receipts (FEE-5, FEE-8)."""
    quotes, tax = accepted_quotes(scribe.connection, order.subject), Money(0, order.dues.currency)
    rows = [cells for one in quotes for cells in quote_cells(one, scribe)]
    for quote in quotes:
        tax += Money(quote.tax, quote.currency)
    taxed = [[scribe.say("paper.tax"), f"{tax.exact} {tax.currency}"]] if tax.minor else []
    numbers = [one.number for one in _receipts(scribe.connection, order)]
    note = f"{scribe.say('paper.receipts')}　{scribe.show(numbers)}" if numbers else ""
    found = scribe.table("paper.money", _COLUMNS, rows, sums=[*taxed, *money_sums(order, scribe)] if rows else [], note=note)
    return found | {"head": _in_currency(found["head"], order.dues.currency)}


def _in_currency(head: Cells, currency: str) -> Cells:
    """Price and amount say in what."""
    return [*head[:2], *(f"{one} ({currency})" for one in head[2:])]


def money_sums(order: WorkOrder, scribe: Scribe) -> list[Cells]:
    """Agreed, paid and open."""
    dues = order.dues
    sums = (("agreed", dues.total), ("paid-so-far", Money(dues.paid, dues.currency)), ("open", dues.outstanding))
    return [[scribe.say(f"paper.{name}"), f"{money.exact} {dues.currency}"] for name, money in sums]


def _receipts(connection: Connection, order: WorkOrder) -> Iterable[Receipt]:
    return (one for one in cases.about(connection, Receipt, order.subject) if one.stage != ReceiptStage.VOID)
