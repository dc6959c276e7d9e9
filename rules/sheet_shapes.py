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
    CONTACT = "contact"  # a call, letter or visit that is no repair, and its answer (INT-2, INT-4, INT-9)
    CONTRACTOR = "contractor"  # inside the builder's guarantee: the contractor repairs, we chase (INT-14, WAR-5)
    RECOVERY = "recovery"  # who sold it answered first; what comes back from who is responsible (CLM-4)
    IMPROVE = "improve"  # a fault that is found often, with an owner who improves it (CLS-8)
    VIP = "vip"  # an important guest, machine or room: looked at before and every day (VIS-19)
    TRIP = "trip"  # back at base: what was done on the way, and whether one may rest (CLS-3, CLS-4)
    TRAINING = "training"  # planned for a day, attended, with a question at the end (STF-15)


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
    SheetKind.CONTACT: Shape(
        "INT-4", "CO", Deed.REGISTER_CALL, Deed.ANSWER_CUSTOMER,
        (_choice("way", "phone", "letter", "visit", "chat"), _choice("sort", "inquiry", "commission", "suggestion"),
         _choice("priority", "normal", "urgent"), Field("customer", Wants.CUSTOMER), Field("words")),
        (_choice("how", "replied", "no_reply"), Field("reply", only_if=("how", "replied")),
         Field("reason", only_if=("how", "no_reply"))),
        (Audience.CLERK,), Audience.CLERK, timedelta(hours=12),
    ),
    SheetKind.CONTRACTOR: Shape(
        "INT-14", "CW", Deed.SOLVE_REMOTELY, Deed.SOLVE_REMOTELY,
        (Field("whom"), Field("contact"), Field("what"), Field("until", Wants.DAY)),
        (_choice("state", "mended", "again"), Field("words"), Field("next", Wants.DAY, only_if=("state", "again"))),
        (Audience.SUPERVISOR,), Audience.CLERK,
    ),
    SheetKind.RECOVERY: Shape(
        "CLM-4", "FP", Deed.TAKE_BACK_GOODS, Deed.TAKE_BACK_GOODS,
        (Field("article"), Field("payer"), Field("amount"), Field("culprit"), Field("why")),
        (_choice("back", "all", "part", "none"), Field("sum", only_if=("back", "part")), Field("words")),
        (Audience.MANAGER,), Audience.CLERK, timedelta(days=30),
    ),
    SheetKind.IMPROVE: Shape(
        "CLS-8", "IM", Deed.WARN_STORES, Deed.WARN_STORES,
        (Field("fault"), Field("proposal"), Field("person", Wants.COLLEAGUE), Field("until", Wants.DAY)),
        (_choice("effect", "better", "same"), Field("done")),
        (Audience.QUALITY,),
    ),
    SheetKind.VIP: Shape(
        "VIS-19", "VP", Deed.REGISTER_CALL, Deed.REGISTER_CALL,
        (Field("place"), Field("guest", is_optional=True), Field("person", Wants.COLLEAGUE), Field("until", Wants.DAY),
         Field("leaves", Wants.DAY)),
        (_choice("state", "again", "left"), Field("words"), Field("next", Wants.DAY, only_if=("state", "again"))),
        (Audience.SUPERVISOR,),
    ),
    SheetKind.TRIP: Shape(
        "CLS-4", "TR", Deed.BRIEF_REPORT, Deed.GIVE_NEXT,
        (Field("summary"), _choice("rest", "none", "asked"),
         Field("until", Wants.CHOICE, ("today", "tomorrow"), only_if=("rest", "asked"))),
        (Field("word", Wants.CHOICE, ("granted", "refused"), only_if=("rest", "asked")),
         Field("reason", only_if=("word", "refused"))),
        (Audience.SUPERVISOR,), Audience.SUPERVISOR, timedelta(hours=12), by_another=True,
    ),
    SheetKind.TRAINING: Shape(
        "STF-15", "TN", Deed.PLAN_DUTY, Deed.PLAN_DUTY,
        (Field("topic"), Field("on", Wants.DAY), Field("place"), _choice("minutes", "30", "60", "90", "120", "180", "240"),
         _choice("who", "technicians", "all"), _choice("quiz", "none", "one"), Field("question", only_if=("quiz", "one")),
         Field("right", only_if=("quiz", "one")), Field("wrong", only_if=("quiz", "one"))),
    ),
}  # fmt: skip
"""The four of MNT-9: the cause is found, who is responsible dealt with, the staff taught, measures taken."""
