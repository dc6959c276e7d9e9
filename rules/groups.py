"""What a group chat of a branch reads of an order: number and district, never telephone or address (CND-2, ESC-17)."""

from collections.abc import Mapping
from typing import Any

from rules.orders import WorkOrder

BUTTONS: Mapping[str, tuple[str, ...]] = {
    "group.new-call": ("card",),
    "group.urgent-call": ("card",),
    "group.offered": ("take",),
    "group.alarm": ("take", "card"),
    "group.chased": ("card",),
    "group.taken": (),
    "group.alarm-over": (),
}
"""The buttons of each text. Whoever presses one is asked for his right, and answered where he is alone with the desk."""
CLOSES = frozenset({"group.taken", "group.alarm-over"})
"""After these nothing is left to be pressed on what was said before."""


def group_body(order: WorkOrder, text: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """A group's message about an order; of the notice's own facts only people and kinds go along."""
    told = {key: value for key, value in facts.items() if key in ("technician_id", "kind", "since")}
    told |= {"number": order.number, "district": district(order.report.address) or "—"}
    buttons = [
        {"label": {"text": f"button.{one}"}, "token": f"o.{order.id}.{one}", "tone": "primary" if one == "take" else "plain"}
        for one in BUTTONS[text]
    ]
    return {"text": text, "facts": told, "lines": [], "rows": [buttons] if buttons else []}


def district(address: str) -> str:
    """The part of an address that names no house: up to the district or town, else its first few characters."""
    for mark in ("區", "区", "鎮", "镇", "鄉", "乡", "市", "縣", "县"):
        if mark in address:
            return address[: address.index(mark) + 1]
    return address[:6] + "…" if len(address) > 6 else address
