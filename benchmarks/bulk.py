"""A register of many orders with its journal: the first order as the program itself stores it, then that one again and again.

All orders are open, of up to 200,000 customers, each with a promise that runs, the lines that its journal should have, and an
opinion card where there are several of them.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select, text

from benchmarks.desk import ROOT
from rules.clocks import Clock, Promise
from rules.escalation import Watch, next_moment
from rules.orders import FaultReport, Stage, WorkOrder
from rules.people import Person, Role
from rules.policies import Base, Limit, read_policy, to_calendar
from rules.surveys import Survey
from rules.terms import Terms
from storage import deadlines, orders, people
from storage.codec import dump
from storage.engine import open_engine
from storage.migrate import migrate
from storage.tables import cases as case_rows
from storage.tables import deadlines as deadline_rows
from storage.tables import journal as journal_rows
from storage.tables import metadata
from storage.tables import orders as order_rows
from storage.tables import people as people_rows

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
N_CUSTOMERS = 200_000
APART = timedelta(seconds=150)
"""Between two calls: a million of them in not quite five years."""
_HASH = "a" * 64


@cache
def terms() -> Terms:
    """The appliance line's policy, without public holidays."""
    file = ROOT / "policies" / "appliance.toml"
    policy = read_policy(file.read_text(encoding="utf-8"), str(file))
    return Terms(policy, to_calendar(policy, "Asia/Taipei", frozenset(), frozenset()))


def register(folder: Path, n_orders: int, n_lines: int) -> str:
    """A register on SQLite in a folder, made when it is not there yet; returns its DATABASE_URL."""
    url = f"sqlite:///{folder}/register-{n_orders}-{n_lines}.db"
    if not Path(url.removeprefix("sqlite:///")).exists():  # by another process, whose memory is not what is measured
        subprocess.run([sys.executable, "-m", "benchmarks.bulk", url, f"{n_orders}", f"{n_lines}"], cwd=ROOT, check=True)
    return url


def fill(url: str, *, n_orders: int, n_lines: int) -> None:
    """Make so many orders with so many journal lines each in an empty database."""
    engine = open_engine(url)
    migrate(engine)
    with engine.begin() as connection:
        for role, name in ((Role.SUPERVISOR, "李主任"), (Role.MANAGER, "王經理"), (Role.SERVICE_DEPT, "林處長")):
            staff = people.add_person(connection, name=name, roles=[role], branch="main", now=FIRST)
            people.add_account(connection, staff.id, channel="telegram", address=name, chat=str(staff.id), now=FIRST)
        customer = people.add_person(connection, name="張先生", roles=[Role.CUSTOMER], now=FIRST, phone="+886900000000")
        pattern = Pattern(connection, customer)
    with engine.connect() as connection:
        _load(connection, people_rows, pattern.customers(min(N_CUSTOMERS, n_orders)))
        _load(connection, order_rows, pattern.orders(n_orders))
        _load(connection, deadline_rows, pattern.deadlines(n_orders))
        _load(connection, journal_rows, pattern.lines(n_orders, n_lines))
        if n_lines > 1:
            _load(connection, case_rows, pattern.cards(n_orders))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()


def number_of(order: int) -> str:
    """The number of the n-th order: ten thousand in a month."""
    month = order // 10_000
    return f"{2001 + month // 12 * 100 + month % 12}-{order % 10_000:04}"


def phone_of(order: int) -> str:
    """Its customer's telephone, as people tell it."""
    return f"09{order % N_CUSTOMERS:08}"


