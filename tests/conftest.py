"""What every ring of tests may use."""

import contextlib
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import ENGINES, Postgres, running_postgres, with_schema
from tests.scratch import scratch
from tests.stage import Program

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", scratch())  # where `tmp_path` is; tests about durability take `disk`


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a disk."""
    with tempfile.TemporaryDirectory(prefix="fieldhand-") as folder:
        yield Path(folder)


@pytest.fixture(autouse=True)
def no_program_is_left_running() -> Iterator[None]:
    """A test that fails on the way must not leave its programs behind."""
    yield
    while Program.running:
        process = Program.running.pop()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The worker's own PostgreSQL server, started when the first test wants it."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres: Postgres) -> str:
    """DATABASE_URL of a database that all tests of a session share: leave nothing in it."""
    return with_schema(postgres.url(postgres.make()))


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on SQLite."""
    return with_schema(f"sqlite:///{tmp_path_factory.mktemp('shared') / 'fieldhand.db'}")


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """Name of a database with the newest schema and nothing in it, to be copied."""
    name = postgres.make()
    with_schema(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same on SQLite."""
    path = tmp_path_factory.mktemp("template") / "fieldhand.db"
    with_schema(f"sqlite:///{path}")
    return path


@pytest.fixture(params=ENGINES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a database without any schema, on either engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'fieldhand.db'}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.make()
    yield server.url(name)
    server.drop(name)


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """DATABASE_URL of a fresh database at the newest schema, on either engine."""
    if request.param == "sqlite":
        path = tmp_path / "fieldhand.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.make(request.getfixturevalue("postgres_template"))
    yield server.url(name)
    server.drop(name)
