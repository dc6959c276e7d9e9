"""The requisition: asked for, approved by another, issued, brought back; never more than there is (PRT-1..3, PRT-6)."""

from dataclasses import replace
from typing import Any

import pytest

from rules import requisitions
from rules.people import Person, Role
from rules.refusals import Refused
from rules.requisitions import Line, Requisition, RequisitionStage, unbalanced
from rules.stock import MoveKind, Place, PlaceKind
from tests.cast import BRANCH, LI, LIN, MANAGER, WANG, at, terms_of
from tests.rules.job import refused

MA = Person(32, "馬調撥", frozenset({Role.ALLOCATOR}), BRANCH)
STORE = Place(1, PlaceKind.STORE, BRANCH)
NOW = at("週五 16:00")
PUMPS = Line(7, "P-100", "泵浦", 2)


def does(decide: Any, requisition: Requisition, *args: Any, by: Person, profile: str = "appliance") -> Any:
    return decide(requisition, *args, by=by, now=NOW, terms=terms_of(profile))


def asked(*lines: Line) -> Requisition:
    drafted = Requisition(
        number="L26-001", branch=BRANCH, opened_at=NOW, requester=WANG.id, lines=lines or (PUMPS,), proposal="更換泵浦", van=2,
        about="order:1", about_number="2611-0001", id=5,
    )  # fmt: skip
    return does(requisitions.ask, drafted, by=WANG).after


def approved(*lines: Line) -> Requisition:
    return does(requisitions.approve, asked(*lines), by=LI).after


def issued(n: int = 2) -> Requisition:
    return does(requisitions.issue, approved(), {7: n}, STORE, by=LIN).after


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"lines": ()}, "requisition-empty"), ({"proposal": " "}, "proposal-missing"),
        ({"lines": (replace(PUMPS, asked=0),)}, "quantity-range"), ({"lines": (PUMPS, PUMPS)}, "part-twice"),
    ],
)  # fmt: skip
def test_a_requisition_names_parts_and_what_they_are_for(wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as found:
        does(requisitions.ask, replace(asked(), **wrong), by=WANG)

    assert found.value.code == code


def test_nobody_approves_his_own() -> None:
    with refused("not-your-own", "PRT-3"):
        does(requisitions.approve, replace(asked(), requester=LI.id), by=LI)


@pytest.mark.parametrize("by", [LIN, LI, MANAGER])
def test_nothing_is_issued_without_approval_by_nobody(by: Person) -> None:
    with refused("not-approved", "PRT-2"):
        does(requisitions.issue, asked(), {7: 1}, STORE, by=by)


def test_what_was_rejected_is_never_issued() -> None:
    rejected = does(requisitions.reject, asked(), "先修看看", by=LI).after

    with refused("case-closed", "REC-1"):
        does(requisitions.issue, rejected, {7: 1}, STORE, by=LIN)
    with refused("reason-missing", "PRT-1"):
        does(requisitions.reject, asked(), " ", by=LI)


def test_parts_are_issued_to_who_asked_all_or_some() -> None:
    ruling = does(requisitions.issue, approved(), {7: 1}, STORE, by=LIN)

    (moved,) = ruling.moves
    assert (moved.kind, moved.quantity, moved.source.place, moved.target.place) == (MoveKind.ISSUED, 1, STORE.id, 2)
    assert (ruling.after.stage, ruling.after.lines[0].owed) == (RequisitionStage.PARTIAL, 1)
    assert does(requisitions.issue, ruling.after, {7: 1}, STORE, by=LIN).after.stage == RequisitionStage.ISSUED


@pytest.mark.parametrize(("n", "code"), [(3, "issue-too-much"), (0, "nothing-to-issue"), (-1, "quantity-range")])
def test_no_more_is_issued_than_was_asked_for(n: int, code: str) -> None:
    with refused(code, "PRT-8" if n < 0 else "PRT-2"):
        does(requisitions.issue, approved(), {7: n}, STORE, by=LIN)


def test_where_there_is_an_allocator_he_signs_first_and_all_are_different() -> None:
    ask = approved()
    with refused("not-released", "PRT-3"):
        does(requisitions.issue, ask, {7: 1}, STORE, by=LIN, profile="dealer4s")
    with refused("another-person", "PRT-3"):
        does(requisitions.release, replace(ask, approved_by=MA.id), by=MA, profile="dealer4s")

    released = does(requisitions.release, ask, by=MA, profile="dealer4s").after

    with refused("another-person", "PRT-3"):
        does(requisitions.issue, replace(released, approved_by=LIN.id), {7: 1}, STORE, by=LIN, profile="dealer4s")
    assert does(requisitions.issue, released, {7: 2}, STORE, by=LIN, profile="dealer4s").moves


def test_no_more_comes_back_than_is_out() -> None:
    used = requisitions.count_use(issued(), {7: 1}, now=NOW).after
    with refused("return-too-much", "PRT-6"):
        does(requisitions.take_back, used, 7, 2, STORE, by=LIN)

    back = does(requisitions.take_back, used, 7, 1, STORE, by=LIN)

    assert (back.after.stage, back.after.is_open, unbalanced([back.after])) == (RequisitionStage.SETTLED, False, [])
    assert back.moves[0].kind is MoveKind.RETURNED


@pytest.mark.parametrize("n", [0, -1])
def test_nothing_less_than_one_comes_back(n: int) -> None:
    with refused("quantity-range", "PRT-8"):
        does(requisitions.take_back, issued(), 7, n, STORE, by=LIN)


def test_a_loss_counts_when_a_superior_has_agreed() -> None:
    told = does(requisitions.report_loss, issued(), 7, 1, "掉進水溝", by=WANG).after
    assert told.lines[0].lost == 0
    with refused("return-too-much", "PRT-6"):
        does(requisitions.report_loss, told, 7, 2, "都掉了", by=WANG)
    with refused("not-your-own", "PRT-6"):
        does(requisitions.agree_to_losses, replace(told, requester=LI.id), by=LI)

    agreed = does(requisitions.agree_to_losses, told, by=LI)

    assert (agreed.after.lines[0].lost, agreed.after.losses, agreed.moves[0].kind) == (1, (), MoveKind.LOST)
    with refused("nothing-lost", "PRT-6"):
        does(requisitions.agree_to_losses, agreed.after, by=LI)


def test_a_trip_is_closed_when_used_returned_and_lost_make_up_what_was_issued() -> None:
    out = issued()
    with refused("parts-not-balanced", "PRT-6") as found:
        requisitions.require_balanced([out])
    assert found.value.facts["parts"] == ["L26-001: P-100 泵浦 × 2"]

    done = requisitions.count_use(out, {7: 2}, now=NOW).after

    requisitions.require_balanced([done])
    assert not done.is_open


def test_a_report_that_is_corrected_opens_the_requisition_again() -> None:
    done = requisitions.count_use(issued(), {7: 2}, now=NOW).after

    assert requisitions.count_use(done, {7: 1}, now=NOW).after.is_open


def test_what_was_not_issued_can_be_given_up() -> None:
    left = does(requisitions.give_up, issued(1), by=LIN).after

    assert (left.lines[0].owed, left.stage) == (0, RequisitionStage.ISSUED)


def test_who_asked_takes_it_back_before_anything_was_issued() -> None:
    assert not does(requisitions.withdraw, approved(), by=WANG).after.is_open
    with refused("requisition-passed", "PRT-1"):
        does(requisitions.withdraw, issued(), by=WANG)
