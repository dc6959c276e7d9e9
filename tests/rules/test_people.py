"""Roles, deeds and relations (ROL-1); the whole matrix is in tests/laws/permissions.golden.txt."""

from dataclasses import replace

import pytest

from rules.people import MAY, Deed, Person, Role, Standing, Ties, may, require, roles_that_may
from tests.cast import (
    ADMINISTRATOR,
    BRANCH,
    CAST,
    CHEN,
    LI,
    MANAGER,
    OTHER_BRANCH,
    STRANGER,
    SUN,
    WANG,
    ZHANG,
    ZHAO,
)
from tests.rules.job import refused

ORDER = Ties(BRANCH, ZHANG.id, crew=(WANG.id,))


@pytest.mark.parametrize("deed", Deed)
def test_a_stranger_may_do_nothing_with_somebody_else_s_order(deed: Deed):
    assert not may(STRANGER, deed, ORDER)
    with refused("no-such-order", "ROL-1"):
        require(STRANGER, deed, ORDER)


def test_somebody_else_s_order_is_refused_as_if_it_did_not_exist():
    for person in (STRANGER, ZHAO, SUN):
        with refused("no-such-order", "ROL-1"):
            require(person, Deed.SEE_ORDER, ORDER)


def test_what_is_not_one_s_to_do_names_the_roles_that_may():
    with refused("not-yours", "ROL-1") as found:
        require(WANG, Deed.DISPATCH, ORDER)

    assert found.value.facts["roles"] == ["supervisor", "manager"]
    assert roles_that_may(Deed.DISPATCH) == (Role.SUPERVISOR, Role.MANAGER)


@pytest.mark.parametrize("deed", Deed)
def test_another_branch_s_supervisor_may_do_nothing_here(deed: Deed):
    assert not may(SUN, deed, ORDER)


def test_a_technician_sees_his_own_orders_and_those_he_is_offered():
    assert may(WANG, Deed.SEE_ORDER, ORDER)
    assert not may(ZHAO, Deed.SEE_ORDER, ORDER)
    assert may(ZHAO, Deed.SEE_ORDER, Ties(BRANCH, ZHANG.id, offered_to=(ZHAO.id,)))
    assert may(ZHAO, Deed.TAKE_OFFER, Ties(BRANCH, ZHANG.id, offered_to=(ZHAO.id,)))


def test_an_offer_shows_the_order_and_gives_no_other_right():
    offered = Ties(BRANCH, ZHANG.id, offered_to=(ZHAO.id,))

    assert [deed for deed in Deed if may(ZHAO, deed, offered)] == [Deed.SEE_ORDER, Deed.TAKE_OFFER]


def test_a_technician_lent_to_another_branch_works_on_his_order_there():
    assert may(WANG, Deed.ARRIVE, Ties(OTHER_BRANCH, ZHANG.id, crew=(WANG.id,)))


@pytest.mark.parametrize("person", [one for one in CAST if one.is_staff], ids=lambda one: one.name)
def test_who_has_left_may_do_nothing(person):
    gone = replace(person, standing=Standing.LEFT)

    assert not [deed for deed in Deed if may(gone, deed, ORDER) or may(gone, deed)]


def test_who_awaits_confirmation_may_do_nothing_yet():
    pending = replace(WANG, standing=Standing.PENDING)

    assert not [deed for deed in Deed if may(pending, deed, ORDER) or may(pending, deed)]


def test_a_technician_who_left_keeps_only_his_rights_as_a_customer():
    gone = replace(WANG, roles=frozenset({Role.TECHNICIAN, Role.CUSTOMER}), standing=Standing.LEFT)
    own = Ties(BRANCH, gone.id, crew=(gone.id,))

    assert {deed for deed in Deed if may(gone, deed, own)} == MAY[Role.CUSTOMER]
    assert not may(gone, Deed.SEE_ORDER, ORDER)


def test_headquarters_sees_every_branch():
    for role in (Role.SERVICE_DEPT, Role.DEPUTY_GM, Role.GM):
        person = replace(LI, roles=frozenset({role}), branch="")
        assert may(person, Deed.SEE_ORDER, ORDER)
        assert not may(person, Deed.DISPATCH, ORDER)


def test_an_administrator_sets_up_people_and_sees_no_orders():
    assert may(ADMINISTRATOR, Deed.CHANGE_STAFF)
    assert not may(ADMINISTRATOR, Deed.SEE_ORDER, ORDER)
    assert not may(LI, Deed.CHANGE_STAFF)


def test_roles_without_a_deed_may_do_nothing():
    person = Person(4, "計劃員", frozenset({Role.PLANNER}), "台北")

    assert not [deed for deed in Deed if may(person, deed)]


def test_every_deed_is_somebody_s():
    assert all(roles_that_may(deed) for deed in Deed)


def test_customers_are_not_staff():
    assert not ZHANG.is_staff
    assert all(person.is_staff for person in (WANG, LI, CHEN, MANAGER, ADMINISTRATOR))
