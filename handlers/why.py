"""Why a promise falls when it does, stretch by stretch (DESIGN 10.6)."""

from collections.abc import Mapping
from typing import Any

from rules.clocks import Counted, explain
from rules.orders import WorkOrder
from rules.terms import Terms
from storage.deadlines import Running

_MOST_STRETCHES = 8


def why_lines(order: WorkOrder, running: Mapping[str, Running], terms: Terms) -> list[dict[str, Any]]:
    """Lines of a message: each running promise with the stretches of time that make it up."""
    lines: list[dict[str, Any]] = []
    for clock, one in running.items():
        promise = one.watch.promise
        facts: dict[str, Any] = {"clock": {"text": f"clock.{clock}"}, "due": promise.due_at, "length": promise.limit.length}
        facts |= {"base": {"text": f"base.{promise.limit.base}"}, "start": promise.started_at}
        lines.append({"text": "why.promise", "facts": facts})
        lines += [_stretch(counted) for counted in explain(promise, terms.calendar, order.holds)[:_MOST_STRETCHES]]
    if lines and order.zone_reason:
        zone = {"text": f"register.zone.{order.report.zone}"}
        lines.append({"text": "why.rezoned", "facts": {"zone": zone, "reason": order.zone_reason}})
    return lines


def _stretch(counted: Counted) -> dict[str, Any]:
    facts = {"start": counted.start, "end": counted.end, "length": counted.end - counted.start}
    return {"text": "why.held" if counted.is_held else "why.counted", "facts": facts}
