"""Copies of everything, and putting one back (RELIABILITY 12)."""

import hashlib
import json
import shutil
import sqlite3
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update

from bot.settings import Settings
from storage.engine import database_url, open_engine
from storage.migrate import migrate
from storage.tables import meta, outbox

HELD_UNTIL = datetime(9999, 1, 1, tzinfo=UTC)
_LIST = "contents.json"


class BackupError(Exception):
    """A copy can't be made or used; the message says why and what to do."""


def backup(settings: Settings, target: Path) -> int:
    """Write database and files to a new .tar.gz while the desk may be running; returns the number of files in it.

    Raises BackupError.
    """
    file = _sqlite_file(settings)
    if target.exists():
        raise BackupError(f"{target} exists already; choose another name")
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        copy = Path(folder) / "fieldhand.db"
        with sqlite3.connect(file) as source, sqlite3.connect(copy) as sink:
            source.backup(sink)
        kept = {"fieldhand.db": copy} | {
            str(path.relative_to(settings.data_dir)): path
            for name in ("files", "uploads")
            for path in sorted((settings.data_dir / name).rglob("*"))
            if path.is_file()
        }
        contents = Path(folder) / _LIST
        contents.write_text(json.dumps({name: _digest(path) for name, path in kept.items()}), encoding="utf-8")
        partial = target.with_name(target.name + ".partial")
        with tarfile.open(partial, "w:gz") as archive:
            for name, path in {_LIST: contents, **kept}.items():
                archive.add(path, name, recursive=False)
        partial.replace(target)
    return len(kept)


def restore(settings: Settings, source: Path) -> int:
    """Unpack a copy into an empty data folder, every file checked against its digest; what waited to be sent is held.

    Returns how many messages are held. Raises BackupError.
    """
    file = _sqlite_file(settings)
    if file.exists():
        raise BackupError(f"{file} exists already; restore into an empty DATA_DIR")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as folder:
        _unpack(source, Path(folder))
        for name in ("files", "uploads"):
            if (Path(folder) / name).is_dir():
                shutil.copytree(Path(folder) / name, settings.data_dir / name, dirs_exist_ok=True)
        shutil.move(Path(folder) / "fieldhand.db", file)
    return _hold(settings)


def release(settings: Settings) -> int:
    """Let go what a restore held; returns how many messages."""
    engine = open_engine(settings.database_url)
    try:
        with engine.begin() as connection:
            held = (outbox.c.state == "waiting") & (outbox.c.not_before >= HELD_UNTIL)
            return connection.execute(update(outbox).where(held).values(not_before=datetime.now(UTC))).rowcount
    finally:
        engine.dispose()


def _unpack(source: Path, folder: Path) -> None:
    try:
        with tarfile.open(source, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        contents = json.loads((folder / _LIST).read_text(encoding="utf-8"))
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise BackupError(f"{source} can't be read ({type(error).__name__}); nothing was changed") from error
    for name, digest in contents.items():
        path = folder / name
        if not path.is_file() or _digest(path) != digest:
            raise BackupError(f"{source} is damaged at {name}; nothing was changed")


def _hold(settings: Settings) -> int:
    """An older copy must not send again what was sent since; the clock catches up by itself."""
    engine = open_engine(settings.database_url)
    try:
        migrate(engine)
        with engine.begin() as connection:
            if connection.execute(select(meta.c.value).where(meta.c.key == "restored")).first() is None:
                connection.execute(insert(meta).values(key="restored", value=datetime.now(UTC).isoformat()))
            waiting = outbox.c.state == "waiting"
            return connection.execute(update(outbox).where(waiting).values(not_before=HELD_UNTIL)).rowcount
    finally:
        engine.dispose()


def _sqlite_file(settings: Settings) -> Path:
    url = database_url(settings.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise BackupError("DATABASE_URL is PostgreSQL: use pg_dump and pg_restore, and copy DATA_DIR besides")
    return Path(url.database)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
