"""Reading the QR codes and bar codes on a photo of a label (PRT-1)."""

import zxingcpp
from PIL import Image

from bot.pictures import NotAPicture, in_grey

MOST_CODES, MOST_CHARACTERS = 12, 500
_FORMATS = [
    zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.EAN13,
    zxingcpp.BarcodeFormat.EAN8, zxingcpp.BarcodeFormat.UPCA, zxingcpp.BarcodeFormat.UPCE, zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.Code39, zxingcpp.BarcodeFormat.PDF417,
]  # fmt: skip
_SIDES = (1600, 3200)
"""Pixels a side: most labels are read on the smaller picture in a quarter of the time."""


def read_codes(content: bytes) -> tuple[str, ...]:
    """What the codes on a picture say, whichever way up; nothing where there are none or it can't be opened."""
    try:
        picture = in_grey(content, _SIDES[0])
        found = _read(picture)
        if not found and max(picture.size) == _SIDES[0]:
            found = _read(in_grey(content, _SIDES[1]))
    except NotAPicture:
        return ()
    return tuple(dict.fromkeys(one for one in found if 0 < len(one) <= MOST_CHARACTERS))[:MOST_CODES]


def _read(picture: Image.Image) -> list[str]:
    return [one.text for one in zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats(_FORMATS)) if one.valid]
