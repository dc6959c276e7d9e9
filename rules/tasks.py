"""Tasks: what somebody has to do and say how it went, by a day (SUR-4, SUR-9, CMP-10, CMP-19)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from rules.cases import Case, require_open
from rules.clocks import Clock, first_thing, promised_at
from rules.complaint_decisions import remedy_due
from rules.complaints import Complaint
from rules.decisions import Audience, Deadline, Entry, Notice, Ruling
from rules.orders import WorkOrder
from rules.people import Deed, Person, Role, require
from rules.refusals import Refused
from rules.returns import Return
from rules.terms import Terms


class Errand(StrEnum):
    """What sort of task it is."""

    COMMENT = "comment"  # a customer's suggestion, which is answered or not closed (SUR-4)
    FOLLOW_UP = "follow_up"  # asking how it goes, some days after closing (SUR-9)
    IMPROVEMENT = "improvement"  # a remedy that was decided (CMP-10)
    EFFECT = "effect"  # whether the remedy worked (CMP-10)
    COLLECTION = "collection"  # receivables on the usual terms (CMP-19)
    CLEAN_UP = "clean_up"  # whoever made a mess or causes rework sees to it (SAF-7)
    INVOICE = "invoice"  # for work that was not paid on the spot (SLA-14)
    INVOICE_RETURN = "invoice_return"  # for what was mended in the workshop (SLA-15)
    RESALE = "resale"  # what came back is sold within a month, or not (SLA-24)
    VERIFY = "verify"  # whether what a round found is mended (MNT-7)
    BALANCE = "balance"  # an overdue balance that after-sales helps to collect (FEE-11)
    EXPERT = "expert"  # a question of which the technician was not certain (VIS-14)
    INFORM = "inform"  # whom damage to public fittings concerns (VIS-20)
    RESTORE = "restore"  # the day of a temporary fix has come: back to normal (VIS-18)
    CLAIM_RETURN = "claim_return"  # old parts of a claim go back to the supplier (WAR-4)
    ADJUST_BOOKS = "adjust_books"  # goods that were refused: the planner's part (PRT-16)
    BAD_GOODS = "bad_goods"  # and the buyer's


WHETHER = frozenset({Errand.EFFECT, Errand.VERIFY, Errand.RESTORE})
"""Tasks whose result is a yes or a no besides the words."""


RULE = {
    Errand.COMMENT: "SUR-4",
    Errand.FOLLOW_UP: "SUR-9",
    Errand.IMPROVEMENT: "CMP-10",
    Errand.EFFECT: "CMP-10",
    Errand.COLLECTION: "CMP-19",
    Errand.CLEAN_UP: "SAF-7",
    Errand.INVOICE: "SLA-14",
    Errand.INVOICE_RETURN: "SLA-15",
    Errand.RESALE: "SLA-24",
    Errand.VERIFY: "MNT-7",
    Errand.BALANCE: "FEE-11",
    Errand.EXPERT: "VIS-14",
    Errand.INFORM: "VIS-20",
    Errand.RESTORE: "VIS-18",
    Errand.CLAIM_RETURN: "WAR-4",
    Errand.ADJUST_BOOKS: "PRT-16",
    Errand.BAD_GOODS: "PRT-16",
}
_CLOCK = {Errand.FOLLOW_UP: Clock.FOLLOW_UP, Errand.CLEAN_UP: Clock.CLEAN_UP}


@dataclass(frozen=True, kw_only=True)
class Task(Case):
    """One thing to do. `words` are what it is about, in people's own words; `result` how it went."""

    kind: ClassVar[str] = "task"
    stage: str = "open"
    errand: Errand
    due_at: datetime
    post: Audience
    person: int | None = None  # to whom it was passed on
    asker: int = 0  # who hears the answer; 0: nobody in particular
    about_number: str = ""
    words: str = ""
    result: str = ""
    is_effective: bool | None = None
    done_by: int | None = None

    @property
    def owners(self) -> tuple[Audience | int, ...]:
        return (self.person,) if self.person is not None else (self.post,)


