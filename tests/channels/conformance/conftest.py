"""One rig after the other for every test of the suite."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.conformance.rigs.base import USUAL_PATIENCE, Rig
from tests.channels.conformance.rigs.every import RIGS


@pytest.fixture(params=RIGS)
async def rig(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Rig]:
    """Every rig, or those that a mark of `choosing` leaves."""
    async with RIGS[request.param].opened(sqlite_template, tmp_path, patience=USUAL_PATIENCE) as opened:
        await opened.begin()
        yield opened


@pytest.fixture(params=RIGS)
async def hasty(request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Rig]:
    """A rig whose channel waits a second for an answer."""
    async with RIGS[request.param].opened(sqlite_template, tmp_path, patience=1.0) as opened:
        await opened.begin()
        yield opened
