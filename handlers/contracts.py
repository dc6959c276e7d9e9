"""Contracts and rounds in chat: lists, buttons, and what becomes of their conversations (MNT)."""

from dataclasses import replace

from handlers.flows.contracts import Signed, Walked
from handlers.flows.papers import Words
from handlers.said import button, in_rows, literal_button
from handlers.turn import Turn
from rules import contracts, intake, rounds
from rules.contracts import Contract
from rules.people import Deed, Role, may, require
from rules.rounds import Route
from storage import cases, people
from storage.numbers import order_number, yearly_number
from storage.tending import tend
from texts import catalog

MOST = 12


def branch_of(turn: Turn) -> str:
    return turn.person.branch or turn.company.branch


def show_contracts(turn: Turn, _arg: str = "") -> None:
    """The branch's contracts, what ends first first (MNT-2)."""
    require(turn.person, Deed.SEE_CONTRACTS)
    found = cases.open_ones(turn.connection, Contract, visible_to=turn.person)
    found = sorted(found, key=lambda one: one.ends_on)[:MOST]
    lines = [
        {
            "text": "contract.line",
            "facts": {"number": one.number, "customer": one.customer_name, "end": one.ends_on,
                      "stage": {"text": f"contract.stage.{one.stage}"}},
        }
        for one in found
    ]  # fmt: skip
    rows = in_rows([literal_button(one.number, f"k.{one.id}.card") for one in found], 3)
    rows.insert(0, [button("contract.add", "w.contract", tone="primary")])
    turn.reply("contract.list" if found else "contract.list-none", {"n": len(found)}, lines=lines, rows=rows)


def signed(turn: Turn, _subject: object, outcome: Signed) -> None:
    """A contract begins; the customer is known by telephone from then on (INT-10), and what is due is done at once."""
    require(turn.person, Deed.KEEP_CONTRACTS)
    name, phone = outcome.customer["name"], outcome.customer["phone"]
    known = people.customer_by_phone(turn.connection, phone)
    customer = known or people.add_person(turn.connection, name=name, roles=[Role.CUSTOMER], phone=phone, now=turn.now)
    drafted = Contract(
        number="", branch=branch_of(turn), opened_at=turn.now, customer=customer.id, customer_name=name, phone=phone,
        address=outcome.address, products=outcome.products, starts_on=outcome.starts_on, ends_on=outcome.ends_on,
        n_visits=outcome.n_visits, price=outcome.price, limit=outcome.limit, checklist=outcome.checklist,
        seller=outcome.seller,
    )  # fmt: skip
    _sign(turn, drafted)


def _sign(turn: Turn, drafted: Contract) -> Contract:
    number, version = yearly_number(turn.connection, "M", turn.terms, turn.now), turn.terms.policy.version
    numbered = replace(drafted, number=number, policy_version=version)
    kept = turn.unit.record(None, contracts.sign_contract(numbered, **turn.deed), by=turn.person.id)
    tend(turn.unit, kept)
    turn.show(kept.subject, "done.contract", number=kept.number)
    return kept


def talked(turn: Turn, contract: Contract, outcome: Words) -> None:
    ruling = contracts.still_talking(contract, outcome.text, **turn.deed)
    turn.show(turn.unit.record(contract, ruling, by=turn.person.id).subject, "done.renewal-talk")


def declined(turn: Turn, contract: Contract, outcome: Words) -> None:
    ruling = contracts.decline(contract, outcome.text, **turn.deed)
    turn.show(turn.unit.record(contract, ruling, by=turn.person.id).subject, "done.renewal-no")


def renewed(turn: Turn, contract: Contract, outcome: Words) -> None:
    """The next contract is signed, and the old one says which it is (MNT-1)."""
    ends_on, price = outcome.picked
    number = yearly_number(turn.connection, "M", turn.terms, turn.now)
    after = turn.unit.record(contract, contracts.renew(contract, number, **turn.deed), by=turn.person.id)
    turn = turn.afresh()
    following = contracts.renewal_of(after, ends_on, price, number, now=turn.now)
    following = replace(following, policy_version=turn.terms.policy.version)
    kept = turn.unit.record(None, contracts.sign_contract(following, **turn.deed), by=turn.person.id)
    tend(turn.unit, kept)
    turn.show(kept.subject, "done.renewal-yes", number=kept.number)


def show_rounds(turn: Turn, _arg: str = "") -> None:
    """The routes of the branch, what is due first first (MNT-4)."""
    require(turn.person, Deed.WALK_ROUND)
    found = cases.open_ones(turn.connection, Route, visible_to=turn.person)[:MOST]
    lines = [
        {"text": "round.line", "facts": {"number": one.number, "what": {"text": f"safety.list.{one.checklist}"},
                                         "due": one.due_at or "—", "n": len(one.machines)}}
        for one in found
    ]  # fmt: skip
    rows = in_rows([literal_button(one.number, f"n.{one.id}.card") for one in found], 3)
    if turn.terms.policy.rounds.checklists and may(turn.person, Deed.KEEP_ROUTES):
        rows.insert(0, [button("round.add", "w.route", tone="primary")])
    turn.reply("round.list" if found else "round.list-none", {"n": len(found)}, lines=lines, rows=rows)


def route_opened(turn: Turn, _subject: object, outcome: Words) -> None:
    """Machines are one a line, or parted by commas."""
    parts = outcome.text.replace("、", "\n").replace("，", "\n").replace(",", "\n").splitlines()
    machines = tuple(dict.fromkeys(one.strip() for one in parts if one.strip()))
    drafted = Route(
        number=yearly_number(turn.connection, "R", turn.terms, turn.now), branch=branch_of(turn), opened_at=turn.now,
        checklist=outcome.more, machines=machines, person=outcome.picked, policy_version=turn.terms.policy.version,
    )  # fmt: skip
    kept = turn.unit.record(None, rounds.open_route(drafted, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.route", number=kept.number)


def walked(turn: Turn, route: Route, outcome: Walked) -> None:
    """The round is booked, and each finding becomes an order (MNT-7)."""
    kept = turn.unit.record(route, rounds.walk(route, outcome.values, outcome.findings, **turn.deed), by=turn.person.id)
    findings, turn = kept.walks[-1].findings, turn.afresh()
    for one in findings:
        point = catalog.say(turn.company.language, f"safety.point.{one.point}")
        report = rounds.report_of(replace(one, words=f"{point}：{one.words}"), kept, turn.person)
        decision = intake.report_fault(
            report, number=order_number(turn.connection, turn.terms, turn.now), branch=kept.branch,
            customer=turn.person.id, asset=None, **turn.deed,
        )  # fmt: skip
        turn.unit.record(None, replace(decision, after=replace(decision.order, follows=kept.subject)), by=turn.person.id)
    turn.show(kept.subject, "done.round-findings" if findings else "done.round", n=len(findings))
