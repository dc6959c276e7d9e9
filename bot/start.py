"""What has to be right before the desk opens: its data folder, its database, its port."""

import asyncio
import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import IO

import uvicorn

from bot.settings import Settings
from storage.engine import is_healthy, is_shared, open_engine
from storage.revisions import is_present

_LOOK_SECONDS = 0.01  # between two looks whether the last answer has left


class CannotStart(Exception):
    """The start is refused; the message is one line that says what to do."""


@contextlib.contextmanager
def only_one(settings: Settings) -> Iterator[None]:
    """One program to a data folder; with PostgreSQL several may share the database. Raises CannotStart."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if is_shared(settings.database_url):
        yield
        return
    with (settings.data_dir / ".lock").open("w") as file:
        if not _is_locked(file):
            raise CannotStart(f"DATA_DIR: another Fieldhand is running on {settings.data_dir}; stop it first")
        yield


class Presence:
    """A file that is locked for as long as this process lives: the system lets go of it however the process ends.

    So those that share a folder know of each other's death at once, and need not wait for a lease to end.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name

    def __enter__(self) -> "Presence":
        self._folder.mkdir(parents=True, exist_ok=True)
        partial = self._folder / f".{self._name}"
        self._file = partial.open("w")
        _is_locked(self._file)
        partial.rename(self._folder / self._name)  # whoever finds it finds it locked
        return self

    def __exit__(self, *_: object) -> None:
        (self._folder / self._name).unlink(missing_ok=True)
        self._file.close()

    def take_dead(self) -> list[str]:
        """Names of those that have died here since somebody looked last; they are told of once."""
        dead = []
        for path in self._folder.iterdir():
            with contextlib.suppress(FileNotFoundError), path.open("r+") as file:
                if path.name != self._name and not path.name.startswith(".") and _is_locked(file):
                    path.unlink(missing_ok=True)
                    dead.append(path.name)
        return dead


def prepare_database(settings: Settings) -> None:
    """Integrity check, then migrations. Raises CannotStart, DatabaseIsNewer and StoreUnavailable."""
    engine = open_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            if not is_healthy(connection):
                raise CannotStart("DATABASE_URL: the database file is damaged; restore a backup with `fieldhand restore`")
        if not is_present(engine):
            import_module("storage.migrate").migrate(engine)  # Alembic is a tenth of the start, and of the memory
    finally:
        engine.dispose()


def listen(host: str, port: int) -> socket.socket:
    """Open the port before anything else starts. Raises CannotStart.

    The protocol is named because asyncio looks at it: else the second part of an answer waits for the sign that the first came.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise CannotStart(f"HTTP_PORT: {host}:{port} can't be used ({error.strerror}); choose another HTTP_PORT") from error
    listening.listen(512)
    return listening


class Server(uvicorn.Server):
    """uvicorn on a socket that is open already; the signals are the App's."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket) -> None:
        super().__init__(config)
        self._listening = listening
        self._is_over = asyncio.Event()

    def end(self) -> None:
        """Take no more requests; it ends when those under way are answered."""
        self.should_exit = True
        self._is_over.set()

    async def main_loop(self) -> None:
        """Until the end. Only the answers' Date is renewed meanwhile; uvicorn's own loop wakes ten times a second."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._is_over.wait()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await super().serve([self._listening])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does it, which sleeps for a tenth of a second before it looks, and again each time."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                while self.server_state.connections or self.server_state.tasks:
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            for task in list(self.server_state.tasks):
                task.cancel()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _is_locked(file: IO[str]) -> bool:
    """Whether the lock on a file is ours now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return os.fstat(file.fileno()).st_nlink > 0
