"""The store at a glance: what waits, what is there, what somebody has with him (PRT-8, PRT-12)."""

from collections.abc import Callable
from typing import Any

from handlers import dealing_outcomes as dealt
from handlers import filing
from handlers import stock_outcomes as done
from handlers.flowbook import ENGINE
from handlers.picking import Shelf
from handlers.said import button, in_rows, literal_button
from handlers.turn import Turn
from rules.backorders import Backorder
from rules.cases import Case
from rules.claims import Claim
from rules.counts import Count
from rules.labels import SHEET
from rules.part_uses import PartUse
from rules.people import Deed, may, require
from rules.refusals import Refused
from rules.requisitions import Requisition
from rules.shipments import Shipment
from rules.stock import PlaceKind, Quality
from rules.transfers import Transfer
from storage import cases, stock
from storage.subjects import token
from storage.unit import waiting_for

MOST_LISTED = 12
_LISTED: tuple[type[Case], ...] = (Requisition, PartUse, Count, Transfer, Shipment, Claim, Backorder)


def show(turn: Turn, _arg: str = "") -> None:
    """What waits in the store, first what waits for this person; then what can be done."""
    require(turn.person, Deed.SEE_STOCK)
    found = [one for kind in _LISTED for one in cases.open_ones(turn.connection, kind, visible_to=turn.person)]
    mine = waiting_for(turn.connection, turn.person.id, found)
    ordered = sorted(found, key=lambda one: one not in mine)[:MOST_LISTED]
    lines = [_line(one, is_mine=one in mine) for one in ordered]
    rows = in_rows([literal_button(one.number, token(one, "card")) for one in ordered], 3)
    facts = {"n": len(found), "n_mine": len(mine)}
    turn.reply("list.stock" if ordered else "list.stock-none", facts, lines=lines, rows=rows + _more(turn))


def _line(case: Case, *, is_mine: bool) -> dict[str, Any]:
    what, stage = {"text": f"kind.{case.kind}"}, {"text": f"{case.kind}.stage.{case.stage}"}
    facts = {"mark": "▶" if is_mine else "・", "number": case.number, "what": what, "stage": stage}
    return {"text": "stock.waiting", "facts": facts}


def _more(turn: Turn) -> list[list[dict[str, Any]]]:
    """What the store's keeper can begin."""
    names = [
        *(("find", Deed.SEE_STOCK), ("shelf", Deed.SEE_STOCK), ("receive", Deed.KEEP_STOCK), ("count", Deed.COUNT_STOCK)),
        *(("send", Deed.KEEP_STOCK), ("stations", Deed.SEE_STOCK), ("lend", Deed.KEEP_STOCK), ("loans", Deed.KEEP_STOCK)),
        *(("ship", Deed.KEEP_STOCK), ("wait", Deed.KEEP_BACKORDERS), ("old_parts", Deed.SEE_STOCK)),
    ]
    return in_rows([button(f"stock.do.{name}", f"i.{name}") for name, deed in names if may(turn.person, deed)])


def show_van(turn: Turn, _arg: str = "") -> None:
    """What one has with him, and what one has asked for."""
    require(turn.person, Deed.ASK_PARTS)
    lines = [{"text": "stock.in-hand", "facts": {"part": part.label, "n": n}} for part, n in Shelf(turn).in_hand()]
    own = [
        one for one in cases.open_ones(turn.connection, Requisition, visible_to=turn.person) if one.requester == turn.person.id
    ]
    rows = in_rows([literal_button(one.number, token(one, "card")) for one in own[:9]], 3)
    rows.append([button("stock.do.ask", "i.ask", tone="primary"), button("stock.do.ship", "i.ship")])
    turn.reply("stock.van" if lines else "stock.van-none", {"n": len(lines)}, lines=lines, rows=rows)


def _shelf(turn: Turn, _arg: str) -> None:
    """What is in the branch's store, with the bin it lies in."""
    require(turn.person, Deed.SEE_STOCK)
    store = done.store_for(turn, done.branch_of(turn))
    kept = stock.kept(turn.connection, store.id, limit=60)
    lines = [{"text": "stock.on-shelf", "facts": {"part": part.label, "n": n, "bin": part.bin or "—"}} for part, n in kept]
    turn.reply("stock.shelf" if lines else "stock.shelf-none", {"n": len(kept)}, lines=lines)


