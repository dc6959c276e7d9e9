"""What an order or a decision asks of others by itself (SLA-14, SLA-15, SLA-24, MNT-7, PRT-16)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from rules import closing
from rules.decisions import Audience
from rules.errands import following, invoice, of_refused_goods, resale
from rules.receipts import Arrival, GoodsReceipt
from rules.rounds import FINDING
from rules.tasks import Errand
from tests.cast import BRANCH, LI, LIN, WANG, at, terms_of
from tests.rules.affair import decided
from tests.rules.job import Job, filed, signed


def left(verdict: str, profile: str = "appliance") -> Job:
    job = signed(profile).later(minutes=5)
    look = replace(job.order.findings["look"], answers={"warranty_verdict": verdict, "tampered": False})
    job.order = replace(job.order, findings={**job.order.findings, "look": look}, service_class=None)
    job.does(closing.brief_report, "修好了", by=WANG)
    return job


def test_paid_work_asks_the_accountant_for_an_invoice_when_the_technician_leaves():
    job = left("out")

    (task,) = following(job.past[-1], job.order, now=job.now, terms=job.terms)

    assert (task.errand, task.post, task.about_number) == (Errand.INVOICE, Audience.ACCOUNTANT, job.order.number)
    assert following(job.order, job.order, now=job.now, terms=job.terms) == ()


@pytest.mark.parametrize(("verdict", "profile"), [("in", "appliance"), ("unclear", "appliance"), ("out", "dealer4s")])
def test_free_work_and_other_ways_of_paying_ask_for_none(verdict, profile):
    job = left("out")
    other = replace(job.terms, policy=terms_of(profile).policy)
    look = replace(job.order.findings["look"], answers={"warranty_verdict": verdict})
    order = replace(job.order, findings={**job.order.findings, "look": look})

    assert following(job.past[-1], order, now=job.now, terms=other) == ()


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("週五 16:00", "週五 17:00"),
        ("週五 17:00", "下週一 17:00"),
        ("週六 11:00", "下週一 17:00"),
        ("週五 08:00", "週五 17:00"),
    ],
)
def test_an_invoice_is_due_with_the_end_of_its_working_day(now, due):
    job = left("out")

    assert invoice(job.order, "V", at(now), job.terms).due_at == at(due)


def test_what_came_back_is_to_be_sold_within_a_month():
    affair = decided()
    now = datetime(2026, 1, 31, 3, tzinfo=UTC)

    task = resale(affair.case, "甲班", "261101-R", now, affair.terms)

    assert (task.errand, task.post) == (Errand.RESALE, Audience.SALES)
    assert task.due_at == datetime(2026, 2, 28, 15, 59, tzinfo=UTC)


def test_what_a_round_found_is_to_be_looked_at_two_working_days_after_it_was_approved():
    job = filed()
    job.order = replace(job.order, report=replace(job.order.report, kind=FINDING))
    job.does(closing.approve, by=LI)

    (task,) = following(job.past[-1], job.order, now=job.now, terms=job.terms)

    assert (task.errand, task.post, task.due_at > job.now) == (Errand.VERIFY, Audience.SUPERVISOR, True)


def test_refused_goods_are_the_planner_s_and_the_buyer_s_until_the_next_working_day_ends():
    good, bad = Arrival(1, "P-100", 3), Arrival(2, "H-16", 2, refused=1, reason="裂")
    receipt = GoodsReceipt(number="GR26-001", branch=BRANCH, opened_at=at("週五 16:00"), source="supplier", lines=(good, bad))

    books, goods = of_refused_goods(receipt, LIN.id, None, at("週五 16:00"), terms_of("retail"))

    assert (books.errand, books.owners, books.due_at) == (Errand.ADJUST_BOOKS, (LIN.id,), at("下週一 17:00"))
    assert (goods.errand, goods.owners, goods.words) == (Errand.BAD_GOODS, (Audience.BUYER,), "H-16 × 1: 裂")
    whole = replace(receipt, lines=(good,))
    assert of_refused_goods(whole, LIN.id, None, at("週五 16:00"), terms_of("retail")) == ()
