"""How a complaint comes in: number, route, form, who hears of it (CMP-1..4, CMP-15, SUR-5, SUR-7, ESC-5, ESC-6)."""

from dataclasses import replace
from datetime import date

import pytest

from rules import complaint_intake as intake
from rules import complaint_stages as stages
from rules.clocks import Clock
from rules.complaint_records import UNDETERMINED, CaseStage
from rules.decisions import Audience
from rules.people import Role
from tests.cast import CHEN, DEPUTY, GM, LI, MANAGER, OFFICE, SALES, STRANGER, WANG, ZHANG, at
from tests.rules.affair import FORM, goods, service
from tests.rules.job import refused


def test_the_number_is_year_month_and_two_digits_and_the_hundredth_has_three():
    november, december = (intake.series(date(2026, month, 3), is_anomaly=False) for month in (11, 12))

    assert intake.number_of(november, 1) == "261101"
    assert intake.number_of(november, 99) == "261199"
    assert intake.number_of(november, 100) == "2611100"
    assert intake.number_of(december, 1) == "261201"


def test_an_anomaly_sheet_has_numbers_of_its_own():
    assert intake.number_of(intake.series(date(2026, 11, 3), is_anomaly=True), 1) == "A261101"


@pytest.mark.parametrize(
    ("is_about_goods", "has_loss", "route"),
    [(True, True, "product"), (True, False, "anomaly"), (False, True, "service"), (False, False, "service")],
)
def test_without_a_loss_a_sheet_to_the_unit_concerned_is_enough(is_about_goods: bool, has_loss: bool, route: str):
    assert intake.route_of(is_about_goods=is_about_goods, has_loss=has_loss) == route


def test_an_anomaly_sheet_is_closed_by_what_the_unit_does_about_it():
    affair = goods(number="A261101", route="anomaly", unit="quality")
    assert affair.heard == {"notice.complaint-stage": (Audience.QUALITY,)}

    affair.does(stages.note_anomaly, {"remedy": "加嚴檢驗"}, by=replace(MANAGER, roles=frozenset({Role.QUALITY})))

    assert not affair.case.is_open
    assert affair.clocks == {}
    with refused("case-closed", "REC-1"):
        affair.does(intake.add_note, "再補一句", by=SALES)


def test_a_whole_form_is_accepted_at_once_and_the_case_s_clock_begins():
    affair = goods()

    assert affair.case.stage is CaseStage.OFFICE
    assert affair.case.accepted_at == affair.now
    assert set(affair.clocks) == {Clock.CASE, Clock.OFFICE}
    assert affair.heard["notice.complaint-stage"] == (Audience.CASE_OFFICE,)
    assert affair.heard["notice.complaint-received"] == (Audience.CUSTOMER,)


def test_what_a_customer_tells_himself_goes_to_sales_for_the_form_first():
    affair = goods(by=ZHANG, form=replace(FORM, order_no="", opinion=""), origin="customer")
    assert (affair.case.stage, affair.case.accepted_at, set(affair.clocks)) == (CaseStage.FORM, None, {Clock.FORM})
    affair.later(hours=5)

    affair.does(stages.complete_form, FORM, False, by=SALES)

    assert affair.case.stage is CaseStage.OFFICE
    assert affair.case.accepted_at == affair.now
    assert affair.case.form.signed_by == SALES.id


def test_a_form_with_holes_says_which_and_an_unknown_quantity_is_none():
    affair = goods(by=ZHANG, form=replace(FORM, order_no=""), origin="customer")

    with refused("form-incomplete", "CMP-4") as found:
        affair.does(stages.complete_form, replace(FORM, part_no="", quantity=None), False, by=SALES)

    assert found.value.facts["missing"] == [{"text": "file_goods.part_no.label"}, {"text": "file_goods.quantity.label"}]
    assert intake.lacking(replace(FORM, demand_quantity=UNDETERMINED)) == ()


def test_a_complaint_says_what_happened():
    with refused("account-missing", "CMP-4"):
        service(account=" ")


def test_service_is_visited_by_the_supervisor_and_the_manager_hears_but_not_the_technician():
    affair = service()

    assert affair.case.stage is CaseStage.VISIT
    assert affair.case.owners == (Audience.SUPERVISOR,)
    assert affair.heard["notice.complaint-visit"] == (Audience.SUPERVISOR,)
    assert affair.heard["notice.complaint-opened"] == (Audience.MANAGER, Audience.SERVICE_DEPT)
    assert WANG.id in affair.case.ties.barred


