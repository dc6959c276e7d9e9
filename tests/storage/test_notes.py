"""What channels remember."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from storage import notes

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


def test_a_note_is_there_until_its_time_is_over(connection: Connection) -> None:
    notes.put(connection, "wecom", "token", {"value": "a"}, until=NOW + timedelta(hours=2))

    assert notes.get(connection, "wecom", "token", now=NOW) == {"value": "a"}
    assert notes.get(connection, "wecom", "token", now=NOW + timedelta(hours=2)) is None
    assert notes.get(connection, "kf", "token", now=NOW) is None


def test_a_newer_note_takes_the_place_of_the_older(connection: Connection) -> None:
    notes.put(connection, "kf", "cursor", {"value": "1"})
    notes.put(connection, "kf", "cursor", {"value": "2"})

    assert notes.get(connection, "kf", "cursor", now=NOW) == {"value": "2"}


def test_what_may_be_used_once_is_taken_once(connection: Connection) -> None:
    notes.put(connection, "wecom", "card:7", {"code": "x"}, until=NOW + timedelta(hours=72))

    assert notes.take(connection, "wecom", "card:7", now=NOW) == {"code": "x"}
    assert notes.take(connection, "wecom", "card:7", now=NOW) is None


def test_of_two_only_one_puts_a_new_note(connection: Connection) -> None:
    assert notes.put_new(connection, "wecom", "seen:1", {})
    assert not notes.put_new(connection, "wecom", "seen:1", {})


def test_old_notes_are_forgotten(connection: Connection) -> None:
    notes.put(connection, "wecom", "old", {}, until=NOW)
    notes.put(connection, "wecom", "good", {}, until=NOW + timedelta(seconds=1))
    notes.put(connection, "wecom", "for ever", {})

    assert notes.forget_old(connection, NOW) == 1
    assert notes.get(connection, "wecom", "good", now=NOW) == {}
