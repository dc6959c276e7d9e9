"""A complaint comes in: told by the customer, or filed by staff with the complaint form (CMP-1, CMP-4)."""

from dataclasses import dataclass, field
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from rules.complaint_records import UNDETERMINED, Form

UNITS = ("manufacturing", "quality", "rnd", "sales", "warehouse", "supplier", "customer")
"""Who may answer for it; the departments can be asked to improve something."""
DEPARTMENTS = UNITS[:4]


@dataclass(frozen=True)
class Complained:
    """A complaint as it was told, by the customer or by staff for him."""

    account: str
    photos: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    order: str = ""  # id of an order that was picked, or a number that was typed
    contact: dict[str, str] = field(default_factory=dict)
    demand: str = ""
    has_loss: bool = True
    is_serious: bool = False
    is_foreign: bool = False
    is_about_goods: bool = False
    form: Form | None = None
    unit: str = ""


@dataclass(frozen=True)
class Filled:
    """A complaint form."""

    form: Form
    is_foreign: bool


async def complain(ask: Ask, desk: Desk) -> Complained:
    """The customer's own words: about which call, what happened, what he wants (CMP-1, CMP-4)."""
    goods = desk.turn.terms.policy.complaint.route == "product"
    order = desk.args.get("order") or ""
    calls = {str(one.id): f"{one.number} {one.report.model[:14]}" for one in desk.recent_calls()} if not order else {}
    if calls:
        picked = await ask.choice("order", [*calls, "none"], labels=calls)
        order = "" if picked == "none" else picked
    has_loss = await ask.yes_no("loss") if goods else True
    account = await ask.text_or_voice("account", photos="photos")
    photos = await ask.photos("photos")
    demand = await ask.text("demand", optional=True, at_most=500)
    is_hurt = await ask.yes_no("hurt")
    await ask.confirm()
    words, voices = _told(ask, account)
    return Complained(
        words, tuple(photos), voices, order=order, demand=demand or "", has_loss=has_loss, is_serious=is_hurt,
        is_about_goods=goods and not order,
    )  # fmt: skip


async def file_service(ask: Ask, desk: Desk) -> Complained:
    """A complaint about service that somebody in the office writes down (SUR-5, CMP-4)."""
    contact = await ask.contact("contact")
    if not contact.get("phone"):
        contact = {**contact, "phone": await ask.phone("phone", optional=True) or ""}
    order = await ask.text("order", optional=True, at_most=20)
    account = await ask.text_or_voice("account", photos="photos")
    photos = await ask.photos("photos")
    demand = await ask.text("demand", optional=True, at_most=500)
    is_serious = await ask.yes_no("serious")
    await ask.confirm()
    words, voices = _told(ask, account)
    return Complained(
        words, tuple(photos), voices, order=order or "", contact=contact, demand=demand or "", is_serious=is_serious
    )


async def file_goods(ask: Ask, desk: Desk) -> Complained:
    """The complaint form; without a loss, a sheet to the unit concerned (CMP-1, CMP-4)."""
    has_loss = await ask.yes_no("loss")
    contact = await ask.contact("contact")
    if not contact.get("phone"):
        contact = {**contact, "phone": await ask.phone("phone", optional=True) or ""}
    if not has_loss:
        part = await ask.text("part_no", at_most=60)
        reason = await ask.text("reason", at_most=1000)
        samples = await ask.photos("samples")
        unit = await ask.choice("unit", DEPARTMENTS, family="unit")
        await ask.confirm()
        reason = ask.words("samples", reason)
        form = Form(part_no=part, reason=reason, samples=tuple(samples))
        return Complained(reason, tuple(samples), contact=contact, has_loss=False, is_about_goods=True, form=form, unit=unit)
    form, is_foreign = await _form(ask)
    await ask.confirm()
    return Complained(
        form.reason, form.samples, contact=contact, demand=form.demand, is_foreign=is_foreign, is_about_goods=True, form=form
    )


async def case_form(ask: Ask, desk: Desk) -> Filled:
    """The form of a case that the customer told himself (CMP-4)."""
    form, is_foreign = await _form(ask)
    await ask.confirm()
    return Filled(form, is_foreign)


async def _form(ask: Ask) -> tuple[Form, bool]:
    order_no = await ask.text("order_no", at_most=60)
    part_no = await ask.text("part_no", at_most=60)
    delivered = await ask.moment("delivered_on", is_past=True)
    quantity = await ask.number("quantity")
    defective = await ask.number("defective", at_most=int(quantity or 0))
    demand = await ask.text("demand", at_most=500)
    known = await ask.choice("is_known", ["known", UNDETERMINED])
    wanted = str(await ask.number("demand_quantity")) if known == "known" else UNDETERMINED
    reason = await ask.text("reason", at_most=1000)
    is_foreign = await ask.yes_no("foreign")
    samples = await ask.photos("samples")
    opinion = await ask.text("opinion", at_most=1000)
    reason = ask.words("samples", reason)
    form = Form(order_no, part_no, str(delivered)[:10], quantity, defective, demand, wanted, reason, opinion, tuple(samples))
    return form, is_foreign


def _told(ask: Ask, account: Any) -> tuple[str, tuple[str, ...]]:
    """(words, voice notes) of an account, with what was written beside its photos."""
    said, voices = ("", (account["voice"],)) if isinstance(account, dict) else (account, ())
    return ask.words("photos", said), voices
