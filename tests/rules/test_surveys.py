"""Opinion cards: every call, four grades, money, one reminder, what is low (SUR-1..5, SUR-8, SUR-9, FEE-2, KPI-8)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules import intake, ratings, surveys, tasks
from rules.clocks import Clock, promised_at
from rules.decisions import Audience, Ruling
from rules.escalation import Watch, ladder
from rules.orders import Stage, WorkOrder
from rules.people import Role
from rules.surveys import Survey, SurveyStage
from rules.terms import Terms
from tests.cast import CHEN, LI, SERVICE, STRANGER, WANG, ZHANG, ZHAO, at, policy_of, terms_of
from tests.rules.job import Job, approved, departed, refused, reported


def changes(job: Job) -> tuple[WorkOrder, WorkOrder]:
    return job.past[-1], job.order


def planned(job: Job, terms: Terms | None = None) -> Survey | None:
    found = surveys.plan(*changes(job), now=job.now, terms=terms or job.terms)
    return found.after if found else None


def after_closing(**more: Any) -> tuple[Job, Survey]:
    """A card that was sent for a job of 王師傅."""
    job = approved()
    survey = planned(job)
    assert survey is not None
    sent = surveys.send(replace(survey, id=1), job.order, True, now=job.now, terms=job.terms).after
    return job, replace(sent, **more)


def graded(job: Job, survey: Survey, aspect: str, level: int, *, by=ZHANG) -> Ruling[Survey]:
    return surveys.grade(survey, aspect, level, job.order, by=by, now=job.now, terms=job.terms)


def complete(job: Job, survey: Survey, **grades: int) -> Survey:
    for aspect in survey.aspects:
        survey = graded(job, survey, aspect, grades.get(aspect, 4)).after
    return surveys.answer_money(survey, False, job.order, by=ZHANG, now=job.now, terms=job.terms).after


def test_a_closed_call_is_asked_about_at_the_start_of_the_next_working_day():
    job = approved()

    ruling = surveys.plan(*changes(job), now=at("週五 17:00"), terms=job.terms)

    assert ruling is not None
    assert ruling.deadlines[Clock.SURVEY].promise.due_at == at("下週一 09:00")
    assert (ruling.after.number, ruling.after.technicians, ruling.after.barred) == (job.order.number, (WANG.id,), (WANG.id,))
    assert ruling.after.aspects == ("attitude", "technique", "arrival_time", "promises")


def test_a_call_that_was_solved_without_a_visit_is_asked_what_can_be_asked():
    """INT-15, SUR-1."""
    job = reported()
    job.does(intake.solve_remotely, "請清洗濾網", by=CHEN)

    assert planned(job).aspects == ("attitude", "promises")


def test_every_call_gets_one_and_no_step_on_the_way_another():
    job = approved()
    steps = list(zip(job.past, [*job.past[1:], job.order], strict=True))

    owed = [after.stage for before, after in steps if surveys.plan(before, after, now=job.now, terms=job.terms)]

    assert owed == [Stage.APPROVED]


def test_where_the_profile_says_so_the_day_of_the_call_counts():
    terms = terms_of("appliance")
    by_call = replace(terms, policy=replace(terms.policy, survey=replace(terms.policy.survey, when="call_day")))
    job = reported()

    assert surveys.plan(None, job.order, now=job.now, terms=by_call) is not None
    assert planned(approved(), by_call) is None


def test_on_site_the_card_is_due_when_the_technician_leaves():
    """SUR-8, X-5."""
    job = departed()

    ruling = surveys.plan(*changes(job), now=job.now, terms=terms_of("vehicle"))

    assert ruling is not None
    assert ruling.deadlines[Clock.SURVEY].promise.due_at <= job.now + timedelta(minutes=1)


def test_a_line_that_makes_follow_up_calls_sends_no_cards():
    assert planned(approved(), terms_of("dealer4s")) is None
    days = [task.due_at for task in tasks.follow_ups(approved().order, at("週一 16:00"), terms_of("dealer4s"))]
    assert days == [at("週四 09:00"), at("週三 09:00") + timedelta(days=28)]


def test_a_customer_without_a_chat_is_called_by_the_clerk():
    job = approved()

    ruling = surveys.send(planned(job), job.order, False, now=job.now, terms=job.terms)

    assert ruling.notices[0].text == "notice.survey-by-phone"
    assert ruling.notices[0].to == (Audience.CLERK,)


def test_the_customer_is_reminded_once_and_then_the_card_lapses():
    job, survey = after_closing()

    first = surveys.chase(survey, now=job.now)
    second = surveys.chase(first.after, now=job.now)

    assert [notice.text for notice in first.notices] == ["notice.survey-reminder"]
    assert (second.notices, second.after.stage) == ((), SurveyStage.LAPSED)
    promise = promised_at(Clock.SURVEY_ANSWER, at("週四 09:00"), at("週一 09:00"), "SUR-1")
    rungs = ladder(Watch(promise), policy_of("appliance"))
    assert [rung.at - at("週一 09:00") for rung in rungs] == [timedelta(days=3), timedelta(days=14)]


def test_a_card_is_complete_with_four_grades_and_the_answer_about_money():
    job, survey = after_closing()

    done = complete(job, survey)

    assert (done.stage, done.is_open, done.money) == (SurveyStage.DONE, False, False)
    assert not surveys.owes_complaint(done)


def test_a_grade_is_given_once_and_the_second_tap_hears_what_was_said():
    job, survey = after_closing()
    once = graded(job, survey, "attitude", 3).after

    with refused("graded-before", "SUR-2") as found:
        graded(job, once, "attitude", 1)

    assert found.value.facts == {"aspect": {"text": "aspect.attitude"}, "level": {"text": "grade.3"}}


@pytest.mark.parametrize(("aspect", "level"), [("attitude", 5), ("attitude", 0), ("looks", 4)])
def test_a_grade_is_one_of_four_for_one_of_the_aspects(aspect: str, level: int):
    job, survey = after_closing()

    with refused("no-such-grade", "SUR-2"):
        graded(job, survey, aspect, level)


def test_all_grades_may_come_in_one_message():
    job, survey = after_closing()
    how = {"by": ZHANG, "now": job.now, "terms": job.terms}

    ruling = surveys.grade_all(survey, (4, 4, 3, 4), "師傅很好", job.order, **how)

    assert ruling.after.grades == {"attitude": 4, "technique": 4, "arrival_time": 3, "promises": 4}
    assert (ruling.after.words, ruling.after.stage) == ("師傅很好", SurveyStage.SENT)
    with refused("survey-done", "SUR-2"):
        surveys.grade_all(ruling.after, (4, 4, 3, 4), "", job.order, **how)
    with refused("no-such-grade", "SUR-2"):
        surveys.grade_all(survey, (4, 4), "", job.order, **how)


@pytest.mark.parametrize(
    ("stage", "code", "rule"),
    [
        (SurveyStage.PLANNED, "survey-not-sent", "SUR-1"),
        (SurveyStage.LAPSED, "survey-lapsed", "SUR-1"),
        (SurveyStage.DONE, "survey-done", "SUR-2"),
    ],
)
def test_a_card_that_does_not_run_says_why(stage: SurveyStage, code: str, rule: str):
    job, survey = after_closing(stage=stage)

    with refused(code, rule):
        graded(job, survey, "attitude", 4)


def test_words_are_taken_at_any_time():
    job, survey = after_closing(stage=SurveyStage.LAPSED)

    said = surveys.comment(survey, "辛苦了", by=ZHANG, now=job.now, terms=job.terms).after
    again = surveys.comment(said, "下次早點", by=ZHANG, now=job.now, terms=job.terms).after

    assert again.words == "辛苦了\n下次早點"
    with refused("words-missing", "SUR-2"):
        surveys.comment(survey, " ", by=ZHANG, now=job.now, terms=job.terms)


@pytest.mark.parametrize("aspect", ["attitude", "technique", "arrival_time", "promises"])
def test_any_lowest_grade_asks_for_a_visit_and_fair_does_not(aspect: str):
    """SUR-5."""
    job, survey = after_closing()

    assert surveys.owes_complaint(graded(job, survey, aspect, 1).after)
    assert not surveys.owes_complaint(graded(job, survey, aspect, 2).after)
    assert not surveys.owes_complaint(surveys.linked(graded(job, survey, aspect, 1).after, 7, "261101").after)


def test_money_that_was_demanded_asks_for_a_visit_as_well():
    """FEE-2, ESC-6."""
    job, survey = after_closing()
    how = {"by": ZHANG, "now": job.now, "terms": job.terms}

    asked = surveys.answer_money(survey, True, job.order, **how).after

    assert surveys.owes_complaint(asked)
    with refused("answered-before", "FEE-2"):
        surveys.answer_money(asked, False, job.order, **how)


def test_nobody_answers_for_the_customer_but_the_office_by_telephone():
    """SUR-8: the technician can't fill it in, whatever else he is."""
    job, survey = after_closing(is_by_phone=True)
    entered = graded(job, survey, "attitude", 4, by=CHEN).after
    assert entered.entered_by == CHEN.id

    both = replace(WANG, roles=frozenset({Role.TECHNICIAN, Role.CLERK}))
    for by in (WANG, ZHAO, STRANGER, both):
        with refused("no-such-case", "ROL-1"):
            graded(job, survey, "attitude", 4, by=by)


