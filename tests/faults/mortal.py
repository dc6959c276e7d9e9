"""A program that dies: started by a fork, killed at a moment or at a point, started again."""

import asyncio
import os
import re
import signal
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import certifi

from tests.faults.zygote import Zygote
from tests.stage import PATIENCE, Program

KILLED = -signal.SIGKILL


@dataclass
class Child:
    """A forked process, as much of it as the stage needs of one."""

    pid: int
    ended: "asyncio.Task[int]"

    @property
    def returncode(self) -> int | None:
        return self.ended.result() if self.ended.done() and not self.ended.cancelled() else None


class Mortal(Program):
    """Fieldhand in a forked process. `lives` says from when to when it was up and answering."""

    def __init__(self, zygote: Zygote, folder: Path, settings: Mapping[str, str]) -> None:
        super().__init__(folder, settings)
        self.lives: list[tuple[datetime, datetime | None]] = []
        self._zygote = zygote
        self._child: Child | None = None

    async def start(self, *, dies_at: str = "", design: str = "") -> "Mortal":
        """Begin a life. Returns when it is ready, or when it died before."""
        told = {"LAUNCH_DIES_AT": dies_at, "LAUNCH_DESIGN": design}
        environment = self.environment() | {name: value for name, value in told.items() if value} | self._trust()
        said, out = os.pipe()
        heard, fate = os.pipe()
        log = os.open(self.folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.lives.append((datetime.now(UTC), None))
        self._zygote.fork(environment, str(self.folder), out=out, log=log, fate=fate)
        for handle in (out, log, fate):
            os.close(handle)
        reader = await _reader(heard)
        pid = int(await asyncio.wait_for(reader.readline(), PATIENCE))
        self._child = Child(pid, asyncio.create_task(_status(reader)))
        self.running.append(self._child)  # type: ignore[arg-type]
        await self._until_ready(await _reader(said))
        return self

    async def _until_ready(self, said: asyncio.StreamReader) -> None:
        async with asyncio.timeout(PATIENCE * 2):
            while line := (await said.readline()).decode():
                if found := re.search(r"/start (\S+)", line):
                    self.owner_code = found[1]
                if found := re.search(r"(http://[^/]+)/", line):
                    self.address = found[1]
                if line.strip().startswith("✓"):
                    self.lives[-1] = (datetime.now(UTC), None)
                    return
        await self._over()

    def _trust(self) -> dict[str, str]:
        """One certificate instead of a hundred and fifty: nothing here speaks TLS, and reading them takes half of a start."""
        file = self.folder / "trusted.pem"
        if not file.exists():
            first, end, _ = Path(certifi.where()).read_text(encoding="utf-8").partition("-----END CERTIFICATE-----\n")
            file.write_text(first + end, encoding="utf-8")
        return {"SSL_CERT_FILE": str(file)}

    @property
    def is_alive(self) -> bool:
        return self._child is not None and self._child.returncode is None

    async def dies(self, seconds: float) -> int:
        """Wait for its death, and bring it about when it does not come by itself within so many seconds."""
        assert self._child is not None
        await asyncio.wait({self._child.ended}, timeout=seconds)
        if self.is_alive:
            with suppress(ProcessLookupError):
                os.kill(self._child.pid, signal.SIGKILL)
        return await self._over()

    async def stop(self) -> int:
        assert self._child is not None
        if self.is_alive:
            os.kill(self._child.pid, signal.SIGTERM)
        return await self._over()

    async def kill(self) -> None:
        if self.is_alive:
            await self.dies(0)

    async def _over(self) -> int:
        assert self._child is not None
        status = await asyncio.wait_for(asyncio.shield(self._child.ended), PATIENCE)
        if self.lives[-1][1] is None:
            self.lives[-1] = (self.lives[-1][0], datetime.now(UTC))
        if self._child in self.running:
            self.running.remove(self._child)  # type: ignore[arg-type]
        return status


async def _reader(handle: int) -> asyncio.StreamReader:
    """What comes out of a pipe; it is closed when its other end is."""
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(handle, "rb", buffering=0))
    return reader


async def _status(reader: asyncio.StreamReader) -> int:
    return int(await reader.readline())
