"""Parts, where they are kept, and how they may move (PRT-2, 6, 8, 12, 16).

Quantities are whole numbers of a part's unit, one at least. A balance is what its movements add up to and is never below zero;
the database holds both.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from rules.refusals import Refused

MOST = 99_999
_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?)\s*(?:個|个|件|片|支|台|顆|颗|x|×|pcs?\.?)\s*(.+)", re.IGNORECASE)
_TIMES = re.compile(r"(.+?)(?:\s+(?:x|×|\*)\s*|\s*(?:×|\*)\s*)(-?\d+(?:\.\d+)?)", re.IGNORECASE)


class PartKind(StrEnum):
    """What sort of thing is kept; oil and tools are kept in the same ledger (PRT-19, PRT-21)."""

    PART = "part"
    MATERIAL = "material"
    TOOL = "tool"
    OIL = "oil"


class PlaceKind(StrEnum):
    """Where it is kept: each has an account of its own (PRT-14)."""

    STORE = "store"
    VAN = "van"  # what a technician has with him
    STATION = "station"


class Quality(StrEnum):
    """In which state it is; what was refused or is old never counts as stock (PRT-8, PRT-16)."""

    GOOD = "good"
    QUARANTINE = "quarantine"
    OLD = "old"
    TRANSIT = "transit"  # sent, and not yet confirmed by whom it was sent to
    LOANED = "loaned"


class MoveKind(StrEnum):
    """Why something moved."""

    RECEIVED = "received"
    REJECTED = "rejected"
    ISSUED = "issued"
    USED = "used"
    UNUSED = "unused"  # a report was corrected
    RETURNED = "returned"
    LOST = "lost"
    SENT = "sent"
    ARRIVED = "arrived"
    FOUND = "found"  # a count found more
    MISSED = "missed"  # a count found less
    SET_ASIDE = "set_aside"
    CLEARED = "cleared"
    OLD_IN = "old_in"
    OLD_OUT = "old_out"
    LENT = "lent"
    BROUGHT_BACK = "brought_back"
    HANDED = "handed"  # a leaver's parts to his successor
    LOAN_HANDED = "loan_handed"


_G, _Q, _O, _T, _L = Quality.GOOD, Quality.QUARANTINE, Quality.OLD, Quality.TRANSIT, Quality.LOANED
LEGS: Mapping[MoveKind, tuple[Quality | None, Quality | None]] = {
    MoveKind.RECEIVED: (None, _G),
    MoveKind.REJECTED: (None, _Q),
    MoveKind.ISSUED: (_G, _G),
    MoveKind.USED: (_G, None),
    MoveKind.UNUSED: (None, _G),
    MoveKind.RETURNED: (_G, _G),
    MoveKind.LOST: (_G, None),
    MoveKind.SENT: (_G, _T),
    MoveKind.ARRIVED: (_T, _G),
    MoveKind.FOUND: (None, _G),
    MoveKind.MISSED: (_G, None),
    MoveKind.SET_ASIDE: (_G, _Q),
    MoveKind.CLEARED: (_Q, None),
    MoveKind.OLD_IN: (None, _O),
    MoveKind.OLD_OUT: (_O, None),
    MoveKind.LENT: (_G, _L),
    MoveKind.BROUGHT_BACK: (_L, _G),
    MoveKind.HANDED: (_G, _G),
    MoveKind.LOAN_HANDED: (_L, _L),
}
"""From which state into which each kind leads; None is outside."""


@dataclass(frozen=True)
class Part:
    """One line of the catalogue (PRT-8)."""

    id: int
    number: str
    name: str
    spec: str = ""
    unit: str = ""
    kind: PartKind = PartKind.PART
    bin: str = ""
    least: int = 0  # fewer than that are too few (PRT-17)
    most: int = 0  # 0: no upper limit
    supplier: str = ""
    price: Decimal | None = None
    codes: tuple[str, ...] = ()  # other numbers on its labels, as a catalogue brings them

    @property
    def label(self) -> str:
        """As people read it in a list."""
        return f"{self.number} {self.name}".strip()


@dataclass(frozen=True)
class Place:
    """A store, a van or a station, with the account that belongs to it."""

    id: int
    kind: PlaceKind
    branch: str
    name: str = ""
    person: int | None = None  # whose van or station it is


@dataclass(frozen=True)
class Account:
    """What is kept at a place in one state."""

    place: int
    quality: Quality = Quality.GOOD


@dataclass(frozen=True)
class Move:
    """One movement. `source` or `target` is None where goods come from outside or leave for good."""

    kind: MoveKind
    part: int
    quantity: int
    source: Account | None = None
    target: Account | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """A movement that does not exist in the rules is a bug, whoever asked for it."""
        legs = tuple(one.quality if one else None for one in (self.source, self.target))
        if legs != LEGS[self.kind] or self.quantity < 1:
            raise ValueError(f"{self.kind} can't lead {legs} with {self.quantity}")


def move(
    kind: MoveKind, part: int, quantity: int, *, source: int | None = None, target: int | None = None, note: str = ""
) -> Move:
    """A movement between places, in the states that its kind leads from and into."""
    out, into = LEGS[kind]
    return Move(
        kind,
        part,
        quantity,
        Account(source, out) if source is not None and out is not None else None,
        Account(target, into) if target is not None and into is not None else None,
        note,
    )


def whole(quantity: object, *, part: str = "", least: int = 1) -> int:
    """A quantity as it may be booked. Raises Refused for fractions, for less than `least` and for more than anybody has."""
    value = Decimal(str(quantity))
    if value != value.to_integral_value():
        raise Refused("quantity-fraction", rule="PRT-8", quantity=value, part=part)
    if not least <= value <= MOST:
        raise Refused("quantity-range", rule="PRT-8", quantity=value, part=part, least=least, most=MOST)
    return int(value)


def read_amount(text: str) -> tuple[str, str]:
    """(quantity, words) of `2 個 P-100` or `P-100 x2`; the quantity is empty where none is named."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if found := _AMOUNT.fullmatch(plain):
        return found[1], found[2].strip()
    if found := _TIMES.fullmatch(plain):
        return found[2], found[1].strip()
    return "", plain


def folded(text: str) -> str:
    """How numbers and names are compared: full width, case and blanks make no difference."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
