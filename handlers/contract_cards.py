"""Living cards of contracts and routes (DESIGN 10.1, MNT)."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from handlers.said import Body, Row, button, said
from handlers.turn import Company
from rules.contracts import BEFORE, Contract, ContractStage
from rules.orders import CLOSED
from rules.people import Deed, Person, may
from rules.rounds import Route, every
from storage import orders

_MOST_LINES = 12


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def contract_card(connection: Connection, contract: Contract, person: Person, company: Company, *, now: datetime) -> Body:
    """Whose, for what, until when, which visits; the renewal's buttons for whose it is, the price for the office."""
    if not contract.seen_by(person):
        return said("card.out-of-sight", {"number": contract.number})
    is_office = may(person, Deed.SEE_CONTRACTS, contract.ties) or person.id == contract.seller
    lines = [
        _line("card.stage", stage={"text": f"contract.stage.{contract.stage}"}),
        _line("card.contract-period", start=contract.starts_on, end=contract.ends_on),
        _line("card.contract-products", products=list(contract.products)),
    ]
    if is_office:
        lines += [_line("card.contract-price", price=contract.price, currency=company.terms.policy.currency)]
        lines += [_line("card.address", address=contract.address)]
        lines += [_line("card.contract-limit", limit=contract.limit)] if contract.limit else []
        lines += [_line("card.contract-seller", seller_id=contract.seller)] if contract.seller else []
        lines += [_line("card.contract-talk", words=one) for one in contract.talks[-3:]]
    lines += _visits(connection, contract)
    if contract.renewed_as:
        lines.append(_line("card.contract-renewed", number=contract.renewed_as))
    title = _line("card.contract-title", number=contract.number, customer=contract.customer_name)
    return said("", {}, lines=lines, rows=_contract_rows(contract, person)) | {"title": title}


def _visits(connection: Connection, contract: Contract) -> list[dict[str, Any]]:
    """How many of the included visits are done, and the next ones (MNT-2)."""
    n_done, found = 0, []
    for one in contract.visits:
        order = orders.by_id(connection, one.order) if one.order else None
        is_done = one.order == BEFORE or (order is not None and (order.left_at is not None or order.stage in CLOSED))
        n_done += is_done
        if not is_done:
            found.append(_line("card.contract-visit", date=one.due_on, number=one.number or "—"))
    head = [_line("card.contract-visits", n=n_done, of=len(contract.visits))] if contract.visits else []
    return [*head, *found[:_MOST_LINES]]


def _contract_rows(contract: Contract, person: Person) -> list[Row]:
    is_theirs = person.id == contract.seller or may(person, Deed.KEEP_CONTRACTS, contract.ties)
    if not is_theirs or not contract.is_open or contract.stage not in (ContractStage.RUNNING, ContractStage.RENEWING):
        return []
    stem = f"k.{contract.id}"
    first = [button("button.renew", f"{stem}.renew", tone="primary"), button("button.renew_no", f"{stem}.no", tone="danger")]
    return [first, [button("button.renew_talk", f"{stem}.talk")]]


def route_card(connection: Connection, route: Route, person: Person, company: Company, *, now: datetime) -> Body:
    """Which machines, by when; the last rounds and what they found."""
    if not route.seen_by(person):
        return said("card.out-of-sight", {"number": route.number})
    policy = company.terms.policy
    lines = [_line("card.route-machines", machines=list(route.machines))]
    if route.checklist in policy.rounds.checklists:
        lines.append(_line("card.route-every", every={"text": f"every.{every(route, policy)}"}))
    if route.due_at and route.is_open:
        lines.append(_line("card.route-due", due=route.due_at))
    if route.n_missed:
        lines.append(_line("card.route-missed", n=route.n_missed))
    for one in route.walks[-3:]:
        lines.append(_line("card.route-walk", at=one.at, by_id=one.by, n=len(one.findings)))
    rows: list[Row] = []
    if route.is_open:
        rows.append([button("button.walk", f"n.{route.id}.walk", tone="primary")])
        if may(person, Deed.KEEP_ROUTES, route.ties):
            rows.append([button("button.route_close", f"n.{route.id}.close", tone="danger")])
    what = {"text": f"safety.list.{route.checklist}"}
    return said("", {}, lines=lines, rows=rows) | {"title": _line("card.route-title", number=route.number, what=what)}
