"""Who may do what (RULEBOOK 1, ROL): the written matrix is the program's, and laws that do not follow from the table itself."""

import ast
from dataclasses import replace
from functools import cache
from itertools import combinations, product

import pytest

from rules import closing, signatures
from rules.people import DEPARTMENTS, MAY, Deed, Role, Standing, Ties, may, require
from rules.refusals import Refused
from rules.sheet_shapes import SHAPES
from tests.cast import BRANCH
from tests.laws.permissions import (
    ABOUT_NO_ORDER,
    COMMAND,
    GOLDEN,
    IN_A_CASE,
    IN_THE_STORE,
    IN_WORDS,
    ME,
    SOMEBODY,
    TABLE,
    TIES,
    WORKING,
    golden,
    person,
    table,
)
from tests.rules.job import departed, refused, unsigned
from tests.stage import ROOT

HEADQUARTERS = {
    Role.SERVICE_DEPT, Role.DEPUTY_GM, Role.GM, Role.HR, Role.ADMINISTRATOR, Role.AREA_SUPERVISOR, Role.OPS_MANAGER,
} | DEPARTMENTS  # fmt: skip
ON_AN_ORDER = frozenset(Deed) - ABOUT_NO_ORDER - IN_A_CASE - IN_THE_STORE
EVERY_ROLE = pytest.mark.parametrize("role", Role)

# What the technician alone does on the spot; nobody may do it in his name (ROL-5, VIS, SIG-1).
IN_THE_FIELD = {
    Deed.ACCEPT, Deed.DECLINE, Deed.OBJECT, Deed.PREPARE, Deed.DEPART, Deed.ARRIVE, Deed.RECORD_FINDINGS, Deed.RAISE_PROBLEM,
    Deed.COLLECT_SIGNATURE, Deed.CLOSE_UNSIGNED, Deed.BRIEF_REPORT, Deed.TAKE_OFFER, Deed.CHECK_SAFETY, Deed.REFUSE_UNSAFE,
}  # fmt: skip
# What the supervisor decides, or the manager above him (DSP-1, VIS-8, CLS-1, CLS-5, SIG-7, SLA-32).
BY_THE_LEADER = {
    Deed.DISPATCH, Deed.OFFER, Deed.DECIDE_PROBLEM, Deed.GIVE_NEXT, Deed.APPROVE_REPORT, Deed.RETURN_REPORT,
    Deed.APPROVE_UNSIGNED, Deed.HOLD, Deed.ORDER_CLEAN_UP,
}  # fmt: skip
# What the clerk keeps, and those who may stand in for her (INT-1, INT-3, CLS-2, ROL-6).
BY_THE_OFFICE = {Deed.REGISTER_CALL, Deed.ASK_BACK, Deed.SOLVE_REMOTELY, Deed.CANCEL_IN_REGISTER}


@cache
def allowed(role: Role, tie: str) -> frozenset[Deed]:
    return frozenset(deed for deed in Deed if may(person(role), deed, TIES[tie]))


@pytest.mark.parametrize(("file", "now"), [(GOLDEN, golden), (TABLE, table)], ids=["matrix", "document"])
def test_what_is_written_about_permissions_is_what_the_program_does(file, now):
    kept = file.read_text(encoding="utf-8") if file.exists() else ""

    same = kept == now()  # not compared in the assertion, whose difference would be a thousand lines long
    assert same, f"{file.relative_to(ROOT)} is out of date: run `{COMMAND}` and read what changed"


def test_every_deed_is_explained_in_words():
    assert set(IN_WORDS) == set(Deed)
    assert len(set(IN_WORDS.values())) == len(Deed)


def test_nobody_in_particular_may_do_nothing():
    assert not [(deed, tie) for deed, tie in product(Deed, TIES) if may(person(), deed, TIES[tie])]


@pytest.mark.parametrize("role", [role for role in Role if role not in WORKING])
def test_a_role_whose_work_the_desk_does_not_do_yet_may_do_nothing(role):
    assert all(allowed(role, tie) == set() for tie in TIES)


