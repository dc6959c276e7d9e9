"""Everything that is known of a machine or an article (MNT-16)."""

from typing import Any

from handlers.said import in_rows, literal_button
from handlers.turn import Turn
from rules.contracts import Contract
from rules.documents import Document
from rules.orders import WorkOrder
from rules.people import Deed, Person, require
from rules.sheets import Sheet
from storage import cases, orders

MOST = 12
_KINDS: tuple[tuple[type[Contract | Sheet | Document], str], ...] = ((Contract, "k"), (Sheet, "g"), (Document, "l"))


def show(turn: Turn, words: str) -> None:
    """All events of a machine: calls, contracts, accidents and overhauls, its papers (MNT-16)."""
    require(turn.person, Deed.SEARCH)
    found = orders.of_machine(turn.connection, words, visible_to=turn.person, limit=MOST)
    lines = [
        {
            "text": "list.line",
            "facts": {"number": one.number, "stage": {"text": f"stage.{one.stage}"}, "what": one.report.fault},
        }
        for one in found
    ]
    rows = in_rows([literal_button(one.number, f"o.{one.id}.card") for one in found], 3)
    for kind, letter in _KINDS:
        every: list[Contract | Sheet | Document] = list(cases.every(turn.connection, kind))
        beside = [one for one in every if _names(one, words) and _sees(one, turn.person)][-MOST:]
        lines += [_beside(one) for one in beside]
        rows += in_rows([literal_button(one.number, f"{letter}.{one.id}.card") for one in beside], 3)
    turn.reply("machine.head" if lines else "machine.none", {"words": words, "n": len(lines)}, lines=lines, rows=rows)


def _call(one: WorkOrder) -> dict[str, Any]:
    facts = {"number": one.number, "stage": {"text": f"stage.{one.stage}"}, "what": one.report.fault}
    return {"text": "list.line", "facts": facts}


def _sees(one: Contract | Sheet | Document, person: Person) -> bool:
    return bool(one.seen_by(person))


def _names(one: Contract | Sheet | Document, words: str) -> bool:
    """Whether a contract, a sheet or a document is about a machine or an article of that name."""
    if isinstance(one, Contract):
        told = list(one.products)
    elif isinstance(one, Document):
        told = [one.article, one.title]
    else:
        told = [one.told.get("machine", ""), one.told.get("article", "")]
    return any(words.casefold() in text.casefold() for text in told)


def _beside(one: Contract | Sheet | Document) -> dict[str, Any]:
    if isinstance(one, Document):
        return entry(one)
    if isinstance(one, Contract):
        return {"text": "machine.contract", "facts": {"number": one.number, "start": one.starts_on, "end": one.ends_on}}
    facts = {"number": one.number, "what": {"text": f"sheet.kind.{one.sheet}"}, "at": one.opened_at}
    return {"text": "machine.sheet", "facts": facts}


def entry(one: Document) -> dict[str, Any]:
    """A document as a line of a list."""
    facts = {
        "number": one.number,
        "title": one.title,
        "article": one.article or "—",
        "stage": {"text": f"document.{one.stage}"},
    }
    return {"text": "document.line", "facts": facts}
