"""What people wrote, on its way into spreadsheets: it stays text there, whatever it begins with."""

_BEGINS_A_FORMULA = frozenset("=+-@＝＋－＠\t\r\n")


def as_text(value: object) -> str:
    """A cell of a CSV file that no spreadsheet takes for a formula, leading blanks and full-width signs included."""
    text = str(value)
    first = text.lstrip(" \u00a0\u3000\ufeff")[:1]
    return f"'{text}" if first in _BEGINS_A_FORMULA else text