@EVERY_ROLE
@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.LEFT])
def test_who_awaits_confirmation_or_has_left_may_do_nothing_as_staff(role, standing):
    out = person(role, Role.CUSTOMER, standing=standing)

    for tie in TIES:
        assert {deed for deed in Deed if may(out, deed, TIES[tie])} == allowed(Role.CUSTOMER, tie), tie


@pytest.mark.parametrize("role", sorted(WORKING - HEADQUARTERS))
def test_another_branch_s_order_is_out_of_reach(role):
    assert allowed(role, "elsewhere") & ON_AN_ORDER == set()


@EVERY_ROLE
def test_a_tie_to_an_order_gives_nothing_that_the_role_has_not(role):
    assert {deed for tie in TIES for deed in allowed(role, tie)} <= MAY[role]


@pytest.mark.parametrize("role", sorted(HEADQUARTERS))
def test_headquarters_looks_and_chases_but_does_not_run_a_branch(role):
    """ROL-4: it keeps contact and may chase any branch; who is sent and what stands is the branch's to decide."""
    ruled = IN_THE_FIELD | BY_THE_LEADER | BY_THE_OFFICE | {Deed.CANCEL_ORDER, Deed.DISPUTE, Deed.CLARIFY}

    assert not {deed for tie in TIES for deed in allowed(role, tie)} & ruled


def test_a_customer_sees_and_does_only_what_concerns_his_own_calls():
    for tie in TIES.keys() - {"no order", "customer of it"}:
        assert allowed(Role.CUSTOMER, tie) & (ON_AN_ORDER | IN_A_CASE) == set(), tie
    assert Deed.SEE_ORDER in allowed(Role.CUSTOMER, "customer of it")
    assert not allowed(Role.CUSTOMER, "customer of it") & (IN_THE_FIELD | BY_THE_LEADER | BY_THE_OFFICE | {Deed.SEE_CONTACT})
    assert not allowed(Role.CUSTOMER, "no order") & {Deed.SEARCH, Deed.SEE_BRANCH, Deed.INVITE}


def test_a_technician_acts_on_orders_he_is_sent_to_and_sees_what_he_is_offered():
    for tie in ("branch", "elsewhere", "customer of it"):
        assert allowed(Role.TECHNICIAN, tie) == set(), tie
    assert allowed(Role.TECHNICIAN, "branch, offered") == {Deed.SEE_ORDER, Deed.TAKE_OFFER}
    assert allowed(Role.TECHNICIAN, "elsewhere, offered") == allowed(Role.TECHNICIAN, "branch, offered")
    assert allowed(Role.TECHNICIAN, "elsewhere, in crew") == allowed(Role.TECHNICIAN, "branch, in crew")
    assert allowed(Role.TECHNICIAN, "branch, in crew") >= IN_THE_FIELD


@pytest.mark.parametrize("deed", sorted(IN_THE_FIELD))
def test_nobody_does_the_technician_s_work_in_his_name(deed):
    assert [role for role in Role if any(deed in allowed(role, tie) for tie in TIES)] == [Role.TECHNICIAN]


@pytest.mark.parametrize("deed", sorted(BY_THE_LEADER))
def test_what_the_leader_decides_nobody_below_him_decides(deed):
    able = {role for role in Role if any(deed in allowed(role, tie) for tie in TIES)}

    assert able == {Role.SUPERVISOR, Role.MANAGER}


@pytest.mark.parametrize("deed", sorted(BY_THE_OFFICE))
def test_the_register_is_kept_by_the_clerk_or_who_stands_in_for_her(deed):
    able = {role for role in Role if any(deed in allowed(role, tie) for tie in TIES)}

    assert able == {Role.CLERK, Role.SUPERVISOR, Role.MANAGER}


def test_only_the_customer_says_that_he_did_not_sign():
    """SIG-3, SIG-4: what the customer says of a signature is said by nobody for him."""
    assert [role for role in Role if Deed.DISPUTE in allowed(role, "customer of it")] == [Role.CUSTOMER]


