"""Allowance certificates, return slips, what comes back and its proof; sanctions as proposals (CMP-21..29, CMP-32)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules import complaint_papers as papers
from rules import sanctions
from rules.complaint_records import UNDETERMINED, Handling
from rules.decisions import Audience
from tests.cast import DEPUTY, GM, LIN, MANAGER, OFFICE, SALES, policy_of, terms_of
from tests.rules.affair import FORM, OPINION, Affair, decided, up_for_decision
from tests.rules.job import refused

FORTY = Decimal(40)


def returning(tolerance: int = 0, **more) -> Affair:
    """Forty pieces are to come back, under a tolerance in per cent."""
    terms = terms_of("factory")
    own = replace(terms.policy.complaint, return_tolerance_percent=Decimal(tolerance))
    affair = decided(terms=replace(terms, policy=replace(terms.policy, complaint=own)), **more)
    affair.does(papers.write_paper, Handling.RETURN, FORTY, "焊盤氧化", by=SALES)
    return affair


def test_no_paper_is_written_before_the_case_is_decided():
    with refused("not-decided-yet", "CMP-21"):
        up_for_decision().does(papers.write_paper, Handling.RETURN, FORTY, "焊盤氧化", by=SALES)


def test_a_return_slip_has_four_copies_and_an_allowance_certificate_two():
    affair = returning()
    (slip,) = affair.case.papers
    assert (slip.number, slip.copies) == ("261101-P1", ("sales", "finished_goods", "accounting", "sales"))
    assert affair.heard == {"notice.paper": (SALES.id, Audience.ACCOUNTANT, Audience.WAREHOUSE)}
    assert affair.told[0].papers == ("complaint-slip:1:261101-P1",)

    allowed = decided(replace(OPINION, handling=Handling.ALLOWANCE))
    allowed.does(papers.write_paper, Handling.ALLOWANCE, Decimal(8000), "折讓", by=SALES)

    assert allowed.case.papers[0].copies == ("sales", "accounting")
    assert allowed.heard == {"notice.paper": (SALES.id, Audience.ACCOUNTANT)}


@pytest.mark.parametrize(
    ("handling", "approved", "reason", "code"),
    [
        (Handling.EXPLAIN, FORTY, "焊盤氧化", "no-paper-for-this"),
        (Handling.RETURN, Decimal(0), "焊盤氧化", "paper-incomplete"),
        (Handling.RETURN, FORTY, " ", "paper-incomplete"),
        (Handling.ALLOWANCE, Decimal(8001), "折讓", "above-decision"),
    ],
)
def test_a_paper_says_how_much_and_why_and_no_more_than_was_decided(handling, approved, reason, code):
    with refused(code, "CMP-21"):
        decided().does(papers.write_paper, handling, approved, reason, by=SALES)


def test_nothing_is_taken_back_while_the_quantity_is_undetermined():
    """CMP-4."""
    affair = decided(form=replace(FORM, demand_quantity=UNDETERMINED))

    with refused("quantity-undetermined", "CMP-4"):
        affair.does(papers.write_paper, Handling.RETURN, FORTY, "焊盤氧化", by=SALES)


@pytest.mark.parametrize(("received", "match"), [(40, "ok"), (38, "ok"), (41, "tolerance"), (42, "tolerance"), (43, "ask")])
def test_what_comes_back_is_compared_with_what_was_approved(received: int, match: str):
    """CMP-22: within five per cent it is booked as it came, beyond that it is asked."""
    affair = returning(5)

    affair.does(papers.receive, "261101-P1", Decimal(received), by=LIN)

    assert affair.case.papers[0].match == match
    assert affair.heard == ({"notice.return-differs": (Audience.SALES, GM.id)} if match == "ask" else {})


def test_without_a_tolerance_one_too_many_is_asked_about_and_taken_when_it_is_decided():
    affair = returning()
    with refused("nothing-to-decide", "CMP-22"):
        affair.does(papers.let_stand, "261101-P1", by=GM)
    affair.does(papers.receive, "261101-P1", Decimal(41), by=LIN)

    affair.does(papers.let_stand, "261101-P1", by=GM)

    assert (affair.case.papers[0].match, affair.case.papers[0].received) == ("decided", Decimal(41))
    with refused("goods-received", "CMP-22"):
        affair.does(papers.receive, "261101-P1", FORTY, by=LIN)
    with refused("no-such-paper", "CMP-21"):
        affair.does(papers.receive, "261101-P9", FORTY, by=LIN)


def test_an_allowance_brings_no_goods_back():
    affair = decided(replace(OPINION, handling=Handling.ALLOWANCE))
    affair.does(papers.write_paper, Handling.ALLOWANCE, Decimal(8000), "折讓", by=SALES)

    with refused("no-goods-here", "CMP-22"):
        affair.does(papers.receive, "261101-P1", FORTY, by=LIN)


def test_a_proof_is_one_of_the_listed_kinds_with_its_picture():
    """CMP-23, X-15: three for goods, two for an allowance, a list that the company may change."""
    affair = returning()
    paper = affair.case.papers[0]
    policy = policy_of("factory")
    assert papers.proofs_for(paper, policy) == ("original_invoice", "invoice_copy", "return_certificate")
    assert len(papers.proofs_for(replace(paper, handling=Handling.ALLOWANCE), policy)) == 2
    with refused("no-such-proof", "CMP-23"):
        affair.does(papers.prove, "261101-P1", "a nod", "aa", by=SALES)
    with refused("proof-needs-picture", "CMP-23"):
        affair.does(papers.prove, "261101-P1", "invoice_copy", "", by=SALES)

    affair.does(papers.prove, "261101-P1", "invoice_copy", "aa", by=SALES)

    assert (affair.case.papers[0].proof, affair.case.papers[0].proof_photo) == ("invoice_copy", "aa")


def test_a_loss_is_the_difference_to_grade_a_or_the_whole_when_nothing_was_sold():
    """CMP-26."""
    price, forty = Decimal(200), FORTY

    assert sanctions.resale_loss(price, forty, Decimal(5000), Decimal(8000)) == 3000
    assert sanctions.resale_loss(price, forty, None, Decimal(7500)) == 7500
    assert sanctions.resale_loss(price, forty, Decimal(9000), Decimal(0)) == 0


def test_a_loss_is_borne_by_one_or_by_weight_and_not_a_cent_is_lost():
    assert sanctions.shared(Decimal(1000), {"甲": Decimal(100)}) == {"甲": Decimal(1000)}
    thirds = sanctions.shared(Decimal(1000), {"甲": Decimal("33.34"), "乙": Decimal("33.33"), "丙": Decimal("33.33")})
    assert sum(thirds.values()) == 1000
    for weights in ({}, {"甲": Decimal(60)}):
        with refused("shares-not-whole", "CMP-26"):
            sanctions.shared(Decimal(1000), weights)


@pytest.mark.parametrize(
    ("loss", "regime"),
    [("399.99", ("none", 0)), ("400", ("warning", 1)), ("799", ("warning", 1)), ("800", ("minor_demerit", 1)),
     ("1700", ("minor_demerit", 2))],
)  # fmt: skip
def test_a_warning_begins_at_400_and_a_demerit_at_each_800(loss: str, regime: tuple[str, int]):
    assert sanctions.administrative(Decimal(loss)) == regime


def test_a_deduction_goes_by_base_points_and_takes_at_most_half_of_a_month_s_bonus():
    """CMP-28."""
    amount = sanctions.deduction(Decimal(3000), Decimal(100), Decimal(40))
    assert amount == 1200

    months, left = sanctions.instalments(amount, (Decimal(1000), Decimal(1000), Decimal(1000)))

    assert (months, left) == ((Decimal(500), Decimal(500), Decimal(200)), Decimal(0))
    assert sanctions.instalments(amount, (Decimal(1000),)) == ((Decimal(500),), Decimal(700))
    with refused("points-impossible", "CMP-28"):
        sanctions.deduction(Decimal(3000), Decimal(0), Decimal(0))


def test_the_smallest_unit_answers_first():
    """CMP-29."""
    assert sanctions.smallest_unit("manufacturing", group="3 號線", section="電鍍課").name == "3 號線"
    assert sanctions.smallest_unit("manufacturing", section="電鍍課") == sanctions.Unit("section", "電鍍課")
    assert sanctions.smallest_unit("sales", person="錢業務", section="業務部").level == "person"
    assert sanctions.smallest_unit("sales", section="業務部").level == "department"


def test_a_sanction_is_a_proposal_to_the_gm_and_nothing_more():
    affair = decided()
    with refused("ground-missing", "CMP-25"):
        affair.does(sanctions.propose, "looks", "manufacturing", "", Decimal(900), by=OFFICE)
    with refused("not-decided-yet", "CMP-25"):
        up_for_decision().does(sanctions.propose, "late_delivery", "manufacturing", "", Decimal(900), by=OFFICE)

    affair.does(sanctions.propose, "off_specification", "manufacturing", "甲班", Decimal(900), by=OFFICE)

    assert affair.heard == {"notice.sanction-proposed": (Audience.GM,)}
    assert (affair.case.sanctions[0].regime, affair.case.sanctions[0].is_approved) == ("minor_demerit:1", None)
    with refused("not-yours", "ROL-1"):
        affair.does(sanctions.decide, 0, True, by=OFFICE)
    affair.does(sanctions.decide, 0, True, by=GM)
    assert affair.heard == {"notice.sanction-decided": (OFFICE.id,)}
    with refused("proposal-decided", "CMP-25"):
        affair.does(sanctions.decide, 0, False, by=DEPUTY)
    with refused("no-such-proposal", "CMP-25"):
        affair.does(sanctions.decide, 5, False, by=DEPUTY)


def test_nobody_decides_his_own_proposal():
    affair = decided()
    affair.does(sanctions.propose, "other", "sales", "", Decimal(0), by=GM)

    with refused("not-your-own", "CMP-28"):
        affair.does(sanctions.decide, 0, True, by=GM)
    affair.does(sanctions.decide, 0, False, by=MANAGER)
    assert len(sanctions.GROUNDS) == 15
