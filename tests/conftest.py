"""What every ring of tests may use."""

import contextlib
import gc
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis

from tests.databases import ENGINES, Postgres, running_postgres, with_schema
from tests.scratch import scratch
from tests.stage import Program

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", scratch())  # where `tmp_path` is; tests about durability take `disk`

hypothesis.register_profile(
    "desk", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis.load_profile("desk")
"""The same examples in every run, however slow the machine is: what fails has been changed."""

_IN_TURN = {
    "tests/faults/test_load": -1,
    "tests/faults/": 0,
    "tests/journeys/": 0,
    "tests/laws/test_walks": 1,
    "tests/channels/": 1,
}
"""What takes longest begins first; what computes is spread among what mostly waits; what is quick comes last."""


def pytest_sessionstart() -> None:
    """Nothing that is collected is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the tests in an order in which all workers of a whole run are busy to its end."""
    if not hasattr(config, "workerinput"):
        return
    groups: defaultdict[tuple[int, str], list[pytest.Item]] = defaultdict(list)
    for one in items:
        begins = next((name for name in _IN_TURN if one.nodeid.startswith(name)), "")
        groups[_IN_TURN.get(begins, 2), begins].append(one)
    spread = [(turn, n / len(group), one) for (turn, _begins), group in groups.items() for n, one in enumerate(group)]
    items[:] = [one for _turn, _place, one in sorted(spread, key=lambda placed: placed[:2])]


@pytest.fixture
def disk() -> Iterator[Path]:
    """A folder on a disk."""
    with tempfile.TemporaryDirectory(prefix="fieldhand-") as folder:
        yield Path(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The figures of a long run, one line a row of the fault plan."""
    rows: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for report in (one for outcome in ("passed", "failed") for one in terminalreporter.stats.get(outcome, [])):
        for told in (value for name, value in report.user_properties if name == "figures"):
            _add(rows[told["row"]], told["numbers"])
    for row, numbers in sorted(rows.items()):
        shown = ", ".join(f"{name.replace('_', ' ')} {value:,.10g}" for name, value in numbers.items())
        terminalreporter.write_line(f"{row}: {shown}")


def _add(total: dict[str, float], numbers: dict[str, Any]) -> None:
    for name, value in numbers.items():
        total[name] = max(total.get(name, 0), value) if name.startswith("most_") else total.get(name, 0) + value


@pytest.fixture(autouse=True)
def no_program_is_left_running() -> Iterator[None]:
    """A test that fails on the way must not leave its programs behind."""
    yield
    while Program.running:
        process = Program.running.pop()
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()


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
