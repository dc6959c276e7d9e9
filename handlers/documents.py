"""Documents in chat: the list, the card, asked for, lent, taken back (REC-4, REC-8)."""

from typing import Any

from handlers import machines
from handlers.flowbook import ENGINE
from handlers.said import Body, Row, button, in_rows, literal_button, said
from handlers.turn import Turn
from rules import documents
from rules.documents import Document
from rules.people import Deed, Person, may, require
from storage import cases

MOST = 12


def show_documents(turn: Turn, _arg: str = "") -> None:
    """What the branch keeps, and who has it."""
    if not may(turn.person, Deed.KEEP_DOCUMENTS):
        require(turn.person, Deed.BORROW_DOCUMENT)
    found = [one for one in cases.open_ones(turn.connection, Document, visible_to=turn.person) if one.seen_by(turn.person)]
    rows = in_rows([literal_button(one.number, f"l.{one.id}.card") for one in found[:MOST]], 3)
    if may(turn.person, Deed.KEEP_DOCUMENTS):
        rows.insert(0, [button("document.add", "l.0.new", tone="primary")])
    turn.reply(
        "document.list" if found else "document.list-none", lines=[machines.entry(one) for one in found[:MOST]], rows=rows
    )


def begin(turn: Turn) -> None:
    require(turn.person, Deed.KEEP_DOCUMENTS)
    ENGINE.start(turn, "document")


def press(turn: Turn, document: Document, action: str) -> None:
    """Ask for it, lend it, take it back."""
    rulings = {"ask": documents.ask_for, "lend": documents.lend, "back": documents.take_back}
    if action not in rulings:
        turn.reply("talk.passed")
        return
    after = turn.unit.record(document, rulings[action](document, **turn.deed), by=turn.person.id)
    turn.show(after.subject, f"done.document-{action}", number=after.number)


def document_card(document: Document, person: Person) -> Body:
    """What it is, where it lies, who has it; the buttons that are a person's to press."""
    if not document.seen_by(person):
        return said("card.out-of-sight", {"number": document.number})
    lines = [{"text": "card.document-sort", "facts": {"sort": {"text": f"document.sort.{document.sort}"}}}]
    if document.article:
        lines.append({"text": "card.document-article", "facts": {"article": document.article}})
    if document.place:
        lines.append({"text": "card.document-place", "facts": {"place": document.place}})
    if document.holder is not None:
        lines.append(
            {"text": "card.document-holder", "facts": {"holder_id": document.holder, "since": document.loans[-1].since}}
        )
    if document.asked_by is not None:
        lines.append({"text": "card.document-asked", "facts": {"asker_id": document.asked_by}})
    title = {"text": "card.document-title", "facts": {"number": document.number, "title": document.title}}
    photos = [document.photo] if document.photo else []
    return said("", {}, lines=lines, rows=_rows(document, person), photos=photos) | {"title": title}


def _rows(document: Document, person: Person) -> list[Row]:
    stem, row = f"l.{document.id}", list[dict[str, Any]]()
    if may(person, Deed.KEEP_DOCUMENTS):
        if document.holder is not None and document.holder != person.id:
            row.append(button("button.document_back", f"{stem}.back", tone="primary"))
        elif document.holder is None and document.asked_by not in (None, person.id):
            row.append(button("button.document_lend", f"{stem}.lend", tone="primary"))
    if may(person, Deed.BORROW_DOCUMENT) and person.id not in (document.holder, document.asked_by):
        row.append(button("button.document_ask", f"{stem}.ask"))
    return [row] if row else []


def show_machine(turn: Turn, words: str = "") -> None:
    """All events of a machine, which is asked for where it was not said (MNT-16)."""
    require(turn.person, Deed.SEARCH)
    if words.strip():
        machines.show(turn, words.strip())
    else:
        ENGINE.start(turn, "machine")