def open_task(task: Task, *, now: datetime, is_quiet: bool = False) -> Ruling[Task]:
    """Begin a task; whose it is hears of it now, or on its day when `is_quiet`."""
    clock = _CLOCK.get(task.errand, Clock.TASK)
    due = promised_at(clock, task.due_at, now, RULE[task.errand])
    facts = {"number": task.about_number, "due": task.due_at, "words": task.words}
    told = () if is_quiet else (Notice(f"notice.task-{task.errand}", task.owners, facts),)
    entry = Entry("task.opened", {"errand": task.errand}, RULE[task.errand])
    return Ruling(task, (entry,), told, {clock: Deadline(due)})


def finish(
    task: Task, result: str, is_effective: bool | None = None, *, by: Person, now: datetime, terms: Terms
) -> Ruling[Task]:
    """How it went, in words; a customer's comment is closed with the answer that he gets and with nothing less (SUR-4)."""
    _require_owner(task, by)
    require_open(task)
    if not result.strip():
        raise Refused("answer-missing" if task.errand is Errand.COMMENT else "result-missing", rule=RULE[task.errand])
    if task.errand in WHETHER and is_effective is None:
        raise Refused("effect-missing", rule=RULE[task.errand])
    told = []
    if task.errand is Errand.COMMENT and task.customer:
        facts = {"number": task.about_number, "answer": result}
        told.append(Notice("notice.comment-answered", (Audience.CUSTOMER,), facts, with_card=False))
    if task.errand is Errand.CLEAN_UP:
        told.append(Notice("notice.cleaned", (task.post,), {"number": task.about_number, "by_id": by.id, "words": result}))
    if task.errand is Errand.EXPERT and task.asker:
        said = {"number": task.about_number, "words": task.words, "answer": result, "by_id": by.id}
        told.append(Notice("notice.expert-answer", (task.asker,), said, with_card=False))
    done = replace(task, stage="done", closed_at=now, result=result, is_effective=is_effective, done_by=by.id)
    entry = Entry("task.done", {"errand": task.errand, "is_effective": is_effective}, RULE[task.errand])
    return Ruling(done, (entry,), tuple(told), {Clock.TASK: None, Clock.FOLLOW_UP: None, Clock.CLEAN_UP: None})


def became(task: Task, number: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Task]:
    """A comment that was made a complaint is answered as one, under its number (SUR-4)."""
    _require_owner(task, by)
    require_open(task)
    done = replace(task, stage="done", closed_at=now, result=number, done_by=by.id)
    return Ruling(done, (Entry("task.became_complaint", {"number": number}, "SUR-4"),), (), {Clock.TASK: None})


def met(task: Task, result: str, *, by: Person, now: datetime) -> Ruling[Task]:
    """What it asked for came to pass in another way; nobody has to say so once more."""
    done = replace(task, stage="done", closed_at=now, result=result, done_by=by.id)
    return Ruling(done, (Entry("task.met", {"errand": task.errand}, RULE[task.errand]),), (), {Clock.TASK: None})


def drop(task: Task, *, now: datetime) -> Ruling[Task]:
    """What it was about is over by itself."""
    gone = replace(task, stage="dropped", closed_at=now)
    return Ruling(gone, (Entry("task.dropped", {"errand": task.errand}, RULE[task.errand]),), (), {Clock.TASK: None})


def pass_on(task: Task, person: int, *, by: Person, now: datetime, terms: Terms) -> Ruling[Task]:
    """Give a task to a named colleague; never to one whom it is about (SUR-5)."""
    _require_owner(task, by)
    require_open(task)
    if task.errand is Errand.CLEAN_UP:
        raise Refused("same-team", rule="SAF-7")
    if person in task.barred:
        raise Refused("not-whom-it-is-about", rule="SUR-5", number=task.about_number, person_id=person)
    facts = {"number": task.about_number, "due": task.due_at, "words": task.words}
    told = (Notice(f"notice.task-{task.errand}", (person,), facts),)
    return Ruling(replace(task, person=person), (Entry("task.passed_on", {"person": person}, RULE[task.errand]),), told)


