"""`fieldhand erase`: somebody is forgotten on request, the bytes of his pictures with him (REC-6)."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from rules.people import Person
from storage import erasure, people
from storage.files import Shelf

T = TypeVar("T")


def whom(connection: Connection, who: str) -> Person | None:
    """A customer by his number or his telephone, None when nobody is meant."""
    if who.isdecimal() and len(who) < 7:
        found = people.person(connection, int(who)) if people.names(connection, [int(who)]) else None
        return found if found is not None and not found.is_staff else None
    return people.customer_by_phone(connection, who)


def drop_files(work: Callable[[Callable[[Connection], list[str]]], list[str]], shelf: Shelf) -> int:
    """Take the bytes of files that nothing names any more from the shelf; returns how many. Raises ShelfUnavailable."""
    loose = work(erasure.loose)
    for sha256 in loose:
        shelf.drop(sha256)
    return len(work(lambda connection: erasure.forget_files(connection, loose)))


def erase(connection: Connection, who: str, *, now: datetime) -> int:
    """Forget a customer; returns how many orders and cases were cleared. Raises Refused, and LookupError for nobody."""
    found = whom(connection, who)
    if found is None:
        raise LookupError(who)
    return erasure.erase(connection, found.id, now=now)
