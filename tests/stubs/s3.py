"""An S3 store on this machine, by a library of others."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
from moto.server import ThreadedMotoServer
from obstore.store import S3Store

from storage.bucket import Place

KEY_ID, SECRET = "AKIAFIELDHANDTEST", "s3-secret-of-the-tests"


@contextmanager
def running_s3() -> Iterator[Place]:
    """A server with one empty bucket, whose name nobody else has: all servers of a process share what they keep."""
    bucket = f"desk-{secrets.token_hex(6)}"
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        httpx.put(f"{endpoint}/{bucket}", trust_env=False).raise_for_status()
        yield Place(f"s3://{bucket}/taipei", endpoint, "", KEY_ID, SECRET)
    finally:
        server.stop()


def by_others(place: Place) -> S3Store:
    """The whole bucket in the hands of somebody who knows nothing of shelves."""
    return S3Store(
        urlsplit(place.url).netloc,
        endpoint=place.endpoint,
        region="us-east-1",
        access_key_id=place.key_id,
        secret_access_key=place.secret,
        client_options={"allow_http": True},
    )


def settings_of(place: Place) -> dict[str, str]:
    """The same as settings."""
    return {
        "FILES_URL": place.url,
        "FILES_ENDPOINT": place.endpoint,
        "FILES_KEY_ID": place.key_id,
        "FILES_SECRET": place.secret,
    }
