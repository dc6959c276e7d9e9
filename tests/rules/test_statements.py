"""The month's table of closed complaints, and the tasks that decisions leave behind (CMP-10, CMP-16, CMP-19, SLA-23)."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from rules import statements, tasks
from rules.clocks import Clock
from rules.decisions import Audience
from rules.escalation import Watch, ladder
from rules.people import Role
from rules.statements import Statement
from rules.tasks import Errand
from tests.cast import BRANCH, GM, MAKING, MANAGER, QUALITY, RND, SALES, TAIPEI, policy_of, terms_of
from tests.rules.affair import decided, up_for_decision
from tests.rules.job import refused

NOVEMBER = date(2026, 11, 1)
FIRST = datetime(2026, 12, 1, 8, 30, tzinfo=ZoneInfo(TAIPEI))
TERMS = terms_of("factory")


def drafted(*cases) -> statements.Ruling[Statement]:
    ruling = statements.draft(NOVEMBER, cases, branch=BRANCH, now=FIRST, terms=TERMS)
    return replace(ruling, after=replace(ruling.after, id=1))


def late_case():
    case = decided().case
    return replace(case, number="261102", due_at=case.verdict.at.replace(day=1))


def test_the_table_totals_what_was_decided_with_responsibility_and_shares():
    table = drafted(decided().case, late_case(), up_for_decision().case).after

    assert [line.number for line in table.lines] == ["261101", "261102"]
    assert table.lines[0].shares == {"manufacturing": Decimal(70), "quality": Decimal(30)}
    assert [(one.unit, one.n, one.loss) for one in statements.totals(table)] == [
        ("manufacturing", 2, Decimal(8400)),
        ("quality", 2, Decimal(3600)),
    ]
    assert (statements.in_time(table), statements.upheld(table)) == (Decimal(50), 2)


def test_a_month_without_cases_says_so_and_divides_by_nothing():
    ruling = drafted()

    assert (ruling.after.is_open, statements.in_time(ruling.after), statements.totals(ruling.after)) == (False, None, ())
    assert [notice.text for notice in ruling.notices] == ["notice.statement-empty"]


def test_it_is_reminded_of_on_the_5th_and_8th_and_escalated_on_the_10th():
    promise = drafted(decided().case).deadlines[Clock.STATEMENT].promise

    rungs = ladder(Watch(promise), policy_of("factory"))

    days = [(rung.at.astimezone(ZoneInfo(TAIPEI)).day, rung.is_breach) for rung in rungs[:4]]
    assert days == [(5, False), (8, False), (10, True), (11, True)]
    assert rungs[2].audience == ("owner", "deputy_gm", "gm")


def test_each_head_confirms_his_part_and_the_last_one_closes_the_table():
    table = drafted(decided().case).after
    assert table.owners == (Audience.MANUFACTURING, Audience.QUALITY, Audience.RND, Audience.SALES)
    how = {"now": FIRST, "terms": TERMS}

    for role, by in ((Role.MANUFACTURING, MAKING), (Role.QUALITY, QUALITY), (Role.RND, RND)):
        table = statements.confirm(table, role, by=by, **how).after
    assert (table.owners, table.is_open) == ((Audience.SALES,), True)
    last = statements.confirm(table, Role.SALES, by=SALES, **how)

    assert not last.after.is_open
    assert last.deadlines == {Clock.STATEMENT: None}
    assert last.notices[0].to == (Audience.CASE_OFFICE, Audience.GM)


def test_nobody_confirms_for_another_department_or_twice():
    table = drafted(decided().case).after
    how = {"now": FIRST, "terms": TERMS}
    with refused("not-yours", "CMP-16"):
        statements.confirm(table, Role.QUALITY, by=SALES, **how)
    with refused("not-yours", "ROL-1"):
        statements.confirm(table, Role.QUALITY, by=GM, **how)

    stood_in = statements.confirm(table, Role.QUALITY, by=MANAGER, **how).after

    with refused("confirmed-before", "CMP-16"):
        statements.confirm(stood_in, Role.QUALITY, by=QUALITY, **how)


def test_a_remedy_is_a_task_with_a_day_and_its_effect_is_looked_at_later():
    """CMP-10."""
    case = decided().case
    task = replace(tasks.improvement(case, "261101-I1", FIRST, TERMS), id=1)
    assert (task.owners, task.words) == ((Audience.MANUFACTURING,), "電鍍液每班量測並記錄")
    how = {"now": FIRST, "terms": TERMS}
    done = tasks.finish(task, "已裝量測器", by=MAKING, **how).after

    check = replace(tasks.effect_check(done, "261101-E1", FIRST, TERMS), id=2)

    assert (check.errand, check.owners, (check.due_at - FIRST).days) == (Errand.EFFECT, (Audience.QUALITY,), 30)
    with refused("effect-missing", "CMP-10"):
        tasks.finish(check, "看過了", by=QUALITY, **how)
    failed = tasks.finish(check, "仍有 2 片", False, by=QUALITY, **how).after
    again = tasks.improve_again(failed, "261101-I2", FIRST, TERMS)
    assert (again.errand, again.words, again.is_open) == (Errand.IMPROVEMENT, "仍有 2 片", True)


def test_what_was_not_upheld_is_collected_by_sales():
    """CMP-19."""
    task = tasks.collection(decided().case, "261101-C1", FIRST, TERMS)

    assert (task.errand, task.owners) == (Errand.COLLECTION, (Audience.SALES,))
    with refused("result-missing", "CMP-19"):
        tasks.finish(task, "", by=SALES, now=FIRST, terms=TERMS)


def test_a_task_is_asked_about_and_then_repeated_five_days_at_most():
    opened = tasks.open_task(tasks.collection(decided().case, "261101-C1", FIRST, TERMS), now=FIRST)

    rungs = ladder(Watch(opened.deadlines[Clock.TASK].promise), policy_of("factory"))

    assert [rung.is_breach for rung in rungs] == [False, False, True, True, True, True, True]
    assert opened.notices[0].to == (Audience.SALES,)


@pytest.mark.parametrize(("month", "after"), [(date(2026, 11, 1), date(2026, 12, 1)), (date(2026, 12, 1), date(2027, 1, 1))])
def test_the_month_after(month: date, after: date):
    assert statements.next_month(month) == after
