"""Serving what a chat shows: types are read from the bytes, anything unknown is only ever downloaded."""

import re
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

_TYPES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"OggS", "audio/ogg"),
    (0, b"\x1aE\xdf\xa3", "audio/webm"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftyp", "audio/mp4"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"\xff\xf1", "audio/aac"),
    (8, b"WAVE", "audio/wav"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"%PDF-", "application/pdf"),
)
_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/")
_EXTENSIONS = {"image/heic": ".heic", "application/pdf": ".pdf", "audio/amr": ".amr"}
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


def type_of(data: bytes) -> str:
    """What the first bytes say it is. SVG, HTML and office files stay opaque."""
    for start, magic, mime in _TYPES:
        if data[start : start + len(magic)] == magic:
            return mime
    return "application/octet-stream"


def file_response(request: Request, data: bytes, *, name: str = "") -> Response:
    """The bytes, shown in the page when that is safe, else to be downloaded; players may ask for a part."""
    mime = type_of(data)
    name = name or f"fieldhand{_EXTENSIONS.get(mime, '')}"
    disposition = "inline" if mime.startswith(_SHOWN) else "attachment"
    headers = {
        "content-disposition": f"{disposition}; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=604800, immutable",
        "accept-ranges": "bytes",
    }
    part = _part(request.headers.get("range", ""), len(data))
    if part is None:
        return Response(data, media_type=mime, headers=headers)
    first, last = part
    if first > last:
        return Response(status_code=416, headers={"content-range": f"bytes */{len(data)}"})
    headers["content-range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], status_code=206, media_type=mime, headers=headers)


def _part(asked: str, size: int) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(asked)
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(size - int(last[:12]), 0), size - 1
    return int(first[:12]), min(int(last[:12]) if last else size - 1, size - 1)
