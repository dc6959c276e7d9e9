"""Living cards of complaints, tasks and statements, as each reader may see them (DESIGN 10.1, ROL-2, CMP-17)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from handlers.said import Body, Row, button, in_rows, said
from handlers.turn import Company
from rules.cases import Case
from rules.clocks import Clock
from rules.complaint_clocks import CLOCK_OF
from rules.complaint_nexts import next_actions, next_of_statement, next_of_task
from rules.complaint_records import CaseStage
from rules.complaints import Complaint
from rules.decisions import Audience
from rules.figure_words import ratio_line
from rules.months import read_period
from rules.nexts import Next
from rules.people import Deed, Person, may
from rules.statements import Statement, in_time, totals
from rules.tasks import Task
from storage import books, deadlines, orders, people
from texts import catalog

Line = dict[str, Any]
_MOST_RATIOS = 8
_SHOWN = {
    CaseStage.QUALITY: ("cause", "responsible", "persons"),
    CaseStage.MANUFACTURING: ("analysis", "remedy", "unit", "machine", "workers", "produced_on"),
    CaseStage.RND: ("opinion",),
    CaseStage.SALES: ("negotiated", "opinion"),
    CaseStage.VISIT: ("findings",),
    CaseStage.UNIT: ("remedy",),
}
"""What of each stage's output a colleague reads on the card."""


def _line(text: str, **facts: Any) -> Line:
    return {"text": text, "facts": facts}


def complaint_card(connection: Connection, case: Complaint, person: Person, company: Company) -> Body:
    """The case as this person may see it: the form is for the departments, the customer sees number, state and answer."""
    is_visitor = person.id == case.visitor and person.id not in case.barred
    if not may(person, Deed.SEE_COMPLAINT, case.ties) and not is_visitor:
        return said("card.out-of-sight", {"number": case.number})
    rows = _rows(f"c.{case.id}", "case", next_actions(case, person, company.terms.of(case.policy_version)))
    serious = {"text": "card.serious"} if case.is_serious and person.is_staff else ""
    title = _line("card.case-title", number=case.number, who=case.customer_name, serious=serious)
    if not person.is_staff or not (may(person, Deed.SEE_CASES, case.ties) or is_visitor):
        return said("", {}, lines=_for_customer(case), rows=rows) | {"title": title}
    lines = [_line("card.stage", stage={"text": f"stage.case.{case.stage}"})]
    if case.stage is CaseStage.VISIT and (is_visitor or may(person, Deed.VISIT_COMPLAINER, case.ties)):
        lines += _where(connection, case)
    if case.about_order is not None and sees_order(connection, case, person):
        rows.append([button("button.card", f"o.{case.about_order}.card")])
    lines += [*_turn(case), *_told(case), *_promises(connection, case), *_outputs(case), *_decided(case), *_slips(case)]
    return said("", {}, lines=lines, rows=rows) | {"title": title}


def sees_order(connection: Connection, case: Complaint, person: Person) -> bool:
    """Whether somebody may look at the work order that a case follows from."""
    order = orders.by_id(connection, case.about_order or 0)
    return order is not None and may(person, Deed.SEE_ORDER, order.ties)


def _where(connection: Connection, case: Complaint) -> list[Line]:
    """Where the customer is found, for whoever visits him and until he has (CND-2)."""
    order = orders.by_id(connection, case.about_order or 0)
    if order is not None:
        told = order.report
        return [_line("card.address", address=told.address), _line("card.contact", contact=told.contact, phone=told.phone)]
    phone = people.person(connection, case.customer).phone if case.customer else ""
    return [_line("card.contact", contact=case.customer_name, phone=phone)] if phone else []


def _for_customer(case: Complaint) -> list[Line]:
    """ROL-2, CMP-17: no form, no opinion, nothing that was not decided and sent."""
    state = "closed" if not case.is_open else "answered" if case.answer else "open"
    found = [_line(f"card.case-customer-{state}")]
    if case.account:
        found.append(_line("card.case-account", account=case.account))
    if case.answer is not None:
        found.append(_line("card.case-answer", answer=case.answer.words))
    if case.next_number:
        found.append(_line("card.case-next", number=case.next_number))
    return found


def _turn(case: Complaint) -> list[Line]:
    """Whose turn it is, what it follows from."""
    found = []
    if case.is_open and case.owners:
        found.append(_line("card.case-owner", owners=[owner_fact(one) for one in case.owners if not isinstance(one, int)]))
        found = found if found[0]["facts"]["owners"] else [_line("card.case-visitor", visitor_id=case.visitor)]
    if case.previous_number:
        found.append(_line("card.case-previous", number=case.previous_number))
    if case.next_number:
        found.append(_line("card.case-next", number=case.next_number))
    if case.is_money_demanded:
        found.append(_line("card.case-money"))
    if case.is_serious and case.read_by is not None:
        found.append(_line("card.case-read", reader_id=case.read_by))
    return found


