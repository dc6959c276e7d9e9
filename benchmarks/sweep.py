"""The clock's sweep: a thousand promises fall due among ten thousand, a hundred thousand and a million open orders."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.bulk import APART, FIRST, register, terms
from benchmarks.figures import Figure, Size, resident
from scheduler.sweep import sweep
from storage import deadlines
from storage.engine import open_engine

N_DUE = 1_000
_ORDERS = {Size.QUICK: (10_000, 50_000), Size.USUAL: (10_000, 100_000, 1_000_000), Size.FULL: (10_000, 100_000, 1_000_000)}
_TIMES = 5


def measure(size: Size) -> Iterator[Figure]:
    """Finding what is due against the bare SQL that finds it; and the whole, each promise climbed, journalled and told,
    against the bare SQL that reads and writes the same rows.
    """
    found, whole = dict[int, float](), dict[int, float]()
    with tempfile.TemporaryDirectory() as folder:
        for n_orders in _ORDERS[size]:
            engine = open_engine(register(Path(folder), n_orders, 1))
            with engine.connect() as connection:
                found[n_orders], bare_found = _best(connection, _find), _best(connection, _find_bare)
                whole[n_orders], bare = _best(connection, _sweep), _best(connection, _sweep_bare)
            engine.dispose()
            name, note = f"{n_orders // 1000:,}k", f"{N_DUE:,} due among {n_orders:,} open orders"
            yield Figure(f"sweep.find.{name}", found[n_orders] * 1000, bare_found * 1000, "ms", 1.5, resident(), note)
            yield Figure(f"sweep.{name}", whole[n_orders] * 1000, bare * 1000, "ms", 1.5, resident(), "climbed and told too")
    least, most = min(whole), max(whole)
    note = f"{most:,} open orders against {least:,}"
    yield Figure("sweep.find.scale", found[most] * 1000, found[least] * 1000, "ms", 1.5, resident(), note)
    yield Figure("sweep.scale", whole[most] * 1000, whole[least] * 1000, "ms", 1.5, resident(), note)


def _now() -> datetime:
    """When a thousand are due."""
    return FIRST + N_DUE * APART + timedelta(hours=3, seconds=1)


def _best(connection: Connection, work: Callable[[Connection], int]) -> float:
    """The least seconds of a few times, each taken back."""
    times = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        n_due = work(connection)
        times.append(time.perf_counter() - start)
        connection.rollback()
        assert n_due in (N_DUE, N_DUE + 1), n_due  # the pattern itself is due as well
    return min(times)


def _find(connection: Connection) -> int:
    return len(deadlines.due(connection, _now(), limit=N_DUE + 1))


def _find_bare(connection: Connection) -> int:
    return len(_due(connection))


def _sweep(connection: Connection) -> int:
    return sweep(connection, terms(), now=_now(), limit=N_DUE + 1)


def _sweep_bare(connection: Connection) -> int:
    """The same rows read, understood and written, row for row, by somebody who knows beforehand what is to be written."""
    driver: Any = connection.connection.driver_connection
    due = _due(connection)
    now, later = _stamp(_now()), _stamp(_now() + timedelta(hours=1))
    last = "SELECT seq, hash FROM journal WHERE subject = ? ORDER BY seq DESC LIMIT 1"
    for _deadline, subject, watch, *_ in due:
        json.loads(watch)
        json.loads(driver.execute('SELECT "order" FROM orders WHERE id = ?', (int(subject[6:]),)).fetchone()[0])
        driver.execute(last, (subject,)).fetchone()
    climbed = "UPDATE deadlines SET watch = ?, rung = 1, next_at = ? WHERE id = ? AND state = 'running' AND rung = 0"
    driver.executemany(climbed, [(watch, later, deadline) for deadline, _subject, watch, *_ in due])
    line = "INSERT INTO journal (subject, seq, kind, at, rule, message, facts, previous, hash) VALUES (?,?,?,?,?,?,?,?,?)"
    facts, code = json.dumps({"clock": "arrival", "rung": 0, "skipped": [], "late_minutes": 0}), "b" * 64
    driver.executemany(line, [(subject, 2, "escalation.warned", now, "SLA-5", "", facts, code, code) for _, subject, *_ in due])
    return len(due)


def _due(connection: Connection) -> list[Any]:
    if not connection.in_transaction():
        connection.begin()
    driver: Any = connection.connection.driver_connection
    statement = (
        "SELECT id, subject, watch, clock, next_at FROM deadlines "
        "WHERE next_at <= ? AND state = 'running' ORDER BY next_at LIMIT ?"
    )
    return list(driver.execute(statement, (_stamp(_now()), N_DUE + 1)).fetchall())


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}.000000"
