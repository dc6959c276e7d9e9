"""One-shot buttons of complaints, tasks and statements: each decides and records, or opens a conversation (DESIGN 3)."""

from collections.abc import Callable
from typing import Any

from handlers import complaining
from handlers.case_outcomes import decided, record
from handlers.flowbook import ENGINE
from handlers.listing import details_of
from handlers.said import literal_button
from handlers.turn import Turn
from rules import (
    complaint_closing,
    complaint_decisions,
    complaint_inspections,
    complaint_intake,
    complaint_papers,
    sanctions,
    statements,
)
from rules.case_papers import form_of
from rules.chasing import chase_case
from rules.complaint_closing import ASKED, HOLDER, queries
from rules.complaint_records import CaseStage
from rules.complaints import Complaint, require_stage
from rules.decisions import Ruling
from rules.errands import resale
from rules.people import Deed, Role, require
from rules.refusals import Refused
from rules.statements import Statement
from rules.tasks import Errand, Task, became, open_task
from storage import cases

Action = Callable[[Turn, Complaint, str], None]


def run(turn: Turn, case: Complaint, action: str, arg: str = "") -> None:
    """Do an action on a complaint. Raises Refused; an unknown action has passed."""
    found = ACTIONS.get(action)
    if found is None:
        turn.reply("talk.passed")
        return
    found(turn, case, arg)


def _starts(flow: str, deed: Deed, *at: CaseStage) -> Action:
    """An action that asks something first; whoever may not do it, or too late, hears so before he types."""

    def start(turn: Turn, case: Complaint, _arg: str) -> None:
        require(turn.person, deed, case.ties)
        if at:
            require_stage(case, *at)
        ENGINE.start(turn, flow, about=case.subject)

    return start


def _decides(decide: Callable[..., Ruling[Complaint]], done: str, *more: Any) -> Action:
    def act(turn: Turn, case: Complaint, _arg: str) -> None:
        record(turn, case, decide(case, *more, **turn.deed), done)

    return act


def _card(turn: Turn, case: Complaint, _arg: str) -> None:
    turn.show(case.subject)


def _visit(turn: Turn, case: Complaint, _arg: str) -> None:
    """Whoever was sent may report the visit, whatever his post (SUR-5)."""
    if turn.person.id != case.visitor:
        require(turn.person, Deed.VISIT_COMPLAINER, case.ties)
    require_stage(case, CaseStage.VISIT)
    ENGINE.start(turn, "case_visit", about=case.subject)


def _decide(turn: Turn, case: Complaint, _arg: str) -> None:
    decided(turn, case)


def _accept(turn: Turn, case: Complaint, _arg: str) -> None:
    record(turn, case, complaint_decisions.settle(case, True, **turn.deed), "done.case-accepted")


def _reject(turn: Turn, case: Complaint, _arg: str) -> None:
    require(turn.person, Deed.ACCEPT_RESULT if turn.person.id == case.customer else Deed.ANSWER_COMPLAINT, case.ties)
    if case.answer is None:
        raise Refused("not-answered", rule="CMP-15", number=case.number)
    require_stage(case, CaseStage.EXECUTION)
    ENGINE.start(turn, "case_reject", about=case.subject)


def _copy(turn: Turn, case: Complaint, _arg: str) -> None:
    """This department's copy, or the first that nobody has yet (CMP-14)."""
    require(turn.person, Deed.ACKNOWLEDGE_COPY, case.ties)
    waiting = [one for one in case.copies if one.acknowledged_at is None]
    mine = [one for one in waiting if turn.person.holds(Role(HOLDER[one.unit]))] or waiting or list(case.copies)
    number = mine[0].number if mine else 0
    record(turn, case, complaint_closing.acknowledge_copy(case, number, **turn.deed), "done.case-copy")


def _form_paper(turn: Turn, case: Complaint, _arg: str) -> None:
    """The closed form as a paper, for the departments only (CMP-14, ROL-2)."""
    require(turn.person, Deed.SEE_CASES, case.ties)
    copy = complaint_closing.copy_for(case, turn.person)
    if copy is None:
        raise Refused("no-such-copy", rule="CMP-14", number=case.number)
    turn.reply("complaint.form-paper", {"number": case.number}, papers=[form_of(case.id, copy.number)])


