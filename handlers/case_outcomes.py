"""What is done with the outcome of a conversation about a case: load, decide, record (CMP, SUR-4, SUR-9)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from handlers import complaining
from handlers.dealing_outcomes import returned
from handlers.flows.case_stages import Output, Picked
from handlers.flows.complaints import Complained, Filled
from handlers.flows.papers import Words
from handlers.turn import Turn
from rules import (
    analyses,
    complaint_closing,
    complaint_decisions,
    complaint_externals,
    complaint_inspections,
    complaint_papers,
    complaint_stages,
    intake,
    sanctions,
    tasks,
)
from rules.complaint_records import CaseStage, Opinion
from rules.complaints import Complaint
from rules.decisions import Ruling
from rules.tasks import Errand, Task, open_task
from storage import orders
from storage.numbers import order_number

Decide = Callable[..., Ruling[Complaint]]


def record(turn: Turn, case: Complaint, ruling: Ruling[Complaint], done: str, **facts: Any) -> Complaint:
    """Store a ruling and show the one who gave it his card, headed by what was done."""
    after = turn.unit.record(case, ruling, by=turn.person.id)
    if not any(turn.person.id in notice.to for notice in ruling.notices):
        turn.show(after.subject, done, number=after.number, **facts)
    return after


def filled(turn: Turn, case: Complaint, outcome: Filled) -> None:
    record(turn, case, complaint_stages.complete_form(case, outcome.form, outcome.is_foreign, **turn.deed), "done.case-form")


def checked(turn: Turn, case: Complaint, outcome: Picked) -> None:
    record(turn, case, complaint_stages.check_form(case, outcome.kind, **turn.deed), "done.case-passed")


def passed(decide: Decide) -> Callable[[Turn, Complaint, Output], None]:
    """The outcome of a stage: what it leaves, handed on."""

    def apply(turn: Turn, case: Complaint, outcome: Output) -> None:
        record(turn, case, decide(case, outcome.answers, **turn.deed), "done.case-passed")

    return apply


def analysed(turn: Turn, case: Complaint, outcome: Output) -> None:
    ruling = complaint_stages.analyse(case, outcome.answers, outcome.without_rnd, **turn.deed)
    record(turn, case, ruling, "done.case-passed")


def worded(decide: Decide, done: str) -> Callable[[Turn, Complaint, Words], None]:
    """The outcome of a conversation whose only answer is words that a ruling takes."""

    def apply(turn: Turn, case: Complaint, outcome: Words) -> None:
        record(turn, case, decide(case, outcome.text, **turn.deed), done)

    return apply


def chosen(decide: Decide, done: str) -> Callable[[Turn, Complaint, Picked], None]:
    """The outcome of a conversation that names a colleague."""

    def apply(turn: Turn, case: Complaint, outcome: Picked) -> None:
        record(turn, case, decide(case, outcome.person, **turn.deed), done)

    return apply


def determined(turn: Turn, case: Complaint, outcome: Picked) -> None:
    record(turn, case, complaint_stages.determine(case, outcome.amount, **turn.deed), "done.case-quantity")


def proposed(turn: Turn, case: Complaint, opinion: Opinion) -> None:
    decide = complaint_decisions.synthesise if case.stage is CaseStage.SYNTHESIS else complaint_decisions.handle
    record(turn, case, decide(case, opinion, **turn.deed), "done.case-proposed")


def decided(turn: Turn, case: Complaint) -> None:
    """Decided: what is to be improved or collected becomes somebody's task with a day (CMP-10, CMP-19)."""
    after = record(turn, case, complaint_decisions.decide(case, **turn.deed), "done.case-decided")
    if complaint_decisions.remedy_due(after):
        begin(turn, tasks.improvement(after, f"{after.number}-I1", turn.now, turn.terms))
    if after.route == "product" and complaint_decisions.collect_on(after):
        begin(turn, tasks.collection(after, f"{after.number}-C1", turn.now, turn.terms))


def begin(turn: Turn, task: Task) -> Task:
    """Open a task; whose it is hears of it."""
    return turn.unit.record(None, open_task(task, now=turn.now), by=turn.person.id)


def answered(turn: Turn, case: Complaint, outcome: Words) -> None:
    record(turn, case, complaint_decisions.answer(case, outcome.text, outcome.picked, **turn.deed), "done.case-answered")


def rejected(turn: Turn, case: Complaint, outcome: Words) -> None:
    """Not accepted: the case is closed as it is, a new one begins with the old one attached (CMP-15)."""
    closed = turn.unit.record(case, complaint_decisions.settle(case, False, outcome.text, **turn.deed), by=turn.person.id)
    fresh = complaining.begun_anew(turn, closed, outcome.text)
    turn.show(fresh.subject, "done.case-rejected", number=fresh.number, old=case.number)


