"""Advances and expense claims, decision by decision (DSP-7, CLS-6)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules import expenses
from rules.clocks import Clock
from rules.expenses import Advance, Expense, ExpenseKind, OutStage, Voucher
from rules.money import Money
from tests.cast import CHEN, LI, MANAGER, WANG, ZHANG, ZHOU, at, terms_of
from tests.rules.job import refused

NOW = at("週五 10:00")
UNDER: dict[str, Any] = {"now": NOW, "terms": terms_of("appliance")}


def advance(minor: int = 300_000, **changed: Any) -> Advance:
    drafted = Advance(
        id=4, number="A26-001", branch=WANG.branch, opened_at=NOW, by=WANG.id, minor=minor, currency="TWD", purpose="高雄出差"
    )
    return replace(drafted, **changed)


def claim(*minor: int, photos: tuple[str, ...] = (), **changed: Any) -> Expense:
    names = photos or tuple(f"p{n}" for n in range(len(minor)))
    vouchers = tuple(Voucher(ExpenseKind.TRAVEL, one, name) for one, name in zip(minor, names, strict=True))
    drafted = Expense(
        id=5,
        number="E26-001",
        branch=WANG.branch,
        opened_at=NOW,
        by=WANG.id,
        currency="TWD",
        purpose="高雄出差",
        vouchers=vouchers,
    )
    return replace(drafted, **changed)


def test_an_advance_is_asked_for_with_amount_and_purpose_and_goes_to_the_supervisor():
    asked = expenses.ask_advance(advance(), (), by=WANG, **UNDER)

    assert (asked.after.stage, asked.notices[0].to) == (OutStage.ASKED, asked.after.owners)
    for wrong in (advance(0), advance(purpose=" ")):
        with refused("advance-incomplete", "DSP-7"):
            expenses.ask_advance(wrong, (), by=WANG, **UNDER)
    with refused("not-yours", "ROL-1"):
        expenses.ask_advance(advance(), (), by=ZHANG, **UNDER)


def test_while_one_is_overdue_another_takes_a_reason_and_the_manager():
    out = advance(stage=OutStage.PAID, due_at=NOW - timedelta(days=1))
    with refused("advance-overdue", "DSP-7"):
        expenses.ask_advance(advance(), [out], by=WANG, **UNDER)
    assert not expenses.ask_advance(advance(), [replace(out, due_at=NOW)], by=WANG, **UNDER).after.needs_manager

    asked = expenses.ask_advance(advance(reason="明天就要出發"), [out], by=WANG, **UNDER).after

    with refused("not-yours", "ROL-1"):
        expenses.approve(asked, by=LI, **UNDER)
    assert expenses.approve(asked, by=MANAGER, **UNDER).after.stage is OutStage.APPROVED


@pytest.mark.parametrize("case", [advance(by=LI.id), claim(500, by=LI.id)], ids=["advance", "claim"])
def test_nobody_approves_or_pays_his_own(case: Any):
    with refused("not-your-own", "CLS-5"):
        expenses.approve(case, by=LI, **UNDER)
    with refused("not-your-own", "CLS-5"):
        expenses.send_back(case, "不", by=LI, **UNDER)
    own = replace(case, by=ZHOU.id, stage=OutStage.APPROVED)
    with refused("not-your-own", "CLS-5"):
        expenses.pay_out(own, by=ZHOU, **UNDER)


def test_it_is_paid_only_once_it_was_approved_and_is_then_to_be_settled_in_time():
    with refused("claim-not-approved", "CLS-6"):
        expenses.pay_out(advance(), by=ZHOU, **UNDER)

    paid = expenses.pay_out(advance(stage=OutStage.APPROVED), by=ZHOU, **UNDER)

    assert paid.after.due_at is not None
    assert (paid.after.due_at - at("週五 23:59")).days == 14
    assert paid.deadlines[Clock.ADVANCE].promise.due_at == paid.after.due_at
    assert paid.after.is_overdue(paid.after.due_at + timedelta(minutes=1)) and not paid.after.is_overdue(paid.after.due_at)


def test_a_claim_needs_vouchers_each_with_its_photo_and_amount():
    with refused("claim-empty", "CLS-6"):
        expenses.claim(claim(), by=WANG, **UNDER)
    for wrong in (claim(500, photos=("",)), claim(0)):
        with refused("voucher-missing", "CLS-6"):
            expenses.claim(wrong, by=WANG, **UNDER)

    asked = expenses.claim(claim(500, 700), by=WANG, **UNDER)

    assert (asked.after.money, asked.notices[0].photos, asked.notices[0].text) == (
        Money(1200, "TWD"), ("p0", "p1"), "notice.claim-asked",
    )  # fmt: skip


def test_a_voucher_that_was_handed_in_before_is_flagged_and_not_refused():
    known = expenses.claim(claim(500, doubled={"p0": "E26-000"}), by=WANG, **UNDER)
    twice = expenses.claim(claim(500, 500, photos=("p0", "p0")), by=WANG, **UNDER)

    assert (known.notices[0].text, known.notices[0].facts["doubled"]) == ("notice.claim-doubled", ["E26-000"])
    assert twice.after.doubled == {"p0": "E26-001"}


@pytest.mark.parametrize(
    ("spent", "balance", "text"),
    [(350_000, 50_000, "notice.claim-paid"), (250_001, -49_999, "notice.claim-give-back"), (300_000, 0, "notice.claim-paid")],
)
def test_what_was_spent_less_what_was_advanced_is_paid_or_given_back(spent: int, balance: int, text: str):
    out = advance(stage=OutStage.PAID, due_at=NOW)
    others = advance(stage=OutStage.PAID, by=CHEN.id)

    ruling, settled = expenses.settle(claim(spent, stage=OutStage.APPROVED), [out, others], by=ZHOU, **UNDER)

    assert (ruling.after.balance, ruling.notices[0].text) == (Money(balance, "TWD"), text)
    assert [(one.after.number, one.after.stage, one.deadlines) for one in settled] == [
        ("A26-001", OutStage.SETTLED, {Clock.ADVANCE: None})
    ]


def test_two_currencies_are_not_set_off():
    out = advance(stage=OutStage.PAID, currency="CNY")
    with refused("currency-mix", "CLS-6"):
        expenses.settle(claim(500, stage=OutStage.APPROVED), [out], by=ZHOU, **UNDER)


def test_a_decided_claim_is_not_decided_again_and_a_returned_one_says_why():
    approved = expenses.approve(claim(500), by=LI, **UNDER).after
    with refused("claim-decided", "CLS-6"):
        expenses.approve(approved, by=LI, **UNDER)
    with refused("reason-missing", "CLS-6"):
        expenses.send_back(claim(500), " ", by=LI, **UNDER)

    returned = expenses.send_back(claim(500), "看不清楚", by=LI, **UNDER)

    assert (returned.after.is_open, returned.notices[0].facts["reason"]) == (False, "看不清楚")


def test_an_advance_that_was_not_spent_comes_back_whole():
    with refused("advance-not-out", "DSP-7"):
        expenses.give_back(advance(), by=ZHOU, **UNDER)
    with refused("not-your-own", "CLS-5"):
        expenses.give_back(advance(stage=OutStage.PAID, by=ZHOU.id), by=ZHOU, **UNDER)

    assert expenses.give_back(advance(stage=OutStage.PAID), by=ZHOU, **UNDER).deadlines == {Clock.ADVANCE: None}
