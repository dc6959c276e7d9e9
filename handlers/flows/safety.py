"""Safety checklists, emergencies and the refusal of unsafe orders (RULEBOOK 21, ROL-8)."""

from dataclasses import dataclass
from typing import Any

from handlers.ask import Ask
from handlers.desk import Desk
from handlers.flows.papers import Words
from rules.safety import points_of


@dataclass(frozen=True)
class Checked:
    """How a checklist was gone through: raw answers by point."""

    name: str
    answers: dict[str, Any]


async def safety(ask: Ask, desk: Desk) -> Checked:
    """Point by point: a tick, a number, where it is asked for a photo (SAF-1..3)."""
    name = str(desk.args["list"])
    answers: dict[str, Any] = {}
    for n, point in enumerate(points_of(name, desk.turn.terms.policy), 1):
        what = {"what": {"text": f"safety.point.{point.name}"}}
        if point.is_number:
            limit = point.at_most if point.at_most is not None else point.at_least
            value = await ask.number(f"value{n}", at_most=1_000_000, facts=what | {"limit": limit})
            answers[point.name] = format(value, "f") if value is not None else None
        else:
            answers[point.name] = await ask.yes_no(f"point{n}", facts=what)
        if point.needs_photo and answers[point.name] is not False:
            answers[f"{point.name}_photo"] = await ask.photo(f"photo{n}", facts=what)
    return Checked(name, answers)


async def alarm(ask: Ask, desk: Desk) -> Words:
    """Which emergency: one tap."""
    return Words("", picked=await ask.choice("kind", desk.turn.terms.policy.emergency.kinds))


async def declare(ask: Ask, desk: Desk) -> Words:
    """Which emergency an order has become."""
    return Words("", picked=await ask.choice("kind", desk.turn.terms.policy.emergency.kinds))


async def stand_down(ask: Ask, desk: Desk) -> Words:
    """Why it is no emergency."""
    return Words(await ask.text("reason", at_most=300))


async def refuse_unsafe(ask: Ask, desk: Desk) -> Words:
    """What is unsafe (ROL-8)."""
    return Words(await ask.text("reason", at_most=500))
