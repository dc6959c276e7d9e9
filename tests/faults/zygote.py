"""A process that has imported the program and forks it again and again: a start takes a tenth of a second instead of one.

Every child is a process of its own with nothing open but what it was given; it dies by SIGKILL like any other. The parent
never starts a thread or an event loop, so that a fork copies nothing that is in the middle of something.
"""

import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress

from tests.stage import PATIENCE, ROOT

_MOST_REQUEST = 1 << 16


class Zygote:
    """The test's end of the line to the forking process. It may be shared by tests that run one after the other."""

    def __init__(self, **environment: str) -> None:
        """`environment` holds for every child as well, such as another clock's library."""
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **environment}
        command = [sys.executable, "-m", "tests.faults.launcher", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment)
        theirs.close()

    def fork(self, environment: Mapping[str, str], folder: str, *, out: int, log: int, fate: int) -> None:
        """Start the program. `fate` is a pipe in which its process id is told, and at its end its exit status (-9: killed)."""
        request = json.dumps({"environment": dict(environment), "folder": folder}).encode()
        socket.send_fds(self._line, [request], [out, log, fate])

    def close(self) -> None:
        """No more forks; whoever still runs is not waited for."""
        self._line.close()
        self._process.wait(PATIENCE)


def serve(line: socket.socket) -> bool:
    """Fork on request and tell who ended how; True in a child that is to become the program, False when the test is gone."""
    children: dict[int, tuple[int, int]] = {}  # handle of a process -> its id, and the pipe where its fate is told
    while True:
        ready, _, _ = select.select([line.fileno(), *children], [], [])
        for one in ready:
            if one in children:
                _bury(one, *children.pop(one))
        if line.fileno() not in ready:
            continue
        request, given, _flags, _address = socket.recv_fds(line, _MOST_REQUEST, 3)
        if not request:
            return False
        pid = os.fork()
        if pid == 0:
            others = [handle for process, (_pid, fate) in children.items() for handle in (process, fate)]
            _become(json.loads(request), given, [line.detach(), *others])
            return True
        out, log, fate = given
        os.close(out)
        os.close(log)
        children[os.pidfd_open(pid)] = (pid, fate)
        _tell(fate, pid)


def _bury(handle: int, pid: int, fate: int) -> None:
    _pid, status = os.waitpid(pid, 0)
    _tell(fate, os.waitstatus_to_exitcode(status))
    os.close(handle)
    os.close(fate)


def _tell(fate: int, number: int) -> None:
    with suppress(BrokenPipeError):
        os.write(fate, f"{number}\n".encode())


def _become(request: dict[str, dict[str, str]], given: list[int], foreign: list[int]) -> None:
    """Take on the environment, folder and outputs that were asked for, and nothing else."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target, handle in zip((1, 2), given, strict=False):
        os.dup2(handle, target)
    for handle in (*given, *foreign):
        os.close(handle)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(str(request["folder"]))
