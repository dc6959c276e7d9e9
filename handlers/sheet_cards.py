"""Living cards of sheets and of things to be fetched (DESIGN 10.1)."""

from datetime import date
from typing import Any

from handlers.said import Body, Row, button, said
from handlers.turn import Company
from rules.people import Deed, Person, may
from rules.pickups import Pickup
from rules.sheet_shapes import Field, SheetKind, Wants
from rules.sheets import Sheet, reads
from rules.trainings import has_question, is_hidden, n_right

_MOST_WORDS = 300


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def sheet_card(sheet: Sheet, person: Person) -> Body:
    """What was told, by whom, by when; what was found; the button for whose it is."""
    if not sheet.seen_by(person):
        return said("card.out-of-sight", {"number": sheet.number})
    lines = [_line("card.sheet-about", number=sheet.about_number)] if sheet.about_number else []
    shown = [one for one in sheet.shape.told if sheet.told.get(one.name) and not is_hidden(sheet, one.name, person)]
    lines += [_field(sheet, one, sheet.told[one.name]) for one in shown]
    lines.append(_line("card.sheet-author", by_id=sheet.author))
    if sheet.is_open and sheet.due_at:
        lines.append(_line("card.sheet-due", due=sheet.due_at))
    if sheet.n_again:
        lines.append(_line("card.sheet-looked" if sheet.sheet is SheetKind.VIP else "card.sheet-again", n=sheet.n_again))
    if sheet.sheet is SheetKind.TRAINING:
        lines += _attended(sheet)
    elif sheet.wanted:
        lines.append(_line("card.sheet-read", n=len(sheet.read_by), of=len(sheet.wanted)))
    lines += [_field(sheet, one, sheet.found[one.name]) for one in sheet.shape.owed if sheet.found.get(one.name)]
    if sheet.closed_by is not None and not sheet.is_open:
        lines.append(_line("card.sheet-closed", by_id=sheet.closed_by))
    is_ending = sheet.sheet is SheetKind.TRAINING and person.id not in sheet.wanted
    label = "button.sheet.end-training" if is_ending else f"button.sheet.close-{sheet.sheet}"
    rows: list[Row] = [[button(label, f"g.{sheet.id}.close", tone="primary")]] if reads(sheet, person) else []
    photos = [one for one in (sheet.told.get("photo"), sheet.found.get("photo")) if one]
    title = _line("card.sheet-title", number=sheet.number, what={"text": f"sheet.kind.{sheet.sheet}"})
    return said("", {}, lines=lines, rows=rows, photos=photos) | {"title": title}


def _attended(sheet: Sheet) -> list[dict[str, Any]]:
    """How many were there, and how many of them answered right (STF-15)."""
    lines = [_line("card.training-attended", n=len(sheet.read_by), of=len(sheet.wanted))]
    return [*lines, _line("card.training-right", n=n_right(sheet), of=len(sheet.read_by))] if has_question(sheet) else lines


def _field(sheet: Sheet, one: Field, value: str) -> dict[str, Any]:
    stem = _stem(sheet.sheet, one, sheet)
    label: dict[str, Any] = {"text": f"{stem}.label"}
    if one.wants is Wants.COLLEAGUE:
        return _line("card.sheet-person", label=label, person_id=int(value))
    shown: Any = value
    if one.wants is Wants.CHOICE:
        shown = {"text": f"{stem}.{value}"}
    elif one.wants is Wants.DAY:
        shown = date.fromisoformat(value[:10])
    elif one.wants is Wants.PHOTO:
        shown = {"text": "word.photo"}
    return _line("card.sheet-line", label=label, value=shown)


def _stem(kind: SheetKind, one: Field, sheet: Sheet) -> str:
    flow = "sheet" if one in sheet.shape.told else "sheet_close"
    return f"{flow}.{kind}_{one.name}"


def _shortened(words: str) -> str:
    """As much of what a customer wrote as a card has room for; the whole came as a message."""
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS]}…"


def pickup_card(pickup: Pickup, person: Person, company: Company) -> Body:
    """What waits for its owner, how often he was told; what becomes of it for the office."""
    if not pickup.seen_by(person):
        return said("card.out-of-sight", {"number": pickup.about_number})
    stage = "here" if pickup.is_bought and pickup.is_open else pickup.stage
    lines = [_line(f"card.pickup-{stage}", parcel=pickup.shipped_as)]
    lines += [_line("card.pickup-told", n=n, at=at) for n, at in enumerate(pickup.notices, 1)]
    lines += [_line("card.pickup-words", words=_shortened(pickup.words))] if pickup.words else []
    lines += [_line("card.pickup-excuse", words=pickup.excuse)] if pickup.excuse else []
    rows: list[Row] = []
    if pickup.is_open and may(person, Deed.MARK_READY, pickup.ties):
        stem = f"e.{pickup.id}"
        rows = [[button("button.collected", f"{stem}.collected", tone="primary")]]
        rows.append([button("button.excuse", f"{stem}.excuse")])
        if len(pickup.notices) >= company.terms.of(pickup.policy_version).policy.records.pickup_notices:
            rows[-1].append(button("button.mail", f"{stem}.mail"))
    title = _line("card.pickup-title", number=pickup.about_number, what=pickup.what)
    return said("", {}, lines=lines, rows=rows) | {"title": title}
