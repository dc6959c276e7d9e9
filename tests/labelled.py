"""Photos of labels, as a telephone would take them: codes on paper, turned, small, grainy."""

import io
from random import Random

import segno
import zxingcpp
from PIL import Image, ImageFilter

QR, EAN13, CODE128, DATA_MATRIX = (
    zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.Code128,
    zxingcpp.BarcodeFormat.DataMatrix,
)  # fmt: skip
_PAPER = 235


def bars(text: str, kind: zxingcpp.BarcodeFormat = CODE128, *, scale: int = 4) -> Image.Image:
    """A code with the white around it that it needs."""
    drawn = memoryview(zxingcpp.write_barcode_to_image(zxingcpp.create_barcode(text, kind), scale=scale))
    height, width = drawn.shape[:2]
    return Image.frombytes("L", (width, height), drawn.tobytes())


def sticker(text: str, *, scale: int = 6) -> Image.Image:
    """A QR code as the desk prints its own."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(drawn, kind="png", scale=scale, border=4)
    return Image.open(drawn).convert("L")


def photographed(*labels: Image.Image, angle: float = 0, side: int = 1200, grain: float = 0, blur: float = 0) -> bytes:
    """Labels one below the other on a table of `side` pixels, as a JPEG; `grain` 0 to 1 is how much of it is noise."""
    table, top = Image.new("L", (side, side), 150), 0
    height = sum(one.height for one in labels) + 40 * len(labels)
    width = max(one.width for one in labels) + 40
    paper = Image.new("L", (width, height), _PAPER)
    for one in labels:
        paper.paste(one, (20, top + 20))
        top += one.height + 40
    turned = paper.rotate(angle, expand=True, fillcolor=150, resample=Image.Resampling.BICUBIC)
    table.paste(turned, ((side - turned.width) // 2, (side - turned.height) // 2))
    if blur:
        table = table.filter(ImageFilter.GaussianBlur(blur))
    if grain:
        noise = Image.frombytes("L", table.size, Random(7).randbytes(side * side))
        table = Image.blend(table, noise, grain)
    out = io.BytesIO()
    table.save(out, "JPEG", quality=75)
    return out.getvalue()
