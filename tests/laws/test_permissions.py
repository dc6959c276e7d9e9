"""The role x deed matrix is complete, and laws hold over it that the rulebook gives independently of the table."""

import re

import pytest

from rules.people import EVERY_BRANCH, MAY, Deed, Person, Role, Standing, Ties, may, require
from rules.refusals import Refused
from tests.laws import permissions
from tests.laws.permissions import CASES, COMMAND, CUSTOMER, ME, OTHER
from tests.stage import ROOT

HEADQUARTERS = {Role.SERVICE_DEPT, Role.DEPUTY_GM, Role.GM, Role.ADMINISTRATOR}
FIELD_WORK = (Deed.ACCEPT, Deed.PREPARE, Deed.DEPART, Deed.ARRIVE, Deed.RECORD_FINDINGS, Deed.COLLECT_SIGNATURE)
WORD_OF_A_SUPERIOR = (
    Deed.DISPATCH,
    Deed.APPROVE_REPORT,
    Deed.RETURN_REPORT,
    Deed.APPROVE_UNSIGNED,
    Deed.DECIDE_PROBLEM,
    Deed.HOLD,
)


def somebody(role: Role, standing: Standing = Standing.ACTIVE) -> Person:
    return Person(ME, "", frozenset({role}), branch="north", standing=standing)


def test_the_matrix_is_up_to_date() -> None:
    kept = permissions.GOLDEN.read_text(encoding="utf-8")

    assert permissions.golden() == kept, f"who may do what has changed: look at it and run {COMMAND}"


def test_the_page_for_administrators_is_up_to_date() -> None:
    kept = permissions.DOCUMENT.read_text(encoding="utf-8")

    assert permissions.document() == kept, f"run {COMMAND}"


def test_the_matrix_is_complete() -> None:
    lines = [line.split(" | ")[:2] for line in permissions.golden().splitlines()]

    assert lines == [[role, deed] for role in Role for deed in Deed]
    assert set(permissions.WORDS) == set(Deed)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", Deed)
def test_nobody_acts_on_another_branch_s_order_but_headquarters_and_its_crew(role: Role, deed: Deed) -> None:
    is_allowed = may(somebody(role), deed, CASES["other branch"])

    assert not is_allowed or role in HEADQUARTERS


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CUSTOMER])
@pytest.mark.parametrize("standing", [Standing.PENDING, Standing.LEFT])
def test_who_is_not_confirmed_or_has_left_may_do_nothing(role: Role, standing: Standing) -> None:
    assert [(deed, name) for deed in Deed for name, ties in CASES.items() if may(somebody(role, standing), deed, ties)] == []


@pytest.mark.parametrize("role", Role)
def test_a_tie_to_an_order_never_gives_what_the_role_has_not(role: Role) -> None:
    got = {deed for deed in Deed for ties in CASES.values() if may(somebody(role), deed, ties)}

    assert got <= MAY[role]


@pytest.mark.parametrize("deed", FIELD_WORK)
def test_work_on_site_is_done_by_who_was_sent_and_nobody_in_his_name(deed: Deed) -> None:
    """ROL-5: nobody signs or clocks in in another's name."""
    can = {(role, name) for role in Role for name, ties in CASES.items() if ties and may(somebody(role), deed, ties)}

    assert can == {(Role.TECHNICIAN, "own branch, in the crew"), (Role.TECHNICIAN, "other branch, in the crew")}


@pytest.mark.parametrize("deed", WORD_OF_A_SUPERIOR)
def test_a_superior_s_word_is_given_by_the_branch_s_superior(deed: Deed) -> None:
    """CLS-5, VIS-8, SIG-2: technicians, clerks, customers and other branches can't give it."""
    can = {role for role in Role for ties in CASES.values() if may(somebody(role), deed, ties)}
    elsewhere = [role for role in Role for name, ties in CASES.items() if "other" in name and may(somebody(role), deed, ties)]

    assert can == {Role.SUPERVISOR, Role.MANAGER}
    assert elsewhere == []


@pytest.mark.parametrize("deed", Deed)
def test_a_customer_reaches_his_own_orders_only(deed: Deed) -> None:
    reached = {name for name, ties in CASES.items() if ties and may(somebody(Role.CUSTOMER), deed, ties)}

    assert reached <= {"reported it"}


def test_headquarters_may_look_and_chase_in_every_branch_and_does_not_meddle() -> None:
    """ROL-4."""
    for role in HEADQUARTERS - {Role.ADMINISTRATOR}:
        deeds = {deed for deed in Deed if may(somebody(role), deed, CASES["other branch"])}
        assert {Deed.SEE_ORDER, Deed.REMARK, Deed.ACKNOWLEDGE} <= deeds
        assert not deeds & {*FIELD_WORK, *WORD_OF_A_SUPERIOR, Deed.CANCEL_ORDER}
    assert EVERY_BRANCH == HEADQUARTERS


@pytest.mark.parametrize("role", Role)
def test_a_refusal_does_not_tell_that_the_order_exists(role: Role) -> None:
    stranger = somebody(role)
    hidden = Ties("south", CUSTOMER, crew=(OTHER,))
    for deed in Deed:
        if may(stranger, deed, hidden) or may(stranger, Deed.SEE_ORDER, hidden):
            continue
        with pytest.raises(Refused) as refused:
            require(stranger, deed, hidden)
        assert refused.value.code == "no-such-order"


def test_two_roles_give_the_rights_of_both_and_no_more() -> None:
    both = Person(ME, "", frozenset({Role.TECHNICIAN, Role.SUPERVISOR}), branch="north")
    for deed in Deed:
        for ties in CASES.values():
            assert may(both, deed, ties) == (
                may(somebody(Role.TECHNICIAN), deed, ties) or may(somebody(Role.SUPERVISOR), deed, ties)
            )


@pytest.mark.parametrize("deed", Deed)
def test_every_deed_is_asked_for_somewhere(deed: Deed) -> None:
    """A deed that no code asks for is a right without a door, or a door without a lock."""
    places = [path for folder in ("handlers", "rules", "bot", "scheduler") for path in (ROOT / folder).rglob("*.py")]
    asked = [
        path for path in places if path.name != "people.py" and re.search(rf"Deed\.{deed.name}\b", path.read_text("utf-8"))
    ]

    assert asked, f"nothing asks for {deed}"
