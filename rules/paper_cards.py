"""Opinion cards from a signed paper's code, and for everybody every half year (SUR-8, SUR-11)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from rules.clocks import Clock, promised_at
from rules.decisions import Deadline, Entry, Ruling
from rules.orders import WorkOrder
from rules.people import Person
from rules.refusals import Refused
from rules.surveys import Survey, SurveyStage, aspects_of
from rules.terms import Terms

PAYLOAD = "v_"
"""How the code on the customer's copy begins."""
_LENGTH = 40  # characters of a seal: links take 64 at most


def payload(digest: str) -> str:
    """What the code on a paper says, from the seal of what was signed."""
    return f"{PAYLOAD}{digest[:_LENGTH]}"


def is_payload(text: str) -> bool:
    """Whether somebody has followed such a code."""
    rest = text.removeprefix(PAYLOAD)
    return text.startswith(PAYLOAD) and len(rest) == _LENGTH and set(rest) <= set("0123456789abcdef")


def fresh(order: WorkOrder, number: str, now: datetime, terms: Terms) -> Survey:
    """A card about an order."""
    return Survey(
        number=number, branch=order.branch, opened_at=now, policy_version=terms.policy.version, customer=order.customer,
        about=order.subject, aspects=aspects_of(order, terms.policy), technicians=order.crew,
        barred=tuple(sorted(order.workers)), customer_name=order.report.customer_name, phone=order.report.phone,
    )  # fmt: skip


def from_paper(
    survey: Survey | None, order: WorkOrder, has_chat: bool, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Survey]:
    """Whoever holds the customer's copy opens its card: himself, or who stands for one without a chat; never staff (SUR-8)."""
    if by.is_staff or by.id in order.workers:
        raise Refused("not-from-staff", rule="SUR-8")
    if by.id != order.customer and has_chat:
        raise Refused("not-your-card", rule="SUR-8")
    card = survey or fresh(order, order.number, now, terms)
    if by.id != order.customer:
        card = replace(card, holder=by.id)
    if card.stage is not SurveyStage.PLANNED:
        return Ruling(card)
    return _sent(card, now, terms, "SUR-8")


def _sent(card: Survey, now: datetime, terms: Terms, rule: str) -> Ruling[Survey]:
    """It is open for answers from now on, and lapses like any other."""
    remind = promised_at(Clock.SURVEY_ANSWER, now + timedelta(days=terms.policy.survey.remind_days), now, rule)
    clocks: dict[str, Deadline | None] = {Clock.SURVEY: None, Clock.SURVEY_ANSWER: Deadline(remind)}
    return Ruling(replace(card, stage=SurveyStage.SENT, sent_at=now), (Entry("survey.sent", {}, rule),), (), clocks)


def half_year(day: date) -> tuple[str, date, date] | None:
    """In January and July the half year before, as (name, first day, day after its last); None in other months (SUR-11)."""
    if day.month == 1:
        return f"{day.year - 1}-H2", date(day.year - 1, 7, 1), date(day.year, 1, 1)
    if day.month == 7:
        return f"{day.year}-H1", date(day.year, 1, 1), date(day.year, 7, 1)
    return None


def campaign_card(order: WorkOrder, period: str, now: datetime, terms: Terms) -> Ruling[Survey]:
    """A customer's card of the half year, about his latest call (SUR-11)."""
    card = fresh(order, f"{period}-{order.customer}", now, terms)
    due = promised_at(Clock.SURVEY, now, now, "SUR-11")
    return Ruling(card, (Entry("survey.planned", {"period": period}, "SUR-11"),), (), {Clock.SURVEY: Deadline(due)})
