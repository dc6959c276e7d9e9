"""What makes the suite's programs goes on whatever becomes of one of them."""

import asyncio
import gc
from dataclasses import replace
from pathlib import Path

import pytest

from tests.children import Child
from tests.stage import Program


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_the_next_program_starts_though_nobody_waited_for_the_end_of_the_last(tmp_path: Path) -> None:
    forgotten = asyncio.run(_begun_and_forgotten(tmp_path))
    gc.collect()
    forgotten.kill()

    status, _printed = asyncio.run(Program(tmp_path).run("--help"))

    assert status == 0


async def _begun_and_forgotten(folder: Path) -> Child:
    """A running program without what it would be heard through."""
    process = (await Program(folder).start()).process
    assert isinstance(process, Child)
    Program.running.remove(process)
    return replace(process, stdout=asyncio.StreamReader(), end=asyncio.StreamReader())
