"""Codes are read from photos as telephones take them; what can't be read is no trouble (PRT-1)."""

import io

import pytest
import zxingcpp
from PIL import Image

from bot.codes import read_codes
from tests.labelled import CODE128, DATA_MATRIX, EAN13, QR, bars, photographed, sticker


@pytest.mark.parametrize(
    ("text", "kind"), [("P-100", CODE128), ("4711234567899", EAN13), ("P-100", DATA_MATRIX), ("泵浦 P-100", QR)], ids=str
)
def test_each_usual_code_is_read(text: str, kind: zxingcpp.BarcodeFormat) -> None:
    assert read_codes(photographed(bars(text, kind))) == (text,)


@pytest.mark.parametrize("angle", [7, 90, 180, 200, 270])
def test_a_label_is_read_whichever_way_up(angle: float) -> None:
    assert set(read_codes(photographed(bars("P-100"), sticker("H-16"), angle=angle))) == {"P-100", "H-16"}


def test_our_own_sticker_is_read() -> None:
    address = "https://work.weixin.qq.com/kfid/kf1?scene_param=m_FTXV50_E123"

    assert read_codes(photographed(sticker(address), angle=3)) == (address,)


def test_a_grainy_and_blurred_photo_is_read() -> None:
    assert read_codes(photographed(bars("P-100"), grain=0.25, blur=1.2, angle=4)) == ("P-100",)


def test_a_small_code_on_a_large_photo_is_read() -> None:
    assert read_codes(photographed(bars("P-100", scale=3), side=4000)) == ("P-100",)


def test_a_picture_without_a_code_says_nothing() -> None:
    assert read_codes(photographed(Image.new("L", (300, 200), 90), grain=0.5)) == ()


def test_what_is_no_picture_or_a_broken_or_a_huge_one_says_nothing() -> None:
    whole = photographed(bars("P-100"))
    huge = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")

    assert [read_codes(one) for one in (b"no picture", whole[: len(whole) // 20], huge.getvalue())] == [(), (), ()]


def test_a_book_in_a_code_is_not_taken() -> None:
    assert read_codes(photographed(sticker("P-100 " * 100, scale=4), side=1600)) == ()
