"""Files by their hash in an S3-compatible store, for processes on several machines (Amazon, MinIO, Ceph, OSS, COS …)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from storage.errors import ShelfUnavailable
from storage.files import Shelf, is_hash, require_hash

_RETRIES: Any = {"max_retries": 4, "retry_timeout": timedelta(seconds=30)}
_PATIENCE = timedelta(seconds=30)
_NO_BUCKET = "NoSuchBucket"
ANYWHERE = "us-east-1"
"""What stores are told that have no regions."""


@dataclass(frozen=True)
class Place:
    """Where a bucket is. `url` is `s3://bucket/folder`; `endpoint` is empty for Amazon's own.

    An endpoint with `{bucket}` in it is reached by the bucket's own host name, any other by the bucket as the first part of
    the path. Without a key the machine's own rights are used, as far as the cloud gives it some.
    """

    url: str
    endpoint: str = ""
    region: str = ""
    key_id: str = ""
    secret: str = field(default="", repr=False)

    @property
    def bucket(self) -> str:
        return urlsplit(self.url).netloc

    @property
    def folder(self) -> str:
        return urlsplit(self.url).path.strip("/")


class Bucket(Shelf):
    """A shelf in a bucket. Whatever it holds is whole: an upload that was cut off leaves nothing."""

    def __init__(self, place: Place, name: str) -> None:
        config: dict[str, Any] = {"region": place.region or ANYWHERE}
        if place.endpoint:
            config["endpoint"] = place.endpoint.replace("{bucket}", place.bucket)
            config["virtual_hosted_style_request"] = "{bucket}" in place.endpoint
        if place.key_id:
            config |= {"access_key_id": place.key_id, "secret_access_key": place.secret}
        client: Any = {"timeout": _PATIENCE, "allow_http": place.endpoint.startswith("http://")}
        prefix = "/".join(part for part in (place.folder, name) if part)
        self._store = S3Store(place.bucket, prefix=prefix, client_options=client, retry_config=_RETRIES, **config)

    def has_room(self) -> bool:
        """Such stores grow."""
        return True

    def put(self, content: bytes) -> str:
        """Keep bytes durably; returns their SHA-256. Raises ShelfUnavailable."""
        sha256 = hashlib.sha256(content).hexdigest()
        try:
            if not self._has(sha256):
                obstore.put(self._store, _key(sha256), content)
        except (BaseError, FileNotFoundError) as error:  # not found is the bucket
            raise _unavailable(error) from None
        return sha256

    def get(self, sha256: str) -> bytes:
        require_hash(sha256)
        try:
            return bytes(obstore.get(self._store, _key(sha256)).bytes())
        except FileNotFoundError as error:
            if _NO_BUCKET in str(error):
                raise _unavailable(error) from None
            raise FileNotFoundError(sha256) from None
        except BaseError as error:
            raise _unavailable(error) from None

    def drop(self, sha256: str) -> None:
        require_hash(sha256)
        try:
            obstore.delete(self._store, _key(sha256))
        except FileNotFoundError:
            return
        except BaseError as error:
            raise _unavailable(error) from None

    def names(self) -> Iterator[str]:
        try:
            for found in obstore.list(self._store):
                for one in found:
                    if is_hash(name := one["path"].rpartition("/")[2]):
                        yield name
        except (BaseError, FileNotFoundError) as error:
            raise _unavailable(error) from None

    def _has(self, sha256: str) -> bool:
        try:
            obstore.head(self._store, _key(sha256))
        except FileNotFoundError:
            return False
        return True


def _unavailable(error: Exception) -> ShelfUnavailable:
    """In a word; those of the library hold addresses."""
    return ShelfUnavailable(_NO_BUCKET if _NO_BUCKET in str(error) else type(error).__name__)


def _key(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
