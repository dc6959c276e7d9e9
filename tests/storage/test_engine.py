"""Both engines keep the same values, and refuse the same ones."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError, StatementError

from storage.engine import database_url as url_of
from storage.engine import is_healthy, next_number, open_engine
from storage.tables import accounts, wrong_codes
from tests.databases import Postgres

TAIPEI = ZoneInfo("Asia/Taipei")


def kept(connection: Connection, at: datetime) -> datetime:
    statement = insert(wrong_codes).values(channel="telegram", address="1", at=at).returning(wrong_codes.c.id)
    row = connection.execute(statement).scalar_one()
    return connection.execute(select(wrong_codes.c.at).where(wrong_codes.c.id == row)).scalar_one()


def test_a_moment_comes_back_aware_and_in_utc(connection: Connection):
    found = kept(connection, datetime(2026, 11, 2, 9, 0, 0, 123456, TAIPEI))

    assert found == datetime(2026, 11, 2, 1, 0, 0, 123456, UTC)
    assert found.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(connection: Connection):
    with pytest.raises(StatementError, match="without a time zone"):
        kept(connection, datetime(2026, 11, 2, 9, 0))  # noqa: DTZ001


def test_moments_compare_by_time_whatever_zone_they_were_written_in(connection: Connection):
    early = datetime(2026, 11, 2, 9, 0, tzinfo=TAIPEI)
    late = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
    for at in (late, early):
        kept(connection, at)

    in_new_york = late.astimezone(timezone(timedelta(hours=-5)))
    rows = connection.execute(select(wrong_codes.c.at).where(wrong_codes.c.at < in_new_york)).scalars().all()

    assert rows == [early]


@pytest.mark.parametrize(("asked", "threshold"), [("", 5), ("&prepare_threshold=none", None), ("&prepare_threshold=2", 2)])
def test_a_pooler_that_carries_no_prepared_statements_gets_none(postgres: Postgres, asked: str, threshold: int | None):
    engine = open_engine(postgres.url() + asked)

    with engine.connect() as connection:
        assert connection.connection.dbapi_connection.prepare_threshold == threshold  # type: ignore[union-attr]
    engine.dispose()


def test_numbers_run_without_gaps_and_each_series_by_itself(connection: Connection):
    october = [next_number(connection, "order:2610") for _ in range(3)]
    november = [next_number(connection, "order:2611") for _ in range(2)]

    assert (october, november) == ([1, 2, 3], [1, 2])
    assert next_number(connection, "order:2610") == 4


def test_a_number_is_given_back_when_its_order_is_not_stored(engine: Engine):
    with engine.begin() as connection:
        assert next_number(connection, "order:2611") == 1
    with pytest.raises(RuntimeError), engine.begin() as connection:
        assert next_number(connection, "order:2611") == 2
        raise RuntimeError

    with engine.begin() as connection:
        assert next_number(connection, "order:2611") == 2


def test_a_row_about_nobody_is_refused(connection: Connection):
    values = {"person_id": 987654, "channel": "telegram", "address": "1", "chat": "1", "seen_at": datetime.now(UTC)}

    with pytest.raises(IntegrityError):
        connection.execute(insert(accounts).values(values))


def test_a_database_in_order_is_healthy(connection: Connection):
    assert is_healthy(connection)


def test_sqlite_makes_a_commit_durable_before_it_confirms(engine: Engine):
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            pragmas = ("journal_mode", "synchronous", "foreign_keys")
            found = [connection.exec_driver_sql(f"PRAGMA {one}").scalar_one() for one in pragmas]
            assert found == ["wal", 2, 1]
        else:
            assert connection.exec_driver_sql("SHOW transaction_isolation").scalar_one() == "read committed"


@pytest.mark.parametrize(
    ("setting", "driver"),
    [
        ("sqlite+aiosqlite:///data/fieldhand.db", "sqlite"),
        ("sqlite:///data/fieldhand.db", "sqlite"),
        ("postgresql+asyncpg://desk@db/fieldhand", "postgresql+psycopg"),
        ("postgresql://desk@db/fieldhand", "postgresql+psycopg"),
        ("postgres://desk@db/fieldhand", "postgresql+psycopg"),
    ],
)
def test_whatever_driver_a_setting_names_the_writer_uses_the_synchronous_one(setting: str, driver: str):
    assert url_of(setting).drivername == driver
    assert url_of(setting).database in ("fieldhand", "data/fieldhand.db")


def test_whoever_opens_a_new_file_at_the_same_moment_gets_in(tmp_path: Path):
    def open_it(path: Path, together: threading.Barrier) -> str:
        together.wait(10)
        engine = open_engine(f"sqlite:///{path}")
        with engine.connect() as connection:
            mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        engine.dispose()
        return mode

    for n in range(20):
        together = threading.Barrier(6)
        with ThreadPoolExecutor(6) as pool:
            modes = list(pool.map(open_it, [tmp_path / f"{n}.db"] * 6, [together] * 6))
        assert modes == ["wal"] * 6
