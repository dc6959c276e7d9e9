"""Where test programs come from: this process has imported Fieldhand and read its texts once, and forks itself for each start.

Importing takes longer than all the rest of a start, and the suite starts some hundred and fifty programs. What is born here is
a process of its own as after an exec: its memory, files and signals are nobody else's, and it can be killed at any moment.
A request is JSON: to be born, with the file descriptors that become standard output, standard error, and the line on which
the end is told; or to send a child a signal, which only its parent can do without ever hitting another process that has the
number of one that is gone. See tests.children for the other side.
"""

import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import time
from contextlib import suppress
from typing import Any

import holidays.countries  # noqa: F401  this and the next are imported at the start only
import uvicorn.protocols.http.httptools_impl  # noqa: F401

from bot.channels import telegram, wecom_app, wecom_bot, wecom_kf  # noqa: F401  loaded when they are set up
from bot.commands import main
from storage import bucket, migrate  # noqa: F401
from texts import catalog

for language in catalog.LANGUAGES:
    catalog.texts(language)
gc.freeze()
_MOST_REQUEST = 1 << 20


class Born(BaseException):
    """Raised in the new process, so that it leaves everything of its parent's behind."""

    def __init__(self, request: dict[str, Any], out: int, err: int) -> None:
        super().__init__()
        self.request, self.out, self.err = request, out, err


class Nursery:
    """Forks on request, and tells how each child ended."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._ends: dict[int, int] = {}  # pid -> where its end is told

    def serve(self) -> None:
        """Until the other side is gone. Raises Born in each child."""
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)
        bell, ringer = socket.socketpair()
        with self._line, bell, ringer, selectors.DefaultSelector() as selector:
            ringer.setblocking(False)
            signal.set_wakeup_fd(ringer.fileno())
            selector.register(self._line, selectors.EVENT_READ)
            selector.register(bell, selectors.EVENT_READ)
            try:
                while True:
                    ready = {key.fileobj for key, _events in selector.select()}
                    if bell in ready:
                        bell.recv(4096)
                        self._reap()
                    if self._line in ready and not self._answer():
                        break
            finally:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for pid in self._ends:
            os.kill(pid, signal.SIGKILL)

    def _answer(self) -> bool:
        """One request; False when there is none any more."""
        content, descriptors, _flags, _address = socket.recv_fds(self._line, _MOST_REQUEST, 3)
        if not content:
            return False
        request = json.loads(content)
        pid = self._bear(request, *descriptors) if descriptors else self._signal(**request)
        self._line.sendall(str(pid).encode())
        return True

    def _bear(self, request: dict[str, Any], out: int, err: int, end: int) -> int:
        pid = os.fork()
        if not pid:
            for other in (*self._ends.values(), end):
                os.close(other)
            raise Born(request, out, err)
        os.close(out)
        os.close(err)
        self._ends[pid] = end
        return pid

    def _signal(self, pid: int, number: int) -> int:
        """Nothing happens when the child has ended."""
        if pid in self._ends:
            os.kill(pid, number)
        return pid

    def _reap(self) -> None:
        while self._ends:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            end = self._ends.pop(pid)
            with suppress(BrokenPipeError):  # the test is over: nobody asks any more how it ended
                os.write(end, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(end)


def live(born: Born) -> None:
    """What is left of an exec: streams, folder, environment and arguments, then the program's own entry point."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for descriptor, stream in ((born.out, 1), (born.err, 2)):
        os.dup2(descriptor, stream)
        os.close(descriptor)
    os.chdir(born.request["folder"])
    os.environ.clear()
    os.environ.update(born.request["environment"])
    time.tzset()
    sys.argv = ["fieldhand", *born.request["arguments"]]
    if launcher := os.environ.get("LAUNCHER"):  # a test's module that changes something first
        importlib.import_module(launcher).prepare()
    main()


if __name__ == "__main__":
    try:
        Nursery(socket.socket(fileno=int(sys.argv[1]))).serve()
    except Born as born:
        child = born
    else:
        sys.exit()
    live(child)
