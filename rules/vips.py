"""Important guests, machines and rooms: what is about them comes first and is left as it has to be (VIS-19)."""

import re
from collections.abc import Iterable
from dataclasses import replace

from rules.decisions import Decision, Entry
from rules.orders import FaultReport
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet


def is_about(place: str, report: FaultReport) -> bool:
    """Whether a call is about a room, a machine or a guest; `1208` is not found in `12081`."""
    found = re.compile(rf"(?<![0-9A-Za-z]){re.escape(place.strip())}(?![0-9A-Za-z])", re.IGNORECASE)
    told = (report.address, report.model, report.serial, report.customer_name, report.contact, report.phone)
    return bool(place.strip()) and any(found.search(one) for one in told)


def sheet_of(report: FaultReport, sheets: Iterable[Sheet], branch: str) -> Sheet | None:
    """The branch's sheet of the important guest, machine or room that a call is about, as long as it is open (VIS-19)."""
    mine = (one for one in sheets if one.sheet is SheetKind.VIP and one.is_open and one.branch == branch)
    return next((one for one in mine if is_about(one.told["place"], report)), None)


def raised(report: FaultReport, sheet: Sheet | None) -> FaultReport:
    """Such a call has the highest priority."""
    return report if sheet is None else replace(report, is_urgent=True)


def flagged(decision: Decision, sheet: Sheet | None) -> Decision:
    """The order carries the mark, and with it the checklist before leaving (VIS-19)."""
    order = decision.order
    if sheet is None or order.vip:
        return decision
    marked = replace(order, vip=sheet.number, report=raised(order.report, sheet))
    return replace(decision, after=marked, journal=(*decision.journal, Entry("order.vip", {"sheet": sheet.number}, "VIS-19")))