def owner_fact(owner: Audience | int) -> dict[str, str]:
    return {"text": f"role.{owner}"}


def _told(case: Complaint) -> list[Line]:
    """What the customer said, and the form (CMP-4)."""
    found = []
    if case.voices or (case.account and case.account != case.form.reason):
        found.append(_line("card.case-account", account=case.account or {"text": "word.voice"}))
    form = case.form
    if form.order_no or form.part_no:
        found.append(_line("card.case-goods", order_no=form.order_no, part_no=form.part_no, delivered=form.delivered_on))
        found.append(_line("card.case-quantity", quantity=form.quantity, defective=form.defective))
    if form.demand and case.route == "service":  # no goods that could be counted
        found.append(_line("card.case-wish", demand=form.demand))
    elif form.demand:
        wanted = form.demand_quantity if form.is_determined else {"text": "word.undetermined"}
        found.append(_line("card.case-demand", demand=form.demand, quantity=wanted, reason=form.reason))
    if form.opinion:
        found.append(_line("card.case-opinion", opinion=form.opinion, by_id=form.signed_by))
    if case.category:
        found.append(_line("card.case-category", category={"text": f"category.{case.category}"}))
    return [
        *found,
        *(_line("card.case-note", by_id=one.by, words=one.words or {"text": "word.photo"}) for one in case.notes[-3:]),
    ]


def _promises(connection: Connection, case: Complaint) -> list[Line]:
    if not case.is_open:
        return []
    running = deadlines.of(connection, case.subject)
    found = []
    clock = CLOCK_OF.get(case.stage)
    if clock in running:
        found.append(_line("card.case-due-stage", due=running[clock].watch.promise.due_at))
    if Clock.CASE in running:
        found.append(_line("card.case-due", due=running[Clock.CASE].watch.promise.due_at))
    return found


def _outputs(case: Complaint) -> list[Line]:
    """What the stages have left so far, the latest words of each."""
    found = []
    for stage, keys in _SHOWN.items():
        passages = [one for one in case.passages if one.stage is stage and one.left_at is not None]
        if not passages:
            continue
        last = passages[-1]
        words = [_output_fact(stage, key, last.output[key]) for key in keys if last.output.get(key)]
        text = "card.case-skipped" if last.skipped else "card.case-output"
        found.append(_line(text, stage={"text": f"stage.case.{stage}"}, words=words, reason=last.skipped))
    if case.inspection is not None:
        text = "card.case-inspection-report" if case.inspection.report else "card.case-inspection"
        found.append(_line(text, place=case.inspection.place, report=case.inspection.report))
    return found


def _output_fact(stage: CaseStage, key: str, value: Any) -> Any:
    if key == "responsible":
        return {"text": f"unit.{value}"}
    return value


def _decided(case: Complaint) -> list[Line]:
    found, opinion = [], case.opinion
    if opinion is not None:
        facts = {"outcome": {"text": f"outcome.{opinion.outcome}"}, "handling": {"text": f"handling.{opinion.handling}"}}
        found.append(_line("card.case-proposal", **facts, amount=opinion.amount, analysis=opinion.analysis))
        if opinion.reason:
            found.append(_line("card.case-reason", reason=opinion.reason))
        loss: Any = opinion.loss if opinion.loss is not None else {"text": "word.not-configured"}
        shares = [
            {"text": "card.share", "facts": {"unit": {"text": f"unit.{one.unit}"}, "percent": one.percent}}
            for one in opinion.shares
        ]
        if case.route == "product":
            found.append(_line("card.case-loss", loss=loss, shares=shares))
    if case.stage is CaseStage.DECISION and case.approver:
        found.append(_line("card.case-approver", post={"text": f"role.{case.approver}"}))
    if case.verdict is not None:
        found.append(_line("card.case-verdict", by_id=case.verdict.by, post={"text": f"role.{case.verdict.post}"}))
    if case.answer is not None:
        found.append(_line("card.case-answer", answer=case.answer.words))
    if case.result:
        found.append(_line(f"card.case-result-{case.result}", words=case.objection_words))
    return found


