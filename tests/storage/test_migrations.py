"""The schema is brought up to date at every start, once, whoever starts. What then stands in it: see test_releases."""

import multiprocessing
import re
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.exc import IntegrityError

from storage import migrate as migrations
from storage import revisions
from storage.engine import open_engine
from storage.errors import DatabaseIsNewer, StoreUnavailable
from storage.migrate import migrate, revision
from storage.tables import inbox, metadata
from tests.databases import Postgres
from tests.stage import ROOT

NEWEST = max(file.name[:4] for file in (ROOT / "storage" / "migrations" / "versions").glob("[0-9]*.py"))
Schema = dict[str, dict[str, object]]


@pytest.fixture
def empty_engine(empty_database_url: str):
    engine = open_engine(empty_database_url)
    yield engine
    engine.dispose()


def test_the_migrated_schema_is_the_one_that_the_program_expects(empty_engine: Engine):
    metadata.create_all(empty_engine)
    expected = schema_of(empty_engine)
    metadata.drop_all(empty_engine)
    assert schema_of(empty_engine) == {}

    migrate(empty_engine)

    migrated = schema_of(empty_engine)
    assert migrated.keys() == expected.keys() == metadata.tables.keys()
    for table, described in expected.items():
        assert migrated[table] == described, table


def test_every_check_of_the_program_is_kept_by_the_database(engine: Engine):
    expected = {str(one.name) for table in metadata.tables.values() for one in table.constraints if "ck_" in str(one.name)}

    kept = {check["name"] for table in metadata.tables for check in inspect(engine).get_check_constraints(table)}

    assert kept == expected
    assert len(kept) >= 9


def test_a_check_refuses_a_row_after_migration(engine: Engine):
    row = {"channel": "a", "chat": "b", "event_key": "c", "raw": "{}", "state": "lost", "received_at": datetime.now(UTC)}

    with pytest.raises(IntegrityError, match="ck_inbox_state"), engine.begin() as connection:
        connection.execute(inbox.insert().values(row))


def test_a_new_database_has_no_revision_and_a_migrated_one_the_newest(empty_engine: Engine):
    assert revision(empty_engine) is None

    migrate(empty_engine)

    assert revision(empty_engine) == NEWEST