def test_rights_to_people_are_the_administrator_s():
    """ROL-5: who is let in, and who becomes administrator or headquarters."""
    for deed in (Deed.CONFIRM_STAFF, Deed.CHANGE_STAFF):
        assert [role for role in Role if deed in allowed(role, "no order")] == [Role.ADMINISTRATOR]


@EVERY_ROLE
def test_whoever_may_do_something_to_an_order_may_see_it(role):
    """But for the administrator, whom an escalation reaches when no other post is filled (ESC-17)."""
    for tie in TIES.keys() - {"no order"}:
        can = allowed(role, tie) & ON_AN_ORDER
        assert not can or Deed.SEE_ORDER in can or (role, can) == (Role.ADMINISTRATOR, {Deed.ACKNOWLEDGE}), tie


@EVERY_ROLE
def test_whoever_may_do_something_to_a_complaint_may_see_it(role):
    """But for whom an escalation or a task alone reaches; opinion cards are answered, not looked at."""
    beside = {Deed.ANSWER_SURVEY, Deed.ENTER_SURVEY, Deed.ACKNOWLEDGE_CASE, Deed.DO_TASK}
    for tie in TIES.keys() - {"no order"}:
        can = allowed(role, tie) & IN_A_CASE - beside
        assert not can or Deed.SEE_COMPLAINT in can, tie


@EVERY_ROLE
def test_whoever_may_do_something_in_the_store_may_see_it(role):
    """But for an outside station, which sees what was sent to it."""
    for tie in TIES.keys() - {"no order"}:
        can = allowed(role, tie) & IN_THE_STORE - ABOUT_NO_ORDER - {Deed.CONFIRM_ARRIVAL}
        assert not can or Deed.SEE_STOCK in can, tie


@EVERY_ROLE
def test_whom_a_complaint_is_about_has_no_part_in_it_whatever_he_is(role):
    """SUR-5, ESC-6: neither by his post nor by any other."""
    assert allowed(role, "branch, about oneself") == set()


def test_departments_see_complaints_and_no_orders():
    for role in DEPARTMENTS - {Role.ACCOUNTANT}:
        assert not {deed for tie in TIES for deed in allowed(role, tie)} & ON_AN_ORDER, role


def test_the_accountant_sees_an_order_for_its_money_alone():
    """FEE-6, FEE-7: what was paid, what is to be invoiced, and whose cash is counted."""
    found = {deed for tie in TIES for deed in allowed(Role.ACCOUNTANT, tie)} & ON_AN_ORDER

    assert found == {Deed.SEE_ORDER, Deed.COLLECT, Deed.ISSUE_INVOICE, Deed.COUNT_CASH}


# What each department does in a complaint, and who stands in for it when its post is empty (CMP-7, ROL-6).
BY_THE_DEPARTMENT = {
    Deed.CHECK_FORM: {Role.CASE_OFFICE, Role.DEPUTY_GM, Role.GM},
    Deed.SYNTHESISE: {Role.CASE_OFFICE, Role.DEPUTY_GM, Role.GM},
    Deed.SEND_SLIP: {Role.CASE_OFFICE, Role.DEPUTY_GM, Role.GM},
    Deed.INVESTIGATE: {Role.QUALITY, Role.MANAGER},
    Deed.ANALYSE: {Role.MANUFACTURING, Role.MANAGER},
    Deed.ENGINEER: {Role.RND, Role.MANAGER},
    Deed.NEGOTIATE: {Role.SALES, Role.MANAGER},
    Deed.ANSWER_COMPLAINT: {Role.SALES, Role.SERVICE_DEPT, Role.SUPERVISOR, Role.MANAGER},
    Deed.DECIDE_COMPLAINT: {Role.SUPERVISOR, Role.MANAGER, Role.DEPUTY_GM, Role.GM},
    Deed.HANDLE_COMPLAINT: {Role.SERVICE_DEPT, Role.SUPERVISOR, Role.MANAGER},
    Deed.NAME_INSPECTOR: {Role.DEPUTY_GM, Role.GM},
    Deed.READ_SERIOUS: {Role.DEPUTY_GM, Role.GM},
    Deed.VISIT_COMPLAINER: {Role.SUPERVISOR, Role.MANAGER},
}


