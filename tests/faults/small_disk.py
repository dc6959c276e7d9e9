"""A disk that is soon full."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MEGABYTE = 1024 * 1024
PAGE = 4096


@dataclass(frozen=True)
class SmallDisk:
    """A folder on a file system of its own or, where nothing may be mounted, one whose database may not grow.

    `environment` tells the program of the latter: it then meets the same error of its database, "database or disk is full".
    """

    folder: Path
    is_mounted: bool

    def fills(self, *, but: int) -> None:
        """Leave only so many bytes free."""
        free = shutil.disk_usage(self.folder).free
        if self.is_mounted:
            with (
                suppress(OSError),
                (self.folder / "ballast").open("wb", buffering=0) as ballast,
            ):  # who writes meanwhile fills it
                ballast.write(bytes(max(0, free - but)))
        else:
            self._limit.write_text(str(sum(one.stat().st_size for one in self.folder.glob("*.db")) // PAGE), encoding="ascii")

    def is_cleared(self) -> None:
        """Somebody has made room."""
        for one in (self.folder / "ballast", self._limit):
            one.unlink(missing_ok=True)

    @property
    def environment(self) -> Mapping[str, str]:
        return {} if self.is_mounted else {"LAUNCH_MOST_PAGES": str(self._limit), "LAUNCH_HAS_NO_ROOM": "1"}

    @property
    def _limit(self) -> Path:
        return self.folder / "most_pages"


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[SmallDisk]:
    """Mount a memory disk of so many bytes, if this machine lets us."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield SmallDisk(folder, is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
