"""Parts: used at an order, asked for, issued, taken back, received, counted (PRT)."""

from dataclasses import dataclass, field
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from handlers.flows.parts import choose_part, part_line
from handlers.flows.visit import Found
from handlers.picking import Shelf, key_of_id
from rules.counts import Count
from rules.orders import Step
from rules.part_uses import Disposal, PartUse
from rules.receipts import SOURCES
from rules.requisitions import Line, Requisition
from rules.stock import Part


@dataclass(frozen=True)
class Asked:
    """What somebody wants from the store."""

    lines: tuple[tuple[Part, int], ...]
    proposal: str


@dataclass(frozen=True)
class Numbers:
    """Quantities by part, with words."""

    quantities: dict[int, int]
    words: str = ""


@dataclass(frozen=True)
class Delivered:
    """What came in."""

    source: str
    supplier: str
    lines: tuple[dict[str, Any], ...] = field(default_factory=tuple)


async def use_part(ask: Ask, desk: Desk) -> Found:
    """One more part in three taps: which, why, what became of the old one; it is kept at once."""
    lines = [dict(one) for one in desk.order.found_parts()]
    return Found(Step.PARTS, {"lines": [*lines, await part_line(ask, desk, is_quick=True)]})


async def ask_parts(ask: Ask, desk: Desk) -> Asked:
    """A requisition: parts by number, and what they are for (PRT-1)."""
    shelf, lines = Shelf(desk.turn), list[tuple[Part, int]]()
    for n in range(1, 31):
        labels = shelf.to_draw(also=str(ask.given.get(f"name{n}", "")))
        chosen = await choose_part(ask, shelf, "name", str(n), labels, must_be_known=True)
        quantity = chosen.quantity or await ask.number(f"quantity{n}", at_least=1, at_most=999, is_whole=True)
        assert chosen.part is not None  # what is typed has to lead to the catalogue
        lines.append((chosen.part, int(quantity or 0)))
        if not await ask.yes_no(f"more{n}", in_summary=False):
            break
    proposal = await ask.text("proposal", at_most=500)
    await ask.confirm()
    return Asked(tuple(lines), proposal)


async def req_reject(ask: Ask, desk: Desk) -> Words:
    """Why the requisition is not approved."""
    return Words(await ask.text("words", at_most=500))


async def req_issue(ask: Ask, desk: Desk) -> Numbers:
    """How many of each are handed over, when not all (PRT-2)."""
    given, shelf = dict[int, int](), Shelf(desk.turn)
    for line in (one for one in desk.about(Requisition).lines if one.owed):
        facts = {"part": line.label, "owed": line.owed}
        asked = (f"quantity{line.part}", key_of_id(line.part), line.label)
        given[line.part] = await ask.pieces(*asked, reads=shelf.read, at_most=line.owed, facts=facts)
    return Numbers(given)


async def _open_line(ask: Ask, requisition: Requisition) -> int:
    """Which of the lines that are still out; nobody is asked where there is one."""
    lines = {f"{line.part}": f"{line.label}（{line.open}）" for line in requisition.lines if line.open}
    return int(next(iter(lines)) if len(lines) == 1 else await ask.choice("line", list(lines), labels=lines))


async def _pieces(ask: Ask, line: Line) -> int:
    """How many of those that are out."""
    facts = {"part": line.label, "open": line.open}
    return int(await ask.number("quantity", at_least=1, at_most=9999, is_whole=True, facts=facts) or 0)


async def req_back(ask: Ask, desk: Desk) -> Numbers:
    """What comes back unused (PRT-6)."""
    requisition = desk.about(Requisition)
    line = requisition.line(await _open_line(ask, requisition))
    return Numbers({line.part: await _pieces(ask, line)})


async def req_loss(ask: Ask, desk: Desk) -> Numbers:
    """What was lost, and how (PRT-6)."""
    requisition = desk.about(Requisition)
    line = requisition.line(await _open_line(ask, requisition))
    return Numbers({line.part: await _pieces(ask, line)}, await ask.text("words", at_most=500))


async def use_number(ask: Ask, desk: Desk) -> Words:
    """Which catalogue number a free text is (PRT-8)."""
    use, shelf = desk.about(PartUse), Shelf(desk.turn)
    free = {str(n): line.name for n, line in enumerate(use.lines) if line.name not in use.parts}
    first = next(iter(free), "0")
    n = first if len(free) <= 1 else await ask.choice("line", list(free), labels=free)
    chosen = await choose_part(ask, shelf, "name", "", shelf.to_draw(), must_be_known=True)
    return Words(use.lines[int(n)].name, picked=chosen.part)


async def use_dispose(ask: Ask, desk: Desk) -> Words:
    """What becomes of an old part (PRT-7)."""
    use = desk.about(PartUse)
    here = {str(n): line.label for n, line in enumerate(use.lines) if line.received_by is not None and not line.disposal}
    n = next(iter(here), "0") if len(here) <= 1 else await ask.choice("line", list(here), labels=here)
    return Words("", more=await ask.choice("disposal", [str(one) for one in Disposal]), picked=int(n))


async def goods_receipt(ask: Ask, desk: Desk) -> Delivered:
    """Goods in: from where, which parts, how many are good, how many are refused and why (PRT-9, PRT-11)."""
    shelf, lines = Shelf(desk.turn), list[dict[str, Any]]()
    source = await ask.choice("source", SOURCES)
    supplier = await ask.text("supplier", at_most=60, optional=True)
    for n in range(1, 31):
        labels = shelf.to_draw(also=str(ask.given.get(f"name{n}", "")))
        chosen = await choose_part(ask, shelf, "name", str(n), labels, must_be_known=True)
        assert chosen.part is not None  # what is typed has to lead to the catalogue
        line: dict[str, Any] = {"part": chosen.part.id, "label": chosen.part.label}
        line["taken"] = int(chosen.quantity or await ask.number(f"taken{n}", at_most=99_999, is_whole=True) or 0)
        line["refused"] = int(await ask.number(f"refused{n}", at_most=99_999, is_whole=True, optional=True) or 0)
        if line["refused"]:
            line["reason"] = await ask.text(f"reason{n}", at_most=200)
            photo = await ask.photo(f"photo{n}", optional=True)
            line["photo"] = photo["photo"] if photo else ""
        lines.append(line)
        if not await ask.yes_no(f"more{n}", in_summary=False):
            break
    await ask.confirm()
    return Delivered(source, supplier or "", tuple(lines))


async def count_note(ask: Ask, desk: Desk) -> Numbers:
    """Part by part, without a look at the book (PRT-13)."""
    found, shelf = dict[int, int](), Shelf(desk.turn)
    for line in desk.about(Count).left[:20]:
        asked = (f"n{line.part}", key_of_id(line.part), line.label)
        found[line.part] = await ask.pieces(*asked, reads=shelf.read, at_most=99_999, facts={"part": line.label})
    return Numbers(found)


async def count_reason(ask: Ask, desk: Desk) -> Words:
    """Where the differences come from."""
    lines = [f"{line.label} {line.difference:+d}" for line in desk.about(Count).differences]
    return Words(await ask.text("words", at_most=500, facts={"lines": lines}))


async def stock_find(ask: Ask, desk: Desk) -> Words:
    """Which part's card is wanted."""
    shelf = Shelf(desk.turn)
    chosen = await choose_part(ask, shelf, "name", "", shelf.to_draw(), must_be_known=True)
    return Words("", picked=chosen.part)
