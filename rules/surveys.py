"""Opinion cards: to every call, without sampling; four grades of four levels, money, words (SUR-1..5, SUR-8, FEE-2, X-5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case
from rules.clocks import Clock, first_thing, promised_at
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.orders import Stage, WorkOrder
from rules.people import Deed, Person, may, require
from rules.policies import Policy
from rules.refusals import Refused
from rules.terms import Terms

BEST, LOWEST = 4, 1
AFTER_ARRIVAL = frozenset({"technique", "arrival_time"})
"""What only somebody can be rated on who came."""


class SurveyStage(StrEnum):
    """Where an opinion card stands."""

    PLANNED = "planned"
    SENT = "sent"
    DONE = "done"
    LAPSED = "lapsed"


@dataclass(frozen=True, kw_only=True)
class Survey(Case):
    """One opinion card, for one call. Grades are 4 (best) to 1; `money` is the answer to FEE-2's question."""

    kind: ClassVar[str] = "survey"
    stage: SurveyStage = SurveyStage.PLANNED
    aspects: tuple[str, ...]
    technicians: tuple[int, ...] = ()
    customer_name: str = ""
    phone: str = ""
    grades: Mapping[str, int] = field(default_factory=dict)
    money: bool | None = None
    words: str = ""
    is_by_phone: bool = False
    is_early: bool = False  # answered although the job was under way again
    sent_at: datetime | None = None
    reminded_at: datetime | None = None
    answered_at: datetime | None = None  # the latest answer
    entered_by: int | None = None  # who wrote down what the customer said on the telephone
    complaint: int | None = None
    complaint_number: str = ""
    holder: int | None = None  # who opened it with the code on the customer's copy, for one who has no chat (SUR-8)

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (Audience.CLERK,) if self.is_by_phone else (self.customer,)

    @property
    def next_aspect(self) -> str:
        """The first aspect without a grade, empty when all have one."""
        return next((one for one in self.aspects if one not in self.grades), "")

    @property
    def is_complete(self) -> bool:
        return not self.next_aspect and self.money is not None


def plan(before: WorkOrder | None, after: WorkOrder, *, now: datetime, terms: Terms) -> Ruling[Survey] | None:
    """The card that a call is owed now, None where none falls due by this change.

    Next working day after closing (SUR-1, SLA-16), or after the day of the call where the profile says so; on site it is
    due when the technician leaves (SUR-8). A call that was solved without a visit gets one as well (INT-15).
    """
    own, day = terms.policy.survey, terms.calendar.local_day(now)
    due = first_thing(day, terms.calendar)
    if own.mode == "every_call":
        is_owed = before is None if own.when == "call_day" else before is not None and before.is_open and not after.is_open
    elif own.mode == "on_site":
        is_owed, due = before is not None and before.left_at is None and after.left_at is not None, now
    else:
        is_owed = False
    if not is_owed:
        return None
    survey = Survey(
        number=after.number,
        branch=after.branch,
        opened_at=now,
        policy_version=terms.policy.version,
        customer=after.customer,
        about=after.subject,
        aspects=aspects_of(after, terms.policy),
        technicians=after.crew,
        barred=tuple(sorted(after.workers)),
        customer_name=after.report.customer_name,
        phone=after.report.phone,
    )
    clock = Deadline(promised_at(Clock.SURVEY, due, now, "SUR-1"))
    return Ruling(survey, (Entry("survey.planned", {"due": due}, "SUR-1"),), (), {Clock.SURVEY: clock})


def aspects_of(order: WorkOrder, policy: Policy) -> tuple[str, ...]:
    """What a customer can be asked: technique and arrival only where somebody came (SUR-2)."""
    came = order.arrived_at is not None
    return tuple(one for one in policy.survey.aspects if came or one not in AFTER_ARRIVAL)


def send(survey: Survey, order: WorkOrder | None, is_reachable: bool, *, now: datetime, terms: Terms) -> Ruling[Survey]:
    """The card goes out; a customer without a chat is called by the clerk, who fills it in for him (SUR-1)."""
    technicians = order.crew if order is not None else survey.technicians
    barred = tuple(sorted(order.workers)) if order is not None else survey.barred
    aspects = aspects_of(order, terms.policy) if order is not None else survey.aspects
    sent = replace(
        survey,
        stage=SurveyStage.SENT,
        sent_at=now,
        is_by_phone=not is_reachable,
        technicians=technicians,
        barred=barred,
        aspects=aspects,
    )
    text = "notice.survey" if is_reachable else "notice.survey-by-phone"
    told = (Notice(text, sent.owners, {"number": survey.number}),)
    remind = promised_at(Clock.SURVEY_ANSWER, now + timedelta(days=terms.policy.survey.remind_days), now, "SUR-1")
    clocks: dict[str, Deadline | None] = {Clock.SURVEY: None, Clock.SURVEY_ANSWER: Deadline(remind)}
    return Ruling(sent, (Entry("survey.sent", {"is_by_phone": sent.is_by_phone}, "SUR-1"),), told, clocks)


def printed(survey: Survey, *, by: Person, now: datetime, terms: Terms) -> Ruling[Survey]:
    """On paper it goes by post, and has as long to come back as if it had been sent today (SUR-1)."""
    require(by, Deed.ENTER_SURVEY, survey.ties)
    _require_running(survey)
    remind = promised_at(Clock.SURVEY_ANSWER, now + timedelta(days=terms.policy.survey.remind_days), now, "SUR-1")
    again = replace(survey, reminded_at=None)
    return Ruling(again, (Entry("survey.printed", {}, "SUR-1"),), (), {Clock.SURVEY_ANSWER: Deadline(remind)})


