"""Looking at pictures without trusting them: size, near hash, blankness, copies without place and camera (RELIABILITY 10)."""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

MOST_PIXELS = 40_000_000
_SIDE = 1600
_PNG, _PALETTE = b"\x89PNG\r\n\x1a\n", b"\x03"
_COLOURS = 128
_MOST_OF_A_DRAWING, _MOST_DRAWN = 1_000_000, 6_000_000  # bytes, pixels
_UNFOLDING = threading.Lock()
"""A picture of the largest size takes some 200 MB while it is unfolded, and may come in five kilobytes: one at a time."""


class NotAPicture(Exception):
    """str(error) is a problem code: not-an-image or too-large."""


@dataclass(frozen=True)
class Looked:
    """What was seen of a picture."""

    mime: str
    width: int
    height: int
    near_hash: str
    meta: dict[str, Any] = field(default_factory=dict)


def look(content: bytes) -> Looked:
    """Size, 256-bit difference hash and place of a picture. The header is read before anything is decoded.

    Raises NotAPicture.
    """
    with _opened(content) as picture:
        mime = Image.MIME.get(picture.format or "", "application/octet-stream")
        if mime not in ("image/jpeg", "image/png", "image/webp", "image/gif"):
            raise NotAPicture("not-an-image")
        meta = _place(picture)
        width, height = picture.size
        picture.draft("L", (128, 128))
        grey = picture.convert("L")
        ImageOps.exif_transpose(grey, in_place=True)
        return Looked(mime, width, height, _difference_hash(grey), meta | {"is_blank": _is_blank(grey)})


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    """A picture whose header was read and that is no larger than we take, one at a time. Raises NotAPicture."""
    try:
        with _UNFOLDING, warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture("too-large")
                yield picture
    except Image.DecompressionBombError as error:
        raise NotAPicture("too-large") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotAPicture("not-an-image") from error


def shareable(content: bytes) -> bytes:
    """A JPEG copy that may be shown: upright, at most 1600 pixels a side, without place or camera; what is drawn stays sharp.

    Raises NotAPicture.
    """
    return content if _is_drawn(content) else small(content, _SIDE)


def drawn(content: bytes) -> bytes:
    """A drawing with few colours and nothing but its pixels, which is sent as it is."""
    with Image.open(io.BytesIO(content)) as picture:
        flat = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    flat.save(out, "PNG", optimize=True)
    return out.getvalue()


def _is_drawn(content: bytes) -> bool:
    """Whether it is a PNG as `drawn` makes them: a palette, no alpha, no word beside the pixels, not too large."""
    if not content.startswith(_PNG) or len(content) > _MOST_OF_A_DRAWING or content[25:26] != _PALETTE:
        return False
    at, kinds = len(_PNG), list[bytes]()
    while at + 8 <= len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        kinds.append(kind)
        at += length + 12
    width, height = (int.from_bytes(content[n : n + 4]) for n in (16, 20))
    return set(kinds) == {b"IHDR", b"PLTE", b"IDAT", b"IEND"} and at == len(content) and width * height <= _MOST_DRAWN


def small(content: bytes, side: int) -> bytes:
    """The same, at most `side` pixels a side. Raises NotAPicture."""
    look(content)
    try:
        with _UNFOLDING, Image.open(io.BytesIO(content)) as picture:
            picture.draft("RGB", (side, side))
            picture.thumbnail((side, side))
            upright = ImageOps.exif_transpose(picture).convert("RGB")
        out = io.BytesIO()
        upright.save(out, "JPEG", quality=82, optimize=True)
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise NotAPicture("not-an-image") from error
    return out.getvalue()


def in_grey(content: bytes, side: int) -> Image.Image:
    """The picture in grey, at most `side` pixels a side, not turned upright. Raises NotAPicture."""
    with _opened(content) as picture:
        picture.draft("L", (side, side))
        grey = picture.convert("L")
    grey.thumbnail((side, side))
    return grey


def _difference_hash(grey: Image.Image) -> str:
    """256 bits: each says whether a cell of a 16 x 16 grid is darker than its right neighbour."""
    small = grey.resize((17, 16), Image.Resampling.LANCZOS)
    cells = list(small.tobytes())
    bits = 0
    for row in range(16):
        for column in range(16):
            bits = bits << 1 | (cells[row * 17 + column] < cells[row * 17 + column + 1])
    return f"{bits:064x}"


def _is_blank(grey: Image.Image) -> bool:
    """Whether nothing is to be seen on it; advice only, never a bar."""
    small = grey.resize((64, 64))
    lowest, highest = small.getextrema()
    return float(highest) - float(lowest) < 24  # type: ignore[arg-type]


def _place(picture: Image.Image) -> dict[str, Any]:
    gps = picture.getexif().get_ifd(ExifTags.IFD.GPSInfo)
    try:
        latitude = _degrees(gps[2]) * (-1 if gps[1] == "S" else 1)
        longitude = _degrees(gps[4]) * (-1 if gps[3] == "W" else 1)
    except (KeyError, TypeError, ZeroDivisionError, ValueError, IndexError):
        return {}
    return {"latitude": round(latitude, 6), "longitude": round(longitude, 6)}


def _degrees(parts: Any) -> float:
    return float(parts[0]) + float(parts[1]) / 60 + float(parts[2]) / 3600
