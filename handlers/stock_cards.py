"""Living cards of requisitions, of an order's parts, of goods receipts and counts (DESIGN 10.1, PRT)."""

from typing import Any

from sqlalchemy import Connection

from handlers.said import Body, Row, button, in_rows, said
from handlers.turn import Company
from rules.counts import Count
from rules.goods import Goods
from rules.nexts import Next
from rules.orders import WorkOrder
from rules.part_uses import BROUGHT_BACK, PartUse, tag_of
from rules.people import Person
from rules.receipts import GoodsReceipt
from rules.requisitions import Requisition
from rules.stock_nexts import next_of_count, next_of_requisition, next_of_use
from storage import subjects

_MOST_LINES = 30


def line_of(text: str, **facts: Any) -> dict[str, Any]:
    """One line of a card."""
    return {"text": text, "facts": facts}


def rows_of(case_id: int, family: str, actions: tuple[Next, ...]) -> list[Row]:
    """The buttons of a paper of the store, the one that comes next by itself above the others."""

    def one(action: Next) -> dict[str, Any]:
        tone = "primary" if action.is_primary else "danger" if action.is_danger else "plain"
        name, _, arg = action.action.partition(".")
        return button(f"button.{family}.{name}", f"j.{case_id}.{name}" + (f".{arg}" if arg else ""), tone=tone)

    first = [one(action) for action in actions if action.is_primary]
    return [*([first] if first else []), *in_rows(one(action) for action in actions if not action.is_primary)]


def _paper(case_id: int) -> Row:
    """The same as a PDF, for whoever wants it printed or sent on."""
    return [button("button.stock.paper", f"j.{case_id}.paper")]


def requisition_card(requisition: Requisition, person: Person, company: Company) -> Body:
    """What was asked for and why, how far it is, and what is still out."""
    terms = company.terms.of(requisition.policy_version)
    lines = [line_of("card.stage", stage={"text": f"requisition.stage.{requisition.stage}"})]
    lines += [line_of("card.req-by", by_id=requisition.requester), line_of("card.req-proposal", proposal=requisition.proposal)]
    for one in requisition.lines:
        facts = {"part": one.label, "asked": one.asked, "issued": one.issued, "used": one.used, "back": one.returned}
        lines.append(line_of("card.req-line" if one.issued else "card.req-asked", **facts))
        lines += [line_of("card.req-lost", n=one.lost)] if one.lost else []
    lines += [line_of("card.req-loss", reason=one.reason, n=one.quantity) for one in requisition.losses]
    if requisition.approved_by is not None:
        lines.append(line_of("card.req-approved", by_id=requisition.approved_by))
    if requisition.released_by is not None:
        lines.append(line_of("card.req-released", by_id=requisition.released_by))
    if requisition.issued_by is not None:
        lines.append(line_of("card.req-issued", by_id=requisition.issued_by))
    lines += [line_of("card.req-remarks", words=requisition.remarks)] if requisition.remarks else []
    title = line_of("card.req-title", number=requisition.number, order=requisition.about_number or "—")
    rows = [*rows_of(requisition.id, "req", next_of_requisition(requisition, person, terms)), _paper(requisition.id)]
    return said("", {}, lines=lines, rows=rows) | {"title": title}


def use_card(connection: Connection, use: PartUse, person: Person, company: Company) -> Body:
    """What was used, where each old part is, and what the write-off still needs."""
    terms = company.terms.of(use.policy_version)
    about = subjects.by_name(connection, use.about)
    lines = [line_of("card.stage", stage={"text": f"part_use.stage.{use.stage}"}), line_of("card.req-by", by_id=use.technician)]
    unbooked = use.unbooked
    for n, one in enumerate(use.lines[:_MOST_LINES], 1):
        old = {"text": "part_use.received"} if one.received_by else {"text": f"parts.old_part.{one.old_part or 'open'}"}
        mark = "⚠" if one in unbooked else "・"
        lines.append(line_of("card.use-line", mark=mark, part=one.label, old=old))
        lines += [line_of("card.old-tag", tag=tag_of(use.about_number, n))] if one.old_part in BROUGHT_BACK else []
        lines += [line_of("card.use-reason", reason=one.reason)] if one.reason else []
        lines += (
            [line_of("card.use-disposal", disposal={"text": f"use_dispose.disposal.{one.disposal}"})] if one.disposal else []
        )
    if unbooked:
        lines.append(line_of("card.use-unbooked", n=len(unbooked)))
    rows = rows_of(use.id, "use", next_of_use(use, about if isinstance(about, WorkOrder | Goods) else None, person, terms))
    photos = [one.photo for one in use.lines if one.photo and not one.disposal][:10]
    title = line_of("card.use-title", number=use.about_number)
    return said("", {}, lines=lines, rows=rows, photos=photos) | {"title": title}


def goods_receipt_card(receipt: GoodsReceipt, person: Person) -> Body:
    """The goods receipt, as both copies read."""
    source = {"text": f"goods_receipt.source.{receipt.source}"}
    lines = [line_of("card.stock-in-source", source=source, supplier=receipt.supplier or "—")]
    lines.append(line_of("card.stock-in-by", by_id=receipt.received_by, at=receipt.opened_at))
    for one in receipt.lines:
        lines.append(line_of("card.stock-in-line", part=one.label, n=one.taken))
        lines += [line_of("card.stock-in-refused", n=one.refused, reason=one.reason)] if one.refused else []
    title = line_of("card.stock-in-title", number=receipt.number)
    return said("", {}, lines=lines, rows=[_paper(receipt.id)]) | {"title": title}


def count_card(count: Count, person: Person, place: Any) -> Body:
    """What is to be counted, blind until it is done; then the differences (PRT-13)."""
    lines = [line_of("card.stage", stage={"text": f"count.stage.{count.stage}"}), line_of("card.count-place", place=place)]
    if count.left:
        lines += [line_of("card.count-left", n=len(count.left), of=len(count.lines))]
        lines += [line_of("card.count-line", part=one.label) for one in count.left[:_MOST_LINES]]
    else:
        for one in count.differences[:_MOST_LINES]:
            facts = {"part": one.label, "book": one.book, "counted": one.counted, "difference": f"{one.difference:+d}"}
            lines.append(line_of("card.count-differs", **facts))
        lines += [] if count.differences else [line_of("card.count-right")]
        lines += [line_of("card.use-reason", reason=one.reason) for one in count.differences[:1] if one.reason]
    rows = rows_of(count.id, "count", next_of_count(count, person))
    return said("", {}, lines=lines, rows=rows) | {"title": line_of("card.count-title", number=count.number)}
