"""The store on either engine."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine

from storage.engine import open_engine
from storage.writer import Store
from tests.databases import ENGINES


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A writer's engine over a database of the test's own."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def other_engine(database_url: str) -> Iterator[Engine]:
    """A second process's engine over the same database."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """The store over a database of the test's own."""
    store = Store(database_url)
    yield store
    store.close()


@pytest.fixture(scope="session", params=ENGINES)
def shared_engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(shared_engine: Engine) -> Iterator[Connection]:
    """A transaction on either engine that is rolled back at the end: the quick way for whatever needs only one."""
    with shared_engine.connect() as connection:
        yield connection
        connection.rollback()
