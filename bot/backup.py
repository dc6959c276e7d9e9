"""Copies of everything, and putting one back (RELIABILITY 12, REC-9).

A copy is a .tar.gz: every table as lines of JSON, every file under its SHA-256, and at the end what it ought to hold. It is the
same from SQLite and from PostgreSQL, and may be put back into either, so it is also the way from one to the other.
"""

import gzip
import hashlib
import io
import json
import os
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, update
from sqlalchemy.exc import DBAPIError

from bot.settings import Settings
from bot.shelves import FILES, UPLOADS, open_shelf
from scheduler.clock import RESTORED
from storage import dump, files
from storage.engine import insert, lock_schema, open_engine
from storage.errors import DatabaseIsNewer
from storage.migrate import bring_up, create, newest, revision
from storage.tables import meta, outbox

HELD_UNTIL = datetime(9999, 1, 1, tzinfo=UTC)
_FORMAT = 1
_LIST = "contents.json"
_EFFORT = 6
_BEGINS = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
"""How a copy's gzip header looks: without a name and a time, which nothing vouches for."""


class BackupError(Exception):
    """A copy can't be made or used; the message says why and what to do."""


@dataclass
class Copied:
    """What a copy holds, and the files that are not what they were."""

    n_files: int = 0
    n_rows: int = 0
    flaws: list[str] = field(default_factory=list)


