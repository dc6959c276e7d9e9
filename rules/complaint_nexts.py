"""What somebody may do next with a complaint, a task or a statement: the buttons of their cards (DESIGN 10.1).

The lists only mirror the rulings; each of them checks again when the button is pressed.
"""

from rules.cases import Case
from rules.complaint_closing import ASKED, HOLDER, copy_for, queries
from rules.complaint_decisions import POSTS
from rules.complaint_papers import COPIES
from rules.complaint_records import CaseStage
from rules.complaints import BEFORE_DECISION, Complaint
from rules.nexts import Next
from rules.people import Deed, Person, Role, may
from rules.statements import HEADS, Statement
from rules.surveys import Survey
from rules.tasks import Errand, Task
from rules.terms import Terms

_C = CaseStage
_STEPS: dict[CaseStage, tuple[tuple[str, Deed], ...]] = {
    _C.FORM: (("form", Deed.COMPLETE_FORM),),
    _C.OFFICE: (("check", Deed.CHECK_FORM),),
    _C.QUALITY: (("investigate", Deed.INVESTIGATE),),
    _C.MANUFACTURING: (("analyse", Deed.ANALYSE),),
    _C.RND: (("engineer", Deed.ENGINEER), ("skip_rnd", Deed.SKIP_STAGE)),
    _C.SALES: (("negotiate", Deed.NEGOTIATE),),
    _C.SYNTHESIS: (("synthesise", Deed.SYNTHESISE),),
    _C.VISIT: (("visit", Deed.VISIT_COMPLAINER), ("send_visitor", Deed.VISIT_COMPLAINER)),
    _C.HANDLING: (("handle", Deed.HANDLE_COMPLAINT),),
    _C.UNIT: (("anomaly", Deed.INVESTIGATE),),
}
"""What moves a case on from each stage, the usual way first."""


def next_actions(case: Complaint, person: Person, terms: Terms) -> tuple[Next, ...]:
    """Legal actions of a person on a complaint, the next one first and marked."""
    if not may(person, Deed.SEE_COMPLAINT, case.ties):
        return (Next("visit", is_primary=True),) if person.id == case.visitor and case.stage is _C.VISIT else ()
    if not person.is_staff or (person.id == case.customer and not may(person, Deed.SEE_CASES)):
        return _customer(case)
    return (
        *_stage_actions(case, person),
        *_deciding(case, person),
        *_beside(case, person),
        *_papers(case, person),
        Next("details"),
    )


def _customer(case: Complaint) -> tuple[Next, ...]:
    if case.stage is _C.EXECUTION and case.answer is not None:
        return (Next("accept_result", is_primary=True), Next("reject_result", is_danger=True), Next("talk"))
    return (Next("talk"),) if case.is_open else ()


def _stage_actions(case: Complaint, person: Person) -> tuple[Next, ...]:
    ties, found = case.ties, list[Next]()
    for action, deed in _STEPS.get(case.stage, ()):
        if may(person, deed, ties) or (action == "visit" and person.id == case.visitor):
            found.append(Next(action, is_primary=not found))
    if case.stage is _C.EXECUTION and may(person, Deed.ANSWER_COMPLAINT, ties):
        if case.answer is None:
            found.append(Next("answer", is_primary=True))
        else:
            found += [Next("accept_result", is_primary=True), Next("reject_result", is_danger=True)]
    return tuple(found)


def _deciding(case: Complaint, person: Person) -> tuple[Next, ...]:
    if not may(person, Deed.DECIDE_COMPLAINT, case.ties):
        return ()
    if case.stage is _C.DECISION:
        reaches = _has_authority(case, person)
        return (Next("decide", is_primary=reaches), Next("send_back", is_danger=True)) if reaches else ()
    if any(one.is_upheld is None for one in case.objections) and _has_authority(case, person):
        return (Next("uphold"), Next("overrule"))
    return ()


def _has_authority(case: Complaint, person: Person) -> bool:
    return any(person.holds(post) for post in POSTS[POSTS.index(Role(case.approver or Role.GM)) :])


def _beside(case: Complaint, person: Person) -> tuple[Next, ...]:
    """What may be done whatever the stage is."""
    ties, found = case.ties, list[Next]()
    if case.is_serious and case.read_at is None and may(person, Deed.READ_SERIOUS, ties):
        found += [Next("read", is_primary=True), Next("pass_on")]
    if case.stage in BEFORE_DECISION and case.route == "product":
        found += _inspecting(case, person)
    if case.is_open and case.route == "product" and not case.form.is_determined and may(person, Deed.COMPLETE_FORM, ties):
        found += [Next("quantity")] if case.stage is not _C.FORM else []
    if case.is_open and not case.is_serious and may(person, Deed.MARK_SERIOUS, ties):
        found.append(Next("serious", is_danger=True))
    if case.is_open and may(person, Deed.SEND_SLIP, ties):
        found.append(Next("external"))
    if case.is_decided and case.is_open and may(person, Deed.OBJECT_TO_DECISION, ties):
        found.append(Next("object"))
    return tuple(found)


