"""Files stand on the shelf under their hash, whole or not at all."""

import hashlib
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from storage import files
from storage.errors import StoreUnavailable
from storage.files import Shelf
from tests.storage.making import NOW, after

PHOTO = b"\x89PNG " + bytes(range(256)) * 40


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "files")


def on_disk(tmp_path: Path) -> list[str]:
    return sorted(path.name for path in (tmp_path / "files").rglob("*") if path.is_file())


def test_a_file_comes_back_under_its_hash(shelf: Shelf, tmp_path: Path):
    sha256 = shelf.put(PHOTO)

    assert sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert shelf.get(sha256) == PHOTO
    assert shelf.is_intact(sha256)
    assert on_disk(tmp_path) == [sha256]


def test_an_empty_file_is_a_file_too(shelf: Shelf):
    assert shelf.get(shelf.put(b"")) == b""


def test_the_same_bytes_stand_on_the_shelf_once(shelf: Shelf, tmp_path: Path):
    first = shelf.put(PHOTO)
    kept = (tmp_path / "files" / first[:2] / first).stat()

    assert shelf.put(PHOTO) == first

    assert on_disk(tmp_path) == [first]
    assert (tmp_path / "files" / first[:2] / first).stat().st_ino == kept.st_ino


def test_the_same_bytes_brought_by_many_at_once_are_whole_at_every_moment(shelf: Shelf, tmp_path: Path):
    for n in range(20):
        content = os.urandom(200_000) + bytes([n])
        together = threading.Barrier(6)

        def bring(content: bytes = content, together: threading.Barrier = together) -> bool:
            together.wait(10)
            return shelf.get(shelf.put(content)) == content

        with ThreadPoolExecutor(6) as pool:
            assert [one.result() for one in [pool.submit(bring) for _ in range(6)]] == [True] * 6
    assert len(on_disk(tmp_path)) == 20


def test_another_shelf_over_the_same_folder_finds_the_files(shelf: Shelf, tmp_path: Path):
    assert Shelf(tmp_path / "files").get(shelf.put(PHOTO)) == PHOTO


def test_what_a_killed_program_left_half_written_is_no_file(shelf: Shelf, tmp_path: Path):
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    (tmp_path / "files" / sha256[:2]).mkdir()
    (tmp_path / "files" / sha256[:2] / f"{sha256}.1.part").write_bytes(PHOTO[:100])

    assert not shelf.is_intact(sha256)
    with pytest.raises(FileNotFoundError):
        shelf.get(sha256)

    assert shelf.get(shelf.put(PHOTO)) == PHOTO


@pytest.mark.parametrize(
    "name",
    [
        "../secret.txt",
        "/etc/passwd",
        "..",
        "",
        "aa",
        "../" * 21 + "x",
        "A" * 64,
        "a" * 63 + "\n",
        "a" * 63 + "/",
        "ａ" * 64,
        "a" * 65,
    ],
)
def test_nothing_but_a_hash_is_looked_for(shelf: Shelf, tmp_path: Path, name: str):
    (tmp_path / "secret.txt").write_text("secret")

    with pytest.raises(FileNotFoundError, match="not a hash"):
        shelf.get(name)
    assert not shelf.is_intact(name)


def test_a_file_that_was_changed_on_the_disk_is_found_out(shelf: Shelf, tmp_path: Path):
    sha256 = shelf.put(PHOTO)
    (tmp_path / "files" / sha256[:2] / sha256).write_bytes(PHOTO + b"x")

    assert not shelf.is_intact(sha256)


def test_a_file_that_is_not_there_is_not_intact(shelf: Shelf):
    assert not shelf.is_intact("0" * 64)


def test_a_disk_that_takes_nothing_is_unavailable_and_leaves_nothing_behind(shelf: Shelf, tmp_path: Path):
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    (tmp_path / "files" / sha256[:2]).write_text("in the way")

    with pytest.raises(StoreUnavailable):
        shelf.put(PHOTO)

    assert on_disk(tmp_path) == [sha256[:2]]


def test_a_folder_with_space_has_room(shelf: Shelf, tmp_path: Path):
    stat = os.statvfs(tmp_path)

    assert shelf.has_room() is (stat.f_bavail * stat.f_frsize >= files.LEAST_FREE)


def test_what_is_known_of_a_file_is_what_its_first_bringer_said(connection: Connection):
    known = {"sha256": "a" * 64, "mime": "image/png", "size": 10, "width": 3, "height": 4, "near_hash": "f0"}

    files.note(connection, **known, now=NOW, by=7, meta={"gps": [25.03, 121.56]})
    files.note(connection, **(known | {"mime": "text/html"}), now=after(1), by=8)

    row = files.known(connection, "a" * 64)
    assert row is not None
    assert {key: row._mapping[key] for key in known} == known
    assert (row.by, row.at, row.meta) == (7, NOW, {"gps": [25.03, 121.56]})
    assert files.every(connection) == ["a" * 64]
    assert files.known(connection, "b" * 64) is None
