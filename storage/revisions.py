"""At which revision a database is, without the library that changes it."""

from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

_VERSIONS = Path(__file__).parent / "migrations" / "versions"


def newest() -> str:
    """The revision that this release works with: its files are numbered."""
    return max(file.name[:4] for file in _VERSIONS.glob("[0-9]*.py"))


def is_present(engine: Engine) -> bool:
    """Whether a database is at the newest revision already."""
    try:
        with engine.connect() as connection:
            found = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
    except DBAPIError:
        return False  # there is nothing yet, or nothing to be read: whoever migrates will say
    return found == [newest()]
