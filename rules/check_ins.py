"""The check-in sheet of a vehicle (接車檢查表): how it came and what is in it, and the same sheet when it goes (WKS-14)."""

from dataclasses import dataclass
from typing import Literal

from rules.refusals import Refused

SIDES = ("front", "left", "rear", "right")
FUEL = ("empty", "quarter", "half", "three_quarters", "full")


@dataclass(frozen=True)
class WorkshopPolicy:
    """Whether whatever is taken in needs the sheet of a vehicle."""

    check_in: Literal["off", "vehicle"] = "off"


@dataclass(frozen=True)
class CheckIn:
    """A vehicle as it came. `sides` are photos by side; empty words say that nothing was found."""

    sides: tuple[tuple[str, str], ...]
    mileage: int  # km
    fuel: str
    outside: str = ""
    inside: str = ""
    belongings: str = ""
    is_reminded: bool = False  # the customer was asked to keep his valuables


@dataclass(frozen=True)
class Compared:
    """The sheet at the hand-over: as it was noted, or in which way not."""

    differences: str = ""

    @property
    def is_as_noted(self) -> bool:
        return not self.differences


def require_sheet(sheet: CheckIn | None, policy: WorkshopPolicy) -> None:
    """Raise Refused unless a vehicle was looked at from four sides and its owner reminded of his valuables (WKS-14)."""
    if policy.check_in == "off":
        return
    shown = {side for side, photo in sheet.sides if photo} if sheet else set()
    missing = [{"text": f"check_in.{side}.label"} for side in SIDES if side not in shown]
    if sheet is None or sheet.fuel not in FUEL or sheet.mileage < 0:
        missing.append({"text": "check_in.mileage.label"})
    if sheet is None or not sheet.is_reminded:
        missing.append({"text": "check_in.reminded.label"})
    if missing:
        raise Refused("check-in-incomplete", rule="WKS-14", missing=missing)


def require_compared(sheet: CheckIn | None, compared: Compared | None) -> None:
    """Raise Refused unless the sheet was gone through with the customer once more before he takes his vehicle (WKS-14)."""
    if sheet is not None and compared is None:
        raise Refused("check-in-unconfirmed", rule="WKS-14")
