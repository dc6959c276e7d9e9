"""The whole database as lines of JSON, the same from either engine, and back into an empty one of either engine."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Column, Connection, DateTime, Engine, MetaData, Table, Text, cast, inspect, select
from sqlalchemy.types import TypeEngine

from storage.engine import restart_numbers, shared_now, snapshot
from storage.tables import leases, metadata

_AT_ONCE = 1000
_PASSING = {leases.name, "alembic_version"}
"""What says something of the running processes, or is said otherwise."""

Row = list[Any]


@contextmanager
def dumping(engine: Engine) -> Iterator[tuple[datetime, dict[str, Iterator[str]]]]:
    """The moment, and each table's lines, all of that one moment, while others write on.

    A table's first line names its columns. Moments are ISO 8601 in UTC, JSON columns the text as it stands.
    """
    with snapshot(engine) as connection:
        tables = [table for table in metadata.sorted_tables if table.name not in _PASSING]
        yield shared_now(connection), {table.name: _lines(connection, table) for table in tables}


def load(connection: Connection, tables: Mapping[str, Callable[[], Iterable[str]]]) -> int:
    """Put dumped lines into an empty database whose schema is that of the dump; returns how many rows.

    The caller's transaction takes it whole or not at all. Raises ValueError for lines that do not fit.
    """
    found = MetaData()
    found.reflect(connection)
    n_rows = 0
    for table in found.sorted_tables:
        if table.name in tables:
            n_rows += _fill(connection, table, iter(tables[table.name]()))
            restart_numbers(connection, table)
    if unknown := tables.keys() - found.tables.keys():
        raise ValueError(f"there is no table {min(unknown)}")
    return n_rows


def is_empty(connection: Connection) -> bool:
    """Whether a database has no table at all."""
    return not inspect(connection).get_table_names()


def _lines(connection: Connection, table: Table) -> Iterator[str]:
    columns = list(table.columns)
    yield json.dumps([column.name for column in columns]) + "\n"
    read = select(*(cast(one, Text) if isinstance(one.type, JSON) else one for one in columns))
    for row in connection.execute(read.order_by(*table.primary_key), execution_options={"yield_per": _AT_ONCE}):
        yield json.dumps([one.isoformat() if isinstance(one, datetime) else one for one in row]) + "\n"


def _fill(connection: Connection, table: Table, lines: Iterator[str]) -> int:
    names: list[str] = json.loads(next(lines))
    if unknown := set(names) - {column.name for column in table.columns}:
        raise ValueError(f"{table.name} has no column {min(unknown)}")
    readers = [_reader(table.columns[name]) for name in names]
    n_rows = 0
    while rows := list(islice(lines, _AT_ONCE)):
        values = [[read(value) for read, value in zip(readers, json.loads(row), strict=True)] for row in rows]
        connection.execute(table.insert(), [dict(zip(names, row, strict=True)) for row in values])
        n_rows += len(rows)
    return n_rows


def _reader(column: Column[Any]) -> Callable[[Any], Any]:
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, JSON):
        column.type = JSON(none_as_null=True)
        return _json
    if isinstance(kind, DateTime):
        return _moment if kind.timezone else _plain_moment
    return lambda value: value


def _json(text: str | None) -> Any:
    """Nothing, JSON's own null, or a value: three different things."""
    return None if text is None else JSON.NULL if text == "null" else json.loads(text)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _plain_moment(text: str | None) -> datetime | None:
    """As SQLite keeps it: in UTC, without saying so."""
    moment = _moment(text)
    return moment.replace(tzinfo=None) if moment else None
