"""What nobody needs any more goes (REC-6)."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from scheduler.housekeeping import tidy
from storage import invitations, notes
from storage.tables import digests, wrong_codes
from tests.cast import terms_of

TERMS = terms_of("appliance")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_an_hour_is_tidied_once(connection: Connection) -> None:
    assert tidy(connection, TERMS, now=NOW)
    assert not tidy(connection, TERMS, now=NOW + timedelta(minutes=59))
    assert tidy(connection, TERMS, now=NOW + timedelta(hours=1))


def test_what_is_too_old_goes_and_what_counts_stays(connection: Connection) -> None:
    notes.put(connection, "wecom", "old", {}, until=NOW)
    notes.put(connection, "wecom", "good", {}, until=NOW + timedelta(minutes=1))
    invitations.note_wrong_code(connection, "telegram", "1", NOW - timedelta(days=2))
    invitations.note_wrong_code(connection, "telegram", "1", NOW - timedelta(minutes=2))
    connection.execute(digests.insert().values(kind="morning", period="old", person_id=1, at=NOW - timedelta(days=91)))

    tidy(connection, TERMS, now=NOW)

    assert notes.get(connection, "wecom", "good", now=NOW) == {}
    assert not notes.put_new(connection, "wecom", "good", {})
    assert notes.put_new(connection, "wecom", "old", {})
    assert connection.execute(select(func.count()).select_from(wrong_codes)).scalar_one() == 1
    assert connection.execute(select(digests.c.kind)).scalars().all() == ["tidy"]
