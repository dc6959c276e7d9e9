"""Processes that the nursery makes (tests.nursery), with as much of asyncio's Process as the stage needs."""

import asyncio
import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

_ROOT = Path(__file__).parent.parent


@dataclass
class Child:
    """A running program. `returncode` is known once `communicate` has seen its end."""

    line: socket.socket
    pid: int
    stdout: asyncio.StreamReader
    end: asyncio.StreamReader
    returncode: int | None = None

    async def communicate(self) -> tuple[bytes, None]:
        """Read it to its end."""
        printed = await self.stdout.read()
        self.returncode = int(await self.end.read())
        return printed, None

    def send_signal(self, number: int) -> None:
        """Nothing happens when it has ended."""
        _asked(self.line, {"pid": self.pid, "number": number})

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def born(
    arguments: tuple[str, ...],
    *,
    cwd: Path,
    env: Mapping[str, str],
    loaded: Mapping[str, str],
    stderr: IO[bytes] | None = None,
) -> Child:
    """Start Fieldhand with these arguments; without `stderr` both outputs are one.

    `loaded` is what has to be in the environment from the beginning, because it brings a library in.
    """
    stdout, out = os.pipe()
    end, tell_end = os.pipe()
    request = {"arguments": arguments, "folder": str(cwd), "environment": dict(env)}
    line = _nursery(tuple(loaded.items()))
    pid = int(_asked(line, request, out, stderr.fileno() if stderr else out, tell_end))
    for descriptor in (out, tell_end):
        os.close(descriptor)
    return Child(line, pid, await _reader(stdout), await _reader(end))


def _asked(line: socket.socket, request: Mapping[str, object], *descriptors: int) -> str:
    socket.send_fds(line, [json.dumps(request).encode()], descriptors)
    return line.recv(64).decode()


async def _reader(descriptor: int) -> asyncio.StreamReader:
    loop, reader = asyncio.get_running_loop(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb", buffering=0))
    return reader


@cache
def _nursery(loaded: tuple[tuple[str, str], ...]) -> socket.socket:
    """This test worker's nursery with these libraries, opened when the first program is wanted."""
    ours, theirs = socket.socketpair()
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(_ROOT), **dict(loaded)}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", str(theirs.fileno())],
            cwd=_ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[theirs.fileno()],
        )  # fmt: skip
    atexit.register(_close, ours, process)
    return ours


def _close(line: socket.socket, process: "subprocess.Popen[bytes]") -> None:
    line.close()
    process.wait()
