"""Goods in, and stocktakes: blind, explained, agreed to by another (PRT-9..13)."""

from typing import Any

import pytest

from rules import counts, receipts
from rules.counts import Count, Counted
from rules.people import Person, Role
from rules.receipts import Arrival, GoodsReceipt
from rules.stock import MoveKind, Place, PlaceKind
from tests.cast import BRANCH, LI, LIN, WANG, at, terms_of
from tests.rules.job import refused

NOW = at("週五 16:00")
STORE = Place(1, PlaceKind.STORE, BRANCH)
PLANNER = Person(34, "顧企劃", frozenset({Role.PLANNER}), BRANCH)


def does(decide: Any, case: Any, *args: Any, by: Person) -> Any:
    return decide(case, *args, by=by, now=NOW, terms=terms_of("appliance"))


def receipt(*lines: Arrival, source: str = "supplier") -> GoodsReceipt:
    return GoodsReceipt(number="GR26-001", branch=BRANCH, opened_at=NOW, closed_at=NOW, source=source, lines=lines)


def test_goods_are_in_the_book_at_once_and_two_copies_go_out() -> None:
    ruling = does(receipts.receive, receipt(Arrival(7, "P-100", 3)), STORE, by=LIN)

    assert [(one.kind, one.quantity) for one in ruling.moves] == [(MoveKind.RECEIVED, 3)]
    assert {"warehouse", "buyer"} <= {str(one) for one in ruling.notices[0].to}


def test_what_is_refused_lies_by_itself_and_planner_and_buyer_hear_why() -> None:
    line = Arrival(7, "P-100", 2, refused=1, reason="軸心鏽蝕", photo="a" * 64)
    ruling = does(receipts.receive, receipt(line), STORE, by=LIN)

    assert [(one.kind, one.quantity) for one in ruling.moves] == [(MoveKind.RECEIVED, 2), (MoveKind.REJECTED, 1)]
    assert (ruling.notices[1].text, ruling.notices[1].photos) == ("notice.goods-refused", ("a" * 64,))


@pytest.mark.parametrize(
    ("line", "code", "rule"),
    [
        (Arrival(7, "P-100", 0), "quantity-range", "PRT-9"), (Arrival(7, "P-100", -1), "quantity-range", "PRT-8"),
        (Arrival(7, "P-100", 1, refused=1), "refusal-needs-reason", "PRT-11"),
    ],
)  # fmt: skip
def test_a_receipt_that_says_nothing_is_none(line: Arrival, code: str, rule: str) -> None:
    with refused(code, rule):
        does(receipts.receive, receipt(line), STORE, by=LIN)
    with refused("stock-in-empty", "PRT-9"):
        does(receipts.receive, receipt(), STORE, by=LIN)
    with refused("no-such-case", "ROL-1"):
        does(receipts.receive, receipt(Arrival(7, "P-100", 1)), STORE, by=WANG)


def count() -> Count:
    lines = (Counted(7, "P-100"), Counted(8, "H-16"))
    drafted = Count(number="I26-001", branch=BRANCH, opened_at=NOW, place=1, lines=lines)
    return does(counts.begin, drafted, by=LIN).after


def noted(pumps: int, hoses: int) -> Count:
    return does(counts.note, count(), {7: pumps, 8: hoses}, {7: 3, 8: 5}, by=LIN).after


def test_where_book_and_shelf_agree_the_count_is_closed() -> None:
    assert (noted(3, 5).stage, noted(3, 5).is_open) == ("booked", False)


def test_differences_take_a_reason_and_another_person() -> None:
    differs = noted(2, 6)
    assert differs.is_open
    with refused("reason-missing", "PRT-13"):
        does(counts.explain, differs, " ", by=LIN)
    explained = does(counts.explain, differs, "發料漏記", by=LIN).after
    with refused("not-yours", "ROL-1"):
        does(counts.adjust, explained, by=LIN)

    booked = does(counts.adjust, explained, by=PLANNER)

    assert [(one.kind, one.part, one.quantity) for one in booked.moves] == [(MoveKind.MISSED, 7, 1), (MoveKind.FOUND, 8, 1)]
    assert not booked.after.is_open


def test_nobody_agrees_to_his_own_count() -> None:
    differs = does(counts.note, count(), {7: 1, 8: 5}, {7: 3, 8: 5}, by=LI).after
    explained = does(counts.explain, differs, "少了", by=LI).after

    with refused("not-your-own", "PRT-13"):
        does(counts.adjust, explained, by=LI)


def test_a_difference_that_is_not_believed_is_counted_again_blind() -> None:
    explained = does(counts.explain, noted(2, 5), "少了", by=LIN).after

    again = does(counts.count_again, explained, by=PLANNER).after

    assert [(line.label, line.book) for line in again.left] == [("P-100", None)]
    assert does(counts.note, again, {7: 3}, {7: 3}, by=LIN).after.stage == "booked"


def test_a_count_is_not_explained_before_it_is_whole() -> None:
    half = does(counts.note, count(), {7: 2}, {7: 3}, by=LIN).after

    with refused("count-unfinished", "PRT-13"):
        does(counts.explain, half, "少了", by=LIN)
    with refused("nothing-to-count", "PRT-13"):
        does(counts.begin, Count(number="I", branch=BRANCH, opened_at=NOW, place=1, lines=()), by=LIN)