def _require_owner(task: Task, by: Person) -> None:
    """A task is done by whom it was given to, by his post, or by who stands above it."""
    if by.id == task.person and by.id not in task.barred:
        return
    require(by, Deed.DO_TASK, task.ties)
    above = {Role(task.post), Role.MANAGER, Role.DEPUTY_GM, Role.GM}
    above |= {Role.SUPERVISOR} if task.errand in (Errand.COMMENT, Errand.FOLLOW_UP) else set()
    if not any(by.holds(role) for role in above):
        raise Refused("not-yours", rule="ROL-1", roles=[str(task.post)])


def follow_ups(order: WorkOrder, now: datetime, terms: Terms) -> tuple[Task, ...]:
    """Calls some days after an order was closed, as many as the profile wants (SUR-9)."""
    post = Audience.ADVISER if terms.policy.profile == "dealer4s" else Audience.CLERK
    day = terms.calendar.local_day(now)
    return tuple(
        Task(
            number=f"{order.number}-F{n}",
            branch=order.branch,
            opened_at=now,
            policy_version=terms.policy.version,
            customer=order.customer,
            about=order.subject,
            about_number=order.number,
            errand=Errand.FOLLOW_UP,
            due_at=first_thing(day + timedelta(days=days - 1), terms.calendar),
            post=post,
            words=order.report.model,
        )
        for n, days in enumerate(terms.policy.survey.follow_up_days, 1)
    )


def after_return(case: Return, now: datetime, terms: Terms) -> tuple[Task, ...]:
    """How satisfied a customer is with what became of his goods, asked by another than who handled it (RET-15, SUR-9).

    Goods that went to be repaired are asked about with their order.
    """
    days = terms.policy.survey.follow_up_days[:1]
    if case.order_number or not days:
        return ()
    due_at = first_thing(terms.calendar.local_day(now) + timedelta(days=days[0] - 1), terms.calendar)
    words = ", ".join(one for one in (case.goods.article, case.customer_name, case.phone) if one)
    task = Task(
        number=f"{case.number}-F1", branch=case.branch, opened_at=now, customer=case.customer, about=case.subject,
        about_number=case.number, errand=Errand.FOLLOW_UP, due_at=due_at, post=Audience.CLERK, words=words, barred=(case.by,),
        policy_version=terms.policy.version,
    )  # fmt: skip
    return (task,)


def improvement(case: Complaint, number: str, now: datetime, terms: Terms) -> Task:
    """The remedy that was decided, with its day (CMP-10)."""
    day = remedy_due(case)
    assert day is not None and case.opinion is not None  # callers ask for a remedy that is tracked
    return _of_case(
        case, number, Errand.IMPROVEMENT, case.opinion.remedy, Audience(case.opinion.remedy_unit), _end_of(day, terms), now
    )


def effect_check(done: Task, number: str, now: datetime, terms: Terms) -> Task:
    """Whether an improvement that was made has worked, looked at by quality later (CMP-10)."""
    due = now + timedelta(days=terms.policy.complaint.effect_days)
    return replace(
        done, id=0, version=0, number=number, opened_at=now, closed_at=None, stage="open", errand=Errand.EFFECT, due_at=due,
        post=Audience.QUALITY, person=None, result="", words=f"{done.words}\n{done.result}", done_by=None,
    )  # fmt: skip


def improve_again(check: Task, number: str, now: datetime, terms: Terms) -> Task:
    """The remedy did not work: another one is wanted, in as much time again (CMP-10)."""
    due = now + timedelta(days=terms.policy.complaint.effect_days)
    return replace(
        check, id=0, version=0, number=number, opened_at=now, closed_at=None, stage="open", errand=Errand.IMPROVEMENT,
        due_at=due, post=Audience.MANUFACTURING, person=None, words=check.result, result="", is_effective=None, done_by=None,
    )  # fmt: skip


