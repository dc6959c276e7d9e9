"""Where files stand: in the data folder, or in an S3-compatible store when one is set."""

from importlib import import_module

from bot.settings import Settings
from storage.files import Shelf

FILES, UPLOADS = "files", "uploads"
"""What belongs to orders; what came through the web chat, before it was looked at."""


def open_shelf(settings: Settings, name: str = FILES) -> Shelf:
    """One of the desk's shelves."""
    if not settings.files_url:
        return Shelf(settings.data_dir / name)
    secret = settings.files_secret.get_secret_value() if settings.files_secret else ""
    bucket = import_module("storage.bucket")  # its library is of no use to a desk with a data folder
    place = bucket.Place(settings.files_url, settings.files_endpoint, settings.files_region, settings.files_key_id, secret)
    shelf: Shelf = bucket.Bucket(place, name)
    return shelf
