"""Amounts in running text, in digits or in Chinese numerals: 1,200.50, 三百, 兩千, 壹仟貳佰, 一萬二, 3千 (FEE-13)."""

import re
import unicodedata
from decimal import Decimal

_FIGURES = ["零〇○", "一壹弌", "二貳贰弍兩两", "三參叁叄参", "四肆", "五伍", "六陸陆", "七柒", "八捌", "九玖"]
_DIGITS = {one: n for n, every in enumerate(_FIGURES) for one in every}
_TENS = {"廿": 20, "卅": 30}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"萬": 10**4, "万": 10**4, "億": 10**8, "亿": 10**8}
_CHINESE = "".join([*_DIGITS, *_TENS, *_UNITS, *_GREAT])
_RUN = re.compile(rf"(?:\d[\d,]*(?:\.\d+)?|[{_CHINESE}])+")
_TOKEN = re.compile(rf"\d[\d,]*(?:\.\d+)?|[{_CHINESE}]")


def amounts_in(text: str) -> frozenset[Decimal]:
    """Every number that stands in a text, full-width ones too."""
    return frozenset(_read(run) for run in _RUN.findall(unicodedata.normalize("NFKC", text)))


def _read(run: str) -> Decimal:
    tokens = _TOKEN.findall(run)
    if len(tokens) > 1 and all(one in _DIGITS for one in tokens):  # figure by figure, as in 三〇〇
        return Decimal("".join(str(_DIGITS[one]) for one in tokens))
    total, part = Decimal(0), Decimal(0)  # what is above the great unit that was read last, and below it
    number: Decimal | None = None
    unit = 1
    for one in tokens:
        if one in _UNITS:
            part, number, unit = part + (number if number is not None else 1) * _UNITS[one], None, _UNITS[one]
        elif one in _GREAT:
            below = part + (number or 0)
            total, part, number, unit = _raised(total, below, _GREAT[one]), Decimal(0), None, _GREAT[one]
        elif one in _TENS:
            part, number, unit = part + _TENS[one], None, 10
        elif _DIGITS.get(one) == 0:
            unit = 1  # after a zero a figure stands for itself: 三百零五
        else:
            number = Decimal(_DIGITS[one]) if one in _DIGITS else Decimal(one.replace(",", ""))
    if number is not None and number < 10 and unit >= 100 and number == number.to_integral_value():
        number *= unit // 10  # said in short: 三百五 is 350, 一萬二 is 12,000
    return total + part + (number or 0)


def _raised(total: Decimal, below: Decimal, great: int) -> Decimal:
    """A great unit counts what stands before it; 億 counts the 萬 before it as well."""
    return (total + below) * great if total and great > 10**4 else total + (below or 1) * great


def names(text: str, amount: Decimal) -> bool:
    """Whether an amount stands in a text, with or without its fraction."""
    return any(int(one) == int(amount) for one in amounts_in(text))
