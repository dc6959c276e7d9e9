"""The audit notices whatever was changed behind the desk's back, and says where."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from bot import erasing
from bot.shelves import open_shelf
from storage.engine import open_engine
from storage.errors import ShelfUnavailable
from tests.databases import with_schema
from tests.stubs.s3 import running_s3
from tests.test_backup import PICTURES, Desk, played, settings_for

T = TypeVar("T")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk in which all is well."""
    folder = tmp_path_factory.mktemp("whole")
    played(settings_for(with_schema(f"sqlite:///{folder}/fieldhand.db"), folder))
    with sqlite3.connect(folder / "fieldhand.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder


@pytest.fixture
def desk(whole: Path, tmp_path: Path) -> Desk:
    """The test's own."""
    folder = tmp_path / "desk"
    shutil.copytree(whole, folder)
    return Desk(settings_for(f"sqlite:///{folder}/fieldhand.db", folder))


def tamper(desk: Desk, statement: str) -> None:
    with sqlite3.connect(desk.settings.data_dir / "fieldhand.db") as database:
        assert database.execute(statement).rowcount == 1


def test_where_nothing_was_changed_all_is_well(desk: Desk):
    assert desk.flaws() == []


@pytest.mark.parametrize(
    "change",
    [
        "kind = kind || 'x'",
        "by = coalesce(by, 0) + 1",
        "at = datetime(at, '+1 second') || '.000000'",
        "at = 'yesterday'",
        "rule = rule || 'x'",
        "message = message || 'x'",
        "facts = json_set(facts, '$.more', 1)",
        "facts = substr(facts, 2)",
        "facts = 'null'",
        "previous = replace(previous, substr(previous, 1, 1), 'z')",
        "hash = replace(hash, substr(hash, 1, 1), 'z')",
        "seq = seq + 100",
        "subject = 'order:77'",
    ],
)
def test_a_line_of_the_journal_that_was_changed_is_named(desk: Desk, change: str):
    tamper(desk, f"UPDATE journal SET {change} WHERE subject = 'order:1' AND seq = 4")

    (first, *_) = desk.flaws()

    assert first.startswith(("journal order:1 line 4:", "journal order:77 line 1:"))


def test_a_line_that_was_taken_out_is_named(desk: Desk):
    tamper(desk, "DELETE FROM journal WHERE subject = 'order:1' AND seq = 4")

    assert desk.flaws() == ["journal order:1 line 4: gap"]


def test_a_line_from_another_place_of_the_chain_does_not_fit(desk: Desk):
    columns = "kind, by, at, rule, message, facts, previous, hash"
    last = "(SELECT max(seq) FROM journal WHERE subject = 'order:1')"
    tamper(
        desk,
        f"INSERT INTO journal (subject, seq, {columns}) SELECT 'order:1', {last} + 1, {columns} FROM journal "
        "WHERE subject = 'order:1' AND seq = 2",
    )

    (flaw,) = desk.flaws()

    assert flaw.startswith("journal order:1 line ")
    assert flaw.endswith(": link")


@pytest.mark.parametrize("change", ["digest = replace(digest, substr(digest, 1, 1), 'z')", "signature = hex(randomblob(32))"])
def test_a_seal_that_was_exchanged_is_named(desk: Desk, change: str):
    tamper(desk, f"UPDATE seals SET {change}")

    assert desk.flaws()[0] == "seal 1 of order 1: is not the one that was signed"


def test_a_file_with_one_byte_changed_is_named(desk: Desk):
    shelf = open_shelf(desk.settings)
    for n, sha256 in enumerate(list(shelf.names())):
        path = desk.settings.data_dir / "files" / sha256[:2] / sha256
        content = bytearray(path.read_bytes())
        content[n] ^= 1
        path.write_bytes(content)

    assert len(desk.flaws()) == len(PICTURES)
    assert all(flaw.startswith("file ") and flaw.endswith("missing or changed") for flaw in desk.flaws())


def test_a_file_that_is_gone_is_named(desk: Desk):
    shutil.rmtree(desk.settings.data_dir / "files")

    assert len(desk.flaws()) == len(PICTURES)


@pytest.mark.parametrize("bit", [0, 2, 7])  # the last makes it no text any more
@pytest.mark.parametrize("words", [b"order.signed", b"SIG-1"])
def test_a_byte_changed_in_the_database_file_itself_is_noticed(desk: Desk, words: bytes, bit: int):
    file = desk.settings.data_dir / "fieldhand.db"
    content = bytearray(file.read_bytes())
    places = [n for n in range(len(content) - len(words)) if content[n : n + len(words)] == words]
    assert places
    for place in places:
        content[place] ^= 1 << bit
    file.write_bytes(content)

    assert desk.flaws()


def test_a_database_file_that_is_damaged_is_a_flaw_and_no_crash(desk: Desk):
    file = desk.settings.data_dir / "fieldhand.db"
    content = bytearray(file.read_bytes())
    for place in range(8192, len(content), 4096):
        content[place : place + 8] = b"\xff" * 8
    file.write_bytes(content)

    assert desk.flaws()[0].startswith("database: ")


def test_a_bucket_out_of_reach_is_no_flaw_but_no_all_clear_either(whole: Path):
    with running_s3() as place:
        bucket = {"files_url": place.url, "files_endpoint": place.endpoint, "files_key_id": place.key_id}
    desk = Desk(settings_for(f"sqlite:///{whole}/fieldhand.db", whole, files_secret=place.secret, **bucket))

    with pytest.raises(ShelfUnavailable):
        desk.flaws()


def test_after_somebody_was_forgotten_all_is_still_well_and_his_pictures_are_gone(desk: Desk):
    """REC-6: the seal and its chain stay, the signature's picture does not."""
    tamper(desk, "UPDATE orders SET is_open = 0")
    assert len(desk.files()) == len(PICTURES) + 1
    engine, shelf = open_engine(desk.settings.database_url), open_shelf(desk.settings)

    def work(piece: Callable[[Connection], T]) -> T:
        with engine.begin() as connection:
            return piece(connection)

    now = datetime(2026, 12, 1, tzinfo=UTC)
    assert work(lambda connection: erasing.erase(connection, "+886912345678", now=now)) == 1
    n_gone = erasing.drop_files(work, shelf)
    engine.dispose()

    assert (n_gone, len(desk.files())) == (len(PICTURES), 1)
    assert desk.flaws() == []
