"""What only one process does at a time is done by one that lives, and is shared out fairly."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from storage import leases
from storage.engine import shared_now
from storage.leases import LEASE, Held
from tests.storage.making import NOW, after

POLL = {"receive:telegram": 1}
SEND = {"send:telegram": 8}


def renew(connection: Connection, holder: str, duties: dict[str, int], seconds: float = 0) -> Held:
    return leases.renew(connection, holder, duties, now=NOW + LEASE * seconds / LEASE.total_seconds())


def test_the_first_one_holds_it_and_the_second_one_waits(connection: Connection):
    assert renew(connection, "one", POLL).parts == {"receive:telegram": {0}}

    other = renew(connection, "two", POLL)

    assert other.parts == {"receive:telegram": frozenset()}
    assert other.living == {"one", "two"}


def test_whoever_renews_in_time_keeps_it(connection: Connection):
    for second in range(0, 60, 3):
        assert renew(connection, "one", POLL, second).parts["receive:telegram"] == {0}
        assert renew(connection, "two", POLL, second + 1).parts["receive:telegram"] == set()


def test_a_lease_that_was_not_renewed_is_taken_over(connection: Connection):
    renew(connection, "killed", POLL)
    assert renew(connection, "heir", POLL, 9.9).parts["receive:telegram"] == set()

    heir = renew(connection, "heir", POLL, 10)

    assert heir.parts["receive:telegram"] == {0}
    assert heir.living == {"heir"}
    assert renew(connection, "killed", POLL, 11).parts["receive:telegram"] == set()  # it only stood still


def test_whoever_ends_leaves_everything_at_once(connection: Connection):
    renew(connection, "one", POLL)
    renew(connection, "two", POLL)

    leases.leave(connection, ["one"])

    assert renew(connection, "two", POLL, 1).parts["receive:telegram"] == {0}
    assert leases.living(connection, NOW) == {"two"}


def test_parts_are_shared_out_fairly_and_never_held_twice(connection: Connection):
    assert renew(connection, "one", SEND).parts["send:telegram"] == set(range(8))
    held: dict[str, frozenset[int]] = {}
    for second, name in enumerate(("two", "one", "two", "three", "one", "two", "three", "one", "two", "three")):
        held[name] = renew(connection, name, SEND, second * 0.5).parts["send:telegram"]
        parts = [part for mine in held.values() for part in mine]
        if len(held) > 1 or name == "one":
            assert len(parts) == len(set(parts))

    assert sorted(len(mine) for mine in held.values()) == [2, 3, 3]
    assert frozenset().union(*held.values()) == set(range(8))


def test_a_process_that_cannot_do_a_duty_gets_no_share_of_it(connection: Connection):
    renew(connection, "without telegram", {"send:web": 8})

    assert renew(connection, "one", SEND | {"send:web": 8}).parts["send:telegram"] == set(range(8))


def test_what_a_dead_process_held_is_shared_out_among_the_living(connection: Connection):
    for second in (0, 1, 2, 3):
        renew(connection, "one", SEND, second)
        if second < 3:
            renew(connection, "killed", SEND, second)

    assert len(renew(connection, "one", SEND, 11).parts["send:telegram"]) == 4
    assert renew(connection, "one", SEND, 12.5).parts["send:telegram"] == set(range(8))


def test_of_many_that_start_at_once_one_holds_it(engine: Engine, other_engine: Engine):
    got: dict[str, bool] = {}
    together = threading.Barrier(6)

    def start(mine: Engine, name: str) -> None:
        together.wait(10)
        with mine.begin() as connection:
            got[name] = bool(leases.renew(connection, name, POLL, now=shared_now(connection)).parts["receive:telegram"])

    starts = [threading.Thread(target=start, args=((engine, other_engine)[n % 2], f"{n}")) for n in range(6)]
    for one in starts:
        one.start()
    for one in starts:
        one.join(20)

    assert sum(got.values()) == 1
    assert len(got) == 6


@pytest.mark.parametrize("n_seconds", [0, 100])
def test_a_sign_of_life_ends_with_its_lease(connection: Connection, n_seconds: int):
    renew(connection, "one", {})

    assert (leases.living(connection, NOW + LEASE * n_seconds / 10) == {"one"}) is (n_seconds == 0)


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
