"""Opening the database. Every difference between SQLite and PostgreSQL lives in this file (DESIGN 6)."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    Table,
    TypeDecorator,
    create_engine,
    event,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.types import UserDefinedType

from storage.codec import as_plain, to_json

_SYNC_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_SCHEMA_LOCK = 0x66_69_65_6C_64  # any number that every process agrees on
_PREPARES = "prepare_threshold"
_MOST_IDLE = "15s"
"""A process that stands still in the middle of a transaction must not hold its locks for ever."""
_TRUSTED = 1.0
"""Seconds after which a connection may have been cut without our knowing."""
_CONFLICTS = {"40001", "40P01"}  # SQLSTATE of a failed serialisation and of a deadlock


class UtcTime(TypeDecorator[datetime]):
    """An aware moment in UTC, whichever engine keeps it.

    SQLite keeps text. It is written and read here in one step each, as SQLAlchemy does it in four: a turn does so forty times.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:
        return _moment_to_text if dialect.name == "sqlite" else _moment_in_utc

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        return _moment_from_text if dialect.name == "sqlite" else _moment_from_server

    def process_literal_param(self, value: datetime | None, dialect: Dialect) -> str:
        return f"'{self.bind_processor(dialect)(value)}'"


def _moment_in_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return value.astimezone(UTC)


@lru_cache(maxsize=64)
def _moment_to_text(value: datetime | None) -> str | None:
    """A turn writes down its own moment a dozen times."""
    moment = _moment_in_utc(value)
    return None if moment is None else moment.isoformat(" ", "microseconds")[:26]


def _moment_from_text(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text + "Z")  # in a sixth of the time that `replace` takes


def _moment_from_server(value: datetime | None) -> datetime | None:
    return None if value is None else value.astimezone(UTC)


class AsKept(UserDefinedType[Any]):
    """A value as the driver of an engine gives and takes it; in an expression only."""

    cache_ok = True


def as_moment(kept: Any) -> datetime | None:
    """A moment as an engine keeps it, read."""
    return _moment_from_text(kept) if isinstance(kept, str) else _moment_from_server(kept)


def database_url(setting: str) -> URL:
    """The URL with the synchronous driver that the writer thread uses, whatever driver the setting names."""
    url = make_url(setting)
    return url.set(drivername=_SYNC_DRIVERS.get(url.get_backend_name(), url.drivername))


def without_own(url: URL) -> URL:
    """The URL as PostgreSQL's own library knows it."""
    return url.difference_update_query([_PREPARES])


def open_readers(setting: str) -> Engine:
    """The engine of those who only look, several at a time.

    On PostgreSQL each statement sees what is committed at its moment, in a transaction or out of one. Out of one it saves two
    trips, and its driver does not forget at the end of each look all statements that it has prepared.
    """
    if is_shared(setting):
        return _open_postgresql(database_url(setting), n_connections=5, isolation_level="AUTOCOMMIT")
    return open_engine(setting, is_writer=False)


_PAGES = {True: -2000, False: -400}
"""KiB of the file that a connection keeps in memory, the writer's and each reader's; the operating system keeps all of it."""


def open_engine(setting: str, *, is_writer: bool = True) -> Engine:
    """An engine for the writer thread, or for readers.

    On SQLite the writer begins IMMEDIATE, so that it never upgrades a lock halfway; WAL with synchronous=FULL makes a commit
    durable before it is confirmed.
    """
    url = database_url(setting)
    if url.get_backend_name() != "sqlite":
        return _open_postgresql(url, n_connections=1 if is_writer else 5)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    settings = {"timeout": 5.0, "check_same_thread": False, "cached_statements": 512}
    engine = create_engine(url, connect_args=settings, json_serializer=to_json, json_deserializer=as_plain)
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin ourselves, see below
        for pragma in ("busy_timeout=5000", "synchronous=FULL", "foreign_keys=ON", f"cache_size={_PAGES[is_writer]}"):
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)

    def _begin(dbapi_connection: Any) -> None:
        dbapi_connection.execute(begin)

    engine.dialect.do_begin = _begin  # type: ignore[method-assign]  # an event for it would slow every statement by a sixth
    return engine


def _open_postgresql(url: URL, *, n_connections: int, **more: Any) -> Engine:
    """`prepare_threshold=none` in the URL makes no prepared statements, for a pooler that can't carry them."""
    asked = url.query.get(_PREPARES)
    own = {} if asked is None else {_PREPARES: None if asked == "none" else int(str(asked))}
    settings: dict[str, Any] = {"pool_size": n_connections, "pool_pre_ping": True, "json_serializer": to_json} | more
    engine = create_engine(without_own(url), connect_args=own, **settings)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.execute(f"SET idle_in_transaction_session_timeout = '{_MOST_IDLE}'")
        connection.commit()

    _ping_seldom(engine)
    return engine