@pytest.mark.parametrize("deed", BY_THE_DEPARTMENT)
def test_a_stage_is_its_department_s(deed):
    assert {role for role in Role if any(deed in allowed(role, tie) for tie in TIES)} == BY_THE_DEPARTMENT[deed]


@pytest.mark.parametrize("deed", [Deed.ANSWER_SURVEY, Deed.ENTER_SURVEY])
def test_a_technician_fills_in_no_opinion_card(deed):
    """SUR-8."""
    assert all(deed not in allowed(Role.TECHNICIAN, tie) for tie in TIES)


def test_two_roles_give_what_each_gives_and_nothing_more():
    for (one, other), tie in product(combinations(sorted(WORKING), 2), TIES):
        both = {deed for deed in Deed if may(person(one, other), deed, TIES[tie])}
        assert both == allowed(one, tie) | allowed(other, tie), (one, other, tie)


@pytest.mark.parametrize("leader", [Role.SUPERVISOR, Role.MANAGER])
def test_nobody_approves_what_he_did_himself(leader):
    """CLS-5, SIG-7: neither as one of the crew, nor as one who recorded a step before somebody else took over."""
    for play, decide, rule in ((departed, closing.approve, "CLS-5"), (unsigned, signatures.approve_unsigned, "SIG-7")):
        job = play()
        both = replace(person(Role.TECHNICIAN, leader), id=job.order.crew[0])
        taken_over = replace(job.order, crew=(SOMEBODY,), lead=SOMEBODY)
        for order in (job.order, taken_over):
            with refused("not-your-own", rule):
                decide(order, by=both, now=job.now, terms=job.terms)


@EVERY_ROLE
def test_an_order_out_of_sight_is_refused_like_one_that_does_not_exist(role):
    by = person(role)
    for ties, deed in product(TIES.values(), Deed):
        if ties is not None and not may(by, Deed.SEE_ORDER, ties) and not may(by, deed, ties):
            with refused("no-such-order", "ROL-1") as found:
                require(by, deed, ties)
            assert found.value.facts == {}


def test_a_refusal_names_exactly_the_roles_that_can_do_it():
    """ROL-1: refused with the role that can do it."""
    ties = Ties(BRANCH, SOMEBODY, crew=(ME,))
    can = {role: {deed for tie in TIES for deed in allowed(role, tie)} for role in Role}
    for role, deed in product(Role, ON_AN_ORDER):
        by = person(role)
        if may(by, Deed.SEE_ORDER, ties) and not may(by, deed, ties):
            with pytest.raises(Refused) as found:
                require(by, deed, ties)
            able = {str(one) for one in Role if deed in can[one]}
            assert (found.value.code, set(found.value.facts["roles"])) == ("not-yours", able)


_ASKING = {"may", "require", "require_near", "is_near", "require_for", "_starts", "_asks", "_begins"}


def _asked_deeds() -> set[str]:
    """Names of the deeds that a decision or handler asks for: the arguments of `may`, `require` and what wraps them."""
    asked: set[str] = set()
    for folder in ("rules", "handlers"):
        for file in (ROOT / folder).rglob("*.py"):
            for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and getattr(call.func, "id", "") in _ASKING:
                    asked |= {
                        one.attr
                        for argument in call.args
                        for one in ast.walk(argument)
                        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id == "Deed"
                    }
    shapes = SHAPES.values()  # a sheet asks for what its form says
    return asked | {one.deed.name for one in shapes} | {one.closing.name for one in shapes}


def test_every_deed_is_asked_for_somewhere():
    assert {deed.name for deed in Deed} - _asked_deeds() == set()