def _query_send(turn: Turn, case: Complaint, slip: str) -> None:
    """Send the drafted 洽辦單, or say which ones there are (CMP-13)."""
    require(turn.person, Deed.SEND_SLIP, case.ties)
    drafted = queries(case, is_sent=False)
    if not slip and len(drafted) > 1:
        rows = [[literal_button(one.number, f"c.{case.id}.query_send.{one.number}")] for one in drafted]
        turn.reply("case.which-slip", {"number": case.number}, rows=rows)
        return
    number = slip or (drafted[0].number if drafted else "—")
    record(turn, case, complaint_closing.send_query(case, number, **turn.deed), "done.case-query-sent")


def _query_answer(turn: Turn, case: Complaint, slip: str) -> None:
    require(turn.person, Deed.ANSWER_SLIP, case.ties)
    waiting = queries(case, is_sent=True)
    mine = [one for one in waiting if turn.person.holds(Role(ASKED.get(one.stage, Role.MANAGER)))] or list(waiting)
    number = slip or (mine[0].number if mine else "")
    if not number:
        raise Refused("no-such-slip", rule="CMP-13", slip="—")
    ENGINE.start(turn, "case_query", about=case.subject, args={"slip": number})


def _paper(turn: Turn, case: Complaint, _arg: str) -> None:
    require(turn.person, Deed.WRITE_PAPER, case.ties)
    if case.opinion is None or not case.is_decided:
        raise Refused("not-decided-yet", rule="CMP-21", number=case.number)
    if case.opinion.handling not in complaint_papers.COPIES:
        raise Refused("no-paper-for-this", rule="CMP-21")
    ENGINE.start(turn, "case_paper", about=case.subject)


def _receive(turn: Turn, case: Complaint, _arg: str) -> None:
    require(turn.person, Deed.RECEIVE_GOODS, case.ties)
    if not any(one.received is None and one.handling != "allowance" for one in case.papers):
        raise Refused("no-goods-here", rule="CMP-22")
    ENGINE.start(turn, "case_receive", about=case.subject)


def _prove(turn: Turn, case: Complaint, _arg: str) -> None:
    require(turn.person, Deed.WRITE_PAPER, case.ties)
    wanted = [one.number for one in case.papers if not one.proof]
    if not wanted:
        raise Refused("no-such-paper", rule="CMP-23", paper="—")
    ENGINE.start(turn, "case_prove", about=case.subject, args={"paper": wanted[0]})


def _let_stand(turn: Turn, case: Complaint, _arg: str) -> None:
    number = next((one.number for one in case.papers if one.match == "ask"), "—")
    require(turn.person, Deed.DECIDE_COMPLAINT, case.ties)
    record(turn, case, complaint_papers.let_stand(case, number, **turn.deed), "done.case-stands")


def _sanction(is_approved: bool) -> Action:
    def act(turn: Turn, case: Complaint, _arg: str) -> None:
        require(turn.person, Deed.DECIDE_SANCTION, case.ties)
        n = next((n for n, one in enumerate(case.sanctions) if one.is_approved is None), len(case.sanctions))
        after = record(turn, case, sanctions.decide(case, n, is_approved, **turn.deed), "done.case-sanction-decided")
        if is_approved and not cases.by_number(turn.connection, Task, f"{case.number}-R"):
            task = resale(after, after.sanctions[n].unit, f"{case.number}-R", turn.now, turn.terms)
            turn.unit.record(None, open_task(task, now=turn.now), by=None)

    return act


def _details(turn: Turn, case: Complaint, _arg: str) -> None:
    require(turn.person, Deed.SEE_CASES, case.ties)
    details_of(turn, case)


def _talk(turn: Turn, case: Complaint, _arg: str) -> None:
    ENGINE.start(turn, "talk")


