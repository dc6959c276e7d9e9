"""The list before leaving: ticked by tap or by its words, and the call to the customer (PRE-1, PRE-2)."""

from handlers import usual_parts
from handlers.cards import checklist
from handlers.events import Kind
from handlers.picking import pick_list
from handlers.said import Body, button
from handlers.turn import Turn
from rules import dispatch
from rules.orders import Stage, WorkOrder, require_stage
from rules.people import Deed, require
from texts import catalog


def prepare(turn: Turn, order: WorkOrder, _arg: str) -> None:
    """Show the list."""
    require(turn.person, Deed.PREPARE, order.ties)
    require_stage(order, Stage.ACCEPTED, Stage.PREPARING)
    turn.reply_body(_list(turn, order), subject=f"list:{order.id}")


def tick(turn: Turn, order: WorkOrder, item: str) -> None:
    """Tick a line, or take the tick back; the call is asked about first (PRE-2)."""
    if item == "called_user" and item not in order.checklist:
        require(turn.person, Deed.PREPARE, order.ties)
        buttons = [button("called.yes", f"o.{order.id}.called.1"), button("called.no", f"o.{order.id}.called.0")]
        turn.reply("called.ask", {"contact": order.report.contact, "phone": order.report.phone}, rows=[buttons])
        return
    _show(turn, turn.unit.record(order, dispatch.tick(order, item, **turn.deed), by=turn.person.id))


def called(turn: Turn, order: WorkOrder, arg: str) -> None:
    """Whether the customer answered; whoever was not reached is told what comes next (PRE-2)."""
    after = turn.unit.record(order, dispatch.called_user(order, arg == "1", **turn.deed), by=turn.person.id)
    _show(turn, after)
    if arg != "1":
        turn.reply("called.given-up" if "called_user" in after.checklist else "called.again")


def by_word(turn: Turn, text: str, order: WorkOrder) -> bool:
    """Whether typed words are those of a line or of a button of the list; then they do the same (DESIGN 10.2)."""
    if order.stage not in (Stage.ACCEPTED, Stage.PREPARING) or turn.person.id not in order.crew:
        return False
    word, items = catalog.fold(text), turn.under(order).terms.policy.departure.required
    found = next((one for one in items if word in _labels(f"checklist.{one}")), "")
    if word.isdecimal() and 0 < int(word) <= len(items):
        found = items[int(word) - 1]
    if found:
        tick(turn, order, found)
    elif word in _labels("called.yes") or word in _labels("called.no"):
        called(turn, order, "1" if word in _labels("called.yes") else "0")
    else:
        return False
    return True


def _labels(text: str) -> list[str]:
    return [catalog.fold(catalog.texts(one)[text]) for one in catalog.LANGUAGES]


def _list(turn: Turn, order: WorkOrder) -> Body:
    """What to do and to take along before leaving, with what was used on this model before (PRE-1, DSP-8)."""
    usual = usual_parts.of_order(turn.connection, order)
    parts = [*pick_list(turn, order), *usual_parts.list_lines(turn, usual)]
    return checklist(order, turn.company, parts, usual_parts.list_rows(turn, order, usual))


def _show(turn: Turn, order: WorkOrder) -> None:
    """After a tap the list changes where it stands; whoever typed reads it below his words."""
    turn.reply_body(_list(turn, order) | {"edits": turn.event.kind is Kind.PRESS}, subject=f"list:{order.id}")
