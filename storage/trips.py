"""Statements that travel to the server together (PostgreSQL): a trip there costs more than most of what is done there.

While a connection gathers, what changes something and whose answer nobody waits for is kept, and goes along with the next
statement that is asked for an answer, or with the commit. An error among them may belong to anybody who kept something. So it
spoils the whole transaction: whatever is made of the error, the commit is refused, and only a rollback helps. Whoever gathers
does all of it again, one by one (storage/writer.py).

Loaded only where there is a server.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import Params, Query, QueryNoTemplate

from storage.errors import PartFailed

Then = Callable[[Any], None]
"""Looks at the cursor of a statement that was kept, when its answer has come."""


@dataclass(frozen=True)
class _Kept:
    sql: str
    values: Any
    then: Then | None
    is_checked: bool


class Gathering(psycopg.Connection[Any]):
    """A connection that can gather. It begins its transactions itself, so that the beginning travels along as well."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.cursor_factory = _Cursor
        self.gathers = False
        self._kept: list[_Kept] = []
        self._used: dict[str, _Quiet] = {}
        self._is_spoiled = False

    def keep(self, sql: str, values: Any = None, then: Then | None = None, *, is_checked: bool = False) -> None:
        """Do it with the next statement that is asked for an answer. `then` may raise where it `is_checked`."""
        self._kept.append(_Kept(sql, values, then, is_checked))

    def send(self) -> None:
        """Do now what is kept."""
        with self.together():
            pass

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is kept goes ahead of what is executed inside, on one trip."""
        kept, self._kept = self._kept, []
        if not kept:
            yield
            return
        error: psycopg.Error | None = None
        cursors: list[psycopg.Cursor[Any]] = []
        try:
            with self.pipeline():
                try:
                    cursors += [self._cursor_of(one).execute(one.sql, one.values) for one in kept]
                    yield
                except psycopg.Error as first:  # those behind it only say that it failed
                    error = first
        except psycopg.Error as first:
            error = error or first
        if error is not None:
            self._is_spoiled = True
            raise error
        self._look_at(kept, cursors)

    def _cursor_of(self, one: _Kept) -> "_Quiet":
        """One that has run the same already is a third faster; an answer that is looked at has its own."""
        if one.then is not None:
            return _Quiet(self)
        if one.sql not in self._used:
            self._used[one.sql] = _Quiet(self)
        return self._used[one.sql]

    def _look_at(self, kept: list[_Kept], cursors: list[psycopg.Cursor[Any]]) -> None:
        for one, cursor in zip(kept, cursors, strict=True):
            if one.then is not None:
                try:
                    one.then(cursor)
                except BaseException:
                    self._is_spoiled = True
                    raise

    def commit(self) -> None:
        """All of it, or nothing. Raises PartFailed when something failed before, whatever was made of it."""
        if self._is_spoiled or self.pgconn.transaction_status == pq.TransactionStatus.INERROR:
            raise PartFailed
        if not self._kept:
            super().commit()
        elif self.pgconn.transaction_status == pq.TransactionStatus.IDLE and len(self._kept) == 1:
            self._kept.clear()  # begun, and nothing done
        else:
            if any(one.is_checked for one in self._kept):
                self.send()  # what it says is heard before it is too late
            self.cursor().execute("COMMIT")

    def rollback(self) -> None:
        self._kept.clear()
        self._is_spoiled = False
        super().rollback()

    def cursor(self, *given: Any, **named: Any) -> Any:
        if given or named:  # one of the server's own, which goes its own way
            self.send()
        return super().cursor(*given, **named)


class _Quiet(psycopg.Cursor[Any]):
    """A cursor whose statements go out of a pipeline's queue when the pipeline ends, and not each by itself."""

    def _execute_gen(self, query: Any, params: Any = None, **how: Any) -> Any:
        if not self._conn._pipeline:
            yield from super()._execute_gen(query, params, **how)
            return
        yield from self._start_query(query)
        yield from self._maybe_prepare_gen(self._convert_query(query, params), **how)
        self._last_query = query
        yield from self._conn._prepared.maintain_gen(self._conn)


class _Cursor(_Quiet):
    """A cursor before whose statements everything goes that is kept."""

    _conn: Gathering

    def execute(self, query: QueryNoTemplate, params: Params | None = None, **how: Any) -> "_Cursor":  # type: ignore[override]
        with self._conn.together():
            super().execute(query, params, **how)
        return self

    def executemany(self, query: Query, params_seq: Iterable[Params], **how: Any) -> None:
        with self._conn.together():
            super().executemany(query, params_seq, **how)
