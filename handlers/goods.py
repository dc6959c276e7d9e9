"""Goods taken in: the register, and where each button of a card goes (WKS-3, WKS-16)."""

from collections.abc import Callable
from typing import Any

from handlers.flowbook import ENGINE
from handlers.goods_cards import sheet_lines
from handlers.goods_outcomes import call_for, passed, record, shown_text
from handlers.said import button, in_rows, literal_button, said
from handlers.turn import Turn
from rules import goods as rules_of_goods
from rules import workshop
from rules.decisions import Ruling
from rules.goods import CARD, RECEIPT, Goods, GoodsStage, is_near, require_at, require_near, require_returnable, require_takable
from rules.orders import WorkOrder
from rules.people import Deed, may, require
from rules.refusals import Refused
from storage import cases, orders

MOST = 12
_IN_WORK = (GoodsStage.REGISTERED, GoodsStage.IN_REPAIR)
_SEEING = (Deed.REGISTER_GOODS, Deed.REPAIR_GOODS, Deed.INSPECT_GOODS)


def show_register(turn: Turn, _arg: str = "") -> None:
    """All that customers have with us, the oldest first, with its age and its planned day (WKS-3, WKS-16)."""
    if not any(may(turn.person, deed) for deed in _SEEING):
        require(turn.person, Deed.REGISTER_GOODS)
    found = [one for one in cases.every_open(turn.connection, Goods) if one.seen_by(turn.person)][:MOST]
    rows = in_rows([literal_button(one.number, f"wk.{one.id}.card") for one in found], 3)
    if may(turn.person, Deed.REGISTER_GOODS):
        rows.insert(0, [button("goods.take_in", "wk.0.new", tone="primary")])
    lines = [_entry(turn, one) for one in found]
    turn.reply("goods.list" if found else "goods.list-none", {"n": len(found)}, lines=lines, rows=rows)


def _entry(turn: Turn, goods: Goods) -> dict[str, Any]:
    stage = {"text": f"goods.stage.{goods.stage}"}
    facts = {"number": goods.number, "what": goods.what, "stage": stage, "due": goods.due_at, "age": turn.now - goods.opened_at}
    return {"text": "goods.line", "facts": facts}


def begin(turn: Turn) -> None:
    """Over the counter."""
    require(turn.person, Deed.REGISTER_GOODS)
    ENGINE.start(turn, "take_in")


def take_back(turn: Turn, order: WorkOrder, _arg: str = "") -> None:
    """From an order; what is written down and not signed yet is shown again (WKS-1, WKS-2)."""
    require_takable(order, by=turn.person)
    noted = [one for one in cases.about(turn.connection, Goods, order.subject) if one.stage == GoodsStage.NOTED]
    if noted:
        turn.show(noted[-1].subject)
        return
    known = {"what": order.report.model, "serial": order.report.serial}
    ENGINE.start(turn, "take_back", order=order.id, answers={key: value for key, value in known.items() if value})


def ready(turn: Turn, order: WorkOrder, _arg: str = "") -> None:
    """The button of an order: what was inspected waits for its owner (WKS-5, SLA-10)."""
    require(turn.person, Deed.MARK_READY, order.ties)
    found = cases.about(turn.connection, Goods, order.subject)
    if not found:
        raise Refused("not-taken-back", rule="SLA-10", number=order.number)
    call_for(turn, found[-1])


def scanned(turn: Turn, number: str) -> None:
    """The code on a repair card opens its card for whoever works there, and for nobody else (WKS-4)."""
    found = cases.by_number(turn.connection, Goods, number)
    if found is None or not found.seen_by(turn.person):
        raise Refused("no-such-case", rule="ROL-1")
    turn.show(found.subject)


def press(turn: Turn, goods: Goods, action: str) -> None:
    """A button of a card; the decision checks every right again."""
    found = _ACTIONS.get(action)
    if found is None:
        turn.reply("talk.passed")
        return
    found(turn, goods)


def _decides(decide: Callable[..., Ruling[Goods]], done: str) -> Callable[[Turn, Goods], None]:
    def act(turn: Turn, goods: Goods) -> None:
        record(turn, goods, decide(goods, **turn.deed), done)

    return act


