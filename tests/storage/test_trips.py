"""What the writer's pieces only send may travel together: nothing of it is lost, and an error stays with its own piece."""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from storage.engine import open_engine, savepoint
from storage.errors import Raced, StoreUnavailable
from storage.prepared import Prepared, Promised, kept, named
from storage.tables import inbox, meta
from storage.writer import Store
from tests.databases import Postgres, with_schema

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
PUT = Prepared(lambda insert: insert(meta).values(**named("key", "value")))
PUT_ONCE = Prepared(lambda insert: insert(meta).values(**named("key", "value")).on_conflict_do_nothing().returning(meta.c.key))
CHANGE = Prepared(update(meta).where(meta.c.key == bindparam("of_key")).values(**named("value")))
VALUE = Prepared(select(meta.c.value).where(meta.c.key == bindparam("key")))
BREAK = Prepared(update(inbox).where(inbox.c.id == bindparam("of_id")).values(state="lost"))

Work = Callable[[Connection], Any]


def sends(key: str) -> Work:
    return lambda c: PUT.send(c, key=key, value="")


def asks(key: str) -> Work:
    return lambda c: VALUE.scalar(c, key=key)


def breaks(connection: Connection) -> None:
    """Sends what the database refuses, and hears nothing of it."""
    row = {"channel": "a", "chat": "b", "event_key": "c", "raw": "{}", "received_at": NOW, "state": "waiting"}
    arrival = connection.execute(inbox.insert().values(row).returning(inbox.c.id)).scalar_one()
    BREAK.send(connection, of_id=arrival)


def races(connection: Connection) -> None:
    CHANGE.send_surely(connection, Raced("missing"), of_key="missing", value="")


def asks_and_shrugs(connection: Connection) -> str:
    """Whatever goes wrong at its question, it says that all is well."""
    PUT.send(connection, key="shrugged", value="")
    try:
        VALUE.scalar(connection, key="missing")
    except Exception:
        return "shrugged"
    return "well"


async def together(store: Store, *works: Work) -> list[Any]:
    """What becomes of pieces that are in one commit."""
    has_begun, may_end = threading.Event(), threading.Event()

    def busy(_connection: Connection) -> None:
        has_begun.set()
        assert may_end.wait(20)

    first = asyncio.ensure_future(store.write(busy))
    await asyncio.to_thread(has_begun.wait, 20)
    waiting = [asyncio.ensure_future(store.write(work)) for work in works]
    await asyncio.sleep(0)  # all are handed in
    may_end.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


def keys(connection: Connection) -> list[str]:
    return list(connection.execute(select(meta.c.key).order_by(meta.c.key)).scalars())


async def test_what_is_only_sent_is_stored_and_seen_by_the_next_question(store: Store):
    def changes(connection: Connection) -> str:
        PUT.send(connection, key="own", value="1")
        CHANGE.send_surely(connection, Raced("own"), of_key="own", value="2")
        return str(VALUE.scalar(connection, key="own"))

    assert await together(store, sends("a"), changes, sends("b"), asks("a")) == [None, "2", None, ""]
    assert await store.read(keys) == ["a", "b", "own"]


@pytest.mark.parametrize(("fails", "error"), [(breaks, IntegrityError), (races, Raced)])
async def test_what_was_sent_and_fails_at_somebody_elses_question_harms_only_its_own_piece(
    store: Store, fails: Work, error: type[Exception]
):
    before, failed, asked, after = await together(store, sends("before"), fails, asks("before"), sends("after"))

    assert isinstance(failed, error)
    assert (before, asked, after) == (None, "", None)
    assert await store.read(keys) == ["after", "before"]


@pytest.mark.parametrize(("fails", "error"), [(breaks, IntegrityError), (races, Raced)])
async def test_what_was_sent_and_fails_at_the_commit_harms_only_its_own_piece(
    store: Store, fails: Work, error: type[Exception]
):
    before, failed = await together(store, sends("before"), fails)

    assert (before, type(failed)) == (None, error)
    assert await store.read(keys) == ["before"]


@pytest.mark.parametrize(("fails", "error"), [(breaks, IntegrityError), (races, Raced)])
async def test_nobody_can_shrug_off_somebody_elses_error(store: Store, fails: Work, error: type[Exception]):
    failed, shrugged = await together(store, fails, asks_and_shrugs)

    assert (type(failed), shrugged) == (error, "well")
    assert await store.read(keys) == ["shrugged"]


async def test_what_was_sent_inside_a_savepoint_is_taken_back_with_it(store: Store):
    def half(connection: Connection) -> None:
        PUT.send(connection, key="outside", value="")
        with pytest.raises(ValueError, match="refused"), savepoint(connection):
            PUT.send(connection, key="inside", value="")
            raise ValueError("refused")
        PUT.send(connection, key="afterwards", value="")

    await together(store, half)

    assert await store.read(keys) == ["afterwards", "outside"]


async def test_an_answer_that_was_promised_is_there_after_the_commit(store: Store):
    def puts(key: str) -> Callable[[Connection], Promised[str]]:
        return lambda c: PUT_ONCE.ask(c, lambda rows: f"{len(rows)} new", key=key, value="").then(str.upper)

    promised = await together(store, puts("a"), puts("a"), puts("b"))

    assert [one.get() for one in promised] == ["1 NEW", "0 NEW", "1 NEW"]
    assert await store.write(lambda c: PUT_ONCE.ask(c, len, key="c", value="").get()) == 1
    assert (await store.write(lambda _: kept("here already"))).get() == "here already"


async def test_a_server_hears_nothing_of_what_is_only_sent_until_somebody_asks(postgres: Postgres):
    url = with_schema(postgres.url(postgres.make()))
    store, watching = Store(url), open_engine(url)
    state = text("SELECT state FROM pg_stat_activity WHERE pid = :pid")

    def looks(connection: Connection) -> tuple[str, str]:
        PUT.send(connection, key="a", value="")
        pid = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        with watching.connect() as other:
            silent = other.execute(state, {"pid": pid}).scalar_one()
            other.rollback()
            VALUE.scalar(connection, key="a")
            return str(silent), str(other.execute(state, {"pid": pid}).scalar_one())

    assert await store.write(looks) == ("idle", "idle in transaction")
    watching.dispose()
    store.close()


async def test_a_connection_that_is_cut_before_the_commit_stores_nothing_of_what_was_sent(postgres: Postgres):
    url = with_schema(postgres.url(postgres.make()))
    store, other = Store(url), open_engine(url)

    def cut(connection: Connection) -> None:
        PUT.send(connection, key="a", value="")
        pid = connection.connection.dbapi_connection.info.backend_pid  # type: ignore[union-attr]
        with other.connect() as killer:
            killer.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": pid})

    with pytest.raises(StoreUnavailable):
        await store.write(cut)

    await store.write(sends("b"))
    assert await store.read(keys) == ["b"]
    other.dispose()
    store.close()
