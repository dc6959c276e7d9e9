"""Answers to opinion cards: a tap, four digits in one message, or words; what is low becomes a visit (SUR-2, SUR-4, SUR-5)."""

import re
from datetime import timedelta

from handlers.flowbook import ENGINE
from handlers.flows.papers import Words
from handlers.questions import clean
from handlers.survey_outcomes import answered, commented, order_of
from handlers.turn import Turn
from rules import surveys
from rules.case_papers import card_of
from rules.paper_cards import PAYLOAD, from_paper
from rules.refusals import Refused
from rules.surveys import Survey, SurveyStage
from storage import cases, people, seals

_GRADES = re.compile(r"([1-4]{2,4})(?:\s*[\s,，、。;；:：]\s*(.*))?", re.DOTALL)
AT_ONCE = timedelta(minutes=10)
"""Words that come this soon after an answer belong to the card."""


def press(turn: Turn, survey: Survey, action: str, arg: str) -> None:
    """A button of the card: a grade, the answer about money, room for words."""
    order = order_of(turn, survey)
    if action == "card":
        turn.show(survey.subject)
    elif action == "print":
        _print(turn, survey)
    elif action == "words":
        ENGINE.start(turn, "survey_words", about=survey.subject)
    elif action == "money" and arg in ("yes", "no"):
        answered(turn, survey, surveys.answer_money(survey, arg == "yes", order, **turn.deed), order)
    elif action in survey.aspects and arg.isdecimal():
        answered(turn, survey, surveys.grade(survey, action, int(arg), order, **turn.deed), order)
    else:
        turn.reply("talk.passed")


def _print(turn: Turn, survey: Survey) -> None:
    """The card on paper, for a customer without a chat; what he ticks is entered like what he says on the telephone (SUR-1)."""
    after = turn.unit.record(survey, surveys.printed(survey, **turn.deed), by=turn.person.id)
    turn.reply("survey.on-paper", {"number": after.number}, papers=[card_of(after.id)])


def scanned(turn: Turn, payload: str) -> None:
    """The code on the customer's copy opens its card (SUR-8)."""
    order = seals.order_beginning(turn.connection, payload.removeprefix(PAYLOAD))
    if order is None:
        raise Refused("no-such-order", rule="ROL-1")
    turn = turn.under(order)
    survey = cases.by_number(turn.connection, Survey, order.number)
    has_chat = people.account_for(turn.connection, order.customer) is not None
    after = turn.unit.record(survey, from_paper(survey, order, has_chat, **turn.deed), by=turn.person.id)
    turn.show(after.subject)


def typed(turn: Turn, text: str) -> bool:
    """`4434 師傅很好` answers the card that waits; words right after an answer belong to it. False: it was something else."""
    survey = waiting(turn)
    if survey is None:
        return False
    turn, order = turn.under(survey), order_of(turn, survey)
    found = _GRADES.fullmatch(text)
    left = sum(one not in survey.grades for one in survey.aspects)
    if found and len(found[1]) == left and survey.stage is SurveyStage.SENT:
        levels, words = tuple(int(one) for one in found[1]), clean(found[2] or "")
        answered(turn, survey, surveys.grade_all(survey, levels, words, order, **turn.deed), order, words=words)
        return True
    if survey.answered_at is not None and turn.now - survey.answered_at <= AT_ONCE:
        commented(turn, survey, Words(text))
        return True
    return False


def waiting(turn: Turn) -> Survey | None:
    """The newest card that this person was sent and has not let lapse."""
    found = cases.of_customer(turn.connection, Survey, turn.person.id, limit=3)
    return next((one for one in found if one.stage in (SurveyStage.SENT, SurveyStage.DONE) and not one.is_by_phone), None)
