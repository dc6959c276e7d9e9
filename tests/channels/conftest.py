"""What the tests of channels share."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.writer import Store


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A database of its own with nothing in it."""
    path = tmp_path / "fieldhand.db"
    shutil.copy(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()