def test_a_card_that_is_answered_after_the_job_was_taken_up_again_is_kept_and_does_not_count():
    job, survey = after_closing()
    again = replace(job.order, stage=Stage.CHECKING)

    early = surveys.grade(survey, "attitude", 1, again, by=ZHANG, now=job.now, terms=job.terms).after

    assert early.is_early
    assert ratings.ratings_of(WANG.id, [ratings.graded(early)]) == ()


def test_a_technician_s_ratings_are_means_with_how_many():
    """SUR-3, KPI-8."""
    job, survey = after_closing()
    levels = (4, 3, 2)
    cards = [ratings.graded(complete(job, survey, attitude=level)) for level in levels]

    found = {one.aspect: (one.mean, one.n) for one in ratings.ratings_of(WANG.id, cards)}

    assert found["attitude"] == (Decimal(3), 3)
    assert found["technique"] == (Decimal(4), 3)
    assert ratings.ratings_of(ZHAO.id, cards) == ()


def test_too_few_ratings_would_say_who_gave_them():
    job, survey = after_closing()

    card = ratings.graded(complete(job, survey))

    assert ratings.ratings_of(WANG.id, [card] * 2, least=3) == ()
    assert len(ratings.ratings_of(WANG.id, [card] * 3, least=3)) == 4
    assert ratings.ratings_of(WANG.id, [replace(card, n=2)], least=3) == ()
    assert ratings.ratings_of(WANG.id, [replace(card, n=3)], least=3) == ratings.ratings_of(WANG.id, [card] * 3)


