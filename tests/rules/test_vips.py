"""Important guests, machines and rooms come first and are left as they have to be (VIS-19)."""

from dataclasses import replace
from typing import Any

import pytest

from rules import closing, safety, sheets, vips
from rules.decisions import Decision
from rules.orders import FaultReport
from rules.safety import Moment
from rules.sheet_shapes import SheetKind
from rules.sheets import Sheet
from tests.cast import BRANCH, CHEN, OTHER_BRANCH, WANG, at, policy_of, terms_of
from tests.rules.job import refused, reported, signed

TOLD = {"place": "1208", "person": "1", "until": "2026-11-27", "leaves": "2026-11-29"}
TICKED = {"apologised": True, "guest_confirmed": True, "as_it_was": True}


def stay(**changed: Any) -> Sheet:
    facts: dict[str, Any] = {"branch": BRANCH, "told": TOLD} | changed
    return Sheet(
        id=4, number="VP26-001", opened_at=at("週四 10:00"), sheet=SheetKind.VIP, author=CHEN.id, person=WANG.id, **facts
    )


@pytest.mark.parametrize(
    ("place", "report", "is_found"),
    [
        ("1208", FaultReport(address="12 樓 1208 房"), True),
        ("1208", FaultReport(address="12081 房"), False),
        ("fcu-3", FaultReport(model="FCU-3"), True),
        ("林小姐", FaultReport(customer_name="林小姐"), True),
        (" ", FaultReport(address="1208"), False),
    ],
)
def test_a_call_is_about_an_important_room_machine_or_guest(place: str, report: FaultReport, is_found: bool):
    found = vips.sheet_of(report, [stay(told={**TOLD, "place": place})], BRANCH)

    assert (found is not None) is is_found


def test_what_is_important_is_urgent_and_marked_as_long_as_the_guest_is_there():
    job = reported("hotel", address="1208 房")
    sheet = vips.sheet_of(job.order.report, [stay()], BRANCH)

    marked = vips.flagged(Decision(job.order), sheet).order

    assert (marked.vip, marked.is_urgent) == ("VP26-001", True)
    assert vips.sheet_of(job.order.report, [stay(closed_at=at("週五 10:00"))], BRANCH) is None
    assert vips.sheet_of(job.order.report, [stay(branch=OTHER_BRANCH)], BRANCH) is None


def test_nobody_leaves_an_important_guest_before_he_apologised_had_it_confirmed_and_put_all_back():
    job = signed()
    job.terms = replace(job.terms, policy=replace(job.terms.policy, safety=policy_of("hotel").safety))
    assert safety.open_at(job.order, Moment.BEFORE_LEAVING, job.terms.policy) == ()
    job.order = replace(job.order, vip="VP26-001")

    with refused("safety-open", "VIS-19"):
        job.does(closing.brief_report, "修好了", by=WANG)
    job.does(safety.check, "vip", TICKED | {"apologised": False}, by=WANG)
    with refused("safety-failed", "VIS-19"):
        job.does(closing.brief_report, "修好了", by=WANG)
    job.does(safety.check, "vip", TICKED, by=WANG)
    job.does(closing.brief_report, "修好了", by=WANG)

    assert job.order.left_at is not None


def test_a_room_is_looked_at_before_the_guest_comes_and_every_day_until_he_leaves():
    terms, now = terms_of("hotel"), at("週四 10:00")
    begun = sheets.open_sheet(stay(), by=CHEN, now=now, terms=terms)
    assert begun.after.due_at is not None and begun.after.due_at.date().isoformat() == "2026-11-27"

    looked = sheets.close_sheet(
        begun.after, {"state": "again", "words": "都好", "next": "2026-11-28"}, by=WANG, now=now, terms=terms
    )
    assert (looked.after.is_open, looked.after.told["until"], looked.after.n_again) == (True, "2026-11-28", 1)
    over = sheets.close_sheet(looked.after, {"state": "left", "words": "已退房"}, by=WANG, now=now, terms=terms)
    assert not over.after.is_open
