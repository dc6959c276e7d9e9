"""The one writer: everything that waits goes into one durable commit, and nobody harms anybody else."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, select, text
from sqlalchemy.exc import DBAPIError

from storage.errors import StoreUnavailable
from storage.tables import meta
from storage.writer import Store
from tests.databases import Postgres, running_postgres, with_schema
from tests.stage import PATIENCE


def write(key: str, value: str = "") -> "Work":
    return Work(key, value)


class Work:
    """A piece of work that puts one row in."""

    def __init__(self, key: str, value: str) -> None:
        self.key, self.value = key, value

    def __call__(self, connection: Connection) -> str:
        connection.execute(meta.insert().values(key=self.key, value=self.value))
        return self.key


class Busy:
    """A piece of work that keeps the writer busy until it is let go, so that others have to wait behind it."""

    def __init__(self) -> None:
        self.has_begun, self.may_end = threading.Event(), threading.Event()

    def __call__(self, connection: Connection) -> None:
        write("busy")(connection)
        self.has_begun.set()
        assert self.may_end.wait(20)


def keys(connection: Connection) -> list[str]:
    return list(connection.execute(select(meta.c.key).order_by(meta.c.key)).scalars())


def wrong(connection: Connection) -> None:
    """Something that the rules refuse after it has written."""
    write("wrong")(connection)
    raise ValueError("refused")


async def test_a_write_returns_its_result_and_a_read_sees_it(store: Store):
    assert await store.write(write("one")) == "one"

    assert await store.read(keys) == ["one"]


async def test_what_waits_together_is_committed_together(store: Store):
    busy = Busy()
    async with behind(store, busy) as waiting:
        with counted_commits() as commits:
            waiting += [store.write(write(f"{n:02}")) for n in range(50)]

            results = await let_go(busy, waiting)

    assert results == [None, *(f"{n:02}" for n in range(50))]
    assert len(commits) <= 2  # the busy one, then all fifty
    assert await store.read(keys) == [*(f"{n:02}" for n in range(50)), "busy"]


async def test_a_failing_write_is_taken_back_alone(store: Store):
    busy = Busy()
    async with behind(store, busy) as waiting:
        waiting += [store.write(write("before")), store.write(wrong), store.write(write("behind"))]

        _, before, failed, behind_it = await let_go(busy, waiting)

    assert (before, behind_it) == ("before", "behind")
    assert isinstance(failed, ValueError)
    assert await store.read(keys) == ["before", "behind", "busy"]


async def test_a_row_that_breaks_a_constraint_is_taken_back_alone(store: Store):
    busy = Busy()
    async with behind(store, busy) as waiting:
        waiting += [store.write(write("same")), store.write(write("same")), store.write(write("other"))]

        _, first, second, other = await let_go(busy, waiting)

    assert (first, other) == ("same", "other")
    assert isinstance(second, DBAPIError)
    assert await store.read(keys) == ["busy", "other", "same"]


async def test_a_wrong_statement_harms_only_its_own_piece(store: Store):
    busy = Busy()
    async with behind(store, busy) as waiting:
        waiting += [store.write(lambda c: c.execute(text("SELECT nothing FROM nowhere"))), store.write(write("other"))]

        _, failed, other = await let_go(busy, waiting)

    assert isinstance(failed, DBAPIError)
    assert other == "other"


async def test_even_a_piece_that_escapes_every_except_clause_leaves_the_writer_alive(store: Store):
    class Suspended(BaseException):
        pass

    def suspend(connection: Connection) -> None:
        write("half")(connection)
        raise Suspended

    with pytest.raises(Suspended):
        await asyncio.wait_for(store.write(suspend), 10)

    assert await asyncio.wait_for(store.write(write("next")), 10) == "next"
    assert await store.read(keys) == ["next"]


async def test_a_caller_who_goes_away_leaves_the_writer_alive(store: Store):
    busy = Busy()
    async with behind(store, busy) as waiting:
        impatient = asyncio.ensure_future(store.write(write("impatient")))
        waiting += [impatient, store.write(write("patient"))]
        asyncio.get_running_loop().call_soon(impatient.cancel)

        _, gone, patient = await let_go(busy, waiting)

    assert isinstance(gone, asyncio.CancelledError)
    assert patient == "patient"
    assert await asyncio.wait_for(store.write(write("next")), 10) == "next"
    assert await store.read(keys) == ["busy", "next", "patient"]


async def test_a_caller_who_goes_away_in_the_middle_leaves_the_writer_alive(store: Store):
    busy = Busy()
    impatient = asyncio.ensure_future(store.write(busy))
    await asyncio.to_thread(busy.has_begun.wait, 10)

    impatient.cancel()
    busy.may_end.set()

    assert await asyncio.wait_for(store.write(write("next")), 10) == "next"
    assert await store.read(keys) == ["busy", "next"]


async def test_nobody_reads_what_is_not_committed(store: Store):
    busy = Busy()
    writing = asyncio.ensure_future(store.write(busy))
    await asyncio.to_thread(busy.has_begun.wait, 10)

    assert await store.read(keys) == []

    busy.may_end.set()
    await writing
    assert await store.read(keys) == ["busy"]


async def test_many_callers_at_once_are_all_served(store: Store):
    results = await asyncio.gather(*(store.write(write(f"{n:04}")) for n in range(1000)))

    assert results == [f"{n:04}" for n in range(1000)]
    assert len(await store.read(keys)) == 1000


async def test_what_was_handed_in_before_the_end_is_stored(database_url: str):
    store, busy = Store(database_url), Busy()
    async with behind(store, busy) as waiting:
        waiting += [store.write(write("last")), asyncio.to_thread(store.close)]

        assert await let_go(busy, waiting) == [None, "last", None]

    again = Store(database_url)
    assert again.read_now(keys) == ["busy", "last"]
    again.close()


async def test_a_write_after_the_end_is_refused_and_does_not_hang(database_url: str):
    store = Store(database_url)
    store.close()

    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(store.write(write("late")), 10)


def test_a_locked_database_is_unavailable_and_works_again_afterwards(tmp_path: Path):
    path = tmp_path / "fieldhand.db"
    store = Store(with_schema(f"sqlite:///{path}"))
    store.write_now(write("before"))

    with locked_by_another_process(path):
        with pytest.raises(StoreUnavailable):
            store.write_now(write("during"))
        assert store.read_now(keys) == ["before"]  # readers don't mind

    store.write_now(write("afterwards"))
    assert store.read_now(keys) == ["afterwards", "before"]
    store.close()


@pytest.fixture(scope="module")
def mortal_postgres() -> Iterator[Postgres]:
    """A server that may be stopped without harm to other tests."""
    with running_postgres() as server:
        yield server


def test_a_server_that_is_gone_is_unavailable_and_works_again_when_it_is_back(mortal_postgres: Postgres):
    store = Store(with_schema(mortal_postgres.url(mortal_postgres.make())))
    store.write_now(write("before"))

    mortal_postgres.stop()
    try:
        with pytest.raises(StoreUnavailable):
            store.write_now(write("during"))
        with pytest.raises(StoreUnavailable):
            store.read_now(keys)
    finally:
        mortal_postgres.start()

    store.write_now(write("afterwards"))
    assert store.read_now(keys) == ["afterwards", "before"]
    store.close()


async def test_a_connection_cut_in_the_middle_of_a_commit_stores_nothing_of_it(mortal_postgres: Postgres):
    store = Store(with_schema(mortal_postgres.url(mortal_postgres.make())))

    def cut(connection: Connection) -> None:
        write("first half")(connection)
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreUnavailable):
        await store.write(cut)

    assert await store.write(write("afterwards")) == "afterwards"
    assert await store.read(keys) == ["afterwards"]
    store.close()


class behind:
    """Writes that are handed in while the writer is busy with another one; `let_go` ends the wait."""

    def __init__(self, store: Store, busy: Busy) -> None:
        self._store, self._busy = store, busy

    async def __aenter__(self) -> list:
        first = asyncio.ensure_future(self._store.write(self._busy))
        await asyncio.to_thread(self._busy.has_begun.wait, 10)
        return [first]

    async def __aexit__(self, *_: object) -> None:
        self._busy.may_end.set()


async def let_go(busy: Busy, waiting: list) -> list:
    """Hand everything in, in this order, then free the writer; returns results and errors."""

    async def free() -> None:
        asyncio.get_running_loop().call_soon(busy.may_end.set)

    results = await asyncio.wait_for(asyncio.gather(*waiting, free(), return_exceptions=True), 20)
    return results[:-1]


@contextmanager
def counted_commits() -> Iterator[list[str]]:
    """One entry for every commit of the writer thread."""
    commits: list[str] = []

    def count(_connection: Connection) -> None:
        if threading.current_thread().name == "writer":
            commits.append("commit")

    event.listen(Engine, "commit", count)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", count)


@contextmanager
def locked_by_another_process(path: Path) -> Iterator[None]:
    """Somebody else's program holds the write lock."""
    code = (
        "import sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read(); c.execute('ROLLBACK')\n"
    )
    other = subprocess.Popen([sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout
    assert other.stdout.readline() == "locked\n"
    try:
        yield
    finally:
        other.communicate("", timeout=PATIENCE)