def test_money_that_was_demanded_is_told_to_supervisor_and_manager():
    affair = service(is_money_demanded=True)
    assert affair.heard["notice.complaint-money"] == (Audience.MANAGER, Audience.SERVICE_DEPT)

    later = service()
    later.does(intake.note_money, by=ZHANG)

    assert later.heard["notice.complaint-money"] == (Audience.SUPERVISOR, Audience.MANAGER)


@pytest.mark.parametrize("lowly", [WANG, STRANGER, OFFICE])
def test_a_service_complaint_is_filed_by_the_office_or_the_customer_himself(lowly):
    if lowly is OFFICE:
        assert service(by=OFFICE).case.opened_by == OFFICE.id
        return
    with pytest.raises(Exception, match=r"not-yours|no-such-case"):
        service(by=lowly, barred=())


def test_nobody_files_or_sees_a_complaint_about_himself():
    both = replace(LI, roles=frozenset({Role.SUPERVISOR, Role.TECHNICIAN}))

    with refused("no-such-case", "SUR-5"):
        service(by=both, barred=(both.id,), customer=ZHANG.id)
    affair = service(barred=(both.id,))
    with refused("no-such-case", "ROL-1"):
        affair.does(stages.report_visit, {"findings": "沒事"}, by=both)


def test_whoever_is_specially_sent_may_visit_but_not_the_one_it_is_about():
    affair = service()
    with refused("not-whom-it-is-about", "SUR-5"):
        affair.does(stages.send_visitor, WANG.id, by=LI)

    affair.does(stages.send_visitor, CHEN.id, by=LI)
    assert affair.case.owners == (CHEN.id,)
    affair.does(stages.report_visit, {"findings": "已道歉"}, by=CHEN)

    assert affair.case.stage is CaseStage.HANDLING


def test_what_is_serious_goes_to_the_deputy_general_manager_at_once():
    affair = service()

    affair.does(intake.mark_serious, by=LI)

    assert affair.heard == {"notice.complaint-serious": (Audience.DEPUTY_GM, Audience.SERVICE_DEPT)}
    assert affair.told[0].is_urgent
    assert affair.case.is_urgent
    assert affair.due(Clock.READING) == at("週一 09:30")
    with refused("already-serious", "SUR-7"):
        affair.does(intake.mark_serious, by=MANAGER)


def test_a_complaint_may_be_serious_from_the_first_word_on():
    affair = service(is_serious=True)

    assert affair.heard["notice.complaint-serious"] == (Audience.DEPUTY_GM, Audience.SERVICE_DEPT)
    assert Clock.READING in affair.clocks


def test_the_deputy_reads_it_or_passes_it_on_with_a_word():
    affair = service(is_serious=True)

    affair.does(intake.read_serious, "請今天就去", by=DEPUTY)

    assert affair.heard == {"notice.complaint-passed-on": (Audience.SUPERVISOR, Audience.SERVICE_DEPT)}
    assert (affair.case.read_by, Clock.READING in affair.clocks) == (DEPUTY.id, False)
    with refused("not-yours", "ROL-1"):
        affair.does(intake.read_serious, by=LI)
    with refused("not-serious", "SUR-7"):
        service().does(intake.read_serious, by=GM)


def test_who_does_not_accept_the_result_begins_a_new_case_with_the_old_one_attached():
    old = goods()

    ruling = intake.reopen(old.case, "261102", "換來的一樣壞", by=ZHANG, now=old.now, terms=old.terms)
    fresh = ruling.after

    assert (fresh.number, fresh.previous, fresh.previous_number) == ("261102", old.case.id, "261101")
    assert (fresh.stage, fresh.form, fresh.customer) == (CaseStage.OFFICE, old.case.form, ZHANG.id)
    assert intake.followed(old.case, "261102").after.next_number == "261102"


def test_what_somebody_adds_is_told_to_whose_turn_it_is():
    affair = service()

    affair.does(intake.add_note, "還有，他抽菸", by=ZHANG)

    assert affair.heard == {"notice.complaint-note": (Audience.SUPERVISOR,)}
    assert affair.case.notes[0].words == "還有，他抽菸"
    with refused("no-such-case", "ROL-1"):
        affair.does(intake.add_note, "我是他鄰居", by=STRANGER)


@pytest.mark.parametrize(
    ("account", "hears"), [("冰箱壞了，我要求賠償", True), ("I want compensation", True), ("師傅很慢", False), ("要索赔", True)]
)
def test_a_claim_for_compensation_is_before_the_manager_at_once(account, hears):
    """ESC-15: whatever else the complaint is about."""
    affair = service(account=account)

    told = [one for one in affair.told if one.text == "notice.case-claim"]
    assert [(one.to, one.is_urgent) for one in told] == ([((Audience.MANAGER,), True)] if hears else [])
