"""The history of a large desk: an order is opened, a telephone is searched for, a month's figures are drawn up.

BENCH_ORDERS says how many orders there are, each with ten lines in its journal and an opinion card; a million take 8 GB of the
temporary folder and some minutes to make.
"""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.bulk import number_of, phone_of, register
from benchmarks.figures import Figure, Size, resident
from rules.people import Person, Role, Standing
from rules.ratings import ratings_of
from storage import cases, deadlines, journal, orders
from storage.engine import open_engine

N_LINES = 10
_ORDERS = {Size.QUICK: 20_000, Size.USUAL: 100_000, Size.FULL: 1_000_000}
_CLERK = Person(id=1, name="陳小姐", roles=frozenset({Role.CLERK}), branch="main", standing=Standing.ACTIVE)
_MONTH = (datetime(2020, 2, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC))
_LOOKS = 200

Look = Callable[[Connection, int], int]
"""Something looked up for the n-th order; returns how much was found."""


def measure(size: Size) -> Iterator[Figure]:
    """Against SQL written by hand on the driver, its JSON read."""
    n_orders = int(os.environ.get("BENCH_ORDERS", _ORDERS[size]))
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(register(Path(folder), n_orders, N_LINES), is_writer=False)
        with engine.connect() as connection:
            for name, ours, bare, looks in (
                ("open", _open, _open_bare, _LOOKS),
                ("phone", _search, _search_bare, _LOOKS),
                ("month", _month, _month_bare, 3),
            ):
                value, reference = _both(connection, ours, bare, n_orders, looks)
                note = f"{n_orders:,} orders, {n_orders * N_LINES:,} lines"
                yield Figure(f"history.{name}", value * 1000, reference * 1000, "ms", 1.2, resident(), note)
        engine.dispose()


def _both(connection: Connection, ours: Look, bare: Look, n_orders: int, n_looks: int) -> tuple[float, float]:
    """Seconds a look of each, by turns at the same orders all over the register; the median."""
    times: tuple[list[float], list[float]] = ([], [])
    for n in range(n_looks):
        order = 1 + n * 7919 % (n_orders - 1)
        looks = [(times[0], ours), (times[1], bare)]
        for spent, look in looks if n % 2 else reversed(looks):  # neither always finds what the other has warmed
            start = time.perf_counter()
            n_found = look(connection, order)
            spent.append(time.perf_counter() - start)
            assert n_found > 0
    return sorted(times[0])[n_looks // 2], sorted(times[1])[n_looks // 2]


def _open(connection: Connection, n: int) -> int:
    order = orders.by_number(connection, number_of(n))
    assert order is not None
    return len(journal.lines(connection, order.subject)) + len(deadlines.of(connection, order.subject))


def _open_bare(connection: Connection, n: int) -> int:
    driver: Any = connection.connection.driver_connection
    found, whole = driver.execute('SELECT id, "order" FROM orders WHERE number = ?', (number_of(n),)).fetchone()
    json.loads(whole)
    lines = "SELECT seq, kind, by, at, rule, message, facts, hash FROM journal WHERE subject = ? ORDER BY seq"
    rows = driver.execute(lines, (f"order:{found}",)).fetchall()
    for row in rows:
        datetime.fromisoformat(row[3])
        json.loads(row[6])
    running = "SELECT clock, watch, next_at FROM deadlines WHERE subject = ? AND state = 'running'"
    promises = driver.execute(running, (f"order:{found}",)).fetchall()
    for promise in promises:
        json.loads(promise[1])
    return len(rows) + len(promises)


def _search(connection: Connection, n: int) -> int:
    return len(orders.search(connection, phone_of(n), visible_to=_CLERK))


def _search_bare(connection: Connection, n: int) -> int:
    driver: Any = connection.connection.driver_connection
    end = phone_of(n)[:0:-1]
    found = """
        SELECT "order" FROM orders WHERE +branch = 'main' AND (phone_end BETWEEN ? AND ? OR number = ?)
        ORDER BY id DESC LIMIT 20
    """
    known = (end, end + "9" * 10, phone_of(n))
    return len([json.loads(whole) for (whole,) in driver.execute(found, known).fetchall()])


def _month(connection: Connection, _n: int) -> int:
    ratings = ratings_of(_technician(connection), cases.grades_given(connection, *_MONTH))
    return sum(one.n for one in ratings)


def _month_bare(connection: Connection, _n: int) -> int:
    driver: Any = connection.connection.driver_connection
    mean = """
        SELECT aspect.key, avg(aspect.value), count(*) FROM cases, json_each(cases.body, '$.grades') AS aspect
        WHERE cases.kind = 'survey' AND cases.opened_at >= ? AND cases.opened_at < ? AND json_extract(body, '$.is_early') = 0
        AND EXISTS (SELECT 1 FROM json_each(cases.body, '$.technicians') WHERE value = ?) GROUP BY aspect.key
    """
    month = [f"{at:%Y-%m-%d %H:%M:%S}.000000" for at in _MONTH]
    return sum(n for _aspect, _mean, n in driver.execute(mean, (*month, _technician(connection))).fetchall())


def _technician(connection: Connection) -> int:
    """Whom all cards are about: the register's first customer, for want of another."""
    driver: Any = connection.connection.driver_connection
    found = "SELECT json_extract(body, '$.technicians[0]') FROM cases ORDER BY id LIMIT 1"
    return int(driver.execute(found).fetchone()[0])
