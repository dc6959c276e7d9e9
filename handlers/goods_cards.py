"""The living card of goods taken in, and the receipt in words (WKS-2, WKS-4, WKS-15)."""

from typing import Any

from handlers.said import Body, Row, button, said
from rules.goods import IN_WORK, Goods, GoodsStage, is_near
from rules.people import Deed, Person
from texts import catalog


def _line(text: str, **facts: Any) -> dict[str, Any]:
    return {"text": text, "facts": facts}


def stage_of(goods: Goods) -> dict[str, str]:
    """Where it stands, in words; what goes back as it is was not inspected (WKS-13)."""
    stage = "as_it_is" if goods.settlement and goods.stage == GoodsStage.READY else goods.stage
    return {"text": f"goods.stage.{stage}"}


def goods_card(goods: Goods, person: Person) -> Body:
    """What it is, where it stands, until when; time, parts and inspection for the office, with the buttons that come next."""
    if not goods.seen_by(person):
        return said("card.out-of-sight", {"number": goods.number})
    lines = [_line("card.goods-stage", stage=stage_of(goods))]
    lines += [_line("card.goods-serial", serial=goods.serial)] if goods.serial else []
    lines += [_line("card.goods-accessories", words=goods.accessories)] if goods.accessories else []
    lines += sheet_lines(goods)
    if goods.stage in (GoodsStage.NOTED, *IN_WORK):
        lines.append(_line("card.goods-due", due=goods.due_at))
    if person.id != goods.customer:
        lines += _of_the_workshop(goods)
    if goods.out_at is not None:
        lines.append(_line("card.goods-out", at=goods.out_at))
    rows = [] if person.id == goods.customer or not goods.is_open else _rows(goods, person)
    title = _line("card.goods-title", number=goods.number, what=goods.what)
    return said("", {}, lines=lines, rows=rows) | {"title": title}


def sheet_lines(goods: Goods) -> list[dict[str, Any]]:
    """What the check-in sheet says, and how it was at the hand-over; nothing for what is no vehicle (WKS-14)."""
    sheet, lines = goods.check_in, list[dict[str, Any]]()
    if sheet is None:
        return []
    lines.append(_line("check_in.read", mileage=sheet.mileage, fuel={"text": f"check_in.fuel.{sheet.fuel}"}))
    told = (("outside", sheet.outside), ("inside", sheet.inside), ("belongings", sheet.belongings))
    for name, words in told:
        lines.append(_line("check_in.line", what={"text": f"check_in.{name}.label"}, words=words or {"text": "word.none"}))
    lines += [_line("check_in.kept")] if sheet.is_reminded else []
    if goods.compared is not None:
        text = "check_in.as-noted" if goods.compared.is_as_noted else "check_in.differs"
        lines.append(_line(text, words=goods.compared.differences))
    return lines


def _of_the_workshop(goods: Goods) -> list[dict[str, Any]]:
    lines = [_line("card.goods-reason", words=goods.fault)]
    if goods.holder is not None:
        lines.append(_line("card.goods-holder", holder_id=goods.holder))
    if goods.works:
        lines.append(_line("card.goods-minutes", n=goods.minutes))
    lines += [_line("card.goods-part", name=one.name, n=one.quantity) for one in goods.parts]
    lines += [_line("card.goods-done", words=goods.done)] if goods.done else []
    for one in goods.inspections:
        text = "card.goods-passed" if one.has_passed else "card.goods-failed"
        lines.append(_line(text, by_id=one.by, at=one.at, words=one.words))
    if goods.settlement:
        lines.append(_line("card.goods-settlement", what={"text": f"goods.settle.{goods.settlement}"}))
    if goods.receipt:
        lines.append(_line("card.goods-receipt", how={"text": f"goods.receipt.{goods.receipt}"}))
    return lines


def _rows(goods: Goods, person: Person) -> list[Row]:
    """The buttons that come next, then the papers; they mirror the decisions, which check again."""
    wanted = [one for one, deed in _NEXT.get(GoodsStage(goods.stage), ()) if is_near(person, deed, goods)]
    if goods.stage == GoodsStage.NOTED and person.id == goods.taken_by:
        wanted = ["custody", "drop"]
    if goods.stage == GoodsStage.IN_REPAIR:
        wanted = [one for one in wanted if one != ("start" if goods.at_work else "stop")]
    if goods.stage == GoodsStage.REPAIRED and person.id in goods.repairers:
        wanted = [one for one in wanted if one not in ("pass", "fail")]
    stem = f"wk.{goods.id}"
    rows: list[Row] = [[button(f"button.goods.{wanted[0]}", f"{stem}.{wanted[0]}", tone="primary")]] if wanted else []
    rest = [button(f"button.goods.{one}", f"{stem}.{one}") for one in wanted[1:]]
    rows += [rest[n : n + 2] for n in range(0, len(rest), 2)]
    if goods.stage != GoodsStage.NOTED:
        papers = ["receipt", "label"] if is_near(person, Deed.REGISTER_GOODS, goods) else ["label"]
        papers += ["sheet"] if goods.check_in is not None else []
        rows.append([button(f"button.goods.{one}", f"{stem}.{one}") for one in papers])
    return rows


_LATE = (("late", Deed.REPAIR_GOODS), ("hopeless", Deed.REPAIR_GOODS))
_NEXT: dict[GoodsStage, tuple[tuple[str, Deed], ...]] = {
    GoodsStage.NOTED: (("custody", Deed.REGISTER_GOODS), ("drop", Deed.REGISTER_GOODS)),
    GoodsStage.TAKEN: (("register", Deed.REGISTER_GOODS), ("late", Deed.REPAIR_GOODS)),
    GoodsStage.REGISTERED: (("start", Deed.REPAIR_GOODS), ("ask_parts", Deed.REPAIR_GOODS), *_LATE),
    GoodsStage.IN_REPAIR: (
        ("done", Deed.REPAIR_GOODS),
        ("start", Deed.REPAIR_GOODS),
        ("stop", Deed.REPAIR_GOODS),
        ("part", Deed.REPAIR_GOODS),
        ("ask_parts", Deed.REPAIR_GOODS),
        *_LATE,
    ),
    GoodsStage.REPAIRED: (("pass", Deed.INSPECT_GOODS), ("fail", Deed.INSPECT_GOODS), ("late", Deed.REPAIR_GOODS)),
    GoodsStage.READY: (("back", Deed.HAND_BACK_GOODS),),
    GoodsStage.CANNOT_REPAIR: (("settle", Deed.SETTLE_GOODS),),
}


def receipt_text(goods: Goods, language: str, zone: str) -> str:
    """The receipt as one text: what is signed for (WKS-2)."""
    facts = {
        "number": goods.number, "what": goods.what, "serial": goods.serial or "—", "accessories": goods.accessories or "—",
        "n": len(goods.photos), "due": goods.due_at,
    }  # fmt: skip
    lines = [catalog.say(language, one["text"], one["facts"], zone=zone) for one in sheet_lines(goods)]
    return "\n".join([catalog.say(language, "goods.receipt-text", facts, zone=zone), *lines])