def test_migrating_again_changes_nothing_and_loses_nothing(engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO meta (key, value) VALUES ('company', '順風')"))
    before = schema_of(engine)

    migrate(engine)

    assert schema_of(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT value FROM meta")).scalar_one() == "順風"


def test_a_migration_that_fails_leaves_nothing_behind(empty_engine: Engine):
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE web_messages (id INTEGER)"))  # in the way of the last table

    with pytest.raises(Exception, match="already exists"):
        migrate(empty_engine)

    assert inspect(empty_engine).get_table_names() == ["web_messages"]
    assert revision(empty_engine) is None


def test_promises_and_conversations_of_the_release_before_keep_what_they_are_about(empty_engine: Engine):
    """0091: `order_id` became the name of a subject."""
    with empty_engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", "storage:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, "0090")
        for statement in _BEFORE_SUBJECTS:
            connection.execute(text(statement))

    migrate(empty_engine)

    with empty_engine.begin() as connection:
        kept = connection.execute(text("SELECT subject, clock, rung, breach_reason FROM deadlines ORDER BY clock")).all()
        assert kept == [("order:7", "arrival", 2, "塞車"), ("order:7", "reply", 0, "")]
        talks = connection.execute(text("SELECT id, subject, flow, asked FROM conversations ORDER BY id")).all()
        assert talks == [(3, "order:7", "listen", "account"), (9, "", "report", "fault")]
        person = {"person": 1, "now": datetime.now(UTC)}
        added = connection.execute(
            text(
                "INSERT INTO conversations (person_id, flow, args, answers, turn, state, created_at, updated_at)"
                " VALUES (:person, 'find', '{}', '[]', 0, 'done', :now, :now) RETURNING id"
            ),
            person,
        )
        assert added.scalar_one() > 9


_THEN = "'2026-11-02 01:00:00+00:00'"
_BEFORE_SUBJECTS = (
    f"INSERT INTO people (id, name, roles, standing, created_at) VALUES (1, '王師傅', '[]', 'active', {_THEN})",
    'INSERT INTO orders (id, number, stage, version, branch, customer_id, is_open, reported_at, "order")'
    f" VALUES (7, '2611-0001', 'queued', 0, 'main', 1, true, {_THEN}, '{{}}')",
    "INSERT INTO deadlines (order_id, clock, state, due_at, rung, watch, breach_reason)"
    f" VALUES (7, 'arrival', 'running', {_THEN}, 2, '{{}}', '塞車')",
    f"INSERT INTO deadlines (order_id, clock, state, due_at, watch) VALUES (7, 'reply', 'met', {_THEN}, '{{}}')",
    "INSERT INTO conversations (id, person_id, flow, order_id, args, answers, turn, asked, state, created_at, updated_at)"
    f" VALUES (3, 1, 'listen', 7, '{{}}', '[]', 1, 'account', 'parked', {_THEN}, {_THEN})",
    "INSERT INTO conversations (id, person_id, flow, args, answers, turn, asked, state, created_at, updated_at)"
    f" VALUES (9, 1, 'report', '{{}}', '[]', 1, 'fault', 'live', {_THEN}, {_THEN})",
)


def test_processes_that_start_at_once_migrate_once(empty_database_url: str):
    spawn = multiprocessing.get_context("spawn")
    together = spawn.Barrier(3)
    processes = [spawn.Process(target=_start, args=(empty_database_url, together)) for _ in range(3)]

    for process in processes:
        process.start()
    for process in processes:
        process.join(120)

    assert [process.exitcode for process in processes] == [0, 0, 0]
    engine = open_engine(empty_database_url)
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    with engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [NEWEST]
    engine.dispose()


def test_a_database_of_a_later_release_is_refused_in_clear_words(engine: Engine):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))

    with pytest.raises(DatabaseIsNewer, match=r"0999.*later release"):
        migrate(engine)

    assert revision(engine) == "0999"


def test_a_server_that_is_away_is_unavailable_and_no_bug(postgres: Postgres):
    engine = open_engine(postgres.url("no_such_database"))

    with pytest.raises(StoreUnavailable):
        migrate(engine)


def _start(url: str, together: Barrier) -> None:
    together.wait(120)
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


def schema_of(engine: Engine) -> Schema:
    """All that the database itself says about its tables, in a comparable form."""
    look = inspect(engine)
    return {
        table: {
            "columns": [_column(one) for one in look.get_columns(table)],
            "primary key": look.get_pk_constraint(table),
            "foreign keys": _sorted(look.get_foreign_keys(table)),
            "uniques": _sorted(look.get_unique_constraints(table)),
            "checks": _sorted(look.get_check_constraints(table)),
            "indexes": _indexes(engine, table),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def _column(column: ReflectedColumn) -> dict[str, str]:
    return {key: str(value) for key, value in column.items()} | {"type": repr(column["type"])}


def _sorted(found: list) -> list:
    by_name: Callable[[dict], str] = lambda one: str(one["name"])  # noqa: E731
    return sorted(found, key=by_name)


def _indexes(engine: Engine, table: str) -> list[str]:
    """The statements that the database keeps, conditions of partial indexes included."""
    statement = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = :table",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE tablename = :table",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return sorted(re.sub(r"\s+", " ", one) for one in connection.execute(text(statement), {"table": table}).scalars())


def test_the_start_knows_the_newest_revision_without_the_library_that_changes_it(empty_engine: Engine):
    assert revisions.newest() == migrations.newest()
    assert not revisions.is_present(empty_engine)

    migrate(empty_engine)

    assert revisions.is_present(empty_engine)
