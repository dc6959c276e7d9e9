"""Compensation in chat: what becomes of the conversations, the card, and what may not be promised yet (FEE-13)."""

from typing import Any

from handlers import outcomes
from handlers.flows.money import Harm
from handlers.flows.papers import Words
from handlers.said import Body, button, said
from handlers.turn import Turn
from rules import compensations, intake
from rules.compensations import Compensation, CompensationStage
from rules.complaint_decisions import POSTS
from rules.orders import WorkOrder
from rules.people import Deed, Person, Role, may
from storage import cases
from storage.numbers import yearly_number


def proposed(turn: Turn, order: WorkOrder | None, outcome: Harm) -> None:
    assert order is not None
    drafted = Compensation(
        number=yearly_number(turn.connection, "CP", turn.terms, turn.now), branch=order.branch, opened_at=turn.now,
        policy_version=order.policy_version, customer=order.customer, about=order.subject, about_number=order.number,
        crew=order.crew, minor=outcome.amount.minor, currency=outcome.amount.currency, words=outcome.reason, by=turn.person.id,
    )  # fmt: skip
    kept = turn.unit.record(None, compensations.propose(drafted, order, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.compensation", number=kept.number)


def approve(turn: Turn, case: Compensation) -> None:
    kept = turn.unit.record(case, compensations.approve(case, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.compensation-approved", number=kept.number)


def refused(turn: Turn, case: Compensation, outcome: Words) -> None:
    kept = turn.unit.record(case, compensations.refuse(case, outcome.text, **turn.deed), by=turn.person.id)
    turn.show(kept.subject, "done.compensation-refused", number=kept.number)


def of_order(turn: Turn, order: WorkOrder) -> list[Compensation]:
    return cases.about(turn.connection, Compensation, order.subject)


def answered(turn: Turn, order: WorkOrder | None, outcome: Words) -> None:
    """An answer to the customer promises nothing that nobody has approved (FEE-13)."""
    assert order is not None
    compensations.require_no_promise(outcome.text, of_order(turn, order))
    outcomes.record(turn, order, intake.answer_customer(order, outcome.text, **turn.deed), "done.answer")


def card(case: Compensation, person: Person) -> Body:
    """How much, why, whose word it waits for; the two buttons of whoever has the authority."""
    if not case.seen_by(person):
        return said("card.out-of-sight", {"number": case.number})
    lines = [
        _line("card.stage", stage={"text": f"compensation.stage.{case.stage}"}),
        _line("card.compensation-amount", amount=str(case.money)),
        _line("card.compensation-why", words=case.words),
    ]
    if person.is_staff:
        lines.append(_line("card.compensation-by", by_id=case.by))
        lines += [_line("card.compensation-waits", post={"text": f"role.{case.approver}"})] if case.is_open else []
    if case.decided_by is not None:
        lines.append(_line("card.compensation-approver", by_id=case.decided_by))
    lines += [_line("card.quote-words", words=case.answer)] if case.answer and person.is_staff else []
    rows = []
    if _decides(case, person):
        stem = f"cp.{case.id}"
        rows = [[button("button.money.grant", f"{stem}.grant", tone="primary"),
                 button("button.money.deny", f"{stem}.deny", tone="danger")]]  # fmt: skip
    title = _line("card.compensation-title", number=case.number, order=case.about_number)
    return said("", {}, lines=lines, rows=rows) | {"title": title}


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def _decides(case: Compensation, person: Person) -> bool:
    if case.stage != CompensationStage.PROPOSED or person.id == case.by or not may(person, Deed.DECIDE_COMPLAINT, case.ties):
        return False
    return any(person.holds(role) for role in POSTS[POSTS.index(Role(case.approver)) :])