def a_comment() -> tasks.Task:
    return replace(
        tasks.comment(approved().order, "2611-0001-W1", "希望可以刷卡", at("週一 09:00"), terms_of("appliance")), id=1
    )


def test_a_comment_can_not_be_closed_without_an_answer_that_the_customer_gets():
    """SUR-4."""
    task, how = a_comment(), {"by": SERVICE, "now": at("週一 10:00"), "terms": terms_of("appliance")}
    with refused("answer-missing", "SUR-4"):
        tasks.finish(task, " ", **how)

    ruling = tasks.finish(task, "下月起可以刷卡", **how)

    assert [(notice.text, notice.to) for notice in ruling.notices] == [("notice.comment-answered", (Audience.CUSTOMER,))]
    with refused("case-closed", "REC-1"):
        tasks.finish(ruling.after, "再答一次", **how)


def test_a_comment_that_becomes_a_complaint_is_not_answered_twice():
    ruling = tasks.became(a_comment(), "261101", by=SERVICE, now=at("週一 10:00"), terms=terms_of("appliance"))

    assert (ruling.after.is_open, ruling.after.result, ruling.notices) == (False, "261101", ())


def test_a_task_is_done_by_whose_it_is_and_never_by_whom_it_is_about():
    task, how = a_comment(), {"now": at("週一 10:00"), "terms": terms_of("appliance")}
    with refused("not-yours", "ROL-1"):
        tasks.finish(task, "好", by=CHEN, **how)
    with refused("not-whom-it-is-about", "SUR-5"):
        tasks.pass_on(task, WANG.id, by=SERVICE, **how)

    passed = tasks.pass_on(task, LI.id, by=SERVICE, **how).after

    assert passed.owners == (LI.id,)
    assert not tasks.finish(passed, "好", by=LI, **how).after.is_open


def test_a_report_that_was_returned_and_approved_again_is_asked_about_once():
    job = approved()

    assert planned(job) is not None
    assert surveys.plan(job.order, job.order, now=job.now, terms=job.terms) is None
