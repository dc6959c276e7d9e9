"""Statements of the hot path: written in Core, compiled once for each engine, then run on the driver itself.

SQLAlchemy takes 30 to 90 µs to look up, bind and wrap one execution, SQLite itself 3 to 6, and a turn runs more than a dozen
(docs/performance.md). So what runs at every turn is a `Prepared`; everything else stays ordinary Core. Types, transactions and
errors are the same either way.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable, bindparam, literal_column
from sqlalchemy.sql.visitors import replacement_traverse

from storage.engine import execute_raw, insert

Make = Callable[[Callable[[Any], Any]], Executable]
"""Writes the statement with the engine's own `insert`, which knows `on_conflict_do_nothing`."""


class Prepared:
    """A statement that runs very often. Its values are given by the names of its `bindparam`s.

    All ways to run it raise sqlalchemy.exc.DBAPIError and begin a transaction where there is none, as Core does.
    """

    def __init__(self, statement: Executable | Make, *, row: Callable[..., Any] | None = None) -> None:
        """`row` makes something of the columns of a row, in their order; without it they have their names."""
        self._statement, self._row = statement, row
        self._forms: dict[str, _Form] = {}

    def all(self, connection: Connection, **values: Any) -> list[Any]:
        """Every row, with a name for each column."""
        form = self._form(connection)
        return form.rows(form.execute(connection, values))

    def first(self, connection: Connection, **values: Any) -> Any:
        """The first row, None when there is none."""
        form = self._form(connection)
        found = form.execute(connection, values).fetchall()  # to the end: an open statement keeps its lock
        return form.row(found[0]) if found else None

    def scalar(self, connection: Connection, **values: Any) -> Any:
        """The first column of the first row, None when there is none."""
        row = self.first(connection, **values)
        return row[0] if row else None

    def run(self, connection: Connection, **values: Any) -> int:
        """Change something; returns how many rows it changed."""
        return int(self._form(connection).execute(connection, values).rowcount)

    def run_surely(self, connection: Connection, otherwise: Exception, **values: Any) -> None:
        """The same where it has to change exactly one row; raises `otherwise` when it does not."""
        if self.run(connection, **values) != 1:
            raise otherwise

    def run_all(self, connection: Connection, many: Sequence[Mapping[str, Any]]) -> int:
        """Change something for each of many sets of values; returns how many rows were changed in all."""
        return int(self._form(connection).execute_all(connection, many).rowcount) if many else 0

    def sql(self, connection: Connection) -> str:
        """The statement as the engine gets it."""
        return self._form(connection).sql

    def _form(self, connection: Connection) -> "_Form":
        form = self._forms.get(connection.dialect.name)
        if form is None:
            statement = self._statement
            if not isinstance(statement, Executable):
                statement = statement(lambda table: insert(connection, table))
            form = self._forms[connection.dialect.name] = _Form(statement, connection.dialect, self._row)
        return form


class _Form:
    """A statement as one engine's driver takes it."""

    def __init__(self, statement: Any, dialect: Dialect, row: Callable[..., Any] | None) -> None:
        compiled = _written_out(statement, dialect).compile(dialect=dialect)
        self.sql = str(compiled)
        self._order: Sequence[str] | None = compiled.positiontup
        binds = {name: parameter for parameter, name in compiled.bind_names.items()}
        self._constants = {name: one.value for name, one in binds.items() if not one.required}
        self._binders = [(name, bind) for name, one in binds.items() if (bind := _impl(one, dialect).bind_processor(dialect))]
        columns = list(getattr(statement, "exported_columns", ()))
        self._make = _maker(row or _row_of([str(one.key) for one in columns]))
        readers = ((n, _impl(one, dialect).result_processor(dialect, None)) for n, one in enumerate(columns))
        self._readers = [(n, read) for n, read in readers if read]

    def execute(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        return execute_raw(connection, self.sql, self.bound(given))

    def execute_all(self, connection: Connection, many: Sequence[Mapping[str, Any]]) -> Any:
        return execute_raw(connection, self.sql, [self.bound(given) for given in many], many=True)

    def bound(self, given: Mapping[str, Any]) -> Any:
        values = {**self._constants, **given}
        for name, bind in self._binders:
            values[name] = bind(values[name])
        return values if self._order is None else [values[name] for name in self._order]

    def rows(self, cursor: Any) -> list[Any]:
        return list(map(self.row if self._readers else self._make, cursor.fetchall()))

    def row(self, cells: Sequence[Any]) -> Any:
        if self._readers:
            cells = list(cells)
            for n, read in self._readers:
                cells[n] = read(cells[n])
        return self._make(cells)


def named(*columns: str) -> dict[str, Any]:
    """Each column with the value of its name, for `values()`."""
    return {name: bindparam(name) for name in columns}


def _written_out(statement: Any, dialect: Dialect) -> Any:
    """The statement with its constants in its text: a partial index is of use only where its condition can be read there."""

    def replace(part: Any, **_: Any) -> Any:
        if not isinstance(part, BindParameter) or part.required or not isinstance(part.value, str | int):
            return None
        write = part.type.dialect_impl(dialect).literal_processor(dialect)
        return literal_column(write(part.value), part.type) if write else None

    traverse: Any = replacement_traverse
    return traverse(statement, {}, replace)


def _maker(row: Callable[..., Any]) -> Callable[[Sequence[Any]], Any]:
    """Makes a row of its cells; a named tuple in a third of the time that its own constructor takes."""
    if isinstance(row, type) and issubclass(row, tuple):
        return partial(tuple.__new__, row)
    return lambda cells: row(*cells)


def _row_of(keys: list[str]) -> Callable[..., Any]:
    made: Any = namedtuple
    return made("Row", keys, rename=True)


def _impl(typed: Any, dialect: Dialect) -> Any:
    return typed.type.dialect_impl(dialect)