def inspection_arranged(turn: Turn, case: Complaint, outcome: Picked) -> None:
    ruling = complaint_inspections.arrange(case, outcome.words, outcome.kind == "absent", **turn.deed)
    record(turn, case, ruling, "done.case-inspection")


def inspection_reported(turn: Turn, case: Complaint, outcome: Complained) -> None:
    ruling = complaint_inspections.report_inspection(case, outcome.account, outcome.photos, **turn.deed)
    record(turn, case, ruling, "done.case-inspection-report")


def external_named(turn: Turn, case: Complaint, outcome: Output) -> None:
    record(turn, case, complaint_externals.involve(case, **outcome.answers, **turn.deed), "done.case-external")


def query_answered(turn: Turn, case: Complaint, outcome: Words) -> None:
    ruling = complaint_closing.answer_query(case, outcome.picked, outcome.text, **turn.deed)
    record(turn, case, ruling, "done.case-query")


def paper_written(turn: Turn, case: Complaint, outcome: Picked) -> None:
    assert case.opinion is not None  # the button stands on decided cases only; the ruling looks again
    ruling = complaint_papers.write_paper(case, case.opinion.handling, outcome.amount, outcome.words, **turn.deed)
    record(turn, case, ruling, "done.case-paper")


def goods_received(turn: Turn, case: Complaint, outcome: Picked) -> None:
    number = next(one.number for one in case.papers if one.received is None and one.handling != "allowance")
    after = record(turn, case, complaint_papers.receive(case, number, outcome.amount, **turn.deed), "done.case-received")
    match = next(one.match for one in after.papers if one.number == number)
    turn.reply(f"received.{match}", {"number": number})


def proved(turn: Turn, case: Complaint, outcome: Picked) -> None:
    number = next(one.number for one in case.papers if not one.proof)
    record(turn, case, complaint_papers.prove(case, number, outcome.kind, outcome.photo, **turn.deed), "done.case-proved")


def sanction_proposed(turn: Turn, case: Complaint, outcome: Picked) -> None:
    ruling = sanctions.propose(case, outcome.kind, outcome.unit, outcome.words, outcome.amount, **turn.deed)
    record(turn, case, ruling, "done.case-sanction")


def task_done(turn: Turn, task: Task, outcome: Words) -> None:
    """Done, and what follows from it: a remedy is looked at later, one that did not work is made anew (CMP-10)."""
    effect = {"yes": True, "no": False}.get(outcome.picked)
    done = turn.unit.record(task, tasks.finish(task, outcome.text, effect, **turn.deed), by=turn.person.id)
    turn.show(done.subject, "done.task")
    n = task.number.rpartition("-")[2]
    stem = task.number.removesuffix(n)
    if done.errand is Errand.IMPROVEMENT:
        begin(turn, tasks.effect_check(done, f"{stem}E{n[1:]}", turn.now, turn.terms))
    elif done.errand is Errand.EFFECT and not effect:
        begin(turn, tasks.improve_again(done, f"{stem}I{int(n[1:]) + 1}", turn.now, turn.terms))
    elif done.errand in (Errand.VERIFY, Errand.RESTORE) and not effect:
        found_again(turn, done)
    elif done.errand is Errand.EXPERT:
        advised(turn, done)
    elif done.errand is Errand.CLAIM_RETURN:
        returned(turn, done)


def found_again(turn: Turn, task: Task) -> None:
    """What a round found is not mended, what is temporary still is: an order that follows from the check (MNT-7, VIS-18)."""
    order = orders.by_id(turn.connection, task.about_order or 0)
    if order is None:
        return
    report = replace(order.report, fault=task.result)
    turn = turn.afresh()
    decision = intake.report_fault(
        report, number=order_number(turn.connection, turn.terms, turn.now), branch=order.branch,
        customer=order.customer if task.errand is Errand.RESTORE else turn.person.id,
        asset=None, **turn.deed,
    )  # fmt: skip
    turn.unit.record(None, replace(decision, after=replace(decision.order, follows=task.subject)), by=turn.person.id)


def advised(turn: Turn, task: Task) -> None:
    """The answer to a question from the site stands on its order as long as that is open (VIS-10)."""
    order = orders.by_id(turn.connection, task.about_order or 0)
    if order is not None and order.is_open:
        said = analyses.advised(order, task.words, task.result, by=turn.person, now=turn.now)
        turn.unit.record(order, said, by=turn.person.id)


def task_passed(turn: Turn, task: Task, outcome: Picked) -> None:
    after = turn.unit.record(task, tasks.pass_on(task, outcome.person, **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.task-passed")
