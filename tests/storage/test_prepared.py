"""Prepared statements: the same values, rows, transactions and errors as Core's, on either engine."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Connection, Engine, bindparam, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from storage.engine import is_lost, savepoint
from storage.prepared import Prepared, named
from storage.tables import IS_LIVE, channel_notes, conversations, inbox, meta, people

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
PUT = Prepared(lambda insert: insert(meta).values(**named("key", "value")).on_conflict_do_nothing())
VALUE = Prepared(select(meta.c.value).where(meta.c.key == bindparam("key")))
CHANGE = Prepared(update(meta).where(meta.c.key == bindparam("of_key")).values(**named("value")))
NOTE = Prepared(
    lambda insert: insert(channel_notes).values(**named("channel", "key", "value", "until")).returning(channel_notes)
)


def test_rows_are_put_in_found_and_changed(connection: Connection):
    assert PUT.run(connection, key="a", value="1") == 1
    assert PUT.run(connection, key="a", value="2") == 0

    assert VALUE.scalar(connection, key="a") == "1"
    assert CHANGE.run(connection, of_key="a", value="3") == 1
    assert [row.value for row in VALUE.all(connection, key="a")] == ["3"]
    assert VALUE.first(connection, key="b") is None
    assert VALUE.scalar(connection, key="b") is None


def test_moments_and_json_come_back_as_core_gives_them(connection: Connection):
    elsewhere = NOW.astimezone(timezone(timedelta(hours=8)))

    row = NOTE.first(connection, channel="a", key="b", value={"張": [1, None, "二"]}, until=elsewhere)

    (core,) = connection.execute(select(channel_notes)).all()
    assert tuple(row) == tuple(core)
    assert (row.value, row.until, row.until.tzinfo) == ({"張": [1, None, "二"]}, NOW, UTC)


def test_constants_stand_in_the_statement_where_a_partial_index_can_read_them(connection: Connection):
    live = select(conversations.c.id).where(conversations.c.person_id == bindparam("person"), conversations.c.state == "live")

    sql = Prepared(live).sql(connection)

    assert "conversations.state = 'live'" in sql
    assert sql == Prepared(select(conversations.c.id).where(conversations.c.person_id == bindparam("person"), IS_LIVE)).sql(
        connection
    )


def test_no_value_that_is_given_ever_stands_in_the_statement(connection: Connection):
    hostile = "'; DROP TABLE meta; --"

    PUT.run(connection, key="k", value=hostile)

    assert VALUE.scalar(connection, key="k") == hostile
    assert hostile not in VALUE.sql(connection)


def test_a_statement_begins_a_transaction_as_cores_do(engine: Engine):
    with engine.connect() as connection:
        PUT.run(connection, key="gone", value="")
        connection.rollback()
    with engine.begin() as connection:
        PUT.run(connection, key="kept", value="")

    with engine.connect() as connection:
        assert (VALUE.scalar(connection, key="gone"), VALUE.scalar(connection, key="kept")) == (None, "")


def test_errors_are_sqlalchemys_and_harm_only_their_own_part(connection: Connection):
    missing = Prepared(update(inbox).where(inbox.c.id == bindparam("of_id")).values(state="lost"))
    connection.execute(inbox.insert().values(channel="a", chat="b", event_key="c", raw="{}", received_at=NOW, state="waiting"))
    (arrival,) = connection.execute(select(inbox.c.id)).scalars()

    with pytest.raises(IntegrityError) as raised, savepoint(connection):
        PUT.run(connection, key="inside", value="")
        missing.run(connection, of_id=arrival)

    assert not is_lost(raised.value)
    assert VALUE.scalar(connection, key="inside") is None


def test_a_wrong_statement_is_nobodys_lost_database(connection: Connection):
    nonsense = Prepared(select(people.c.id.op("is nothing at all")(bindparam("x"))))

    with pytest.raises((OperationalError, ProgrammingError)) as raised, savepoint(connection):
        nonsense.all(connection, x=1)

    assert not is_lost(raised.value)
    assert VALUE.first(connection, key="a") is None
