"""The service report in words: what the customer reads before signing and gets a copy of (VIS-16, SIG-10)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from handlers.turn import Turn
from rules.compensations import Compensation, CompensationStage
from rules.orders import Step, WorkOrder
from rules.signatures import signed_steps
from storage import cases, people
from texts import catalog

_SHOWN: dict[Step, tuple[str, ...]] = {
    Step.LISTEN: ("account", "usage_conditions", "before_fault", "after_fault", "operating_time", "mileage", "photo_words"),
    Step.LOOK: ("warranty_verdict", "tampered", "operating_time_read", "mileage_read", "photo_words"),
    Step.CHECK: ("component", "checks_done", "root_cause", "cause_class", "next_step", "photo_words"),
    Step.ACT: (
        "action_taken",
        "responsibility",
        "damage_responsible",
        "user_agrees",
        "result",
        "interim",
        "until",
        "advice",
        "photo_words",
    ),
    Step.TEST: ("customer_test", "words"),
}
_LABELS = {"photo_words": "word.photo-words"}
"""Where all steps call it the same."""


def summary(turn: Turn, order: WorkOrder, language: str) -> str:
    """The report of an order as plain text."""
    zone = turn.company.zone
    names = people.names(turn.connection, [order.lead] if order.lead else [])

    def say(text: str, **facts: Any) -> str:
        return catalog.say(language, text, facts, zone=zone)

    head = say(
        "summary.head",
        company=turn.company.name,
        number=order.number,
        customer=order.report.customer_name,
        model=order.report.model,
        technician=names.get(order.lead or 0, ""),
        arrived=order.arrived_at,
        fault=order.report.fault,
    )
    lines = [head]
    for step in signed_steps(order):
        found = list(_lines(step, order.found(step), language, zone))
        if found:
            lines += [f"【{say(f'step.{step}')}】", *found]
    if order.dues.agreed:
        lines.append(say("summary.money", agreed=str(order.dues.total), open=str(order.dues.outstanding)))
    for one in cases.about(turn.connection, Compensation, order.subject):
        if one.stage == CompensationStage.APPROVED and one.decided_by is not None:
            approver = people.name_of(turn.connection, one.decided_by)
            lines.append(say("summary.compensation", amount=str(one.money), reason=one.words, approver=approver))
    return "\n".join(lines)


def _lines(step: Step, answers: Mapping[str, Any], language: str, zone: str) -> Iterator[str]:
    if step is Step.PARTS:
        for line in answers.get("lines", ()):
            facts = {**line, "old_part": {"text": f"parts.old_part.{line.get('old_part') or 'open'}"}}
            yield catalog.say(language, "summary.part", facts, zone=zone)
        return
    colon = ": " if language == "en" else "："
    for label, value in recorded(step, answers, language, zone):
        yield f"{label}{colon}{value}"


def recorded(step: Step, answers: Mapping[str, Any], language: str, zone: str) -> Iterator[tuple[str, str]]:
    """(label, value) of each thing that a step recorded and the customer may read; parts are lines of their own."""
    for key in _SHOWN.get(step, ()):
        value = answers.get(key)
        if value not in (None, ""):
            yield catalog.say(language, _LABELS.get(key, f"{step}.{key}.label")), _shown(step, key, value, language, zone)


def _shown(step: Step, key: str, value: Any, language: str, zone: str) -> str:
    if key == "until":
        return catalog.show(language, date.fromisoformat(value), zone=zone)
    option = f"{step}.{key}.{value}"
    if isinstance(value, str) and catalog.has(option):
        return catalog.say(language, option)
    if isinstance(value, dict):
        return catalog.say(language, "word.voice")
    return catalog.show(language, value, zone=zone)
