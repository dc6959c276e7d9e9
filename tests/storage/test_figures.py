"""The figures of a made-up year against plain SQL over the stored rows, to the last order (issue 5, "done when" 3)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from rules.dailies import DailyReport, number_of
from rules.figure_scopes import Scope, within
from rules.figures import Count, Figure, Ledger, by_branch, by_model, by_month, by_technician, measure, measures, shares
from rules.months import month_of
from rules.policies import SatisfactionPolicy
from rules.timesheets import TimeLine
from storage import cases, figures
from storage.engine import open_engine
from storage.tables import metadata
from tests.a_year import BRANCHES, made_up
from tests.cast import terms_of

TERMS = terms_of("appliance")
ZONE = "Asia/Taipei"
START, END = datetime(2025, 12, 1, tzinfo=ZoneInfo(ZONE)), datetime(2026, 12, 1, tzinfo=ZoneInfo(ZONE))
NOW = datetime(2026, 12, 9, tzinfo=UTC)

# Of every order or case: its number, the moment by which it counts, above the line, below it, how many, how many against.
PLAIN_SQL = {
    "timeliness": """
        SELECT orders.number, d.due_at, coalesce(d.met_at <= d.due_at, 0), 1, 1, 1 - coalesce(d.met_at <= d.due_at, 0)
        FROM deadlines AS d JOIN orders ON orders.id = CAST(substr(d.subject, 7) AS INTEGER)
        WHERE d.clock IN ('arrival', 'reply', 'written_contact') AND d.state <> 'dropped'
        AND json_extract(d.watch, '$.promise.limit.rule') IN
            ('SLA-1', 'SLA-2', 'SLA-3', 'SLA-4', 'SLA-5', 'SLA-6', 'SLA-7', 'SLA-8', 'SLA-29')""",
    "satisfaction": """
        SELECT number, closed_at, sum(one.value >= 3), count(*), count(*), sum(one.value < 3)
        FROM cases, json_each(body, '$.grades') AS one
        WHERE kind = 'survey' AND NOT json_extract(body, '$.is_early') AND closed_at IS NOT NULL GROUP BY cases.id""",
    "complaints": """
        SELECT number, json_extract("order", '$.finished_at'), 0, 1, 1, 0 FROM orders
        WHERE json_extract("order", '$.finished_at') IS NOT NULL AND stage <> 'cancelled'
        UNION ALL
        SELECT number, json_extract(body, '$.verdict.at'), 1, 0, 1, 1 FROM cases
        WHERE kind = 'complaint' AND json_extract(body, '$.opinion.outcome') = 'upheld'
        AND json_extract(body, '$.route') = 'service' AND json_extract(body, '$.verdict.at') IS NOT NULL""",
    "major": """
        SELECT number, json_extract("order", '$.finished_at'), 0, 1, 1, 0 FROM orders
        WHERE json_extract("order", '$.finished_at') IS NOT NULL AND stage <> 'cancelled'
        UNION ALL
        SELECT number, opened_at, 1, 0, 1, 1 FROM cases
        WHERE kind = 'complaint' AND is_urgent AND json_extract(body, '$.previous') IS NULL""",
    "closing": """
        SELECT number, decided, decided <= due, 1, 1, decided > due
        FROM (SELECT number, json_extract(body, '$.verdict.at') AS decided, json_extract(body, '$.due_at') AS due
              FROM cases WHERE kind = 'complaint') WHERE decided IS NOT NULL AND due IS NOT NULL""",
    "stages": """
        SELECT number, stayed, stayed <= due, 1, 1, stayed > due
        FROM (SELECT number, json_extract(one.value, '$.left_at') AS stayed, json_extract(one.value, '$.due_at') AS due
              FROM cases, json_each(body, '$.passages') AS one WHERE kind = 'complaint')
        WHERE stayed IS NOT NULL AND due IS NOT NULL""",
    "opinions": """
        SELECT number, came, coalesce(done <= due, 0), 1, 1, 1 - coalesce(done <= due, 0) FROM (
            SELECT orders.number, opened_at AS came, closed_at AS done,
                   replace(replace(json_extract(body, '$.due_at'), 'T', ' '), 'Z', '.000000') AS due
            FROM cases JOIN orders ON about = 'order:' || orders.id
            WHERE kind = 'task' AND json_extract(body, '$.errand') = 'comment'
            UNION ALL
            SELECT number, opened_at, replace(replace(json_extract(body, '$.answer.at'), 'T', ' '), 'Z', '.000000'),
                   replace(replace(coalesce(json_extract(body, '$.due_at'), json_extract(body, '$.passages[1].due_at')),
                                   'T', ' '), 'Z', '.000000')
            FROM cases WHERE kind = 'complaint'
        ) WHERE due IS NOT NULL AND (done IS NOT NULL OR due < '2026-12-09 00:00:00.000000')""",
    "repair_week": """
        SELECT orders.number, d.due_at, coalesce(d.met_at <= d.due_at, 0), 1, 1, 1 - coalesce(d.met_at <= d.due_at, 0)
        FROM deadlines AS d JOIN orders ON orders.id = CAST(substr(d.subject, 7) AS INTEGER)
        WHERE d.clock = 'completion' AND d.state <> 'dropped' AND json_extract(d.watch, '$.promise.limit.rule') = 'SLA-9'""",
    "old_parts": """
        SELECT orders.number, opened_at, sum(back), count(*), count(*), sum(1 - back)
        FROM (SELECT about, opened_at, json_extract(one.value, '$.received_by') IS NOT NULL AS back
              FROM cases, json_each(body, '$.lines') AS one
              WHERE kind = 'part_use' AND json_extract(one.value, '$.old_part') <> 'none_existed')
        JOIN orders ON about = 'order:' || orders.id GROUP BY about""",
    "first_fix": """
        WITH pairs AS (
            SELECT job.id, job.finished_at, next.reported_at FROM orders AS job CROSS JOIN orders AS next
            WHERE next.customer_id = job.customer_id AND next.id <> job.id AND next.stage <> 'cancelled'
            AND next.model = job.model AND (job.serial = '' OR next.serial = '')
            UNION ALL
            SELECT job.id, job.finished_at, next.reported_at FROM orders AS job CROSS JOIN orders AS next
            WHERE next.serial = job.serial AND job.serial <> '' AND next.id <> job.id AND next.stage <> 'cancelled'),
        again AS (SELECT DISTINCT id FROM pairs WHERE unixepoch(reported_at) > unixepoch(finished_at)
                  AND unixepoch(reported_at) <= unixepoch(finished_at) + 30 * 86400)
        SELECT number, finished_at, again.id IS NULL, 1, 1, again.id IS NOT NULL
        FROM orders LEFT JOIN again ON again.id = orders.id WHERE finished_at IS NOT NULL AND stage <> 'cancelled'""",
}


@pytest.fixture(scope="module")
def year() -> Iterator[Connection]:
    """10,000 orders of thirteen months."""
    with open_engine("sqlite://").connect() as connection:
        metadata.create_all(connection)
        made_up(connection, 10_000)
        yield connection


@pytest.fixture(scope="module")
def whole(year: Connection) -> Ledger:
    return figures.ledger(year, START, END, TERMS, now=NOW)


def plain(connection: Connection, figure: str) -> list[tuple[Any, ...]]:
    """What plain SQL finds of a figure within the year, with its month here."""
    found = []
    for number, at, *rest in connection.exec_driver_sql(PLAIN_SQL[figure]).all():
        moment = datetime.fromisoformat(at.replace("Z", "+00:00"))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if START <= moment < END:
            found.append((number, f"{moment.astimezone(ZoneInfo(ZONE)):%Y-%m}", *rest))
    return sorted(found)


def counted(counts: tuple[Count, ...] | list[Count], figure: str) -> list[tuple[Any, ...]]:
    return sorted(
        (one.source.number, f"{one.at.astimezone(ZoneInfo(ZONE)):%Y-%m}", one.hits, one.out_of, one.n, one.n_against)
        for one in counts
        if one.figure == figure
    )


@pytest.mark.parametrize("figure", PLAIN_SQL)
def test_a_year_s_figures_are_those_of_plain_sql_to_the_last_order(year: Connection, whole: Ledger, figure: str):
    expected = plain(year, figure)

    assert counted(whole.counts, figure) == expected
    assert len(expected) > 50
    assert {row[-1] > 0 for row in expected} == {True, False}, "some count for it and some against"


def test_every_figure_is_looked_at():
    assert set(PLAIN_SQL) == set(Figure)


def test_technicians_branches_and_models_are_those_of_plain_sql(year: Connection, whole: Ledger):
    """KPI-1, grouped by the database itself."""
    base = PLAIN_SQL["timeliness"].replace(
        "SELECT orders.number, ", "SELECT {key}, sum(1), sum(coalesce(d.met_at <= d.due_at, 0)), "
    )
    inside = " AND d.due_at >= '2025-11-30 16:00:00' AND d.due_at < '2026-11-30 16:00:00' GROUP BY 1"
    crew = base.replace("WHERE", "JOIN crew ON crew.order_id = orders.id WHERE", 1)
    for key, statement, groups in (
        ("crew.person_id", crew, by_technician(whole.counts)),
        ("orders.branch", base, by_branch(whole.counts)),
        ("orders.model", base, by_model(whole.counts)),
    ):
        expected = {row[0]: (row[2], row[1]) for row in year.exec_driver_sql(statement.format(key=key) + inside).all()}
        found = {name: measure(Figure.TIMELINESS, counts) for name, counts in groups.items() if name}
        assert {name: (one.hits, one.out_of) for name, one in found.items()} == expected


def test_a_month_of_a_branch_is_the_year_s_part_of_it(year: Connection, whole: Ledger):
    month = month_of(date(2026, 4, 1))

    alone = figures.of_period(year, month, TERMS, branch=BRANCHES[1], now=NOW)

    of_year = [one for one in by_month(whole.counts, ZONE)[month] if one.source.branch == BRANCHES[1]]
    assert Counter(alone.counts) == Counter(of_year)
    assert alone.n_done == measure(Figure.FIRST_FIX, of_year).n
    april = "reported_at >= '2026-03-31 16:00:00' AND reported_at < '2026-04-30 16:00:00'"
    calls = f"SELECT count(*) FROM orders WHERE branch = ? AND {april}"
    assert alone.n_calls == year.exec_driver_sql(calls, (BRANCHES[1],)).scalar_one()


def test_a_month_that_runs_counts_what_fell_due_so_far(year: Connection):
    now = datetime(2026, 4, 15, tzinfo=UTC)

    half = figures.of_period(year, month_of(date(2026, 4, 1)), TERMS, now=now)

    assert {one.at < now for one in half.counts} == {True}
    assert all(
        one.n == 0 and one.value is None
        for one in measures(figures.of_period(year, month_of(date(2027, 5, 1)), TERMS, now=now).counts)
    )


def test_the_mean_of_a_technician_s_grades_is_that_of_plain_sql(year: Connection, whole: Ledger):
    """KPI-8."""
    statement = """
        SELECT one.key, sum(one.value), count(*) FROM cases, json_each(body, '$.grades') AS one
        WHERE kind = 'survey' AND NOT json_extract(body, '$.is_early')
        AND EXISTS (SELECT 1 FROM json_each(body, '$.technicians') AS who WHERE who.value = 1)
        AND closed_at >= '2025-11-30 16:00:00' AND closed_at < '2026-11-30 16:00:00' GROUP BY 1"""
    grades: Counter[str] = Counter()
    n: Counter[str] = Counter()
    for card in within(whole, Scope(technician=1)).cards:
        grades.update(card.grades)
        n.update(dict.fromkeys(card.grades, 1))

    assert {(one, grades[one], n[one]) for one in grades} == {tuple(row) for row in year.exec_driver_sql(statement)}


def test_points_are_those_of_plain_sql_where_the_company_counts_by_points(year: Connection):
    """KPI-2: 100, 75, 50 and 25 for the four levels."""
    policy = replace(TERMS.policy, satisfaction=SatisfactionPolicy("score"))
    statement = PLAIN_SQL["satisfaction"].replace("SELECT number, closed_at, ", "SELECT 25 * sum(one.value), 100 * count(*), ")
    inside = "closed_at >= '2025-11-30 16:00:00' AND closed_at < '2025-12-31 16:00:00' GROUP"
    rows = year.exec_driver_sql(statement.replace("closed_at IS NOT NULL GROUP", inside)).all()

    found = measure(
        Figure.SATISFACTION, figures.of_period(year, month_of(date(2025, 12, 1)), replace(TERMS, policy=policy), now=NOW).counts
    )

    assert (found.hits, found.out_of) == (sum(row[0] for row in rows), sum(row[1] for row in rows))
    assert found.value is not None
    assert 0 < found.value < 1


def test_held_time_is_that_of_plain_sql(year: Connection):
    """SLA-32: shown beside the figures."""
    tail = PLAIN_SQL["timeliness"]
    source = (
        tail[tail.index("FROM deadlines") :] + " AND d.due_at >= '2025-11-30 16:00:00' AND d.due_at < '2026-11-30 16:00:00'"
    )
    statement = f"""
        SELECT count(DISTINCT due.id), sum(unixepoch(one.value ->> 'end') - unixepoch(one.value ->> 'start'))
        FROM (SELECT DISTINCT orders.id, orders."order" AS told {source}) AS due, json_each(due.told, '$.holds') AS one"""

    n, seconds = year.exec_driver_sql(statement).one()

    assert figures.held(year, START, END, branch=None, now=NOW) == (n, timedelta(seconds=seconds))
    assert n > 100


def test_a_smaller_year_has_the_same_figures_on_either_engine(engine: Engine):
    with open_engine("sqlite://").connect() as reference:
        metadata.create_all(reference)
        made_up(reference, 250)
        expected = figures.ledger(reference, START, END, TERMS, now=NOW)
        expected_hold = figures.held(reference, START, END, branch=None, now=NOW)

    with engine.connect() as connection:
        made_up(connection, 250)
        found = figures.ledger(connection, START, END, TERMS, now=NOW)
        assert figures.held(connection, START, END, branch=None, now=NOW) == expected_hold
        assert figures.audits(connection, 1, START, END) == (0, 0)
        assert figures.branches(connection) == sorted(BRANCHES)
        connection.rollback()

    assert Counter(found.counts) == Counter(expected.counts)
    assert len(found.counts) > 900
    assert sorted(map(repr, found.cards)) == sorted(map(repr, expected.cards))
    assert (found.n_calls, found.n_done) == (expected.n_calls, expected.n_done)


def test_time_by_kind_of_work_is_what_the_daily_reports_say(connection: Connection):
    """KPI-9: of a branch, of a technician, of the days of the month alone."""
    for person, branch, day, told in (
        (1, "台北", date(2026, 11, 1), {"A": 90, "C": 30}),
        (1, "台北", date(2026, 11, 30), {"D": 60}),
        (2, "台北", date(2026, 11, 5), {"B": 20}),
        (3, "高雄", date(2026, 11, 5), {"A": 400}),
        (1, "台北", date(2026, 12, 1), {"A": 999}),
    ):
        lines = tuple(TimeLine(kind, n, words="整理") for kind, n in told.items())
        report = DailyReport(number=number_of(person, day), branch=branch, opened_at=NOW, person=person, day=day, lines=lines)
        cases.add(connection, report)
    november = month_of(date(2026, 11, 1))

    found = [figures.minutes(connection, november, one) for one in (Scope(), Scope(branch="台北"), Scope("台北", technician=1))]

    assert found == [
        {"A": 490, "B": 20, "C": 30, "D": 60},
        {"A": 90, "B": 20, "C": 30, "D": 60},
        {"A": 90, "B": 0, "C": 30, "D": 60},
    ]
    assert figures.minutes(connection, november, Scope(model="1f2e3d4c")) == {}
    assert shares(found[2]) == {"A": (90, "50.0"), "B": (0, "0.0"), "C": (30, "16.7"), "D": (60, "33.3")}
    assert shares({"A": 0, "B": 0}) == {}


def test_a_month_is_read_by_index(year: Connection):
    """No table is read through, however many years there are."""
    statements: list[tuple[str, Any]] = []
    raw: Any = year.connection.dbapi_connection
    raw.set_trace_callback(statements.append)
    figures.of_period(year, month_of(date(2026, 4, 1)), TERMS, now=NOW)
    figures.held(year, START, START + timedelta(days=31), branch=None, now=NOW)
    raw.set_trace_callback(None)

    plans = [row[3] for one in statements if str(one).startswith("SELECT") for row in raw.execute(f"EXPLAIN QUERY PLAN {one}")]
    assert len(plans) >= 8
    assert [one for one in plans if re.match(r"SCAN (orders|deadlines|cases|crew|journal)", one)] == []