def _stations(turn: Turn, _arg: str) -> None:
    """Each station's own account, and what is on its way to it (PRT-14)."""
    require(turn.person, Deed.SEE_STOCK)
    lines = []
    for place in stock.places_in(turn.connection, done.branch_of(turn), PlaceKind.STATION):
        lines.append({"text": "stock.station", "facts": {"place": place.name}})
        for quality in (Quality.GOOD, Quality.TRANSIT):
            text = "stock.in-hand" if quality is Quality.GOOD else "stock.in-transit"
            kept = stock.kept(turn.connection, place.id, quality, limit=40)
            lines += [{"text": text, "facts": {"part": part.label, "n": n}} for part, n in kept]
    turn.reply("stock.stations" if lines else "stock.stations-none", lines=lines)


def _loans(turn: Turn, _arg: str) -> None:
    """Tools on loan, each with a button that takes it back (PRT-19)."""
    require(turn.person, Deed.KEEP_STOCK)
    lines: list[dict[str, Any]] = []
    rows: list[list[dict[str, Any]]] = []
    for van in stock.places_in(turn.connection, done.branch_of(turn), PlaceKind.VAN):
        for part, n in stock.kept(turn.connection, van.id, Quality.LOANED):
            lines.append({"text": "stock.loan", "facts": {"part": part.label, "n": n, "person_id": van.person}})
            if van.person != turn.person.id and len(rows) < 9:
                rows.append([button("stock.do.back", f"i.back.{van.id}-{part.id}", part=part.label)])
    turn.reply("stock.loans" if lines else "stock.loans-none", lines=lines, rows=rows)


def _ship(turn: Turn, _arg: str) -> None:
    """Freight of parts that were mailed; the technician may have mailed them himself (PRT-15)."""
    if not may(turn.person, Deed.KEEP_STOCK):
        require(turn.person, Deed.ASK_PARTS)
    ENGINE.start(turn, "shipment")


def _count(turn: Turn, arg: str) -> None:
    """Which place is counted: the store, or somebody's van."""
    require(turn.person, Deed.COUNT_STOCK)
    branch = done.branch_of(turn)
    store = done.store_for(turn, branch)
    known = {store.id: store} | {one.id: one for one in stock.places_in(turn.connection, branch)}
    if arg:
        place = known.get(int(arg))
        if place is None:
            raise Refused("no-such-case", rule="ROL-1")
        done.begin_count(turn, place)
        return
    buttons = [_place_button(turn, place) for place in known.values() if place.kind is not PlaceKind.STATION]
    turn.reply("stock.count-which", rows=in_rows(buttons))


def _place_button(turn: Turn, place: Any) -> dict[str, Any]:
    name = done.name_of(turn, place)
    where = f"i.count.{place.id}"
    return literal_button(name, where) if isinstance(name, str) else button("place.store", where, tone="primary")


def _begins(flow: str, deed: Deed) -> Callable[[Turn, str], None]:
    def start(turn: Turn, _arg: str) -> None:
        require(turn.person, deed)
        ENGINE.start(turn, flow)

    return start


def _labels(turn: Turn, arg: str) -> None:
    """A sheet of labels for a part, to be printed (PRT-8)."""
    require(turn.person, Deed.KEEP_STOCK)
    part = stock.parts_of(turn.connection, [int(arg)]).get(int(arg))
    if part is None:
        turn.reply("talk.passed")
        return
    turn.reply("stock.labels-ready", {"part": part.label}, papers=[f"{SHEET}{part.id}"])


PRESSES: dict[str, Callable[[Turn, str], None]] = {
    "labels": _labels,
    "find": _begins("stock_find", Deed.SEE_STOCK),
    "shelf": _shelf,
    "receive": _begins("goods_receipt", Deed.KEEP_STOCK),
    "count": _count,
    "ask": _begins("ask_parts", Deed.ASK_PARTS),
    "send": _begins("transfer", Deed.KEEP_STOCK),
    "stations": _stations,
    "lend": _begins("tool_lend", Deed.KEEP_STOCK),
    "loans": _loans,
    "back": dealt.brought_back,
    "ship": _ship,
    "wait": _begins("backorder", Deed.KEEP_BACKORDERS),
    "old_parts": filing.show_old_parts,
}
"""What a button `i.<name>.<argument>` does."""


def press(turn: Turn, name: str, arg: str) -> None:
    """A button of the store; an unknown one has passed."""
    found = PRESSES.get(name)
    if found is None:
        turn.reply("talk.passed")
        return
    found(turn, arg)
