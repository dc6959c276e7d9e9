"""Opening the database. Every difference between SQLite and PostgreSQL lives in this file (DESIGN 6)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, Dialect, Engine, TypeDecorator, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import OperationalError

_SYNC_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_SCHEMA_LOCK = 0x66_69_65_6C_64  # any number that every process agrees on


class UtcTime(TypeDecorator[datetime]):
    """An aware moment in UTC, whichever engine keeps it."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def database_url(setting: str) -> URL:
    """The URL with the synchronous driver that the writer thread uses, whatever driver the setting names."""
    url = make_url(setting)
    return url.set(drivername=_SYNC_DRIVERS.get(url.get_backend_name(), url.drivername))


def open_engine(setting: str, *, is_writer: bool = True) -> Engine:
    """An engine for the writer thread, or for readers.

    On SQLite the writer begins IMMEDIATE, so that it never upgrades a lock halfway; WAL with synchronous=FULL makes a commit
    durable before it is confirmed.
    """
    url = database_url(setting)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_size=1 if is_writer else 5, pool_pre_ping=True)
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 5.0, "check_same_thread": False})
    begin = "BEGIN IMMEDIATE" if is_writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we begin ourselves, see below
        for pragma in ("busy_timeout=5000", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        _use_wal(connection)

    def _begin(dbapi_connection: Any) -> None:
        dbapi_connection.execute(begin)

    engine.dialect.do_begin = _begin  # type: ignore[method-assign]  # an event for it would slow every statement by a sixth
    return engine


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
    """What is done inside is undone when it raises, and the transaction goes on.

    SQLAlchemy's own gives each savepoint another name, so that its three statements are compiled and prepared anew every time
    and drive the others out of SQLite's cache of prepared statements.
    """
    connection.exec_driver_sql("SAVEPOINT attempt")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT attempt")
        connection.exec_driver_sql("RELEASE SAVEPOINT attempt")
        raise
    connection.exec_driver_sql("RELEASE SAVEPOINT attempt")


def insert(connection: Connection, table: Any) -> Any:
    """INSERT with `on_conflict_do_nothing`/`on_conflict_do_update`, for either engine."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def next_number(connection: Connection, name: str) -> int:
    """Next of a gap-free sequence (INT-2): taken in the caller's transaction, given back when that rolls back."""
    statement = (
        "INSERT INTO sequences (name, value) VALUES (:name, 1) "
        "ON CONFLICT (name) DO UPDATE SET value = sequences.value + 1 RETURNING value"
    )
    return int(connection.execute(text(statement), {"name": name}).scalar_one())


def is_wrong_statement(error: OperationalError) -> bool:
    """Whether the program asked for nonsense; SQLite calls that operational too, like a full disk or a locked database."""
    return getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_ERROR


def lock_schema(connection: Connection) -> None:
    """Wait until nobody else migrates, and keep others out until the transaction ends. SQLite's writer began IMMEDIATE."""
    if connection.dialect.name != "sqlite":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _SCHEMA_LOCK})


def try_alone(connection: Connection, what: str) -> bool:
    """Whether no other process does this right now; if so, none begins to before this transaction ends."""
    if connection.dialect.name == "sqlite":
        return True  # whoever writes is alone
    return bool(connection.execute(text("SELECT pg_try_advisory_xact_lock(hashtext(:what))"), {"what": what}).scalar_one())


def is_shared(connection: Connection) -> bool:
    """Whether other programs may be at work on this database; a SQLite file has one, whose data folder is locked."""
    return connection.dialect.name != "sqlite"


def is_healthy(connection: Connection) -> bool:
    """Whether the database file is in order (RELIABILITY 7)."""
    if connection.dialect.name != "sqlite":
        return True
    return bool(connection.exec_driver_sql("PRAGMA quick_check").scalar_one() == "ok")
