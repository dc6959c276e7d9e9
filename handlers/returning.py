"""Goods brought back: list, card, buttons, and what becomes of the conversations (RET)."""

from dataclasses import replace
from typing import Any

from handlers.flows.papers import Words
from handlers.flows.returns import Brought
from handlers.said import Body, Row, button, in_rows, literal_button, said
from handlers.turn import Turn
from rules import intake, returns
from rules.people import Deed, Person, Role, may, require
from rules.returns import Answer, Outcome, Return, ReturnStage
from rules.tasks import after_return, open_task
from storage import cases, people
from storage.numbers import order_number, yearly_number

MOST = 12
SHOPS = ("retail", "mall")


def show(turn: Turn, _arg: str = "") -> None:
    """What is not agreed on yet, and the way in for another one (RET-11)."""
    require(turn.person, Deed.TAKE_BACK_GOODS)
    found = cases.open_ones(turn.connection, Return, visible_to=turn.person)[:MOST]
    lines = [
        {"text": "returns.line", "facts": {"number": one.number, "article": one.goods.article, "customer": one.customer_name,
                                           "stage": {"text": f"returns.stage.{one.stage}"}}}
        for one in found
    ]  # fmt: skip
    rows: list[Row] = [[button("returns.add", "w.return", tone="primary")]]
    rows += in_rows([literal_button(one.number, f"rt.{one.id}.card") for one in found], 3)
    turn.reply("returns.list" if found else "returns.list-none", lines=lines, rows=rows)


def brought(turn: Turn, _about: object, outcome: Brought) -> None:
    """The customer is known by telephone from then on (RET-13); what was decided shows at once."""
    known = people.customer_by_phone(turn.connection, outcome.phone)
    customer = known or people.add_person(
        turn.connection, name=outcome.name, roles=[Role.CUSTOMER], phone=outcome.phone, now=turn.now
    )
    drafted = Return(
        number=yearly_number(turn.connection, "J", turn.terms, turn.now), branch=turn.person.branch or turn.company.branch,
        opened_at=turn.now, policy_version=turn.terms.policy.version, customer=customer.id, customer_name=outcome.name,
        phone=outcome.phone, goods=outcome.goods, answer=Answer(Outcome.ASK, ()), by=turn.person.id,
    )  # fmt: skip
    kept = turn.unit.record(None, returns.take_back(drafted, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.return-decided", number=kept.number)


def insisted(turn: Turn, case: Return, outcome: Words) -> None:
    kept = turn.unit.record(case, returns.insist(case, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.return-asked")


def overruled(turn: Turn, case: Return, outcome: Words) -> None:
    ruling = returns.overrule(case, Outcome(outcome.picked), outcome.text, **turn.deed)
    turn.show(turn.unit.record(case, ruling, by=turn.person.id).subject, "done.return-word")


def agree(turn: Turn, case: Return) -> None:
    """Agreed; a repair becomes a work order of its class (TYP-2), of the rest the customer is asked how it was (RET-15)."""
    number = order_number(turn.connection, turn.terms, turn.now) if case.is_repair else ""
    kept = turn.unit.record(case, returns.agree(case, number, **turn.deed), by=turn.person.id)
    if number:
        customer = people.person(turn.connection, kept.customer)
        decision = intake.report_fault(
            returns.repair_of(kept, _shop(turn, kept)), number=number, branch=kept.branch, customer=kept.customer, asset=None,
            by=customer, now=turn.now, terms=turn.terms,
        )  # fmt: skip
        order = replace(
            decision.order, service_class=kept.service_class, class_by=turn.person.id, purchased_on=kept.goods.bought_on
        )
        turn.unit.record(None, replace(decision, after=order), by=turn.person.id)
    for task in after_return(kept, turn.now, turn.terms):
        turn.unit.record(None, open_task(task, now=turn.now, is_quiet=True), by=turn.person.id)
    turn.show(kept.subject, "done.return-repair" if number else "done.return-agreed", number=number)


def _shop(turn: Turn, case: Return) -> str:
    """Where the article is, as its owner knows it."""
    company = turn.company
    return company.name if case.branch == company.branch else f"{company.name} {case.branch}"


def card(case: Return, person: Person) -> Body:
    """What it is, what the regulations give and by which rule, in plain words (RET-12)."""
    if not case.seen_by(person):
        return said("card.out-of-sight", {"number": case.number})
    lines = [
        _line("card.stage", stage={"text": f"returns.stage.{case.stage}"}),
        _line("card.return-goods", article=case.goods.article, bought=case.goods.bought_on, words=case.goods.words),
        _line("card.return-outcome", outcome={"text": f"returns.outcome.{case.answer.outcome}"}),
    ]
    ground = "card.return-ground" if case.overruled_by is None else "card.return-overruled"
    lines += [_line(ground, rule=rule, ground={"text": f"returns.ground.{rule.lower()}"}) for rule in case.answer.rules]
    if case.answer.law:
        lines.append(_line("card.return-law", law=case.answer.law))
    if case.answer.instead is not None:
        lines.append(_line("card.return-instead", outcome={"text": f"returns.outcome.{case.answer.instead}"}))
    if person.is_staff:
        lines += [_line("card.customer", customer=case.customer_name)]
        lines += [_line("card.return-insists", words=case.insists)] if case.insists else []
        lines += [_line("card.return-no-proof", reason=case.goods.no_proof)] if case.goods.no_proof else []
    lines += [_line("card.return-order", number=case.order_number)] if case.order_number else []
    return said("", {}, lines=lines, rows=_rows(case, person)) | {"title": _line("card.return-title", number=case.number)}


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def _rows(case: Return, person: Person) -> list[Row]:
    stem = f"rt.{case.id}"
    if not case.is_open:
        return []
    if case.stage == ReturnStage.ASKED:
        if person.id == case.by or not may(person, Deed.DECIDE_RETURN, case.ties):
            return []
        return [[button("button.money.word", f"{stem}.word", tone="primary")]]
    if not may(person, Deed.TAKE_BACK_GOODS, case.ties):
        return []
    return [[button("button.money.agree", f"{stem}.agree", tone="primary"),
             button("button.money.insist", f"{stem}.insist", tone="danger")]]  # fmt: skip