def _slips(case: Complaint) -> list[Line]:
    """Slips, memos, papers and proposals, each in a line."""
    found = [
        _line(f"card.slip-{one.kind}", slip=one.number, stage={"text": f"stage.case.{one.stage}"}, answer=one.answer or "…")
        for one in case.slips[-4:]
    ]
    found += [_line("card.case-objection", by_id=one.by, words=one.words) for one in case.objections]
    for external in case.externals:
        sort, told = {"text": f"case_external.sort.{external.sort}"}, {"name": external.name, "words": external.words}
        found.append(_line("card.case-external", sort=sort, contact=external.contact or "—", **told))
    for paper in case.papers:
        match: Any = {"text": f"match.{paper.match}"} if paper.match else "…"
        proof: Any = {"text": f"proof.{paper.proof}"} if catalog.has(f"proof.{paper.proof}") else paper.proof or "…"
        facts = {"paper": paper.number, "handling": {"text": f"handling.{paper.handling}"}, "approved": paper.approved}
        found.append(_line("card.case-paper", **facts, match=match, proof=proof))
    for one in case.sanctions:
        state = {None: "open", True: "approved", False: "rejected"}[one.is_approved]
        found.append(_line(f"card.sanction-{state}", ground={"text": f"ground.{one.ground}"}, unit=one.unit, amount=one.amount))
    if case.copies:
        n_read = sum(one.acknowledged_at is not None for one in case.copies)
        found.append(_line("card.case-copies", n=len(case.copies), n_read=n_read))
    return found


def task_card(connection: Connection, task: Task, person: Person, company: Company) -> Body:
    """A task as whoever has it sees it."""
    if not may(person, Deed.DO_TASK, task.ties) and person.id != task.person:
        return said("card.out-of-sight", {"number": task.about_number})
    lines = [_line(f"task.{task.errand}")]
    if task.words:
        lines.append(_line("card.task-words", words=task.words))
    if task.is_open:
        owners = [owner_fact(one) for one in task.owners if not isinstance(one, int)]
        lines += [_line("card.case-owner", owners=owners)] if owners else [_line("card.task-person", person_id=task.person)]
        lines.append(_line("card.task-due", due=task.due_at))
    else:
        lines.append(_line("card.task-done", result=task.result, by_id=task.done_by))
    title = _line("card.task-title", number=task.about_number, what={"text": f"errand.{task.errand}"})
    return said("", {}, lines=lines, rows=_rows(f"t.{task.id}", "task", next_of_task(task, person))) | {"title": title}


def statement_card(connection: Connection, table: Statement, person: Person, company: Company) -> Body:
    """A month's table: its lines, who answers for how much, who has confirmed (CMP-16)."""
    if not may(person, Deed.SEE_CASES):
        return said("card.out-of-sight", {"number": table.number})
    lines = [_statement_line(one) for one in table.lines[:20]]
    per_cent = in_time(table)
    if per_cent is not None:
        lines.append(_line("statement.in-time", percent=per_cent.quantize(1), n=len(table.lines)))
    lines += [_line("statement.total", unit={"text": f"unit.{one.unit}"}, n=one.n, loss=one.loss) for one in totals(table)]
    lines += _ratios(connection, table, company)
    lines += [
        _line("statement.confirmed", department={"text": f"role.{role}"}, by_id=by) for role, by in table.confirmed.items()
    ]
    title = _line("statement.title", month=table.number, n=len(table.lines))
    rows = _statement_rows(table, next_of_statement(table, person))
    return said("" if table.lines else "statement.empty", {}, lines=lines, rows=rows) | {"title": title}


def _ratios(connection: Connection, table: Statement, company: Company) -> list[Line]:
    """Returns and credit notes against sales: who was credited most, and all together (DLY-9, KPI-10)."""
    terms = company.terms.of(table.policy_version)
    found = books.ratios_of(connection, read_period(table.number), terms)
    return [ratio_line(one, terms.policy.currency) for one in (*found[:-1][:_MOST_RATIOS], *found[-1:])]


def _statement_line(one: Any) -> Line:
    loss: Any = one.loss if one.loss is not None else {"text": "word.not-configured"}
    facts = {"number": one.number, "outcome": {"text": f"outcome.{one.outcome}"}, "loss": loss, "days": one.days}
    return _line("statement.line-late" if not one.is_in_time else "statement.line", **facts)


def _statement_rows(table: Statement, actions: Iterable[Next]) -> list[Row]:
    buttons = []
    for one in actions:
        department = {"text": f"role.{one.action.partition('.')[2]}"}
        tone = "primary" if one.is_primary else "plain"
        buttons.append(button("button.statement.confirm", f"h.{table.id}.{one.action}", tone=tone, department=department))
    return in_rows(buttons)


def _rows(stem: str, family: str, actions: Iterable[Next]) -> list[Row]:
    every = list(actions)
    first = [_button(stem, family, one) for one in every if one.is_primary]
    return [*([one] for one in first), *in_rows([_button(stem, family, one) for one in every if not one.is_primary])]


def _button(stem: str, family: str, one: Next) -> dict[str, Any]:
    tone = "primary" if one.is_primary else "danger" if one.is_danger else "plain"
    return button(f"button.{family}.{one.action}", f"{stem}.{one.action}", tone=tone)


def label_of(case: Case) -> dict[str, str]:
    """Where a case stands, for a line of a list."""
    return (
        {"text": f"stage.case.{case.stage}"}
        if isinstance(case, Complaint)
        else {"text": f"errand.{getattr(case, 'errand', '')}"}
    )
