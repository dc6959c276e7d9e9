"""Parts and how they may move: nothing in fractions, nothing from nowhere (PRT)."""

import pytest

from rules.refusals import Refused
from rules.stock import LEGS, Account, Move, MoveKind, Quality, folded, move, read_amount, whole


@pytest.mark.parametrize("quantity", ["1", 1, "3.0", "99999"])
def test_a_whole_quantity_may_be_booked(quantity: object) -> None:
    assert whole(quantity) == float(str(quantity))


@pytest.mark.parametrize(
    ("quantity", "code"),
    [("1.5", "quantity-fraction"), ("0.001", "quantity-fraction"), (0, "quantity-range"), (-2, "quantity-range"),
     ("100000", "quantity-range")],
)  # fmt: skip
def test_fractions_and_what_is_less_than_one_are_refused_in_clear_words(quantity: object, code: str) -> None:
    with pytest.raises(Refused) as refused:
        whole(quantity, part="P-100")

    assert (refused.value.code, refused.value.rule, refused.value.facts["part"]) == (code, "PRT-8", "P-100")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("2 個 P-100", ("2", "P-100")), ("P-100 x2", ("2", "P-100")), ("Ｐ－１００　×３", ("3", "P-100")),
        ("P-100", ("", "P-100")), ("1.5 个 P-100", ("1.5", "P-100")), ("-1 pcs P-100", ("-1", "P-100")),
        ("3M 膠帶", ("", "3M 膠帶")), ("M8x30", ("", "M8x30")),
    ],
)  # fmt: skip
def test_how_many_may_be_typed_along(typed: str, read: tuple[str, str]) -> None:
    assert read_amount(typed) == read


@pytest.mark.parametrize("kind", MoveKind)
def test_each_movement_leads_from_and_into_the_states_of_its_kind(kind: MoveKind) -> None:
    out, into = LEGS[kind]

    moved = move(kind, 7, 2, source=1 if out else None, target=2 if into else None)

    assert (moved.source, moved.target) == (Account(1, out) if out else None, Account(2, into) if into else None)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: move(MoveKind.ISSUED, 7, 0, source=1, target=2),
        lambda: move(MoveKind.ISSUED, 7, -1, source=1, target=2),
        lambda: move(MoveKind.USED, 7, 1, source=None),
        lambda: Move(MoveKind.USED, 7, 1, Account(1, Quality.QUARANTINE), None),
        lambda: Move(MoveKind.ISSUED, 7, 1, Account(1), None),
    ],
)
def test_a_movement_that_the_rules_do_not_know_can_not_be_made(wrong) -> None:
    with pytest.raises(ValueError, match="can't lead"):
        wrong()


def test_numbers_are_compared_without_width_case_and_blanks() -> None:
    assert folded("ｐ－100 a") == folded("P-100A")
