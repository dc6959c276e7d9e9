"""Files in an S3-compatible store stand there as they do in a folder."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

import obstore
import pytest

from storage.bucket import Bucket, Place
from storage.errors import ShelfUnavailable
from tests.stubs.s3 import SECRET, by_others, running_s3

PHOTO = b"\x89PNG " + bytes(range(256)) * 40


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with running_s3() as place:
        yield place


@pytest.fixture
def shelf(place: Place, request: pytest.FixtureRequest) -> Bucket:
    """A shelf of the test's own."""
    return Bucket(place, request.node.name)


def key(shelf_name: str, sha256: str) -> str:
    return f"taipei/{shelf_name}/{sha256[:2]}/{sha256}"


def test_a_file_comes_back_under_its_hash(shelf: Bucket):
    sha256 = shelf.put(PHOTO)

    assert sha256 == hashlib.sha256(PHOTO).hexdigest()
    assert shelf.get(sha256) == PHOTO
    assert shelf.is_intact(sha256)
    assert shelf.has_room()


def test_an_empty_file_is_a_file_too(shelf: Bucket):
    assert shelf.get(shelf.put(b"")) == b""


def test_the_same_bytes_stand_there_once(shelf: Bucket):
    first, other = shelf.put(PHOTO), shelf.put(b"other")

    assert shelf.put(PHOTO) == first

    assert sorted(shelf.names()) == sorted([first, other])


def test_shelves_of_one_bucket_do_not_see_each_other(place: Place):
    files, uploads = Bucket(place, "files-1"), Bucket(place, "uploads-1")

    sha256 = files.put(PHOTO)

    assert not uploads.is_intact(sha256)
    assert list(uploads.names()) == []
    assert bytes(obstore.get(by_others(place), key("files-1", sha256)).bytes()) == PHOTO


def test_a_file_that_is_not_there_is_not_found(shelf: Bucket):
    with pytest.raises(FileNotFoundError):
        shelf.get("0" * 64)
    assert not shelf.is_intact("0" * 64)


@pytest.mark.parametrize("name", ["../secret.txt", "", "aa", "A" * 64, "a" * 63 + "/", "a" * 65])
def test_nothing_but_a_hash_is_looked_for(shelf: Bucket, name: str):
    with pytest.raises(FileNotFoundError, match="not a hash"):
        shelf.get(name)
    assert not shelf.is_intact(name)


def test_a_file_that_somebody_changed_is_found_out(place: Place):
    shelf = Bucket(place, "changed")
    sha256 = shelf.put(PHOTO)

    obstore.put(by_others(place), key("changed", sha256), PHOTO[:-1] + b"x")

    assert not shelf.is_intact(sha256)


def test_a_store_out_of_reach_says_so_and_tells_no_secret(place: Place):
    shelf = Bucket(replace(place, endpoint="http://127.0.0.1:9"), "gone")

    for attempt in (lambda: shelf.put(PHOTO), lambda: shelf.get("0" * 64), lambda: list(shelf.names())):
        with pytest.raises(ShelfUnavailable) as raised:
            attempt()
        assert SECRET not in str(raised.value)
        assert "127.0.0.1" not in str(raised.value)


def test_a_bucket_that_is_not_there_is_no_missing_file(place: Place):
    shelf = Bucket(replace(place, url="s3://nowhere"), "files")

    for attempt in (lambda: shelf.put(PHOTO), lambda: shelf.get("0" * 64), lambda: list(shelf.names())):
        with pytest.raises(ShelfUnavailable, match="NoSuchBucket"):
            attempt()


def test_an_address_that_names_the_bucket_is_asked_as_it_is(place: Place):
    by_name = replace(place, endpoint=place.endpoint + "/{bucket}")

    assert Bucket(by_name, "host").put(PHOTO) == hashlib.sha256(PHOTO).hexdigest()
    assert SECRET not in repr(by_name)
