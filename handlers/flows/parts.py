"""How a part is named in a conversation: by a tap, by its number, or in words that get a number later (PRT-1, VIS-7)."""

from dataclasses import dataclass
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.picking import Shelf, key_of
from rules.goods import Goods
from rules.part_uses import BROUGHT_BACK, OLD_PARTS, tag_of
from rules.stock import Part, read_amount

CAUSES = ("broken", "worn", "leaking", "burnt", "other")


@dataclass(frozen=True)
class Chosen:
    """A part of the catalogue, or words, and how many where that was typed along."""

    part: Part | None
    words: str
    quantity: str = ""

    @property
    def name(self) -> str:
        return self.part.label if self.part else self.words


async def choose_part(ask: Ask, shelf: Shelf, key: str, n: str, labels: dict[str, str], *, must_be_known: bool) -> Chosen:
    """A part by a tap, by typing or by a photo of its label; one more tap says which, or that it was read rightly."""
    finds = shelf.leads_somewhere if must_be_known else None
    is_free = not must_be_known and not shelf.has_catalogue()
    picked = await ask.pick(f"{key}{n}", labels, finds=finds, reads=shelf.read, takes_codes=is_free)
    if isinstance(picked, dict):
        which = shelf.named(picked["read"])
        facts = {"code": picked["code"]}
        answer = await ask.choice(f"which{n}", [*which], labels=which, wording=f"pick.{key}", facts=facts)
        return Chosen(shelf.part(answer), picked["code"])
    if part := shelf.part(picked):
        return Chosen(part, "")
    quantity, words = read_amount(picked)
    if part := shelf.exact(words):
        return Chosen(part, "", quantity)
    found = shelf.search(words)
    if not found:
        return Chosen(None, words, quantity)
    which = {key_of(one): one.label for one in found}
    options = [*which] if must_be_known else [*which, "words"]
    answer = await ask.choice(f"which{n}", options, labels=which, family="pick.which")
    return Chosen(shelf.part(answer), words, quantity)


async def part_line(ask: Ask, desk: Desk, n: str = "", *, is_quick: bool = False, is_old_here: bool = False) -> dict[str, Any]:
    """One line of the report: part or words, how many, why, and what became of the old one (VIS-7, PRT-5).

    Whoever has the old one before him (`is_old_here`) can't leave that for later.
    """
    shelf = Shelf(desk.turn)
    labels = shelf.to_use(also=str(ask.given.get(f"name{n}", "")))
    chosen = await choose_part(ask, shelf, "name", n, labels, must_be_known=False)
    quantity = chosen.quantity or ("1" if is_quick else "")
    if not quantity:
        quantity = format(await ask.number(f"quantity{n}", at_least=1, at_most=999, is_whole=True) or 0, "f")
    line: dict[str, Any] = {"name": chosen.name, "quantity": quantity}
    line["cause"] = await ask.choice(f"cause{n}", CAUSES, family="parts.cause")
    policy = desk.turn.terms.policy.parts
    if policy.old_part != "off":
        line["old_part"] = await ask.choice(f"old_part{n}", OLD_PARTS, family="parts.old_part", optional=not is_old_here)
        if line["old_part"] not in (None, "returned"):
            line["old_reason"] = await ask.text(f"old_reason{n}", at_most=200)
        if policy.old_part == "required" and line["old_part"] in BROUGHT_BACK:  # packed under its tag, with a picture (VIS-9)
            photo = await ask.photo(f"old_photo{n}", facts={"tag": _tag(desk, n)})
            line["old_photo"] = photo["photo"]
    return line | ({"part": chosen.part.id} if chosen.part else {}) | _cost(desk, chosen.part, quantity)


def _cost(desk: Desk, part: Part | None, quantity: str) -> dict[str, str]:
    """What a line costs by the catalogue's price, where costs have a limit (ESC-3); nothing where it names none."""
    if part is None or part.price is None or not desk.turn.terms.policy.escalation.part_cost_limit:
        return {}
    return {"cost": format(part.price * int(quantity), "f")}


def _tag(desk: Desk, n: str) -> str:
    """The tag of the old part of a line: of the report's, or of what is fitted next in the workshop (VIS-9)."""
    about = desk.subject
    if isinstance(about, Goods):
        return tag_of(about.number, len(about.parts) + 1)
    return tag_of(desk.order.number, int(n) if n else len(desk.order.found_parts()) + 1)
