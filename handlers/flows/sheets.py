"""Sheets, things ready to be fetched, documents, news: what is asked when one is begun and when it is closed (RULEBOOK 25)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.documents import SORTS
from rules.sheet_shapes import SHAPES, Field, SheetKind, Wants
from rules.sheets import Sheet
from rules.trainings import RIGHT, WRONG


@dataclass(frozen=True)
class Filled:
    """The lines of a sheet by name; who the customer is, and the pictures."""

    kind: SheetKind
    answers: dict[str, str]
    customer: dict[str, str] = field(default_factory=dict)


async def sheet(ask: Ask, desk: Desk) -> Filled:
    """Everything that a form asks when it is begun, in its order."""
    kind = SheetKind(desk.args["kind"])
    filled = await _lines(ask, kind, SHAPES[kind].told, desk)
    await ask.confirm()
    return filled


async def sheet_close(ask: Ask, desk: Desk) -> Filled:
    """Everything that it owes before it is closed."""
    subject = desk.about(Sheet)
    return await _lines(ask, subject.sheet, subject.shape.owed, desk, told=subject.told)


async def attend(ask: Ask, desk: Desk) -> Filled:
    """The question at the end of a training; which answer comes first differs from one to the next (STF-15)."""
    subject = desk.about(Sheet)
    options = [RIGHT, WRONG] if subject.id % 2 else [WRONG, RIGHT]
    labels = {one: subject.told[one] for one in options}
    answer = await ask.choice("answer", options, labels=labels, facts={"question": subject.told["question"]})
    return Filled(subject.sheet, {"answer": answer})


async def _lines(
    ask: Ask, kind: SheetKind, fields: tuple[Field, ...], desk: Desk, told: Mapping[str, str] | None = None
) -> Filled:
    answers: dict[str, str] = {}
    customer: dict[str, str] = {}
    for one in fields:
        known = {**(told or {}), **answers}
        if one.only_if is not None and known.get(one.only_if[0]) != one.only_if[1]:
            continue
        answer = await _one(ask, f"{kind}_{one.name}", one, desk)
        if one.wants is Wants.CUSTOMER:
            phone = answer.get("phone") or await ask.phone("phone")
            customer = {"name": str(answer["name"]), "phone": str(phone)}
            answers[one.name] = customer["name"]
        elif answer:
            answers[one.name] = str(answer["photo"]) if one.wants is Wants.PHOTO else str(answer)
    return Filled(kind, answers, customer)


async def _one(ask: Ask, key: str, one: Field, desk: Desk) -> Any:
    if one.wants is Wants.CHOICE:
        return await ask.choice(key, list(one.options))
    if one.wants is Wants.DAY:
        return (await _day(ask, key)).isoformat()
    if one.wants is Wants.CUSTOMER:
        return await ask.contact(key)
    if one.wants is Wants.COLLEAGUE:
        names = desk.names()
        if key == "shift_person":  # nobody hands over to himself
            names.pop(str(desk.person.id), None)
        return await ask.choice(key, list(names), labels=names)
    if one.wants is Wants.PHOTO:
        return await ask.photo(key, optional=one.is_optional)
    if key == "trip_summary":  # what the desk knows of the way stands there already (CLS-4)
        jobs = desk.trip()
        words = await ask.text(key, optional=bool(jobs), at_most=500, facts={"jobs": "\n".join(jobs) or "—"})
        return "\n".join([*jobs, *([words] if words else [])])
    return await ask.text(key, optional=one.is_optional, at_most=1000)


async def _day(ask: Ask, key: str) -> date:
    return datetime.fromisoformat(await ask.moment(key)).date()


async def excuse(ask: Ask, desk: Desk) -> Words:
    """Why he can't come, and until when nobody asks (WKS-12)."""
    words = await ask.text("words", at_most=300)
    return Words(words, picked=await _day(ask, "until"))


async def parcel(ask: Ask, desk: Desk) -> Words:
    """The number of the parcel (WKS-12)."""
    return Words(await ask.text("number", at_most=60))


async def injury(ask: Ask, desk: Desk) -> Words:
    """Who was hurt and how (ESC-3)."""
    return Words(await ask.text("words", at_most=500))


@dataclass(frozen=True)
class Kept:
    """A document as it was told."""

    title: str
    sort: str
    article: str
    place: str
    photo: str


async def document(ask: Ask, desk: Desk) -> Kept:
    """What it is, of which article, where it lies (REC-8)."""
    title = await ask.text("title", at_most=200)
    sort = await ask.choice("sort", list(SORTS))
    article = await ask.text("article", at_most=100, optional=True)
    place = await ask.text("place", at_most=100, optional=True)
    photo = await ask.photo("photo", optional=True)
    return Kept(title, sort, article or "", place or "", photo["photo"] if photo else "")


async def machine(ask: Ask, desk: Desk) -> Words:
    """Which machine: by its model, its serial number or a photo of its sticker (MNT-16)."""
    return Words(await ask.serial("words", at_most=100))


async def news(ask: Ask, desk: Desk) -> Words:
    """What customers who asked for it are to read (SUR-12)."""
    words = await ask.text("words", at_most=800)
    await ask.confirm()
    return Words(words)
