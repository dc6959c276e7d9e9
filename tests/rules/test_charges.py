"""Quotes, receipts, cash and invoices, decision by decision (FEE)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from rules import charges, closing, invoices, money_nexts, quotes
from rules.charges import Method, Receipt, ReceiptStage
from rules.clocks import Clock
from rules.money import Dues, Money
from rules.orders import ServiceClass, Stage, Step, WorkOrder
from rules.people import Person
from rules.policies import Policy
from rules.quotes import LineKind, Quote, QuoteLine, QuoteStage, listed_price
from rules.terms import Terms
from tests.cast import CHEN, LI, MANAGER, WANG, ZHANG, ZHOU, at, terms_of
from tests.rules.job import departed, finished, found, refused, reported

NOW = at("週五 10:00")
LINES = (QuoteLine(LineKind.LABOUR, "檢修", 1, 10000), QuoteLine(LineKind.PART, "水泵", 2, 4000))


def terms(profile: str = "appliance", **fees: Any) -> Terms:
    usual = terms_of(profile)
    policy: Policy = replace(usual.policy, fees=replace(usual.policy.fees, **fees))
    return replace(usual, policy=policy)


def paid_work(**dues: Any) -> WorkOrder:
    """An order of class A that was looked at and checked."""
    order = found(Step.CHECK).order
    return replace(order, service_class=ServiceClass.A, dues=Dues("TWD", **dues) if dues else Dues())


def drafted(*lines: QuoteLine, by: Person = WANG, **changed: Any) -> Quote:
    facts: dict[str, Any] = {"currency": "TWD", "grounds": "已過保固"} | changed
    return Quote(
        id=3, number="Q26-001", branch=WANG.branch, opened_at=NOW, customer=ZHANG.id, about="order:1", order_number="2611-0001",
        crew=(WANG.id,), by=by.id, lines=lines or LINES, valid_until=date.min, **facts,
    )  # fmt: skip


def drawn(
    order: WorkOrder, under: Terms, *, by: Person = WANG, lines: tuple[QuoteLine, ...] = LINES
) -> tuple[Quote, WorkOrder]:
    ruling, noted = quotes.draw_up(drafted(*lines, by=by), order, by=by, now=NOW, terms=under)
    return ruling.after, noted.order


def test_a_quote_says_what_it_comes_to_with_tax_and_how_long_it_holds():
    quote, order = drawn(paid_work(), terms(need_approval="never", tax_percent=Decimal(5)))

    assert (quote.net, quote.tax, quote.total) == (Money(18000, "TWD"), 900, Money(18900, "TWD"))
    assert quote.valid_until == date(2026, 12, 11)
    assert (quote.stage, order.dues.waiting) == (QuoteStage.OFFERED, "Q26-001")


@pytest.mark.parametrize(
    ("need", "price", "stage"),
    [
        ("never", "1", QuoteStage.OFFERED),
        ("always", "999", QuoteStage.APPROVAL),
        ("above_list_price", "100", QuoteStage.OFFERED),
        ("above_list_price", "99.99", QuoteStage.APPROVAL),
    ],
)
def test_whether_the_leader_consents_first_is_the_policy_s(need: str, price: str, stage: QuoteStage):
    under = terms(need_approval=need, prices={"檢修": Decimal(price)})

    assert drawn(paid_work(), under, lines=LINES[:1])[0].stage is stage


def test_what_is_not_in_the_price_list_needs_consent():
    assert drawn(paid_work(), terms(prices={"檢修": Decimal(500)}))[0].stage is QuoteStage.APPROVAL


def test_consent_is_the_leader_s_and_never_one_s_own():
    quote, _order = drawn(paid_work(), terms())
    under = {"now": NOW, "terms": terms()}
    with refused("not-yours", "ROL-1"):
        quotes.consent(quote, by=WANG, **under)
    with refused("not-your-own", "CLS-5"):
        quotes.consent(replace(quote, by=LI.id), by=LI, **under)

    consented = quotes.consent(quote, by=LI, **under)

    assert (consented.after.stage, consented.after.approved_by) == (QuoteStage.OFFERED, LI.id)
    assert consented.notices[0].papers == ("quote:Q26-001",)
    assert drawn(paid_work(), terms(), by=LI)[0].stage is QuoteStage.OFFERED


def test_above_a_limit_it_is_the_manager_s():
    quote, _order = drawn(paid_work(), terms(manager_above=Decimal(100)))
    with refused("not-yours", "ROL-1"):
        quotes.consent(quote, by=LI, now=NOW, terms=terms())

    assert quotes.consent(quote, by=MANAGER, now=NOW, terms=terms()).after.stage is QuoteStage.OFFERED
    assert drawn(paid_work(), terms(manager_above=Decimal(100)), by=LI)[0].stage is QuoteStage.APPROVAL


@pytest.mark.parametrize(
    ("service_class", "code", "rule"),
    [(ServiceClass.C, "no-charge", "FEE-1"), (ServiceClass.B, "no-charge", "FEE-1"), (None, "class-first", "TYP-1")],
)
def test_nothing_is_charged_where_the_class_forbids_it(service_class: ServiceClass | None, code: str, rule: str):
    order = replace(paid_work(agreed=500), service_class=service_class)
    with refused(code, rule):
        drawn(order, terms())
    with refused(code, rule):
        charges.collect(order, Money(100, "TWD"), Method.CASH, "RC1", by=WANG, now=NOW, terms=terms())


def test_a_quote_needs_lines_an_amount_and_grounds_and_one_currency():
    order, under = paid_work(), {"by": WANG, "now": NOW, "terms": terms()}
    for wrong in (
        drafted(QuoteLine(LineKind.OTHER, "送", 1, 0)),
        drafted(grounds=" "),
        drafted(QuoteLine(LineKind.PART, "x", 0, 5)),
    ):
        with refused("quote-empty", "FEE-3"):
            quotes.draw_up(wrong, order, **under)
    with refused("currency-mix", "FEE-3"):
        quotes.draw_up(drafted(currency="CNY"), paid_work(agreed=5), **under)
    with refused("quote-waiting", "FEE-3"):
        quotes.draw_up(drafted(), paid_work(waiting="Q26-000"), **under)


def test_chargeable_work_is_not_begun_without_the_customer_s_yes():
    with refused("quote-first", "FEE-3"):
        quotes.require_agreed(paid_work())
    with refused("quote-unanswered", "FEE-3"):
        quotes.require_agreed(paid_work(waiting="Q26-001"))
    with refused("quote-unanswered", "FEE-4"):
        quotes.require_agreed(paid_work(agreed=5, waiting="Q26-002"))
    quotes.require_agreed(paid_work(agreed=5))
    quotes.require_agreed(replace(paid_work(), service_class=ServiceClass.C))


def test_only_the_customer_accepts_and_only_while_it_holds():
    quote, order = drawn(paid_work(), terms(need_approval="never"))
    with refused("not-yours", "ROL-1"):
        quotes.accept(quote, order, by=WANG, now=NOW, terms=terms())
    with refused("quote-expired", "FEE-3"):
        quotes.accept(quote, order, by=ZHANG, now=NOW + timedelta(days=15), terms=terms())

    ruling, noted = quotes.accept(quote, order, by=ZHANG, now=NOW, terms=terms())

    assert (ruling.after.stage, noted.order.dues) == (QuoteStage.ACCEPTED, Dues("TWD", agreed=18000))
    with refused("case-closed", "REC-1"):
        quotes.accept(ruling.after, noted.order, by=ZHANG, now=NOW, terms=terms())


def test_extra_work_is_asked_anew_and_adds_up():
    quote, order = drawn(paid_work(agreed=500, paid=500), terms(need_approval="never"))

    assert quote.is_extra
    assert quotes.offered(quote).text == "notice.quote-extra"
    assert quotes.accept(quote, order, by=ZHANG, now=NOW, terms=terms())[1].order.dues == Dues("TWD", agreed=18500, paid=500)


def test_where_there_is_no_chat_the_consent_is_signed_on_paper():
    quote, order = drawn(paid_work(), terms(need_approval="never"))
    with refused("consent-missing", "FEE-3"):
        quotes.accept_on_paper(quote, order, "", "張太太", by=WANG, now=NOW, terms=terms())

    ruling, noted = quotes.accept_on_paper(quote, order, "a1", "張太太", by=WANG, now=NOW, terms=terms())

    assert (ruling.after.consent, ruling.after.signer, noted.order.dues.agreed) == ("a1", "張太太", 18000)


def test_a_declined_quote_leaves_nothing_owing_and_another_may_follow():
    quote, order = drawn(paid_work(), terms(need_approval="never"))

    ruling, noted = quotes.decline(quote, order, "太貴", by=ZHANG, now=NOW, terms=terms())

    assert (ruling.after.stage, noted.order.dues.waiting, noted.order.dues.agreed) == (QuoteStage.DECLINED, "", 0)
    assert not quotes.is_over(ruling.after, date(2030, 1, 1))
    assert quotes.is_over(quote, date(2026, 12, 12)) and not quotes.is_over(quote, date(2026, 12, 11))
    assert quotes.expire(quote, order, now=NOW)[1].order.dues.waiting == ""


def test_after_the_receipt_no_amount_changes():
    quote, order = drawn(paid_work(), terms(need_approval="never"))
    ruling, noted = quotes.accept(quote, order, by=ZHANG, now=NOW, terms=terms())
    paid = replace(noted.order, dues=replace(noted.order.dues, paid=1))
    with refused("receipt-issued", "FEE-8"):
        quotes.withdraw(ruling.after, paid, by=WANG, now=NOW, terms=terms())

    taken_back = quotes.withdraw(ruling.after, noted.order, by=WANG, now=NOW, terms=terms())

    assert (taken_back[0].after.stage, taken_back[1].order.dues.agreed) == (QuoteStage.WITHDRAWN, 0)
    assert (
        quotes.send_back(replace(quote, stage=QuoteStage.APPROVAL), "太高", order, by=LI, now=NOW, terms=terms())[
            1
        ].order.dues.waiting
        == ""
    )


def collects(
    order: WorkOrder, minor: int, under: Terms, *, by: Person = WANG, method: Method = Method.CASH, **more: Any
) -> Any:
    return charges.collect(order, Money(minor, "TWD"), method, "RC26-001", by=by, now=NOW, terms=under, **more)


def test_the_customer_has_his_receipt_s_number_at_once_and_cash_is_due_by_the_next_noon():
    ruling, noted = collects(paid_work(agreed=18000), 18000, terms())

    assert (ruling.after.stage, noted.order.dues.paid) == (ReceiptStage.IN_HAND, 18000)
    notice = ruling.notices[0]
    assert (notice.to, notice.facts["receipt"], notice.papers) == ((ZHANG.id,), "RC26-001", ("receipt:RC26-001",))
    assert ruling.deadlines[Clock.CASH].promise.due_at == at("下週一 12:00")


def test_no_more_is_taken_than_was_agreed_on_in_another_currency_or_at_all():
    with refused("quote-first", "FEE-3"):
        collects(paid_work(), 100, terms())
    with refused("more-than-agreed", "FEE-4"):
        collects(paid_work(agreed=18000, paid=10000), 8001, terms())
    with refused("all-paid", "FEE-8"):
        collects(paid_work(agreed=18000, paid=18000), 1, terms())
    with refused("currency-mix", "FEE-8"):
        charges.collect(paid_work(agreed=500), Money(100, "CNY"), Method.CASH, "RC1", by=WANG, now=NOW, terms=terms())


def test_above_the_limit_no_cash_is_taken_on_site_not_even_bit_by_bit():
    for minor in (20001, 100):
        with refused("above-cash-limit", "FEE-7"):
            collects(paid_work(agreed=20001), minor, terms())
    collects(paid_work(agreed=20000), 20000, terms())
    collects(paid_work(agreed=20001), 20001, terms(), method=Method.TRANSFER)
    collects(paid_work(agreed=20001), 20001, terms(), sent_for=True)


def test_where_service_comes_first_money_comes_after():
    with refused("service-first", "RET-14"):
        collects(paid_work(agreed=500), 500, terms("retail"))
    collects(replace(paid_work(agreed=500), finished_at=NOW), 500, terms("retail"))


def test_where_money_comes_first_the_accountant_confirms_it():
    with refused("accountant-confirms", "FEE-6"):
        collects(paid_work(agreed=500), 500, terms("machinery"))

    ruling, noted = collects(paid_work(agreed=500), 500, terms("machinery"), by=ZHOU, method=Method.TRANSFER)

    assert (ruling.after.stage, noted.order.dues.is_paid) == (ReceiptStage.RECEIVED, True)
    assert not ruling.after.is_open and not ruling.deadlines


def receipt(minor: int = 500, *, by: Person = WANG) -> Receipt:
    return replace(collects(paid_work(agreed=minor), minor, terms())[0].after, by=by.id, id=9)


def test_cash_is_counted_to_the_cent_and_never_by_who_brings_it():
    counted = charges.count_in(receipt(), by=ZHOU, now=NOW, terms=terms())
    assert (counted.after.stage, counted.after.counted_by, counted.deadlines) == (
        ReceiptStage.HANDED_IN,
        ZHOU.id,
        {Clock.CASH: None},
    )
    with refused("cash-counted", "FEE-7"):
        charges.count_in(counted.after, by=ZHOU, now=NOW, terms=terms())
    with refused("not-your-own", "CLS-5"):
        charges.count_in(receipt(by=ZHOU), by=ZHOU, now=NOW, terms=terms())

    charges.require_counted([receipt(500), receipt(700)], Money(1200, "TWD"))
    with refused("count-differs", "FEE-7") as told:
        charges.require_counted([receipt(500), receipt(700)], Money(1199, "TWD"))
    assert told.value.facts["difference"] == "-0.01 TWD"
    with refused("currency-mix", "FEE-7"):
        charges.require_counted([receipt()], Money(500, "CNY"))
    with refused("nothing-in-hand", "FEE-7"):
        charges.require_counted([], Money(0, "TWD"))


def test_a_wrong_receipt_is_cancelled_with_a_reason_and_what_it_said_stays():
    order = paid_work(agreed=500, paid=500)
    with refused("reason-missing", "FEE-8"):
        charges.void(receipt(), order, "", by=ZHOU, now=NOW, terms=terms())

    ruling, owing = charges.void(receipt(), order, "開錯金額", by=ZHOU, now=NOW, terms=terms())

    assert (ruling.after.stage, ruling.after.minor, owing.order.dues.outstanding.minor) == (ReceiptStage.VOID, 500, 500)
    with refused("receipt-void", "FEE-8"):
        charges.void(ruling.after, order, "再一次", by=ZHOU, now=NOW, terms=terms())


@pytest.mark.parametrize(
    ("when", "due"), [("週五 10:00", "週五 17:00"), ("週五 18:00", "下週一 17:00"), ("週六 10:00", "下週一 17:00")]
)
def test_the_invoice_is_due_the_same_working_day(when: str, due: str):
    ruling, noted = invoices.ask_invoice(paid_work(agreed=50000), "V26-001", by=WANG, now=at(when), terms=terms())

    assert ruling.deadlines[Clock.INVOICE].promise.due_at == at(due)
    assert ruling.deadlines[Clock.INVOICE].promise.limit.rule == "SLA-14"
    assert noted.order.dues.is_settled
    with refused("invoice-asked", "FEE-7"):
        invoices.ask_invoice(noted.order, "V26-002", by=WANG, now=NOW, terms=terms())


def test_what_was_taken_back_is_invoiced_the_day_it_is_returned():
    order = replace(paid_work(agreed=50000), overrides={"taken_back": "要換壓縮機"})

    ruling, _noted = invoices.ask_invoice(order, "V26-001", by=None, now=NOW, terms=terms())

    assert ruling.deadlines[Clock.INVOICE].promise.limit.rule == "SLA-15"


def test_an_invoice_is_issued_by_the_accountant_collected_on_a_trip_and_closed_when_paid():
    asked = invoices.ask_invoice(paid_work(agreed=50000), "V26-001", by=CHEN, now=NOW, terms=terms())[0].after
    under = {"now": NOW, "terms": terms()}
    with refused("invoice-not-issued", "FEE-7"):
        invoices.send_to_collect(asked, WANG.id, by=LI, **under)
    with refused("invoice-number-missing", "FEE-8"):
        invoices.issue(asked, " ", by=ZHOU, **under)
    issued = invoices.issue(asked, "AB-1", by=ZHOU, **under)
    assert issued.deadlines == {Clock.INVOICE: None}
    with refused("invoice-issued", "FEE-7"):
        invoices.issue(issued.after, "AB-2", by=ZHOU, **under)

    sent = invoices.send_to_collect(issued.after, WANG.id, by=LI, **under)

    assert (sent.after.collector, sent.notices[0].to) == (WANG.id, (WANG.id,))
    assert not invoices.settle(sent.after, now=NOW).after.is_open


def test_a_case_with_money_open_is_not_closed():
    job = departed()
    job.order = replace(job.order, service_class=ServiceClass.A, dues=Dues("TWD", agreed=500))
    with refused("money-open", "CLS-10"):
        job.does(closing.approve, by=LI)
    job.order = replace(job.order, dues=Dues("TWD", waiting="Q26-001"))
    with refused("quote-unanswered", "CLS-10"):
        job.does(closing.approve, by=LI)

    job.order = replace(job.order, dues=Dues("TWD", agreed=500, invoiced=500))
    job.does(closing.approve, by=LI)


def test_a_visit_that_ends_with_money_open_is_left_owing():
    before = replace(paid_work(agreed=500), left_at=None)
    after = replace(before, left_at=NOW, stage=Stage.DEPARTED)

    policy = terms().policy
    assert invoices.is_left_owing(before, after, policy)
    assert not invoices.is_left_owing(before, replace(after, dues=Dues("TWD", agreed=500, paid=500)), policy)
    assert not invoices.is_left_owing(after, after, policy)
    assert not invoices.is_left_owing(None, reported().order, policy)


@pytest.mark.parametrize(
    ("listed", "price", "stage"),
    [(18_000, 18_000, QuoteStage.OFFERED), (18_000, 18_001, QuoteStage.APPROVAL), (None, 1, QuoteStage.APPROVAL)],
)
def test_the_price_of_the_catalogue_counts_as_listed(listed: int | None, price: int, stage: QuoteStage):
    line = QuoteLine(LineKind.PART, "P-100 泵浦", 1, price, 7, listed)

    assert drawn(paid_work(), terms(need_approval="above_list_price"), lines=(line,))[0].stage is stage


@pytest.mark.parametrize(("price", "minor"), [("180", 18_000), ("180.5", 18_050), ("0.001", None), (None, None)])
def test_a_listed_price_is_one_that_can_be_charged(price: str | None, minor: int | None):
    assert listed_price(Decimal(price) if price else None, "TWD") == minor


def test_on_a_campus_nobody_pays_before_the_resident_has_signed_the_voucher():
    """SIG-9: neither cash nor an invoice; a visit that ends unsigned owes nothing yet."""
    job = finished("campus", zone="near").later(minutes=5)
    job.order = replace(job.order, service_class=ServiceClass.A, dues=Dues("TWD", agreed=50000))
    left = replace(job.order, left_at=job.now, stage=Stage.DEPARTED)

    for by in (WANG, ZHOU):
        with refused("voucher-unsigned", "SIG-9"):
            charges.require_collectable(job.order, Method.CASH, by=by, terms=job.terms)
    with refused("voucher-unsigned", "SIG-9"):
        invoices.ask_invoice(job.order, "V26-001", by=WANG, now=NOW, terms=job.terms)
    assert not invoices.is_left_owing(job.order, left, job.terms.policy)
    assert not {"collect", "ask_invoice"} & {one.action for one in money_nexts.of_order(job.order, WANG, job.terms)}

    job.signs()

    charges.require_collectable(job.order, Method.CASH, by=WANG, terms=job.terms)
    assert {"collect", "ask_invoice"} <= {one.action for one in money_nexts.of_order(job.order, WANG, job.terms)}
    assert invoices.is_left_owing(job.order, replace(left, seals=job.order.seals), job.terms.policy)
