"""Lists and buttons of sheets, things to be fetched and documents (RULEBOOK 25)."""

from handlers import documents, goods, goods_outcomes, sheet_outcomes
from handlers.flowbook import ENGINE
from handlers.flows.sheets import Filled
from handlers.said import button, in_rows, literal_button
from handlers.turn import Turn
from rules import pickups, sheets, trainings
from rules.cases import Case, require_open
from rules.documents import Document
from rules.goods import Goods
from rules.people import Deed, may, require
from rules.pickups import Pickup
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet
from storage import cases
from storage.cases import KINDS

LETTERS = {"g": "sheet", "e": "pickup", "l": "document", "wk": "goods"}
MOST = 12
_PICKUP_FLOWS = {"excuse": "excuse", "mail": "parcel"}


def show_sheets(turn: Turn, _arg: str = "") -> None:
    """Open sheets that one may see, and those that one may begin here."""
    kinds = sheets.kinds_for(turn.person, turn.terms)
    found = [one for one in cases.open_ones(turn.connection, Sheet, visible_to=turn.person) if one.seen_by(turn.person)]
    sheets.require_any(turn.person, turn.terms)
    lines = [
        {"text": "sheet.line", "facts": {"number": one.number, "what": {"text": f"sheet.kind.{one.sheet}"}, "due": one.due_at}}
        for one in found[:MOST]
    ]
    rows = in_rows([button(f"sheet.new.{one}", f"g.0.new.{one}") for one in kinds])
    rows += in_rows([literal_button(one.number, f"g.{one.id}.card") for one in found[:MOST]], 3)
    if may(turn.person, Deed.BORROW_DOCUMENT):
        rows.append([button("menu.documents", "m.documents"), button("menu.machine", "m.machine")])
    turn.reply("sheet.list" if found else "sheet.list-none", {"n": len(found)}, lines=lines, rows=rows)


def pressed(turn: Turn, letter: str, case_id: int, action: str, arg: str) -> None:
    """A button of a sheet or the like; what it names is looked up and every right checked again (story 11)."""
    if action == "new":
        _begin(turn, letter, arg)
        return
    found = turn.case(KINDS[LETTERS[letter]], case_id)
    if action == "card":
        turn.show(found.subject)
    else:
        _press(turn.under(found), found, action)


def _begin(turn: Turn, letter: str, arg: str) -> None:
    if letter == "l":
        documents.begin(turn)
    elif letter == "wk":
        goods.begin(turn)
    else:
        begin_sheet(turn, arg)


def begin_sheet(turn: Turn, kind: str, order: int | None = None) -> None:
    """Ask what a form asks; whoever may not begin one hears so before he types."""
    if kind not in set(SheetKind):
        turn.reply("talk.passed")
        return
    sheets.require_kind(SheetKind(kind), by=turn.person, terms=turn.terms)
    ENGINE.start(turn, "sheet", order=order, args={"kind": kind})


def _press(turn: Turn, found: Case, action: str) -> None:
    if isinstance(found, Document):
        documents.press(turn, found, action)
    elif isinstance(found, Goods):
        goods.press(turn, found, action)
    elif isinstance(found, Sheet) and action == "close":
        sheets.require_closer(found, turn.person)
        if trainings.is_for(found, turn.person) and trainings.has_question(found):
            trainings.require_attendable(found, **turn.deed)
            ENGINE.start(turn, "attend", about=found.subject)
        elif found.shape.owed:
            ENGINE.start(turn, "sheet_close", about=found.subject)
        else:
            sheet_outcomes.closed(turn, found, Filled(found.sheet, {}))
    elif isinstance(found, Pickup) and action in {"collected", *_PICKUP_FLOWS}:
        require(turn.person, Deed.MARK_READY, found.ties)
        require_open(found)
        if action == "collected":
            _collected(turn, found)
            return
        if action == "mail":
            pickups.require_mailable(found, by=turn.person, terms=turn.terms)
        ENGINE.start(turn, _PICKUP_FLOWS[action], about=found.subject)
    else:
        turn.reply("talk.passed")


def _collected(turn: Turn, pickup: Pickup) -> None:
    """What comes from the workshop goes out against a signature and the receipt (WKS-7)."""
    found = goods_outcomes.of_pickup(turn, pickup)
    if found is None:
        sheet_outcomes.fetched(turn, pickup)
    else:
        goods.back(turn, found)