ACTIONS: dict[str, Action] = {
    "card": _card,
    "form": _starts("case_form", Deed.COMPLETE_FORM, CaseStage.FORM),
    "check": _starts("case_check", Deed.CHECK_FORM, CaseStage.OFFICE),
    "investigate": _starts("case_quality", Deed.INVESTIGATE, CaseStage.QUALITY),
    "analyse": _starts("case_manufacturing", Deed.ANALYSE, CaseStage.MANUFACTURING),
    "engineer": _starts("case_rnd", Deed.ENGINEER, CaseStage.RND),
    "skip_rnd": _starts("case_skip", Deed.SKIP_STAGE, CaseStage.RND),
    "negotiate": _starts("case_sales", Deed.NEGOTIATE, CaseStage.SALES),
    "synthesise": _starts("case_opinion", Deed.SYNTHESISE, CaseStage.SYNTHESIS),
    "quantity": _starts("case_quantity", Deed.COMPLETE_FORM),
    "visit": _visit,
    "send_visitor": _starts("case_visitor", Deed.VISIT_COMPLAINER, CaseStage.VISIT),
    "handle": _starts("case_opinion", Deed.HANDLE_COMPLAINT, CaseStage.HANDLING),
    "anomaly": _starts("case_unit", Deed.INVESTIGATE, CaseStage.UNIT),
    "decide": _decide,
    "send_back": _starts("case_send_back", Deed.DECIDE_COMPLAINT, CaseStage.DECISION),
    "answer": _starts("case_answer", Deed.ANSWER_COMPLAINT, CaseStage.EXECUTION),
    "accept_result": _accept,
    "reject_result": _reject,
    "object": _starts("case_object", Deed.OBJECT_TO_DECISION),
    "uphold": _decides(complaint_decisions.rule_on_objection, "done.case-ruled", True),
    "overrule": _decides(complaint_decisions.rule_on_objection, "done.case-ruled", False),
    "serious": _decides(complaint_intake.mark_serious, "done.case-serious"),
    "read": _decides(complaint_intake.read_serious, "done.case-read"),
    "pass_on": _starts("case_pass_on", Deed.READ_SERIOUS),
    "inspect": _starts("case_inspect", Deed.INSPECT),
    "inspected": _decides(complaint_inspections.hold_inspection, "done.case-inspected"),
    "inspect_report": _starts("case_inspect_report", Deed.INSPECT),
    "name_inspector": _starts("case_inspector", Deed.NAME_INSPECTOR),
    "copy": _copy,
    "form_paper": _form_paper,
    "query_send": _query_send,
    "query_answer": _query_answer,
    "external": _starts("case_external", Deed.SEND_SLIP),
    "paper": _paper,
    "receive": _receive,
    "let_stand": _let_stand,
    "prove": _prove,
    "sanction": _starts("case_sanction", Deed.PROPOSE_SANCTION),
    "sanction_yes": _sanction(True),
    "sanction_no": _sanction(False),
    "details": _details,
    "talk": _talk,
}


def run_task(turn: Turn, task: Task, action: str) -> None:
    """Do an action on a task."""
    if action == "card":
        turn.show(task.subject)
    elif action == "done":
        _require_mine(turn, task)
        ENGINE.start(turn, "task_done", about=task.subject)
    elif action == "pass":
        _require_mine(turn, task)
        ENGINE.start(turn, "task_pass", about=task.subject)
    elif action == "chase":
        after = turn.unit.record(task, chase_case(task, by=turn.person), by=turn.person.id)
        turn.show(after.subject, "done.chase", number=after.about_number)
    elif action == "complain" and task.errand is Errand.COMMENT:
        _raise_comment(turn, task)
    else:
        turn.reply("talk.passed")


def _require_mine(turn: Turn, task: Task) -> None:
    if turn.person.id != task.person:
        require(turn.person, Deed.DO_TASK, task.ties)
    if not task.is_open:
        raise Refused("case-closed", rule="REC-1", number=task.about_number)


def _raise_comment(turn: Turn, task: Task) -> None:
    """A comment becomes a complaint; the task is done by it (SUR-4, SUR-5)."""
    _require_mine(turn, task)
    require(turn.person, Deed.FILE_COMPLAINT)
    case = complaining.raised(turn, task)
    turn.unit.record(task, became(task, case.number, **turn.deed), by=turn.person.id)
    turn.show(case.subject, "done.file_complaint", number=case.number)


def run_statement(turn: Turn, table: Statement, action: str, arg: str) -> None:
    """Show a month's table, or confirm it for a department (CMP-16)."""
    if action == "card":
        turn.show(table.subject)
        return
    if action != "confirm" or arg not in set(Role):
        turn.reply("talk.passed")
        return
    after = turn.unit.record(table, statements.confirm(table, Role(arg), **turn.deed), by=turn.person.id)
    turn.show(after.subject, "done.statement", department={"text": f"role.{arg}"})
