"""The programs that are measured, each as a process of its own: Fieldhand, and what it is compared with."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.desk import ROOT, TOKEN
from benchmarks.figures import resident
from benchmarks.messenger import SECRET, Messenger


@dataclass(frozen=True)
class Running:
    """A program that has connected to its messenger."""

    process: asyncio.subprocess.Process

    @property
    def memory(self) -> float:
        """Resident MB."""
        return resident(self.process.pid)


@asynccontextmanager
async def running(
    module: str, messenger: Messenger, folder: Path, *, url: str = "", speed: float = 1e6
) -> AsyncIterator[Running]:
    """Start `python -m <module>` and wait until it has named its webhook. `speed` raises the limits that Fieldhand keeps."""
    port = _free_port()
    own = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder),
        "DATABASE_URL": url or f"sqlite+aiosqlite:///{folder}/fieldhand.db",
        "POLICY_FILE": str(ROOT / "policies" / "appliance.toml"),
        "HTTP_PORT": str(port),
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "TELEGRAM_API_BASE": messenger.origin,
        "BENCH_SPEED": str(speed),
    }
    messenger.has_hook.clear()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, "run", cwd=folder, env=own, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(60):
            await messenger.has_hook.wait()
        await _answers(port)
        yield Running(process)
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> None:
    """Wait until the program takes connections."""
    async with asyncio.timeout(60):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.01)
                continue
            writer.close()
            return


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
