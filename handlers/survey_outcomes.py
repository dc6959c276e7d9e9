"""What an answer to an opinion card leads to: a visit, an answer that is owed, the next question (SUR-4, SUR-5, ESC-6)."""

from typing import Any

from handlers import complaining
from handlers.case_outcomes import begin
from handlers.flows.papers import Words
from handlers.said import button
from handlers.turn import Turn
from rules import complaint_intake, surveys, tasks
from rules.complaints import Complaint
from rules.decisions import Ruling
from rules.orders import WorkOrder
from rules.surveys import Survey
from storage import cases, orders
from texts import catalog


def commented(turn: Turn, survey: Survey, outcome: Words) -> None:
    """Free words: with the complaint that followed from the card, else a comment that has to be answered (SUR-4)."""
    after = turn.unit.record(survey, surveys.comment(survey, outcome.text, **turn.deed), by=turn.person.id)
    _keep_words(turn, after, outcome.text)
    turn.reply("done.survey-words", rows=[[button("menu.report", "m.report")]] if not turn.person.is_staff else [])


def answered(turn: Turn, survey: Survey, ruling: Ruling[Survey], order: WorkOrder, *, words: str = "") -> None:
    """Keep an answer, see to what it asks for, and show what comes next on the same card."""
    after = turn.unit.record(survey, ruling, by=turn.person.id)
    if surveys.owes_complaint(after):
        after = complaining.from_survey(turn, after, order)
    else:
        _add_to_complaint(turn, survey, after)
        if words:
            _keep_words(turn, after, words)
    headline = "survey.early" if after.is_early and not survey.is_early else ""
    turn.show(after.subject, headline, in_place=True, number=after.number)


def _add_to_complaint(turn: Turn, before: Survey, after: Survey) -> None:
    """A complaint that was begun by an earlier answer hears of the later ones."""
    case = _open_case(turn, after)
    if case is None:
        return
    low = [one for one, level in after.grades.items() if level == surveys.LOWEST and one not in before.grades]
    if low:
        aspects = [{"text": f"aspect.{one}"} for one in low]
        said = catalog.say(turn.company.language, "survey.complaint", {"aspects": aspects})
        case = turn.unit.record(case, complaint_intake.add_note(case, said, **turn.deed), by=turn.person.id)
    if after.money and not before.money:
        turn.unit.record(case, complaint_intake.note_money(case, **turn.deed), by=turn.person.id)


def _keep_words(turn: Turn, survey: Survey, words: str) -> None:
    case = _open_case(turn, survey)
    if case is not None:
        turn.unit.record(case, complaint_intake.add_note(case, words, **turn.deed), by=turn.person.id)
        return
    n = len(cases.about(turn.connection, tasks.Task, survey.about)) + 1
    order = order_of(turn, survey)
    begin(turn, tasks.comment(order, f"{order.number}-W{n}", words, turn.now, turn.terms))


def _open_case(turn: Turn, survey: Survey) -> Complaint | None:
    found = cases.by_id(turn.connection, Complaint, survey.complaint) if survey.complaint else None
    return found if found is not None and found.is_open else None


def order_of(turn: Turn, survey: Survey) -> WorkOrder:
    """The call that a card is about."""
    found: Any = orders.by_id(turn.connection, survey.about_order or 0)
    assert isinstance(found, WorkOrder)  # a card is planned for an order, and orders are never removed
    return found