def _inspecting(case: Complaint, person: Person) -> list[Next]:
    found, inspection = list[Next](), case.inspection
    if may(person, Deed.INSPECT, case.ties):
        if inspection is None or inspection.reported_at is not None:
            found.append(Next("inspect"))
        elif inspection.inspected_at is None:
            found.append(Next("inspected"))
        else:
            found.append(Next("inspect_report"))
    if inspection is not None and inspection.is_quality_absent and may(person, Deed.NAME_INSPECTOR, case.ties):
        found.append(Next("name_inspector"))
    return found


def _papers(case: Complaint, person: Person) -> tuple[Next, ...]:
    """Copies, slips, return papers and proposals of a case that is decided."""
    ties, found = case.ties, list[Next]()
    mine = [one for one in case.copies if one.acknowledged_at is None and person.holds(Role(HOLDER[one.unit]))]
    if mine and may(person, Deed.ACKNOWLEDGE_COPY, ties):
        found.append(Next("copy"))
    if copy_for(case, person) is not None:
        found.append(Next("form_paper"))
    if queries(case, is_sent=False) and may(person, Deed.SEND_SLIP, ties):
        found.append(Next("query_send"))
    asked = [one for one in queries(case, is_sent=True) if person.holds(Role(ASKED.get(one.stage, Role.MANAGER)))]
    if asked and may(person, Deed.ANSWER_SLIP, ties):
        found.append(Next("query_answer"))
    if case.is_decided and may(person, Deed.WRITE_PAPER, ties):
        wanted = case.opinion is not None and case.opinion.handling in COPIES
        found += [Next("paper")] if wanted and not case.papers else []
        found += [Next("prove")] if any(not paper.proof for paper in case.papers) else []
    if any(paper.handling in COPIES and paper.received is None and paper.handling != "allowance" for paper in case.papers):
        found += [Next("receive")] if may(person, Deed.RECEIVE_GOODS, ties) else []
    if any(paper.match == "ask" for paper in case.papers) and _has_authority(case, person):
        found.append(Next("let_stand"))
    if case.is_decided and case.route == "product" and may(person, Deed.PROPOSE_SANCTION, ties):
        found.append(Next("sanction"))
    if any(one.is_approved is None and one.by != person.id for one in case.sanctions) and may(
        person, Deed.DECIDE_SANCTION, ties
    ):
        found += [Next("sanction_yes"), Next("sanction_no", is_danger=True)]
    return tuple(found)


def next_of_task(task: Task, person: Person) -> tuple[Next, ...]:
    """What somebody may do with a task."""
    if not task.is_open or not (may(person, Deed.DO_TASK, task.ties) or person.id == task.person):
        return ()
    if may(person, Deed.CHASE, task.ties) and person.id != task.person and not person.holds(Role(task.post)):
        return (Next("chase", is_primary=True), Next("done"), Next("pass"))
    found = [Next("done", is_primary=True)]
    if task.errand is not Errand.CLEAN_UP:
        found.append(Next("pass"))
    if task.errand is Errand.COMMENT and may(person, Deed.FILE_COMPLAINT):
        found.append(Next("complain", is_danger=True))
    return tuple(found)


def next_of_statement(table: Statement, person: Person) -> tuple[Next, ...]:
    """The departments that this person may confirm for."""
    if not table.is_open or not may(person, Deed.CONFIRM_STATISTICS, table.ties):
        return ()
    mine = [role for role in HEADS if role not in table.confirmed and (person.holds(role) or person.holds(Role.MANAGER))]
    return tuple(Next(f"confirm.{role}", is_primary=n == 0) for n, role in enumerate(mine))


def is_in_sight(case: Case, person: Person) -> bool:
    """Whether a case's card is for this person: by his deeds, or because it was given to him by name (CND-2)."""
    if person.id in case.barred:
        return False
    seen = case.seen_by(person)
    if seen is not None:
        return seen
    if isinstance(case, Complaint):
        return may(person, Deed.SEE_COMPLAINT, case.ties) or person.id == case.visitor
    if isinstance(case, Survey):
        return may_answer(case, person)
    if isinstance(case, Task):
        return may(person, Deed.DO_TASK, case.ties) or person.id == case.person
    return may(person, Deed.SEE_CASES)


def may_answer(survey: Survey, person: Person) -> bool:
    """Whether the buttons of a survey are this person's to press (SUR-8)."""
    if person.id == survey.holder and not person.is_staff:
        return True
    return may(person, Deed.ANSWER_SURVEY, survey.ties) or may(person, Deed.ENTER_SURVEY, survey.ties)
