"""The one writer: group commit on a thread of its own (DESIGN 6).

Whatever waits when the writer is free goes into one transaction, each piece inside a savepoint of its own, and one durable
commit serves them all. Nobody hears "done" before that commit.
"""

import asyncio
import contextlib
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from storage.engine import is_conflict, is_shared, is_wrong_statement, open_engine
from storage.errors import StoreUnavailable

T = TypeVar("T")
log = structlog.get_logger()

MOST_IN_ONE_COMMIT = 256
_TRIES = 5


@dataclass
class _Piece:
    work: Callable[[Connection], Any]
    future: "Future[Any]"
    result: Any = None
    error: BaseException | None = None


class Store:
    """Reads and durable writes for asynchronous callers, over synchronous SQLAlchemy Core."""

    def __init__(self, database_url: str) -> None:
        self.is_shared = is_shared(database_url)
        self._writing: Engine = open_engine(database_url)
        self._reading: Engine = open_engine(database_url, is_writer=False)
        self._pieces: queue.SimpleQueue[_Piece | None] = queue.SimpleQueue()
        self._door = threading.Lock()
        self._is_closed = False
        self._readers = ThreadPoolExecutor(4, thread_name_prefix="reader")
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the writer; returns its result after the commit.

        Raises whatever `work` raised (its own changes are rolled back, others' are kept), or StoreUnavailable.
        """
        return await asyncio.wrap_future(self._submit(work))

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """The same for callers without an event loop (command line, tests)."""
        return self._submit(work).result()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a read connection. Raises StoreUnavailable."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same for callers without an event loop."""
        try:
            with self._reading.connect() as connection:
                return work(connection)
        except OperationalError as error:
            if is_wrong_statement(error):
                raise
            raise StoreUnavailable(type(error.orig).__name__) from error

    def close(self) -> None:
        """Finish what was handed in, then close the connections. Writes from then on raise StoreUnavailable."""
        with self._door:
            self._is_closed = True
            self._pieces.put(None)
        self._thread.join(timeout=30)
        self._readers.shutdown()
        self._writing.dispose()
        self._reading.dispose()

    def _submit(self, work: Callable[[Connection], T]) -> "Future[T]":
        future: Future[T] = Future()
        with self._door:
            if self._is_closed:
                raise StoreUnavailable("closed")
            self._pieces.put(_Piece(work, future))
        return future

    def _run(self) -> None:
        while (piece := self._pieces.get()) is not None:
            batch, is_last = self._gather(piece)
            self._commit(batch)
            if is_last:
                return

    def _gather(self, first: _Piece) -> tuple[list[_Piece], bool]:
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < MOST_IN_ONE_COMMIT:
                piece = self._pieces.get_nowait()
                if piece is None:
                    return batch, True
                batch.append(piece)
        return batch, False

    def _commit(self, batch: list[_Piece]) -> None:
        batch = [piece for piece in batch if piece.future.set_running_or_notify_cancel()]  # whoever waited may have gone away
        for n in range(_TRIES):
            trouble = self._attempt(batch)
            if not isinstance(trouble, DBAPIError) or not is_conflict(trouble):
                break
            log.info("store.conflict", pieces=len(batch), attempt=n + 1)
        for piece in batch:
            if trouble is not None:
                reason = type(trouble.orig if isinstance(trouble, DBAPIError) else trouble).__name__
                piece.future.set_exception(StoreUnavailable(reason))
            elif piece.error is None:
                piece.future.set_result(piece.result)
            else:
                piece.future.set_exception(piece.error)

    def _attempt(self, batch: list[_Piece]) -> BaseException | None:
        """All pieces in one transaction; returns why nothing of it was stored."""
        try:
            with self._writing.begin() as connection:
                for piece in batch:
                    _try(connection, piece)
        except DBAPIError as error:
            if not is_conflict(error):
                log.error("store.unavailable", error=type(error.orig).__name__, pieces=len(batch))
            return error
        except BaseException as error:  # the writer must outlive whatever happens to a batch
            log.exception("store.failed", pieces=len(batch))
            return error
        return None


def _try(connection: Connection, piece: _Piece) -> None:
    """Run one piece inside a savepoint; its failure stays its own."""
    piece.error = None
    connection.exec_driver_sql("SAVEPOINT piece")
    try:
        piece.result = piece.work(connection)
    except BaseException as error:  # even one that suspends a flow: nothing may end the writer
        if isinstance(error, OperationalError) and not is_wrong_statement(error):
            raise
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT piece")
        piece.error = error
    connection.exec_driver_sql("RELEASE SAVEPOINT piece")
