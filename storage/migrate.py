"""Bringing the database's schema to what this program knows, at every start."""

from contextlib import ExitStack

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from storage.engine import lock_schema
from storage.errors import DatabaseIsNewer, StoreUnavailable


def create(connection: Connection, revision: str) -> None:
    """Lay an older or the present schema out in an empty database. Raises DatabaseIsNewer for one of a later release."""
    config = _config()
    if revision not in _known(config):
        raise DatabaseIsNewer(revision)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def newest() -> str:
    """The revision that this release works with."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def bring_up(connection: Connection) -> None:
    """From whatever revision a database is at to the newest, in the caller's transaction."""
    create(connection, newest())


def migrate(engine: Engine) -> None:
    """Upgrade to the newest schema, wholly or not at all; of processes that start together one does it.

    `engine` is a writer's (`open_engine(url)`). Raises StoreUnavailable, and DatabaseIsNewer when a later release was here.
    """
    with ExitStack() as stack:
        try:
            connection = stack.enter_context(engine.begin())
            lock_schema(connection)
        except OperationalError as error:
            raise StoreUnavailable(type(error.orig).__name__) from error
        config = _config()
        present = _present(connection)
        if present is not None and present not in _known(config):
            raise DatabaseIsNewer(present)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def revision(engine: Engine) -> str | None:
    """The revision that the database is at, None when it has no schema yet."""
    with engine.connect() as connection:
        return _present(connection)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "storage:migrations")
    return config


def _known(config: Config) -> set[str]:
    return {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}


def _present(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
