"""What only one process may do at a time."""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from storage import leases
from tests.storage.making import NOW, after


def claim(connection: Connection, holder: str, *, at: float = 0, minutes: float = 1) -> bool:
    now: datetime = after(at)
    return leases.claim(connection, "wecom-bot", holder, now=now, until=now + timedelta(minutes=minutes))


def test_whoever_has_a_lease_prolongs_it(connection: Connection) -> None:
    assert claim(connection, "one")
    assert claim(connection, "one", at=0.5)
    assert leases.holder_of(connection, "wecom-bot", now=after(1.2)) == "one"
    assert leases.holder_of(connection, "wecom-bot", now=after(1.6)) == ""


def test_of_several_processes_one_has_it_and_a_sqlite_file_has_but_one_process(connection: Connection) -> None:
    is_alone = connection.dialect.name == "sqlite"
    claim(connection, "killed")

    assert claim(connection, "two", at=0.5) is is_alone
    assert claim(connection, "two", at=1)
    assert claim(connection, "three", at=1.5) is is_alone


def test_a_lease_given_back_is_free_and_nobody_gives_back_another_s(connection: Connection) -> None:
    claim(connection, "one")

    leases.release(connection, "wecom-bot", "two")
    assert leases.holder_of(connection, "wecom-bot", now=NOW) == "one"

    leases.release(connection, "wecom-bot", "one")
    assert leases.holder_of(connection, "wecom-bot", now=NOW) == ""
