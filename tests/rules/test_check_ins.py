"""A vehicle is looked at when it comes and when it goes (WKS-14)."""

from dataclasses import replace

import pytest

from rules.check_ins import SIDES, CheckIn, Compared, WorkshopPolicy, require_compared, require_sheet
from tests.rules.job import refused

VEHICLES = WorkshopPolicy("vehicle")
WHOLE = CheckIn(tuple((side, "a" * 64) for side in SIDES), 52_300, "half", is_reminded=True)


@pytest.mark.parametrize(
    ("sheet", "missing"),
    [
        (None, [*SIDES, "mileage", "reminded"]),
        (replace(WHOLE, sides=WHOLE.sides[:3]), ["right"]),
        (replace(WHOLE, sides=(*WHOLE.sides[:3], ("right", ""))), ["right"]),
        (replace(WHOLE, fuel=""), ["mileage"]),
        (replace(WHOLE, is_reminded=False), ["reminded"]),
    ],
)
def test_a_vehicle_is_taken_in_with_its_whole_sheet_only(sheet: CheckIn | None, missing: list[str]) -> None:
    with refused("check-in-incomplete", rule="WKS-14") as found:
        require_sheet(sheet, VEHICLES)

    assert found.value.facts["missing"] == [{"text": f"check_in.{one}.label"} for one in missing]


def test_with_its_sheet_it_is_and_where_none_is_kept_it_needs_none() -> None:
    require_sheet(WHOLE, VEHICLES)
    require_sheet(None, WorkshopPolicy())


def test_nobody_takes_his_vehicle_before_the_sheet_was_gone_through_again() -> None:
    with refused("check-in-unconfirmed", rule="WKS-14"):
        require_compared(WHOLE, None)

    require_compared(WHOLE, Compared())
    require_compared(None, None)
    assert (Compared().is_as_noted, Compared("右後視鏡裂了").is_as_noted) == (True, False)
