"""What was used, where the old parts are, and when it may be written off (PRT-4, PRT-5, PRT-7)."""

from dataclasses import replace
from typing import Any

import pytest

from rules import closing, part_uses
from rules.goods import Goods, GoodsStage, Inspected
from rules.orders import Seal, Step
from rules.part_uses import Disposal, PartUse, lacking
from rules.people import Person
from rules.stock import MoveKind, Part, Place, PlaceKind
from tests.cast import BRANCH, CHEN, LI, LIN, WANG, at, terms_of
from tests.rules.job import FINDINGS, approved, found, refused, signed

NOW = at("週五 16:00")
STORE = Place(1, PlaceKind.STORE, BRANCH)
VAN, OTHER_VAN = 2, 3
PUMP = {"name": "P-100 泵浦", "quantity": "2", "cause": "worn", "old_part": "returned", "part": 7}
FREE = {"name": "一條管子", "quantity": "1", "cause": "worn", "old_part": "none_existed", "old_reason": "新裝"}
EMPTY = PartUse(
    number="2611-0001-P", branch=BRANCH, opened_at=NOW, about="order:1", about_number="2611-0001", technician=WANG.id, id=8
)


def told(*lines: dict[str, Any], use: PartUse = EMPTY, held: dict[tuple[int, int], int] | None = None) -> Any:
    return part_uses.tell(use, lines, {(VAN, 7): 5} if held is None else held, [VAN, OTHER_VAN])


def does(decide: Any, use: PartUse, *args: Any, by: Person, profile: str = "appliance") -> Any:
    return decide(use, *args, by=by, now=NOW, terms=terms_of(profile))


def test_what_the_report_says_was_used_leaves_the_van() -> None:
    ruling = told(PUMP)

    assert [(one.kind, one.part, one.quantity) for one in ruling.moves] == [(MoveKind.USED, 7, 2)]
    assert (ruling.after.used, ruling.after.unbooked) == ({7: 2}, ())


def test_telling_the_same_again_books_nothing() -> None:
    assert told(PUMP, use=told(PUMP).after).moves == ()


@pytest.mark.parametrize(("quantity", "kind", "n"), [("3", MoveKind.USED, 1), ("1", MoveKind.UNUSED, 1)])
def test_a_corrected_report_books_the_difference(quantity: str, kind: MoveKind, n: int) -> None:
    (moved,) = told(PUMP | {"quantity": quantity}, use=told(PUMP).after).moves

    assert (moved.kind, moved.quantity) == (kind, n)


def test_a_line_that_is_gone_comes_back_into_the_van() -> None:
    (moved,) = told(use=told(PUMP).after).moves

    assert (moved.kind, moved.quantity, moved.target) == (
        MoveKind.UNUSED,
        2,
        part_uses.move(MoveKind.UNUSED, 7, 2, target=VAN).target,
    )


def test_a_colleague_s_van_helps_out() -> None:
    ruling = told(PUMP, held={(VAN, 7): 1, (OTHER_VAN, 7): 1})

    assert {(one.source.place, one.quantity) for one in ruling.moves if one.source} == {(VAN, 1), (OTHER_VAN, 1)}


def test_a_part_that_nobody_has_is_reported_and_not_booked() -> None:
    """A part nobody stocks: the report is true, the book stays true, and the storekeeper hears of it."""
    ruling = told(PUMP, held={(VAN, 7): 1})

    assert [one.quantity for one in ruling.moves] == [1]
    assert [line.name for line in ruling.after.unbooked] == ["P-100 泵浦"]
    assert [notice.text for notice in ruling.notices] == ["notice.parts-unbooked"]


def test_a_free_text_gets_its_number_later_and_is_booked_then() -> None:
    use = told(FREE).after
    assert (use.used, len(use.unbooked)) == ({}, 1)
    with refused("not-in-hand", "PRT-2"):
        part_uses.give_number(
            use, "一條管子", Part(9, "H-16", "排水管"), {}, [VAN], by=LIN, now=NOW, terms=terms_of("appliance")
        )

    ruling = part_uses.give_number(
        use, "一條管子", Part(9, "H-16", "排水管"), {(VAN, 9): 1}, [VAN], by=LIN, now=NOW, terms=terms_of("appliance")
    )

    assert (ruling.after.used, ruling.after.unbooked) == ({9: 1}, ())


def test_nobody_signs_or_leaves_with_an_old_part_unanswered() -> None:
    job = found(Step.ACT)
    job.saves(Step.PARTS, lines=[{"name": "泵浦", "quantity": "1", "cause": "worn", "old_part": None}])
    job.saves(Step.TEST)
    with refused("old-part-open", "PRT-5"):
        job.signs()

    job.saves(Step.PARTS)
    job.later(minutes=1).signs()
    job.does(closing.brief_report, "好了", by=WANG)