def collection(case: Complaint, number: str, now: datetime, terms: Terms) -> Task:
    """Not upheld: sales collects on the usual terms, and says by when (CMP-19)."""
    due = now + timedelta(days=float(terms.policy.complaint.execution_days))
    return _of_case(case, number, Errand.COLLECTION, "", Audience.SALES, due, now)


def comment(order: WorkOrder, number: str, words: str, now: datetime, terms: Terms) -> Task:
    """What a customer suggested in a survey: it can't be closed without an answer to him (SUR-4)."""
    day = terms.calendar.local_day(now)
    return Task(
        number=number, branch=order.branch, opened_at=now, customer=order.customer, about=order.subject,
        about_number=order.number, errand=Errand.COMMENT, due_at=first_thing(day + timedelta(days=2), terms.calendar),
        post=Audience.SERVICE_DEPT, words=words, barred=tuple(sorted(order.workers)),
        policy_version=terms.policy.version,
    )  # fmt: skip


def ask_expert(order: WorkOrder, number: str, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Task]:
    """No rash statements: what a technician is not certain of is the supervisor's, who may pass it to an expert (VIS-14)."""
    require(by, Deed.RECORD_FINDINGS, order.ties)
    if not order.is_open:
        raise Refused("stage-passed", rule="VIS-14", stage=str(order.stage))
    if not words.strip():
        raise Refused("words-missing", rule="VIS-14")
    task = Task(
        number=number, branch=order.branch, opened_at=now, about=order.subject, about_number=order.number, asker=by.id,
        errand=Errand.EXPERT, due_at=now + timedelta(minutes=terms.policy.escalation.decision_minutes),
        post=Audience.SUPERVISOR, words=words, policy_version=terms.policy.version,
    )  # fmt: skip
    return open_task(task, now=now)


def clean_up(order: WorkOrder, number: str, words: str, *, by: Person, now: datetime, terms: Terms) -> Ruling[Task]:
    """The team of an order cleans up what it left, or does over what it did; today, then daily until it is done (SAF-7)."""
    require(by, Deed.ORDER_CLEAN_UP, order.ties)
    if not order.crew or order.lead is None:
        raise Refused("no-team", rule="SAF-7", number=order.number)
    if not words.strip():
        raise Refused("words-missing", rule="SAF-7")
    day = terms.calendar.local_day(now)
    ends = terms.calendar.day_end(day)
    due = ends if ends is not None and ends > now else first_thing(day + timedelta(days=1), terms.calendar)
    task = Task(
        number=number, branch=order.branch, opened_at=now, about=order.subject, about_number=order.number,
        errand=Errand.CLEAN_UP, due_at=due, post=Audience.SUPERVISOR, person=order.lead, words=words,
        policy_version=terms.policy.version,
    )  # fmt: skip
    opened = open_task(task, now=now)
    facts = {"number": order.number, "due": due, "words": words}
    others = tuple(one for one in order.crew if one != order.lead)
    told = (Notice("notice.task-clean_up", others, facts, with_card=False),) if others else ()
    return replace(opened, notices=(*opened.notices, *told))


def _of_case(case: Complaint, number: str, errand: Errand, words: str, post: Audience, due_at: datetime, now: datetime) -> Task:
    return Task(
        number=number, branch=case.branch, opened_at=now, customer=case.customer, about=case.subject,
        about_number=case.number, errand=errand, due_at=due_at, post=post, words=words, barred=case.barred,
        policy_version=case.policy_version,
    )  # fmt: skip


def _end_of(day: date, terms: Terms) -> datetime:
    """When a working day ends, or the next one begins."""
    return terms.calendar.day_end(day) or first_thing(day, terms.calendar)