def backup(settings: Settings, target: Path) -> Copied:
    """Write database and files to a new .tar.gz while the desk may be running. Raises BackupError and StoreUnavailable.

    The database is that of one moment; every file that it names stands on the shelf by then and is copied afterwards.
    """
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name")
    engine = open_engine(settings.database_url, is_writer=False)
    try:
        if (present := revision(engine)) != newest():
            raise BackupError(f"DATABASE_URL: the database is at revision {present}, not {newest()}; start this release first")
        partial = target.with_name(target.name + ".partial")
        with partial.open("wb") as file:
            with gzip.GzipFile("", "wb", _EFFORT, file, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w|") as archive:
                copied = _write(_Archive(archive), settings, engine)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
    finally:
        engine.dispose()
    return copied


def _write(archive: "_Archive", settings: Settings, engine: Any) -> Copied:
    copied = Copied()
    with dump.dumping(engine) as (at, tables):
        for name, lines in tables.items():
            copied.n_rows += archive.add_lines(f"tables/{name}.jsonl", lines) - 1
    with engine.connect() as connection:
        missing = set(files.every(connection))
    for shelf_name in (FILES, UPLOADS):
        shelf = open_shelf(settings, shelf_name)
        for sha256 in shelf.names():
            content = shelf.get(sha256)
            if hashlib.sha256(content).hexdigest() == sha256:
                archive.add(f"{shelf_name}/{sha256[:2]}/{sha256}", content)
                copied.n_files += 1
                missing -= {sha256} if shelf_name == FILES else set()
    archive.close({"format": _FORMAT, "revision": newest(), "at": at.isoformat()})
    copied.flaws = [f"file {sha256[:12]}…: missing or changed, not copied" for sha256 in sorted(missing)]
    return copied


class _Archive:
    """A tar that is written once, from front to back, with a list of what is in it at the end."""

    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive, self._digests = archive, dict[str, str]()

    def add(self, name: str, content: bytes) -> None:
        self._digests[name] = hashlib.sha256(content).hexdigest()
        self._put(name, io.BytesIO(content), len(content))

    def add_lines(self, name: str, lines: Iterable[str]) -> int:
        """Lines, however many, by way of a temporary file; returns how many."""
        digest, n_lines = hashlib.sha256(), 0
        with tempfile.TemporaryFile() as file:
            for line in lines:
                digest.update(line.encode())
                file.write(line.encode())
                n_lines += 1
            size = file.tell()
            file.seek(0)
            self._put(name, file, size)
        self._digests[name] = digest.hexdigest()
        return n_lines

    def close(self, about: dict[str, Any]) -> None:
        listed = json.dumps(about | {"digests": self._digests}).encode()
        self._put(_LIST, io.BytesIO(listed), len(listed))

    def _put(self, name: str, file: IO[bytes], size: int) -> None:
        told = tarfile.TarInfo(name)
        told.size = size
        self._archive.addfile(told, file)


def restore(settings: Settings, source: Path) -> int:
    """Put a copy into an empty database and onto the shelves; what waited to be sent is held until it is let go.

    Everything is checked before anything is changed. Returns how many messages are held. Raises BackupError and
    StoreUnavailable.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        about = _unpack(source, Path(folder))
        _check_empty(settings)
        for shelf_name in (FILES, UPLOADS):
            shelf = open_shelf(settings, shelf_name)
            for path in sorted((Path(folder) / shelf_name).glob("*/*")):
                shelf.put(path.read_bytes())
        return _load(settings, Path(folder) / "tables", str(about["revision"]))


def release(settings: Settings) -> int:
    """Let go what a restore held; returns how many messages."""
    engine = open_engine(settings.database_url)
    try:
        with engine.begin() as connection:
            held = (outbox.c.state == "waiting") & (outbox.c.not_before >= HELD_UNTIL)
            return connection.execute(update(outbox).where(held).values(not_before=datetime.now(UTC))).rowcount
    finally:
        engine.dispose()


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """Everything in it, each byte vouched for. Raises BackupError."""
    damaged = BackupError(f"{source} is damaged; nothing was changed")
    try:
        with source.open("rb") as packed, gzip.GzipFile(fileobj=packed) as file:
            if packed.peek(len(_BEGINS))[: len(_BEGINS)] != _BEGINS:
                raise BackupError(f"{source} is no copy of Fieldhand's; nothing was changed")
            with tarfile.open(fileobj=file, mode="r|") as archive:
                archive.extractall(folder, filter="data")
            while file.read(1 << 20):  # the checksum stands at the very end
                pass
        about: dict[str, Any] = json.loads((folder / _LIST).read_text(encoding="utf-8"))
        digests: dict[str, str] = about["digests"]
    except BackupError:
        raise
    except (OSError, tarfile.TarError, zlib.error, EOFError, ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{source} can't be read ({type(error).__name__}); nothing was changed") from error
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()} - {_LIST}
    if about.get("format") != _FORMAT or there != digests.keys():
        raise damaged
    for name, digest in digests.items():
        if _digest(folder / name) != digest:
            raise BackupError(f"{source} is damaged at {name}; nothing was changed")
    return about


def _check_empty(settings: Settings) -> None:
    engine = open_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            if not dump.is_empty(connection):
                raise BackupError("DATABASE_URL: the database is not empty; restore into an empty one")
    finally:
        engine.dispose()


def _load(settings: Settings, folder: Path, at_revision: str) -> int:
    """All tables in one transaction, in the schema of their time, which is then brought up to this release's."""
    engine = open_engine(settings.database_url)
    tables = {path.stem: _reads(path) for path in folder.glob("*.jsonl")}
    try:
        with engine.begin() as connection:
            lock_schema(connection)
            create(connection, at_revision)
            dump.load(connection, tables)
            bring_up(connection)
            return _hold(connection)
    except DatabaseIsNewer as error:
        raise BackupError(f"the copy is of a later release (revision {error.revision}); restore it with that one") from error
    except (ValueError, KeyError, DBAPIError) as error:
        raise BackupError(f"the copy does not fit into the database ({type(error).__name__}); nothing was changed") from error
    finally:
        engine.dispose()


def _reads(path: Path) -> Callable[[], Iterator[str]]:
    def lines() -> Iterator[str]:
        with path.open(encoding="utf-8") as file:
            yield from file

    return lines


def _hold(connection: Connection) -> int:
    """An older copy must not send again what was sent since; the clock is told to catch up."""
    noted = insert(connection, meta).values(key=RESTORED, value=datetime.now(UTC).isoformat())
    connection.execute(noted.on_conflict_do_nothing())
    waiting = update(outbox).where(outbox.c.state == "waiting")
    return connection.execute(waiting.values(not_before=HELD_UNTIL, lease_until=None, holder="")).rowcount


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
