"""What the tests of channels share."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from storage.writer import Store
from tests.channels.kf_desk import KfDesk, kf_desk
from tests.stubs.wecom_kf import Visitor


@pytest.fixture
def store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """A database of its own with nothing in it."""
    path = tmp_path / "fieldhand.db"
    shutil.copy(sqlite_template, path)
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture
async def at(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[KfDesk]:
    """微信客服 with one customer, and a program behind it."""
    async with kf_desk(sqlite_template, tmp_path) as desk:
        yield desk


@pytest.fixture
def zhang(at: KfDesk) -> Visitor:
    return at.stub.customer("張先生")
