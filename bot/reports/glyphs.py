"""What the typeface has no picture for: an emoji becomes its name in brackets, so that no paper has empty boxes on it."""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import manimgx_fonts_cjk
from PIL import ImageFont

from texts import catalog

FONTS = Path(manimgx_fonts_cjk.__file__).parent
_ODD = re.compile("[\u200d\u203c-\u20ff\u2190-\u2bff\ufe0e\ufe0f\U0001f000-\U0001faff\U000e0020-\U000e007f]")
_SILENT = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
"""What only changes the emoji beside it: joined, coloured, black."""
_FLAG = 0x1F1E6
_ALIKE = {"✅": "✓", "✔": "✓", "❌": "✗", "❎": "✗", "❗": "！", "❓": "？", "⭐": "★", "➕": "＋", "➖": "－"}
_ELSEWHERE = frozenset("❤")
"""What another typeface of typst's has."""


def legible(value: Any, language: str) -> Any:
    """Facts of a paper as they can be set; whatever can't is named. Lists and mappings are gone through."""
    if isinstance(value, str):
        return value if value.isascii() else _ODD.sub(lambda found: _named(found[0], language), value)
    if isinstance(value, Mapping):
        return {key: legible(one, language) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [legible(one, language) for one in value]
    return value


@lru_cache(maxsize=4096)
def _named(char: str, language: str) -> str:
    if _SILENT.match(char):
        return ""
    if 0 <= ord(char) - _FLAG < 26:
        return chr(ord(char) - _FLAG + ord("A"))
    if char in _ALIKE:
        return _ALIKE[char]
    if char in _ELSEWHERE or _is_drawn(char):
        return char
    known = f"emoji.{ord(char):x}"
    name = catalog.say(language, known) if catalog.has(known) else unicodedata.name(char, "?").removesuffix(" SIGN").lower()
    return f"〔{name}〕" if language != "en" else f"[{name}]"


def _is_drawn(char: str) -> bool:
    """Whether the typeface has something of its own for it."""
    font = _font()
    return bytes(font.getmask(char)) != bytes(font.getmask("\uffff"))


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(next(FONTS.glob("*.ttc"))), 16)