def test_where_old_parts_do_not_matter_nobody_is_asked_for_them() -> None:
    part_uses.require_old_parts(found(Step.PARTS).order, terms_of("retail").policy)
    lines = [{"name": "泵浦", "quantity": "1", "cause": "worn"}]
    job = found(Step.ACT)
    job.saves(Step.PARTS, lines=lines)
    part_uses.require_old_parts(job.order, terms_of("retail").policy)
    with refused("old-part-open", "PRT-5"):
        part_uses.require_old_parts(job.order, terms_of("vehicle").policy)


def test_the_write_off_names_all_that_is_missing() -> None:
    use = told(PUMP, FREE).after
    order, policy = found(Step.TEST).order, terms_of("appliance").policy

    missing = lacking(use, order, policy, ["L26-001: P-100 泵浦 × 1"])

    assert [one["text"].removeprefix("write_off.") for one in missing] == [
        "signed-report", "consent", "old-part", "number", "balance",
    ]  # fmt: skip
    with refused("write-off-lacks", "PRT-4"):
        does(part_uses.write_off, use, order, by=LIN)


def test_report_approval_and_old_part_make_the_write_off() -> None:
    use, order = told(PUMP).after, approved().order
    assert lacking(use, signed().order, terms_of("appliance").policy)[0] == {"text": "write_off.consent"}
    with refused("write-off-lacks", "PRT-4"):
        does(part_uses.write_off, use, order, by=LIN)

    here = does(part_uses.receive_old, use, 0, STORE, by=LIN)

    assert [one.kind for one in here.moves] == [MoveKind.OLD_IN]
    assert not does(part_uses.write_off, here.after, order, by=LIN).after.is_open
    with refused("not-your-own", "PRT-4"):
        does(part_uses.write_off, replace(here.after, technician=LIN.id), order, by=LIN)


@pytest.mark.parametrize(
    ("old_part", "profile", "needs"),
    [
        ("customer_kept", "appliance", True), ("lost", "appliance", True), ("none_existed", "appliance", False),
        ("mailed_not_recoverable", "appliance", False), ("none_existed", "vehicle", True),
        ("mailed_not_recoverable", "vehicle", True), ("lost", "retail", False),
    ],
)  # fmt: skip
def test_an_old_part_that_does_not_come_back_takes_a_superior_s_word(old_part: str, profile: str, needs: bool) -> None:
    use = told(PUMP | {"old_part": old_part, "old_reason": "客戶要留"}).after

    assert part_uses.needs_word(use.lines[0], terms_of(profile).policy) == needs
    if needs:
        agreed = does(part_uses.agree, use, by=LI, profile=profile).after
        assert lacking(agreed, approved().order, terms_of(profile).policy) == []
        with refused("not-your-own", "PRT-5"):
            does(part_uses.agree, replace(use, technician=LI.id), by=LI, profile=profile)


def test_an_old_part_is_received_once_and_disposed_of_once() -> None:
    here = does(part_uses.receive_old, told(PUMP).after, 0, STORE, by=LIN).after
    with refused("old-part-here", "PRT-4"):
        does(part_uses.receive_old, here, 0, STORE, by=LIN)
    with refused("no-such-line", "PRT-4"):
        does(part_uses.receive_old, here, 5, STORE, by=LIN)

    reused = does(part_uses.dispose, here, 0, Disposal.REUSE, by=LIN)

    assert [one.kind for one in reused.moves] == [MoveKind.OLD_OUT, MoveKind.RECEIVED]
    with refused("old-part-not-here", "PRT-7"):
        does(part_uses.dispose, reused.after, 0, Disposal.SCRAP, by=LIN)


def test_what_the_store_did_with_a_line_survives_a_corrected_report() -> None:
    here = does(part_uses.receive_old, told(PUMP).after, 0, STORE, by=LIN).after

    assert told(PUMP, FREE, use=here).after.lines[0].received_by == LIN.id
    assert FINDINGS[Step.PARTS]["lines"][0]["old_part"] == "returned"


def test_of_a_repair_in_the_workshop_inspection_and_return_are_what_the_write_off_rests_on() -> None:
    use = told(PUMP | {"old_part": "none_existed", "old_reason": "新裝"}).after
    seen = Inspected(LI.id, NOW, True)
    seal = Seal(2, "d", "取回", "a1", "張先生", "customer", "", NOW, CHEN.id)
    here = Goods(
        number="WK26-001", branch=BRANCH, opened_at=NOW, what="抽水機", fault="不轉", due_at=NOW, taken_by=CHEN.id,
        stage=GoodsStage.REPAIRED,
    )  # fmt: skip
    policy = terms_of("appliance").policy

    def missing(goods: Goods) -> list[str]:
        return [one["text"].removeprefix("write_off.") for one in lacking(use, goods, policy)]

    assert missing(here) == ["signed-report", "consent"]
    assert missing(replace(here, inspections=(seen,))) == ["signed-report"]
    assert missing(replace(here, inspections=(seen,), acceptance=seal)) == []
    assert missing(replace(here, stage=GoodsStage.MAILED, inspections=(seen,))) == []
    assert missing(replace(here, stage=GoodsStage.SETTLED, settlement="refund")) == []