def _asks(flow: str, deed: Deed, *stages: GoodsStage) -> Callable[[Turn, Goods], None]:
    """An action that asks something first; whoever may not do it, or not now, hears so before he types."""

    def start(turn: Turn, goods: Goods) -> None:
        require_near(turn.person, deed, goods)
        require_at(goods, *stages)
        ENGINE.start(turn, flow, about=goods.subject)

    return start


def _asks_parts(turn: Turn, goods: Goods) -> None:
    """A requisition for this repair: nothing leaves the store for the workshop without one (WKS-4, PRT-2)."""
    require_near(turn.person, Deed.REPAIR_GOODS, goods)
    require(turn.person, Deed.ASK_PARTS)
    require_at(goods, *_IN_WORK)
    ENGINE.start(turn, "ask_parts", about=goods.subject)


def _custody(turn: Turn, goods: Goods) -> None:
    require_at(goods, GoodsStage.NOTED)
    if turn.person.id != goods.taken_by:
        require_near(turn.person, Deed.REGISTER_GOODS, goods)
    _sign(turn, goods, "custody")


def back(turn: Turn, goods: Goods) -> None:
    """Give it back; before the inspection nothing goes out (WKS-5, WKS-7)."""
    require_returnable(goods, by=turn.person)
    _sign(turn, goods, "goods_back")


def _sign(turn: Turn, goods: Goods, flow: str) -> None:
    """What the customer is shown is what he signs; about an order he may also draw his name on a screen."""
    order = orders.by_id(turn.connection, goods.about_order or 0)
    args = {"goods": goods.id, "shown": shown_text(turn, goods), "may_be_drawn": order is not None}
    args |= {"customer": goods.customer_name}
    args["has_sheet"] = goods.check_in is not None
    if order is not None:
        ENGINE.start(turn, flow, order=order.id, args=args)
    else:
        ENGINE.start(turn, flow, about=goods.subject, args=args)


def _sheet(turn: Turn, goods: Goods) -> None:
    """A vehicle as it came, with its four sides (WKS-14)."""
    if goods.check_in is None:
        turn.reply("talk.passed")
        return
    photos = [photo for _side, photo in goods.check_in.sides]
    turn.reply_body(said("goods.sheet", {"number": goods.number}, lines=sheet_lines(goods), photos=photos))


def _inspects(turn: Turn, goods: Goods) -> None:
    passed(turn, goods)


def _fails(turn: Turn, goods: Goods) -> None:
    workshop.require_inspector(goods, by=turn.person)
    ENGINE.start(turn, "goods_failed", about=goods.subject)


def _paper(name: str, text: str) -> Callable[[Turn, Goods], None]:
    """A paper of the office's, printed anew."""

    def show(turn: Turn, goods: Goods) -> None:
        if not is_near(turn.person, Deed.REPAIR_GOODS, goods):
            require_near(turn.person, Deed.REGISTER_GOODS, goods)
        turn.reply_body(said(text, {"number": goods.number}, papers=[f"{name}{goods.id}"]))

    return show


_ACTIONS: dict[str, Callable[[Turn, Goods], None]] = {
    "custody": _custody,
    "drop": _decides(rules_of_goods.drop, "done.goods_drop"),
    "register": _decides(rules_of_goods.register, "done.goods_register"),
    "start": _decides(workshop.start, "done.goods_start"),
    "stop": _decides(workshop.stop, "done.goods_stop"),
    "part": _asks("goods_part", Deed.REPAIR_GOODS, GoodsStage.IN_REPAIR),
    "ask_parts": _asks_parts,
    "done": _asks("goods_done", Deed.REPAIR_GOODS, GoodsStage.IN_REPAIR),
    "pass": _inspects,
    "fail": _fails,
    "late": _asks("goods_late", Deed.REPAIR_GOODS, *rules_of_goods.IN_WORK),
    "hopeless": _asks("goods_hopeless", Deed.REPAIR_GOODS, *_IN_WORK),
    "settle": _asks("goods_settle", Deed.SETTLE_GOODS, GoodsStage.CANNOT_REPAIR),
    "back": back,
    "sheet": _sheet,
    "receipt": _paper(RECEIPT, "goods.paper-receipt"),
    "label": _paper(CARD, "goods.paper-card"),
}
