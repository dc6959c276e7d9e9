"""Files by their hash: written to a temporary name, synced, renamed, never changed (DESIGN 4)."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select

from storage.engine import insert
from storage.errors import StoreUnavailable
from storage.tables import files

LEAST_FREE = 500 * 1024 * 1024
"""Below this much free space photos are declined in words (RELIABILITY 10)."""


class Shelf:
    """A folder of files named by their SHA-256. `storage.bucket` keeps them elsewhere in the same way."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def has_room(self) -> bool:
        return shutil.disk_usage(self._folder).free >= LEAST_FREE

    def put(self, content: bytes) -> str:
        """Keep bytes durably; returns their SHA-256. Raises StoreUnavailable."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists():
            return sha256
        try:
            path.parent.mkdir(exist_ok=True)
            temporary = path.with_name(f"{sha256}.{uuid.uuid4().hex}.part")  # many may bring the same bytes at once
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            raise StoreUnavailable(type(error).__name__) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, and ShelfUnavailable where the place can be out of reach."""
        require_hash(sha256)
        return self._path(sha256).read_bytes()

    def drop(self, sha256: str) -> None:
        """Take a file away; one that is not there is gone already. Raises ShelfUnavailable where the place is out of reach."""
        require_hash(sha256)
        self._path(sha256).unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """SHA-256 of every file that stands here."""
        for path in sorted(self._folder.glob("*/*")):
            if is_hash(path.name):
                yield path.name

    def is_intact(self, sha256: str) -> bool:
        """Whether a file is there and is what it was. Raises ShelfUnavailable."""
        try:
            return hashlib.sha256(self.get(sha256)).hexdigest() == sha256
        except OSError:
            return False

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256


def is_hash(name: str) -> bool:
    """Whether a name is a SHA-256 as we write it."""
    return len(name) == 64 and set(name) <= set("0123456789abcdef")


def require_hash(name: str) -> None:
    """Nothing but a hash is looked for. Raises FileNotFoundError."""
    if not is_hash(name):
        raise FileNotFoundError("not a hash")


def note(
    connection: Connection,
    *,
    sha256: str,
    mime: str,
    size: int,
    now: datetime,
    by: int | None = None,
    width: int = 0,
    height: int = 0,
    near_hash: str = "",
    meta: dict[str, Any] | None = None,
) -> None:
    """Remember what a file is, who brought it and when; the first bringer stays."""
    values = {"sha256": sha256, "mime": mime, "size": size, "by": by, "at": now, "width": width, "height": height}
    values |= {"near_hash": near_hash, "meta": meta or {}}
    connection.execute(insert(connection, files).values(values).on_conflict_do_nothing())


def known(connection: Connection, sha256: str) -> Row[Any] | None:
    """What is known of a file."""
    return connection.execute(select(files).where(files.c.sha256 == sha256)).one_or_none()


def every(connection: Connection) -> list[str]:
    return list(connection.execute(select(files.c.sha256)).scalars())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
