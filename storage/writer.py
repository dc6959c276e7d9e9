"""The one writer: group commit on a thread of its own (DESIGN 6).

Whatever waits when the writer is free goes into one transaction, and one durable commit serves them all. Nobody hears "done"
before that commit. The failure of one piece stays its own: then all is undone, and done again with each inside a savepoint. It
is rare, and two statements fewer for every piece are a quarter of the time.
"""

import asyncio
import contextlib
import queue
import threading
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from storage.engine import (
    is_conflict,
    is_lost,
    is_shared,
    is_wrong_statement,
    open_engine,
    open_readers,
    savepoint,
)
from storage.errors import StoreUnavailable

T = TypeVar("T")
log = structlog.get_logger()

MOST_IN_ONE_COMMIT = 256
_TRIES = 5


@dataclass
class _Piece:
    work: Callable[[Connection], Any]
    future: "Future[Any] | asyncio.Future[Any]"
    loop: asyncio.AbstractEventLoop | None = None  # whose future it is
    result: Any = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Do it. Raises _OneFailedError, or what the database says when it can't go on."""
        self.error = None
        try:
            self.result = self.work(connection)
        except BaseException as error:
            if is_lost(error):
                raise
            raise _OneFailedError from error

    def tell(self) -> None:
        """Let whoever waits know, unless he has gone away."""
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)


class Store:
    """Reads and durable writes for asynchronous callers, over synchronous SQLAlchemy Core."""

    def __init__(self, database_url: str) -> None:
        self.is_shared = is_shared(database_url)
        self._writing: Engine = open_engine(database_url)
        self._reading: Engine = open_readers(database_url)
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
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._submit(_Piece(work, future, loop))
        return await future

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """The same for callers without an event loop (command line, tests)."""
        future: Future[T] = Future()
        self._submit(_Piece(work, future))
        return future.result()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on a read connection. Raises StoreUnavailable."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self.read_now, work)

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """The same for callers without an event loop."""
        try:
            with self._reading.connect() as connection:
                return work(connection)
        except (OperationalError, InterfaceError) as error:
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

    def _submit(self, piece: _Piece) -> None:
        with self._door:
            if self._is_closed:
                raise StoreUnavailable("closed")
            self._pieces.put(piece)

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
        batch = [piece for piece in batch if not piece.future.cancelled()]  # whoever waited may have gone away
        for n in range(_TRIES):
            trouble = self._attempt(batch)
            if not isinstance(trouble, DBAPIError) or not is_conflict(trouble):
                break
            log.info("store.conflict", pieces=len(batch), attempt=n + 1)
        if trouble is not None:
            reason = type(trouble.orig if isinstance(trouble, DBAPIError) else trouble).__name__
            for piece in batch:
                piece.error = StoreUnavailable(reason)
        _tell(batch)

    def _attempt(self, batch: list[_Piece]) -> BaseException | None:
        """All pieces in one transaction; returns why nothing of it was stored."""
        try:
            try:
                with self._writing.begin() as connection:
                    for piece in batch:
                        piece.run(connection)
            except _OneFailedError:
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


class _OneFailedError(Exception):
    """A piece failed, and the others are not to suffer from it."""


def _tell(batch: list[_Piece]) -> None:
    """Each loop is woken once for all of its pieces: waking costs more than a statement."""
    waiting: defaultdict[asyncio.AbstractEventLoop | None, list[_Piece]] = defaultdict(list)
    for piece in batch:
        waiting[piece.loop].append(piece)
    for loop, pieces in waiting.items():
        if loop is None:
            _tell_each(pieces)
        else:
            with contextlib.suppress(RuntimeError):  # the loop is closed, nobody waits
                loop.call_soon_threadsafe(_tell_each, pieces)


def _tell_each(pieces: list[_Piece]) -> None:
    for piece in pieces:
        piece.tell()


def _try(connection: Connection, piece: _Piece) -> None:
    """Run one piece inside a savepoint; its failure stays its own."""
    piece.error = None
    try:
        with savepoint(connection):
            piece.result = piece.work(connection)
    except BaseException as error:  # even one that suspends a flow: nothing may end the writer
        if is_lost(error):
            raise
        piece.error = error
