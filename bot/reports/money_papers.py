"""Quotes and receipts as papers, in the reader's language (FEE-3, FEE-5, FEE-8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from handlers.turn import Company
from rules.charges import Receipt, ReceiptStage
from rules.money import Money
from rules.orders import WorkOrder
from rules.quotes import Quote, QuoteStage
from storage import cases, orders, people
from texts import catalog

Cells = list[str]
_STANDING = (QuoteStage.OFFERED, QuoteStage.ACCEPTED)


@dataclass(frozen=True)
class MoneyPaper:
    """The facts of one paper about money in one language; the template is `money_paper`."""

    connection: Connection
    company: Company
    language: str

    def quote(self, quote: Quote) -> dict[str, Any]:
        """What is charged for and why, until when it holds, and where the customer may sign (FEE-3, FEE-5)."""
        accepted = quote.stage == QuoteStage.ACCEPTED
        return self._facts(quote, quote.currency) | {
            "title": self._say("paper.quote"),
            "state": self._say(f"quote.stage.{quote.stage}"),
            "is_well": quote.stage in _STANDING,
            "about": [*self._about(quote), [self._say("paper.valid-until"), self._show(quote.valid_until)]],
            "notice": self._say("paper.outside-guarantee"),
            "lines": quote_cells(quote, self.language),
            "sums": self._sums(quote),
            "grounds": quote.grounds,
            "sign": "" if accepted else self._say("paper.consent"),
        }

    def receipt(self, receipt: Receipt) -> dict[str, Any]:
        """How much was paid, by whom, how, for what; a cancelled one says so (FEE-8)."""
        is_void = receipt.stage == ReceiptStage.VOID
        method = self._say(f"collect.method.{receipt.method}")
        taken_by = people.name_of(self.connection, receipt.by) or "—"
        found = [*self._about(receipt), [self._say("paper.method"), method], [self._say("paper.taken-by"), taken_by]]
        quotes = accepted_quotes(self.connection, receipt.about)
        return self._facts(receipt, receipt.currency) | {
            "title": self._say("paper.receipt"),
            "state": self._say(f"receipt.stage.{receipt.stage}") if is_void else self._say("paper.paid"),
            "is_well": not is_void,
            "about": found,
            "amount": f"{receipt.money.exact} {receipt.currency}",
            "lines": [cells for one in quotes for cells in quote_cells(one, self.language)],
            "sums": self._balance(receipt),
            "grounds": receipt.void_reason,
        }

    def _facts(self, case: Quote | Receipt, currency: str) -> dict[str, Any]:
        heads = [self._say(f"paper.{one}") for one in ("what", "quantity", "price", "amount")]
        return {
            "language": self.language, "company": self.company.name, "number": case.number, "qr": "", "qr_label": "",
            "footer": self._say("paper.money-footer", company=self.company.name), "notice": "", "amount": "", "sign": "",
            "head": [*heads[:2], f"{heads[2]} ({currency})", f"{heads[3]} ({currency})"],
            "labels": {one: self._say(f"paper.{one}") for one in ("money", "grounds", "received")},
        }  # fmt: skip

    def _about(self, case: Quote | Receipt) -> list[Cells]:
        order = orders.by_id(self.connection, case.about_order or 0)
        machine = " ".join(part for part in (order.report.model, order.report.serial) if part) if order else ""
        dated = catalog.dated(self.language, case.opened_at, zone=self.company.zone)
        found = [("paper.customer", case.customer_name), ("paper.case", case.order_number), ("paper.machine", machine)]
        return [[self._say(label), value] for label, value in (*found, ("paper.date", dated)) if value]

    def _sums(self, quote: Quote) -> list[Cells]:
        total = [self._say("paper.total"), quote.total.exact]
        if not quote.tax:
            return [total]
        tax = Money(quote.tax, quote.currency)
        return [[self._say("paper.net"), quote.net.exact], [self._say("paper.tax"), tax.exact], total]

    def _balance(self, receipt: Receipt) -> list[Cells]:
        order = orders.by_id(self.connection, receipt.about_order or 0)
        if order is None:
            return []
        return money_sums(order, self.language)

    def _say(self, text: str, **facts: Any) -> str:
        return catalog.say(self.language, text, facts, zone=self.company.zone)

    def _show(self, value: Any) -> str:
        return catalog.show(self.language, value, zone=self.company.zone)


def accepted_quotes(connection: Connection, subject: str) -> list[Quote]:
    """What the customer of an order has accepted, the oldest first."""
    return [one for one in cases.about(connection, Quote, subject) if one.stage == QuoteStage.ACCEPTED]


def quote_cells(quote: Quote, language: str) -> list[Cells]:
    """The lines of a quote for a table: what, how many, price of one, amount; a tax is a line of its own."""

    def money(minor: int) -> str:
        return Money(minor, quote.currency).exact

    kinds = {one.kind: catalog.say(language, f"quote.kind.{one.kind}") for one in quote.lines}
    return [[f"{kinds[one.kind]} · {one.what}", str(one.quantity), money(one.price), money(one.amount)] for one in quote.lines]


def money_rows(connection: Connection, order: WorkOrder, language: str) -> list[Cells]:
    """Charges of an order for its service report, with the tax, the sum and the numbers of its receipts (FEE-5, FEE-8)."""
    rows: list[Cells] = []
    for quote in accepted_quotes(connection, order.subject):
        rows += quote_cells(quote, language)
        if quote.tax:
            rows.append([catalog.say(language, "paper.tax"), "", "", Money(quote.tax, quote.currency).exact])
    if rows:
        rows += [[label, "", "", value] for label, value in money_sums(order, language)]
        numbers = [one.number for one in _receipts(connection, order)]
        rows += [[catalog.say(language, "paper.receipts"), "", "", ", ".join(numbers)]] if numbers else []
    return rows


def money_sums(order: WorkOrder, language: str) -> list[Cells]:
    """Agreed, paid and open."""
    dues = order.dues
    sums = (("agreed", dues.total), ("paid-so-far", Money(dues.paid, dues.currency)), ("open", dues.outstanding))
    return [[catalog.say(language, f"paper.{name}"), f"{money.exact} {dues.currency}"] for name, money in sums]


def _receipts(connection: Connection, order: WorkOrder) -> Iterable[Receipt]:
    return (one for one in cases.about(connection, Receipt, order.subject) if one.stage != ReceiptStage.VOID)