class Pattern:
    """The rows of one order as the program stores them, with blanks for what differs."""

    def __init__(self, connection: Connection, customer: Person) -> None:
        report = FaultReport(
            customer_name="張先生", contact="張先生", phone="+886900000000", address="台北市信義路三段 1 號 5 樓",
            model="大金 FTXV50", serial="SN-0", fault="冷氣不冷，一直滴水", zone="urban",
        )  # fmt: skip
        order = WorkOrder(
            id=0, number="0000-0000", stage=Stage.QUEUED, branch="main", profile="appliance", policy_version="bench",
            customer=customer.id, report=report, reported_at=FIRST,
        )  # fmt: skip
        points = tuple((percent, FIRST + timedelta(hours=6 * percent / 100)) for percent in (50, 80, 100, 150))
        limit = Limit(timedelta(hours=6), Base.CLOCK, "SLA-5")
        watch = Watch(Promise(Clock.ARRIVAL, limit, FIRST, FIRST + timedelta(hours=6), points))
        order = orders.add(connection, order)
        deadlines.start(connection, order.subject, Clock.ARRIVAL, watch, next_at=next_moment(watch, terms().policy))
        self._customer, self._order = customer.id, order.id
        grades = {"attitude": 4, "technique": 3, "arrival_time": 2, "result": 4}
        card = Survey(
            number="0000-0000",
            branch="main",
            opened_at=FIRST,
            aspects=tuple(grades),
            grades=grades,
            technicians=(self._customer,),
        )
        self._card = json.dumps(dump(card), ensure_ascii=False, separators=(",", ":"))
        self._wholes = _blanks(
            connection.execute(select(order_rows.c.order)).scalar_one(),
            {f'"id":{order.id},': '"id":§id,', '"0000-0000"': '"§number"', "+886900000000": "+8869§phone",
             f'"customer":{customer.id},': '"customer":§customer,'},
        )  # fmt: skip
        hours = {"§start": 0.0, "§look": 3.0, "§warn": 4.8, "§due": 6.0, "§late": 9.0}
        self._hours = {blank: timedelta(hours=one) for blank, one in hours.items()}
        plain = connection.execute(select(deadline_rows.c.watch)).scalar_one()
        self._watch = _blanks(plain, {_moment(FIRST + after): blank for blank, after in self._hours.items()})

    def id_of(self, n: int) -> int:
        """The id of the n-th order, from 1 on."""
        return self._order + n

    def _customer_of(self, n: int) -> int:
        return self._customer + 1 + n % N_CUSTOMERS

    def customers(self, n_customers: int) -> Iterator[Sequence[Any]]:
        columns = ("id", "name", "roles", "branch", "standing", "phone", "created_at", "is_staff")
        yield columns
        for n in range(n_customers):
            phone = f"+8869{n:08}"
            yield (self._customer_of(n), "張先生", '["customer"]', "", "active", phone, _text(FIRST), 0)

    def orders(self, n_orders: int) -> Iterator[Sequence[Any]]:
        columns = ("id", "number", "stage", "version", "branch", "customer_id", "customer_name", "phone", "phone_end", "serial")
        yield (*columns, "is_open", "reported_at", "next_due_at", "order")
        for n in range(1, n_orders + 1):
            at, phone, customer = FIRST + n * APART, f"{n % N_CUSTOMERS:08}", self._customer_of(n)
            whole = self._wholes.replace("§id", f"{self.id_of(n)}").replace("§number", number_of(n))
            whole = whole.replace("§phone", phone).replace("§customer", f"{customer}")
            digits = f"8869{phone}"
            yield (
                *(self.id_of(n), number_of(n), "queued", 0, "main", customer, "張先生", digits, digits[::-1], f"SN-{n}", 1),
                *(_text(at), _text(at + timedelta(hours=6)), whole),
            )

    def deadlines(self, n_orders: int) -> Iterator[Sequence[Any]]:
        yield ("subject", "clock", "state", "due_at", "next_at", "rung", "watch")
        for n in range(1, n_orders + 1):
            at, watch = FIRST + n * APART, self._watch
            for blank, after in self._hours.items():
                watch = watch.replace(blank, _moment(at + after))
            due, look = _text(at + timedelta(hours=6)), _text(at + timedelta(hours=3))
            yield (f"order:{self.id_of(n)}", "arrival", "running", due, look, 0, watch)

    def cards(self, n_orders: int) -> Iterator[Sequence[Any]]:
        """One for each order, with one of its grades its own."""
        columns = ("kind", "number", "stage", "version", "branch", "customer_id", "about", "is_open", "is_urgent", "opened_at")
        yield (*columns, "closed_at", "body")
        for n in range(1, n_orders + 1):
            at, subject = _text(FIRST + n * APART), f"order:{self.id_of(n)}"
            body = self._card.replace('"attitude":4', f'"attitude":{n % 4 + 1}')
            yield ("survey", number_of(n), "done", 1, "main", self._customer_of(n), subject, 0, 0, at, at, body)

    def lines(self, n_orders: int, n_lines: int) -> Iterator[Sequence[Any]]:
        """In the order of the subjects, as their index has them."""
        yield ("subject", "seq", "kind", "by", "at", "rule", "message", "facts", "previous", "hash")
        facts = '{"stage":"queued","from":"registered"}'
        for order in sorted(map(self.id_of, range(1, n_orders + 1)), key=str):
            subject, at = f"order:{order}", _text(FIRST + order * APART)
            for seq in range(1, n_lines + 1):
                yield (subject, seq, "order.queued", self._customer, at, "SLA-5", "telegram:1", facts, _HASH, _HASH)


def _blanks(plain: Any, blanks: dict[str, str]) -> str:
    written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    for old, new in blanks.items():
        assert old in written, old
        written = written.replace(old, new)
    return written


def _moment(at: datetime) -> str:
    """As it stands in JSON."""
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def _text(at: datetime) -> str:
    """As both engines read it."""
    return f"{at:%Y-%m-%d %H:%M:%S}.000000"


def _load(connection: Connection, table: Table, rows: Iterable[Sequence[Any]]) -> None:
    """Rows as fast as the driver takes them, the first naming the columns; nobody minds when a register half made is lost."""
    rows = iter(rows)
    columns = next(rows)
    names = ", ".join(f'"{name}"' for name in columns)
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        for pragma in ("synchronous=OFF", "cache_size=-1000000", "foreign_keys=OFF"):
            driver.execute(f"PRAGMA {pragma}")
        driver.execute("BEGIN")
        driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)
    else:
        driver.execute("SET timezone = 'UTC'")
        with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if "id" in metadata.tables[table.name].c:  # rows that are put in later go on counting
            driver.execute(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), (SELECT max(id) FROM {table.name}))")
    driver.commit()


if __name__ == "__main__":
    fill(sys.argv[1], n_orders=int(sys.argv[2]), n_lines=int(sys.argv[3]))