def chase(survey: Survey, *, now: datetime) -> Ruling[Survey]:
    """One reminder; after that it lapses, and what was answered stays (SUR-1)."""
    if survey.reminded_at is None:
        text = "notice.survey-reminder" if not survey.is_by_phone else "notice.survey-by-phone"
        told = (Notice(text, survey.owners, {"number": survey.number}, is_must=False),)
        return Ruling(replace(survey, reminded_at=now), (Entry("survey.reminded", {}, "SUR-1"),), told)
    lapsed = replace(survey, stage=SurveyStage.LAPSED, closed_at=now)
    return Ruling(lapsed, (Entry("survey.lapsed", {}, "SUR-1"),), (), {Clock.SURVEY_ANSWER: None})


def grade(
    survey: Survey, aspect: str, level: int, order: WorkOrder, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Survey]:
    """One tap: an aspect's grade (SUR-2). A second one for the same aspect is refused with what was said first."""
    _require_answerer(survey, by)
    if aspect not in survey.aspects or not LOWEST <= level <= BEST:
        raise Refused("no-such-grade", rule="SUR-2")
    if aspect in survey.grades:
        given = {"text": f"grade.{survey.grades[aspect]}"}
        raise Refused("graded-before", rule="SUR-2", aspect={"text": f"aspect.{aspect}"}, level=given)
    _require_running(survey)
    graded = _answering(replace(survey, grades={**survey.grades, aspect: level}), order, by, now)
    return _ruled(graded, Entry("survey.graded", {"aspect": aspect, "level": level}, "SUR-2"), now)


def grade_all(
    survey: Survey, levels: tuple[int, ...], words: str, order: WorkOrder, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Survey]:
    """All grades in one message, such as 4434, and whatever words follow; only aspects without a grade take one (SUR-2)."""
    _require_answerer(survey, by)
    left = tuple(one for one in survey.aspects if one not in survey.grades)
    if not left:
        raise Refused("survey-done", rule="SUR-2", number=survey.number)
    _require_running(survey)
    if len(levels) != len(left) or not all(LOWEST <= level <= BEST for level in levels):
        raise Refused("no-such-grade", rule="SUR-2")
    given = dict(zip(left, levels, strict=True))
    graded = _answering(replace(survey, grades={**survey.grades, **given}, words=words or survey.words), order, by, now)
    return _ruled(graded, Entry("survey.graded", given, "SUR-2"), now)


def answer_money(
    survey: Survey, was_asked: bool, order: WorkOrder, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Survey]:
    """Whether he was asked for money or gifts beyond the receipt (FEE-2)."""
    _require_answerer(survey, by)
    if survey.money is not None:
        raise Refused("answered-before", rule="FEE-2", said=survey.money)
    _require_running(survey)
    told = _answering(replace(survey, money=was_asked), order, by, now)
    return _ruled(told, Entry("survey.money", {"was_asked": was_asked}, "FEE-2"), now)


def comment(survey: Survey, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Survey]:
    """Free words, at any time: also after the card was closed (SUR-2, SUR-4)."""
    _require_answerer(survey, by)
    if not words.strip():
        raise Refused("words-missing", rule="SUR-2")
    said = f"{survey.words}\n{words}".strip()
    return Ruling(replace(survey, words=said, answered_at=now), (Entry("survey.commented", {"length": len(words)}, "SUR-4"),))


def linked(survey: Survey, complaint: int, number: str) -> Ruling[Survey]:
    """The complaint that followed from it is noted."""
    noted = replace(survey, complaint=complaint, complaint_number=number)
    return Ruling(noted, (Entry("survey.complaint", {"complaint": complaint}, "SUR-5"),))


def owes_complaint(survey: Survey) -> bool:
    """Whether any lowest grade, or money demanded, asks for a visit that was not begun yet (SUR-5, ESC-6)."""
    is_low = any(level == LOWEST for level in survey.grades.values())
    return survey.complaint is None and (is_low or survey.money is True)


def _answering(survey: Survey, order: WorkOrder, by: Person, now: datetime) -> Survey:
    entered = by.id if by.id != survey.customer else None
    return replace(
        survey,
        answered_at=now,
        is_early=survey.is_early or is_under_way(order),
        entered_by=survey.entered_by or entered,
    )


def is_under_way(order: WorkOrder) -> bool:
    """Whether the job is being worked on again while its card is answered."""
    return order.is_open and order.stage not in (Stage.DEPARTED, Stage.CANCELLED_IN_REGISTER, Stage.REPORTED)


def _ruled(survey: Survey, entry: Entry, now: datetime) -> Ruling[Survey]:
    if not survey.is_complete:
        return Ruling(survey, (entry,))
    done = replace(survey, stage=SurveyStage.DONE, closed_at=survey.closed_at or now)
    return Ruling(done, (entry, Entry("survey.done", {}, "SUR-2")), (), {Clock.SURVEY_ANSWER: None})


def _require_answerer(survey: Survey, by: Person) -> None:
    """The customer himself, or the office by telephone; never the technician (SUR-8)."""
    if may(by, Deed.ANSWER_SURVEY, survey.ties) or (by.id == survey.holder and not by.is_staff):
        return
    require(by, Deed.ENTER_SURVEY, survey.ties)


def _require_running(survey: Survey) -> None:
    if survey.stage is SurveyStage.PLANNED:
        raise Refused("survey-not-sent", rule="SUR-1", number=survey.number)
    if survey.stage is SurveyStage.LAPSED:
        raise Refused("survey-lapsed", rule="SUR-1", number=survey.number)
    if survey.stage is SurveyStage.DONE:
        raise Refused("survey-done", rule="SUR-2", number=survey.number)