def _ping_seldom(engine: Engine) -> None:
    """Whether a connection is still good is asked after a pause only: else each transaction would cost a trip more."""
    ask, lent = engine.dialect.do_ping, WeakKeyDictionary[Any, float]()

    def ping(dbapi_connection: Any) -> bool:
        now = time.monotonic()
        is_fresh = now - lent.get(dbapi_connection, -_TRUSTED) < _TRUSTED
        lent[dbapi_connection] = now
        return is_fresh or ask(dbapi_connection)

    engine.dialect.do_ping = ping  # type: ignore[method-assign]


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. While somebody else switches a new file, SQLite refuses at once: wait by asking for the lock."""
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """What is done inside is undone when it raises, and the transaction goes on. They nest.

    SQLAlchemy's own gives each savepoint another name, so that its three statements are compiled and prepared anew every time
    and drive the others out of SQLite's cache of prepared statements.
    """
    execute_raw(connection, "SAVEPOINT attempt")
    try:
        yield
    except BaseException as error:
        if not is_lost(error):
            execute_raw(connection, "ROLLBACK TO SAVEPOINT attempt")
            execute_raw(connection, "RELEASE SAVEPOINT attempt")
        raise
    execute_raw(connection, "RELEASE SAVEPOINT attempt")


def insert(connection: Connection, table: Any) -> Any:
    """INSERT with `on_conflict_do_nothing`/`on_conflict_do_update`, for either engine."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def next_number(connection: Connection, name: str) -> int:
    """Next of a gap-free sequence (INT-2): taken in the caller's transaction, given back when that rolls back."""
    statement = (
        f"INSERT INTO sequences (name, value) VALUES ({'?' if connection.dialect.name == 'sqlite' else '%s'}, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value"
    )
    return int(execute_raw(connection, statement, (name,)).fetchall()[0][0])


def execute_raw(connection: Connection, sql: str, values: Any = (), *, many: bool = False) -> Any:
    """Run SQL on the driver itself, in its own way of marking values, or for each of `many` sets of them; returns its cursor.

    As with Core a transaction begins where there is none, and errors are SQLAlchemy's.
    """
    if not connection.in_transaction():
        connection.begin()
    raw: Any = connection.connection.dbapi_connection
    try:
        if not many:
            return raw.execute(sql, values)
        cursor = raw.cursor()
        cursor.executemany(sql, values)
        return cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_says(connection, sql, error) from error


def _as_sqlalchemy_says(connection: Connection, sql: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy's; a connection that is gone is given up, so that the pool opens another."""
    dialect = connection.dialect
    is_gone = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]
    if is_gone:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    return DBAPIError.instance(sql, None, error, base, hide_parameters=True, connection_invalidated=is_gone, dialect=dialect)


def is_wrong_statement(error: DBAPIError) -> bool:
    """Whether the program asked for nonsense; SQLite calls that operational too, like a full disk or a locked database."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def is_lost(error: BaseException) -> bool:
    """Whether the database can't go on, so that the whole transaction is lost: disk full, locked, gone."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, OperationalError) and not is_wrong_statement(error)


def lock_schema(connection: Connection) -> None:
    """Wait until nobody else migrates, and keep others out until the transaction ends. SQLite's writer began IMMEDIATE."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})


def is_conflict(error: DBAPIError) -> bool:
    """Whether two processes stood in each other's way; the same once more goes through."""
    return getattr(error.orig, "sqlstate", None) in _CONFLICTS


def is_shared(setting: str) -> bool:
    """Whether other processes may work on the same database. An SQLite file belongs to one."""
    return database_url(setting).get_backend_name() != "sqlite"


def shared_now(connection: Connection) -> datetime:
    """The moment by the clock that all processes on a database share: the server's."""
    if connection.dialect.name == "sqlite":
        return datetime.now(UTC)
    found: datetime = connection.execute(select(func.clock_timestamp(type_=UtcTime))).scalar_one()
    return found


def alone(connection: Connection, what: str) -> None:
    """Wait until no other process does this; none begins to before this transaction ends."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(:what))"), {"what": what})


def try_alone(connection: Connection, *what: str) -> set[str]:
    """Which of these no other process does right now; none begins to before this transaction ends."""
    if connection.dialect.name == "sqlite":
        return set(what)  # whoever writes is alone
    found = text("SELECT what FROM unnest(CAST(:what AS text[])) AS what WHERE pg_try_advisory_xact_lock(hashtext(what))")
    return set(connection.execute(found, {"what": list(what)}).scalars())


def part_of(column: ColumnElement[str], n_parts: int) -> ColumnElement[int]:
    """To which of `n_parts` (a power of two) a text belongs, the same in every process."""
    return func.hashtext(column, type_=Integer).bitwise_and(n_parts - 1)


def is_in_parts(column: ColumnElement[str], parts: Iterable[int], n_parts: int) -> ColumnElement[bool]:
    """Whether a text belongs to one of `parts` out of `n_parts`."""
    return or_(false(), *(part_of(column, n_parts) == part for part in parts))  # none of them is no text at all


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is at its first look, however long it reads; nobody waits for it."""
    with engine.connect() as connection:
        if connection.dialect.name != "sqlite":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


def restart_numbers(connection: Connection, table: Table) -> None:
    """After rows came in with their ids: the next one gets a higher one."""
    if connection.dialect.name == "sqlite" or "id" not in table.columns:
        return  # SQLite looks for the highest itself
    sequence = func.pg_get_serial_sequence(table.name, "id")
    highest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
    connection.execute(select(func.setval(sequence, highest, False)))


def damages(connection: Connection) -> list[str]:
    """What is wrong with the database file, in SQLite's words; a server looks after its own."""
    if connection.dialect.name != "sqlite":
        return []
    found = list(connection.exec_driver_sql("PRAGMA integrity_check(10)").scalars())
    return [] if found == ["ok"] else found


def is_healthy(connection: Connection) -> bool:
    """Whether the database file is in order, by a quick look (RELIABILITY 7)."""
    if connection.dialect.name != "sqlite":
        return True
    return bool(connection.exec_driver_sql("PRAGMA quick_check").scalar_one() == "ok")
