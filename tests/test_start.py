"""Those that share a data folder know at once of each other's death, however it came."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.start import Presence
from tests.stage import PATIENCE, ROOT

_LIVES = (
    "import sys; from pathlib import Path; from bot.start import Presence\n"
    "with Presence(Path(sys.argv[1]), sys.argv[2]): print('lives', flush=True); sys.stdin.read()\n"
)


class Other:
    """Another process with a presence in the folder."""

    def __init__(self, folder: Path, name: str) -> None:
        command = [sys.executable, "-c", _LIVES, str(folder), name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "lives\n"

    def ends(self) -> None:
        self._process.communicate("", timeout=PATIENCE)

    def is_killed(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.communicate(timeout=PATIENCE)


@pytest.fixture
def me(tmp_path: Path) -> Iterator[Presence]:
    with Presence(tmp_path / "processes", "me") as me:
        yield me


def test_a_killed_process_is_told_of_once_and_a_living_one_never(me: Presence, tmp_path: Path):
    killed, living = Other(tmp_path / "processes", "killed"), Other(tmp_path / "processes", "living")
    assert me.take_dead() == []

    killed.is_killed()

    assert me.take_dead() == ["killed"]
    assert me.take_dead() == []
    living.ends()


def test_one_that_ended_by_itself_leaves_nothing_to_tell(me: Presence, tmp_path: Path):
    other = Other(tmp_path / "processes", "other")

    other.ends()

    assert me.take_dead() == []
    assert [path.name for path in (tmp_path / "processes").iterdir()] == ["me"]
