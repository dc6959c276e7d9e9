"""Pictures for sample papers, drawn by arithmetic so that they are the same each time: photos of machines, a signature."""

import io
import math
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFilter

Canvas = ImageDraw.ImageDraw
_SIZE = (640, 480)


def photo(draw: Callable[[Canvas], None], *, ground: tuple[int, int, int] = (214, 205, 190)) -> bytes:
    """A JPEG of something in front of a wall that is lit from above."""
    picture = Image.new("RGB", _SIZE)
    canvas = ImageDraw.Draw(picture)
    for y in range(_SIZE[1]):
        light = 1.08 - 0.28 * y / _SIZE[1]
        canvas.line((0, y, _SIZE[0], y), fill=tuple(min(255, round(one * light)) for one in ground))
    draw(canvas)
    return _jpeg(picture.filter(ImageFilter.GaussianBlur(0.8)))


def signature(seed: float = 0.0) -> bytes:
    """Somebody's name in one go of the pen."""
    picture = Image.new("RGB", (1800, 680), "white")
    canvas, points = ImageDraw.Draw(picture), []
    for n in range(900):
        t = n / 900
        x = 200 + 1350 * t + 90 * math.cos(34 * t + seed)
        y = 340 + (210 - 150 * t) * math.sin(34 * t + seed) * math.cos(7 * t + seed) + 30 * math.sin(3 * t)
        points.append((x, y))
    canvas.line(points, fill=(24, 34, 72), width=11, joint="curve")
    canvas.line([(260, 560), (900, 600), (1640, 520)], fill=(24, 34, 72), width=9, joint="curve")
    return _jpeg(picture.resize((900, 340), Image.Resampling.LANCZOS))


def air_conditioner(canvas: Canvas) -> None:
    canvas.rounded_rectangle((70, 120, 570, 290), 26, fill=(248, 248, 246), outline=(190, 190, 186), width=3)
    for n in range(5):
        canvas.line((100, 244 + 9 * n, 540, 244 + 9 * n), fill=(205, 206, 204), width=3)
    canvas.ellipse((520, 150, 534, 164), fill=(90, 190, 120))
    for x, y in ((180, 330), (182, 372), (310, 350), (440, 338), (442, 396)):
        canvas.ellipse((x, y, x + 12, y + 22), fill=(128, 170, 205))


def opened(canvas: Canvas) -> None:
    canvas.rounded_rectangle((60, 60, 580, 420), 16, fill=(120, 128, 132), outline=(82, 88, 92), width=4)
    for n in range(26):
        canvas.line((90 + 12 * n, 90, 90 + 12 * n, 300), fill=(190, 198, 200), width=5)
    canvas.rounded_rectangle((420, 110, 556, 300), 10, fill=(54, 94, 72))
    for n in range(4):
        canvas.rectangle((440, 130 + 40 * n, 476, 150 + 40 * n), fill=(28, 30, 32))
    canvas.ellipse((150, 320, 300, 410), fill=(70, 74, 78))


def pump(canvas: Canvas) -> None:
    canvas.ellipse((150, 90, 490, 430), fill=(126, 134, 140), outline=(86, 92, 96), width=5)
    canvas.ellipse((245, 185, 395, 335), fill=(92, 98, 104))
    for x, y, r in ((230, 160, 26), (380, 310, 34), (300, 360, 20), (420, 210, 16)):
        canvas.ellipse((x - r, y - r, x + r, y + r), fill=(150, 92, 58))


def television(canvas: Canvas) -> None:
    canvas.rounded_rectangle((60, 70, 580, 370), 12, fill=(26, 28, 32), outline=(60, 62, 66), width=6)
    canvas.polygon(((70, 80), (330, 80), (180, 360), (70, 360)), fill=(36, 39, 45))
    canvas.rectangle((290, 370, 350, 420), fill=(52, 54, 58))
    canvas.rounded_rectangle((210, 415, 430, 432), 6, fill=(52, 54, 58))


def _jpeg(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()
