"""The opinion card: one message, one question at a time with four buttons, or all in one where messages are counted (SUR-2)."""

from typing import Any

from sqlalchemy import Connection

from handlers.said import Body, button, said
from handlers.turn import Company
from rules.complaint_nexts import may_answer
from rules.people import Deed, Person, may
from rules.surveys import BEST, LOWEST, Survey, SurveyStage


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def survey_card(connection: Connection, survey: Survey, person: Person, company: Company, *, is_whole: bool = False) -> Body:
    """The card with what was answered so far. `is_whole`: everything at once, to be answered with one message."""
    if not may_answer(survey, person):
        return said("card.out-of-sight", {"number": survey.number})
    title = _line("survey.title", number=survey.number)
    lines = [_graded(one, survey.grades[one]) for one in survey.aspects if one in survey.grades]
    if survey.is_by_phone and person.id != survey.customer:
        lines.insert(0, _line("survey.by-phone", customer=survey.customer_name, phone=survey.phone))
    rows, asked = _question(survey, is_whole=is_whole)
    if survey.is_by_phone and survey.stage is SurveyStage.SENT and may(person, Deed.ENTER_SURVEY, survey.ties):
        rows.append([button("button.survey.print", f"v.{survey.id}.print")])
    return said("", {}, lines=[*lines, *asked], rows=rows) | {"title": title}


def _graded(aspect: str, level: int) -> dict[str, Any]:
    return _line("survey.graded", aspect={"text": f"aspect.{aspect}"}, level={"text": f"grade.{level}"})


def _question(survey: Survey, *, is_whole: bool) -> tuple[list[list[dict[str, Any]]], list[dict[str, Any]]]:
    """Buttons and words of what is asked now."""
    stem, words = f"v.{survey.id}", button("button.survey.words", f"v.{survey.id}.words")
    if survey.stage is SurveyStage.LAPSED:
        return [[words]], [_line("survey.lapsed")]
    if survey.is_complete:
        text = "survey.thanks-complaint" if survey.complaint_number else "survey.thanks"
        return [[words]], [_line(text, number=survey.complaint_number)]
    aspect = survey.next_aspect
    if aspect and is_whole and not survey.grades:
        aspects = [{"text": f"aspect.{one}"} for one in survey.aspects]
        return [], [_line("survey.whole", aspects=aspects, n=len(aspects), example="4434"[: len(aspects)])]
    if aspect:
        levels = [button(f"grade.{level}", f"{stem}.{aspect}.{level}") for level in range(BEST, LOWEST - 1, -1)]
        return [levels[:2], levels[2:]], [_line(f"survey.ask.{aspect}")]
    answers = [button("word.no", f"{stem}.money.no"), button("word.yes", f"{stem}.money.yes")]
    return [answers], [_line("survey.ask.money")]
