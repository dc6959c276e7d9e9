"""What nobody needs any more goes, once an hour, whichever process is first (REC-6)."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, delete

from rules.terms import Terms
from scheduler.digests import first_time
from storage import notes
from storage.erasure import forget_old
from storage.tables import digests, wrong_codes

_WRONG_CODES_FOR = timedelta(days=1)
_DIGESTS_FOR = timedelta(days=90)


def tidy(connection: Connection, terms: Terms, *, now: datetime) -> bool:
    """Forget old notes of channels, wrong codes, marks of digests, and people in what was closed years ago.

    False when this hour was tidied already.
    """
    if not first_time(connection, "tidy", f"{now:%Y%m%d%H}", 0, now):
        return False
    notes.forget_old(connection, now)
    connection.execute(delete(wrong_codes).where(wrong_codes.c.at < now - _WRONG_CODES_FOR))
    connection.execute(delete(digests).where(digests.c.at < now - _DIGESTS_FOR))
    records = terms.policy.records
    forget_old(connection, years=records.years, places_days=records.places_days, now=now)
    return True
