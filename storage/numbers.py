"""Numbers that people know things by, without gaps (INT-2)."""

import re
from datetime import datetime

from sqlalchemy import Connection

from rules.terms import Terms
from storage.engine import next_number


def order_number(connection: Connection, terms: Terms, now: datetime) -> str:
    """The next order number: year and month, then four digits that start anew each month."""
    month = f"{terms.calendar.local_day(now):%y%m}"
    return f"{month}-{next_number(connection, f'order:{month}'):04d}"


def yearly_number(connection: Connection, letter: str, terms: Terms, now: datetime) -> str:
    """The next number of contracts, routes and the like: a letter, the year, and digits that start anew each year."""
    year = f"{terms.calendar.local_day(now):%y}"
    return f"{letter}{year}-{next_number(connection, f'{letter}:{year}'):03d}"


_NO_DIGITS = re.compile(r"[^0-9]+")


def digits_of(typed: str) -> str:
    """The digits of a number, full-width ones too."""
    if typed.isascii():  # as nearly always, and in a third of the time
        return _NO_DIGITS.sub("", typed)
    return "".join(str(int(one)) for one in typed if one.isdecimal())
