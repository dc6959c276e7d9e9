"""Each button and command asks for its right when it is pressed, whoever presses it (RULEBOOK 1, ROL, story 11)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers import case_actions
from handlers.actions import ACTIONS, STEPS
from handlers.duty import PRESSES
from handlers.menu import COMMANDS
from rules.absences import Absence
from rules.complaint_intake import open_case
from rules.complaints import Complaint
from rules.hours import DAY
from rules.orders import Stage
from rules.people import Deed, Role, Standing, may
from storage import orders, people, roster
from storage.tables import journal, outbox
from storage.unit import Unit
from tests import plays
from tests.laws.permissions import WORKING
from tests.room import Phone, Room

EVERY_ROLE = pytest.mark.parametrize("role", Role)

# The right that each button of a card needs. What is only looked at needs the right to see.
NEEDS: dict[str, Deed] = {
    "card": Deed.SEE_ORDER, "details": Deed.SEE_ORDER, "why": Deed.SEE_ORDER, "copy": Deed.SEE_ORDER, "talk": Deed.SEE_ORDER,
    "remark": Deed.SEE_ORDER, "fold": Deed.SEE_ORDER, "correct": Deed.CLARIFY, "nobody_there": Deed.RECORD_FINDINGS,
    "accept": Deed.ACCEPT, "decline": Deed.DECLINE, "object": Deed.OBJECT, "prepare": Deed.PREPARE, "tick": Deed.PREPARE,
    "called": Deed.PREPARE, "override": Deed.PREPARE, "depart": Deed.DEPART, "arrive": Deed.ARRIVE,
    "problem": Deed.RAISE_PROBLEM, "wait_parts": Deed.RECORD_FINDINGS, "take_back": Deed.RECORD_FINDINGS,
    "resume": Deed.RECORD_FINDINGS, "late": Deed.RECORD_FINDINGS, "reopen": Deed.RECORD_FINDINGS,
    "sign": Deed.COLLECT_SIGNATURE, "unsigned": Deed.CLOSE_UNSIGNED, "leave": Deed.BRIEF_REPORT,
    "send": Deed.DISPATCH, "dispatch": Deed.DISPATCH, "dispatch_other": Deed.DISPATCH, "redispatch": Deed.DISPATCH,
    "offer": Deed.OFFER, "ask_back": Deed.ASK_BACK, "answer": Deed.ANSWER_CUSTOMER, "write_contact": Deed.WRITE_CONTACT,
    "solve": Deed.SOLVE_REMOTELY, "cancel": Deed.CANCEL_ORDER, "hold": Deed.HOLD, "release": Deed.HOLD,
    "decide": Deed.DECIDE_PROBLEM, "give_next": Deed.GIVE_NEXT, "file": Deed.CANCEL_IN_REGISTER,
    "approve": Deed.APPROVE_REPORT, "return": Deed.RETURN_REPORT, "approve_unsigned": Deed.APPROVE_UNSIGNED,
    "clean_up": Deed.ORDER_CLEAN_UP,
    "appoint": Deed.ASK_BACK, "slot": Deed.CLARIFY, "no_slot": Deed.CLARIFY, "contractor": Deed.SOLVE_REMOTELY,
    "rezone": Deed.ASK_BACK, "urgent": Deed.ASK_BACK, "attendant": Deed.BRIEF_REPORT, "unsure": Deed.RECORD_FINDINGS,
    "fits": Deed.RECORD_FINDINGS, "misfit": Deed.RECORD_FINDINGS,
    "interim_yes": Deed.DECIDE_PROBLEM, "interim_no": Deed.DECIDE_PROBLEM,
    "compensate": Deed.FILE_COMPLAINT,  # of who is not sent there; tests/flows/test_compensation.py
    "refuse_unsafe": Deed.REFUSE_UNSAFE, "safety": Deed.CHECK_SAFETY, "declare": Deed.DECLARE_EMERGENCY,
    "injury": Deed.RAISE_PROBLEM, "ready": Deed.MARK_READY, "chase": Deed.CHASE, "above": Deed.ASK_ABOVE,
    "rescue": Deed.STEP_EMERGENCY, "stand_down": Deed.STAND_DOWN,
    "use_part": Deed.RECORD_FINDINGS, "ask_parts": Deed.ASK_PARTS,
    "classify": Deed.CLASSIFY, "class_yes": Deed.DECIDE_CLASS, "class_no": Deed.DECIDE_CLASS, "quote": Deed.QUOTE,
    "accept_quote": Deed.ANSWER_QUOTE, "decline_quote": Deed.ANSWER_QUOTE, "collect": Deed.COLLECT,
    "ask_invoice": Deed.ASK_INVOICE, "receipts": Deed.SEE_ORDER,
    "clarify": Deed.CLARIFY, "dispute": Deed.DISPUTE, "breach": Deed.ACKNOWLEDGE,
} | dict.fromkeys(STEPS, Deed.RECORD_FINDINGS)  # fmt: skip
# Commands that need a right; the others concern nobody but the one who gives them.
COMMANDS_NEED = {
    "report": Deed.REPORT_FAULT, "queue": Deed.SEE_BRANCH, "find": Deed.SEARCH, "register": Deed.REGISTER_CALL,
    "invite": Deed.INVITE, "alarm": Deed.REPORT_FAULT, "in": Deed.PUNCH, "out": Deed.PUNCH, "hours": Deed.PUNCH,
    "roster": Deed.SEE_ROSTER, "absence": Deed.ASK_LEAVE, "licences": Deed.KEEP_LICENCES, "deputies": Deed.NAME_DEPUTY,
    "hazard": Deed.REPORT_HAZARD, "contracts": Deed.SEE_CONTRACTS, "rounds": Deed.WALK_ROUND,
    "month": Deed.SEE_ROSTER, "machine": Deed.SEARCH, "customer": Deed.SEE_CASES, "holdings": Deed.PUNCH,
    "stock": Deed.SEE_STOCK, "van": Deed.ASK_PARTS,
    "money": Deed.SEE_MONEY, "returns": Deed.TAKE_BACK_GOODS,
    "cases": Deed.SEE_CASES, "ratings": Deed.SEE_RATINGS, "complain": Deed.FILE_COMPLAINT,
    "figures": Deed.SEE_FIGURES, "base": Deed.BRIEF_REPORT, "agenda": Deed.SIGN_BRANCH_REPORT,
}  # fmt: skip
EITHER = {
    "daily": {Deed.DAILY_REPORT, Deed.REVIEW_DAILY},  # one's own, or the branch's
    "expenses": {Deed.CLAIM_EXPENSE, Deed.PAY_EXPENSE},
    "volume": {Deed.SEE_FIGURES, Deed.ENGINEER},
    "documents": {Deed.BORROW_DOCUMENT, Deed.KEEP_DOCUMENTS},
    "goods": {Deed.REGISTER_GOODS, Deed.REPAIR_GOODS, Deed.INSPECT_GOODS},
    "sheets": {  # those that this line of business has
        Deed.FILE_PLAN,
        Deed.APPROVE_PLAN,
        Deed.PLAN_CUSTOMER_VISIT,
        Deed.REGISTER_CALL,
        Deed.ANSWER_CUSTOMER,
        Deed.BRIEF_REPORT,
        Deed.GIVE_NEXT,
        Deed.WARN_STORES,
        Deed.PLAN_DUTY,
    },
}
FOR_ONESELF = {"aging", "more", "news", "handover", "mine", "language", "name", "help", "talk", "link", "resume", "start"}
# Buttons about people at work; who decides about whom is looked at besides (tests/flows/test_duty.py).
PRESSES_NEED = {
    "duty": Deed.PLAN_DUTY, "rotation": Deed.PLAN_DUTY, "change": Deed.PLAN_DUTY, "unduty": Deed.PLAN_DUTY,
    "absence": Deed.ASK_LEAVE, "licence": Deed.KEEP_LICENCES, "deputy": Deed.NAME_DEPUTY, "undeputy": Deed.NAME_DEPUTY,
    "lend": Deed.LEND, "back": Deed.LEND, "leaving": Deed.SET_LEAVING, "hazard": Deed.REPORT_HAZARD,
    "contract": Deed.KEEP_CONTRACTS, "route": Deed.KEEP_ROUTES,
    "return": Deed.TAKE_BACK_GOODS, "advance": Deed.CLAIM_EXPENSE, "expense": Deed.CLAIM_EXPENSE,
    "daily": Deed.DAILY_REPORT, "fileall": Deed.REVIEW_DAILY,
}  # fmt: skip
OF_A_REQUEST = {"grant", "deny", "unleave"}
NO_ORDER = 999_999

# The right that each button of a complaint needs.
CASE_NEEDS: dict[str, Deed] = {
    "card": Deed.SEE_COMPLAINT, "talk": Deed.SEE_COMPLAINT, "details": Deed.SEE_CASES,
    "form": Deed.COMPLETE_FORM, "quantity": Deed.COMPLETE_FORM, "check": Deed.CHECK_FORM,
    "investigate": Deed.INVESTIGATE, "anomaly": Deed.INVESTIGATE, "analyse": Deed.ANALYSE, "engineer": Deed.ENGINEER,
    "skip_rnd": Deed.SKIP_STAGE, "negotiate": Deed.NEGOTIATE, "synthesise": Deed.SYNTHESISE,
    "visit": Deed.VISIT_COMPLAINER, "send_visitor": Deed.VISIT_COMPLAINER, "handle": Deed.HANDLE_COMPLAINT,
    "decide": Deed.DECIDE_COMPLAINT, "send_back": Deed.DECIDE_COMPLAINT, "uphold": Deed.DECIDE_COMPLAINT,
    "overrule": Deed.DECIDE_COMPLAINT, "let_stand": Deed.DECIDE_COMPLAINT, "answer": Deed.ANSWER_COMPLAINT,
    "accept_result": Deed.ANSWER_COMPLAINT, "reject_result": Deed.ANSWER_COMPLAINT, "object": Deed.OBJECT_TO_DECISION,
    "serious": Deed.MARK_SERIOUS, "read": Deed.READ_SERIOUS, "pass_on": Deed.READ_SERIOUS,
    "inspect": Deed.INSPECT, "inspected": Deed.INSPECT, "inspect_report": Deed.INSPECT, "name_inspector": Deed.NAME_INSPECTOR,
    "copy": Deed.ACKNOWLEDGE_COPY, "query_send": Deed.SEND_SLIP, "query_answer": Deed.ANSWER_SLIP,
    "external": Deed.SEND_SLIP, "form_paper": Deed.SEE_CASES,
    "paper": Deed.WRITE_PAPER, "prove": Deed.WRITE_PAPER, "receive": Deed.RECEIVE_GOODS,
    "sanction": Deed.PROPOSE_SANCTION, "sanction_yes": Deed.DECIDE_SANCTION, "sanction_no": Deed.DECIDE_SANCTION,
}  # fmt: skip


def test_every_button_and_command_has_its_right():
    assert set(NEEDS) | {"take"} == set(ACTIONS) | STEPS  # `take` has a test of its own below
    assert set(COMMANDS_NEED) | set(EITHER) | FOR_ONESELF == set(COMMANDS)
    assert set(PRESSES_NEED) | OF_A_REQUEST == set(PRESSES)
    assert set(CASE_NEEDS) == set(case_actions.ACTIONS)


@pytest.fixture(scope="module")
def room() -> Iterator[Room]:
    """An order on site in the branch, and everybody who holds one role each."""
    opened = Room.open()
    zhang, wang, li = (
        opened.person("張先生"),
        opened.person("王師傅", Role.TECHNICIAN),
        opened.person("李主任", Role.SUPERVISOR),
    )
    plays.brought_on_site(opened, zhang, li, wang)
    yield opened
    opened.close()


def heard(room: Room, phone: Phone, token: str) -> tuple[list[str], list[str]]:
    """Press a button and take everything back: the texts that were answered and the journal lines that were written."""
    newest = room.newest()
    lines = int(room.raw("SELECT coalesce(max(id), 0) FROM journal"))  # type: ignore[call-overload]
    undo = room.connection.begin_nested()
    try:
        phone.presses_token(token)
        said = room.connection.execute(outbox.select().where(outbox.c.id > newest, outbox.c.chat == phone.name)).all()
        kept = room.connection.execute(journal.select().where(journal.c.id > lines)).all()
        return [str(row.body.get("text")) for row in said], [str(row.kind) for row in kept]
    finally:
        undo.rollback()
        phone._newest = newest


@EVERY_ROLE
def test_every_button_asks_for_its_right_when_it_is_pressed(room, role):
    """Over the real handlers: refused exactly where the matrix says no, whatever the stage; and nothing is changed then."""
    phone = room.person(f"某{role}", role)
    order = room.order()
    for action, deed in NEEDS.items():
        texts, lines = heard(room, phone, f"o.{order.id}.{action}")
        is_in_sight = may(phone.who(), Deed.SEE_ORDER, order.ties)
        if not is_in_sight:
            assert (texts, lines) == (["refused.no-such-order"], ["refused"]), action
            assert heard(room, phone, f"o.{NO_ORDER}.{action}") == (texts, lines), action
        elif not may(phone.who(), deed, order.ties):
            assert (texts, lines) == (["refused.not-yours"], ["refused"]), action
        else:
            assert not {"refused.no-such-order", "refused.not-yours"} & set(texts), action


@pytest.fixture(scope="module")
def case(room: Room) -> Complaint:
    """A complaint about 王師傅 in the branch, to be visited."""
    customer, crew = room.order().customer, room.order().crew
    fresh = Complaint(
        number="261101", branch="main", opened_at=room.now, customer=customer, about=room.order().subject, barred=crew,
        customer_name="張先生", account="態度差", origin="customer",
    )  # fmt: skip
    by = people.person(room.connection, customer)
    ruling = open_case(fresh, by=by, now=room.now, terms=room.company.terms)
    return Unit(room.connection, room.now, room.company.terms).record(None, ruling, by=customer)


@pytest.mark.parametrize("role", [*sorted(WORKING), Role.HR])
def test_every_button_of_a_complaint_asks_for_its_right_when_it_is_pressed(room, case, role):
    phone = room.person(f"訴{role}", role)
    for action, deed in CASE_NEEDS.items():
        texts, lines = heard(room, phone, f"c.{case.id}.{action}")
        if not may(phone.who(), Deed.SEE_COMPLAINT, case.ties):
            assert (texts, lines) == (["refused.no-such-case"], ["refused"]), action
        elif not may(phone.who(), deed, case.ties):
            assert (texts, lines) == (["refused.not-yours"], ["refused"]), action
        else:
            assert not {"refused.no-such-case", "refused.not-yours"} & set(texts), action


def test_a_complaint_out_of_sight_is_refused_like_one_that_does_not_exist(room, case):
    phone = room.person("訴外人", Role.TECHNICIAN)

    assert heard(room, phone, f"c.{NO_ORDER}.card") == heard(room, phone, f"c.{case.id}.card")


def test_whom_a_complaint_is_about_gets_nothing_out_of_its_buttons(room, case):
    """SUR-5: although a manager of the branch may do most of it."""
    undo = room.connection.begin_nested()
    wang = Phone(room, "王師傅", case.barred[0])
    people.change_person(room.connection, wang.id, roles=[Role.TECHNICIAN, Role.MANAGER])

    for action in CASE_NEEDS:
        assert heard(room, wang, f"c.{case.id}.{action}")[0] == ["refused.no-such-case"], action
    undo.rollback()


@pytest.mark.parametrize("role", [*sorted(WORKING), Role.HR])
def test_an_escalation_of_a_complaint_is_taken_on_by_those_alone_who_may(room, case, role):
    phone = room.person(f"追{role}", role)

    texts, _lines = heard(room, phone, f"d.{case.subject}.case")

    may_take = may(phone.who(), Deed.ACKNOWLEDGE_CASE, case.ties)
    expected = {"escalation.over"} if may_take else {"refused.no-such-case", "refused.not-yours"}
    assert set(texts[-1:]) <= expected


@EVERY_ROLE
def test_an_escalation_is_taken_on_by_those_alone_who_may(room, role):
    phone = room.person(f"又{role}", role)
    order = room.order()

    texts, _lines = heard(room, phone, f"d.{order.id}.arrival")

    is_in_sight = may(phone.who(), Deed.SEE_ORDER, order.ties)
    refusal = "refused.not-yours" if is_in_sight else "refused.no-such-order"
    assert texts[-1] == ("escalation.over" if may(phone.who(), Deed.ACKNOWLEDGE, order.ties) else refusal)


@EVERY_ROLE
def test_every_command_asks_for_its_right_when_it_is_given(room, role):
    phone = room.person(f"另{role}", role)
    for command in COMMANDS:
        texts, _lines = heard(room, phone, f"m.{command}")
        deed = COMMANDS_NEED.get(command)
        deed = Deed.COMPLAIN if command == "complain" and role is Role.CUSTOMER else deed
        deed = Deed.SEE_OWN_SHEET if command == "figures" and role is Role.TECHNICIAN else deed
        needed = EITHER.get(command, {deed} if deed else set())
        assert ("refused.not-yours" in texts) == bool(needed and not any(may(phone.who(), one) for one in needed)), command


@EVERY_ROLE
def test_every_button_about_people_at_work_asks_for_its_right(room, role):
    phone = room.person(f"他{role}", role)
    for name, deed in PRESSES_NEED.items():
        texts, _lines = heard(room, phone, f"w.{name}.{NO_ORDER}")
        assert ("refused.not-yours" in texts) == (not may(phone.who(), deed)), name


@EVERY_ROLE
def test_leave_is_decided_by_the_leaders_of_the_branch_alone(room, role):
    asked = roster.ask_leave(room.connection, Absence(room.order().crew[0], room.now, room.now + DAY), now=room.now)
    phone = room.person(f"假{role}", role)
    for name in ("grant", "deny"):
        texts, _lines = heard(room, phone, f"w.{name}.{asked.id}")
        assert ("refused.no-such-case" in texts) == (role not in {Role.SUPERVISOR, Role.MANAGER}), name
    assert "refused.no-such-case" in heard(room, phone, f"w.unleave.{asked.id}")[0]


@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.LEFT])
def test_nobody_in_waiting_or_gone_gets_anything_out_of_a_button(room, standing):
    undo = room.connection.begin_nested()
    wang = Phone(room, "王師傅", room.order().crew[0])
    room.has_standing(wang, standing)
    for action in NEEDS:
        assert heard(room, wang, f"o.{room.order().id}.{action}")[0] == ["refused.no-such-order"], action
    undo.rollback()


def test_only_whom_it_was_offered_to_may_take_an_order(room):
    undo = room.connection.begin_nested()
    order = room.order()
    asked, other = room.person("甲師傅", Role.TECHNICIAN), room.person("乙師傅", Role.TECHNICIAN)
    lent, boss = room.person("丙師傅", Role.TECHNICIAN, branch="elsewhere"), room.person("丁主任", Role.SUPERVISOR)
    orders.change(room.connection, order, replace(order, stage=Stage.QUEUED, crew=(), offered_to=(asked.id,)))

    assert not any(text.startswith("refused") for text in heard(room, asked, f"o.{order.id}.take")[0])
    assert heard(room, other, f"o.{order.id}.take")[0] == ["refused.offer-gone"]
    assert heard(room, lent, f"o.{order.id}.take")[0] == ["refused.no-such-order"]
    assert heard(room, boss, f"o.{order.id}.take")[0] == ["refused.not-yours"]
    undo.rollback()
