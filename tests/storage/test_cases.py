"""Complaints, surveys, tasks: one row each, whatever their kind; and every subject by its name."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection

from rules.complaint_records import CaseStage, Form, Handling, Opinion, Outcome, Passage, Share
from rules.complaints import Complaint
from rules.decisions import Audience, Entry, Notice, Ruling
from rules.people import Role
from rules.ratings import Graded
from rules.surveys import Survey
from rules.tasks import Errand, Task
from storage import cases, journal, people, subjects
from storage.errors import Raced, StaleOrder
from storage.tables import outbox
from storage.unit import Unit, whom
from tests.cast import terms_of
from tests.storage.making import NOW, after, an_order, somebody


def a_case(connection: Connection, number: str = "261101", **others: object) -> Complaint:
    fresh = Complaint(number=number, branch="north", opened_at=NOW, stage=CaseStage.QUALITY, route="product")
    return cases.add(connection, replace(fresh, **others))


def test_a_case_comes_back_as_it_was_stored(connection: Connection):
    customer = somebody(connection)
    opinion = Opinion(Outcome.UPHELD, Handling.RETURN, "製程失控", "換新品", shares=(Share("quality", Decimal(100)),))
    passages = (Passage(CaseStage.OFFICE, NOW, after(720), after(60), 5, {"category": "quality"}),)
    stored = a_case(connection, customer=customer.id, form=Form(order_no="S-1"), opinion=opinion, passages=passages)

    assert cases.by_id(connection, Complaint, stored.id) == stored
    assert cases.by_number(connection, Complaint, "261101") == stored
    assert cases.of_customer(connection, Complaint, customer.id) == [stored]
    assert cases.by_id(connection, Survey, stored.id) is None


def test_a_number_is_given_once_within_its_kind(connection: Connection):
    a_case(connection, "261101")
    cases.add(connection, Survey(number="261101", branch="", opened_at=NOW, aspects=()))

    with pytest.raises(Raced), connection.begin_nested():
        a_case(connection, "261101")


def test_of_two_who_read_the_same_case_one_changes_it(connection: Connection):
    case = a_case(connection)
    changed = cases.change(connection, case, replace(case, category="quality"))
    assert changed.version == 1

    with pytest.raises(StaleOrder):
        cases.change(connection, case, replace(case, category="non_quality"))


def test_a_closed_case_is_a_closed_row(connection: Connection):
    case = a_case(connection)
    cases.change(connection, case, replace(case, stage=CaseStage.CLOSED, closed_at=after(60)))

    assert cases.closed_between(connection, Complaint, NOW, after(61))[0].number == "261101"
    assert cases.closed_between(connection, Complaint, after(61), after(90)) == []
    assert not cases.has_open(connection, (Complaint,))


def test_open_cases_come_serious_ones_first_then_by_what_is_due(connection: Connection):
    late, early, serious = (a_case(connection, number) for number in ("261101", "261102", "261103"))
    cases.change(connection, serious, replace(serious, is_serious=True))
    cases.set_next_due(connection, late.id, after(90))
    cases.set_next_due(connection, early.id, after(30))
    office = somebody(connection, "方小姐", Role.CASE_OFFICE)

    found = cases.open_ones(connection, Complaint, visible_to=office)

    assert [one.number for one in found] == ["261103", "261102", "261101"]


def test_a_case_is_in_reach_of_its_branch_and_out_of_sight_for_whom_it_is_about(connection: Connection):
    mine, other = (
        somebody(connection, "甲", Role.SUPERVISOR, branch="north"),
        somebody(connection, "乙", Role.SUPERVISOR, branch="s"),
    )
    case = a_case(connection)
    assert [one.number for one in cases.open_ones(connection, Complaint, visible_to=mine)] == ["261101"]
    assert cases.open_ones(connection, Complaint, visible_to=other) == []

    cases.change(connection, case, replace(case, barred=(mine.id,)))

    assert cases.open_ones(connection, Complaint, visible_to=mine) == []


def test_what_follows_from_a_subject_is_found_by_its_name(connection: Connection):
    order = an_order(connection)
    task = Task(
        number="2611-0001-F1", branch="north", opened_at=NOW, about=order.subject, errand=Errand.FOLLOW_UP, due_at=after(60),
        post=Audience.CLERK,
    )  # fmt: skip
    stored = cases.add(connection, task)

    assert cases.about(connection, Task, order.subject) == [stored]
    assert stored.about_order == order.id


def test_every_subject_is_found_by_its_name_and_nothing_by_any_other(connection: Connection):
    order, case = an_order(connection), a_case(connection)

    assert subjects.by_name(connection, order.subject) == order
    assert subjects.by_name(connection, f"{case.subject}:esc") == case
    for name in ("", "order:", "order:x", "complaint:999999", "talk:33", "person:1", "survey"):
        assert subjects.by_name(connection, name) is None, name


def test_a_ruling_about_any_subject_is_recorded_the_same_way(connection: Connection):
    """One writer for orders and complaints (DESIGN 2)."""
    sales, _ = somebody(connection, "錢業務", Role.SALES), an_order(connection)
    people.add_account(connection, sales.id, channel="test", address="q", chat="q", now=NOW)
    unit = Unit(connection, NOW, terms_of("factory"), "m1")
    fresh = Complaint(number="261107", branch="north", opened_at=NOW, stage=CaseStage.SALES, route="product")

    case = unit.record(
        None, Ruling(fresh, (Entry("complaint.opened"),), (Notice("notice.complaint-stage", fresh.owners),)), by=5
    )

    assert [line.kind for line in journal.lines(connection, case.subject)] == ["complaint.opened"]
    row = connection.execute(outbox.select().where(outbox.c.subject == case.subject)).one()
    assert (row.kind, row.person_id, row.order_id) == ("card", sales.id, None)


def test_an_empty_post_falls_upward_and_never_to_whom_it_is_about(connection: Connection):
    """ESC-17, SUR-5."""
    gm = somebody(connection, "郭總", Role.GM)
    supervisor = somebody(connection, "李主任", Role.SUPERVISOR, branch="north")
    case = a_case(connection)
    assert whom(connection, case, (Audience.DEPUTY_GM,), NOW) == [gm.id]
    assert whom(connection, case, (Audience.QUALITY,), NOW) == [gm.id]
    assert whom(connection, case, (Audience.SUPERVISOR,), NOW) == [supervisor.id]

    about_him = replace(case, barred=(supervisor.id,))

    assert whom(connection, about_him, (Audience.SUPERVISOR, supervisor.id), NOW) == [gm.id]


def test_months_are_told_apart_by_when_cases_were_opened(connection: Connection):
    a_case(connection, "261101")
    a_case(connection, "261201", opened_at=datetime(2026, 12, 1, tzinfo=UTC))

    found = cases.opened_between(connection, Complaint, NOW, datetime(2026, 12, 1, tzinfo=UTC))

    assert [one.number for one in found] == ["261101"]


def test_what_opinion_cards_of_a_month_say_comes_in_few_rows(connection: Connection):
    """SUR-3."""
    said = [((7,), {"attitude": 4}, False)] * 3 + [((7, 8), {"attitude": 4}, False), ((7,), {"attitude": 1}, True)]
    for n, (technicians, grades, is_early) in enumerate(said):
        told: dict[str, Any] = {"technicians": technicians, "grades": grades, "is_early": is_early, "aspects": ("attitude",)}
        cases.add(connection, Survey(number=f"2611-{n:04}", branch="north", opened_at=after(n), **told))
    cases.add(connection, Survey(number="2612-0001", branch="north", opened_at=after(60), aspects=()))
    a_case(connection)

    found = cases.grades_given(connection, NOW, after(60))

    assert found == [
        Graded((7,), {"attitude": 4}, n=3),
        Graded((7, 8), {"attitude": 4}),
        Graded((7,), {"attitude": 1}, is_early=True),
    ]
