"""A program that dies: started by the nursery, killed at a moment or at a point, started again."""

import asyncio
import re
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import certifi

from tests.stage import PATIENCE, Program

_READY = re.compile(r"^\s*✓")


class Mortal(Program):
    """Fieldhand as tests.faults.launcher makes it. `lives` says from when to when it was up and answering."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        super().__init__(folder, settings)
        self.lives: list[tuple[datetime, datetime | None]] = []
        self.on_death: Callable[[], None] = lambda: None  # called as soon as it is noticed
        self.on_birth: Callable[[], None] = lambda: None  # called before the next life says anything
        self._told: dict[str, str] = {}
        self._end: asyncio.Task[int] | None = None

    def environment(self) -> dict[str, str]:
        return super().environment() | self._told | self._trust() | {"LAUNCHER": "tests.faults.launcher"}

    async def start(self, *, dies_at: str = "", design: str = "") -> "Mortal":
        """Begin a life. Returns when it is ready, or when it died before."""
        told = {"LAUNCH_DIES_AT": dies_at, "LAUNCH_DESIGN": design}
        self._told = {name: value for name, value in told.items() if value}
        with (self.folder / "log").open("ab") as log:
            self.process = await self._begins("run", log=log)
        self.on_birth()
        self.running.append(self.process)
        self.lives.append((datetime.now(UTC), None))
        is_ready = asyncio.Event()
        self._end = asyncio.create_task(self._lives_on(is_ready))
        ready = asyncio.create_task(is_ready.wait())
        await asyncio.wait({ready, self._end}, timeout=PATIENCE * 2, return_when=asyncio.FIRST_COMPLETED)
        assert ready.done() or self._end.done(), "the program did not start:\n" + self.log()
        ready.cancel()
        return self

    async def _lives_on(self, is_ready: asyncio.Event) -> int:
        """Read what it prints until it dies; returns its exit status."""
        process = self.process
        assert process is not None and process.stdout is not None
        while line := (await process.stdout.readline()).decode():
            self.lines.append(line)
            if found := re.search(r"(http://[^/]+)/", line):
                self.address = found[1]
            if _READY.match(line):
                self.lives[-1] = (datetime.now(UTC), None)
                is_ready.set()
        self.on_death()
        await process.communicate()
        self.lives[-1] = (self.lives[-1][0], datetime.now(UTC))
        return process.returncode or 0

    @property
    def is_alive(self) -> bool:
        return self._end is not None and not self._end.done()

    async def dies(self, seconds: float) -> int:
        """Wait for its death, and bring it about when it does not come by itself within so many seconds."""
        assert self._end is not None and self.process is not None
        await asyncio.wait({self._end}, timeout=seconds)
        if self.is_alive:
            with suppress(ProcessLookupError):
                self.process.kill()
        return await asyncio.wait_for(asyncio.shield(self._end), PATIENCE)

    async def stop(self) -> int:
        assert self._end is not None and self.process is not None
        if self.is_alive:
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(asyncio.shield(self._end), PATIENCE * 2)

    async def kill(self) -> None:
        if self.is_alive:
            await self.dies(0)

    def _trust(self) -> dict[str, str]:
        """One certificate instead of a hundred and fifty: nothing here speaks TLS, and reading them takes half of a start."""
        file = self.folder / "trusted.pem"
        if not file.exists():
            first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----\n")
            file.write_text(first + end, encoding="utf-8")
        return {"SSL_CERT_FILE": str(file)}
