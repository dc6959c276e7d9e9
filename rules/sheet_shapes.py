"""The sheets of the house: what each asks when it is begun, what it owes before it is closed, who hears (MNT-8, MNT-9 …)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from rules.decisions import Audience
from rules.people import Deed


class SheetKind(StrEnum):
    """Which form it is."""

    BACKORDER = "backorder"  # out of stock: answered within a week (SLA-11, BKO-3)
    ABOVE = "above"  # no agreement with a customer: asked of those above (ESC-9)
    VISIT = "visit"  # a customer visited from time to time (SUR-10)
    PLAN = "plan"  # the work plan and budget of a period (DLY-11)
    WARNING = "warning"  # a quality warning to every store (CMP-33)
    SHIFT = "shift"  # one shift hands over to the next (MNT-8)
    ACCIDENT = "accident"  # what happened, and the four that are not let off (MNT-9)
    RECTIFY = "rectify"  # a rectification notice with its deadline (MNT-11)
    OVERHAUL = "overhaul"  # an overhaul planned, done and accepted by who asked for it (MNT-17)


class Wants(StrEnum):
    """What sort of answer a field takes."""

    WORDS = "words"
    CHOICE = "choice"
    DAY = "day"
    CUSTOMER = "customer"
    COLLEAGUE = "colleague"
    PHOTO = "photo"


@dataclass(frozen=True)
class Field:
    """One line of a sheet. `only_if` names an earlier field and the value at which this one is asked at all."""

    name: str
    wants: Wants = Wants.WORDS
    options: tuple[str, ...] = ()
    is_optional: bool = False
    only_if: tuple[str, str] | None = None


@dataclass(frozen=True)
class Shape:
    """A form: `told` when it is begun, `owed` before it is closed, `post` whose it is then (nobody: who wrote it).

    `lasts` is the limit, unless a day is told; `by_another` is a sheet that its writer may not close.
    """

    rule: str
    letter: str
    deed: Deed
    closing: Deed
    told: tuple[Field, ...]
    owed: tuple[Field, ...] = ()
    tell: tuple[Audience, ...] = ()
    post: Audience | None = None
    lasts: timedelta = timedelta(days=7)
    by_another: bool = False
    by_author: bool = False


def _choice(name: str, *options: str) -> Field:
    return Field(name, Wants.CHOICE, options)


GRADES = ("general", "major", "extra")
EVERY = {"once": 0, "month": 1, "quarter": 3, "half_year": 6, "year": 12}
"""How often a customer is visited, in months."""

SHAPES: Mapping[SheetKind, Shape] = {
    SheetKind.BACKORDER: Shape(
        "SLA-11", "BO", Deed.REGISTER_BACKORDER, Deed.REGISTER_BACKORDER,
        (Field("article"), Field("quantity"), Field("customer", Wants.CUSTOMER), Field("source", is_optional=True)),
        (Field("answer"),), (Audience.CLERK,), Audience.CLERK,
    ),
    SheetKind.ABOVE: Shape(
        "ESC-9", "AB", Deed.ASK_ABOVE, Deed.SETTLE_ABOVE,
        (Field("wish"), Field("offered")), (Field("decision"),), (Audience.MANAGER,), Audience.MANAGER,
        timedelta(minutes=30), by_another=True,
    ),
    SheetKind.VISIT: Shape(
        "SUR-10", "VI", Deed.PLAN_CUSTOMER_VISIT, Deed.PLAN_CUSTOMER_VISIT,
        (Field("customer", Wants.CUSTOMER), _choice("every", *EVERY), Field("on", Wants.DAY), Field("person", Wants.COLLEAGUE)),
        (Field("use"), Field("demands"), Field("photo", Wants.PHOTO, is_optional=True)),
    ),
    SheetKind.PLAN: Shape(
        "DLY-11", "PL", Deed.FILE_PLAN, Deed.APPROVE_PLAN,
        (_choice("period", "month", "quarter", "year"), Field("plan"), Field("budget", is_optional=True),
         Field("photo", Wants.PHOTO, is_optional=True)),
        (_choice("verdict", "approved", "again"), Field("words", is_optional=True)),
        (Audience.MANAGER,), Audience.MANAGER, timedelta(days=3), by_another=True,
    ),
    SheetKind.WARNING: Shape(
        "CMP-33", "QW", Deed.WARN_STORES, Deed.READ_WARNING,
        (Field("article"), Field("danger"), Field("todo"), Field("photo", Wants.PHOTO, is_optional=True)),
        lasts=timedelta(days=1),
    ),
    SheetKind.SHIFT: Shape(
        "MNT-8", "SH", Deed.HAND_OVER_SHIFT, Deed.HAND_OVER_SHIFT,
        (Field("done"), Field("left"), Field("machines"), Field("person", Wants.COLLEAGUE)),
        lasts=timedelta(hours=1), by_another=True,
    ),
    SheetKind.ACCIDENT: Shape(
        "MNT-9", "AC", Deed.REPORT_ACCIDENT, Deed.CLOSE_ACCIDENT,
        (_choice("grade", *GRADES), Field("machine"), Field("what"), Field("photo", Wants.PHOTO, is_optional=True)),
        (Field("cause"), Field("responsible"), Field("educated"), Field("measures")),
        (Audience.SUPERVISOR, Audience.MANAGER), Audience.SUPERVISOR,
    ),
    SheetKind.RECTIFY: Shape(
        "MNT-11", "RE", Deed.ORDER_RECTIFICATION, Deed.ORDER_RECTIFICATION,
        (Field("whom"), Field("offence"), _choice("order", "rectify", "stop"), Field("until", Wants.DAY),
         Field("photo", Wants.PHOTO, is_optional=True)),
        (_choice("state", "mended", "again"), Field("words", is_optional=True),
         Field("next", Wants.DAY, only_if=("state", "again"))),
        (Audience.SUPERVISOR,),
    ),
    SheetKind.OVERHAUL: Shape(
        "MNT-17", "OV", Deed.ORDER_OVERHAUL, Deed.ORDER_OVERHAUL,
        (Field("machine"), Field("scope"), Field("prepare"), Field("safety"), Field("person", Wants.COLLEAGUE),
         Field("until", Wants.DAY)),
        (_choice("state", "accepted", "again"), Field("quality"), Field("next", Wants.DAY, only_if=("state", "again"))),
        (Audience.SUPERVISOR,), by_author=True,
    ),
}  # fmt: skip
"""The four of MNT-9: the cause is found, who is responsible dealt with, the staff taught, measures taken."""
