"""Stations, freight, claims and back-orders: who may say what, and in which order (PRT-14, PRT-15, CLM, BKO)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from rules import backorders, claims, pickups, shipments, transfers
from rules.backorders import Backorder
from rules.claims import Claim, is_claimable
from rules.clocks import Clock
from rules.decisions import Audience
from rules.orders import Step
from rules.people import Person, Role
from rules.shipments import Shipment
from rules.stock import MoveKind, Place, PlaceKind, Quality
from rules.transfers import Sent, Transfer
from tests.cast import BRANCH, CHEN, LI, LIN, WANG, ZHANG, ZHOU, at, terms_of
from tests.rules.job import found, refused

NOW = at("週五 16:00")
STATION = Place(5, PlaceKind.STATION, BRANCH, "高雄站")
KEEPER = Person(41, "高雄站", frozenset({Role.STATION}), BRANCH)
SU = Person(42, "蘇索賠", frozenset({Role.CLAIMS}), BRANCH)


def does(decide: Any, case: Any, *args: Any, by: Person) -> Any:
    return decide(case, *args, by=by, now=NOW, terms=terms_of("retail"))


def sent(n: int = 3) -> Transfer:
    drafted = Transfer(
        number="T26-001", branch=BRANCH, opened_at=NOW, source=1, target=5, target_name="高雄站", lines=(Sent(7, "P-100", n),)
    )
    return does(transfers.send, drafted, STATION, by=LIN).after


def test_what_was_sent_is_in_nobody_s_stock_before_it_is_confirmed() -> None:
    ruling = does(transfers.send, sent(), STATION, by=LIN)

    (moved,) = ruling.moves
    assert (moved.kind, moved.target.place, moved.target.quality) == (MoveKind.SENT, 5, Quality.TRANSIT)


def test_the_other_side_confirms_what_came_and_no_more() -> None:
    some = does(transfers.confirm, sent(), {7: 2}, by=KEEPER)

    assert (some.after.stage, some.after.is_open, some.notices[0].text) == ("partial", True, "notice.transfer-short")
    with refused("return-too-much", "PRT-14"):
        does(transfers.confirm, some.after, {7: 2}, by=KEEPER)
    with refused("nothing-to-issue", "PRT-14"):
        does(transfers.confirm, some.after, {}, by=KEEPER)
    assert does(transfers.confirm, some.after, {7: 1}, by=KEEPER).after.stage == "arrived"


def test_nobody_confirms_what_he_sent_himself() -> None:
    with refused("not-your-own", "PRT-14"):
        does(transfers.confirm, replace(sent(), sender=KEEPER.id), {7: 1}, by=KEEPER)
    with refused("not-yours", "ROL-1"):
        does(transfers.confirm, sent(), {7: 1}, by=CHEN)


def shipment(**changed: Any) -> Shipment:
    drafted = Shipment(
        number="Y26-001", branch=BRANCH, opened_at=NOW, words="泵浦", carrier="黑貓", tracking="8841", cost=Decimal(150),
        handler=WANG.id,
    )  # fmt: skip
    return replace(drafted, **changed)


@pytest.mark.parametrize("wrong", [{"cost": Decimal(0)}, {"cost": Decimal(-5)}, {"carrier": " "}, {"tracking": ""}])
def test_freight_says_with_whom_under_which_number_and_for_how_much(wrong: dict[str, Any]) -> None:
    with refused("shipment-incomplete", "PRT-15"):
        does(shipments.ship, shipment(**wrong), by=WANG)


def test_freight_needs_handler_and_leader_before_it_is_written_off() -> None:
    signed = does(shipments.ship, shipment(), by=WANG).after
    with refused("two-signatures", "PRT-15"):
        does(shipments.write_off, signed, by=ZHOU)
    with refused("not-your-own", "PRT-15"):
        does(shipments.approve, replace(signed, handler=LI.id), by=LI)

    approved = does(shipments.approve, signed, by=LI).after

    assert not does(shipments.write_off, approved, by=ZHOU).after.is_open


@pytest.mark.parametrize(
    ("step", "answers", "claimable"),
    [
        (Step.CHECK, {"cause_class": "bought_in"}, True), (Step.ACT, {"responsibility": "supplier"}, True),
        (Step.CHECK, {"cause_class": "wear"}, False), (Step.ACT, {"responsibility": "user"}, False),
    ],
)  # fmt: skip
def test_the_fault_of_a_bought_in_part_is_claimed_from_its_supplier(
    step: Step, answers: dict[str, str], claimable: bool
) -> None:
    job = found(Step.PARTS)
    job.saves(step, **answers)

    assert is_claimable(job.order) == claimable


def claim() -> Claim:
    drafted = claims.draft(found(Step.PARTS).order, None, "C26-001", now=NOW, terms=terms_of("retail")).after
    costs = {"parts": Decimal(1200), "labour": Decimal(800)}
    filled = does(claims.fill, drafted, "大同泵業", costs, date(2026, 12, 10), by=SU).after
    return does(claims.examine, filled, "軸承不良", "", "P-100-1", ("a1",), by=SU).after


def test_a_claim_goes_its_way_to_the_credit_and_the_parts_have_a_day() -> None:
    submitted = does(claims.submit, claim(), by=SU)
    assert submitted.deadlines[Clock.CLAIM].promise.due_at.date() == date(2026, 12, 10)

    sent_back = does(claims.send_parts, submitted.after, "黑貓 8842", by=SU)
    answered = does(claims.note_answer, sent_back.after, "partial", Decimal(1500), "零件全賠", by=SU).after

    assert (sent_back.deadlines, answered.granted) == ({Clock.CLAIM: None}, Decimal(1500))
    assert not does(claims.credit, answered, by=SU).after.is_open


def test_a_claim_names_its_supplier_and_costs_before_it_is_handed_in() -> None:
    drafted = claims.draft(found(Step.PARTS).order, None, "C26-001", now=NOW, terms=terms_of("retail")).after
    for supplier, costs in (("", {"parts": Decimal(1)}), ("大同", {}), ("大同", {"parts": Decimal(5), "labour": Decimal(-1)})):
        with refused("claim-incomplete", "CLM-1"):
            does(claims.fill, drafted, supplier, costs, None, by=SU)
    with refused("claim-incomplete", "CLM-1"):
        does(claims.submit, drafted, by=SU)
    with refused("not-yours", "ROL-1"):
        does(claims.submit, claim(), by=CHEN)


@pytest.mark.parametrize(
    ("profile", "lacks", "missing"),
    [
        ("vehicle", {}, ["mileage"]), ("vehicle", {"mileage": "82000"}, []), ("appliance", {}, []),
        ("appliance", {"photos": (), "cause": "", "parts": ()}, ["photo", "cause", "old_part_tag"]),
        ("retail", {"parts": ()}, []), ("dealer4s", {"mileage": "5", "photos": ()}, ["photo"]),
    ],
)  # fmt: skip
def test_a_claim_is_not_handed_in_without_photo_mileage_cause_and_tag(
    profile: str, lacks: dict[str, Any], missing: list[str]
) -> None:
    file, asked = replace(claim(), **lacks), {"by": SU, "now": NOW, "terms": terms_of(profile)}
    if not missing:
        assert claims.submit(file, **asked).after.stage == "submitted"
        return

    with refused("claim-lacks", "WAR-4") as error:
        claims.submit(file, **asked)

    assert error.value.facts["missing"] == [{"text": f"claim.needs.{one}"} for one in missing]


def test_the_mileage_that_was_read_counts_before_the_one_that_was_told() -> None:
    job = found(Step.PARTS)
    job.saves(Step.LISTEN, mileage="80000")
    assert claims.draft(job.order, None, "C26-001", now=NOW, terms=job.terms).after.mileage == "80000"
    job.saves(Step.LOOK, mileage_read="82100")

    assert claims.draft(job.order, None, "C26-001", now=NOW, terms=job.terms).after.mileage == "82100"


@pytest.mark.parametrize(("back_by", "day"), [(date(2026, 12, 10), date(2026, 12, 10)), (None, date(2026, 12, 4))])
def test_the_old_parts_of_a_claim_are_somebody_s_task_by_the_supplier_s_day(back_by: date | None, day: date) -> None:
    task = claims.return_task(replace(claim(), back_by=back_by), now=NOW, terms=terms_of("retail"))

    assert (task.due_at.astimezone(ZoneInfo("Asia/Taipei")).date(), task.owners) == (day, (Audience.WAREHOUSE,))


@pytest.mark.parametrize(("answer", "granted"), [("partial", 0), ("partial", 2000), ("partial", 9999), ("maybe", 1)])
def test_partly_is_more_than_nothing_and_less_than_all(answer: str, granted: int) -> None:
    submitted = does(claims.submit, claim(), by=SU).after

    with refused("claim-amount", "CLM-2"):
        does(claims.note_answer, submitted, answer, Decimal(granted), "", by=SU)


def test_a_rejected_claim_is_closed() -> None:
    submitted = does(claims.submit, claim(), by=SU).after

    rejected = does(claims.note_answer, submitted, "rejected", Decimal(0), "過保", by=SU).after

    assert (rejected.is_open, rejected.granted) == (False, 0)
    with refused("case-closed", "REC-1"):
        does(claims.credit, rejected, by=SU)


def backorder(**changed: Any) -> Backorder:
    drafted = Backorder(
        number="BK26-001", branch=BRANCH, opened_at=NOW, article="濾網", quantity=2, customer=ZHANG.id, customer_name="張先生",
        phone="+886912345678", keeper=CHEN.id,
    )  # fmt: skip
    return replace(drafted, **changed)


@pytest.mark.parametrize("wrong", [{"article": " "}, {"customer_name": ""}, {"phone": ""}])
def test_a_back_order_says_what_for_whom_and_how_he_is_reached(wrong: dict[str, Any]) -> None:
    with refused("backorder-incomplete", "BKO-1"):
        does(backorders.register, backorder(**wrong), by=CHEN)
    with refused("quantity-range", "PRT-8"):
        does(backorders.register, backorder(quantity=0), by=CHEN)


def test_the_customer_hears_again_within_a_week_of_each_word() -> None:
    """BKO-3, SLA-11."""
    registered = does(backorders.register, backorder(), by=CHEN)
    told = does(backorders.contact, registered.after, "還在找", by=CHEN)

    for ruling in (registered, told):
        assert ruling.deadlines[Clock.BACKORDER].promise.due_at == NOW + timedelta(days=7)
    with refused("contact-words", "BKO-3"):
        does(backorders.contact, registered.after, " ", by=CHEN)


def test_goods_do_not_move_before_the_customer_was_asked_again() -> None:
    source = does(backorders.find, does(backorders.register, backorder(), by=CHEN).after, "高雄店", None, by=CHEN).after
    for one in (backorder(), source):
        with refused("ask-customer-first", "BKO-2"):
            does(backorders.start_transfer, one, by=CHEN)
    with refused("contact-words", "BKO-2"):
        does(backorders.confirm, source, by=CHEN)

    by_chat = does(backorders.confirm, source, by=ZHANG).after
    by_phone = does(backorders.confirm, source, "電話說要", by=CHEN).after

    for one in (by_chat, by_phone):
        moving = does(backorders.start_transfer, one, by=CHEN).after
        here = does(backorders.arrive, moving, by=CHEN)
        assert (here.after.stage, here.deadlines) == ("arrived", {Clock.BACKORDER: None})
        told = pickups.here(here.after, "BK26-001-P", "", by=CHEN, now=NOW, terms=terms_of("retail"))
        assert (told.notices[0].text, told.deadlines[Clock.PICKUP].promise.due_at) == (  # type: ignore[union-attr]
            "notice.backorder-here",
            NOW + timedelta(days=3),
        )


def test_nobody_is_called_for_goods_that_are_not_here_and_whoever_has_them_is_called_no_more() -> None:
    with refused("requisition-passed", "BKO-4"):
        pickups.here(backorder(stage="moving"), "BK26-001-P", "", by=CHEN, now=NOW, terms=terms_of("retail"))

    waiting = pickups.here(backorder(stage="arrived"), "BK26-001-P", "", by=CHEN, now=NOW, terms=terms_of("retail")).after
    assert pickups.called_off(waiting, now=NOW).deadlines == {Clock.PICKUP: None}
    assert backorders.handed_over(backorder(stage="arrived"), now=NOW).after.stage == "collected"


def test_what_the_customer_does_not_want_any_more_is_closed() -> None:
    off = does(backorders.close, backorder(), by=ZHANG)

    assert (off.after.stage, off.notices[0].to) == ("cancelled", (CHEN.id,))
    assert does(backorders.close, backorder(stage="arrived"), by=CHEN).after.stage == "collected"
    with refused("no-such-case", "ROL-1"):
        does(backorders.close, backorder(customer=99), by=ZHANG)
